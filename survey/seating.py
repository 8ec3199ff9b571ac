"""Seats for those about to be contacted (survey.sampling.quotas): held before the contact, in the transaction that claims it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from survey.concluding import codes_of, finish
from survey.field.calling_hours import local_day, next_open
from survey.field.dispositions import final_code
from survey.field.release_policy import release_policy
from survey.local_time import start_of_day
from survey.sampling.quotas import DAY, TOTAL, WHOLE, Place, Seats, seat
from survey.store import past_attempts, quotas, units
from survey.store.due_units import DueUnit
from survey.store.quotas import Seat
from survey.store.units import Change, Later

ONE_DAY = timedelta(days=1)


async def hold_seats(conn: Any, due: Sequence[DueUnit], now: datetime) -> list[DueUnit]:
    """Those who may be contacted as far as quotas go; a seat in every quota of theirs is held. The others get a later moment,
    or their end where no seat will ever be free again. The gate of their campaigns stays closed until the transaction ends."""
    await quotas.gate(conn, [unit.campaign_id for unit in due if unit.has_seats or unit.has_budget])
    if not any(unit.has_seats for unit in due):
        return list(due)
    await _open_days(conn, due, now)
    standing = await _standing(conn, due)
    room, day_is_full = _by_day(due, standing, now)
    await units.to_waiting(conn, [_tomorrow(unit, now) for unit in day_is_full], now)
    may: set[int] = {unit.id for unit in due if not unit.has_seats}
    for campaign in sorted({unit.campaign_id for unit in room}):
        mine = [unit for unit in room if unit.campaign_id == campaign]
        may |= await _seat_campaign(conn, mine, standing[campaign], now)
    return [unit for unit in due if unit.id in may]


async def _open_days(conn: Any, due: Sequence[DueUnit], now: datetime) -> None:
    days = {(u.campaign_id, local_day(now, u.tz), u.daily_target) for u in due if u.daily_target is not None}
    for campaign, day, target in sorted(days):
        await quotas.lay_cells(conn, campaign, [(DAY, str(day), target)])


async def _standing(conn: Any, due: Sequence[DueUnit]) -> dict[int, dict[Place, Seats]]:
    standing: dict[int, dict[Place, Seats]] = {}
    for row in await quotas.lock_cells(conn, [unit.campaign_id for unit in due if unit.has_seats]):
        cells = standing.setdefault(row.campaign_id, {})
        cells[row.quota, row.cell] = Seats(row.target, row.held, row.filled)
    return standing


def _by_day(
    due: Sequence[DueUnit], standing: dict[int, dict[Place, Seats]], now: datetime
) -> tuple[list[DueUnit], list[DueUnit]]:
    """(those whose day still has seats to fill, those for whom the day is over)."""
    room: list[DueUnit] = []
    full: list[DueUnit] = []
    for unit in due:
        if not unit.has_seats:
            continue
        over = unit.daily_target is not None and standing[unit.campaign_id][_day(unit, now)].full
        (full if over else room).append(unit)
    return room, full


def _day(unit: DueUnit, now: datetime) -> Place:
    day: date = local_day(now, unit.tz)
    return DAY, str(day)


def _places(unit: DueUnit, cells: dict[Place, Seats], now: datetime) -> list[Place]:
    """Every cell in which this unit needs a seat."""
    total: list[Place] = [(TOTAL, WHOLE)] if (TOTAL, WHOLE) in cells else []
    day: list[Place] = [_day(unit, now)] if unit.daily_target is not None else []
    return [*total, *day, *unit.cells.items()]


async def _seat_campaign(
    conn: Any, mine: list[DueUnit], cells: dict[Place, Seats], now: datetime
) -> set[int]:
    by_id = {unit.id: unit for unit in mine}
    places = {unit.id: _places(unit, cells, now) for unit in mine}
    given = seat([(unit.id, places[unit.id]) for unit in mine], cells)
    held = [Seat(who, by_id[who].campaign_id, *place) for who in given.seated for place in places[who]]
    await quotas.hold(conn, held, now)
    wait = timedelta(minutes=release_policy().seats_wait_minutes)
    held_by_others = "every seat of a quota is held by others"
    await units.to_waiting(
        conn, [_later(by_id[who], now + wait, held_by_others) for who in given.waiting], now
    )
    past = await past_attempts.history(conn, list(given.without))
    for who in given.without:
        tried = past.get(who, [])
        code = final_code(codes_of(tried))
        await finish(
            conn,
            by_id[who],
            code,
            now,
            attempt_id=None,
            why="no seat left in a quota",
            tried=tried,
            left="waiting",
        )
    return set(given.seated)


def _tomorrow(unit: DueUnit, now: datetime) -> Later:
    tomorrow = start_of_day(local_day(now, unit.tz) + ONE_DAY, unit.tz)
    return _later(
        unit,
        next_open(tomorrow, unit.tz, "survey", own=unit.own_hours),
        "the daily target is reached or under way",
    )


def _later(unit: DueUnit, at: datetime, why: str) -> Later:
    """Never earlier than they were due: who rings back and finds no seat is not due yet."""
    change = Change(unit.id, "waiting", "waiting", why, None, unit.disposition)
    return Later(change, max(at, unit.due_at), unit.mode)
