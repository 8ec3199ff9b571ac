"""A job is not begun again by every wake-up while it works off a long list: whoever else needs a connection would wait for it."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from workers import jobs
from workers.arq_settings import _job
from workers.turns import Turns


@dataclass
class Worker:
    """A worker's process: what it has begun, and of which jobs its ticker hears that it may look again."""

    began: int = 0
    heard: list[str] = field(default_factory=list)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    def context(self) -> dict[str, Any]:
        clock = SimpleNamespace(activity=nullcontext)
        turns = Turns(self.heard.append)
        return {
            "turns": turns,
            "service": SimpleNamespace(ground=SimpleNamespace(clock=clock), taken=turns.taken),
        }


async def test_a_job_that_is_woken_while_it_runs_is_not_begun_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker()

    async def colours(_: Any) -> None:
        worker.began += 1
        await worker.go_on.wait()

    monkeypatch.setitem(jobs.JOBS, "colours", colours)
    run, ctx = _job("colours"), worker.context()
    runs = [asyncio.create_task(run(ctx)) for _ in range(5)]
    await asyncio.wait(runs[1:])
    assert (worker.began, worker.heard) == (1, [])
    worker.go_on.set()
    await runs[0]
    assert worker.heard == ["colours"]  # the ticker looks again: what came in between is found
    await run(ctx)
    assert worker.began == 2


async def test_a_job_that_has_taken_what_was_due_may_be_begun_again_while_it_works_on_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker = Worker()

    async def dial(service: Any) -> None:
        worker.began += 1
        if worker.began == 1:
            service.taken("dial")
        await worker.go_on.wait()

    monkeypatch.setitem(jobs.JOBS, "dial", dial)
    run, ctx = _job("dial"), worker.context()
    first, second = [asyncio.create_task(run(ctx)) for _ in range(2)]
    await asyncio.sleep(0)
    await run(ctx)  # the second has not taken yet
    assert (worker.began, worker.heard) == (2, ["dial"])
    worker.go_on.set()
    await asyncio.gather(first, second)
    assert worker.heard == ["dial"] * 3


async def test_a_job_that_fails_may_be_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker()

    async def settle(_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(jobs.JOBS, "settle", settle)
    run, ctx = _job("settle"), worker.context()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await run(ctx)
    assert worker.heard == ["settle", "settle"]


async def test_the_end_of_a_run_that_had_taken_does_not_free_the_run_that_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker, first_ends = Worker(), asyncio.Event()

    async def dial(service: Any) -> None:
        worker.began += 1
        if worker.began == 1:
            service.taken("dial")
            await first_ends.wait()
        else:
            await worker.go_on.wait()

    monkeypatch.setitem(jobs.JOBS, "dial", dial)
    run, ctx = _job("dial"), worker.context()
    first, second = [asyncio.create_task(run(ctx)) for _ in range(2)]
    await asyncio.sleep(0)
    first_ends.set()
    await first
    await run(ctx)  # the second still takes
    assert worker.began == 2
    worker.go_on.set()
    await second
