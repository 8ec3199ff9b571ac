"""DOOR. Appointments: agreed with an operator, moved while they wait, missed. That one is kept is the retry rule's business."""

from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from survey.field.attempt_policy import attempt_policy
from survey.field.attempts import is_last
from survey.field.calling_hours import Purpose, next_open, window_at
from survey.ground import Ground
from survey.store import appointments, attempts, past_attempts
from survey.store.appointments import Standing
from survey.store.due_units import DueUnit

Why = Literal["past", "outside_hours", "after_the_end", "last_attempt"]
REMEDY = {
    "past": "it has passed; name a later one",
    "outside_hours": "nobody is called then; name one in the calling hours",
    "after_the_end": "the campaign is over by then; name an earlier one",
    "last_attempt": "this is the last attempt that a person may be asked for; nothing can be promised after it",
}


class NotThen(ValueError):
    """No appointment can be kept at this moment. `why`: it has passed, lies outside the calling hours, or after the campaign's
    end, or this attempt is the last one; `opens`: the next moment, where hours are to blame."""

    def __init__(self, moment: datetime, tz: str, why: Why, opens: datetime | None = None) -> None:
        super().__init__(f"no appointment at {moment.astimezone(ZoneInfo(tz)):%Y-%m-%d %H:%M}: {REMEDY[why]}")
        self.why = why
        self.opens = opens


async def agree(
    ground: Ground, conn: Any, attempt: attempts.Attempt, covered: list[DueUnit], moment: datetime
) -> None:
    """The person asks in this attempt to be called at `moment` instead. Raises NotThen. Inside the caller's transaction."""
    for unit in covered:
        _check(moment, ground.clock.now(), unit)
        if await _is_last(conn, unit):
            raise NotThen(moment, unit.tz, "last_attempt")
    await attempts.agree(conn, attempt.id, moment)


async def _is_last(conn: Any, unit: DueUnit) -> bool:
    """Whether the attempt under way is the last one of the cap."""
    tried = (await past_attempts.history(conn, [unit.id])).get(unit.id, [])
    codes = [past.code for past in tried if not past.inbound]
    return is_last("case" if unit.purpose == "case" else "survey", codes)


async def move(ground: Ground, unit: str, moment: datetime, *, by: str) -> bool:
    """Another moment for an appointment that stands; whoever moved it is on record. False: none stands. Raises NotThen."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        standing = await appointments.lock(conn, unit)
        if standing is None:
            return False
        _check(moment, now, standing)
        await appointments.move(conn, standing, moment, _moved(standing, by), now)
        return True


def _moved(standing: Standing, by: str) -> str:
    return f"appointment moved from {standing.appointment_at.astimezone(ZoneInfo(standing.tz)):%Y-%m-%d %H:%M} by {by}"


async def miss_appointments(ground: Ground) -> int:
    """Those that nobody kept for longer than the policy says. How many."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        before = now - timedelta(hours=attempt_policy().appointment_hours)
        return await appointments.miss(conn, before, now)


def _check(moment: datetime, now: datetime, of: DueUnit | Standing) -> None:
    kind: Purpose = "case" if of.purpose == "case" else "survey"
    margin = timedelta(seconds=attempt_policy().last_start_before_close_s)
    if moment <= now:
        raise NotThen(moment, of.tz, "past")
    window = window_at(moment, of.tz, kind, own=of.own_hours)
    if window is None or moment >= window.closes - margin:
        raise NotThen(moment, of.tz, "outside_hours", next_open(moment, of.tz, kind, own=of.own_hours))
    if of.closes_at is not None and moment >= of.closes_at - margin:
        raise NotThen(moment, of.tz, "after_the_end")
