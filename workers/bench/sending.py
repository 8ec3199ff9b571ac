"""From due to sent, with the whole service on the real clock: how long a call waits that nothing holds back, and how exactly the
pace is kept when more is due than it allows. docs/benchmarks.md says what is in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from random import Random
from statistics import linear_regression
from typing import Any, Final

from workers.bench.dialogue import Progress
from workers.bench.outcome import Bar, Outcome, Series
from workers.bench.sending_world import Person, Sending, open_sending
from workers.bench.tick import WrongCount

PLANNED_PER_S: Final = 8.0
AHEAD_S: Final = 2.0
"""Planned moments lie so far ahead that a worker has looked since they were written."""
SUDDEN_PAUSES_S: Final = (0.05, 0.3)
PATIENCE_S: Final = 60.0
WINDOW: Final = timedelta(seconds=1)
PARTS: Final = {
    "planned_ms": "到期已知 due, known before",
    "sudden_ms": "刚刚到期 due at once, written by another process",
}
BARS: Final = (
    Bar("planned", "到期已知 p99 due → sent, known before", "planned_ms_p99", None, "at_most", 500.0),
    Bar("sudden", "刚刚到期 p99 due → sent, due at once", "sudden_ms_p99", None, "at_most", 500.0),
    Bar("pace_reached", "速率/上限 pace : limit", "pace", "limit", "at_least", 0.99),
    Bar("pace_kept", "任意时段/上限 the fullest stretch : limit", "fullest", "limit", "at_most", 1.01),
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Calls of one round: `planned` and `sudden` below the limit, `crowd` all due at once; and the limit."""

    planned: int
    sudden: int
    crowd: int
    per_second: float

    @property
    def calls(self) -> int:
        return self.planned + self.sudden + self.crowd


@dataclass
class Figures:
    """One list for each series, one figure for each round."""

    rounds: dict[str, list[float]] = field(default_factory=dict)

    def add(self, **figures: float) -> None:
        for name, figure in figures.items():
            self.rounds.setdefault(name, []).append(figure)


async def measure(sizes: Sizes, rounds: int, workers: int, show: Progress) -> Outcome:
    """The three parts in turns. Raises WrongCount where somebody was called twice, or not at all."""
    show("启动 starting", 0, 3 * rounds)
    figures, warm = Figures(), 5
    async with open_sending(warm + rounds * sizes.calls, sizes.per_second, workers) as world:
        waiting = list(world.people)
        await _sudden(world, _take(waiting, warm), Random(0))
        for turn in range(rounds):
            dice = Random(turn)
            show("到期已知 planned", 3 * turn, 3 * rounds)
            late = await _planned(world, _take(waiting, sizes.planned), dice)
            figures.add(planned_ms_p50=quantile(late, 0.5), planned_ms_p99=quantile(late, 0.99))
            show("刚刚到期 sudden", 3 * turn + 1, 3 * rounds)
            late = await _sudden(world, _take(waiting, sizes.sudden), dice)
            figures.add(sudden_ms_p50=quantile(late, 0.5), sudden_ms_p99=quantile(late, 0.99))
            show("超过上限 more than the limit", 3 * turn + 2, 3 * rounds)
            figures.add(**await _crowd(world, _take(waiting, sizes.crowd), sizes.per_second))
        await _check(world)
    counts = {"planned": sizes.planned, "sudden": sizes.sudden, "crowd": sizes.crowd, "workers": workers}
    return Outcome.of("sending", counts, _series(figures.rounds), BARS)


def _take(waiting: list[Person], n: int) -> list[Person]:
    taken = waiting[:n]
    del waiting[:n]
    return taken


async def _planned(world: Sending, people: list[Person], dice: Random) -> list[float]:
    """Everybody's moment is known beforehand, spread at random below the limit."""
    begin = world.ground.clock.now() + timedelta(seconds=AHEAD_S)
    span = len(people) / PLANNED_PER_S
    due = [begin + timedelta(seconds=dice.uniform(0, span)) for _ in people]
    await world.release(people, due)
    sent = await _sent(world, people, AHEAD_S + span)
    return [1000 * (sent[one.number] - at).total_seconds() for one, at in zip(people, due, strict=True)]


async def _sudden(world: Sending, people: list[Person], dice: Random) -> list[float]:
    """One after the other is put in by this process and is due at once; counted from before that is written."""
    due = []
    for one in people:
        due.append(world.ground.clock.now())
        await world.release([one], due[-1:])
        await asyncio.sleep(dice.uniform(*SUDDEN_PAUSES_S))
    sent = await _sent(world, people, 0.0)
    return [1000 * (sent[one.number] - at).total_seconds() for one, at in zip(people, due, strict=True)]


EMPTY_BUCKET = """
UPDATE survey.pace SET tokens = 0, filled_at = $1, next_at = $1 WHERE channel = 'voice'"""

SELECT_BURST = """
SELECT burst_s FROM survey.pace WHERE channel = 'voice'"""


async def _crowd(world: Sending, people: list[Person], per_second: float) -> dict[str, float]:
    """All are due together, and the bucket is empty when it opens: from then on the limit is all that counts."""
    opens = world.ground.clock.now() + timedelta(seconds=AHEAD_S)
    async with world.ground.pool.acquire() as conn:
        burst_s = await conn.fetchval(SELECT_BURST)
        await conn.execute(EMPTY_BUCKET, opens)
    await world.release(people, [opens - timedelta(seconds=AHEAD_S)] * len(people))
    sent = await _sent(world, people, AHEAD_S + len(people) / per_second)
    arrivals = sorted(sent.values())
    return {
        "pace": pace(arrivals),
        "to_the_last": to_the_last(arrivals, opens),
        "limit": per_second,
        "fullest": fullest(arrivals, per_second * burst_s),
        "busiest_second": float(busiest(arrivals)),
    }


def quantile(figures: Sequence[float], share: float) -> float:
    """The least figure that so large a share does not exceed."""
    return sorted(figures)[ceil(share * len(figures)) - 1]


def pace(arrivals: Sequence[datetime]) -> float:
    """Calls a second by the straight line through all arrivals: one that is late does not count as a slower pace."""
    seconds = [(one - arrivals[0]).total_seconds() for one in arrivals]
    return linear_regression(seconds, range(len(seconds))).slope


def to_the_last(arrivals: Sequence[datetime], since: datetime) -> float:
    """Calls a second from then until the last has arrived, with whatever that one was late."""
    return len(arrivals) / (arrivals[-1] - since).total_seconds()


def fullest(arrivals: Sequence[datetime], bucket: float) -> float:
    """The most calls a second in any stretch of a second or more, less what the bucket may hold in store."""
    return max(
        (j - i + 1 - bucket) / (last - first).total_seconds()
        for i, first in enumerate(arrivals)
        for j, last in enumerate(arrivals[i:], start=i)
        if last - first >= WINDOW
    )


def busiest(arrivals: Sequence[datetime]) -> int:
    """The most calls in any one second, whatever the bucket holds."""
    return max(sum(first <= one < first + WINDOW for one in arrivals[i:]) for i, first in enumerate(arrivals))


SELECT_SENT = """
SELECT count(*)::int FROM survey.attempt WHERE person_id = ANY($1::bigint[]) AND sid IS NOT NULL"""


async def _sent(world: Sending, people: Sequence[Person], takes_s: float) -> dict[str, datetime]:
    """When the request for each of them reached the carrier, in its own book. Raises WrongCount when somebody's never did."""
    ids = [one.id for one in people]
    async with asyncio.timeout(takes_s + PATIENCE_S):
        await asyncio.sleep(takes_s)
        while True:
            if await _are_sent(world, ids):
                break
            await asyncio.sleep(0.2)
    book = await _book(world)
    return {one.number: book[one.number][0] for one in people}


async def _are_sent(world: Sending, ids: Sequence[int]) -> bool:
    async with world.ground.pool.acquire() as conn:
        sent: int = await conn.fetchval(SELECT_SENT, ids)
    return sent == len(ids)


async def _book(world: Sending) -> Mapping[str, list[datetime]]:
    arrived: dict[str, list[datetime]] = {}
    body: dict[str, Any] = await world.twin.raw_ledger()
    for call in body["calls"]:
        arrived.setdefault(call["to"], []).append(datetime.fromisoformat(call["created_at"]))
    return arrived


async def _check(world: Sending) -> None:
    """Everybody was called, and nobody twice."""
    book = await _book(world)
    calls = {one.number: len(book.get(one.number, ())) for one in world.people}
    if wrong := [n for n in calls.values() if n != 1]:
        raise WrongCount(f"{len(wrong)} of {len(calls)} people were not called exactly once")


def _series(rounds: Mapping[str, Sequence[float]]) -> dict[str, Series]:
    words = {
        "pace": ("速率 pace, more due than the limit", "1/s"),
        "to_the_last": ("到最后一个 pace to the last arrival", "1/s"),
        "limit": ("上限 limit", "1/s"),
        "fullest": ("最满时段 fullest stretch, less the bucket", "1/s"),
        "busiest_second": ("最忙一秒 busiest second", "calls"),
    }
    for name, what in PARTS.items():
        for share in ("p50", "p99"):
            words[f"{name}_{share}"] = (f"{what} {share}", "ms")
    return {name: Series(*words[name], tuple(figures)) for name, figures in rounds.items()}
