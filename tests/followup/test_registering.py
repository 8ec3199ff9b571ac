"""What residents raise becomes cases: by telephone, in the street, by text, from elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta

import asyncpg
import pytest
from followup_appeals import DARK, Says
from followup_county import CENTRE, POLICE, at
from followup_residents import said_in_survey

from followup import appeals, callbacks, reading, registering
from followup.appeals import NewAppeal, SafeContact
from followup.refusals import (
    AppealIncomplete,
    AppealWrong,
    ExternalNumberKnown,
    RepeatsAlready,
    RepeatsItself,
    UnknownCentre,
)
from followup.store import appeals as rows
from survey.store.pool import connection

Tokens = Callable[[], str]


async def test_an_appeal_by_telephone(conn: asyncpg.Connection, says: Says) -> None:
    said = await says()
    assert (said.number, said.short_number, said.similar) == ("991721-20260309-00001-4", "0001", ())
    assert len(said.query_code) == 8
    case = (await reading.passport(conn, said.number)).case
    assert (case.source, case.status, case.category, case.duty_no, case.kind) == (
        "inbound",
        "registered",
        "0106",
        1,
        "report",
    )
    assert (case.content, case.first_handler) == ("村口路灯坏了半个月,晚上不敢走,我的电话〔号码〕", "0103")
    row = await rows.appeal_of(conn, case.id)
    assert row is not None
    assert (row.title, row.place, row.occurred_at, row.group_size, row.consented_at) == (
        "村口路灯不亮",
        "王庄村村口老槐树下",
        at("1 19:00"),
        1,
        at("9 09:40"),
    )
    (event,) = (await reading.passport(conn, said.number)).events
    assert (event.event, event.actor, event.to_status) == ("register", "调查员-0103", "registered")
    assert event.detail == {
        "source": "inbound",
        "first_handler": "0103",
        "category": "0106",
        "duty_no": 1,
        "kind": "report",
        "anonymity": "named",
        "consent": True,
        "policies": {"categories": 2},
    }


@pytest.mark.parametrize("source", ["outbound", "inbound", "text", "visit", "import", "api"])
async def test_every_source_shows_in_the_case(conn: asyncpg.Connection, says: Says, source: str) -> None:
    said = await says(source=source)
    assert (await reading.passport(conn, said.number)).case.source == source


async def test_one_refusal_names_everything_that_is_missing(
    conn: asyncpg.Connection, county: str, tokens: Tokens
) -> None:
    nothing = NewAppeal(centre_code=CENTRE, source="visit")
    with pytest.raises(AppealIncomplete) as refused:
        await appeals.register(conn, nothing, by="调查员-0103", now=at("9 09:40"), tokens=tokens)
    assert str(refused.value) == (
        "The appeal lacks content (诉求内容), place (地点), area (所属区域), category (类别), consent (同意登记), "
        "resident (诉求人), first handler (首问责任人). Ask for that and register it again."
    )
    assert await conn.fetchval("SELECT count(*) FROM followup.case_file") == 0


@pytest.mark.parametrize("consent", [None, False])
async def test_without_the_residents_consent_nothing_is_registered(says: Says, consent: bool | None) -> None:
    with pytest.raises(AppealIncomplete) as refused:
        await says(consent=consent)
    assert str(refused.value) == "The appeal lacks consent (同意登记). Ask for that and register it again."


async def test_one_refusal_names_everything_that_cannot_be(conn: asyncpg.Connection, says: Says) -> None:
    with pytest.raises(AppealWrong) as refused:
        await says(
            source="fax",
            category="01",
            duty_no=9,
            area_code="110000",
            criticised_unit="110000-police",
            group_size=0,
            occurred_at=at("10 08:00"),
            contact=SafeContact(since=time(20), until=time(9)),
        )
    assert str(refused.value) == (
        "The appeal cannot be registered as it stands: source fax is none of outbound, inbound, text, visit, import, "
        "api; category 01 is no leaf of the category tree, which has four digits; duty 9 is fulfilled by campaigns, "
        "not by cases; area 110000 is no area of centre 991721; criticised unit 110000-police is no unit of centre "
        "991721; contact hours begin before they end; group size is at least 1; it cannot have happened later than "
        "now. Correct that and register it again."
    )
    assert await conn.fetchval("SELECT count(*) FROM followup.case_file") == 0


async def test_an_unknown_centre_is_named(says: Says) -> None:
    with pytest.raises(UnknownCentre) as refused:
        await says(centre_code="991799")
    assert str(refused.value) == (
        "There is no centre 991799 in this database. Seed the areas and centres, or check the code."
    )


async def test_an_anonymous_appeal_has_nobody_on_file(conn: asyncpg.Connection, says: Says) -> None:
    with pytest.raises(AppealWrong) as refused:
        await says(anonymity="anonymous", contact=SafeContact(no_texts=True))
    assert str(refused.value) == (
        "The appeal cannot be registered as it stands: an anonymous appeal has no resident on file; leave the person "
        "out, or take it as confidential; an anonymous appeal has no way of contact; its query code is the only one. "
        "Correct that and register it again."
    )
    said = await says(anonymity="anonymous", person_id=None)
    case = (await reading.passport(conn, said.number)).case
    assert (case.anonymity, case.person_id) == ("anonymous", None)


async def test_the_same_matter_within_thirty_days_is_pointed_out(
    says: Says,
) -> None:
    first = await says()
    again = await says("12 10:00", title="路灯还是不亮")
    assert [(one.number, one.title, one.status) for one in again.similar] == [
        (first.number, "村口路灯不亮", "registered")
    ]
    other = await says("12 10:05", category="0802", title="焚烧秸秆")
    assert other.similar == ()


@pytest.mark.parametrize(("days", "found"), [(30, 1), (31, 0)])
async def test_thirty_days_and_no_more(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens, days: int, found: int
) -> None:
    appeal = replace(DARK, person_id=wang_fang)
    await appeals.register(conn, appeal, by="0103", now=at("9 09:40"), tokens=tokens)
    later = at("9 09:40") + timedelta(days=days)
    again = await appeals.register(conn, appeal, by="0103", now=later, tokens=tokens)
    assert len(again.similar) == found


async def test_a_person_links_the_repeat_and_both_live_on(conn: asyncpg.Connection, says: Says) -> None:
    first, second, third = [await says(f"{day} 10:00") for day in (9, 10, 11)]
    by = {"by": "审核员-0101", "now": at("11 11:00")}
    assert await appeals.link_repeat(conn, second.number, of=first.number, **by) == first.number
    assert await appeals.link_repeat(conn, third.number, of=second.number, **by) == first.number
    with pytest.raises(RepeatsItself) as circle:
        await appeals.link_repeat(conn, first.number, of=third.number, **by)
    assert str(circle.value) == (
        f"Case {first.number} cannot repeat {third.number}: that is itself, a later part of itself, or another "
        "centre's. Name another one."
    )
    with pytest.raises(RepeatsAlready) as twice:
        await appeals.link_repeat(conn, second.number, of=first.number, **by)
    assert str(twice.value) == (
        f"Case {second.number} points at an earlier case already. `minyi case show {second.number}` names it."
    )
    assert [one.number for one in await appeals.similar(conn, second.number, now=at("11 11:00"))] == [
        third.number,
        first.number,
    ]
    shown = await reading.passport(conn, third.number)
    assert shown.case.status == "registered"
    assert shown.events[-1].detail == {"repeat_of": first.number}


async def test_the_other_systems_number_comes_once(says: Says) -> None:
    await says(source="api", external_number="12345-77")
    with pytest.raises(ExternalNumberKnown) as refused:
        await says(source="api", external_number="12345-77")
    assert str(refused.value) == (
        "Centre 991721 has a case with the other system's number 12345-77 already. Look that one up instead."
    )


@pytest.mark.parametrize("handler", [None, "0199"])
async def test_who_was_asked_first_stays(conn: asyncpg.Connection, says: Says, handler: str | None) -> None:
    said = await says()
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        async with conn.transaction():
            await conn.execute(
                "UPDATE followup.case_file SET first_handler = $2 WHERE number = $1", said.number, handler
            )
    assert (await reading.passport(conn, said.number)).case.first_handler == "0103"


async def test_a_question_is_due_on_the_next_working_day(conn: asyncpg.Connection, says: Says) -> None:
    said = await says("13 16:00", category="1502", content="请问低保政策怎么规定")  # a Friday
    case = (await reading.passport(conn, said.number)).case
    assert (case.kind, case.duty_no, case.due_at) == ("consult", 7, at("16 18:00"))


async def test_more_than_a_tenth_of_other_matters_asks_the_office_once(
    conn: asyncpg.Connection, says: Says
) -> None:
    for _ in range(18):
        await says()
    for _ in range(2):
        await says(category="9999")
    to_staff = "SELECT recipient, template, facts FROM followup.notice WHERE template <> 'registered'"
    assert await conn.fetch(to_staff) == []
    for _ in range(2):
        await says(category="9999")
    asked = await conn.fetch(to_staff)
    assert [tuple(row) for row in asked] == [
        (
            "post:office_director:991721",
            "classify_again",
            {"others": "3", "cases": "21", "percent": "14.3"},
        )
    ]


async def test_a_survey_interview_becomes_one_case_and_nobody_can_tell_which_later(
    conn: asyncpg.Connection, wang_fang: int, tokens: Tokens
) -> None:
    await said_in_survey(conn, wang_fang, at("9 09:40"), "村口没有路灯", wants=True)
    await callbacks.take_finished(conn, now=at("9 09:40"), real_now=lambda: at("9 09:40"), tokens=tokens)
    case = (await reading.case_list(conn, CENTRE))[0]
    shown = (await reading.passport(conn, case.number)).case
    assert shown.first_handler == "centre"
    row = await rows.appeal_of(conn, shown.id)
    assert row is not None
    assert (row.title, row.place) == ("村口没有路灯", "王庄村")
    assert await conn.fetchval("SELECT case_id FROM followup.interview_case") == shown.id

    due = at("9 09:40") + timedelta(days=60)
    assert await registering.forget_interviews(conn, due - timedelta(seconds=1)) == 0
    assert await registering.forget_interviews(conn, due) == 1
    assert await registering.forget_interviews(conn, due) == 0
    assert await conn.fetchval("SELECT case_id FROM followup.interview_case") is None
    await conn.execute("UPDATE survey.outbox SET consumed = false")
    await conn.execute("DELETE FROM followup.inbox")
    again = await callbacks.take_finished(conn, now=due, real_now=lambda: due, tokens=tokens)
    assert (again.rows, again.registered) == (1, 0)


async def test_the_criticised_may_be_a_unit_or_the_centre_itself(
    conn: asyncpg.Connection, says: Says
) -> None:
    police = await says(category="0601", criticised_unit=POLICE)
    centre = await says(category="0601", criticised_unit=CENTRE)
    found = {}
    for said in (police, centre):
        case = (await reading.passport(conn, said.number)).case
        row = await rows.appeal_of(conn, case.id)
        assert row is not None
        found[said.number] = (case.criticised_unit, row.criticised_centre)
    assert found == {police.number: (POLICE, False), centre.number: (None, True)}


async def test_two_people_who_link_two_cases_both_ways_make_no_circle(
    conn: asyncpg.Connection, says: Says, database: str
) -> None:
    one, two = (await says()).number, (await says("10 10:00")).number
    told = {"by": "审核员-0101", "now": at("11 11:00")}
    async with connection(database, application_name="the other") as other:
        done = await asyncio.gather(
            appeals.link_repeat(conn, one, of=two, **told),
            appeals.link_repeat(other, two, of=one, **told),
            return_exceptions=True,
        )
    assert sorted(type(result).__name__ for result in done) == ["RepeatsItself", "str"]
    linked = await conn.fetchval("SELECT count(*) FROM followup.appeal WHERE repeat_of IS NOT NULL")
    assert linked == 1


@pytest.mark.parametrize(
    ("since", "until"), [(time(6), time(8)), (time(12), time(14)), (time(20, 28), time(23))]
)
async def test_safe_hours_leave_time_for_a_call(says: Says, since: time, until: time) -> None:
    with pytest.raises(AppealWrong) as refused:
        await says(contact=SafeContact(since=since, until=until))
    assert str(refused.value) == (
        "The appeal cannot be registered as it stands: contact hours leave no time in which anybody is rung, which "
        "is 09:00-12:00, 14:00-20:30. Correct that and register it again."
    )


@pytest.mark.parametrize(
    ("contact", "landline", "told"),
    [
        (SafeContact(), False, ["registered:991721-20260309-00001-4:1"]),
        (SafeContact(no_texts=True), False, []),
        (SafeContact(), True, []),
    ],
)
async def test_whoever_takes_texts_is_told_the_number_and_the_code_once(
    conn: asyncpg.Connection,
    says: Says,
    wang_fang: int,
    contact: SafeContact,
    landline: bool,
    told: list[str],
) -> None:
    """The others hear it from whoever registers it."""
    await conn.execute("UPDATE survey.person SET landline = $2 WHERE id = $1", wang_fang, landline)
    said = await says(contact=contact)
    owed = await conn.fetch("SELECT cause, recipient FROM followup.notice")
    assert [row["cause"] for row in owed] == told
    assert {row["recipient"] for row in owed} <= {f"resident:{said.number}"}
