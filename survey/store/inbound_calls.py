"""Calls that come in: who rang, what we last had to do with them, and what they chose."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

BEGIN_CALL = """
INSERT INTO survey.inbound_call (call_sid, centre_code, person_id, began_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (call_sid) DO NOTHING"""

LOCK_CALL = """
SELECT call_sid, centre_code, person_id, began_at, chose, repeats, attempt_id, ended_at FROM survey.inbound_call
WHERE call_sid = $1 FOR UPDATE"""


@dataclass(frozen=True)
class InboundCall:
    """A call to the centre as it stands."""

    call_sid: str
    centre_code: str
    person_id: int | None
    began_at: datetime
    chose: str | None
    repeats: int
    attempt_id: int | None
    ended_at: datetime | None


async def begin(conn: Any, sid: str, centre: str, person_id: int | None, at: datetime) -> None:
    """That there is such a call; once."""
    await conn.execute(BEGIN_CALL, sid, centre, person_id, at)


async def lock(conn: Any, sid: str) -> InboundCall | None:
    """The call, held until the transaction ends."""
    row = await conn.fetchrow(LOCK_CALL, sid)
    return InboundCall(**row) if row is not None else None


CHOOSE = """
UPDATE survey.inbound_call SET chose = $2, attempt_id = $3 WHERE call_sid = $1"""

REPEAT = """
UPDATE survey.inbound_call SET repeats = repeats + 1 WHERE call_sid = $1"""

END_CALL = """
UPDATE survey.inbound_call SET ended_at = $2 WHERE call_sid = $1 AND ended_at IS NULL"""


async def choose(conn: Any, sid: str, choice: str, attempt_id: int | None = None) -> None:
    """What the caller chose; `attempt_id`: the attempt in which they answer now."""
    await conn.execute(CHOOSE, sid, choice, attempt_id)


async def repeat(conn: Any, sid: str) -> None:
    """The menu is said once more."""
    await conn.execute(REPEAT, sid)


async def end(conn: Any, sid: str, at: datetime) -> None:
    """The call is over."""
    await conn.execute(END_CALL, sid, at)


SELECT_REPLY = """
SELECT reply FROM survey.inbound_step WHERE call_sid = $1 AND step = $2"""

INSERT_STEP = """
INSERT INTO survey.inbound_step (call_sid, step, said, reply, arrived_at, arrived_real) VALUES ($1, $2, $3, $4, $5, $6)"""


async def reply_to(conn: Any, sid: str, step: int) -> str | None:
    """The reply that this request got before."""
    stored: str | None = await conn.fetchval(SELECT_REPLY, sid, step)
    return stored


async def keep_step(
    conn: Any, sid: str, step: int, said: str, reply: str, at: datetime, real: datetime
) -> None:
    """A request of a call in the menu, and the reply it gets; the call is locked by the caller."""
    await conn.execute(INSERT_STEP, sid, step, said, reply, at, real)


SELECT_LAST_CONTACT = """
SELECT k.purpose, k.opened_at, k.mode, k.closed_at IS NULL AS is_open, k.id AS contact_id, q.body -> 'title' AS title,
       p.lang, z.short_zh AS centre_zh, y.name_en AS centre_en, s.tz, u.centre_code
FROM survey.contact k
JOIN survey.attempt a ON a.contact_id = k.id AND NOT a.inbound
JOIN survey.sample_unit u ON u.id = a.unit_id
JOIN survey.campaign c ON c.id = u.campaign_id
JOIN survey.questionnaire q ON q.id = c.questionnaire_id
JOIN survey.person p ON p.id = k.person_id
JOIN survey.area s ON s.code = u.area_code
JOIN survey.centre z ON z.code = u.centre_code
JOIN survey.area y ON y.code = z.area_code
WHERE k.person_id = $1 ORDER BY k.opened_at DESC, k.id DESC LIMIT 1"""


@dataclass(frozen=True)
class LastContact:
    """What we last had to do with a person. `title`: of the questionnaire, by language."""

    purpose: str
    opened_at: datetime
    mode: str
    is_open: bool
    contact_id: int
    title: dict[str, Any]
    lang: str
    centre_zh: str
    centre_en: str
    tz: str
    centre_code: str


async def last_contact(conn: Any, person_id: int) -> LastContact | None:
    """The latest contact that we began with this person, by whatever mode."""
    row = await conn.fetchrow(SELECT_LAST_CONTACT, person_id)
    return LastContact(**row) if row is not None else None


SELECT_CENTRE = """
SELECT z.short_zh, y.name_en, y.tz FROM survey.centre z JOIN survey.area y ON y.code = z.area_code WHERE z.code = $1"""


async def centre(conn: Any, code: str) -> tuple[str, str, str]:
    """(short Chinese name, English name, time zone) of a centre."""
    row = await conn.fetchrow(SELECT_CENTRE, code)
    return row["short_zh"], row["name_en"], row["tz"]


MARK_INBOUND = """
UPDATE survey.attempt SET inbound = true, status = 'accepted', sid = $2, lease_real = NULL, recall_at = NULL
WHERE id = $1"""


async def mark_inbound(conn: Any, attempt_id: int, sid: str) -> None:
    """dialing -> accepted: nobody is dialled, the resident is on the line already."""
    await conn.execute(MARK_INBOUND, attempt_id, sid)


SELECT_ATTEMPT_OF_CALL = """
SELECT ref FROM survey.attempt WHERE sid = $1"""


async def attempt_of_call(conn: Any, sid: str) -> str | None:
    """The attempt that is held in this call."""
    ref: str | None = await conn.fetchval(SELECT_ATTEMPT_OF_CALL, sid)
    return ref
