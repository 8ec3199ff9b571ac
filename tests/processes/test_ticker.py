"""The ticker wakes a worker for what is due, once for the same work: every wake-up is a look by somebody."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from arq.connections import ArqRedis

from survey.ground import Ground
from workers.due import Due
from workers.ticker import Ticker

NINE = datetime(2026, 3, 9, 1, tzinfo=UTC)


@dataclass
class Queue:
    """What the ticker puts into Redis."""

    jobs: list[str] = field(default_factory=list)

    async def enqueue_job(self, job: str) -> None:
        self.jobs.append(job)


def a_ticker(*due: Due, now: datetime = NINE) -> tuple[Ticker, Queue]:
    """One that has looked at `now`, and found these."""
    queue = Queue()
    ground: Any = SimpleNamespace(clock=SimpleNamespace(now=lambda: now))
    ticker = Ticker(cast(Ground, ground), cast(ArqRedis, queue))
    ticker._due = list(due)
    return ticker, queue


async def test_the_same_work_wakes_a_worker_once_and_what_is_due_later_none() -> None:
    ticker, queue = a_ticker(Due("dial", NINE), Due("settle", NINE + timedelta(seconds=1)))
    for _ in range(3):
        await ticker.wake()
    assert queue.jobs == ["dial"]


async def test_work_that_is_due_since_another_moment_wakes_a_worker_at_once() -> None:
    ticker, queue = a_ticker(Due("dial", NINE))
    await ticker.wake()
    ticker._due = [Due("dial", NINE - timedelta(minutes=1))]
    await ticker.wake()
    assert queue.jobs == ["dial", "dial"]


async def test_a_job_that_is_done_is_woken_again_for_whatever_is_due() -> None:
    ticker, queue = a_ticker(Due("dial", NINE))
    looked: list[str] = []
    ticker.look_again = lambda: looked.append("again")
    await ticker.wake()
    ticker.done("dial")
    await ticker.wake()
    assert (queue.jobs, looked) == (["dial", "dial"], ["again"])
