"""Who handles a case: dispatch in two steps, returns and who decides them, changes of lead, parts of assisting units."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import asyncpg
import pytest
from case_walks import COORDINATOR, OFFICE, REVIEWER, Walk
from followup_appeals import DIRECTOR
from followup_county import CENTRE, POLICE, TOWN, WATER, at
from followup_residents import state

from followup import cases, reading
from followup.move_refusals import (
    AnotherOffice,
    JointlyDecided,
    LeadReturnedIt,
    NotAnAssistant,
    NotYetJointly,
    OnlyJointly,
    PartsOpen,
    PlanMissing,
    ReturnedBefore,
    SameLead,
    SignWindowOver,
    UnknownOffice,
    UnknownSuggestion,
)
from followup.refusals import NotTheLead, SecondSignerMissing
from survey.vault import Vault

WHY = "不属本单位职责"


@pytest.fixture
def walk(conn: asyncpg.Connection, vault: Vault, wang_fang: int, tokens: Callable[[], str]) -> Walk:
    return Walk(conn, vault, wang_fang, tokens)


async def told(walk: Walk, template: str) -> list[str]:
    """To whom a notice is owed."""
    rows = await walk.conn.fetch(
        "SELECT recipient FROM followup.notice WHERE template = $1 ORDER BY id", template
    )
    return [row["recipient"] for row in rows]


async def leads(walk: Walk) -> list[tuple[int, str, str]]:
    shown = await reading.passport(walk.conn, walk.number)
    return sorted((one.round, one.role, one.unit_code) for one in shown.assignments)


async def give_back(walk: Walk, by: str, suggested: str) -> None:
    walk.now += timedelta(minutes=5)
    await walk.verb(cases.give_back, by=by, reason=WHY, suggested=suggested)


async def test_the_centre_names_the_office_and_that_office_dispatches(walk: Walk) -> None:
    await walk.come_to("accepted")
    with pytest.raises(UnknownOffice, match=r"party .* or government"):
        await walk.verb(cases.submit, by=REVIEWER, office="city")
    assert await walk.verb(cases.submit, by=REVIEWER, office="party") == "party"
    case = (await reading.passport(walk.conn, walk.number)).case
    assert (case.status, case.office, case.due_at) == ("submitted", "party", at("3 18:00"))
    assert await told(walk, "case_submitted") == [f"office:party:{CENTRE}"]
    with pytest.raises(AnotherOffice, match="lies with the party office, not with the government one"):
        await walk.verb(cases.dispatch, lead=POLICE, by=OFFICE, office="government")
    walk.now = at("4 09:00")
    await walk.verb(cases.dispatch, lead=POLICE, assists=[TOWN], by=OFFICE, office="party")
    (waited,) = await cases.dispatch_times(walk.conn, CENTRE, now=walk.now)
    assert (waited.office, waited.submitted_at, waited.dispatched_at) == (
        "party",
        at("2 09:00"),
        at("4 09:00"),
    )
    assert await told(walk, "dispatched") == [f"unit:{POLICE}", f"unit:{TOWN}"]


async def test_a_case_about_an_official_goes_to_the_partys_office(walk: Walk) -> None:
    from case_walks import _register

    await _register(walk, criticised_unit=WATER)
    await walk.do("accept")
    assert await walk.verb(cases.submit, by=REVIEWER) == "party"


async def test_a_return_names_a_reason_and_another_unit_while_there_is_time(walk: Walk) -> None:
    await walk.come_to("dispatched")
    for suggested in (POLICE, "991721-moon"):
        with pytest.raises(UnknownSuggestion):
            await walk.verb(cases.give_back, by=POLICE, reason=WHY, suggested=suggested)
    with pytest.raises(NotTheLead):
        await walk.verb(cases.give_back, by=TOWN, reason=WHY, suggested=WATER)
    walk.now = at("2 11:31")  # two working hours after 09:20
    with pytest.raises(SignWindowOver, match="the time to sign ended 2026-03-02T"):
        await walk.verb(cases.give_back, by=POLICE, reason=WHY, suggested=WATER)
    walk.now = at("2 11:00")
    await give_back(walk, POLICE, WATER)
    assert await state(walk.conn, walk.number) == "return_review, round 1"
    assert await told(walk, "case_returned") == [f"office:government:{CENTRE}"]


async def test_a_return_that_is_denied_must_be_signed(walk: Walk) -> None:
    await walk.come_to("return_review")
    with pytest.raises(NotYetJointly, match="the supervision office decides alone"):
        await walk.verb(cases.decide_jointly, lead=WATER, reason="核定", by=OFFICE, second_by=COORDINATOR)
    await walk.do("deny_return")
    assert await told(walk, "return_denied") == [f"unit:{POLICE}"]
    with pytest.raises(ReturnedBefore, match=f"{POLICE} has returned it once"):
        await give_back(walk, POLICE, WATER)
    await walk.do("sign")
    assert await state(walk.conn, walk.number) == "in_progress, round 1"


async def test_a_return_that_is_allowed_goes_to_another_unit(walk: Walk) -> None:
    await walk.come_to("return_review")
    await walk.do("allow_return")
    with pytest.raises(LeadReturnedIt, match=f"{POLICE} has returned it, and that was allowed"):
        await walk.verb(cases.dispatch, lead=POLICE, by=OFFICE)
    await walk.verb(cases.dispatch, lead=WATER, by=OFFICE)
    assert await leads(walk) == [(1, "assist", TOWN), (1, "former", POLICE), (1, "lead", WATER)]


async def test_the_second_dispute_is_decided_by_two_and_ends_it(walk: Walk) -> None:
    await walk.come_to("return_review a second time")
    for alone in (cases.allow_return, cases.deny_return):
        with pytest.raises(OnlyJointly, match="second dispute"):
            await walk.verb(alone, reason="核定", by=OFFICE)
    with pytest.raises(SecondSignerMissing):
        await walk.verb(cases.decide_jointly, lead=POLICE, reason="核定", by=OFFICE, second_by=OFFICE)
    await walk.verb(cases.decide_jointly, lead=POLICE, reason="属地治安", by=OFFICE, second_by=COORDINATOR)
    assert await leads(walk) == [(1, "assist", TOWN), (1, "former", WATER), (1, "lead", POLICE)]
    event = (await reading.passport(walk.conn, walk.number)).events[-1]
    assert (event.event, event.reason) == ("decide_jointly", f"属地治安 ({COORDINATOR} signed too)")
    with pytest.raises(JointlyDecided, match="decided together"):
        await give_back(walk, POLICE, WATER)


async def test_the_office_changes_the_lead_of_a_redispatch_within_the_time_to_sign(walk: Walk) -> None:
    await walk.come_to("redispatch_review")
    await walk.do("redispatch")
    with pytest.raises(SameLead, match=f"{POLICE} leads it already"):
        await walk.verb(cases.change_lead, lead=POLICE, reason="另派", by=OFFICE)
    await walk.do("change_lead")
    assert (2, "former", POLICE) in await leads(walk)
    assert (2, "lead", WATER) in await leads(walk)
    event = (await reading.passport(walk.conn, walk.number)).events[-1]
    assert event.detail is not None
    assert (event.detail["from_lead"], event.detail["lead"]) == (POLICE, WATER)
    assert await told(walk, "lead_changed") == [f"unit:{POLICE}"]
    walk.now += timedelta(days=1)
    with pytest.raises(SignWindowOver, match="change_lead is for that time only"):
        await walk.verb(cases.change_lead, lead=POLICE, reason="再改", by=OFFICE)
    assert await state(walk.conn, walk.number) == "dispatched, round 2"


async def test_coordination_reassigns_a_signed_case_and_its_time_runs_on(walk: Walk) -> None:
    await walk.come_to("in_progress")
    due = (await reading.passport(walk.conn, walk.number)).case.due_at
    walk.now = at("4 10:00")
    await walk.do("reassign_lead")
    await walk.do("sign")
    shown = await reading.passport(walk.conn, walk.number)
    assert (shown.case.status, shown.case.due_at) == ("in_progress", due)
    assert [e.detail and e.detail.get("lead") for e in shown.events if e.event == "reassign_lead"] == [WATER]


async def test_a_lead_waits_for_the_parts_that_are_needed_or_says_why_not(walk: Walk) -> None:
    await walk.come_to("submitted")
    await walk.verb(cases.dispatch, lead=POLICE, assists=[WATER], mandatory=[TOWN], by=OFFICE)
    await walk.do("sign")
    with pytest.raises(PartsOpen, match=f"the parts of {TOWN} are open"):
        await walk.do("submit_result")
    with pytest.raises(NotAnAssistant):
        await walk.verb(cases.file_part, by=POLICE, words="已办")
    await walk.do("assist_done")
    with pytest.raises(NotAnAssistant, match="or has filed its part"):
        await walk.do("assist_done")
    assert await told(walk, "part_filed") == [f"unit:{POLICE}"]
    await walk.do("submit_result")
    assert await state(walk.conn, walk.number) == "result_review, round 1"


async def test_a_lead_reports_without_a_part_and_the_reason_is_kept(walk: Walk) -> None:
    await walk.come_to("submitted")
    await walk.verb(cases.dispatch, lead=POLICE, mandatory=[TOWN], by=OFFICE)
    await walk.do("sign")
    await walk.verb(
        cases.report_result,
        by=POLICE,
        summary="已装路灯",
        contact=cases.Contact(walk.now, "visit"),
        parts_overridden="镇里已口头答复",
    )
    (result,) = (await reading.passport(walk.conn, walk.number)).results
    assert result.parts_overridden == "镇里已口头答复"


async def test_a_complex_case_and_a_third_round_have_a_leader_and_a_plan(walk: Walk) -> None:
    await walk.come_to("submitted")
    with pytest.raises(PlanMissing, match="一案一策"):
        await walk.verb(cases.dispatch, lead=POLICE, by=OFFICE, complex_=True)
    await walk.verb(
        cases.dispatch, lead=POLICE, by=OFFICE, complex_=True, leader="副局长李强", plan="专班办理"
    )
    case = (await reading.passport(walk.conn, walk.number)).case
    assert (case.limit_hours, case.due_at) == (15 * 7, at("3 18:00"))
    row = await walk.conn.fetchrow("SELECT owner_leader, plan FROM followup.case_plan")
    assert tuple(row) == ("副局长李强", "专班办理")


async def test_a_third_round_is_not_reported_without_a_plan(walk: Walk) -> None:
    await walk.come_to("redispatch_review")
    for event in ("redispatch", "sign", "submit_result", "accept_result", "callback_flagged"):
        await walk.do(event)
    await walk.do("redispatch")
    await walk.do("sign")
    with pytest.raises(PlanMissing, match="from the third round on"):
        await walk.do("submit_result")
    await walk.do("plan")
    await walk.do("submit_result")
    assert await state(walk.conn, walk.number) == "result_review, round 3"


async def test_the_meeting_raises_a_case_with_a_leader_and_a_plan(walk: Walk) -> None:
    await walk.come_to("adjudication")
    await walk.do("meeting_dispatch")
    assert await state(walk.conn, walk.number) == "dispatched, round 4"
    assert (4, "lead", WATER) in await leads(walk)
    assert await told(walk, "meeting_copy") == [f"office:government:{CENTRE}"]
    shown = await reading.passport(walk.conn, walk.number)
    assert [one.decision for one in shown.callbacks] == ["redispatch"] * 3
    walk.lead = WATER
    await walk.do("sign")
    await walk.do("submit_result")  # the plan of the meeting is the plan


async def test_the_meeting_explains_and_the_resident_is_told(walk: Walk) -> None:
    await walk.come_to("adjudication")
    await walk.do("meeting_explain")
    assert await state(walk.conn, walk.number) == "closed_explained, round 3, closed_explained"
    assert await told(walk, "explanation") == [f"resident:{walk.number}"]
    event = (await reading.passport(walk.conn, walk.number)).events[-1]
    assert (event.actor, event.detail) == (DIRECTOR, {"minutes": "会商纪要第9期"})
    owed = await walk.conn.fetchrow("SELECT ground, second_by, told_at FROM followup.explanation")
    assert tuple(owed) == (
        "by_the_meeting",
        "会商纪要第9期",
        None,
    )  # it counts as told only when it has arrived
