"""Masked calls, each of two lines. Each change names the state that it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Literal

Leg = Literal["asker", "person"]


@dataclass(frozen=True)
class NewMaskedCall:
    """A call that somebody asks for. `asker_cipher`: their telephone, sealed; the words are what each hears who picks up."""

    ref: str
    person_id: int
    asker_cipher: bytes
    asker_words: str
    person_words: str
    lang: str
    tz: str
    own_hours: tuple[time, time] | None
    asked_at: datetime
    until_at: datetime


INSERT = """
INSERT INTO survey.masked_call (ref, person_id, asker_cipher, asker_words, person_words, lang, tz, own_from, own_until, asked_at,
                                until_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"""


async def insert(conn: Any, new: NewMaskedCall) -> None:
    """Owe the call."""
    first, last = new.own_hours or (None, None)
    await conn.execute(
        INSERT, new.ref, new.person_id, new.asker_cipher, new.asker_words, new.person_words, new.lang, new.tz, first, last,
        new.asked_at, new.until_at,
    )  # fmt: skip


@dataclass(frozen=True)
class MaskedCall:
    """A call as it stands. `number_cipher`: the person's number, None where it is not theirs any more."""

    ref: str
    person_id: int
    asker_cipher: bytes
    number_cipher: bytes | None
    asker_words: str
    person_words: str
    lang: str
    tz: str
    own_from: time | None
    own_until: time | None
    until_at: datetime
    state: str
    contact_id: int | None
    asker_sid: str | None
    person_sid: str | None
    called_at: datetime | None
    joined_at: datetime | None

    @property
    def leg(self) -> Leg:
        """The line that is called last."""
        return "asker" if self.state in ("wanted", "calling_asker", "asker_here") else "person"

    def sid(self, leg: Leg) -> str | None:
        """The carrier's id of a line."""
        return self.asker_sid if leg == "asker" else self.person_sid


LOCK = """
SELECT m.ref, m.person_id, m.asker_cipher, CASE WHEN p.unlinked_at IS NULL THEN p.number_cipher END AS number_cipher,
       m.asker_words, m.person_words, m.lang, m.tz, m.own_from, m.own_until, m.until_at, m.state, m.contact_id, m.asker_sid,
       m.person_sid, m.called_at, m.joined_at
FROM survey.masked_call m JOIN survey.person p ON p.id = m.person_id WHERE m.ref = $1 FOR UPDATE OF m"""


async def lock(conn: Any, ref: str) -> MaskedCall | None:
    """The call, held until the transaction ends."""
    row = await conn.fetchrow(LOCK, ref)
    return MaskedCall(**row) if row else None


SELECT_TO_CALL = """
SELECT ref FROM survey.masked_call WHERE state IN ('wanted', 'asker_here') ORDER BY asked_at, ref LIMIT $1
FOR UPDATE SKIP LOCKED"""


async def to_call(conn: Any, limit: int) -> list[str]:
    """Those of which a line is to be called, held."""
    return [row["ref"] for row in await conn.fetch(SELECT_TO_CALL, limit)]


CALLING = """
UPDATE survey.masked_call
SET state = CASE state WHEN 'wanted' THEN 'calling_asker' ELSE 'calling_person' END, called_at = $2, lease_real = $3,
    person_called_at = CASE state WHEN 'asker_here' THEN $2 ELSE person_called_at END, check_at = NULL
WHERE ref = $1 AND state IN ('wanted', 'asker_here')"""


async def calling(conn: Any, ref: str, now: datetime, lease_real: datetime) -> None:
    """wanted -> calling_asker, asker_here -> calling_person: committed before the carrier is asked."""
    await conn.execute(CALLING, ref, now, lease_real)


ACCEPTED = """
UPDATE survey.masked_call
SET asker_sid = CASE $2 WHEN 'asker' THEN coalesce(asker_sid, $3) ELSE asker_sid END,
    person_sid = CASE $2 WHEN 'person' THEN coalesce(person_sid, $3) ELSE person_sid END, lease_real = NULL, check_at = $4
WHERE ref = $1 AND state <> 'over'"""


async def accepted(conn: Any, ref: str, leg: Leg, sid: str, check_at: datetime) -> None:
    """The carrier has the line under this id."""
    await conn.execute(ACCEPTED, ref, leg, sid, check_at)


CHECK_LATER = """
UPDATE survey.masked_call SET lease_real = NULL, check_at = $2 WHERE ref = $1"""


async def check_later(conn: Any, ref: str, at: datetime | None) -> None:
    """The carrier is asked at `at`; None: never."""
    await conn.execute(CHECK_LATER, ref, at)


ASKER_HERE = """
UPDATE survey.masked_call SET state = 'asker_here', contact_id = $2, asker_sid = $3, lease_real = NULL, check_at = $4
WHERE ref = $1 AND state = 'calling_asker'"""


async def asker_here(conn: Any, ref: str, contact_id: int, sid: str, check_at: datetime) -> None:
    """calling_asker -> asker_here: they wait, and the person is to be called, in a contact that is open from now on."""
    await conn.execute(ASKER_HERE, ref, contact_id, sid, check_at)


JOINED = """
UPDATE survey.masked_call SET state = 'joined', joined_at = $3, person_sid = $2, lease_real = NULL, check_at = $4
WHERE ref = $1 AND state = 'calling_person'"""


async def joined(conn: Any, ref: str, sid: str, now: datetime, check_at: datetime) -> None:
    """calling_person -> joined: both are in the room."""
    await conn.execute(JOINED, ref, sid, now, check_at)


OVER = """
UPDATE survey.masked_call
SET state = 'over', over_at = $2, outcome = $3, seconds = $4, lease_real = NULL, check_at = $2
WHERE ref = $1 AND state <> 'over' RETURNING contact_id"""


async def over(conn: Any, ref: str, now: datetime, outcome: str, seconds: int) -> bool:
    """any -> over; its lines are to be ended. False: it was over."""
    return bool(await conn.fetch(OVER, ref, now, outcome, seconds))


SELECT_TO_CHECK = """
SELECT ref FROM survey.masked_call
WHERE (state <> 'over' OR check_at IS NOT NULL)
  AND (check_at <= $1 OR lease_real < $2 OR state = 'wanted' AND until_at <= $1)
ORDER BY asked_at, ref LIMIT $3 FOR UPDATE SKIP LOCKED"""


async def to_check(conn: Any, now: datetime, real_now: datetime, again: datetime, limit: int) -> list[str]:
    """Those about whose lines the carrier is to be asked, or which are to be ended; each is looked at again at `again`."""
    refs = [row["ref"] for row in await conn.fetch(SELECT_TO_CHECK, now, real_now, limit)]
    for ref in refs:
        await check_later(conn, ref, again)
    return refs


SELECT_KNOWN_SIDS = """
SELECT s.sid FROM unnest($1::text[]) AS s (sid)
WHERE EXISTS (SELECT FROM survey.masked_call m WHERE s.sid IN (m.asker_sid, m.person_sid))
   OR EXISTS (SELECT FROM survey.attempt a WHERE a.sid = s.sid)"""


async def known_sids(conn: Any, sids: Sequence[str]) -> set[str]:
    """Those of these lines that are known to be another's."""
    return {row["sid"] for row in await conn.fetch(SELECT_KNOWN_SIDS, list(sids))}


@dataclass(frozen=True)
class Finished:
    """A call that is over, and that nobody has heard of yet."""

    ref: str
    called_at: datetime | None
    over_at: datetime
    outcome: str
    seconds: int


TAKE_FINISHED = """
UPDATE survey.masked_call SET told = true
WHERE ref IN (SELECT ref FROM survey.masked_call WHERE state = 'over' AND NOT told ORDER BY over_at LIMIT $1
              FOR UPDATE SKIP LOCKED)
RETURNING ref, called_at, over_at, outcome, seconds"""


async def take_finished(conn: Any, limit: int) -> Sequence[Finished]:
    """Hear of them, once."""
    return [Finished(**row) for row in await conn.fetch(TAKE_FINISHED, limit)]
