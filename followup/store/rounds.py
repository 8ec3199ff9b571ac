"""Reading the rounds of cases: each callback with its rating and the decision on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg


@dataclass(frozen=True)
class CallbackRow:
    """The callback of one round, as it stands. `answers` (the first rating) are [code, words] by question.

    `verify_unit_ref` names the verification call that a flag by text brought; what begins with "verified" is
    what it came to, None as long as it is not over.
    """

    case_id: int
    round: int
    status: str
    created_at: datetime
    settled_at: datetime | None
    interview_id: int | None
    mode: str | None
    reached: bool | None
    told_at: datetime | None
    told_text: str | None
    answers: dict[str, Any] | None
    words: str | None
    verdict_line: int | None
    verdict: str | None
    reasons: tuple[str, ...]
    flagged: bool
    counted_as: str | None
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None
    decision_due_at: datetime | None
    decision_post: str | None
    waits_since: datetime | None
    verify_unit_ref: str | None
    verified_at: datetime | None
    verified_answers: dict[str, Any] | None
    verified_by_mode: str | None
    verified_by: str | None
    verify_outcome: str | None


SELECT_CALLBACKS = """
SELECT case_id, round, status, created_at, settled_at, interview_id, mode, reached, told_at, told_text,
    answers, words, verdict_line, verdict, reasons, flagged, counted_as, decision, decided_by, decided_at,
    decision_reason, decision_due_at, decision_post, waits_since, verify_unit_ref, verified_at,
    verified_answers, verified_by_mode, verified_by, verify_outcome
FROM followup.callback WHERE case_id = $1 ORDER BY round"""


async def callbacks_of(conn: asyncpg.Connection, case_id: int) -> list[CallbackRow]:
    """The callbacks of all rounds of a case."""
    rows = await conn.fetch(SELECT_CALLBACKS, case_id)
    return [CallbackRow(**{**row, "reasons": tuple(row["reasons"])}) for row in rows]


SELECT_UNIT_REF = "SELECT unit_ref FROM followup.callback WHERE case_id = $1 AND round = $2"


async def unit_ref_of(conn: asyncpg.Connection, case_id: int, round_: int) -> str | None:
    """The sample unit through which the resident was asked about a round; None: nobody was."""
    ref: str | None = await conn.fetchval(SELECT_UNIT_REF, case_id, round_)
    return ref


@dataclass(frozen=True)
class CaseLine:
    """One case in a list."""

    number: str
    source: str
    status: str
    ending: str | None
    round: int
    category: str
    content: str
    received_at: datetime
    due_at: datetime | None


SELECT_CASES = """
SELECT number, source, status, ending, round, category, content, received_at, due_at
FROM followup.case_file
WHERE centre_code = $1 AND ($2::text[] IS NULL OR status = ANY($2)) AND (NOT $3 OR ending IS NULL)
ORDER BY number LIMIT $4"""


async def case_lines(
    conn: asyncpg.Connection, centre_code: str, statuses: list[str] | None, open_only: bool, limit: int
) -> list[CaseLine]:
    """Cases of a centre by number; `statuses` None means any."""
    return [CaseLine(**r) for r in await conn.fetch(SELECT_CASES, centre_code, statuses, open_only, limit)]


@dataclass(frozen=True)
class FlaggedLine:
    """A flagged callback, with what the resident said and whose decision it waits for."""

    number: str
    source: str
    external_number: str | None
    case_status: str
    round: int
    settled_at: datetime
    mode: str | None
    reasons: tuple[str, ...]
    words: str | None
    told_text: str | None
    decision: str | None
    decision_post: str | None
    decision_due_at: datetime | None
    verify_outcome: str | None


SELECT_FLAGGED = """
SELECT c.number, c.source, c.external_number, c.status AS case_status, b.round, b.settled_at, b.mode,
    b.reasons, b.words, b.told_text, b.decision, b.decision_post, b.decision_due_at,
    b.verify_outcome
FROM followup.callback AS b JOIN followup.case_file AS c ON c.id = b.case_id
WHERE c.centre_code = $1 AND b.flagged AND (NOT $2 OR b.decision IS NULL)
ORDER BY c.number, b.round"""


async def flagged_lines(conn: asyncpg.Connection, centre_code: str, waiting_only: bool) -> list[FlaggedLine]:
    """Flagged callbacks of a centre by case number; only those without a decision if `waiting_only`."""
    rows = await conn.fetch(SELECT_FLAGGED, centre_code, waiting_only)
    return [FlaggedLine(**{**row, "reasons": tuple(row["reasons"])}) for row in rows]
