"""遂澜县 with everything that the web process serves, and a browser for whoever is signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest
from aiohttp.test_utils import TestServer
from whole_site import CENTRE, Site, found, whole_app

from survey.ground import Ground
from survey.vault import Vault
from tests.access.access_bench import SetClock, at


@pytest.fixture
async def site(
    pool: asyncpg.Pool, conn: asyncpg.Connection, vault: Vault, database: str
) -> AsyncIterator[Site]:
    await found(conn)
    ground = Ground(pool, vault, SetClock(at("10:00")))
    app = await whole_app(ground, database)
    async with TestServer(app) as server:
        one = Site(ground, conn, server, app, CENTRE)
        yield one
        for client in one.clients:
            await client.session.close()
