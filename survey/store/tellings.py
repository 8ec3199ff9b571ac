"""Texts that tell and ask nothing, and the sealed addresses of staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

INSERT_ADDRESS = """
INSERT INTO survey.staff_address (kind, token, key_id, cipher) VALUES ($1, $2, $3, $4) RETURNING id"""


async def insert_address(conn: Any, kind: str, token: bytes, key_id: str, cipher: bytes) -> int:
    """A sealed number or mail address."""
    address_id: int = await conn.fetchval(INSERT_ADDRESS, kind, token, key_id, cipher)
    return address_id


EMPTY_ADDRESS = """
UPDATE survey.staff_address SET cipher = NULL WHERE id = $1"""


async def empty_address(conn: Any, address_id: int) -> None:
    """Nobody can read it again; its token stays, to tell equal ones."""
    await conn.execute(EMPTY_ADDRESS, address_id)


SELECT_ADDRESS = """
SELECT cipher FROM survey.staff_address WHERE id = $1"""


async def sealed_address(conn: Any, address_id: int) -> bytes | None:
    """None: it was emptied."""
    cipher: bytes | None = await conn.fetchval(SELECT_ADDRESS, address_id)
    return cipher


@dataclass(frozen=True)
class NewTelling:
    """A text that is owed to a person of the vault, or to an address of staff, from `due_at` until `until_at`."""

    cause: str
    person_id: int | None
    address_id: int | None
    body: str
    due_at: datetime
    until_at: datetime


INSERT_TELLING = """
INSERT INTO survey.telling (ref, cause, person_id, address_id, body, segments, due_at, until_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (cause) DO NOTHING RETURNING id"""


async def insert(conn: Any, ref: str, telling: NewTelling, parts: int) -> bool:
    """False: it is owed already."""
    t = telling
    values = (ref, t.cause, t.person_id, t.address_id, t.body, parts, t.due_at, t.until_at)
    return await conn.fetchval(INSERT_TELLING, *values) is not None


@dataclass(frozen=True)
class Telling:
    """A text as it stands. `cipher`: of the number it goes to; None: that was taken back."""

    id: int
    ref: str
    person_id: int | None
    body: str
    segments: int
    status: str
    due_at: datetime
    until_at: datetime
    caller: str | None
    sid: str | None
    sending_at: datetime | None
    carrier_word: str | None
    cipher: bytes | None


SELECT_DUE = """
SELECT t.id, t.ref, t.person_id, t.body, t.segments, t.status, t.due_at, t.until_at, t.caller, t.sid, t.sending_at,
       t.carrier_word, coalesce(a.cipher, p.number_cipher) AS cipher
FROM survey.telling t LEFT JOIN survey.staff_address a ON a.id = t.address_id
LEFT JOIN survey.person p ON p.id = t.person_id AND p.unlinked_at IS NULL
WHERE t.status = 'waiting' AND t.due_at <= $1 ORDER BY t.due_at, t.id LIMIT $2 FOR UPDATE OF t SKIP LOCKED"""


async def lock_due(conn: Any, now: datetime, limit: int) -> list[Telling]:
    """Texts that are due, held until the transaction ends."""
    return [Telling(**row) for row in await conn.fetch(SELECT_DUE, now, limit)]


SELECT_BY_REF = """
SELECT t.id, t.ref, t.person_id, t.body, t.segments, t.status, t.due_at, t.until_at, t.caller, t.sid, t.sending_at,
       t.carrier_word, coalesce(a.cipher, p.number_cipher) AS cipher
FROM survey.telling t LEFT JOIN survey.staff_address a ON a.id = t.address_id
LEFT JOIN survey.person p ON p.id = t.person_id
WHERE t.ref = $1 FOR UPDATE OF t"""


async def lock(conn: Any, ref: str) -> Telling | None:
    """The text that a webhook's URL names, held until the transaction ends."""
    row = await conn.fetchrow(SELECT_BY_REF, ref)
    return Telling(**row) if row else None


BUSY_PERSONS = """
SELECT person_id FROM survey.contact WHERE person_id = ANY($1::bigint[]) AND closed_at IS NULL"""


async def in_contact(conn: Any, person_ids: Sequence[int]) -> set[int]:
    """Who is being called or texted at this moment."""
    return {row["person_id"] for row in await conn.fetch(BUSY_PERSONS, list(person_ids))}


PUT_OFF = """
UPDATE survey.telling SET due_at = $2 WHERE id = $1 AND status = 'waiting'"""


async def put_off(conn: Any, telling_id: int, until: datetime) -> None:
    """Look at it again later."""
    await conn.execute(PUT_OFF, telling_id, until)


CLAIM = """
UPDATE survey.telling SET status = 'sending', sending_at = $2, lease_real = $3, check_at = $2, caller = $4
WHERE id = ANY($1::bigint[]) AND status = 'waiting'"""


async def claim(conn: Any, ids: Sequence[int], now: datetime, lease: datetime, caller: str | None) -> None:
    """waiting -> sending."""
    await conn.execute(CLAIM, list(ids), now, lease, caller)


ACCEPTED = """
UPDATE survey.telling SET status = 'accepted', sid = $2, lease_real = NULL, check_at = $3, news = true
WHERE id = $1 AND status IN ('sending', 'unknown') RETURNING id"""


async def accepted(conn: Any, telling_id: int, sid: str, check_at: datetime) -> None:
    """sending or unknown -> accepted. One that a webhook has moved further stays there."""
    await conn.fetchval(ACCEPTED, telling_id, sid, check_at)


NOW_UNKNOWN = """
UPDATE survey.telling SET status = 'unknown', lease_real = NULL, check_at = $2 WHERE id = $1 AND status = 'sending'"""


async def unknown(conn: Any, telling_id: int, ask_at: datetime) -> None:
    """sending -> unknown: the carrier did not answer."""
    await conn.execute(NOW_UNKNOWN, telling_id, ask_at)


GIVE_UP_LEASES = """
UPDATE survey.telling SET status = 'unknown', lease_real = NULL, check_at = $2 WHERE status = 'sending' AND lease_real < $1"""


async def give_up_leases(conn: Any, real_now: datetime, now: datetime) -> None:
    """sending -> unknown, where the worker that was asking the carrier must have died."""
    await conn.execute(GIVE_UP_LEASES, real_now, now)


BACK_TO_WAITING = """
UPDATE survey.telling SET status = 'waiting', due_at = $2, lease_real = NULL, check_at = NULL, sending_at = NULL
WHERE id = $1 AND status = 'sending'"""


async def back_to_waiting(conn: Any, telling_id: int, due_at: datetime) -> None:
    """sending -> waiting: the carrier said that it has not taken it and wants to be asked later."""
    await conn.execute(BACK_TO_WAITING, telling_id, due_at)


NEVER_WAS = """
UPDATE survey.telling SET status = 'waiting', due_at = $2, lease_real = NULL, check_at = NULL, sending_at = NULL
WHERE id = $1 AND status = 'unknown'"""


async def never_was(conn: Any, telling_id: int, due_at: datetime) -> None:
    """unknown -> waiting: the carrier has no such text."""
    await conn.execute(NEVER_WAS, telling_id, due_at)


PROGRESS = """
UPDATE survey.telling
SET sid = coalesce(sid, $2), carrier_word = $3, error_code = coalesce($4, error_code), news = true,
    status = CASE WHEN status IN ('sending', 'unknown') THEN 'accepted' ELSE status END, lease_real = NULL
WHERE id = $1 AND status <> 'ended' AND (sid IS NULL OR sid = $2) RETURNING id"""


async def progress(conn: Any, telling_id: int, sid: str, word: str, error_code: int | None) -> bool:
    """The carrier's word, with its sid. False: it has ended, or belongs to another sid."""
    return await conn.fetchval(PROGRESS, telling_id, sid, word, error_code) is not None


END = """
UPDATE survey.telling SET status = 'ended', ended_at = $2, outcome = $3, lease_real = NULL, check_at = NULL, news = true
WHERE id = $1 AND status <> 'ended' RETURNING id"""


async def end(conn: Any, telling_id: int, at: datetime, outcome: str) -> bool:
    """any -> ended. False: somebody was first."""
    return await conn.fetchval(END, telling_id, at, outcome) is not None


CHECK_LATER = """
UPDATE survey.telling SET check_at = $2 WHERE id = ANY($1::bigint[]) AND status IN ('unknown', 'accepted')"""


async def check_later(conn: Any, ids: Sequence[int], at: datetime) -> None:
    """Ask the carrier again at `at`."""
    await conn.execute(CHECK_LATER, list(ids), at)


SELECT_TO_ASK = """
SELECT t.id, t.ref, t.person_id, t.body, t.segments, t.status, t.due_at, t.until_at, t.caller, t.sid, t.sending_at,
       t.carrier_word, coalesce(a.cipher, p.number_cipher) AS cipher
FROM survey.telling t LEFT JOIN survey.staff_address a ON a.id = t.address_id
LEFT JOIN survey.person p ON p.id = t.person_id
WHERE t.status IN ('unknown', 'accepted') AND t.check_at <= $1 ORDER BY t.check_at, t.id LIMIT 200"""


async def to_ask(conn: Any, now: datetime) -> list[Telling]:
    """Texts of which the carrier must be asked what became of them."""
    return [Telling(**row) for row in await conn.fetch(SELECT_TO_ASK, now)]


OUR_SIDS = """
SELECT sid FROM survey.telling WHERE sid = ANY($1::text[])
UNION ALL SELECT sid FROM survey.attempt WHERE sid = ANY($1::text[])"""


async def known_sids(conn: Any, sids: Sequence[str]) -> set[str]:
    """Those that belong to a text or an attempt of ours already."""
    return {row["sid"] for row in await conn.fetch(OUR_SIDS, list(sids))}


TOLD_SIDS = """
SELECT sid FROM survey.telling WHERE sid = ANY($1::text[])"""


async def told_sids(conn: Any, sids: Sequence[str]) -> set[str]:
    """Those that are texts which only tell something."""
    return {row["sid"] for row in await conn.fetch(TOLD_SIDS, list(sids))}


LAST_TOLD = """
SELECT max(sending_at) FROM survey.telling WHERE person_id = $1 AND status IN ('sending', 'unknown', 'accepted', 'ended')"""


async def last_told(conn: Any, person_id: int) -> datetime | None:
    """When this person was last told something by text."""
    at: datetime | None = await conn.fetchval(LAST_TOLD, person_id)
    return at
