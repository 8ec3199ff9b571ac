"""What must reach a person: raised, taken, resolved, each change with its event row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class NewHandover:
    """Something for a person to take care of until `due_at`. `words` as they were said; they are masked where they are shown."""

    ref: str
    person_id: int | None
    interview_id: int | None
    reason: str
    urgent: bool
    words: str | None
    recording: str | None
    raised_at: datetime
    due_at: datetime


INSERT_HANDOVER = """
WITH raised AS (
    INSERT INTO survey.handover (ref, person_id, interview_id, reason, urgent, words, recording, raised_at, due_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id, raised_at, status)
INSERT INTO survey.handover_event (handover_id, at, to_status) SELECT id, raised_at, status FROM raised"""


async def insert(conn: Any, new: NewHandover) -> None:
    """It waits for a person from now on."""
    await conn.execute(
        INSERT_HANDOVER,
        new.ref,
        new.person_id,
        new.interview_id,
        new.reason,
        new.urgent,
        new.words,
        new.recording,
        new.raised_at,
        new.due_at,
    )


@dataclass(frozen=True)
class HandoverRow:
    """One line of the queue. `status`: waiting, taken, resolved. Where no interview belongs to it, nobody's centre, campaign,
    purpose, mode and area are None."""

    ref: str
    status: str
    urgent: bool
    reason: str
    words: str | None
    recording: str | None
    raised_at: datetime
    due_at: datetime
    centre_code: str | None
    purpose: str | None
    campaign: str | None
    mode: str | None
    area: str | None
    taken_by: str | None
    taken_at: datetime | None
    resolved_by: str | None
    resolved_at: datetime | None
    resolution: str | None

    def overdue(self, now: datetime) -> bool:
        """Nobody has resolved it in time."""
        return self.status != "resolved" and self.due_at < now


SELECT_QUEUE = """
SELECT h.ref, h.status, h.urgent, h.reason, h.words, h.recording, h.raised_at, h.due_at, u.centre_code, c.purpose,
       c.name_zh AS campaign, i.mode, a.name_zh AS area, h.taken_by, h.taken_at, h.resolved_by, h.resolved_at, h.resolution
FROM survey.handover h
LEFT JOIN survey.interview i ON i.id = h.interview_id
LEFT JOIN survey.sample_unit u ON u.id = i.unit_id
LEFT JOIN survey.campaign c ON c.id = u.campaign_id
LEFT JOIN survey.area a ON a.code = u.area_code
WHERE (u.centre_code = $1 OR u.id IS NULL) AND (h.resolved_at IS NULL OR $2)
ORDER BY h.resolved_at IS NOT NULL, h.urgent DESC, h.due_at, h.id"""


COUNT_WAITING = """
SELECT count(*)::int AS waiting, (count(*) FILTER (WHERE h.urgent))::int AS urgent FROM survey.handover h
LEFT JOIN survey.interview i ON i.id = h.interview_id
LEFT JOIN survey.sample_unit u ON u.id = i.unit_id
WHERE h.status = 'waiting' AND (u.centre_code = $1 OR u.id IS NULL)"""


@dataclass(frozen=True)
class Waiting:
    """How many handovers nobody has taken, and how many of these are urgent."""

    waiting: int
    urgent: int


async def waiting(conn: Any, centre: str) -> Waiting:
    """Of a centre, and of none."""
    return Waiting(**await conn.fetchrow(COUNT_WAITING, centre))


async def queue(conn: Any, centre: str, *, resolved: bool) -> list[HandoverRow]:
    """A centre's open handovers and those of no centre, urgent ones first, then by due time; `resolved`: those too, last."""
    return [HandoverRow(**row) for row in await conn.fetch(SELECT_QUEUE, centre, resolved)]


SELECT_HANDOVER = """
SELECT h.ref, h.status, h.urgent, h.reason, h.words, h.recording, h.raised_at, h.due_at, u.centre_code, c.purpose,
       c.name_zh AS campaign, i.mode, a.name_zh AS area, h.taken_by, h.taken_at, h.resolved_by, h.resolved_at, h.resolution
FROM survey.handover h
LEFT JOIN survey.interview i ON i.id = h.interview_id
LEFT JOIN survey.sample_unit u ON u.id = i.unit_id
LEFT JOIN survey.campaign c ON c.id = u.campaign_id
LEFT JOIN survey.area a ON a.code = u.area_code
WHERE h.ref = $1"""


async def find(conn: Any, ref: str) -> HandoverRow | None:
    """The handover of this reference."""
    row = await conn.fetchrow(SELECT_HANDOVER, ref)
    return None if row is None else HandoverRow(**row)


SELECT_WHOSE = """
SELECT h.person_id, u.area_code FROM survey.handover h
LEFT JOIN survey.interview i ON i.id = h.interview_id
LEFT JOIN survey.sample_unit u ON u.id = i.unit_id
WHERE h.ref = $1 AND h.status = 'taken' AND h.taken_by = $2 FOR UPDATE OF h"""


@dataclass(frozen=True)
class Whose:
    """Whom somebody who has a handover is to reach. `person_id` None: a sender whom we do not know; `area_code` None: outside
    of any dialogue."""

    person_id: int | None
    area_code: str | None


async def whose(conn: Any, ref: str, by: str) -> Whose | None:
    """Of a handover that `by` has, held until the transaction ends; None: they have it not."""
    row = await conn.fetchrow(SELECT_WHOSE, ref, by)
    return Whose(**row) if row else None


SELECT_BACK_CHECK = """
SELECT c.purpose, z.tz, (SELECT max(t.operator) FROM survey.attempt t WHERE t.contact_id = i.contact_id) AS operator
FROM survey.handover h
JOIN survey.interview i ON i.id = h.interview_id
JOIN survey.sample_unit u ON u.id = i.unit_id
JOIN survey.campaign c ON c.id = u.campaign_id
JOIN survey.area z ON z.code = u.area_code
WHERE h.ref = $1 AND h.reason = $2"""


@dataclass(frozen=True)
class BackCheck:
    """The interview that a call is to check: its purpose, the resident's time zone, and who held it."""

    purpose: str
    tz: str
    operator: str | None


async def back_check(conn: Any, ref: str, reason: str) -> BackCheck | None:
    """Of a handover that was raised for this reason; None: it was raised for another."""
    row = await conn.fetchrow(SELECT_BACK_CHECK, ref, reason)
    return BackCheck(**row) if row else None


TAKE = """
WITH taken AS (
    UPDATE survey.handover SET taken_by = $2, taken_at = $3 WHERE ref = $1 AND status = 'waiting' RETURNING id)
INSERT INTO survey.handover_event (handover_id, at, from_status, to_status, by)
SELECT id, $3, 'waiting', 'taken', $2 FROM taken RETURNING handover_id"""


async def take(conn: Any, ref: str, by: str, at: datetime) -> bool:
    """`by` takes what was waiting. False: it was not waiting any more."""
    return await conn.fetchval(TAKE, ref, by, at) is not None


TAKE_OVER = """
WITH taken AS (
    UPDATE survey.handover SET taken_by = $2, taken_at = $3
    WHERE ref = $1 AND status = 'taken' AND taken_by = $4 AND taken_by <> $2 RETURNING id)
INSERT INTO survey.handover_event (handover_id, at, from_status, to_status, by, note)
SELECT id, $3, 'taken', 'taken', $2, 'from ' || $4 FROM taken RETURNING handover_id"""


async def take_over(conn: Any, ref: str, by: str, at: datetime, holder: str) -> bool:
    """`by` takes what `holder` had. False: `holder` did not have it, or is `by`."""
    return await conn.fetchval(TAKE_OVER, ref, by, at, holder) is not None


RESOLVE = """
WITH resolved AS (
    UPDATE survey.handover SET resolved_by = $2, resolved_at = $3, resolution = $4
    WHERE ref = $1 AND status = 'taken' AND taken_by = $2 RETURNING id)
INSERT INTO survey.handover_event (handover_id, at, from_status, to_status, by, note)
SELECT id, $3, 'taken', 'resolved', $2, $4 FROM resolved RETURNING handover_id"""


async def resolve(conn: Any, ref: str, by: str, at: datetime, resolution: str) -> bool:
    """`by` is done with what they had taken. False: they do not have it."""
    return await conn.fetchval(RESOLVE, ref, by, at, resolution) is not None


RESOLVE_CALLED = """
WITH open AS (
    SELECT id, status FROM survey.handover
    WHERE person_id = $1 AND resolved_at IS NULL AND NOT urgent
      AND reason = ANY('{asked_for,not_understood,too_long,call_at}') FOR UPDATE),
done AS (
    UPDATE survey.handover h
    SET taken_by = coalesce(h.taken_by, $2), taken_at = coalesce(h.taken_at, $3), resolved_by = $2, resolved_at = $3,
        resolution = '已由调查员致电 called by an operator'
    FROM open WHERE h.id = open.id RETURNING h.id, open.status AS left_status, h.resolution)
INSERT INTO survey.handover_event (handover_id, at, from_status, to_status, by, note)
SELECT id, $3, left_status, 'resolved', $2, resolution FROM done"""


async def resolve_called(conn: Any, person_id: int, by: str, at: datetime) -> None:
    """The open handovers of a person that a call by an operator answers."""
    await conn.execute(RESOLVE_CALLED, person_id, by, at)
