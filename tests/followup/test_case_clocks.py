"""The clock of a case: its colour and why, who is urged and when, each once, whatever happens to the worker."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Any

import asyncpg
import pytest
from followup_appeals import Says
from followup_county import CENTRE, POLICE, TOWN, at

from followup import cases, clocks, major, urging
from followup.refusals import UnknownCentre
from followup.store import events
from followup.time_refusals import NoReasonForDay
from survey.local_time import start_of_day
from survey.policies import packaged
from survey.store.campaigns import set_policy
from workers.due import due_jobs


@pytest.fixture
async def complaint(conn: asyncpg.Connection, says: Says) -> str:
    """王芳's matter, a complaint of ten working days, with the police since Monday the 2nd at 09:00."""
    number = (await says("2 08:40")).number
    await conn.execute("UPDATE followup.case_file SET kind = 'complaint' WHERE number = $1", number)
    await cases.accept(conn, number, by="审核员-0101", now=at("2 08:45"))
    await cases.submit(conn, number, by="审核员-0101", now=at("2 08:50"))
    await cases.dispatch(conn, number, lead=POLICE, by="督查室", now=at("2 09:00"))
    return number


async def look(conn: asyncpg.Connection, now: datetime) -> urging.Looks:
    """The job `colours` at a moment."""
    total = urging.Looks()
    while (one := await urging.look_due(conn, now)).cases:
        total = urging.Looks(total.cases + one.cases, total.colours + one.colours, total.urges + one.urges)
    return total


async def next_look(conn: asyncpg.Connection) -> datetime | None:
    moment: datetime | None = await conn.fetchval("SELECT min(look_at) FROM followup.case_clock")
    return moment


async def wait_until(conn: asyncpg.Connection, last: datetime) -> None:
    """Every look that falls due up to a moment."""
    while (moment := await next_look(conn)) is not None and moment <= last:
        await look(conn, moment)


async def urged(conn: asyncpg.Connection, number: str) -> list[tuple[Any, ...]]:
    query = """
        SELECT g.level, g.party, g.against, g.why, g.urged_at FROM followup.urge AS g
        JOIN followup.case_file AS c ON c.id = g.case_id WHERE c.number = $1 ORDER BY g.id"""
    return [tuple(row.values()) for row in await conn.fetch(query, number)]


async def told(conn: asyncpg.Connection) -> list[tuple[str, str]]:
    query = "SELECT recipient, template FROM followup.notice WHERE starts_with(cause, 'urge:') ORDER BY id"
    return [(row["recipient"], row["template"]) for row in await conn.fetch(query)]


async def colours_of(conn: asyncpg.Connection, number: str) -> list[tuple[str | None, datetime]]:
    return [(one.to_colour, one.at) for one in (await clocks.read(conn, number, at("2 09:00"))).history]


async def test_a_complaint_that_is_signed_and_left_lying(conn: asyncpg.Connection, complaint: str) -> None:
    await cases.sign(conn, complaint, by=POLICE, now=at("2 09:40"))
    await wait_until(conn, at("31 18:00"))
    assert await colours_of(conn, complaint) == [
        ("green", at("2 09:40")),
        ("yellow", at("12 18:00")),
        ("red", at("16 18:00") + datetime.resolution),
    ]
    assert await urged(conn, complaint) == [
        ("U1", "unit", POLICE, "yellow", at("13 08:30")),
        ("U2", "unit", POLICE, "overdue", at("18 08:30")),
        ("U3", "unit", POLICE, "overdue", at("20 08:30")),
        ("U4", "unit", POLICE, "overdue", at("24 08:30")),
        ("U5", "unit", POLICE, "overdue", at("31 08:30")),
    ]
    unit, office, director = (
        f"unit:{POLICE}",
        f"office:government:{CENTRE}",
        f"post:director:{CENTRE}",
    )
    assert await told(conn) == [
        (unit, "urge_1"),
        (unit, "urge_2"),
        (office, "urge_copy"),
        (unit, "urge_3"),
        (office, "urge_copy"),
        (unit, "urge_4"),
        (office, "urge_copy"),
        (director, "urge_copy"),
        (unit, "urge_5"),
        (office, "urge_copy"),
        (director, "urge_copy"),
    ]
    assert await next_look(conn) is None  # nothing is left that would change by itself


async def test_a_supervision_sheet_has_a_number_and_a_criticism_a_line_in_the_list(
    conn: asyncpg.Connection, complaint: str
) -> None:
    await cases.sign(conn, complaint, by=POLICE, now=at("2 09:40"))
    await wait_until(conn, at("25 18:00"))
    case_id = await conn.fetchval("SELECT id FROM followup.case_file WHERE number = $1", complaint)
    sheets = [row.sheet_number for row in await urging.urges_of(conn, case_id)]
    assert sheets == [None, None, f"{CENTRE} 督办〔2026〕第1号", None]
    (line,) = await urging.criticised(conn, CENTRE, at("23 00:00"), at("30 00:00"))
    assert (line.number, line.against, line.name_zh, line.why) == (
        complaint,
        POLICE,
        "遂澜县公安局",
        "overdue",
    )
    assert await urging.criticised(conn, CENTRE, at("16 00:00"), at("23 00:00")) == []


async def test_looks_may_be_late_and_double(conn: asyncpg.Connection, complaint: str) -> None:
    await cases.sign(conn, complaint, by=POLICE, now=at("2 09:40"))
    await look(conn, at("2 09:40"))
    assert (await look(conn, at("19 10:00"))) == urging.Looks(1, 2, 2)  # the worker was away for a fortnight
    assert (await look(conn, at("19 10:00"))).cases == 0
    await conn.execute("UPDATE followup.case_clock SET look_at = $1", at("19 10:00"))
    assert (await look(conn, at("19 10:00"))) == urging.Looks(1, 0, 0)
    assert await colours_of(conn, complaint) == [
        ("green", at("2 09:40")),
        ("yellow", at("12 18:00")),
        ("red", at("16 18:00") + datetime.resolution),
    ]
    assert [level for level, *_ in await urged(conn, complaint)] == ["U1", "U2"]


async def test_two_workers_at_once_urge_once(
    conn: asyncpg.Connection, pool: asyncpg.Pool, complaint: str
) -> None:
    await cases.sign(conn, complaint, by=POLICE, now=at("2 09:40"))
    async with pool.acquire() as other:
        one, two = other.transaction(), conn.transaction()
        await one.start()
        first = await urging.look_due(other, at("18 09:00"))
        await one.commit()
        await two.start()
        second = await urging.look_due(conn, at("18 09:00"))
        await two.commit()
    assert (first.urges, second.urges) == (2, 0)
    assert [level for level, *_ in await urged(conn, complaint)] == ["U1", "U2"]


async def test_many_workers_at_the_same_moment_write_each_change_once(
    conn: asyncpg.Connection, pool: asyncpg.Pool, complaint: str
) -> None:
    await cases.sign(conn, complaint, by=POLICE, now=at("2 09:40"))

    async def work(now: datetime) -> urging.Looks:
        async with pool.acquire() as other:
            return await look(other, now)

    count = "SELECT count(*) FROM followup.case_event WHERE event IN ('colour', 'urge', 'enter_level')"
    for now in (
        at("2 09:40"),
        at("12 18:30"),
        at("18 09:00"),
    ):  # at 18:30 a colour changes and nobody is urged
        await asyncio.gather(*(work(now) for _ in range(6)))
    assert [one for one, _ in await colours_of(conn, complaint)] == ["green", "yellow", "red"]
    assert [level for level, *_ in await urged(conn, complaint)] == ["U1", "U2"]
    assert await conn.fetchval(count) == 3 + 2 + 1


async def test_a_look_that_was_overtaken_is_thrown_away_and_done_again(
    conn: asyncpg.Connection, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading and writing, the unit signs: the urging for not having signed is never written."""
    kept = urging._keep

    async def sign_first(*args: Any) -> bool:
        monkeypatch.setattr(urging, "_keep", kept)
        await cases.sign(conn, complaint, by=POLICE, now=at("2 11:30"))
        return await kept(*args)

    monkeypatch.setattr(urging, "_keep", sign_first)
    assert (await urging.look_due(conn, at("2 11:30"))) == urging.Looks(1, 0, 0)
    assert await urged(conn, complaint) == []
    assert (await urging.look_due(conn, at("2 11:30"))) == urging.Looks(1, 1, 0)
    assert await colours_of(conn, complaint) == [("green", at("2 11:30"))]


async def test_what_the_centre_leaves_lying_is_the_directors_and_never_a_units(
    conn: asyncpg.Connection, says: Says
) -> None:
    number = (await says("9 09:40")).number
    await wait_until(conn, at("13 18:00"))
    assert [(level, party, against) for level, party, against, *_ in await urged(conn, number)] == [
        ("U1", "centre", CENTRE),
        ("U2", "centre", CENTRE),
    ]
    assert await told(conn) == [(f"post:director:{CENTRE}", "own_step_late")] * 2
    await cases.accept(conn, number, by="审核员-0101", now=at("16 09:00"))
    await cases.submit(conn, number, by="审核员-0101", now=at("16 09:00"))
    await wait_until(conn, at("18 18:00"))
    assert (await urged(conn, number))[2:] == [
        ("U1", "office", "government", "overdue", at("18 08:30")),
    ]
    assert (await told(conn))[2:] == [(f"office:government:{CENTRE}", "own_step_late")]
    assert [one for one, _ in await colours_of(conn, number)] == [
        "green", "yellow", "red", "green", "yellow",
    ]  # fmt: skip


async def test_another_lead_begins_its_own_ladder(conn: asyncpg.Connection, complaint: str) -> None:
    await wait_until(conn, at("2 12:00"))
    await cases.reassign_lead(conn, complaint, lead=TOWN, reason="属地", by="综治办", now=at("3 09:00"))
    await wait_until(conn, at("3 18:00"))
    assert [(level, against, moment) for level, _, against, _, moment in await urged(conn, complaint)] == [
        ("U1", POLICE, at("2 11:00") + datetime.resolution),
        ("U1", TOWN, at("3 11:00") + datetime.resolution),
    ]


async def test_each_change_and_each_urging_is_an_event(conn: asyncpg.Connection, complaint: str) -> None:
    await wait_until(conn, at("2 18:00"))
    case_id = await conn.fetchval("SELECT id FROM followup.case_file WHERE number = $1", complaint)
    ours = [
        (event.event, event.reason, event.actor)
        for event in await events.events_of(conn, case_id)
        if event.event in ("colour", "urge", "enter_level")
    ]
    assert ours == [
        ("enter_level", "area: village", "system"),
        ("colour", "none -> green", "system"),
        ("colour", "green -> yellow", "system"),
        ("urge", "U1: yellow", "system"),
    ]


async def test_the_ticker_knows_when_a_colour_or_a_ladder_goes_on(
    conn: asyncpg.Connection, complaint: str
) -> None:
    async def owed(job: str) -> list[datetime]:
        return [due.at for due in await due_jobs(conn, at("2 09:00"), at("2 09:00")) if due.job == job]

    assert await owed("colours") == [at("2 08:40")]  # something happened to the case: now
    await look(conn, at("2 09:00"))
    assert await owed("colours") == [at("2 11:00") + datetime.resolution]  # when it should be signed
    assert await owed("climb") == []
    facts = {"time": "9时", "place": "柳河镇", "source": "来电", "what": "聚集"}
    await major.raise_report(conn, CENTRE, class_="mass", facts=facts, by="调查员-0103", now=at("2 09:05"))
    assert await owed("climb") == [at("2 09:15")]


async def test_what_the_clock_shows(conn: asyncpg.Connection, complaint: str) -> None:
    await cases.sign(conn, complaint, by=POLICE, now=at("2 09:40"))
    await wait_until(conn, at("13 09:00"))
    shown = await clocks.read(conn, complaint, at("13 09:00"))
    assert shown.clock is not None and shown.next_urge is not None and shown.left is not None
    assert (shown.colour, [ground.key for ground in shown.grounds]) == ("yellow", ["running_out"])
    assert (shown.clock.party, shown.clock.due) == ("unit", at("16 18:00"))
    assert shown.left.total_seconds() / 3600 == 13.5
    assert shown.changes_at == at("16 18:00") + datetime.resolution
    assert (shown.next_urge_at, shown.next_urge.level) == (at("18 08:30"), "U2")


async def with_limits(conn: asyncpg.Connection, version: int, valid_from: date, days: int) -> None:
    """A version of the limits in which a complaint has `days` working days."""
    body = {**packaged("followup.casework", "limits").body}
    classes = {**body["classes"]}
    classes["complaint"] = {**classes["complaint"], "handle": {"working_days": days}}
    await set_policy(conn, "limits", "*", version, valid_from, {**body, "classes": classes})


async def due_and_version(conn: asyncpg.Connection, number: str) -> tuple[datetime, int]:
    query = """
        SELECT a.due_at, c.policy_version FROM followup.case_file AS c
        JOIN followup.assignment AS a ON a.case_id = c.id AND a.role = 'lead' WHERE c.number = $1"""
    row = await conn.fetchrow(query, number)
    return row["due_at"], row["policy_version"]


async def test_a_newer_version_of_the_limits_moves_no_round_that_runs(
    conn: asyncpg.Connection, says: Says
) -> None:
    await with_limits(conn, 7, date(2026, 1, 1), 10)
    await with_limits(conn, 8, date(2026, 3, 3), 3)

    async def dispatched(when: str) -> str:
        number = (await says(when)).number
        await conn.execute("UPDATE followup.case_file SET kind = 'complaint' WHERE number = $1", number)
        await cases.accept(conn, number, by="审核员-0101", now=at(when))
        await cases.submit(conn, number, by="审核员-0101", now=at(when))
        await cases.dispatch(conn, number, lead=POLICE, by="督查室", now=at(when))
        return number

    before, after = await dispatched("2 09:00"), await dispatched("3 09:00")
    assert await due_and_version(conn, before) == (at("16 18:00"), 7)
    assert await due_and_version(conn, after) == (at("6 18:00"), 8)
    for number in (before, after):
        await cases.sign(conn, number, by=POLICE, now=at("3 10:00"))
    await wait_until(conn, at("7 12:00"))
    assert (await clocks.read(conn, before, at("6 17:00"))).colour == "green"
    assert (await clocks.read(conn, after, at("6 17:00"))).colour == "yellow"
    await cases.reassign_lead(conn, before, lead=TOWN, reason="属地", by="综治办", now=at("9 09:00"))
    assert (await clocks.read(conn, before, at("9 09:00"))).row.handle_by == at("16 18:00")


async def test_a_day_that_is_set_counts_for_dues_colours_and_urging(
    conn: asyncpg.Connection, says: Says
) -> None:
    snow = date(2026, 3, 4)
    await clocks.set_day(conn, snow, working=False, reason="暴雪停工通知", by="主任-0001", now=at("1 09:00"))
    number = (await says("2 08:40")).number
    await conn.execute("UPDATE followup.case_file SET kind = 'help' WHERE number = $1", number)
    await cases.accept(conn, number, by="审核员-0101", now=at("2 08:45"))
    await cases.submit(conn, number, by="审核员-0101", now=at("2 08:50"))
    await cases.dispatch(conn, number, lead=POLICE, by="督查室", now=at("2 09:00"))
    assert (await due_and_version(conn, number))[0] == at("10 18:00")  # a day later than five from Monday
    hours = await clocks.office(conn, CENTRE)
    morning = start_of_day(snow, "Asia/Shanghai")
    assert hours.office_moment(morning) == at("5 08:30")


async def test_a_centres_own_day_goes_before_that_of_all(conn: asyncpg.Connection, county: str) -> None:
    day = date(2026, 3, 7)
    await clocks.set_day(conn, day, working=False, reason="放假", by="主任-0001", now=at("1 09:00"))
    await clocks.set_day(
        conn, day, working=True, reason="调休", by="主任-0001", now=at("1 09:00"), centre_code=CENTRE
    )
    assert (await clocks.office(conn, CENTRE)).is_working_day(day)


async def test_a_day_is_not_set_without_a_reason_or_for_a_centre_that_is_none(
    conn: asyncpg.Connection, county: str
) -> None:
    day, now = date(2026, 3, 7), at("1 09:00")
    with pytest.raises(NoReasonForDay, match="needs a reason"):
        await clocks.set_day(conn, day, working=True, reason=" ", by="主任-0001", now=now)
    with pytest.raises(UnknownCentre, match="no centre 990000"):
        await clocks.set_day(
            conn, day, working=True, reason="调休", by="主任-0001", now=now, centre_code="990000"
        )
