"""Reading the chains of events and their seals as they stand, to check them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

import asyncpg

from followup.casework.chain import CaseEvent, PolicyEvent, SanctionEvent, SealedDay, SealedHead

AT_ONCE = 5000
"""Rows fetched from a cursor at a time; so memory does not grow with the table."""

COUNT_EVENTS = """
SELECT count(*) FROM followup.case_event WHERE $1::bigint IS NULL OR case_id = $1"""


async def count_events(conn: asyncpg.Connection, case_id: int | None) -> int:
    """Events of all cases, or of one."""
    n: int = await conn.fetchval(COUNT_EVENTS, case_id)
    return n


SELECT_CASE_EVENTS = """
SELECT e.id, e.case_id, coalesce(c.number, '?') AS number, e.seq, e.round, e.event, e.from_status, e.to_status,
    e.actor, e.reason, e.at, e.detail::text AS detail, e.prev_hash, e.hash
FROM followup.case_event AS e LEFT JOIN followup.case_file AS c ON c.id = e.case_id
WHERE $1::bigint IS NULL OR e.case_id = $1
ORDER BY e.case_id, e.seq, e.id"""


async def case_events(conn: asyncpg.Connection, case_id: int | None) -> AsyncIterator[list[CaseEvent]]:
    """Events in the order of case and place, some thousands at a time; within a transaction."""
    cursor = await conn.cursor(SELECT_CASE_EVENTS, case_id)
    while rows := await cursor.fetch(AT_ONCE):
        yield [CaseEvent(*row) for row in rows]


@dataclass(frozen=True)
class ChainEnd:
    """Where a case stands, where its events end, and where its chain should. None: there is none.

    `head_fits`: its chain's head names this case and its centre. `said_status`: where its last step led; `said_round`: the
    highest round of its events.
    """

    case_id: int
    number: str
    status: str
    round: int
    head_fits: bool | None
    head_seq: int | None
    head_hash: bytes | None
    last_id: int | None
    last_seq: int | None
    last_hash: bytes | None
    said_status: str | None
    said_round: int | None


SELECT_CASE_ENDS = """
SELECT c.id AS case_id, c.number, c.status, c.round,
    (h.case_id, h.centre_code) IS NOT DISTINCT FROM (c.id, c.centre_code) AS head_fits,
    h.seq AS head_seq, h.hash AS head_hash, e.id AS last_id, e.seq AS last_seq, e.hash AS last_hash, s.to_status AS said_status,
    r.round AS said_round
FROM followup.case_file AS c
LEFT JOIN followup.chain_head AS h ON h.subject = 'case:' || c.number
LEFT JOIN LATERAL (SELECT o.id, o.seq, o.hash FROM followup.case_event AS o
                   WHERE o.case_id = c.id ORDER BY o.seq DESC LIMIT 1) AS e ON true
LEFT JOIN LATERAL (SELECT o.to_status FROM followup.case_event AS o
                   WHERE o.case_id = c.id AND o.from_status IS DISTINCT FROM o.to_status
                   ORDER BY o.seq DESC LIMIT 1) AS s ON true
LEFT JOIN LATERAL (SELECT max(o.round) AS round FROM followup.case_event AS o WHERE o.case_id = c.id) AS r ON true
WHERE ($1::bigint IS NULL OR c.id = $1)
  AND (h.seq IS DISTINCT FROM e.seq OR h.hash IS DISTINCT FROM e.hash OR h.case_id IS DISTINCT FROM c.id
       OR h.centre_code IS DISTINCT FROM c.centre_code
       OR s.to_status IS DISTINCT FROM c.status OR r.round IS DISTINCT FROM c.round)
ORDER BY c.id"""


async def wrong_case_ends(conn: asyncpg.Connection, case_id: int | None) -> list[ChainEnd]:
    """Cases that do not stand where their events end, or whose events do not end where their chain does."""
    return [ChainEnd(**row) for row in await conn.fetch(SELECT_CASE_ENDS, case_id)]


@dataclass(frozen=True)
class OtherRating:
    """A callback whose rating is not the one that its event proves."""

    row: int
    number: str
    seq: int
    round: int


SELECT_OTHER_RATINGS = """
SELECT e.id AS row, c.number, e.seq, b.round
FROM followup.callback AS b
JOIN followup.case_file AS c ON c.id = b.case_id
CROSS JOIN LATERAL (SELECT o.id, o.seq, o.detail FROM followup.case_event AS o
                    WHERE o.case_id = b.case_id AND o.round = b.round AND starts_with(o.event, 'callback_')
                      AND o.detail ?& ARRAY['verdict', 'answers']
                    ORDER BY o.seq DESC LIMIT 1) AS e
WHERE ($1::bigint IS NULL OR b.case_id = $1)
  AND (e.detail->>'verdict' IS DISTINCT FROM b.verdict
       OR e.detail->'answers' IS DISTINCT FROM coalesce(
           (SELECT jsonb_object_agg(a.key, a.value->0) FROM jsonb_each(b.answers) AS a WHERE a.value->>0 <> ''), '{}'))
ORDER BY e.id"""


async def other_ratings(conn: asyncpg.Connection, case_id: int | None) -> list[OtherRating]:
    """Callbacks whose verdict or answers are not those that stand in the event of their verdict."""
    return [OtherRating(**row) for row in await conn.fetch(SELECT_OTHER_RATINGS, case_id)]


SELECT_HEADS_ALONE = """
SELECT h.subject, h.seq, h.hash FROM followup.chain_head AS h
WHERE NOT EXISTS (SELECT FROM followup.case_file AS c WHERE 'case:' || c.number = h.subject)
  AND NOT EXISTS (SELECT FROM followup.policy_event AS p
                  WHERE p.subject = h.subject AND p.centre_code = h.centre_code
                    AND p.seq = h.seq AND p.hash = h.hash)
  AND NOT EXISTS (SELECT FROM followup.pay_event AS y
                  WHERE y.subject = h.subject AND y.centre_code = h.centre_code
                    AND y.seq = h.seq AND y.hash = h.hash)
  AND NOT EXISTS (SELECT FROM followup.sanction_event AS s
                  WHERE s.subject = h.subject AND s.centre_code = h.centre_code
                    AND s.seq = h.seq AND s.hash = h.hash)
ORDER BY h.subject"""


async def heads_alone(conn: asyncpg.Connection) -> list[SealedHead]:
    """Heads of chains that no event ends in: their case, policy, objection or sanctions are gone, or end elsewhere."""
    return [SealedHead(*row) for row in await conn.fetch(SELECT_HEADS_ALONE)]


SELECT_POLICY_EVENTS = """
SELECT e.id, e.key, e.centre_code, e.version, e.valid_from, e.body_hash, e.actor, e.reason, e.at, e.subject, e.seq,
    e.prev_hash, e.hash
FROM followup.policy_event AS e ORDER BY e.subject, e.seq, e.id"""


async def policy_events(conn: asyncpg.Connection) -> list[PolicyEvent]:
    """All of them, in the order of their chains."""
    return [PolicyEvent(*row) for row in await conn.fetch(SELECT_POLICY_EVENTS)]


SELECT_SANCTION_EVENTS = """
SELECT e.id, e.centre_code, e.area_code, e.kind, e.lifts, e.what, e.from_day, e.to_day, e.concerned::text AS concerned, e.actor,
    e.reason, e.at, e.policy_version, e.subject, e.seq, e.prev_hash, e.hash
FROM followup.sanction_event AS e ORDER BY e.subject, e.seq, e.id"""


async def sanction_events(conn: asyncpg.Connection) -> list[SanctionEvent]:
    """All of them, in the order of their chains."""
    return [SanctionEvent(*row) for row in await conn.fetch(SELECT_SANCTION_EVENTS)]


@dataclass(frozen=True)
class PolicyNow:
    """A version of a policy as it stands in survey, its body in its text form; None: it is not there."""

    key: str
    centre_code: str
    version: int
    valid_from: date | None
    body: str | None
    event_id: int | None
    seq: int | None
    event_valid_from: date | None
    body_hash: bytes | None


SELECT_POLICIES_NOW = """
SELECT key, centre_code, version, p.valid_from, p.body::text AS body, e.id AS event_id, e.seq,
    e.valid_from AS event_valid_from, e.body_hash
FROM survey.policy AS p FULL JOIN followup.policy_event AS e USING (key, centre_code, version)
ORDER BY key, centre_code, version"""


async def policies_now(conn: asyncpg.Connection) -> list[PolicyNow]:
    """Every version of every policy beside its event."""
    return [PolicyNow(**row) for row in await conn.fetch(SELECT_POLICIES_NOW)]


SELECT_SEALED_DAYS = """
SELECT centre_code, day, number, sealed_at, chains, events, prev_hash, hash
FROM followup.sealed_day ORDER BY centre_code, number"""


async def sealed_days(conn: asyncpg.Connection) -> list[SealedDay]:
    """All seals, centre by centre in their order."""
    return [SealedDay(*row) for row in await conn.fetch(SELECT_SEALED_DAYS)]


SELECT_SEALED_HEADS = """
SELECT subject, seq, hash FROM followup.sealed_head WHERE centre_code = $1 AND day = $2"""


async def sealed_heads(conn: asyncpg.Connection, centre_code: str, day: date) -> list[SealedHead]:
    """What was sealed on a day."""
    return [SealedHead(*row) for row in await conn.fetch(SELECT_SEALED_HEADS, centre_code, day)]


@dataclass(frozen=True)
class StaleHead:
    """A sealed head that its chain does not have. `before`: up to where an earlier seal covers the chain. `row`: the event
    that is there now, or the last before it.
    """

    centre_code: str
    day: date
    subject: str
    seq: int
    before: int
    row: int | None


SELECT_STALE_HEADS = """
SELECT h.centre_code, h.day, h.subject, h.seq,
    coalesce((SELECT max(b.seq) FROM followup.sealed_head AS b WHERE b.subject = h.subject AND b.seq < h.seq), 0)
        AS before,
    coalesce(e.id, p.id, y.id, n.id, (SELECT o.id FROM followup.case_event AS o WHERE o.case_id = c.id AND o.seq < h.seq
                          ORDER BY o.seq DESC LIMIT 1)) AS row
FROM followup.sealed_head AS h
LEFT JOIN followup.case_file AS c ON 'case:' || c.number = h.subject
LEFT JOIN followup.case_event AS e ON e.case_id = c.id AND e.seq = h.seq
LEFT JOIN followup.policy_event AS p ON p.subject = h.subject AND p.seq = h.seq
LEFT JOIN followup.pay_event AS y ON y.subject = h.subject AND y.seq = h.seq
LEFT JOIN followup.sanction_event AS n ON n.subject = h.subject AND n.seq = h.seq
WHERE ($1::text IS NULL OR h.subject = $1) AND coalesce(e.hash, p.hash, y.hash, n.hash) IS DISTINCT FROM h.hash
ORDER BY h.subject, h.seq"""


async def stale_heads(conn: asyncpg.Connection, subject: str | None) -> list[StaleHead]:
    """Sealed heads whose event is gone or has another hash now."""
    return [StaleHead(**row) for row in await conn.fetch(SELECT_STALE_HEADS, subject)]


SELECT_HEADS_OF_NO_DAY = """
SELECT DISTINCT h.centre_code, h.day FROM followup.sealed_head AS h
WHERE NOT EXISTS (SELECT FROM followup.sealed_day AS d WHERE d.centre_code = h.centre_code AND d.day = h.day)
UNION
SELECT s.centre_code, s.next_day - 1 FROM followup.seal_due AS s
WHERE EXISTS (SELECT FROM followup.sealed_day AS d WHERE d.centre_code = s.centre_code AND d.day >= s.next_day)
   OR (SELECT max(d.day) FROM followup.sealed_day AS d WHERE d.centre_code = s.centre_code) < s.next_day - 1
ORDER BY 1, 2"""


async def days_without_seal(conn: asyncpg.Connection) -> list[tuple[str, date]]:
    """(centre, day) that heads or the calendar of the seals say is sealed, and no seal stands for."""
    return [(row["centre_code"], row["day"]) for row in await conn.fetch(SELECT_HEADS_OF_NO_DAY)]
