"""DOOR: accountability records (问责): who answers for a case, at which level, on what ground (domain.md R16, R36)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from followup import moves
from followup.casework.accountability import accountability, finding
from followup.refusals import ReasonMissing
from followup.store import accountability as rows
from followup.store import assignments, events
from followup.store.accountability import AccountabilityRow
from followup.store.cases import CaseRow
from followup.store.events import EventRow
from followup.time_refusals import (
    FalseClosingNotDecided,
    NobodyAccountable,
    SameApprover,
    UnknownBasis,
    UnknownLevel,
)
from survey.policies import packaged

__all__ = ["AccountabilityRow", "file", "records"]

EVENT = "accountability"
FALSE_CLOSE = "false_close"


async def file(
    conn: asyncpg.Connection,
    number: str,
    *,
    level: str,
    basis: str,
    persons: Sequence[str],
    decision: str,
    by: str,
    approved_by: str,
    now: datetime,
) -> AccountabilityRow:
    """File a record on the lead of the case's round, in any state of the case; it is never changed.

    Raises UnknownCase, UnknownLevel, UnknownBasis, NobodyAccountable, ReasonMissing without a decision,
    SameApprover, FalseClosingNotDecided.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        _check_names(case, level, basis)
        named = tuple(person.strip() for person in persons if person.strip())
        if not named:
            raise NobodyAccountable(number=number)
        words = " ".join(decision.split())
        if not words or not by.strip():
            raise ReasonMissing(number=number, event=EVENT)
        if approved_by.strip() in ("", by.strip()):
            raise SameApprover(number=number, by=by.strip())
        if basis == FALSE_CLOSE and not await rows.false_closing_decided(conn, case.id):
            raise FalseClosingNotDecided(number=number)
        zh, en = finding(basis, level)
        record = AccountabilityRow(
            case.id,
            case.round,
            level,
            basis,
            await assignments.lead_of(conn, case.id, case.round),
            named,
            zh,
            en,
            words,
            by.strip(),
            approved_by.strip(),
            now,
            packaged("followup.casework", "accountability").version,
        )
        await rows.insert_accountability(conn, record)
        await events.insert_events(conn, [_event(case, record)])
    return record


async def records(conn: asyncpg.Connection, number: str) -> Sequence[AccountabilityRow]:
    """The records of a case, oldest first. Raises UnknownCase."""
    case = await moves.read(conn, number)
    return await rows.records_of(conn, case.id)


def _check_names(case: CaseRow, level: str, basis: str) -> None:
    policy = accountability()
    if level not in policy.levels:
        raise UnknownLevel(number=case.number, level=level or "nothing", known=", ".join(policy.levels))
    if basis not in policy.bases:
        raise UnknownBasis(number=case.number, basis=basis or "nothing", known=", ".join(policy.bases))


def _event(case: CaseRow, record: AccountabilityRow) -> EventRow:
    detail = {
        "level": record.level,
        "basis": record.basis,
        "unit": record.unit_code,
        "persons": list(record.persons),
        "approved_by": record.approved_by,
        "policy_version": record.policy_version,
    }
    return EventRow(
        case.id, case.round, EVENT, case.status, case.status, record.filed_by, record.decision,
        record.filed_at, detail,
    )  # fmt: skip
