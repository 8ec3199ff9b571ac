"""DOOR: major incident reports (重大信息报告, domain.md §3.8): raised by anybody at any hour, told level by level
until somebody acknowledges, followed by further reports, and ended by a final report or as a false alarm.

A case that belongs to an open report is not dispatched. All verbs lock the report first, so an acknowledgement
and the ladder never pass each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import asyncpg

from followup import clocks, holding, moves
from followup.casework import lifecycle
from followup.casework.lifecycle import Event
from followup.casework.major import CLIMBING, CLOSED, DIAL_FIRST, climb, major_policy
from followup.major_telling import climb_ladder, facts_said, named, note, paper
from followup.store import majors, urges
from followup.store.cases import CaseRow
from followup.store.majors import FormRow, MajorRow, StepRow
from followup.time_refusals import (
    AlreadyAcknowledged,
    HeldByMajor,
    LevelNotTold,
    MajorClosed,
    MajorFactsMissing,
    MajorOpenAlready,
    NotAcknowledged,
    UnknownMajor,
    UnknownMajorClass,
)
from survey.policies import packaged

__all__ = [
    "DIAL_FIRST",
    "FormRow",
    "MajorFile",
    "MajorRow",
    "Raised",
    "StepRow",
    "acknowledge",
    "climb_due",
    "end",
    "false_alarm",
    "follow",
    "held",
    "listed",
    "raise_report",
    "show",
]

FOLLOWED, ENDED, FALSE_ALARM = "major_followed", "major_ended", "major_false_alarm"
ACKNOWLEDGED = "major_acknowledged"


@dataclass(frozen=True)
class Raised:
    """A report that was raised. `first_words` are what whoever raises it must see before anything else; `held`:
    whether its case waits for it now.
    """

    first_words: str
    number: str
    told: tuple[int, ...]
    next_at: datetime | None
    held: bool


@dataclass(frozen=True)
class MajorFile:
    """A report with its ladder and its papers."""

    report: MajorRow
    steps: tuple[StepRow, ...]
    forms: tuple[FormRow, ...]


async def raise_report(
    conn: asyncpg.Connection,
    centre_code: str,
    *,
    class_: str,
    facts: Mapping[str, str],
    by: str,
    now: datetime,
    case_number: str | None = None,
) -> Raised:
    """Raise a report; its first level is told in this write. A case that can wait for it does (major_hold).

    Raises UnknownCentre, UnknownMajorClass, MajorFactsMissing, UnknownCase, MajorOpenAlready, NobodyNamed.
    """
    policy = major_policy()
    tz = (await clocks.office(conn, centre_code)).tz
    if class_ not in policy.classes:
        raise UnknownMajorClass(name=class_, known=", ".join(policy.classes))
    said = facts_said(facts)
    missing = [name for name, word in policy.facts.items() if word.needed and name not in said]
    if missing:
        raise MajorFactsMissing(missing=", ".join(missing))
    async with conn.transaction():
        case = await moves.read(conn, case_number) if case_number else None
        number = await _number(conn, centre_code, now, tz)
        who = named(number, by)
        report_id = await majors.insert_major(
            conn, number, centre_code, case.id if case else None, class_, who, now,
            packaged("followup.casework", "major").version,
        )  # fmt: skip
        if report_id is None:
            assert case is not None
            open_ = await majors.open_of_case(conn, case.id)
            raise MajorOpenAlready(number=case.number, report=open_)
        await majors.insert_form(conn, report_id, "first", said, who, now)
        held_now = await _hold(conn, case, number, who, now) if case else False
        report = await _locked(conn, number)
        await climb_ladder(conn, report, climb(now, 0, now), now)
        report = await _locked(conn, number)
    return Raised(DIAL_FIRST, number, (1,), report.next_at, held_now)


async def acknowledge(conn: asyncpg.Connection, number: str, *, level: int, by: str, now: datetime) -> None:
    """A level that was told says that it has the report. The ladder stops: nobody is told by it any more.

    Raises UnknownMajor, MajorClosed, LevelNotTold, AlreadyAcknowledged, NobodyNamed.
    """
    async with conn.transaction():
        report = await _open(conn, number)
        who = named(number, by)
        steps = {step.level: step for step in await majors.steps_of(conn, report.id)}
        if level not in steps:
            raise LevelNotTold(number=number, level=level, told=", ".join(map(str, steps)))
        if not await majors.acknowledge(conn, report.id, level, who, now):
            raise AlreadyAcknowledged(number=number, level=level, by=steps[level].ack_by)
        state = "acked" if report.state in CLIMBING else report.state
        await majors.move_major(conn, report, state, climbed=report.climbed, next_at=None)
        await note(conn, report, ACKNOWLEDGED, who, f"level {level}", now, {"level": level})


async def follow(
    conn: asyncpg.Connection, number: str, *, facts: Mapping[str, str], by: str, now: datetime
) -> int:
    """A follow-up report (续报) with what is new; whoever was told of the first is told. Its serial.

    While nobody has acknowledged, the ladder goes on beside it. Raises UnknownMajor, MajorClosed,
    MajorFactsMissing, NobodyNamed.
    """
    async with conn.transaction():
        report = await _open(conn, number)
        state = report.state if report.state in CLIMBING else "following"
        await majors.move_major(conn, report, state, climbed=report.climbed, next_at=report.next_at)
        return await paper(conn, report, "follow", facts, by, FOLLOWED, now)


async def end(
    conn: asyncpg.Connection, number: str, *, facts: Mapping[str, str], by: str, now: datetime
) -> int:
    """The final report (终报). Its case goes on where it stood. Its serial.

    Raises UnknownMajor, MajorClosed, NotAcknowledged, MajorFactsMissing, NobodyNamed.
    """
    async with conn.transaction():
        report = await _open(conn, number)
        if report.state in CLIMBING:
            raise NotAcknowledged(number=number)
        return await _close(conn, report, "final", facts, by, ENDED, now)


async def false_alarm(conn: asyncpg.Connection, number: str, *, reason: str, by: str, now: datetime) -> int:
    """It was none. The ladder stops, whoever was told is told so, and the case goes on. Its serial.

    Raises UnknownMajor, MajorClosed, MajorFactsMissing without a reason, NobodyNamed.
    """
    async with conn.transaction():
        report = await _open(conn, number)
        return await _close(conn, report, "false_alarm", {"what": reason}, by, FALSE_ALARM, now)


async def climb_due(conn: asyncpg.Connection, now: datetime) -> int:
    """Tell the next levels of every report that nobody acknowledged in time; how many reports climbed.

    One transaction a report: what a worker that is killed has not told is told by the next.
    """
    climbed = 0
    for number in await majors.due_majors(conn, now):
        async with conn.transaction():
            report = await _locked(conn, number)
            if report.state in CLIMBING:
                climbed += await climb_ladder(conn, report, climb(report.raised_at, report.climbed, now), now)
    return climbed


async def held(conn: asyncpg.Connection, case: CaseRow) -> None:
    """Nothing if the case may be dispatched. Raises HeldByMajor while a report to which it belongs is open (R21)."""
    report = await majors.open_of_case(conn, case.id)
    if report is not None:
        raise HeldByMajor(number=case.number, report=report)


async def show(conn: asyncpg.Connection, number: str) -> MajorFile:
    """One report. Raises UnknownMajor."""
    report = await majors.major_by_number(conn, number)
    if report is None:
        raise UnknownMajor(number=number)
    steps, forms = await majors.steps_of(conn, report.id), await majors.forms_of(conn, report.id)
    return MajorFile(report, tuple(steps), tuple(forms))


async def listed(
    conn: asyncpg.Connection, centre_code: str, *, open_only: bool = False, limit: int = 50
) -> list[MajorRow]:
    """Reports of a centre, the newest first."""
    return await majors.majors_of(conn, centre_code, open_only, limit)


async def _locked(conn: asyncpg.Connection, number: str) -> MajorRow:
    report = await majors.lock_major(conn, number)
    if report is None:
        raise UnknownMajor(number=number)
    return report


async def _open(conn: asyncpg.Connection, number: str) -> MajorRow:
    report = await _locked(conn, number)
    if report.state in CLOSED:
        raise MajorClosed(number=number, state=report.state)
    return report


async def _number(conn: asyncpg.Connection, centre_code: str, now: datetime, tz: str) -> str:
    """Such as 991721-M20260309-01: centre, day, serial of the day."""
    day = f"{now.astimezone(ZoneInfo(tz)):%Y%m%d}"
    serial = await urges.take_paper_serial(conn, centre_code, f"major:{day}")
    return f"{centre_code}-M{day}-{serial:02}"


async def _hold(conn: asyncpg.Connection, case: CaseRow, number: str, by: str, now: datetime) -> bool:
    """The case waits where the table lets it; elsewhere it stays, and only cannot be dispatched."""
    if lifecycle.target(case.status, Event.REPORT_MAJOR, case.round) is None:
        return False
    await holding.hold(conn, case.number, reason=number, by=by, now=now, report=number)
    return True


async def _release(conn: asyncpg.Connection, report: MajorRow, outcome: str, by: str, now: datetime) -> None:
    if report.case_number is None:
        return
    case = await moves.read(conn, report.case_number)
    if lifecycle.target(case.status, Event.RELEASE_MAJOR, case.round) is not None:
        await holding.release(conn, case.number, outcome=outcome, reason=report.number, by=by, now=now)


async def _close(
    conn: asyncpg.Connection,
    report: MajorRow,
    form: str,
    facts: Mapping[str, str],
    by: str,
    event: str,
    now: datetime,
) -> int:
    if report.case_id is not None:
        await majors.lock_case(conn, report.case_id)
    serial = await paper(conn, report, form, facts, by, event, now)
    await majors.move_major(conn, report, form, climbed=report.climbed, next_at=None, closed_at=now)
    await _release(conn, report, form, by, now)
    return serial
