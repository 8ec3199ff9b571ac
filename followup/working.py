"""Used by the door `cases`: while a unit handles a case. Extension, parts of assisting units, the result and its proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

import asyncpg

from followup import bridging, clocks, moves, telling
from followup.casework import guards
from followup.casework.guards import Facts
from followup.casework.lifecycle import Event
from followup.casework.states import states
from followup.dispatching import check_lead
from followup.move_refusals import (
    ActionsMissing,
    ContactImpossible,
    NoBridgedCall,
    NotAnAssistant,
    ResultStands,
)
from followup.refusals import WordsWithNumbers
from followup.store import assignments, course, extension_requests, results
from followup.store.cases import CaseRow, Step
from followup.store.results import ResultRow
from survey.masking import without_numbers

Way = Literal["visit", "phone", "bridged", "text", "meeting"]
BRIDGED: Final = "bridged"
NAMED = "named"
SYSTEM = "system"
NO_CONTACT = "退回补充:没有联系群众的日期 no date of contact with the resident"


@dataclass(frozen=True)
class Contact:
    """That the unit spoke with the resident: when, and in which way. `bridged` is our own masked call, of which there
    must be a record.
    """

    at: datetime
    way: Way = "phone"


@dataclass(frozen=True)
class Reported:
    """What became of a result. `returned`: why it went straight back to the unit; None: the centre looks at it."""

    number: str
    round: int
    version: int
    proof: str
    returned: str | None = None

    def __str__(self) -> str:
        if self.returned:
            return f"Case {self.number}: the result went back at once: {self.returned}."
        return (
            f"Case {self.number}: the centre has the result of round {self.round} (version {self.version})."
        )


async def extend(
    conn: asyncpg.Connection,
    number: str,
    *,
    asked_by: str,
    reason: str,
    by: str,
    now: datetime,
    days: int | None = None,
) -> datetime:
    """The office grants the lead more time, once, before it is due; the resident is told. Until when it is due now.

    `days`: working days, at most and by default what the class may be extended by. Raises NotTheLead,
    NoExtensionInLaterRounds, NoExtensionForClass, ExtendedBefore, TooLateToExtend, ExtensionTooLong, ReasonMissing.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.EXTEND)
        facts = await moves.facts(conn, case)
        granted = guards.extension_days(facts) or 0
        moves.check(case, guards.extending(facts, now, days), days=days, granted=granted)
        await check_lead(conn, case, asked_by)
        words = moves.reason_in_words(case, Event.EXTEND, reason)
        assert case.due_at is not None  # the guard has looked
        more = days or granted
        office = await clocks.office(conn, case.centre_code)
        new_due = office.end_of_working_day(case.due_at, more)
        allowed = (case.limit_hours or 0) + more * office.day / timedelta(hours=1)
        detail = {
            "asked_by": asked_by,
            "days": more,
            "old_due": case.due_at.isoformat(),
            "new_due": new_due.isoformat(),
        }
        step = Step(status, case.round, new_due, allowed)
        await moves.write(conn, case, Event.EXTEND, step, by=by, at=now, reason=words, detail=detail)
        await course.insert_extension(
            conn,
            case.id,
            case.round,
            asked_by=asked_by,
            granted_by=by,
            reason=words,
            old_due=case.due_at,
            new_due=new_due,
            at=now,
        )
        await extension_requests.decide(conn, case.id, "granted", by=by, at=now)
        await assignments.extend_all(conn, case.id, case.round, new_due)
        due = telling.day(new_due)
        await telling.unit(conn, case, asked_by, "extension_granted", once="1", now=now, due=due)
        await telling.resident(conn, case, "result_due_told", once="1", now=now, due=due)
        return new_due


async def file_part(conn: asyncpg.Connection, number: str, *, by: str, words: str, now: datetime) -> None:
    """An assisting unit files its part, once a round. Raises NotAnAssistant, ReasonMissing."""
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.ASSIST_DONE)
        part = without_numbers(moves.reason_in_words(case, Event.ASSIST_DONE, words))
        if not await assignments.file_part(conn, case.id, case.round, by, part, now):
            raise NotAnAssistant(number=number, round=case.round, by=by)
        step = Step(status, case.round, case.due_at, case.limit_hours)
        await moves.write(conn, case, Event.ASSIST_DONE, step, by=by, at=now, reason=part)
        lead = await assignments.lead_of(conn, case.id, case.round)
        if lead:
            once = f"{case.round}:{by}"
            await telling.unit(conn, case, lead, "part_filed", once=once, now=now, unit=by)


async def report_result(
    conn: asyncpg.Connection,
    number: str,
    *,
    by: str,
    summary: str,
    now: datetime,
    claimed_contact: bool | None = None,
    contact: Contact | None = None,
    tried: Sequence[datetime] = (),
    actions: str | None = None,
    evidence: Sequence[str] = (),
    resident_view: str | None = None,
    parts_overridden: str | None = None,
) -> Reported:
    """The lead reports what was done (反馈); `summary` is what the resident will be told, in plain words.

    `contact`: when and how the unit spoke with the resident; a masked call of ours needs no word of it.
    `claimed_contact` is the short form: True says that it did so as it reports. `tried`: moments at which it tried
    in vain; enough of them on two days stand for a contact. A result with none of these goes straight back to the
    unit (R17), unless the case is confidential or anonymous, of which the unit knows nobody. `actions` are for the
    centre, by default the summary.
    `parts_overridden`: why the lead reports although mandatory parts are open.
    Raises NotTheLead, ReasonMissing for an empty summary, WordsWithNumbers, PartsOpen, PlanMissing,
    ContactImpossible, NoBridgedCall, ActionsMissing, ResultStands.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.SUBMIT_RESULT)
        words = moves.reason_in_words(case, Event.SUBMIT_RESULT, summary)
        if without_numbers(words) != words:
            raise WordsWithNumbers(number=number)
        await check_lead(conn, case, by)
        facts = await moves.facts(conn, case)
        why_without_parts = " ".join((parts_overridden or "").split())
        broken = guards.reporting(facts, override=bool(why_without_parts))
        moves.check(case, broken, units=", ".join(facts.open_parts))
        bridged_at = await bridging.proof(conn, case, by)
        spoken = _spoken(contact, bridged_at, now if claimed_contact else None)
        _check_contact(case, spoken, bridged_at, now)
        if actions is not None and not actions.strip():
            raise ActionsMissing(number=number)
        result = ResultRow(
            case_id=case.id,
            round=case.round,
            unit_code=by,
            reported_at=now,
            result_summary=words,
            claimed_contact=spoken is not None,
            accepted_at=None,
            contact_at=spoken.at if spoken else None,
            contact_way=spoken.way if spoken else None,
            proof=proof_of(case, spoken, bridged_at, tried),
            actions=without_numbers(actions or words),
            evidence=tuple(without_numbers(one) for one in evidence),
            resident_view=without_numbers(resident_view) if resident_view else None,
            parts_overridden=why_without_parts or None,
        )
        return await _report(conn, case, status, facts, result, now)


async def _report(
    conn: asyncpg.Connection, case: CaseRow, status: str, facts: Facts, result: ResultRow, now: datetime
) -> Reported:
    version = await results.insert_result(conn, result)
    if version is None:
        raise ResultStands(number=case.number, round=case.round)
    step = Step(status, case.round, limit_hours=case.limit_hours)
    detail = {
        "version": version,
        "proof": result.proof,
        "contact_at": result.contact_at.isoformat() if result.contact_at else None,
        "contact_way": result.contact_way,
        "actions": result.actions,
        "evidence": list(result.evidence),
        "resident_view": result.resident_view,
        "open_parts": list(facts.open_parts),
        "parts_overridden": result.parts_overridden,
        "late": bool(case.due_at and now > case.due_at),
    }
    await moves.write(
        conn,
        case,
        Event.SUBMIT_RESULT,
        step,
        by=result.unit_code,
        at=now,
        reason=result.result_summary,
        detail=detail,
    )
    if result.proof != "none":
        return Reported(case.number, case.round, version, result.proof)
    await return_incomplete(conn, case.number, by=SYSTEM, reason=NO_CONTACT, now=now)
    return Reported(case.number, case.round, version, result.proof, NO_CONTACT)


def _spoken(
    contact: Contact | None, bridged_at: datetime | None, as_it_reports: datetime | None
) -> Contact | None:
    """What the unit says of its contact, or what our own call shows without its word."""
    if contact is not None:
        return contact
    if bridged_at is not None:
        return Contact(bridged_at, BRIDGED)
    return Contact(as_it_reports) if as_it_reports else None


def proof_of(
    case: CaseRow, contact: Contact | None, bridged_at: datetime | None, tried: Sequence[datetime]
) -> str:
    """What stands for the contact with the resident: bridged, waived, claimed, tried or none. Only our own record of a
    masked call makes it bridged.
    """
    if bridged_at is not None:
        return BRIDGED
    if case.anonymity != NAMED:
        return "waived"
    if contact is not None:
        return "claimed"
    days = {telling.day(moment) for moment in tried}
    enough = len(tried) >= states().contact_tried_times and len(days) > 1
    return "tried" if enough else "none"


def _check_contact(
    case: CaseRow, contact: Contact | None, bridged_at: datetime | None, now: datetime
) -> None:
    if contact is None:
        return
    if contact.way == BRIDGED and bridged_at is None:
        raise NoBridgedCall(number=case.number, round=case.round)
    if not case.received_at <= contact.at <= now:
        at = telling.hour(contact.at)
        raise ContactImpossible(number=case.number, at=at, round=case.round)


async def return_incomplete(
    conn: asyncpg.Connection, number: str, *, by: str, reason: str, now: datetime
) -> None:
    """The result goes back to be completed (退回补充); the time to handle the case runs on. Raises ReasonMissing."""
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.RETURN_INCOMPLETE)
        words = moves.reason_in_words(case, Event.RETURN_INCOMPLETE, reason)
        due_at = await assignments.handle_by(conn, case.id, case.round)
        step = Step(status, case.round, due_at, case.limit_hours)
        await moves.write(conn, case, Event.RETURN_INCOMPLETE, step, by=by, at=now, reason=words)
        version = await results.return_result(conn, case.id, case.round, now, words)
        lead = await assignments.lead_of(conn, case.id, case.round)
        if lead:
            await telling.unit(
                conn, case, lead, "supplement", once=f"{case.round}:{version}", now=now, reason=words
            )
