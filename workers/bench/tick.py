"""The dial tick beside a bare claim: what it costs to take an attempt that is due, to write it down, and to mark it.

Everything runs on the same two servers, one side after the other, in rounds; the carrier is a stand-in that takes everything at
once, so that nothing is measured but the tick. docs/benchmarks.md says what is in each side.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

from survey.channels.base import Accepted, Placed
from survey.clock import RealClock
from survey.concluding import SOFT_REFUSALS
from survey.dialing import Line, dial_due
from survey.ground import Ground
from survey.store import due_units, pace
from survey.store.due_units import Claiming
from survey.store.pool import open_pool
from survey.vault import Vault
from workers.bench import tick_reference as reference
from workers.bench.dialogue import Progress
from workers.bench.outcome import Bar, Outcome, Series
from workers.bench.servers import own_servers, postgres_cpu_s
from workers.bench.tick_rows import rows_tick
from workers.bench.tick_town import MORNING, Due, everybody_due, lay_areas

BATCH: Final = 100
TICKS: Final = 10
JOBS: Final = 300
"""Of one measurement; a job for each attempt takes as long as forty ticks' attempts."""
SIDES: Final = {
    "bare": "裸领取 bare claim and mark",
    "claim": "民意只领取 our claim and mark alone",
    "rows": "只写这些行 the same rows, nothing else",
    "voice": "民意拨号一拍 our tick, calls",
    "text": "民意短信一拍 our tick, texts",
    "job": "每次一个任务 an arq job each",
}
BARS: Final = (
    Bar("claim", "只领取/裸领取 claim : bare, wall", "claim_us", "bare_us", "at_most", 1.5),
    Bar("tick", "拨号一拍/裸领取 tick : bare, wall", "voice_us", "bare_us", "at_most", 1.5),
    Bar("tick_cpu", "拨号一拍/裸领取 tick : bare, CPU", "voice_cpu_us", "bare_cpu_us", "at_most", 1.5),
    Bar("job", "每次一个任务/一拍 arq job : tick, wall", "job_us", "voice_us", "at_least", 30.0),
)


class WrongCount(RuntimeError):
    """Something was claimed twice, or not at all: how long it took says nothing."""


class HandClock(RealClock):
    """Stands where it is put."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


@dataclass
class Taking:
    """A carrier that takes everything at once; `asked` counts the requests."""

    asked: int = 0
    _sids: Any = field(default_factory=lambda: count(1))

    async def call(self, number: str, **how: object) -> Placed:
        return self._taken("CA")

    async def text(self, number: str, body: str, **how: object) -> Placed:
        return self._taken("SM")

    def _taken(self, kind: str) -> Placed:
        self.asked += 1
        return Accepted(f"{kind}{next(self._sids):032}")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one attempt, in microseconds."""

    wall: float
    python: float
    postgres: float


@dataclass
class TickBench:
    """The sides, each of which does a measured piece of work and says how many attempts that was."""

    ground: Ground
    line: Line
    clock: HandClock
    jobs: reference.JobEach
    batch: int
    claimed: int = 0

    async def bare(self) -> int:
        async with self.ground.pool.acquire() as conn:
            return sum([await reference.bare_tick(conn, self.clock.now(), self.batch) for _ in range(TICKS)])

    async def claim(self) -> int:
        """The statement that chooses and locks, and the one that marks: what the bare claim does, on our table."""
        who = Claiming(None, SOFT_REFUSALS, self.clock.now() - timedelta(hours=1))
        done = 0
        async with self.ground.pool.acquire() as conn:
            for _ in range(TICKS):
                async with conn.transaction():
                    due = await due_units.claim_due(conn, self.clock.now(), "voice", self.batch, who)
                    await conn.execute(MARK, [unit.id for unit in due])
                done += len(due)
        self.claimed += done
        return done

    async def rows(self) -> int:
        async with self.ground.pool.acquire() as conn:
            return sum([await rows_tick(conn, self.clock.now(), self.batch) for _ in range(TICKS)])

    async def voice(self) -> int:
        return await self._ticks("voice")

    async def text(self) -> int:
        return await self._ticks("text")

    async def job(self) -> int:
        return await self.jobs.run(JOBS)

    async def _ticks(self, mode: str) -> int:
        """Ticks of one channel; the other one rests, as its bucket is not full again before an hour."""
        done = 0
        async with self.ground.pool.acquire() as conn:
            await conn.execute(REST_BUT, mode, self.clock.now() + timedelta(hours=1), self.clock.now())
        for _ in range(TICKS):
            self.clock.moment += timedelta(seconds=1)
            done += await dial_due(self.ground, self.line)
        return done


MARK = """
UPDATE survey.sample_unit
SET status = 'in_contact', due_at = NULL, next_mode = NULL, appointment_at = NULL, version = version + 1
WHERE id = ANY($1::bigint[]) AND status = 'waiting'"""
"""The mark in `units.TO_CONTACT`, without the event."""

REST_BUT = """
UPDATE survey.pace SET next_at = CASE WHEN channel = $1 THEN $3::timestamptz ELSE $2 END, tokens = 0, filled_at = $3"""


async def measure(units_waiting: int, rounds: int, show: Progress, batch: int = BATCH) -> Outcome:
    """Lay the county, then measure each side in turns; the first round does not count. Raises WrongCount."""
    async with _opened(units_waiting, rounds, batch, show) as bench:
        costs: dict[str, list[Cost]] = {name: [] for name in SIDES}
        total = (rounds + 1) * len(SIDES)
        for turn in range(rounds + 1):
            for place, name in enumerate(SIDES):
                show(SIDES[name], turn * len(SIDES) + place, total)
                cost = await _cost(bench.ground.pool, getattr(bench, name))
                if turn > 0:
                    costs[name].append(cost)
        await _check(bench, rounds + 1)
    sizes = {"units": units_waiting, "batch": batch, "attempts_each": TICKS * batch}
    return Outcome.of("tick", sizes, _series(costs), BARS)


@asynccontextmanager
async def _opened(waiting: int, rounds: int, batch: int, show: Progress) -> AsyncIterator[TickBench]:
    show("数据库 database", 0, 1)
    async with own_servers() as services:
        pool = await open_pool(services.database_url, application_name="bench tick", min_size=2, max_size=10)
        try:
            vault, clock = Vault(bytes(range(32))), HandClock(MORNING)
            one_round = TICKS * batch
            texts = max(waiting // 4, (rounds + 1) * one_round)
            calls = max(waiting - texts, 3 * (rounds + 1) * one_round)
            async with pool.acquire() as conn:
                await lay_areas(conn, "Asia/Shanghai")
                show("居民 people", 0, 1)
                wanted = [
                    Due("a", "voice", calls // 2),
                    Due("b", "voice", calls - calls // 2),
                    Due("t", "text", texts),
                ]
                await everybody_due(conn, vault, wanted, MORNING)
                await reference.lay(conn, waiting + (rounds + 1) * (one_round + JOBS))
                for channel in ("voice", "text"):
                    await pace.adjust(conn, channel, rate=float(batch), burst_s=1.0)
            line = Line(Taking(), "http://127.0.0.1", float(batch), float(batch), 10.0)  # type: ignore[arg-type]
            jobs = reference.JobEach(pool, services.redis_url)
            yield TickBench(Ground(pool, vault, clock), line, clock, jobs, batch)
        finally:
            await pool.close()


async def _cost(pool: Any, work: Callable[[], Awaitable[int]]) -> Cost:
    async with pool.acquire() as conn:
        postgres = await postgres_cpu_s(conn)
    began, python = time.perf_counter(), time.process_time()
    done = await work()
    wall, python = time.perf_counter() - began, time.process_time() - python
    async with pool.acquire() as conn:
        postgres = await postgres_cpu_s(conn) - postgres
    if not done:
        raise WrongCount("nothing was left to claim")
    return Cost(*(1e6 * seconds / done for seconds in (wall, python, postgres)))


COUNT_ATTEMPTS = """
SELECT count(*)::int AS attempts, count(DISTINCT unit_id)::int AS units, count(DISTINCT sid)::int AS sids,
       count(*) FILTER (WHERE status = 'accepted')::int AS accepted,
       (SELECT count(*)::int FROM survey.sample_unit WHERE status = 'in_contact') AS in_contact
FROM survey.attempt"""


async def _check(bench: TickBench, rounds: int) -> None:
    """Each unit once, each attempt asked of the carrier once, and nothing left half done."""
    async with bench.ground.pool.acquire() as conn:
        found = dict(await conn.fetchrow(COUNT_ATTEMPTS))
        bare = await reference.done_once(conn)
    each = rounds * TICKS * bench.batch
    asked = bench.line.carrier.asked  # type: ignore[attr-defined]
    attempts = found["attempts"]
    expected = {
        **dict.fromkeys(("attempts", "units", "sids", "accepted"), attempts),
        "in_contact": attempts + each,
    }
    if found != expected or bare != each + rounds * JOBS or asked != attempts - each or bench.claimed != each:
        raise WrongCount(f"{found}, asked {asked}, bare {bare}, claimed {bench.claimed}")


def _series(costs: dict[str, list[Cost]]) -> dict[str, Series]:
    series: dict[str, Series] = {}
    for name, words in SIDES.items():
        rounds = costs[name]
        series[f"{name}_us"] = Series(words, "us", tuple(c.wall for c in rounds))
        series[f"{name}_python_us"] = Series(words, "us CPU Python", tuple(c.python for c in rounds))
        series[f"{name}_postgres_us"] = Series(words, "us CPU Postgres", tuple(c.postgres for c in rounds))
        both = tuple(c.python + c.postgres for c in rounds)
        series[f"{name}_cpu_us"] = Series(words, "us CPU both", both)
    return series
