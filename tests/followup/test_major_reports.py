"""Major incident reports: raised at any hour, told level by level until somebody acknowledges, then ended."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import asyncpg
import pytest
from followup_appeals import Says
from followup_county import CENTRE, POLICE, at
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followup import cases, major
from followup.refusals import CaseRefusal, NotPossibleNow, UnknownCentre
from followup.store import events
from followup.time_refusals import (
    AlreadyAcknowledged,
    HeldByMajor,
    LevelNotTold,
    MajorClosed,
    MajorFactsMissing,
    MajorOpenAlready,
    NobodyNamed,
    NotAcknowledged,
    UnknownMajor,
    UnknownMajorClass,
)

CROWD = {
    "time": "3月14日23时30分",
    "place": "柳河镇政府门口",
    "source": "来电",
    "what": "五十余人聚集,要求支付工资",
    "contact": "镇长李强 15400000009",
}
NIGHT = "14 23:50"
DUTY, COUNTY, CITY = (f"post:{post}:{CENTRE}" for post in ("duty_leader", "county_governance", "city"))
PARTY, GOVERNMENT = f"office:party:{CENTRE}", f"office:government:{CENTRE}"


async def raised(conn: asyncpg.Connection, when: str = NIGHT, **more: Any) -> major.Raised:
    fields = {"class_": "mass", "facts": CROWD, "by": "调查员-0103", **more}
    return await major.raise_report(conn, CENTRE, now=at(when), **fields)


async def told(conn: asyncpg.Connection) -> list[tuple[datetime, str]]:
    query = """
        SELECT created_at, recipient FROM followup.notice
        WHERE template = 'major_report' AND urgent ORDER BY id"""
    return [(row["created_at"], row["recipient"]) for row in await conn.fetch(query)]


async def state(conn: asyncpg.Connection, number: str) -> str:
    return (await major.show(conn, number)).report.state


async def test_the_first_words_are_to_dial(conn: asyncpg.Connection, county: str) -> None:
    report = await raised(conn)
    assert report.first_words == "紧急情况请先拨打 110/119/120 · dial 110/119/120 now"
    assert report == major.Raised(
        report.first_words, f"{CENTRE}-M20260314-01", (1,), at("15 00:00"), held=False
    )


async def test_nobody_acknowledges_on_a_saturday_night(conn: asyncpg.Connection, county: str) -> None:
    report = await raised(conn)
    for minutes in (5, 10, 10, 39, 40, 100, 160):
        await major.climb_due(conn, at(NIGHT) + timedelta(minutes=minutes))
    midnight, half, half_past_one, half_past_two = (
        at(when) for when in ("15 00:00", "15 00:30", "15 01:30", "15 02:30")
    )
    assert await told(conn) == [
        (at(NIGHT), DUTY),
        (midnight, COUNTY), (midnight, DUTY),
        (half, PARTY), (half, GOVERNMENT), (half, DUTY), (half, COUNTY),
        (half_past_one, CITY), (half_past_one, DUTY), (half_past_one, COUNTY), (half_past_one, PARTY),
        (half_past_one, GOVERNMENT),
        (half_past_two, DUTY), (half_past_two, COUNTY), (half_past_two, PARTY), (half_past_two, GOVERNMENT),
        (half_past_two, CITY),
    ]  # fmt: skip
    shown = await major.show(conn, report.number)
    assert [(step.level, step.sent_at, step.again) for step in shown.steps] == [
        (1, at(NIGHT), 4),
        (2, midnight, 3),
        (3, half, 2),
        (4, half_past_one, 1),
    ]
    assert (shown.report.state, shown.report.next_at) == ("sent", at("15 03:30"))


async def test_an_acknowledgement_stops_the_ladder(conn: asyncpg.Connection, county: str) -> None:
    number = (await raised(conn)).number
    await major.climb_due(conn, at("15 00:00"))
    await major.acknowledge(conn, number, level=2, by="综治办值班-张敏", now=at("15 00:04"))
    before = await told(conn)
    assert await major.climb_due(conn, at("15 09:00")) == 0
    assert await told(conn) == before
    shown = await major.show(conn, number)
    assert (shown.report.state, shown.report.next_at) == ("acked", None)
    assert [(step.level, step.ack_by, step.ack_at) for step in shown.steps] == [
        (1, None, None),
        (2, "综治办值班-张敏", at("15 00:04")),
    ]
    await major.acknowledge(conn, number, level=1, by="值班领导-0002", now=at("15 00:06"))  # he says so too
    with pytest.raises(AlreadyAcknowledged, match="值班领导-0002 acknowledged level 1 before"):
        await major.acknowledge(conn, number, level=1, by="主任-0001", now=at("15 00:07"))


async def test_first_follow_up_and_final_report(conn: asyncpg.Connection, county: str) -> None:
    number = (await raised(conn)).number
    news = {"what": "人数增至八十", "trend": "情绪激动"}
    assert await major.follow(conn, number, facts=news, by="调查员-0103", now=at("14 23:55")) == 2
    assert await state(conn, number) == "sent"  # new facts do not stop the ladder: nobody knows yet
    await major.climb_due(conn, at("15 00:00"))
    await major.acknowledge(conn, number, level=1, by="值班领导-0002", now=at("15 00:01"))
    assert (
        await major.follow(conn, number, facts={"what": "人群散去"}, by="值班领导-0002", now=at("15 02:00"))
        == 3
    )
    assert await state(conn, number) == "following"
    assert (
        await major.end(conn, number, facts={"what": "工资已支付"}, by="值班领导-0002", now=at("16 10:00"))
        == 4
    )
    shown = await major.show(conn, number)
    assert (shown.report.state, shown.report.closed_at) == ("final", at("16 10:00"))
    assert [(form.serial, form.form) for form in shown.forms] == [
        (1, "first"), (2, "follow"), (3, "follow"), (4, "final"),
    ]  # fmt: skip
    whom = [recipient for moment, recipient in await told(conn) if moment >= at("15 02:00")]
    assert whom == [DUTY, COUNTY, DUTY, COUNTY]  # who was told of it is told what came of it
    with pytest.raises(MajorClosed, match=r"closed \(final\)"):
        await major.follow(conn, number, facts=news, by="调查员-0103", now=at("16 11:00"))


async def test_a_false_alarm_ends_it_without_an_acknowledgement(
    conn: asyncpg.Connection, county: str
) -> None:
    number = (await raised(conn)).number
    await major.false_alarm(conn, number, reason="是庙会,不是聚集", by="值班领导-0002", now=at("14 23:58"))
    assert await state(conn, number) == "false_alarm"
    assert await major.climb_due(conn, at("15 09:00")) == 0
    assert await told(conn) == [(at(NIGHT), DUTY), (at("14 23:58"), DUTY)]


async def test_numbers_are_kept_out_of_forms_notices_and_events(conn: asyncpg.Connection, says: Says) -> None:
    case = (await says("14 23:40")).number
    number = (await raised(conn, case_number=case)).number
    await major.follow(conn, number, facts={"what": "打15400000009"}, by="调查员-0103", now=at("15 00:01"))
    for table in ("major_form", "notice", "case_event"):
        rows = await conn.fetch(f"SELECT t::text AS row FROM followup.{table} AS t")
        assert rows and not any("15400000009" in row["row"] for row in rows)


@pytest.mark.parametrize(
    ("more", "refusal", "words"),
    [
        ({"class_": "weather"}, UnknownMajorClass, "case_event, hazard, mass, extreme"),
        ({"facts": {"place": "柳河镇", "what": " "}}, MajorFactsMissing, "needs time, source, what"),
        ({"by": " "}, NobodyNamed, "say who does this"),
        ({"case_number": "991721-20260314-00099-1"}, CaseRefusal, "There is no case"),
    ],
)
async def test_what_is_no_report(
    conn: asyncpg.Connection, county: str, more: dict[str, Any], refusal: type[CaseRefusal], words: str
) -> None:
    with pytest.raises(refusal, match=words):
        await raised(conn, **more)
    assert await major.listed(conn, CENTRE) == []
    assert await told(conn) == []


async def test_what_is_not_possible(conn: asyncpg.Connection, county: str) -> None:
    with pytest.raises(UnknownCentre):
        await major.raise_report(conn, "990000", class_="mass", facts=CROWD, by="调查员-0103", now=at(NIGHT))
    with pytest.raises(UnknownMajor, match="minyi major list"):
        await major.show(conn, f"{CENTRE}-M20260314-07")
    number = (await raised(conn)).number
    with pytest.raises(LevelNotTold, match="Told so far: 1"):
        await major.acknowledge(conn, number, level=3, by="县委办", now=at("14 23:52"))
    with pytest.raises(NotAcknowledged, match="nobody has acknowledged it yet"):
        await major.end(conn, number, facts={"what": "已平息"}, by="值班领导-0002", now=at("14 23:53"))
    with pytest.raises(MajorFactsMissing):
        await major.false_alarm(conn, number, reason=" ", by="值班领导-0002", now=at("14 23:54"))
    assert await state(conn, number) == "sent"


async def test_its_case_waits_and_goes_on_where_it_was_taken_out(
    conn: asyncpg.Connection, says: Says
) -> None:
    case = (await says("14 23:40")).number
    report = await raised(conn, case_number=case)
    assert report.held
    assert await status(conn, case) == "major_hold"
    with pytest.raises(NotPossibleNow, match="major_hold"):
        await cases.submit(conn, case, by="审核员-0101", now=at("14 23:55"))
    with pytest.raises(MajorOpenAlready, match=report.number):
        await raised(conn, case_number=case)
    await major.acknowledge(conn, report.number, level=1, by="值班领导-0002", now=at("14 23:56"))
    await major.end(conn, report.number, facts={"what": "已平息"}, by="值班领导-0002", now=at("15 09:00"))
    assert await status(conn, case) == "accepted"
    case_id = await conn.fetchval("SELECT id FROM followup.case_file WHERE number = $1", case)
    assert [
        (event.event, event.from_status, event.to_status) for event in await events.events_of(conn, case_id)
    ] == [
        ("register", None, "registered"),
        ("report_major", "registered", "major_hold"),
        ("major_told", "major_hold", "major_hold"),
        ("major_acknowledged", "major_hold", "major_hold"),
        ("major_ended", "major_hold", "major_hold"),
        ("release_major", "major_hold", "accepted"),
    ]


async def test_a_case_with_the_office_is_not_dispatched_while_its_report_is_open(
    conn: asyncpg.Connection, says: Says
) -> None:
    case = (await says("14 20:00")).number
    await cases.accept(conn, case, by="审核员-0101", now=at("14 20:10"))
    await cases.submit(conn, case, by="审核员-0101", now=at("14 20:20"))
    report = await raised(conn, case_number=case)
    assert not report.held  # the table lets it wait only before it is with the office
    with pytest.raises(HeldByMajor, match=f"belongs to major report {report.number}"):
        await cases.dispatch(conn, case, lead=POLICE, by="督查室", now=at("15 00:05"))
    await major.false_alarm(conn, report.number, reason="误报", by="值班领导-0002", now=at("15 00:06"))
    await cases.dispatch(conn, case, lead=POLICE, by="督查室", now=at("15 00:07"))
    assert await status(conn, case) == "dispatched"


async def status(conn: asyncpg.Connection, number: str) -> str:
    one: str = await conn.fetchval("SELECT status FROM followup.case_file WHERE number = $1", number)
    return one


async def test_an_acknowledgement_and_the_ladder_never_pass_each_other(
    conn: asyncpg.Connection, pool: asyncpg.Pool, county: str
) -> None:
    number = (await raised(conn)).number

    async def acknowledges() -> None:
        async with pool.acquire() as other:
            await major.acknowledge(other, number, level=1, by="值班领导-0002", now=at("15 00:00"))

    async def climbs() -> None:
        async with pool.acquire() as other:
            await major.climb_due(other, at("15 00:00"))

    await asyncio.gather(acknowledges(), climbs(), climbs())
    before = await told(conn)
    assert before in (
        [(at(NIGHT), DUTY)],
        [(at(NIGHT), DUTY), (at("15 00:00"), COUNTY), (at("15 00:00"), DUTY)],
    )
    await major.climb_due(conn, at("15 12:00"))
    assert await told(conn) == before


STEPS = st.lists(
    st.tuples(st.integers(0, 45), st.sampled_from(["tick", "tick", "twice", "killed", "ack", "follow"])),
    max_size=14,
)


@given(STEPS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
async def test_any_order_of_ticks_acknowledgements_and_kills_loses_no_level(
    conn: asyncpg.Connection, county: str, steps: list[tuple[int, str]]
) -> None:
    """Minutes pass and something happens, again and again. A kill takes back a job that was about to commit."""
    outer = conn.transaction()
    await outer.start()
    try:
        number = (await raised(conn)).number
        now, acknowledged_at, looked_at = at(NIGHT), None, at(NIGHT)
        for minutes, what in steps:
            now += timedelta(minutes=minutes)
            if what == "killed":
                killed = conn.transaction()
                await killed.start()
                await major.climb_due(conn, now)
                await killed.rollback()
            elif what == "ack":
                (first, *_) = (await major.show(conn, number)).steps
                if first.ack_at is None:
                    await major.acknowledge(conn, number, level=1, by="值班领导-0002", now=now)
                    acknowledged_at = acknowledged_at or now
            elif what == "follow":
                await major.follow(conn, number, facts={"what": "新情况"}, by="调查员-0103", now=now)
            else:
                for _ in range(1 + (what == "twice")):
                    await major.climb_due(conn, now)
                if acknowledged_at is None:
                    looked_at = now
        shown = await major.show(conn, number)
        waited = (looked_at - at(NIGHT)) / timedelta(minutes=1)
        levels = [level for level, minute in ((1, 0), (2, 10), (3, 40), (4, 100)) if minute <= waited]
        assert [step.level for step in shown.steps] == levels
        assert all(one.sent_at <= other.sent_at for one, other in pairwise(shown.steps))
        if acknowledged_at is not None:
            assert all(step.last_at <= acknowledged_at for step in shown.steps)
            assert shown.report.next_at is None
        else:
            assert shown.report.next_at is not None and shown.report.next_at > looked_at
    finally:
        await outer.rollback()
