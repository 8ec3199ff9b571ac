"""What residents do with their case: they withdraw it, object to its end; and what is quiet is put away for good."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import asyncpg
import pytest
from case_walks import PATHS, Walk
from followup_appeals import DIRECTOR, SUPERVISOR
from followup_county import CENTRE, POLICE, WATER, at
from followup_residents import state

from followup import callbacks, cases, reading
from followup.casework.lifecycle import CLOSED
from followup.move_refusals import (
    HasALead,
    NothingToCheck,
    NotQuietYet,
    ObjectionTooLate,
    UnknownChannel,
    UnknownOutcome,
    UnknownProof,
    UnknownQueryCode,
)
from followup.refusals import CaseRefusal, NotPossibleNow
from survey.vault import Vault

MONTH = timedelta(days=30)


@pytest.fixture
def walk(conn: asyncpg.Connection, vault: Vault, wang_fang: int, tokens: Callable[[], str]) -> Walk:
    return Walk(conn, vault, wang_fang, tokens)


async def test_a_withdrawal_needs_its_proof(walk: Walk) -> None:
    await walk.come_to("submitted")
    for proof, ref in (("word", "1"), ("recording", " ")):
        with pytest.raises(UnknownProof, match="recording or text, with its reference"):
            await walk.verb(cases.withdraw, proof=proof, ref=ref, reason="自己解决了")
    assert await walk.verb(cases.withdraw, proof="text", ref="sms-1", reason="自己解决了") is None
    event = (await reading.passport(walk.conn, walk.number)).events[-1]
    assert event.detail == {
        "proof": "text", "ref": "sms-1", "unit_contact_at": None, "pressure_check_by": None,
    }  # fmt: skip
    assert await walk.conn.fetchval("SELECT count(*) FROM followup.notice WHERE recipient LIKE 'unit:%'") == 0


async def test_a_withdrawal_after_the_unit_called_is_asked_about(walk: Walk) -> None:
    await walk.come_to("callback_pending")  # the unit visited at 09:45
    due = await walk.verb(cases.withdraw, proof="recording", ref="rec-1", reason="算了")
    assert due == at("3 18:00")
    (check,) = await cases.pressure_checks(walk.conn, CENTRE)
    assert (check.number, check.due_at) == (walk.number, due)
    due_identity = str((await reading.circle(walk.conn, CENTRE)).identities[1])
    assert due_identity == "due 1 = reached 0 + unreached 0 + unrated 1 + waiting 0"
    with pytest.raises(UnknownOutcome, match="Choose from free, pressed, unreached"):
        await walk.verb(cases.check_pressure, outcome="maybe", words="-", by=SUPERVISOR)
    await walk.verb(cases.check_pressure, outcome="free", words="自愿的", by=SUPERVISOR)
    with pytest.raises(NothingToCheck):
        await walk.verb(cases.check_pressure, outcome="free", words="自愿的", by=SUPERVISOR)
    assert await cases.pressure_checks(walk.conn, CENTRE) == []
    assert (await walk.stand())[0] == "closed_withdrawn"


async def test_who_withdrew_before_the_callback_may_object_and_goes_out_again(walk: Walk) -> None:
    await walk.come_to("callback_pending")
    for event in ("withdraw", "object", "redispatch"):
        await walk.do(event)
    assert await walk.stand() == ("dispatched", 2)


async def test_a_day_later_nobody_asks(walk: Walk) -> None:
    await walk.come_to("callback_pending")
    walk.now += timedelta(hours=25)
    assert await walk.verb(cases.withdraw, proof="recording", ref="rec-1", reason="算了") is None


async def test_who_was_pressed_to_withdraw_is_heard(walk: Walk) -> None:
    await walk.come_to("in_progress")
    spoke = walk.now - timedelta(hours=2)
    await walk.verb(cases.withdraw, proof="recording", ref="rec-1", reason="算了", unit_contact_at=spoke)
    status = await walk.verb(cases.check_pressure, outcome="pressed", words="让我撤的", by=SUPERVISOR)
    assert status == "redispatch_review"
    decided = await walk.verb(callbacks.confirm, by=SUPERVISOR, reason="属实")
    assert (decided.decision, decided.round, decided.lead) == ("redispatch", 2, POLICE)


async def test_a_withdrawal_decides_the_flag_that_waits(walk: Walk) -> None:
    await walk.come_to("redispatch_review")
    await walk.do("withdraw")
    (callback,) = (await reading.passport(walk.conn, walk.number)).callbacks
    assert (callback.decision, callback.decided_by, callback.verdict) == ("withdrawn", "resident", "flagged")
    assert await callbacks.escalate_waiting(walk.conn, walk.now + timedelta(days=9)) == 0


@pytest.mark.parametrize("ending", CLOSED)
async def test_every_end_can_be_objected_to_for_thirty_days(walk: Walk, ending: str) -> None:
    assert ending in PATHS
    await walk.come_to(ending)
    closed_at = (await reading.passport(walk.conn, walk.number)).case.closed_at
    assert closed_at is not None
    walk.now = closed_at + MONTH + timedelta(minutes=1)
    with pytest.raises(ObjectionTooLate, match="objections are taken for 30 days"):
        await walk.verb(cases.object_to, channel="phone", words="不服")
    walk.now = closed_at + MONTH
    with pytest.raises(UnknownChannel):
        await walk.verb(cases.object_to, channel="pigeon", words="不服")
    await walk.verb(cases.object_to, channel="phone", words="不服,电话15400000001")
    row = await walk.conn.fetchrow(
        "SELECT words, from_status, decision_post, decision_due_at IS NOT NULL FROM followup.objection"
    )
    assert tuple(row) == ("不服,电话〔号码〕", ending, "supervisor", True)
    assert (await walk.stand())[0] == "redispatch_review"
    led = ending != "closed_withdrawn"  # that one was withdrawn before any unit had it
    await walk.do("redispatch" if led else "hand_up")
    assert await walk.stand() == (("dispatched", 2) if led else ("submitted", 1))


async def test_the_query_code_is_enough_to_object(walk: Walk) -> None:
    await walk.come_to("closed")
    code = (await reading.passport(walk.conn, walk.number)).case.query_code
    with pytest.raises(UnknownQueryCode, match="no case under that query code"):
        await cases.object_by_query_code(walk.conn, "NOSUCHCD", words="还是不亮", now=walk.now)
    status = await cases.object_by_query_code(walk.conn, f" {code.lower()} ", words="还是不亮", now=walk.now)
    assert status == "redispatch_review"


async def test_an_objection_goes_on_to_the_next_post_and_gets_one_decision(walk: Walk) -> None:
    await walk.come_to("closed")
    rating = (await reading.passport(walk.conn, walk.number)).callbacks
    walk.now = at("3 10:00")
    await walk.verb(cases.object_to, channel="phone", words="还是不亮")
    for moment, post in (
        (at("3 16:29"), "supervisor"),
        (at("3 16:30"), "deputy"),
        (at("4 10:00"), "director"),
    ):
        await cases.escalate_objections(walk.conn, moment)
        assert await walk.conn.fetchval("SELECT decision_post FROM followup.objection") == post
    walk.now = at("4 11:00")
    await walk.verb(callbacks.confirm, by=DIRECTOR, reason="属实")
    assert await walk.stand() == ("dispatched", 2)
    assert (await reading.passport(walk.conn, walk.number)).callbacks == rating
    row = await walk.conn.fetchrow("SELECT decision, decided_by, decision_due_at FROM followup.objection")
    assert tuple(row) == ("redispatch", DIRECTOR, None)


async def test_an_objection_where_no_unit_ever_was_goes_to_the_office(walk: Walk) -> None:
    await walk.come_to("redispatch_review without a lead")
    with pytest.raises(CaseRefusal, match="has no lead in round 1"):
        await walk.verb(callbacks.confirm, by=SUPERVISOR, reason="属实")
    assert await walk.verb(cases.hand_up, reason="属实", by=SUPERVISOR) == "government"
    await walk.verb(cases.dispatch, lead=WATER, by="督查室")
    assert await walk.stand() == ("dispatched", 1)


async def test_an_objection_with_a_lead_goes_to_that_lead(walk: Walk) -> None:
    await walk.come_to("closed")
    await walk.do("object")
    with pytest.raises(HasALead, match="it goes out to that unit again"):
        await walk.verb(cases.hand_up, reason="属实", by=SUPERVISOR)


async def test_what_is_quiet_for_thirty_days_is_put_away_for_good(walk: Walk) -> None:
    await walk.come_to("closed")
    closed_at = (await reading.passport(walk.conn, walk.number)).case.closed_at
    assert closed_at is not None
    walk.now = closed_at + timedelta(days=29)
    with pytest.raises(NotQuietYet, match="its quiet days end 2026-04-01T"):
        await walk.verb(cases.archive)
    assert await cases.archive_quiet(walk.conn, now=closed_at + MONTH - timedelta(seconds=1)) == 0
    assert await cases.archive_quiet(walk.conn, now=closed_at + MONTH) == 1
    assert await cases.archive_quiet(walk.conn, now=closed_at + MONTH) == 0
    assert await state(walk.conn, walk.number) == "archived, round 1, closed"
    with pytest.raises(NotPossibleNow, match="Possible now: nothing, it is closed"):
        await walk.verb(cases.object_to, channel="phone", words="不服")
    for statement in (
        "UPDATE followup.case_file SET content = 'x'",
        "DELETE FROM followup.case_file",
        "UPDATE followup.case_file SET status = 'registered'",
        "UPDATE followup.assignment SET role = 'assist'",
        "DELETE FROM followup.result",
        "UPDATE followup.result SET result_summary = 'x'",
    ):
        with pytest.raises(asyncpg.RestrictViolationError, match="archived"):
            await walk.conn.execute(statement)


async def test_something_that_happened_since_keeps_a_case_out_of_the_archive(walk: Walk) -> None:
    await walk.come_to("callback_pending")
    await walk.do("withdraw")
    closed_at = walk.now
    assert await cases.archive_quiet(walk.conn, now=closed_at + MONTH) == 0  # somebody is to ask first
    walk.now = closed_at + timedelta(days=20)
    await walk.verb(cases.check_pressure, outcome="free", words="自愿的", by=SUPERVISOR)
    assert await cases.archive_quiet(walk.conn, now=closed_at + MONTH) == 0
    assert await cases.archive_quiet(walk.conn, now=walk.now + MONTH) == 1


async def test_two_supervisors_at_once_take_one_decision_on_an_objection(
    pool: asyncpg.Pool, walk: Walk
) -> None:
    await walk.come_to("closed")
    await walk.do("object")

    async def decide(by: str) -> object:
        async with pool.acquire() as one:
            return await callbacks.confirm(one, walk.number, by=by, reason="属实", now=walk.now)

    outcomes = await asyncio.gather(decide("督办员-0102"), decide("督办员-0103"), return_exceptions=True)
    assert sum(isinstance(one, callbacks.Decided) for one in outcomes) == 1
    (refused,) = [one for one in outcomes if isinstance(one, BaseException)]
    assert isinstance(refused, CaseRefusal) and walk.number in str(refused)
    assert await walk.stand() == ("dispatched", 2)
