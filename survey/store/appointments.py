"""Appointments that waiting units are to keep (`sample_unit.appointment_at`): listed, missed, and moved."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.field.own_hours import OwnHours, own_hours
from survey.store import units
from survey.store.units import Change

MISS = """
WITH missed AS (
    UPDATE survey.sample_unit SET appointment_at = NULL, version = version + 1
    WHERE id IN (SELECT id FROM survey.sample_unit
                 WHERE status = 'waiting' AND appointment_at IS NOT NULL AND due_at <= $1 ORDER BY id FOR UPDATE SKIP LOCKED)
    RETURNING id, disposition
)
INSERT INTO survey.unit_event (unit_id, at, from_status, to_status, why, attempt_id, disposition)
SELECT id, $2, 'waiting', 'waiting', 'appointment missed', NULL, disposition FROM missed RETURNING unit_id"""


async def miss(conn: Any, due_before: datetime, at: datetime) -> int:
    """Appointments that fell due until then and were not kept stand no longer; the people wait like everybody else. How many."""
    return len(await conn.fetch(MISS, due_before, at))


LOCK_STANDING = """
SELECT u.id, u.disposition, u.next_mode AS mode, u.appointment_at, c.purpose, c.closes_at, a.tz,
       coalesce(u.hours, c.hours) AS hours
FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id JOIN survey.area a ON a.code = u.area_code
WHERE u.ref = $1 AND u.status = 'waiting' AND u.appointment_at IS NOT NULL FOR UPDATE OF u"""

MOVE = """
UPDATE survey.sample_unit SET appointment_at = $2, due_at = $2, version = version + 1 WHERE id = $1"""


@dataclass(frozen=True)
class Standing:
    """An appointment that stands, and what another moment for it depends on."""

    id: int
    disposition: str
    mode: str
    appointment_at: datetime
    purpose: str
    closes_at: datetime | None
    tz: str
    hours: dict[str, Any] | None

    @property
    def own_hours(self) -> OwnHours | None:
        return own_hours(self.hours)


async def lock(conn: Any, ref: str) -> Standing | None:
    """The appointment that this unit waits for, held until the transaction ends."""
    row = await conn.fetchrow(LOCK_STANDING, ref)
    return Standing(**row) if row is not None else None


async def move(conn: Any, standing: Standing, moment: datetime, why: str, at: datetime) -> None:
    """The new moment takes the place of the old one, and the history says so."""
    await conn.execute(MOVE, standing.id, moment)
    await units.note(conn, [Change(standing.id, "waiting", "waiting", why, None, standing.disposition)], at)


SELECT_STANDING = """
SELECT u.ref, c.centre_code, c.name_zh AS title, a.name_zh AS area, a.tz, u.next_mode AS mode, u.appointment_at, u.due_at,
       (SELECT t.operator FROM survey.attempt t WHERE t.unit_id = u.id AND t.appointment_at IS NOT NULL
        ORDER BY t.id DESC LIMIT 1) AS agreed_by
FROM survey.sample_unit u
JOIN survey.campaign c ON c.id = u.campaign_id
JOIN survey.area a ON a.code = u.area_code
WHERE u.status = 'waiting' AND u.appointment_at IS NOT NULL AND c.centre_code = $1
ORDER BY u.due_at, u.id LIMIT $2"""


@dataclass(frozen=True)
class Waiting:
    """An appointment that stands, without saying with whom. `due_at`: when it is kept, at the next opening after it; `agreed_by`:
    the operator with whom it was agreed, None: a machine."""

    ref: str
    centre_code: str
    title: str
    area: str
    tz: str
    mode: str
    appointment_at: datetime
    due_at: datetime
    agreed_by: str | None


async def standing(conn: Any, centre: str, limit: int) -> list[Waiting]:
    """The appointments of a centre, the next first."""
    return [Waiting(**row) for row in await conn.fetch(SELECT_STANDING, centre, limit)]
