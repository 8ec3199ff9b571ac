"""What the ticker reads: one row per job that has something to do, and when."""

from __future__ import annotations

from datetime import datetime, timedelta

from doors_bench import Bench, at

from survey import dialing, interviewing, operating
from survey.channels.base import Unknown
from workers.due import due_jobs


async def owed(bench: Bench) -> dict[str, datetime]:
    """{job: its earliest moment}."""
    async with bench.ground.pool.acquire() as conn:
        jobs = await due_jobs(conn, bench.clock.now(), bench.ground.real_now())
    earliest: dict[str, datetime] = {}
    for due in jobs:
        earliest[due.job] = min(due.at, earliest.get(due.job, due.at))
    return earliest


async def test_nothing_is_owed_when_nobody_waits(bench: Bench) -> None:
    assert await owed(bench) == {}


async def test_dialling_is_owed_at_the_next_whole_minute_and_not_before_the_channels_turn(
    bench: Bench,
) -> None:
    due = at("9 10:00") + timedelta(seconds=61)
    await bench.survey(await bench.resident("李娜"), "voice", due=due)
    assert await owed(bench) == {"dial": at("9 10:02")}
    await bench.survey(await bench.resident("何平"), "text")
    assert await owed(bench) == {"dial": at("9 10:00")}
    await dialing.dial_due(bench.ground, bench.line)
    assert (await owed(bench))["dial"] == at("9 10:02")


async def test_a_request_under_way_is_waited_for_until_its_lease_is_over(bench: Bench) -> None:
    await bench.survey(await bench.resident("李娜"), "voice")
    seen: list[dict[str, datetime]] = []

    async def look(_: object) -> None:
        seen.append(await owed(bench))
        bench.real += timedelta(seconds=13)
        seen.append(await owed(bench))

    bench.carrier.on_request = look
    await dialing.dial_due(bench.ground, bench.line)
    assert [sorted(jobs) for jobs in seen] == [["waiting_for_worker"], ["reconcile"]]
    assert seen[0]["waiting_for_worker"] == bench.clock.now()


async def test_each_kind_of_waiting_has_its_job(bench: Bench) -> None:
    li_na, he_ping, zhao_min = [await bench.resident(name) for name in ("李娜", "何平", "赵敏")]
    await bench.survey(li_na, "voice")
    await bench.case(he_ping, "text voice")
    await bench.survey(zhao_min, "operator", closes_at=at("9 20:30"))
    await dialing.dial_due(bench.ground, bench.line)
    await operating.next_task(bench.ground, "1021")
    assert await owed(bench) == {
        "check": at("9 10:15"),
        "release_abandoned": at("9 11:00"),
        "expire": at("10 10:00"),
        "close_waves": at("9 20:30"),
        "recall": at("9 12:00"),
        "forget_bodies": at("9 10:00") + timedelta(days=180),  # the invitation
    }
    await interviewing.take_text(bench.ground, he_ping.number, "SM1", "1", bench.real)
    for n in range(3):
        await interviewing.take_text(bench.ground, he_ping.number, f"SM-{n}", "1", bench.real)
    assert (await owed(bench))["settle"] == bench.clock.now()


async def test_an_unknown_attempt_is_asked_about_at_once(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    await bench.survey(li_na, "voice")
    bench.carrier.answers[li_na.number] = Unknown("no answer from the carrier: TimeoutError")
    await dialing.dial_due(bench.ground, bench.line)
    assert await owed(bench) == {"reconcile": bench.clock.now()}
