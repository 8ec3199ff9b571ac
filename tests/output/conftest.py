"""The small day in a database of its own."""

import asyncpg
import pytest

from tests.output.small_cases import whole_day
from tests.output.small_day import SmallDay


@pytest.fixture
async def small_day(conn: asyncpg.Connection) -> SmallDay:
    day = SmallDay(conn)
    await whole_day(day)
    return day
