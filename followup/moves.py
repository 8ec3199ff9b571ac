"""One move of a case: decided by the table, written once guarded by the state it leaves, with its event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg

from followup.casework import lifecycle
from followup.refusals import NotPossibleNow, ReasonMissing, SomebodyWasFirst, UnknownCase
from followup.store import cases, events
from followup.store.cases import CaseRow, Step
from followup.store.events import EventRow


async def read(conn: asyncpg.Connection, number: str) -> CaseRow:
    """The case of this number. Raises UnknownCase."""
    case = await cases.case_by_number(conn, number)
    if case is None:
        raise UnknownCase(number=number)
    return case


def target(case: CaseRow, event: str) -> str:
    """Where `event` leads from where the case is. Raises NotPossibleNow, which names what is possible."""
    to = lifecycle.target(case.status, event, case.round)
    if to is None:
        allowed = ", ".join(lifecycle.allowed(case.status, case.round)) or "nothing, it is closed"
        raise NotPossibleNow(
            number=case.number, status=case.status, round=case.round, event=event, allowed=allowed
        )
    return to


async def write(
    conn: asyncpg.Connection,
    case: CaseRow,
    event: str,
    step: Step,
    *,
    by: str,
    at: datetime,
    reason: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Move the case as decided; `detail` are further facts, kept with the event.

    Raises SomebodyWasFirst if the case is not where it was read.
    """
    if not await cases.advance(conn, case.id, [case.status], case.round, step):
        raise SomebodyWasFirst(number=case.number, status=case.status, round=case.round)
    event_row = EventRow(case.id, step.round, event, case.status, step.status, by, reason, at, detail)
    await events.insert_events(conn, [event_row])


def reason_in_words(case: CaseRow, event: str, reason: str) -> str:
    """The reason, trimmed. Raises ReasonMissing."""
    words = " ".join(reason.split())
    if not words:
        raise ReasonMissing(number=case.number, event=event)
    return words
