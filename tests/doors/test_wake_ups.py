"""Who is woken when work falls due: at once where it is due now, never for what is due later."""

from __future__ import annotations

import asyncio

from doors_bench import Bench, at

from survey.clock import RealClock
from survey.dialing import dial_due
from survey.interviewing import take_text
from workers.listening import listening

PATIENCE_S = 30


async def test_whoever_listens_hears_of_what_is_due_at_once_and_of_nothing_else(
    bench: Bench, database: str
) -> None:
    heard: asyncio.Queue[None] = asyncio.Queue()
    li_na, he_ping = await bench.resident("李娜"), await bench.resident("何平")
    async with listening(database, lambda: heard.put_nowait(None)), asyncio.timeout(PATIENCE_S):
        await heard.get()  # once when it begins, for what was written before
        await bench.survey(li_na, "voice", due=at("9 10:30"))
        await bench.survey(he_ping, "voice")
        await heard.get()
        await bench.run("SELECT pg_notify('minyi_due_now', '')")
        await heard.get()
    assert heard.empty()


async def test_whoever_listens_hears_that_somebody_has_said_all_about_a_case(
    bench: Bench, database: str
) -> None:
    heard: asyncio.Queue[None] = asyncio.Queue()
    he_ping = await bench.resident("何平")
    async with listening(database, lambda: heard.put_nowait(None)), asyncio.timeout(PATIENCE_S):
        await heard.get()
        await bench.case(he_ping, "text voice")
        await heard.get()
        await dial_due(bench.ground, bench.line)
        for n in range(2):
            await take_text(bench.ground, he_ping.number, f"SM{n}", "1", bench.real)
        await bench.run("SELECT pg_notify('minyi_due_now', 'all before this has been heard')")
        await heard.get()
        assert heard.empty()
        await take_text(bench.ground, he_ping.number, "SM2", "1", bench.real)
        await heard.get()
    assert await bench.announced() == [("interview_finished", "complete")]


async def test_a_listener_whose_connection_is_lost_comes_back(bench: Bench, database: str) -> None:
    heard: asyncio.Queue[None] = asyncio.Queue()
    async with listening(database, lambda: heard.put_nowait(None)), asyncio.timeout(PATIENCE_S):
        await heard.get()
        await bench.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'minyi worker listening' AND datname = current_database()"
        )
        await heard.get()  # it begins again
        await bench.survey(await bench.resident("李娜"), "voice")
        await heard.get()


async def test_others_may_claim_as_soon_as_a_claim_is_committed(bench: Bench) -> None:
    await bench.survey(await bench.resident("李娜"), "voice")
    told: list[tuple[int, int]] = []

    async def carrier_is_asked(_: object) -> None:
        claimed = await bench.one("SELECT count(*)::int FROM survey.attempt WHERE status = 'dialing'")
        told.append((claimed, taken))

    taken = 0

    def count() -> None:
        nonlocal taken
        taken += 1

    bench.carrier.on_request = carrier_is_asked
    await dial_due(bench.ground, bench.line, count)
    assert told == [(1, 1)]


async def test_the_real_clock_looks_again_when_it_is_told_to() -> None:
    clock, asked, done = RealClock(sweep_s=3600), asyncio.Semaphore(0), asyncio.Event()
    owed = False

    async def due() -> object:
        asked.release()
        return clock.now() if owed else None

    async def on_due() -> None:
        done.set()

    look_again = clock.watch(due, on_due)  # type: ignore[arg-type]
    async with asyncio.timeout(PATIENCE_S):
        await asked.acquire()
        owed = True
        look_again()
        await done.wait()
    await clock.close()
