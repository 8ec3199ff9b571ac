"""One move of a case: decided by the table, written once guarded by the state it leaves, with its event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import asyncpg

from followup import clocks
from followup.casework import lifecycle, states
from followup.casework.guards import Facts, Rule
from followup.move_refusals import BROKEN_RULES
from followup.refusals import NotPossibleNow, ReasonMissing, SomebodyWasFirst, UnknownCase
from followup.store import cases, course, events
from followup.store.cases import CaseRow, Step
from followup.store.events import EventRow


async def read(conn: asyncpg.Connection, number: str) -> CaseRow:
    """The case of this number. Raises UnknownCase."""
    case = await cases.case_by_number(conn, number)
    if case is None:
        raise UnknownCase(number=number)
    return case


async def read_still(conn: asyncpg.Connection, number: str) -> CaseRow:
    """The case of this number, which nobody moves until the transaction ends: for events that tell and move nothing,
    and must name the state that the case is in. Raises UnknownCase.
    """
    await cases.hold_still(conn, number)
    return await read(conn, number)


def target(case: CaseRow, event: str) -> str:
    """Where `event` leads from where the case is. Raises NotPossibleNow, which names what is possible."""
    to = lifecycle.target(case.status, event, case.round)
    if to is None:
        allowed = ", ".join(lifecycle.allowed(case.status, case.round)) or "nothing, it is closed"
        raise NotPossibleNow(
            number=case.number, status=case.status, round=case.round, event=event, allowed=allowed
        )
    return to


async def facts(conn: asyncpg.Connection, case: CaseRow) -> Facts:
    """What the guards of a case look at."""
    row = await course.course_of(conn, case.id)
    return Facts(
        round=case.round,
        case_class=case.kind,
        due_at=case.due_at,
        closed_at=case.closed_at,
        returned_by=frozenset(row.returned_by),
        disputes=row.disputes,
        let_go=frozenset(row.let_go),
        extended=row.extended,
        open_parts=row.open_parts,
        complex=row.complex,
        planned=row.planned,
        led=row.led,
    )


def check(case: CaseRow, broken: Rule | None, **more: object) -> None:
    """Raises the refusal that says which rule the case breaks; None: it breaks none."""
    if broken is not None:
        raise BROKEN_RULES[broken](number=case.number, round=case.round, due_at=_local(case.due_at), **more)


def _local(moment: datetime | None) -> str:
    return moment.isoformat(timespec="minutes") if moment else "none"


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

    A step without a due time gets that of the state it leads to: whatever is open has a running clock.
    Raises SomebodyWasFirst if the case is not where it was read.
    """
    if step.due_at is None:
        step = replace(step, due_at=states.due(step.status, at, await clocks.office(conn, case.centre_code)))
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
