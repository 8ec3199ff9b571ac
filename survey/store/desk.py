"""What an operator's desk reads: the attempt in hand, the person's history, who is next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

HOLD_DESK = """
SELECT pg_advisory_xact_lock(hashtextextended('desk ' || $1, 0))"""


async def hold(conn: Any, operator: str) -> None:
    """One request of a desk at a time, until the transaction ends: a double click takes one person."""
    await conn.execute(HOLD_DESK, operator)


SELECT_OPEN_ATTEMPT_OF = """
SELECT ref FROM survey.attempt WHERE operator = $1 AND status <> 'ended' AND NOT on_sheet ORDER BY id LIMIT 1"""


async def open_attempt_of(conn: Any, operator: str) -> str | None:
    """The attempt this operator has in hand."""
    ref: str | None = await conn.fetchval(SELECT_OPEN_ATTEMPT_OF, operator)
    return ref


SELECT_STANDING = """
SELECT (SELECT ref FROM survey.attempt WHERE operator = $1 AND status <> 'ended' AND NOT on_sheet ORDER BY id LIMIT 1) AS in_hand,
       coalesce((SELECT state <> 'off' FROM survey.linked_operator WHERE operator = $1), false) AS on_duty,
       coalesce((SELECT state = 'break' FROM survey.desk_state WHERE operator = $1), false) AS on_break,
       array(SELECT id FROM survey.campaign WHERE status = 'running' AND operator_dialling <> 'by_hand') AS linked"""


@dataclass(frozen=True)
class Standing:
    """What must be known before anybody is taken. `in_hand`: the attempt that this operator has already; `on_duty`: people are
    connected to their own telephone; `linked`: campaigns of which nobody is dialled by hand."""

    in_hand: str | None
    on_duty: bool
    on_break: bool
    linked: list[int]


async def standing(conn: Any, operator: str) -> Standing:
    """All of it at once: it is asked each time somebody wants the next person."""
    return Standing(**await conn.fetchrow(SELECT_STANDING, operator))


SELECT_TASK = """
SELECT t.person_id, t.contact_id, t.purpose, c.name_zh AS title, a.name_zh AS area, a.code AS area_code, p.lang,
       t.linked, t.inbound, (SELECT max(n.at) FROM survey.number_access n WHERE n.attempt_id = t.id) AS shown_at
FROM survey.attempt t
JOIN survey.sample_unit u ON u.id = t.unit_id
JOIN survey.campaign c ON c.id = u.campaign_id
JOIN survey.area a ON a.code = u.area_code
JOIN survey.person p ON p.id = t.person_id
WHERE t.ref = $1"""


@dataclass(frozen=True)
class TaskRow:
    """What the screen says about the person, without saying who they are."""

    person_id: int
    contact_id: int
    purpose: str
    title: str
    area: str
    area_code: str
    lang: str
    linked: bool
    inbound: bool
    shown_at: datetime | None


async def task(conn: Any, ref: str) -> TaskRow:
    """The attempt's person, campaign and place."""
    return TaskRow(**await conn.fetchrow(SELECT_TASK, ref))


SELECT_PAST = """
SELECT t.dialing_at AS at, t.mode, t.disposition, t.purpose
FROM survey.attempt t WHERE t.person_id = $1 AND t.contact_id <> $2 AND t.status = 'ended'
ORDER BY t.dialing_at DESC LIMIT 10"""


@dataclass(frozen=True)
class PastContact:
    """An earlier attempt to reach this person, for whatever purpose."""

    at: datetime
    mode: str
    disposition: str
    purpose: str


async def past_contacts(conn: Any, person_id: int, contact_id: int) -> list[PastContact]:
    """The last ten, newest first."""
    return [PastContact(**row) for row in await conn.fetch(SELECT_PAST, person_id, contact_id)]


SELECT_NEXT_STEP = """
SELECT coalesce(max(step), -1) + 1 FROM survey.input WHERE call_sid = $1"""


async def next_step(conn: Any, call_sid: str) -> int:
    """The number of the next input of a call."""
    step: int = await conn.fetchval(SELECT_NEXT_STEP, call_sid)
    return step


SELECT_SHOWN = """
SELECT step, reply FROM survey.input WHERE call_sid = $1 ORDER BY step DESC LIMIT 1"""


@dataclass(frozen=True)
class Shown:
    """What the screen showed last in a call, as JSON, and the step whose reply it was."""

    step: int
    reply: str


async def shown(conn: Any, call_sid: str) -> Shown | None:
    """None: the dialogue has not begun."""
    row = await conn.fetchrow(SELECT_SHOWN, call_sid)
    return Shown(**row) if row else None


SELECT_DONE = """
SELECT disposition, count(*)::int FROM survey.attempt
WHERE operator = $1 AND day = $2 AND status = 'ended' GROUP BY disposition"""


async def done(conn: Any, operator: str, day: date) -> dict[str, int]:
    """How many calls of this operator came out how on a day, local to whoever was called."""
    return {row[0]: row[1] for row in await conn.fetch(SELECT_DONE, operator, day)}


LOCK_ABANDONED = """
SELECT a.ref FROM survey.attempt a JOIN survey.contact k ON k.id = a.contact_id
WHERE a.mode = 'operator' AND a.status <> 'ended' AND a.check_at <= $1
  AND (NOT a.linked OR a.line_over_at IS NOT NULL)
ORDER BY a.id LIMIT 1 FOR UPDATE OF k, a SKIP LOCKED"""


async def lock_abandoned(conn: Any, now: datetime) -> str | None:
    """An attempt taken by an operator long ago and never ended: not dialled, or answered and forgotten, as far as we know. Held
    until the transaction ends; one that is just being worked on is left alone."""
    ref: str | None = await conn.fetchval(LOCK_ABANDONED, now)
    return ref


SELECT_QUEUES = """
SELECT c.centre_code, c.code, c.name_zh AS title, (count(*) FILTER (WHERE u.status = 'waiting'))::int AS waiting,
       (count(*) FILTER (WHERE u.status = 'in_contact'))::int AS in_contact, min(u.due_at) AS next_due,
       (count(*) FILTER (WHERE u.due_at <= $3))::int AS due,
       (count(*) FILTER (WHERE u.due_at <= $3 AND EXISTS (
            SELECT FROM survey.attempt b WHERE b.unit_id = u.id AND b.operator = $1 AND b.disposition = ANY($2::text[])))
       )::int AS said_no
FROM survey.campaign c
JOIN survey.sample_unit u ON u.campaign_id = c.id
WHERE c.status IN ('scheduled', 'running', 'paused')
  AND (u.status = 'waiting' AND u.next_mode = 'operator'
       OR u.status = 'in_contact' AND EXISTS (SELECT FROM survey.attempt a
              WHERE a.unit_id = u.id AND a.mode = 'operator' AND a.status <> 'ended'))
GROUP BY c.id ORDER BY (c.status = 'running') DESC, c.id"""


@dataclass(frozen=True)
class QueueRow:
    """Who waits for an operator in one campaign. `said_no`: of those due, how many refused softly to this operator."""

    centre_code: str
    code: str
    title: str
    waiting: int
    in_contact: int
    next_due: datetime | None
    due: int
    said_no: int


async def queues(conn: Any, operator: str, refused: Sequence[str], now: datetime) -> list[QueueRow]:
    """Every campaign that has work for operators, those that run first. `refused`: the codes of a soft refusal."""
    return [QueueRow(**row) for row in await conn.fetch(SELECT_QUEUES, operator, list(refused), now)]


SELECT_NEXT_DUE = """
SELECT min(u.due_at) FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id
WHERE u.status = 'waiting' AND u.next_mode = 'operator' AND c.status = 'running'
  AND c.operator_dialling = 'by_hand'"""


async def next_due(conn: Any) -> datetime | None:
    """When the first waiting person falls due."""
    moment: datetime | None = await conn.fetchval(SELECT_NEXT_DUE)
    return moment
