"""What `minyi bench tick` measures: each side does its work, once for each unit, and the rows beside are the tick's own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from survey.dialing import Line
from survey.ground import Ground
from survey.store import pace
from survey.vault import Vault
from workers.bench import tick_reference as reference
from workers.bench.tick import JOBS, TICKS, HandClock, Taking, TickBench, WrongCount, _check
from workers.bench.tick_town import MORNING, Due, everybody_due, lay_areas

BATCH = 3
EACH = TICKS * BATCH
WRITTEN = """
SELECT (SELECT count(*) FROM survey.contact), (SELECT count(*) FROM survey.attempt WHERE status = 'accepted'),
       (SELECT count(*) FROM survey.interview), (SELECT count(*) FROM survey.unit_event),
       (SELECT count(*) FROM survey.sample_unit WHERE status = 'in_contact')"""


@pytest.fixture
async def bench(pool: asyncpg.Pool, vault: Vault, redis_url: str) -> AsyncIterator[TickBench]:
    """Enough people for a few rounds of three at a time."""
    async with pool.acquire() as conn:
        await conn.execute("DELETE FROM survey.area")
        await lay_areas(conn, "Asia/Shanghai")
        wanted = [Due("a", "voice", 3 * EACH), Due("b", "voice", 2 * EACH), Due("t", "text", 2 * EACH)]
        await everybody_due(conn, vault, wanted, MORNING)
        await reference.lay(conn, 2 * EACH + JOBS)
        for channel in ("voice", "text"):
            await pace.adjust(conn, channel, rate=float(BATCH), burst_s=1.0)
    clock = HandClock(MORNING)
    line = Line(Taking(), "http://127.0.0.1", float(BATCH), float(BATCH), 10.0)  # type: ignore[arg-type]
    yield TickBench(Ground(pool, vault, clock), line, clock, reference.JobEach(pool, redis_url), BATCH)
    async with pool.acquire() as conn:
        await conn.execute("DROP TABLE public.bare_attempt")


async def test_every_side_takes_each_unit_once(bench: TickBench) -> None:
    assert await bench.bare() == EACH
    assert await bench.claim() == EACH
    assert await bench.rows() == EACH
    assert await bench.voice() == EACH
    assert await bench.text() == EACH
    assert await bench.job() == JOBS
    await _check(bench, rounds=1)


async def test_what_was_taken_twice_is_not_measured(bench: TickBench) -> None:
    await bench.bare()
    async with bench.ground.pool.acquire() as conn:
        await conn.execute("UPDATE public.bare_attempt SET tries = 2 WHERE id = 1")
    with pytest.raises(WrongCount, match="bare 29"):
        await _check(bench, rounds=1)


async def test_the_rows_beside_are_those_of_a_tick(bench: TickBench) -> None:
    async with bench.ground.pool.acquire() as conn:
        await bench.rows()
        after_rows = tuple(await conn.fetchrow(WRITTEN))
        await bench.voice()
        after_both = tuple(await conn.fetchrow(WRITTEN))
    assert after_rows == (EACH,) * 5
    assert after_both == (2 * EACH,) * 5
