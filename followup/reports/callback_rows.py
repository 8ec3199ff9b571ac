"""The callbacks of a centre as the report counts them: one row each, with the unit that gave the result, as they
stood at a moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import asyncpg

from survey.periods import Period


@dataclass(frozen=True)
class CallbackLine:
    """One callback. `attempts` are calls and invitations in contacts that covered it; `answers` the first rating.
    What begins with "verified" comes from the call that a flag by text brings. `day`: on which it became due, in the
    area of its centre."""

    number: str
    round: int
    unit_ref: str | None
    unit_code: str
    unit_zh: str
    status: str
    accepted_at: datetime | None
    settled_at: datetime | None
    mode: str | None
    attempts: int
    reached: bool
    answers: Mapping[str, Any]
    words: str | None
    verdict: str | None
    reasons: tuple[str, ...]
    flagged: bool
    decision: str | None
    decision_reason: str | None
    decision_due_at: datetime | None
    decision_post: str | None
    told_text: str | None
    claimed_contact: bool
    case_open: bool
    verify_outcome: str | None = None
    verified_by: str | None = None
    verified_answers: Mapping[str, Any] = field(default_factory=dict)
    verified_at: datetime | None = None
    decided_at: datetime | None = None
    day: date | None = None

    def code(self, question_id: str) -> str | None:
        """The code that was given to a question; None where it was not asked or not answered by a code."""
        value = self.answers.get(question_id)
        given = value[0] if isinstance(value, list) else value
        return given if isinstance(given, str) else None


# attempts by unit and by contact apart: with an OR between them each callback would look at every attempt there is
SELECT_CALLBACKS = """
SELECT c.number, b.round, b.unit_ref, coalesce(r.unit_code, s.unit_code, '') AS unit_code,
       coalesce(n.name_zh, r.unit_code, s.unit_code, '') AS unit_zh, b.status, r.accepted_at, b.settled_at,
       b.mode,
       (SELECT count(*) FROM (
           SELECT t.id FROM survey.attempt t WHERE t.unit_id = w.id AND t.counts AND t.dialing_at <= $4
           UNION SELECT t.id FROM survey.interview i JOIN survey.attempt t ON t.contact_id = i.contact_id
           WHERE i.unit_id = w.id AND t.counts AND t.dialing_at <= $4) o)::int AS attempts,
       b.status = 'settled' AND b.verdict NOT IN ('closed_unreached', 'wrong_person', 'closed_unrated') AS
       reached,
       coalesce(b.answers, '{}') AS answers, b.words, b.verdict, b.reasons, b.flagged, b.decision,
       b.decision_reason,
       b.decision_due_at, b.decision_post, b.told_text, coalesce(r.claimed_contact, false) AS claimed_contact,
       c.closed_at IS NULL OR c.closed_at > $4 AS case_open, b.verify_outcome, b.verified_by,
       coalesce(b.verified_answers, '{}') AS verified_answers, b.verified_at, b.decided_at,
       (b.created_at AT TIME ZONE z.tz)::date AS day
FROM followup.callback b
JOIN followup.case_file c ON c.id = b.case_id
JOIN survey.centre k ON k.code = c.centre_code
JOIN survey.area z ON z.code = k.area_code
LEFT JOIN survey.sample_unit w ON w.ref = b.unit_ref
LEFT JOIN followup.result r ON r.case_id = b.case_id AND r.round = b.round
LEFT JOIN followup.assignment s ON s.case_id = b.case_id AND s.round = b.round AND s.role = 'lead'
LEFT JOIN followup.unit n ON n.code = coalesce(r.unit_code, s.unit_code)
WHERE c.centre_code = $1 AND b.created_at <= $4
  AND ((b.created_at AT TIME ZONE z.tz)::date BETWEEN $2 AND $3
       OR (b.flagged AND b.settled_at <= $4 AND (b.decided_at IS NULL OR b.decided_at > $4)))
  AND ($5::text IS NULL OR coalesce(r.unit_code, s.unit_code) = $5)
ORDER BY c.number, b.round"""


async def callback_lines(
    conn: asyncpg.Connection,
    centre_code: str,
    period: Period,
    cut_off: datetime,
    *,
    unit: str | None = None,
) -> list[CallbackLine]:
    """Callbacks of a centre that became due in the period, those that were not suitable too, and every flag that waited for its
    decision at `cut_off`; as they stood then; by case and round. `unit`: of its results alone."""
    rows = await conn.fetch(SELECT_CALLBACKS, centre_code, period.first, period.last, cut_off, unit)
    return [as_of(CallbackLine(**{**row, "reasons": tuple(row["reasons"])}), cut_off) for row in rows]


def as_of(line: CallbackLine, cut_off: datetime) -> CallbackLine:
    """A callback without what came after `cut_off`: an answer, a decision, a verification call."""
    if line.settled_at is not None and line.settled_at > cut_off:
        return replace(
            line, status="pending", settled_at=None, mode=None, reached=False, answers={}, words=None, verdict=None,
            reasons=(), flagged=False, decision=None, decision_reason=None, decision_due_at=None, decision_post=None,
            told_text=None, verify_outcome=None, verified_by=None, verified_answers={}, verified_at=None, decided_at=None,
        )  # fmt: skip
    if line.decided_at is not None and line.decided_at > cut_off:
        line = replace(line, decision=None, decision_reason=None, decided_at=None)
    if line.verified_at is not None and line.verified_at > cut_off:
        line = replace(line, verify_outcome=None, verified_by=None, verified_answers={}, verified_at=None)
    return line


@dataclass(frozen=True)
class CentreNames:
    """Names of a centre and the time zone of its area."""

    code: str
    name_zh: str
    name_en: str
    tz: str


SELECT_CENTRE = """
SELECT c.code, c.name_zh, c.name_en, a.tz FROM survey.centre c JOIN survey.area a ON a.code = c.area_code
WHERE c.code = $1"""


async def centre_names(conn: asyncpg.Connection, centre_code: str) -> CentreNames:
    """Raises LookupError for an unknown centre."""
    row = await conn.fetchrow(SELECT_CENTRE, centre_code)
    if row is None:
        raise LookupError(
            f"There is no centre {centre_code}; import or create it before asking for its report."
        )
    return CentreNames(**row)
