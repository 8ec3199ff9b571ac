"""Bodies of texts that are older than they may be kept. What a disputed case holds is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class Body:
    """A body that is due. `reply`: of a text to us, what it was answered; of others empty."""

    id: int
    body: str
    reply: str


@dataclass(frozen=True)
class Forgotten:
    """What stays of a body."""

    source: str
    row_id: int
    length: int
    mac: bytes


SELECT_INPUTS = """
WITH held AS MATERIALIZED (
    SELECT id, person_id FROM followup.disputed_case WHERE archived_at IS NULL OR archived_at > $2
), held_contact AS MATERIALIZED (
    SELECT w.contact_id FROM followup.callback k JOIN held h ON h.id = k.case_id
    JOIN survey.sample_unit u ON u.ref IN (k.unit_ref, k.verify_unit_ref)
    JOIN survey.interview w ON w.unit_id = u.id
)
SELECT i.id, i.said AS body, i.reply FROM survey.input i
WHERE i.channel = 'text' AND i.forgetting_id IS NULL AND i.arrived_at <= $1
  AND (i.contact_id IS NULL OR NOT EXISTS (SELECT FROM held_contact x WHERE x.contact_id = i.contact_id))
  AND (i.contact_id IS NOT NULL OR NOT EXISTS (SELECT FROM held h WHERE h.person_id = i.person_id))
ORDER BY i.arrived_at, i.id LIMIT $3 FOR UPDATE OF i SKIP LOCKED"""


async def inputs(conn: asyncpg.Connection, before: datetime, held_before: datetime, limit: int) -> list[Body]:
    """Texts to us. One that belongs to no contact is held by any disputed case of its sender: it may be about that."""
    return [Body(**row) for row in await conn.fetch(SELECT_INPUTS, before, held_before, limit)]


SELECT_TEXTS_OUT = """
WITH held AS MATERIALIZED (
    SELECT id, person_id FROM followup.disputed_case WHERE archived_at IS NULL OR archived_at > $2
), held_contact AS MATERIALIZED (
    SELECT w.contact_id FROM followup.callback k JOIN held h ON h.id = k.case_id
    JOIN survey.sample_unit u ON u.ref IN (k.unit_ref, k.verify_unit_ref)
    JOIN survey.interview w ON w.unit_id = u.id
)
SELECT t.id, t.body, '' AS reply FROM survey.text_out t LEFT JOIN survey.input i ON i.id = t.input_id
WHERE t.forgetting_id IS NULL AND t.at <= $1
  AND (t.contact_id IS NULL OR NOT EXISTS (SELECT FROM held_contact x WHERE x.contact_id = t.contact_id))
  AND (t.contact_id IS NOT NULL OR NOT EXISTS (SELECT FROM held h WHERE h.person_id = i.person_id))
ORDER BY t.at, t.id LIMIT $3 FOR UPDATE OF t SKIP LOCKED"""


async def texts_out(
    conn: asyncpg.Connection, before: datetime, held_before: datetime, limit: int
) -> list[Body]:
    """Texts of ours within a conversation."""
    return [Body(**row) for row in await conn.fetch(SELECT_TEXTS_OUT, before, held_before, limit)]


SELECT_MESSAGES = """
SELECT m.id, m.body, '' AS reply FROM followup.notice_message m
WHERE m.channel = 'text' AND m.forgetting_id IS NULL AND m.created_at <= $1 AND m.status IN ('delivered', 'failed', 'sent')
  AND NOT EXISTS (
    SELECT FROM followup.notice_part p JOIN followup.notice n ON n.id = p.notice_id
    JOIN followup.disputed_case d ON d.id = n.case_id
    WHERE p.message_id = m.id AND (d.archived_at IS NULL OR d.archived_at > $2))
ORDER BY m.created_at, m.id LIMIT $3 FOR UPDATE OF m SKIP LOCKED"""


async def messages(
    conn: asyncpg.Connection, before: datetime, held_before: datetime, limit: int
) -> list[Body]:
    """Notices by text."""
    return [Body(**row) for row in await conn.fetch(SELECT_MESSAGES, before, held_before, limit)]


SELECT_TELLINGS = """
SELECT t.id, t.body, '' AS reply FROM survey.telling t
WHERE t.forgetting_id IS NULL AND t.ended_at <= $1 AND NOT t.news
  AND NOT EXISTS (
    SELECT FROM followup.notice_message m
    JOIN followup.notice_part p ON p.message_id = m.id JOIN followup.notice n ON n.id = p.notice_id
    JOIN followup.disputed_case d ON d.id = n.case_id
    WHERE t.cause = 'notice:' || m.ref AND (d.archived_at IS NULL OR d.archived_at > $2))
ORDER BY t.ended_at, t.id LIMIT $3 FOR UPDATE OF t SKIP LOCKED"""


async def tellings(
    conn: asyncpg.Connection, before: datetime, held_before: datetime, limit: int
) -> list[Body]:
    """The texts that carried such notices."""
    return [Body(**row) for row in await conn.fetch(SELECT_TELLINGS, before, held_before, limit)]


INSERT_FORGETTING = """
INSERT INTO survey.forgetting (at, by, policy_version, before, held_before, texts_in, texts_out, tellings, messages, codes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
RETURNING id"""


async def insert_forgetting(
    conn: asyncpg.Connection,
    *,
    at: datetime,
    by: str,
    policy_version: int,
    before: datetime,
    held_before: datetime,
    texts_in: int,
    texts_out: int,
    tellings: int,
    messages: int,
    codes: int,
) -> int:
    """The act itself."""
    act: int = await conn.fetchval(
        INSERT_FORGETTING, at, by, policy_version, before, held_before, texts_in, texts_out, tellings, messages, codes
    )  # fmt: skip
    return act


INSERT_FORGOTTEN = """
INSERT INTO survey.forgotten_body (forgetting_id, source, row_id, length, mac)
SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::int[], $5::bytea[])"""


async def insert_forgotten(conn: asyncpg.Connection, act: int, rows: Sequence[Forgotten]) -> None:
    """What stays of the bodies of an act."""
    await conn.execute(
        INSERT_FORGOTTEN,
        act,
        [one.source for one in rows],
        [one.row_id for one in rows],
        [one.length for one in rows],
        [one.mac for one in rows],
    )


FORGET_INPUTS = """
UPDATE survey.input i SET said = t.said, reply = t.reply, forgetting_id = $1
FROM unnest($2::bigint[], $3::text[], $4::text[]) AS t(id, said, reply) WHERE i.id = t.id AND i.forgetting_id IS NULL"""


async def forget_inputs(
    conn: asyncpg.Connection, act: int, ids: Sequence[int], said: Sequence[str], replies: Sequence[str]
) -> None:
    """What stands there from now on."""
    await conn.execute(FORGET_INPUTS, act, list(ids), list(said), list(replies))


FORGET_TEXTS_OUT = """
UPDATE survey.text_out SET body = $3, forgetting_id = $1 WHERE id = ANY($2::bigint[]) AND forgetting_id IS NULL"""
FORGET_TELLINGS = """
UPDATE survey.telling SET body = $3, forgetting_id = $1 WHERE id = ANY($2::bigint[]) AND forgetting_id IS NULL"""
FORGET_MESSAGES = """
UPDATE followup.notice_message SET body = $3, forgetting_id = $1 WHERE id = ANY($2::bigint[]) AND forgetting_id IS NULL"""


async def forget_ours(
    conn: asyncpg.Connection,
    act: int,
    mark: str,
    *,
    texts_out: Sequence[int],
    tellings: Sequence[int],
    messages: Sequence[int],
) -> None:
    """`mark` stands there from now on."""
    await conn.execute(FORGET_TEXTS_OUT, act, list(texts_out), mark)
    await conn.execute(FORGET_TELLINGS, act, list(tellings), mark)
    await conn.execute(FORGET_MESSAGES, act, list(messages), mark)


LOOKED = "UPDATE survey.forgetting_round SET next_at = $2, looked_at = $1"


async def looked(conn: asyncpg.Connection, at: datetime, next_at: datetime) -> None:
    """All that was due is forgotten; the next look."""
    await conn.execute(LOOKED, at, next_at)


@dataclass(frozen=True)
class Round:
    """The daily look. `oldest`: the oldest body that is kept; `forgotten`: bodies by now."""

    next_at: datetime
    looked_at: datetime | None
    oldest: datetime | None
    forgotten: int


SELECT_ROUND = """
SELECT next_at, looked_at,
    least((SELECT min(arrived_at) FROM survey.input WHERE channel = 'text' AND forgetting_id IS NULL),
          (SELECT min(at) FROM survey.text_out WHERE forgetting_id IS NULL),
          (SELECT min(ended_at) FROM survey.telling WHERE forgetting_id IS NULL AND ended_at IS NOT NULL)) AS oldest,
    (SELECT count(*) FROM survey.forgotten_body)::int AS forgotten FROM survey.forgetting_round"""


async def round_(conn: asyncpg.Connection) -> Round:
    """How it stands."""
    return Round(**await conn.fetchrow(SELECT_ROUND))
