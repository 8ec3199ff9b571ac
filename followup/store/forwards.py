"""Endpoints of units, and the requests that their cases are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class EndpointRow:
    """Where a unit's own system is. `api_key` is sealed; `services`: our category, group or "*" to their service_code."""

    id: int
    ref: str
    centre_code: str
    unit_code: str
    url: str
    jurisdiction: str | None
    api_key: bytes | None
    services: Mapping[str, str]
    attributes: Mapping[str, str]
    added_at: datetime
    added_by: str


INSERT_ENDPOINT = """
INSERT INTO followup.open311_endpoint
    (ref, centre_code, unit_code, url, jurisdiction, api_key, services, attributes, added_at, added_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (unit_code) WHERE removed_at IS NULL DO NOTHING RETURNING id"""


async def insert_endpoint(
    conn: asyncpg.Connection,
    *,
    ref: str,
    centre_code: str,
    unit_code: str,
    url: str,
    jurisdiction: str | None,
    api_key: bytes | None,
    services: Mapping[str, str],
    attributes: Mapping[str, str],
    at: datetime,
    by: str,
) -> bool:
    """Cases dispatched to the unit from now on go there. False: the unit has one."""
    made = await conn.fetchval(
        INSERT_ENDPOINT, ref, centre_code, unit_code, url, jurisdiction, api_key, dict(services),
        dict(attributes), at, by,
    )  # fmt: skip
    return made is not None


SELECT_ENDPOINTS = """
SELECT id, ref, centre_code, unit_code, url, jurisdiction, api_key, services, attributes, added_at, added_by
FROM followup.open311_endpoint WHERE centre_code = $1 AND removed_at IS NULL ORDER BY id"""


async def endpoints(conn: asyncpg.Connection, centre_code: str) -> list[EndpointRow]:
    """Those in force."""
    return [EndpointRow(**row) for row in await conn.fetch(SELECT_ENDPOINTS, centre_code)]


REMOVE_ENDPOINT = """
WITH gone AS (
    UPDATE followup.open311_endpoint SET removed_at = $3, removed_by = $4
    WHERE centre_code = $1 AND unit_code = $2 AND removed_at IS NULL RETURNING id
), unsent AS (
    UPDATE followup.forwarded f SET state = 'over', due_at = NULL FROM gone g WHERE f.endpoint_id = g.id AND f.state = 'owed'
)
SELECT id FROM gone"""


async def remove_endpoint(
    conn: asyncpg.Connection, centre_code: str, unit_code: str, at: datetime, by: str
) -> bool:
    """Nothing more goes there; what was taken is followed to its end. False: the unit has none."""
    return await conn.fetchval(REMOVE_ENDPOINT, centre_code, unit_code, at, by) is not None


OWE = """
INSERT INTO followup.forwarded (endpoint_id, case_id, round, due_at)
SELECT e.id, a.case_id, a.round, $1
FROM followup.open311_endpoint e
JOIN followup.assignment a ON a.unit_code = e.unit_code AND a.role = 'lead' AND a.dispatched_at >= e.added_at
JOIN followup.case_file c ON c.id = a.case_id AND c.round = a.round AND c.status IN ('dispatched', 'in_progress')
WHERE e.removed_at IS NULL
ON CONFLICT (endpoint_id, case_id, round) DO NOTHING RETURNING id"""


async def owe(conn: asyncpg.Connection, now: datetime) -> int:
    """Owe every round that such a unit leads, once; how many were new."""
    return len(await conn.fetch(OWE, now))


@dataclass(frozen=True)
class ForwardRow:
    """A round of a case at its endpoint, claimed. `was`: the state that it was claimed in."""

    id: int
    was: str
    tries: int
    sent_at: datetime | None
    request_id: str | None
    token: str | None
    their_notes: str | None
    case_id: int
    round: int
    number: str
    unit_code: str
    centre_code: str
    url: str
    jurisdiction: str | None
    api_key: bytes | None
    services: Mapping[str, str]
    attributes: Mapping[str, str]


CLAIM = """
WITH due AS (
    SELECT f.id, f.state FROM followup.forwarded f WHERE f.due_at <= $1
    ORDER BY f.due_at, f.id LIMIT $3 FOR UPDATE SKIP LOCKED
), mine AS (
    UPDATE followup.forwarded f
    SET due_at = $2, state = CASE d.state WHEN 'owed' THEN 'sending' WHEN 'sending' THEN 'unsure' ELSE d.state END,
        sent_at = CASE d.state WHEN 'owed' THEN $1 ELSE f.sent_at END, tries = f.tries + (d.state = 'owed')::int
    FROM due d WHERE f.id = d.id
    RETURNING f.id, f.endpoint_id, f.case_id, f.round, d.state AS was, f.tries, f.sent_at, f.request_id, f.token, f.their_notes
)
SELECT m.id, m.was, m.tries, m.sent_at, m.request_id, m.token, m.their_notes, m.case_id, m.round, c.number, e.unit_code,
       e.centre_code, e.url, e.jurisdiction, e.api_key, e.services, e.attributes
FROM mine m JOIN followup.open311_endpoint e ON e.id = m.endpoint_id JOIN followup.case_file c ON c.id = m.case_id
ORDER BY m.id"""
"""What was owed stands as `sending` before the endpoint is asked; what a worker died over while sending is `unsure`."""


async def claim(conn: asyncpg.Connection, now: datetime, lease: datetime, limit: int) -> list[ForwardRow]:
    """Those that are due, for one worker until `lease`."""
    return [ForwardRow(**row) for row in await conn.fetch(CLAIM, now, lease, limit)]


SET_STATE = """
UPDATE followup.forwarded
SET state = $3, due_at = $4, answer = coalesce($5, answer), request_id = coalesce($6, request_id), token = coalesce($7, token)
WHERE id = $1 AND state = ANY($2::text[]) RETURNING id"""


async def set_state(
    conn: asyncpg.Connection,
    forward_id: int,
    left: tuple[str, ...],
    state: str,
    due_at: datetime | None,
    *,
    answer: str | None = None,
    request_id: str | None = None,
    token: str | None = None,
) -> bool:
    """Into `state` from one of `left`; False: somebody was first."""
    done = await conn.fetchval(SET_STATE, forward_id, list(left), state, due_at, answer, request_id, token)
    return done is not None


SET_STANDING = """
UPDATE followup.forwarded SET their_status = $2, their_notes = $3 WHERE id = $1
  AND (their_status, their_notes) IS DISTINCT FROM ($2, $3) RETURNING id"""


async def set_standing(conn: asyncpg.Connection, forward_id: int, status: str, notes: str) -> bool:
    """How it stands there; False: as before."""
    return await conn.fetchval(SET_STANDING, forward_id, status, notes) is not None


@dataclass(frozen=True)
class Forwarded:
    """How a round of a case stands at its endpoint, for people."""

    id: int
    number: str
    round: int
    unit_code: str
    state: str
    tries: int
    request_id: str | None
    their_status: str | None
    their_notes: str | None
    answer: str


SELECT_FORWARDED = """
SELECT f.id, c.number, f.round, e.unit_code, f.state, f.tries, f.request_id, f.their_status, f.their_notes, f.answer
FROM followup.forwarded f JOIN followup.open311_endpoint e ON e.id = f.endpoint_id
JOIN followup.case_file c ON c.id = f.case_id
WHERE e.centre_code = $1 AND ($2::text IS NULL OR c.number = $2) AND ($3 OR f.due_at IS NULL AND f.state IN ('unsure', 'refused'))
ORDER BY f.id"""


async def forwarded(
    conn: asyncpg.Connection, centre_code: str, *, number: str | None = None, everything: bool = False
) -> list[Forwarded]:
    """Those that wait for a person, or all."""
    rows = await conn.fetch(SELECT_FORWARDED, centre_code, number, everything)
    return [Forwarded(**row) for row in rows]
