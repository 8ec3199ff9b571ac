"""One virtual clock for several processes, over real TCP: it stands still while anybody works, and otherwise jumps."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from survey.clock import RealClock, SharedClock, open_clock
from workers.timekeeper import Timekeeper

START = datetime(2026, 3, 9, 0, 30, tzinfo=UTC)
PATIENCE_S = 60  # real seconds after which a test gives up on something that must happen


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@dataclass
class Rehearsal:
    """A keeper that is running, and the processes that joined it."""

    keeper: Timekeeper
    address: str
    stack: AsyncExitStack
    clocks: dict[str, SharedClock] = field(default_factory=dict)

    async def join(self, name: str) -> SharedClock:
        clock = await open_clock(self.address, name)
        assert isinstance(clock, SharedClock)
        self.clocks[name] = clock
        self.stack.push_async_callback(clock.close)
        return clock


Begin = Callable[..., Awaitable[Rehearsal]]


@pytest.fixture
async def begin() -> AsyncIterator[Begin]:
    """`await begin("web", "worker", speed=…)`: a keeper that waits for these processes."""
    async with AsyncExitStack() as stack:

        async def start(*expected: str, start: datetime = START, speed: float | None = None) -> Rehearsal:
            keeper = Timekeeper(start, frozenset(expected), speed=speed)
            address = await keeper.serve()
            running = asyncio.create_task(keeper.run())

            async def stop() -> None:
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running
                await keeper.close()

            stack.push_async_callback(stop)
            return Rehearsal(keeper, address, stack)

        yield start


async def in_time(awaitable: Awaitable[object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await awaitable


async def settle() -> None:
    """Let everything that is ready happen, over the sockets too."""
    for _ in range(200):
        await asyncio.sleep(0)
    await asyncio.sleep(0.05)


async def wait(clock: SharedClock, *seconds: float) -> None:
    for moment in seconds:
        await clock.sleep_until(after(moment))


async def test_time_begins_when_it_is_told_to(begin: Begin) -> None:
    rehearsal = await begin("web")
    assert (await rehearsal.join("web")).now() == START


@pytest.mark.parametrize(("due", "woken"), [(1, 5), (5, 5), (5.001, 10), (3599.9, 3600), (86_401, 86_405)])
async def test_it_jumps_to_the_next_moment_rounded_up_to_five_seconds(
    begin: Begin, due: float, woken: float
) -> None:
    rehearsal = await begin("web")
    web = await rehearsal.join("web")
    await in_time(web.spawn(wait(web, due), "sleeper"))
    assert web.now() == after(woken)
    assert rehearsal.keeper.now == after(woken)
    assert rehearsal.keeper.jumps == 1


async def test_a_moment_that_has_come_is_not_waited_for(begin: Begin) -> None:
    rehearsal = await begin("web")
    web = await rehearsal.join("web")
    await in_time(web.spawn(wait(web, 0, -100), "sleeper"))
    assert (web.now(), rehearsal.keeper.jumps) == (START, 0)


async def test_it_goes_to_the_earliest_moment_of_any_process(begin: Begin) -> None:
    rehearsal = await begin("web", "worker")
    web, worker = await rehearsal.join("web"), await rehearsal.join("worker")
    seen: list[tuple[str, float]] = []

    async def visit(name: str, clock: SharedClock, *moments: float) -> None:
        for moment in moments:
            await clock.sleep_until(after(moment))
            seen.append((name, (clock.now() - START).total_seconds()))

    tasks = [
        web.spawn(visit("web", web, 60, 70, 600), "web"),
        worker.spawn(visit("worker", worker, 30, 65, 3600), "worker"),
    ]
    await in_time(asyncio.gather(*tasks))
    assert seen == [("worker", 30), ("web", 60), ("worker", 65), ("web", 70), ("web", 600), ("worker", 3600)]
    assert rehearsal.keeper.jumps == 6


async def test_everybody_due_at_one_moment_wakes_at_the_same_frozen_instant_in_the_order_they_slept(
    begin: Begin,
) -> None:
    rehearsal = await begin("web")
    web = await rehearsal.join("web")
    woken: list[tuple[int, datetime]] = []

    async def sleep(n: int, until: float) -> None:
        await web.sleep_until(after(until))
        woken.append((n, web.now()))
        await asyncio.sleep(0.01)  # works on for a while in real time
        assert web.now() == after(10)

    tasks = [web.spawn(sleep(n, until), "sleeper") for n, until in enumerate([10, 8, 9.5, 6, 10])]
    await in_time(asyncio.gather(*tasks))
    assert woken == [(n, after(10)) for n in (3, 1, 2, 0, 4)]
    assert rehearsal.keeper.jumps == 1


async def test_time_stands_still_while_anybody_works(begin: Begin) -> None:
    rehearsal = await begin("web", "worker")
    web, worker = await rehearsal.join("web"), await rehearsal.join("worker")
    with worker.activity():
        sleeper = web.spawn(wait(web, 60), "sleeper")
        await settle()
        assert (web.now(), worker.now(), sleeper.done()) == (START, START, False)
        assert rehearsal.keeper.holding() == ["worker: at work"]
        with worker.activity():
            pass  # an activity inside another ends nothing
        await settle()
        assert not sleeper.done()
    await in_time(sleeper)
    await settle()
    assert (web.now(), worker.now()) == (after(60), after(60))


async def test_a_task_counts_from_the_moment_it_is_spawned(begin: Begin) -> None:
    """Between the end of the activity that spawns and the task's first step, time may not slip."""
    rehearsal = await begin("web", "worker")
    web, worker = await rehearsal.join("web"), await rehearsal.join("worker")
    other = worker.spawn(wait(worker, 5, 10, 15, 20, 25), "worker")
    seen: list[datetime] = []

    async def note() -> None:
        seen.append(web.now())

    async def chain() -> None:
        await web.sleep_until(after(10))
        for _ in range(5):
            await web.spawn(note(), "note")

    await in_time(asyncio.gather(web.spawn(chain(), "chain"), other))
    assert seen == [after(10)] * 5


async def test_a_task_cancelled_before_it_began_does_not_hold_time(begin: Begin) -> None:
    rehearsal = await begin("web")
    web = await rehearsal.join("web")
    never = web.spawn(wait(web, 10), "never begun")
    never.cancel()
    asleep = web.spawn(wait(web, 3600), "cancelled asleep")
    await settle()
    asleep.cancel()
    await asyncio.gather(never, asleep, return_exceptions=True)
    await in_time(web.spawn(wait(web, 7200), "sleeper"))
    assert web.now() == after(7200)


async def test_a_task_that_fails_does_not_hold_time(begin: Begin) -> None:
    rehearsal = await begin("web")
    web = await rehearsal.join("web")

    async def fail() -> None:
        await web.sleep_until(after(5))
        raise LookupError("a fault of the task")

    with pytest.raises(LookupError):
        await web.spawn(fail(), "fails")
    await in_time(web.spawn(wait(web, 60), "sleeper"))


async def test_a_process_that_is_expected_and_not_there_holds_time(begin: Begin) -> None:
    rehearsal = await begin("web", "worker")
    web = await rehearsal.join("web")
    sleeper = web.spawn(wait(web, 60), "sleeper")
    await settle()
    assert (web.now(), rehearsal.keeper.holding()) == (START, ["worker: not there"])
    await rehearsal.join("worker")
    await in_time(sleeper)


async def test_a_process_that_goes_without_a_word_holds_time_until_it_is_back(begin: Begin) -> None:
    rehearsal = await begin("web", "worker")
    web, worker = await rehearsal.join("web"), await rehearsal.join("worker")
    await in_time(web.spawn(wait(web, 5), "first"))
    worker._writer.close()  # killed: no farewell
    sleeper = web.spawn(wait(web, 60), "second")
    await settle()
    assert web.now() == after(5)
    assert "worker: not there" in rehearsal.keeper.holding()
    again = await rehearsal.join("worker")
    assert again.now() == after(5)
    await in_time(sleeper)


async def test_a_process_that_takes_its_leave_is_not_waited_for(begin: Begin) -> None:
    rehearsal = await begin("web", "page")
    web, page = await rehearsal.join("web"), await rehearsal.join("page")
    await in_time(web.spawn(wait(web, 5), "first"))
    await page.close()
    await in_time(web.spawn(wait(web, 60), "second"))
    assert not [words for words in rehearsal.keeper.holding() if "page" in words]


async def test_what_is_watched_falls_due_and_is_done_before_time_goes_on(begin: Begin) -> None:
    rehearsal = await begin("worker", "web")
    worker, web = await rehearsal.join("worker"), await rehearsal.join("web")
    owed = [after(30), after(30), after(600)]
    done: list[tuple[datetime, datetime]] = []

    async def due() -> datetime | None:
        return owed[0] if owed else None

    async def on_due() -> None:
        await asyncio.sleep(0.02)
        done.append((owed.pop(0), worker.now()))

    worker.watch(due, on_due)
    await in_time(web.spawn(wait(web, 3600), "web"))
    assert done == [(after(30), after(30)), (after(30), after(30)), (after(600), after(600))]


async def test_work_that_is_owed_and_not_done_holds_time_and_is_asked_for_again(begin: Begin) -> None:
    """The worker was woken, and the wake-up got lost: nothing passes over what is due."""
    rehearsal = await begin("worker", "web")
    worker, web = await rehearsal.join("worker"), await rehearsal.join("web")
    asked, done = 0, asyncio.Event()

    async def due() -> datetime | None:
        return None if done.is_set() else after(30)

    async def on_due() -> None:
        nonlocal asked
        asked += 1
        if asked == 4:
            done.set()

    worker.watch(due, on_due)
    sleeper = web.spawn(wait(web, 3600), "web")
    await in_time(done.wait())
    assert web.now() == after(30)
    await in_time(sleeper)
    assert asked == 4


async def test_a_ceiling_on_speed_is_kept(begin: Begin) -> None:
    """At most 200 virtual seconds in a real one: a virtual minute takes at least 0.3 real seconds."""
    rehearsal = await begin("web", speed=200.0)
    web = await rehearsal.join("web")
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await in_time(web.spawn(wait(web, *range(5, 65, 5)), "sleeper"))
    assert web.now() == after(60)
    assert loop.time() - begun >= 0.25


@pytest.mark.parametrize("seed", range(6))
async def test_thousands_of_jumps_in_any_weave_of_work_and_sleep(begin: Begin, seed: int) -> None:
    """Tasks of four processes sleep, work, spawn others. None stalls; time never goes back, nor past a sleeper."""
    names = ("web", "worker", "twin", "operators")
    rehearsal = await begin(*names)
    clocks = [await rehearsal.join(name) for name in names]
    dice = random.Random(seed)
    last = dict.fromkeys(clocks, START)
    woken = 0

    async def live(clock: SharedClock, depth: int) -> None:
        nonlocal woken
        for _ in range(dice.randrange(20, 60)):
            due = clock.now() + timedelta(seconds=dice.choice([0, 0.5, 1, 5, 7, 30, 300, 3600]))
            await clock.sleep_until(due)
            woken += 1
            late = (clock.now() - due).total_seconds()
            assert 0 <= late < 5
            assert last[clock] <= clock.now() == rehearsal.keeper.now
            last[clock] = clock.now()
            if dice.random() < 0.1:
                with clock.activity():
                    before = rehearsal.keeper.now
                    await asyncio.sleep(0)
                    assert rehearsal.keeper.now == before == clock.now()
            if depth and dice.random() < 0.05:
                other = dice.choice(clocks)
                children.append(other.spawn(live(other, depth - 1), "child"))

    children = [clock.spawn(live(clock, 2), "life") for clock in clocks for _ in range(8)]
    done = 0
    async with asyncio.timeout(PATIENCE_S):
        while done < len(children):
            await children[done]
            done += 1
    assert woken > 1000
    assert rehearsal.keeper.jumps > 500


async def test_without_an_address_the_clock_is_the_real_one() -> None:
    clock = await open_clock(None, "web")
    assert isinstance(clock, RealClock)
    before = datetime.now(UTC)
    await clock.sleep_until(before + timedelta(seconds=0.05))
    assert clock.now() >= before + timedelta(seconds=0.05)
    await clock.close()


async def test_the_real_clock_looks_after_what_is_watched() -> None:
    clock, done = RealClock(sweep_s=0.01), asyncio.Event()
    moment = datetime.now(UTC) + timedelta(seconds=0.03)

    async def due() -> datetime | None:
        return None if done.is_set() else moment

    async def on_due() -> None:
        done.set()

    clock.watch(due, on_due)
    await in_time(done.wait())
    assert datetime.now(UTC) >= moment
    await clock.close()


@pytest.mark.parametrize(
    "address", ["127.0.0.1:4000", "udp://127.0.0.1:4000", "tcp://127.0.0.1", "tcp://:4000"]
)
async def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(ValueError, match="not of the form tcp://host:port"):
        await open_clock(address, "web")
