"""What a unit reports and what becomes of it: proof of contact, supplements, extension, promises, opinions, endings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import asyncpg
import pytest
from case_walks import OFFICE, REVIEWER, SEED, Walk
from followup_appeals import DIRECTOR
from followup_county import CENTRE, POLICE, at
from followup_residents import state, unit_of

from followup import bridging, cases, reading
from followup.move_refusals import (
    ContactImpossible,
    ExtendedBefore,
    ExtensionTooLong,
    NoBridgedCall,
    NoExtensionInLaterRounds,
    NotAnOpinion,
    PromiseNotAhead,
    PromiseNotDue,
    TooLateToExtend,
)
from followup.refusals import NotPossibleNow, SecondSignerMissing, WordsWithNumbers
from survey.enrolling import NewPerson, enrol_persons
from survey.vault import Vault


@pytest.fixture
def walk(conn: asyncpg.Connection, vault: Vault, wang_fang: int, tokens: Callable[[], str]) -> Walk:
    return Walk(conn, vault, wang_fang, tokens)


async def told(walk: Walk, template: str) -> list[str]:
    rows = await walk.conn.fetch(
        "SELECT recipient FROM followup.notice WHERE template = $1 ORDER BY id", template
    )
    return [row["recipient"] for row in rows]


async def test_a_result_without_a_contact_goes_straight_back(walk: Walk) -> None:
    await walk.come_to("in_progress")
    due = (await reading.passport(walk.conn, walk.number)).case.due_at
    reported = await walk.verb(cases.report_result, by=POLICE, summary="已修", claimed_contact=False)
    assert str(reported) == (
        f"Case {walk.number}: the result went back at once: "
        "退回补充:没有联系群众的日期 no date of contact with the resident."
    )
    shown = await reading.passport(walk.conn, walk.number)
    assert [(e.event, e.to_status, e.actor) for e in shown.events[-2:]] == [
        ("submit_result", "result_review", POLICE),
        ("return_incomplete", "in_progress", "system"),
    ]
    assert (shown.case.status, shown.case.due_at) == ("in_progress", due)  # its time runs on
    assert await told(walk, "supplement") == [f"unit:{POLICE}"]
    again = await walk.verb(
        cases.report_result, by=POLICE, summary="已修好", contact=cases.Contact(walk.now, "phone")
    )
    assert str(again) == f"Case {walk.number}: the centre has the result of round 1 (version 2)."
    (result,) = (await reading.passport(walk.conn, walk.number)).results
    assert (result.version, result.proof, result.returned_at) == (2, "claimed", None)


async def test_three_tries_on_two_days_stand_for_a_contact(walk: Walk) -> None:
    await walk.come_to("in_progress")
    walk.now = at("4 10:00")
    same_day = [at("4 08:40"), at("4 09:00"), at("4 09:30")]
    short = await walk.verb(cases.report_result, by=POLICE, summary="已修", tried=same_day)
    assert short.returned is not None
    tried = [at("3 09:00"), at("3 16:00"), at("4 09:00")]
    kept = await walk.verb(cases.report_result, by=POLICE, summary="已修", tried=tried)
    assert (kept.returned, kept.proof) == (None, "tried")
    (result,) = (await reading.passport(walk.conn, walk.number)).results
    assert result.claimed_contact is False


@pytest.mark.parametrize("anonymity", ["confidential", "named"])
async def test_nobody_need_reach_whom_they_do_not_know(walk: Walk, anonymity: str) -> None:
    from case_walks import PATHS, _register

    await _register(walk, anonymity=anonymity)
    for event in PATHS["in_progress"][1:]:
        await walk.do(event)
    reported = await walk.verb(cases.report_result, by=POLICE, summary="已修")
    assert reported.proof == {"confidential": "waived", "named": "none"}[anonymity]


async def test_our_own_masked_call_is_the_proof_and_nothing_else_is_one(walk: Walk) -> None:
    await walk.come_to("in_progress")
    said = cases.Contact(walk.now, "bridged")
    with pytest.raises(NoBridgedCall, match="no masked call of this unit"):
        await walk.verb(cases.report_result, by=POLICE, summary="已修", contact=said)
    bridge = await bridging.request(walk.conn, walk.number, unit=POLICE, now=walk.now, tokens=walk.tokens)
    await bridging.begin(walk.conn, bridge.ref, now=walk.now)
    await bridging.end(walk.conn, bridge.ref, seconds=95, now=walk.now + timedelta(minutes=3))
    walk.now += timedelta(minutes=10)
    reported = await walk.verb(cases.report_result, by=POLICE, summary="已修")
    (result,) = (await reading.passport(walk.conn, walk.number)).results
    assert (reported.proof, result.claimed_contact, result.contact_way) == ("bridged", True, "bridged")


async def test_a_result_says_no_number_and_no_contact_to_come(walk: Walk) -> None:
    await walk.come_to("in_progress")
    with pytest.raises(WordsWithNumbers):
        await walk.verb(cases.report_result, by=POLICE, summary="已联系15400000001", claimed_contact=True)
    tomorrow = cases.Contact(walk.now + timedelta(days=1))
    with pytest.raises(ContactImpossible, match="it lies after the report"):
        await walk.verb(cases.report_result, by=POLICE, summary="已修", contact=tomorrow)


async def test_the_centre_asks_for_a_supplement(walk: Walk) -> None:
    await walk.come_to("result_review")
    await walk.do("return_incomplete")
    assert await state(walk.conn, walk.number) == "in_progress, round 1"
    await walk.do("submit_result")
    (result,) = (await reading.passport(walk.conn, walk.number)).results
    assert (result.version, result.evidence) == (2, ("照片2张",))
    await walk.do("accept_result")
    identity = (await reading.circle(walk.conn, CENTRE)).identities[0]
    assert str(identity) == "results received 1 = callbacks created 1 + not suitable 0"


async def test_an_extension_is_granted_once_before_it_is_due_and_told(walk: Walk) -> None:
    await walk.come_to("in_progress")
    with pytest.raises(ExtensionTooLong, match="6 working days are more than the 5"):
        await walk.verb(cases.extend, asked_by=POLICE, reason="雨", by=OFFICE, days=6)
    due = await walk.verb(cases.extend, asked_by=POLICE, reason="雨天不能施工", by=OFFICE)
    assert due == at("23 18:00")  # five working days after Monday the 16th
    case = (await reading.passport(walk.conn, walk.number)).case
    assert (case.due_at, case.limit_hours) == (due, 15 * 7)
    assert await told(walk, "result_due_told") == [f"resident:{walk.number}"]
    with pytest.raises(ExtendedBefore, match="It stays due 2026-03-23"):
        await walk.verb(cases.extend, asked_by=POLICE, reason="雨", by=OFFICE)


async def test_no_extension_after_the_time_nor_in_a_later_round(walk: Walk) -> None:
    await walk.come_to("redispatch_review")
    await walk.do("redispatch")
    await walk.do("sign")
    with pytest.raises(NoExtensionInLaterRounds, match="only the first round"):
        await walk.verb(cases.extend, asked_by=POLICE, reason="雨", by=OFFICE)
    other = Walk(walk.conn, walk.vault, walk.person_id, walk.tokens)
    await other.come_to("in_progress")
    other.now = at("16 18:01")
    with pytest.raises(TooLateToExtend):
        await other.verb(cases.extend, asked_by=POLICE, reason="雨", by=OFFICE)


async def test_a_promise_is_told_and_called_back_on_its_date(walk: Walk) -> None:
    await walk.come_to("result_review")
    for until in (walk.now, walk.now + timedelta(days=181)):
        with pytest.raises(PromiseNotAhead):
            await walk.verb(cases.promise, until=until, words="雨停后安装", by=REVIEWER)
    await walk.do("promise")
    assert await told(walk, "promised") == [f"resident:{walk.number}"]
    with pytest.raises(PromiseNotDue, match="promised for 2026-03-09T"):
        await walk.verb(cases.promise_due, tokens=walk.tokens, seed=SEED)
    assert await cases.keep_promises(walk.conn, now=at("9 09:59"), tokens=walk.tokens, seed=SEED) == 0
    assert await cases.keep_promises(walk.conn, now=at("9 10:00"), tokens=walk.tokens, seed=SEED) == 1
    assert await cases.keep_promises(walk.conn, now=at("9 10:00"), tokens=walk.tokens, seed=SEED) == 0
    assert await state(walk.conn, walk.number) == "callback_pending, round 1"
    facts = await walk.conn.fetchval(
        "SELECT facts ->> 'result' FROM survey.sample_unit WHERE ref = $1",
        await unit_of(walk.conn, walk.number, 1),
    )
    assert facts == "已装路灯两盏"


@pytest.mark.parametrize(
    ("event", "ending"),
    [("adopt", "adopted"), ("adopt_partly", "partly_adopted"), ("not_adopt", "not_adopted")],
)
async def test_a_suggestion_is_answered_and_told(walk: Walk, event: str, ending: str) -> None:
    await walk.come_to("result_review of a suggestion")
    await walk.do(event)
    assert await state(walk.conn, walk.number) == f"{ending}, round 1, {ending}"
    assert await told(walk, ending) == [f"resident:{walk.number}"]
    identity = (await reading.circle(walk.conn, CENTRE)).identities[0]
    assert str(identity) == "results received 0 = callbacks created 0 + not suitable 0"


async def test_a_complaint_is_neither_adopted_nor_not(walk: Walk) -> None:
    await walk.come_to("result_review")
    with pytest.raises(NotAnOpinion, match="only opinions and suggestions are adopted or not"):
        await walk.do("adopt")


async def test_a_callback_that_waits_is_called_off_when_it_is_not_suitable(walk: Walk) -> None:
    await walk.come_to("callback_pending")
    with pytest.raises(SecondSignerMissing):
        await walk.verb(
            cases.close_unsuitable,
            ground="death",
            reason="当事人去世",
            by=REVIEWER,
            second_by=f" {REVIEWER} ",
        )
    await walk.do("not_suitable")
    unit = await walk.conn.fetchval(
        "SELECT status FROM survey.sample_unit WHERE ref = $1", await unit_of(walk.conn, walk.number, 1)
    )
    assert unit == "done"
    await walk.take()  # what survey says of the unit that was taken back changes nothing
    assert (await walk.stand())[0] == "callback_not_suitable"
    identity = (await reading.circle(walk.conn, CENTRE)).identities[0]
    assert str(identity) == "results received 1 = callbacks created 0 + not suitable 1"
    event = (await reading.passport(walk.conn, walk.number)).events[-1]
    assert event.detail == {"ground": "minor", "signed_by": [REVIEWER, DIRECTOR]}


async def test_another_number_is_called_about_the_same_result(walk: Walk) -> None:
    await walk.come_to("wrong_person")
    (son,) = await enrol_persons(walk.conn, walk.vault, [NewPerson("+8615400000009", "王强", 1990)])
    walk.person_id = son
    await walk.do("new_number")
    assert await state(walk.conn, walk.number) == "callback_pending, round 1"
    assert (await reading.passport(walk.conn, walk.number)).case.person_id == son
    await walk.do("callback_closed")
    assert await state(walk.conn, walk.number) == "closed, round 1, closed"
    identities = [str(one) for one in (await reading.circle(walk.conn, CENTRE)).identities[:2]]
    assert identities == [
        "results received 1 = callbacks created 1 + not suitable 0",
        "due 1 = reached 1 + unreached 0 + unrated 0 + waiting 0",
    ]


async def test_where_no_number_is_found_the_end_is_not_reached(walk: Walk) -> None:
    await walk.come_to("wrong_person")
    await walk.do("no_new_number")
    assert await state(walk.conn, walk.number) == "closed_unreached, round 1, closed_unreached"


async def test_two_reports_at_once_have_one_effect(pool: asyncpg.Pool, walk: Walk) -> None:
    import asyncio

    await walk.come_to("in_progress")

    async def report(words: str) -> object:
        async with pool.acquire() as one:
            return await cases.report_result(
                one, walk.number, by=POLICE, summary=words, claimed_contact=True, now=walk.now
            )

    outcomes = await asyncio.gather(report("甲"), report("乙"), report("丙"), return_exceptions=True)
    assert sum(isinstance(one, cases.Reported) for one in outcomes) == 1
    for refused in (one for one in outcomes if isinstance(one, BaseException)):
        assert walk.number in str(refused)
    assert len((await reading.passport(walk.conn, walk.number)).results) == 1
    with pytest.raises(NotPossibleNow, match='"submit_result" is not possible'):
        await walk.verb(cases.report_result, by=POLICE, summary="丁", claimed_contact=True)
