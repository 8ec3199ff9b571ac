"""Sealing days: the heads of all chains of a centre that moved, under one hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg


@dataclass(frozen=True)
class DueSeal:
    """A centre whose day `next_day` may be sealed; `tz` is where its days begin."""

    centre_code: str
    next_day: date
    tz: str


SELECT_DUE_SEALS = """
SELECT s.centre_code, s.next_day, coalesce(a.tz, 'Asia/Shanghai') AS tz
FROM followup.seal_due AS s
LEFT JOIN survey.centre AS z ON z.code = s.centre_code
LEFT JOIN survey.area AS a ON a.code = z.area_code
WHERE s.due_at <= $1
ORDER BY s.centre_code
FOR UPDATE OF s SKIP LOCKED"""


async def due_seals(conn: asyncpg.Connection, now: datetime) -> list[DueSeal]:
    """Centres with a day to seal, theirs alone until the transaction ends."""
    return [DueSeal(**row) for row in await conn.fetch(SELECT_DUE_SEALS, now)]


SEAL_HEADS = """
INSERT INTO followup.sealed_head (centre_code, day, subject, seq, hash)
SELECT h.centre_code, $2, h.subject, e.seq, e.hash
FROM followup.chain_head AS h
CROSS JOIN LATERAL (
    SELECT coalesce(max(b.seq), 0) AS seq FROM followup.sealed_head AS b WHERE b.subject = h.subject) AS s
CROSS JOIN LATERAL (
    SELECT o.seq, o.hash FROM followup.case_event AS o
    WHERE o.case_id = h.case_id AND o.seq > s.seq AND o.at < $3
    UNION ALL
    SELECT o.seq, o.hash FROM followup.policy_event AS o
    WHERE o.subject = h.subject AND o.seq > s.seq AND o.at < $3
    UNION ALL
    SELECT o.seq, o.hash FROM followup.pay_event AS o
    WHERE o.subject = h.subject AND o.seq > s.seq AND o.at < $3
    UNION ALL
    SELECT o.seq, o.hash FROM followup.sanction_event AS o
    WHERE o.subject = h.subject AND o.seq > s.seq AND o.at < $3
    ORDER BY seq DESC LIMIT 1) AS e
WHERE h.centre_code = $1 AND h.seq > s.seq"""

INSERT_SEALED_DAY = """
INSERT INTO followup.sealed_day (centre_code, day, sealed_at) VALUES ($1, $2, $3)
RETURNING centre_code, day, number, sealed_at, chains, events, prev_hash, hash"""


@dataclass(frozen=True)
class SealedDayRow:
    """A day that is sealed: how many chains moved, how many events came under this seal, its hash."""

    centre_code: str
    day: date
    number: int
    sealed_at: datetime
    chains: int
    events: int
    prev_hash: bytes
    hash: bytes


async def seal(
    conn: asyncpg.Connection, centre_code: str, day: date, until: datetime, now: datetime
) -> SealedDayRow:
    """Seal the chains that moved, each at its last event before `until`. Raises UniqueViolationError if the day is sealed."""
    await conn.execute(SEAL_HEADS, centre_code, day, until)
    row = await conn.fetchrow(INSERT_SEALED_DAY, centre_code, day, now)
    return SealedDayRow(**row)


NEXT_SEAL = "UPDATE followup.seal_due SET next_day = $2, due_at = $3 WHERE centre_code = $1"


async def next_seal(conn: asyncpg.Connection, centre_code: str, day: date, due_at: datetime) -> None:
    """The day that is sealed next."""
    await conn.execute(NEXT_SEAL, centre_code, day, due_at)


SELECT_SEALS_OVER = """
SELECT DISTINCT ON (w.place) w.place, h.centre_code, h.day, d.sealed_at
FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS w(subject, seq, place)
JOIN followup.sealed_head AS h ON h.subject = w.subject AND h.seq >= w.seq
JOIN followup.sealed_day AS d ON d.centre_code = h.centre_code AND d.day = h.day
ORDER BY w.place, h.seq"""


@dataclass(frozen=True)
class Seal:
    """The first seal over an event."""

    centre_code: str
    day: date
    sealed_at: datetime


async def seals_over(conn: asyncpg.Connection, places: Sequence[tuple[str, int]]) -> dict[int, Seal]:
    """The first seal over each (subject, seq), by its place in the question; one that no seal covers has none."""
    rows = await conn.fetch(SELECT_SEALS_OVER, [subject for subject, _ in places], [seq for _, seq in places])
    return {row["place"] - 1: Seal(row["centre_code"], row["day"], row["sealed_at"]) for row in rows}


LOCK_POLICY_EVENTS = "LOCK TABLE followup.policy_event IN SHARE ROW EXCLUSIVE MODE"


async def lock_policy_events(conn: asyncpg.Connection) -> None:
    """Until the transaction ends nobody else writes an event of a policy. ON CONFLICT would not do: the row that is not
    kept has moved the head of its chain by then.
    """
    await conn.execute(LOCK_POLICY_EVENTS)


INSERT_POLICY_EVENTS = """
INSERT INTO followup.policy_event (key, centre_code, version, valid_from, body_hash, actor, reason, at)
SELECT p.key, p.centre_code, p.version, p.valid_from, sha256(convert_to(p.body::text, 'UTF8')), $1, $2, $3
FROM survey.policy AS p
WHERE NOT EXISTS (SELECT FROM followup.policy_event AS e
                  WHERE e.key = p.key AND e.centre_code = p.centre_code AND e.version = p.version)
ORDER BY p.key, p.centre_code, p.version"""


async def insert_policy_events(conn: asyncpg.Connection, by: str, reason: str, at: datetime) -> None:
    """An event for each version of a policy that has none yet."""
    await conn.execute(INSERT_POLICY_EVENTS, by, reason, at)
