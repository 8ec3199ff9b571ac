"""Notices that are owed, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg


@dataclass(frozen=True)
class NewNotice:
    """Something that somebody must be told, once per `cause` and `recipient`.

    `recipient`: `unit:CODE`, `office:party:CENTRE`, `office:government:CENTRE`, `post:NAME:CENTRE` or
    `resident:CASE NUMBER`. `template` is a key of policy `notices`, `facts` fill its words. `urgent`: also
    outside office hours, which only major reports may be.
    """

    cause: str
    recipient: str
    template: str
    facts: Mapping[str, str]
    case_id: int | None = None
    urgent: bool = False


QUERY_CODE = "query_code"
"""Opens the case to whoever has it: it is filled in when a resident is told, and stands in no row here."""

INSERT_NOTICE = """
INSERT INTO followup.notice (cause, recipient, template, facts, case_id, urgent, created_at, due_at, centre_code)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7, (
    SELECT z.code FROM survey.centre z WHERE z.code = coalesce(
        (SELECT u.centre_code FROM followup.unit u WHERE starts_with($2, 'unit:') AND u.code = substr($2, 6)),
        (SELECT c.centre_code FROM followup.case_file c WHERE starts_with($2, 'resident:') AND c.number = substr($2, 10)),
        split_part($2, ':', 3))
))
ON CONFLICT (cause, recipient) DO NOTHING
RETURNING id"""


async def insert_notice(conn: asyncpg.Connection, notice: NewNotice, at: datetime) -> int | None:
    """A notice that is owed from now on; None if this recipient was told of this cause before."""
    notice_id: int | None = await conn.fetchval(
        INSERT_NOTICE,
        notice.cause,
        notice.recipient,
        notice.template,
        {name: value for name, value in notice.facts.items() if name != QUERY_CODE},
        notice.case_id,
        notice.urgent,
        at,
    )
    return notice_id


ONE_PLANNER = "SELECT pg_advisory_xact_lock(hashtext('followup.notice'))"


async def only_here(conn: asyncpg.Connection) -> None:
    """Ways are chosen by one at a time, so that what is due at the same moment goes together."""
    await conn.execute(ONE_PLANNER)


@dataclass(frozen=True)
class DueNotice:
    """A notice for which a way is to be chosen; of its case the numbers that its words may name. `tried`: the ways that failed,
    as "text:ADDRESS" or "text:" for a resident."""

    id: int
    cause: str
    recipient: str
    template: str
    facts: Mapping[str, Any]
    urgent: bool
    number: str | None
    short_number: str | None
    query_code: str | None
    tried: list[str]


LOCK_DUE = """
SELECT n.id, n.cause, n.recipient, n.template, n.facts, n.urgent, c.number, c.short_number, c.query_code,
       ARRAY(SELECT m.channel || ':' || coalesce(m.address_id::text, '')
             FROM followup.notice_message m JOIN followup.notice_part p ON p.message_id = m.id
             WHERE p.notice_id = n.id AND m.status = 'failed' AND m.why <> 'too_late') AS tried
FROM followup.notice n LEFT JOIN followup.case_file c ON c.id = n.case_id
WHERE n.status = 'owed' AND n.due_at <= $1 ORDER BY n.id LIMIT 500 FOR UPDATE OF n"""


async def lock_due(conn: asyncpg.Connection, now: datetime) -> list[DueNotice]:
    """Notices that are due, held until the transaction ends."""
    return [DueNotice(**row) for row in await conn.fetch(LOCK_DUE, now)]


PUT_OFF = """
UPDATE followup.notice SET due_at = $2 WHERE id = $1 AND status = 'owed'"""


async def put_off(conn: asyncpg.Connection, notice_id: int, until: datetime) -> None:
    """Choose a way later: the hours do not allow it now."""
    await conn.execute(PUT_OFF, notice_id, until)


ON_ITS_WAY = """
UPDATE followup.notice SET due_at = NULL WHERE id = ANY($1::bigint[]) AND status = 'owed'"""


async def on_its_way(conn: asyncpg.Connection, ids: Sequence[int]) -> None:
    """A message carries them; nothing is chosen meanwhile."""
    await conn.execute(ON_ITS_WAY, list(ids))


UNDELIVERED = """
UPDATE followup.notice SET status = 'undelivered', due_at = NULL, why = $2
WHERE id = $1 AND status = 'owed' RETURNING id"""


async def undelivered(conn: asyncpg.Connection, notice_id: int, why: str) -> None:
    """No way is left: a person has to tell it."""
    await conn.fetchval(UNDELIVERED, notice_id, why)


@dataclass(frozen=True)
class SentNotice:
    """A notice that has just gone out."""

    id: int
    template: str
    urgent: bool


SENT = """
UPDATE followup.notice n SET status = 'sent', sent_at = coalesce(n.sent_at, $2)
FROM followup.notice_part p WHERE p.message_id = $1 AND n.id = p.notice_id AND n.status = 'owed'
RETURNING n.id, n.template, n.urgent"""

RECEIPT_BY = """
UPDATE followup.notice SET receipt_by = $2 WHERE id = $1 AND receipt_by IS NULL"""


async def sent(conn: asyncpg.Connection, message_id: int, at: datetime) -> list[SentNotice]:
    """owed -> sent, for all that a message carries."""
    return [SentNotice(**row) for row in await conn.fetch(SENT, message_id, at)]


async def ask_receipt(conn: asyncpg.Connection, notice_id: int, until: datetime) -> None:
    """From the first message on it is to be acknowledged until then."""
    await conn.execute(RECEIPT_BY, notice_id, until)


DELIVERED = """
UPDATE followup.notice n SET status = 'delivered', delivered_at = $2
FROM followup.notice_part p WHERE p.message_id = $1 AND n.id = p.notice_id AND n.status IN ('owed', 'sent')"""


async def delivered(conn: asyncpg.Connection, message_id: int, at: datetime) -> None:
    """owed or sent -> delivered, for all that a message carries."""
    await conn.execute(DELIVERED, message_id, at)


NEXT_WAY = """
UPDATE followup.notice n SET status = 'owed', due_at = $2, why = $3
FROM followup.notice_part p WHERE p.message_id = $1 AND n.id = p.notice_id AND n.status IN ('owed', 'sent')"""


async def next_way(conn: asyncpg.Connection, message_id: int, now: datetime, why: str) -> None:
    """The message failed: another way is chosen for all that it carries."""
    await conn.execute(NEXT_WAY, message_id, now, why)


OWED_AGAIN = """
UPDATE followup.notice SET status = 'owed', due_at = $2 WHERE recipient = $1 AND status = 'undelivered' RETURNING id"""


async def owed_again(conn: asyncpg.Connection, recipient: str, now: datetime) -> int:
    """What could not be told is tried again, as there is a new way. How many."""
    return len(await conn.fetch(OWED_AGAIN, recipient, now))


@dataclass(frozen=True)
class OfCase:
    """A notice and where its case stands."""

    id: int
    template: str
    recipient: str
    case_id: int
    round: int
    status: str


SELECT_OF_CASES = """
SELECT n.id, n.template, n.recipient, c.id AS case_id, c.round, c.status
FROM followup.notice n JOIN followup.case_file c ON c.id = n.case_id WHERE n.id = ANY($1::bigint[]) ORDER BY n.id"""


async def of_cases(conn: asyncpg.Connection, ids: Sequence[int]) -> list[OfCase]:
    """Those of these notices that belong to a case."""
    return [OfCase(**row) for row in await conn.fetch(SELECT_OF_CASES, list(ids))]


ACKNOWLEDGE = """
UPDATE followup.notice SET status = 'acknowledged', acknowledged_at = $2, acknowledged_by = $3, acknowledged_how = $4,
       due_at = NULL
WHERE id = $1 AND status <> 'acknowledged' RETURNING id"""


async def acknowledge(conn: asyncpg.Connection, notice_id: int, at: datetime, by: str, how: str) -> bool:
    """any -> acknowledged. False: it was before."""
    return await conn.fetchval(ACKNOWLEDGE, notice_id, at, by, how) is not None


@dataclass(frozen=True)
class NoticeRow:
    """A notice as it stands."""

    id: int
    cause: str
    recipient: str
    template: str
    facts: Mapping[str, Any]
    number: str | None
    urgent: bool
    status: str
    created_at: datetime
    due_at: datetime | None
    why: str | None
    sent_at: datetime | None
    delivered_at: datetime | None
    receipt_by: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    acknowledged_how: str | None


SELECT_NOTICE = """
SELECT n.id, n.cause, n.recipient, n.template, n.facts, c.number, n.urgent, n.status, n.created_at, n.due_at, n.why, n.sent_at,
       n.delivered_at, n.receipt_by, n.acknowledged_at, n.acknowledged_by, n.acknowledged_how
FROM followup.notice n LEFT JOIN followup.case_file c ON c.id = n.case_id WHERE n.id = $1"""


async def notice(conn: asyncpg.Connection, notice_id: int) -> NoticeRow | None:
    """One notice."""
    row = await conn.fetchrow(SELECT_NOTICE, notice_id)
    return NoticeRow(**row) if row else None


SELECT_NOTICES = """
SELECT n.id, n.cause, n.recipient, n.template, n.facts, c.number, n.urgent, n.status, n.created_at, n.due_at, n.why, n.sent_at,
       n.delivered_at, n.receipt_by, n.acknowledged_at, n.acknowledged_by, n.acknowledged_how
FROM followup.notice n LEFT JOIN followup.case_file c ON c.id = n.case_id
WHERE ($1::text IS NULL OR n.recipient = $1)
  AND ($2 OR n.status <> 'acknowledged')
  AND (NOT $3 OR n.status = 'undelivered' OR n.status <> 'acknowledged' AND n.receipt_by < $4)
  AND ($6::text IS NULL OR n.centre_code = $6 OR n.centre_code IS NULL)
ORDER BY n.urgent DESC, n.id LIMIT $5"""


async def notices(
    conn: asyncpg.Connection,
    recipient: str | None,
    acknowledged: bool,
    stuck: bool,
    now: datetime,
    limit: int,
    centre: str | None = None,
) -> list[NoticeRow]:
    """Those of one recipient or of all, of one centre or of all; `stuck`: only what nobody could be told, or nobody has
    acknowledged in time. What names nobody belongs to every centre, so that somebody sees it."""
    rows = await conn.fetch(SELECT_NOTICES, recipient, acknowledged, stuck, now, limit, centre)
    return [NoticeRow(**row) for row in rows]


SELECT_OF_CAUSE = "SELECT id FROM followup.notice WHERE cause = $1 AND recipient = $2"


async def notice_of_cause(conn: asyncpg.Connection, cause: str, recipient: str) -> int | None:
    """The notice of one cause to one recipient."""
    notice_id: int | None = await conn.fetchval(SELECT_OF_CAUSE, cause, recipient)
    return notice_id


COUNT_STUCK = """
SELECT count(*) FILTER (WHERE status = 'undelivered')::int AS undelivered,
       count(*) FILTER (WHERE status <> 'acknowledged' AND receipt_by < $2)::int AS late
FROM followup.notice WHERE status <> 'acknowledged' AND (centre_code = $1 OR centre_code IS NULL)"""


async def count_stuck(conn: asyncpg.Connection, centre: str, now: datetime) -> tuple[int, int]:
    """What nobody could be told, and what nobody has acknowledged in time."""
    row = await conn.fetchrow(COUNT_STUCK, centre, now)
    return row["undelivered"], row["late"]
