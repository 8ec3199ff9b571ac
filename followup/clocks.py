"""DOOR: the time of cases. Working time with the days that a centre has set, limits by the version in force, and
what a case's clock shows now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg

from followup.casework import colours, states, step_clocks, urging, working_time
from followup.casework.colours import Colour, Ground
from followup.casework.limits import Due, Limits, due_dates, limits
from followup.casework.step_clocks import CaseFacts, Running
from followup.casework.urging import Failures, Urge
from followup.casework.working_time import WorkingTime
from followup.refusals import UnknownCase, UnknownCentre
from followup.store import cases, policies
from followup.store import clocks as rows
from followup.store.cases import CaseRow
from followup.store.clocks import ClockRow, ColourChange
from followup.time_refusals import NoReasonForDay
from survey.policies import packaged

__all__ = [
    "EVERY_CENTRE",
    "Reading",
    "Shown",
    "days_set",
    "grant",
    "granted",
    "limits_in_force",
    "offered",
    "office",
    "read",
    "set_day",
    "shown",
]

EVERY_CENTRE = "*"
days_set = rows.days_set


async def office(conn: asyncpg.Connection, centre_code: str) -> WorkingTime:
    """The working time of a centre: the hours of the policy, in its zone, with the days that were set.

    Raises UnknownCentre.
    """
    row = await rows.calendar_of(conn, centre_code)
    if row is None:
        raise UnknownCentre(centre=centre_code)
    days = dict(zip(row.days, row.working, strict=True))
    return replace(working_time.working_time(), tz=row.tz, overrides=days)


async def set_day(
    conn: asyncpg.Connection,
    day: date,
    *,
    working: bool,
    reason: str,
    by: str,
    now: datetime,
    centre_code: str = EVERY_CENTRE,
) -> None:
    """A day is worked on (调休), or is not, whatever the packaged calendar says; in one centre or in all.

    What was granted before stays granted; colours and urging follow the new calendar at once. Raises
    UnknownCentre, NoReasonForDay.
    """
    words = " ".join(reason.split())
    if not words:
        raise NoReasonForDay(day=day)
    async with conn.transaction():
        if centre_code != EVERY_CENTRE:
            await office(conn, centre_code)
        await rows.set_day(conn, centre_code, day, working, words, by, now)
        await rows.look_at_all(conn, centre_code, now)


async def limits_in_force(
    conn: asyncpg.Connection, centre_code: str, now: datetime, hours: WorkingTime
) -> tuple[int, Limits]:
    """The version of policy `limits` that is in force, and the limits; the packaged ones where no row is yet."""
    row = await policies.in_force(conn, "limits", centre_code, now.astimezone(ZoneInfo(hours.tz)).date())
    if row is None:
        return packaged("followup.casework", "limits").version, limits()
    return row.version, Limits.model_validate(row.body)


async def grant(conn: asyncpg.Connection, case: CaseRow, case_class: str, round_: int, now: datetime) -> Due:
    """What a unit is granted that gets the case now, within the caller's transaction.

    The case keeps the version of the limits; a newer one does not move what was granted.
    """
    version, due = await _offered(conn, case, case_class, round_, now)
    await policies.keep_version(conn, case.id, version)
    return due


async def offered(conn: asyncpg.Connection, case: CaseRow, case_class: str, now: datetime) -> Due:
    """What a unit would be granted if it got the case now; nothing is kept."""
    return (await _offered(conn, case, case_class, case.round, now))[1]


async def _offered(
    conn: asyncpg.Connection, case: CaseRow, case_class: str, round_: int, now: datetime
) -> tuple[int, Due]:
    hours = await office(conn, case.centre_code)
    version, policy = await limits_in_force(conn, case.centre_code, now, hours)
    return version, due_dates(case_class, now, round_, hours, policy)


async def granted(conn: asyncpg.Connection, case: CaseRow, case_class: str, now: datetime) -> Due:
    """What the round that runs is granted from now on: under the version with which it was dispatched."""
    hours = await office(conn, case.centre_code)
    row = await policies.version(conn, "limits", case.centre_code, case.policy_version)
    policy = Limits.model_validate(row.body) if row else limits()
    return due_dates(case_class, now, case.round, hours, policy)


@dataclass(frozen=True)
class Reading:
    """What a case's clock shows. `clock` is None where nothing is owed; `next_urge_at`: when somebody is urged
    next if nothing is done, `next_urge`: which level that is. `left`: working time until the clock runs out,
    negative once it has.
    """

    row: ClockRow
    clock: Running | None
    colour: Colour | None
    grounds: tuple[Ground, ...]
    changes_at: datetime | None
    next_urge_at: datetime | None
    next_urge: Urge | None
    history: tuple[ColourChange, ...]
    left: timedelta | None = None


async def read(conn: asyncpg.Connection, number: str, now: datetime) -> Reading:
    """The clock of one case, computed now from the facts. Raises UnknownCase."""
    case = await cases.case_by_number(conn, number)
    if case is None:
        raise UnknownCase(number=number)
    (row,) = await rows.clocks_of(conn, [case.id])
    hours = await office(conn, case.centre_code)
    clock, failed = running_in(row, hours), Failures(row.failures, row.false_closing)
    history = tuple(await rows.colour_changes(conn, case.id))
    if clock is None:
        return Reading(row, None, None, (), None, None, None, history)
    urged = levels_urged(row, clock)
    coming = _next_urge(clock, failed, urged, now, hours)
    return Reading(
        row=row,
        clock=clock,
        colour=colours.colour(clock.progress, now, hours),
        grounds=tuple(colours.grounds(clock.progress, now, hours)),
        changes_at=colours.next_change(clock.progress, now, hours),
        next_urge_at=coming[0] if coming else None,
        next_urge=coming[1] if coming else None,
        history=history,
        left=hours.between(now, clock.due),
    )


@dataclass(frozen=True)
class Shown:
    """A clock as a list shows it. `late`: it has run out; `soon`: it will before long, by policy `colours`."""

    due: datetime
    colour: Colour | None
    late: bool
    soon: bool


async def shown(
    conn: asyncpg.Connection, case_ids: Sequence[int], centre_code: str, now: datetime
) -> dict[int, Shown]:
    """The clocks that run in these cases of one centre, by case. Raises UnknownCentre."""
    hours, found = await office(conn, centre_code), {}
    for row in await rows.clocks_of(conn, case_ids):
        clock = running_in(row, hours)
        if clock is not None:
            grounds = {one.key for one in colours.grounds(clock.progress, now, hours)}
            colour = colours.colour(clock.progress, now, hours)
            late = now > clock.due and not clock.kept
            found[row.case_id] = Shown(clock.due, colour, late, not late and "running_out" in grounds)
    return found


def running_in(row: ClockRow, hours: WorkingTime) -> Running | None:
    """The clock that runs in a case as it was read. A decision is waited for from when it can be expected."""
    decides = row.status == "redispatch_review"
    return step_clocks.running(
        CaseFacts(
            status=row.status,
            round=row.round,
            entered_at=row.waits_since if decides and row.waits_since else row.entered_at,
            due_at=row.due_at,
            handle_by=row.handle_by,
            allowed=timedelta(hours=row.limit_hours or 0),
            extended=row.extended,
            begun=row.called,
        ),
        hours,
    )


def against(row: ClockRow, clock: Running) -> str:
    """Who is late in this case if the clock runs out: a unit's code, party or government, the centre's code."""
    if clock.party == "unit":
        return row.lead or ""
    return (row.office or "government") if clock.party == "office" else row.centre_code


def levels_urged(row: ClockRow, clock: Running) -> frozenset[str]:
    """The levels that were urged in this round against whoever owes the step now."""
    prefix = f"{clock.party}:{against(row, clock)}:"
    return frozenset(one.removeprefix(prefix) for one in row.urged if one.startswith(prefix))


def _next_urge(
    clock: Running, failed: Failures, urged: frozenset[str], now: datetime, hours: WorkingTime
) -> tuple[datetime, Urge] | None:
    moment = urging.next_urge(clock, failed, urged, now, hours)
    if moment is None:
        return None
    due = urging.due_urges(clock, failed, urged, moment, hours)
    return (moment, due[0]) if due else None


def step_words(state: str) -> states.Words:
    """What is owed in a state, in both languages."""
    clock = states.states().waiting[state]
    return states.Words(clock.clock, clock.clock_en)
