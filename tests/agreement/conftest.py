"""The day of eight residents that the tests here damage."""

from __future__ import annotations

import asyncpg
import pytest
from agreement_day import Day, a_true_day

from survey.vault import Vault


@pytest.fixture
async def day(conn: asyncpg.Connection, vault: Vault) -> Day:
    return await a_true_day(conn, vault)
