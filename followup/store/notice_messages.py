"""The texts and mails that carry notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg


@dataclass(frozen=True)
class NewMessage:
    """A message about to go. `address_id` None: to a resident. `letters`: of a mail, see its table."""

    ref: str
    recipient: str
    channel: str
    address_id: int | None
    subject: str
    body: str
    letters: Sequence[Mapping[str, Any]]
    notice_ids: Sequence[int]


INSERT_MESSAGE = """
WITH message AS (
    INSERT INTO followup.notice_message (ref, recipient, channel, address_id, subject, body, letters, created_at, due_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8::timestamptz,
            CASE WHEN $3 = 'mail' THEN $8::timestamptz END) RETURNING id
)
INSERT INTO followup.notice_part (message_id, notice_id)
SELECT message.id, t.id FROM message, unnest($9::bigint[]) AS t(id)"""


async def insert(conn: asyncpg.Connection, message: NewMessage, at: datetime) -> None:
    """The message and what it carries."""
    m = message
    await conn.execute(
        INSERT_MESSAGE,
        m.ref,
        m.recipient,
        m.channel,
        m.address_id,
        m.subject,
        m.body,
        list(m.letters),
        at,
        list(m.notice_ids),
    )


@dataclass(frozen=True)
class Mail:
    """A mail that is to be sent; `staff_address`: where its sealed address lies."""

    id: int
    ref: str
    recipient: str
    subject: str
    body: str
    letters: Sequence[Mapping[str, Any]]
    created_at: datetime
    tries: int
    staff_address: int


CLAIM_MAILS = """
WITH due AS (
    SELECT m.id FROM followup.notice_message m
    WHERE m.channel = 'mail' AND (m.status = 'waiting' AND m.due_at <= $1 OR m.status = 'sending' AND m.lease_real < $2)
    ORDER BY m.id LIMIT $4 FOR UPDATE SKIP LOCKED
)
UPDATE followup.notice_message m
SET status = 'sending', lease_real = $3, tries = m.tries + 1, due_at = NULL
FROM due, followup.notice_address a
WHERE m.id = due.id AND a.id = m.address_id
RETURNING m.id, m.ref, m.recipient, m.subject, m.body, m.letters, m.created_at, m.tries, a.address_id AS staff_address"""


async def claim_mails(
    conn: asyncpg.Connection, now: datetime, real_now: datetime, lease: datetime, limit: int
) -> list[Mail]:
    """waiting -> sending; also those whose worker has died meanwhile."""
    return [Mail(**row) for row in await conn.fetch(CLAIM_MAILS, now, real_now, lease, limit)]


WAITING_MAILS = """
SELECT id FROM followup.notice_message WHERE channel = 'mail' AND status IN ('waiting', 'sending') ORDER BY id"""


async def waiting_mails(conn: asyncpg.Connection) -> list[int]:
    """Mails that no server has, by id."""
    return [row["id"] for row in await conn.fetch(WAITING_MAILS)]


SENT = """
UPDATE followup.notice_message SET status = 'sent', sent_at = $2, lease_real = NULL
WHERE id = $1 AND status IN ('waiting', 'sending') RETURNING id"""


async def sent(conn: asyncpg.Connection, message_id: int, at: datetime) -> bool:
    """The carrier or the mail server has it. False: that was known."""
    return await conn.fetchval(SENT, message_id, at) is not None


DELIVERED = """
UPDATE followup.notice_message SET status = 'delivered', sent_at = coalesce(sent_at, $2), ended_at = $2
WHERE id = $1 AND status IN ('waiting', 'sent') RETURNING id"""


async def delivered(conn: asyncpg.Connection, message_id: int, at: datetime) -> bool:
    """It arrived. False: that was known."""
    return await conn.fetchval(DELIVERED, message_id, at) is not None


FAILED = """
UPDATE followup.notice_message SET status = 'failed', ended_at = $2, why = $3, lease_real = NULL, due_at = NULL
WHERE id = $1 AND status IN ('waiting', 'sending', 'sent') RETURNING id"""


async def failed(conn: asyncpg.Connection, message_id: int, at: datetime, why: str) -> bool:
    """It will not arrive. False: that was known, or it has arrived."""
    return await conn.fetchval(FAILED, message_id, at, why) is not None


AGAIN = """
UPDATE followup.notice_message SET status = 'waiting', due_at = $2, lease_real = NULL
WHERE id = $1 AND status = 'sending'"""


async def again(conn: asyncpg.Connection, message_id: int, due_at: datetime) -> None:
    """sending -> waiting: the server wants to be asked later."""
    await conn.execute(AGAIN, message_id, due_at)


@dataclass(frozen=True)
class TextNews:
    """What the carrier has said of a text since it was last looked at."""

    telling_id: int
    message_id: int
    word: str | None
    outcome: str | None


TAKE_TEXT_NEWS = """
WITH fresh AS (
    SELECT t.id FROM survey.telling t WHERE t.news AND starts_with(t.cause, 'notice:')
    ORDER BY t.id LIMIT 500 FOR UPDATE SKIP LOCKED
)
UPDATE survey.telling t SET news = false FROM fresh, followup.notice_message m
WHERE t.id = fresh.id AND 'notice:' || m.ref = t.cause
RETURNING t.id AS telling_id, m.id AS message_id, t.carrier_word AS word, t.outcome"""


async def take_text_news(conn: asyncpg.Connection) -> list[TextNews]:
    """Each word once, in the transaction of its effect."""
    return [TextNews(**row) for row in await conn.fetch(TAKE_TEXT_NEWS)]


@dataclass(frozen=True)
class MessageRow:
    """A message as it stands; `shown`: what may be seen of where it went."""

    ref: str
    channel: str
    shown: str | None
    body: str
    status: str
    tries: int
    created_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None
    why: str | None


SELECT_MESSAGES = """
SELECT m.ref, m.channel, a.shown, m.body, m.status, m.tries, m.created_at, m.sent_at, m.ended_at, m.why
FROM followup.notice_message m JOIN followup.notice_part p ON p.message_id = m.id
LEFT JOIN followup.notice_address a ON a.id = m.address_id
WHERE p.notice_id = $1 ORDER BY m.id"""


async def messages_of(conn: asyncpg.Connection, notice_id: int) -> list[MessageRow]:
    """The messages that carried a notice, oldest first."""
    return [MessageRow(**row) for row in await conn.fetch(SELECT_MESSAGES, notice_id)]
