"""Attempts: each dialled call and each text invitation, from `dialing` to its end; what is asked of the carrier about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

INSERT_ATTEMPTS = """
INSERT INTO survey.attempt
    (ref, contact_id, person_id, unit_id, purpose, mode, operator, status, dialing_at, lease_real, check_at, day, day_part,
     recall_at, caller, linked)
SELECT t.ref, t.contact_id, t.person_id, t.unit_id, t.purpose, t.mode, t.operator, 'dialing', $1, $2, t.check_at, t.day,
       t.day_part, t.recall_at, t.caller, t.linked
FROM unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::timestamptz[],
            $11::date[], $12::text[], $13::timestamptz[], $14::text[], $15::boolean[])
     AS t(ref, contact_id, person_id, unit_id, purpose, mode, operator, check_at, day, day_part, recall_at, caller,
          linked)
RETURNING id, ref"""


@dataclass(frozen=True)
class NewAttempt:
    """An attempt about to be made. `check_at`: when to ask the carrier, should no webhook come; `recall_at`: when to have it
    back from the carrier, should it not have begun by then; `caller`: our number that it is made from; `linked`: an operator is
    connected when the person answers."""

    ref: str
    contact_id: int
    person_id: int
    unit_id: int
    purpose: str
    mode: str
    operator: str | None
    check_at: datetime | None
    day: date
    day_part: str
    recall_at: datetime | None
    caller: str | None = None
    linked: bool = False


async def insert_attempts(
    conn: Any, attempts: Sequence[NewAttempt], at: datetime, lease_real: datetime | None
) -> dict[str, int]:
    """Attempt id by reference. They are `dialing` from now on."""
    rows = await conn.fetch(
        INSERT_ATTEMPTS,
        at,
        lease_real,
        [a.ref for a in attempts],
        [a.contact_id for a in attempts],
        [a.person_id for a in attempts],
        [a.unit_id for a in attempts],
        [a.purpose for a in attempts],
        [a.mode for a in attempts],
        [a.operator for a in attempts],
        [a.check_at for a in attempts],
        [a.day for a in attempts],
        [a.day_part for a in attempts],
        [a.recall_at for a in attempts],
        [a.caller for a in attempts],
        [a.linked for a in attempts],
    )
    return {row["ref"]: row["id"] for row in rows}


SELECT_ATTEMPT = """
SELECT a.id, a.ref, a.contact_id, a.person_id, a.mode, a.status, a.sid, a.dialing_at, a.carrier_word, a.purpose,
       a.operator, a.error_code, a.detected, a.answered_by, a.linked
FROM survey.attempt a WHERE a.ref = $1"""

LOCK_BY_REF = """
SELECT a.id, a.ref, a.contact_id, a.person_id, a.mode, a.status, a.sid, a.dialing_at, a.carrier_word, a.purpose,
       a.operator, a.error_code, a.detected, a.answered_by, a.linked, k.closed_at AS contact_closed_at
FROM survey.attempt a JOIN survey.contact k ON k.id = a.contact_id
WHERE a.ref = ANY($1::text[]) ORDER BY k.id FOR UPDATE OF k, a"""

LOCK_FREE_BY_REF = LOCK_BY_REF + " SKIP LOCKED"

SELECT_OPEN_ATTEMPTS_TO_CHECK = """
SELECT a.id, a.ref, a.contact_id, a.person_id, a.mode, a.status, a.sid, a.dialing_at, a.carrier_word, a.purpose,
       a.operator, a.error_code, a.detected, a.answered_by, a.linked
FROM survey.attempt a
WHERE a.status IN ('accepted', 'ringing', 'answered') AND a.check_at <= $1
  AND (a.mode <> 'operator' OR a.linked AND a.line_over_at IS NULL)
ORDER BY a.check_at, a.id LIMIT $2"""

SELECT_UNSETTLED = """
SELECT a.id, a.ref, a.contact_id, a.person_id, a.mode, a.status, a.sid, a.dialing_at, a.carrier_word, a.purpose,
       a.operator, a.error_code, a.detected, a.answered_by, a.linked
FROM survey.attempt a WHERE a.status = 'unknown' AND a.check_at <= $1 ORDER BY a.id"""

GIVE_UP_LEASES = """
UPDATE survey.attempt SET status = 'unknown', lease_real = NULL, check_at = $2
WHERE status = 'dialing' AND (mode <> 'operator' OR linked) AND lease_real < $1"""

SELECT_ATTEMPT_OF_CONTACT = """
SELECT a.id, a.ref, a.contact_id, a.person_id, a.mode, a.status, a.sid, a.dialing_at, a.carrier_word, a.purpose,
       a.operator, a.error_code, a.detected, a.answered_by, a.linked
FROM survey.attempt a WHERE a.contact_id = $1 ORDER BY a.id DESC LIMIT 1"""


@dataclass(frozen=True)
class Attempt:
    """An attempt as it stands."""

    id: int
    ref: str
    contact_id: int
    person_id: int
    mode: str
    status: str
    sid: str | None
    dialing_at: datetime
    carrier_word: str | None
    purpose: str
    operator: str | None
    error_code: int | None
    detected: str | None
    answered_by: str | None
    linked: bool


async def attempt(conn: Any, ref: str) -> Attempt | None:
    """The attempt that a webhook's URL names."""
    row = await conn.fetchrow(SELECT_ATTEMPT, ref)
    return Attempt(**row) if row else None


async def lock_attempt(conn: Any, ref: str) -> tuple[Attempt, bool] | None:
    """(the attempt, whether its contact is open), both held until the transaction ends: one input at a time."""
    return _held_attempts(await conn.fetch(LOCK_BY_REF, [ref])).get(ref)


async def lock_free_attempts(conn: Any, refs: Sequence[str]) -> dict[str, tuple[Attempt, bool]]:
    """The same for many, by reference, without those that somebody else holds at this moment."""
    return _held_attempts(await conn.fetch(LOCK_FREE_BY_REF, list(refs)))


def _held_attempts(rows: Sequence[Any]) -> dict[str, tuple[Attempt, bool]]:
    held: dict[str, tuple[Attempt, bool]] = {}
    for row in rows:
        values = dict(row)
        closed = values.pop("contact_closed_at")
        held[row["ref"]] = Attempt(**values), closed is None
    return held


async def to_check(conn: Any, now: datetime, limit: int) -> list[Attempt]:
    """Attempts under way of which the carrier should have said more by now."""
    return [Attempt(**row) for row in await conn.fetch(SELECT_OPEN_ATTEMPTS_TO_CHECK, now, limit)]


async def unsettled(conn: Any, now: datetime) -> list[Attempt]:
    """Attempts of which nobody knows whether the carrier took them, and of which it is time to ask."""
    return [Attempt(**row) for row in await conn.fetch(SELECT_UNSETTLED, now)]


async def give_up_leases(conn: Any, real_now: datetime, now: datetime) -> None:
    """dialing -> unknown, where the worker that was asking the carrier must have died."""
    await conn.execute(GIVE_UP_LEASES, real_now, now)


async def attempt_of(conn: Any, contact_id: int) -> Attempt:
    """The attempt that opened a contact."""
    return Attempt(**await conn.fetchrow(SELECT_ATTEMPT_OF_CONTACT, contact_id))


ACCEPTED = """
UPDATE survey.attempt a SET status = 'accepted', sid = t.sid, lease_real = NULL
FROM unnest($1::bigint[], $2::text[]) AS t(id, sid)
WHERE a.id = t.id AND a.status IN ('dialing', 'unknown')"""


async def accepted(conn: Any, taken: Sequence[tuple[int, str]]) -> None:
    """dialing or unknown -> accepted, under the carrier's id. One that a webhook has moved further stays there."""
    await conn.execute(ACCEPTED, [i for i, _ in taken], [sid for _, sid in taken])


NOW_UNKNOWN = """
UPDATE survey.attempt SET status = 'unknown', lease_real = NULL, check_at = $2
WHERE id = ANY($1::bigint[]) AND status = 'dialing'"""


async def unknown(conn: Any, attempt_ids: Sequence[int], ask_at: datetime) -> None:
    """dialing -> unknown: the carrier was asked and did not answer; it is asked what became of it at `ask_at`."""
    await conn.execute(NOW_UNKNOWN, list(attempt_ids), ask_at)


PROGRESS = """
UPDATE survey.attempt
SET sid = coalesce(sid, $2), carrier_word = $3, error_code = coalesce($4, error_code),
    status = CASE WHEN $5 <> '' THEN $5 ELSE status END,
    answered_at = CASE WHEN 'answered' IN ($3, $5) THEN coalesce(answered_at, $6) ELSE answered_at END
WHERE id = $1 AND status <> 'ended' AND (sid IS NULL OR sid = $2)
RETURNING id"""


async def progress(
    conn: Any, attempt_id: int, sid: str, word: str, error_code: int | None, status: str, at: datetime
) -> bool:
    """Note the carrier's word; `status` '' leaves the attempt's own status. False: it has ended, or belongs to another id."""
    return bool(await conn.fetchval(PROGRESS, attempt_id, sid, word, error_code, status, at))


NOTE_ANSWERER = """
UPDATE survey.attempt SET detected = $2, answered_by = $3 WHERE id = $1"""


async def note_answerer(conn: Any, attempt_id: int, detected: str | None, answered_by: str) -> None:
    """Who answered, by the signs so far; also of a call that is over, where a sign came late."""
    await conn.execute(NOTE_ANSWERER, attempt_id, detected, answered_by)


SETTLE_ANSWERER = """
WITH said AS (
    SELECT a.id, a.contact_id, CASE a.answered_by WHEN 'machine' THEN 'machine' ELSE 'unknown_eligibility' END AS code
    FROM survey.attempt a
    WHERE a.id = $1 AND a.status = 'ended' AND a.mode = 'voice' AND a.carrier_word = 'answered'
      AND a.disposition IN ('machine', 'unknown_eligibility')
), attempts AS (
    UPDATE survey.attempt a SET disposition = s.code FROM said s WHERE a.id = s.id
), interviews AS (
    UPDATE survey.interview i SET outcome = s.code FROM said s
    WHERE i.contact_id = s.contact_id AND i.outcome IN ('machine', 'unknown_eligibility') RETURNING i.unit_id, s.code
), moved AS (
    UPDATE survey.sample_unit u SET disposition = i.code FROM interviews i
    WHERE u.id = i.unit_id AND u.status = 'waiting' AND u.disposition IN ('machine', 'unknown_eligibility')
    RETURNING u.id, i.code
)
INSERT INTO survey.unit_event (unit_id, at, from_status, to_status, why, attempt_id, disposition)
SELECT id, $2, 'waiting', 'waiting', 'who answered', $1, code FROM moved"""
"""The retry rule of the two codes is one, so the next moment stands. A unit that is done has been announced, and stays."""


async def settle_answerer(conn: Any, attempt_id: int, at: datetime) -> None:
    """A call that ended before the last sign of who answered came in gets the code that it would have had."""
    await conn.execute(SETTLE_ANSWERER, attempt_id, at)


ASK_LATER = """
UPDATE survey.attempt SET check_at = $2 WHERE id = ANY($1::bigint[]) AND status = 'unknown'"""


async def ask_later(conn: Any, attempt_ids: Sequence[int], at: datetime) -> None:
    """Whatever the carrier answers now, or does not, it is not asked about these all the time."""
    await conn.execute(ASK_LATER, attempt_ids, at)


CHECK_LATER = """
UPDATE survey.attempt SET check_at = $2 WHERE id = ANY($1::bigint[]) AND status <> 'ended'"""


async def check_later(conn: Any, attempt_ids: Sequence[int], at: datetime | None) -> None:
    """Ask the carrier again at `at`; None: never, something else will end them."""
    await conn.execute(CHECK_LATER, list(attempt_ids), at)


END_ATTEMPT = """
UPDATE survey.attempt
SET status = 'ended', ended_at = $2, disposition = $3, counts = $4 AND NOT inbound, check_at = NULL, lease_real = NULL,
    recall_at = NULL
WHERE id = $1 AND status <> 'ended' RETURNING id"""


async def end_attempt(conn: Any, attempt_id: int, code: str, counts: bool, at: datetime) -> bool:
    """any -> ended. False: somebody was first."""
    return bool(await conn.fetchval(END_ATTEMPT, attempt_id, at, code, counts))


AGREE = """
UPDATE survey.attempt SET appointment_at = $2 WHERE id = $1"""


async def agree(conn: Any, attempt_id: int, moment: datetime) -> None:
    """The person agreed in this attempt to be called at `moment`."""
    await conn.execute(AGREE, attempt_id, moment)


SELECT_ANSWERED_AT = """
SELECT answered_at FROM survey.attempt WHERE id = $1"""


async def answered_at(conn: Any, attempt_id: int) -> datetime | None:
    """When the call was answered; None: it was not."""
    moment: datetime | None = await conn.fetchval(SELECT_ANSWERED_AT, attempt_id)
    return moment


SELECT_DISPOSITION = """
SELECT disposition FROM survey.attempt WHERE id = $1"""


async def ended_as(conn: Any, attempt_id: int) -> str | None:
    """The code with which it ended."""
    code: str | None = await conn.fetchval(SELECT_DISPOSITION, attempt_id)
    return code
