"""DOOR: colours and urging. A look at a case's clock keeps the history of its colours and urges whoever is late.

A look belongs to what it has read: if an event of the case comes in between, nothing of the look is kept, and the
case is looked at again. So looks may be repeated, late, by several workers, or killed at any point.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import asyncpg

from followup import clocks, notices
from followup.casework import colours, urging
from followup.casework.escalation import entry_level
from followup.casework.step_clocks import Running
from followup.casework.urging import Failures, Urge
from followup.casework.working_time import WorkingTime
from followup.notices import NewNotice
from followup.store import clocks as rows
from followup.store import events, urges
from followup.store.clocks import ClockRow, ColourChange, Looked
from followup.store.events import EventRow
from followup.store.urges import CriticisedRow, UrgeRow
from survey.policies import packaged

__all__ = ["CriticisedRow", "Looks", "UrgeRow", "criticised", "look_due", "urges_of"]

criticised = urges.criticised
urges_of = urges.urges_of

SYSTEM = "system"
SHEET = "督办〔{year}〕第{serial}号"


@dataclass(frozen=True)
class Looks:
    """What one batch came to: cases looked at, changes of colour, urgings."""

    cases: int = 0
    colours: int = 0
    urges: int = 0


@dataclass(frozen=True)
class _Seen:
    """What a look has found in one case: what is to be written, and when to look again."""

    row: ClockRow
    clock: Running | None
    changes: tuple[ColourChange, ...]
    urges: tuple[Urge, ...]
    looked: Looked
    level: int | None

    @property
    def writes(self) -> bool:
        return bool(self.changes or self.urges or self.level is not None)


class _Overtaken(Exception):
    """Something happened to the case since it was read."""


async def look_due(conn: asyncpg.Connection, now: datetime, *, limit: int = 200) -> Looks:
    """Look at the clocks that are due, one batch of them. `cases` of the answer is 0 when none were."""
    due = await rows.due_clocks(conn, now, limit)
    read = await rows.clocks_of(conn, due)
    hours = {centre: await clocks.office(conn, centre) for centre in {row.centre_code for row in read}}
    seen = [_look(row, now, hours[row.centre_code]) for row in read]
    await rows.looked(conn, [one.looked for one in seen if not one.writes])
    done: Counter[str] = Counter()
    for one in seen:
        if one.writes and await _keep(conn, one, now, hours[one.row.centre_code]):
            done.update(colours=len(one.changes), urges=len(one.urges))
    return Looks(len(due), done["colours"], done["urges"])


def _look(row: ClockRow, now: datetime, hours: WorkingTime) -> _Seen:
    clock = clocks.running_in(row, hours)
    changes = _changes(row, clock, now, hours)
    urged = clocks.levels_urged(row, clock) if clock else frozenset()
    failed = Failures(row.failures, row.false_closing)
    due = tuple(urging.due_urges(clock, failed, urged, now, hours)) if clock else ()
    coming = _next_look(clock, failed, urged | {one.level for one in due}, now, hours) if clock else None
    colour = changes[-1].to_colour if changes else row.colour
    since = changes[-1].at if changes else row.since
    level = entry_level(row.area_level, sudden=row.sudden) if row.escalation_level is None else None
    return _Seen(row, clock, changes, due, Looked(row.case_id, row.changes, coming, colour, since), level)


def _next_look(
    clock: Running, failed: Failures, urged: frozenset[str], now: datetime, hours: WorkingTime
) -> datetime | None:
    moments = (
        colours.next_change(clock.progress, now, hours),
        urging.next_urge(clock, failed, urged, now, hours),
    )
    return min((moment for moment in moments if moment is not None), default=None)


def _changes(
    row: ClockRow, clock: Running | None, now: datetime, hours: WorkingTime
) -> tuple[ColourChange, ...]:
    """The colours that the case has had since it was last looked at, each from its own moment on."""
    since = max(row.changed_at, row.since or row.changed_at)
    shown = colours.history(clock.progress, since, now, hours) if clock else [(since, None)]
    version = packaged("followup.casework", "colours").version
    changes, before = [], row.colour
    for moment, colour in shown:
        if colour != before:
            keys = tuple(g.key for g in colours.grounds(clock.progress, moment, hours)) if clock else ()
            changes.append(ColourChange(row.case_id, row.round, before, colour, keys, moment, version))
        before = colour
    return tuple(changes)


async def _keep(conn: asyncpg.Connection, seen: _Seen, now: datetime, hours: WorkingTime) -> bool:
    """Write what a look has found, all or nothing; False if the case has moved on meanwhile."""
    try:
        async with conn.transaction():
            await _write(conn, seen, now, hours)
            if not await rows.looked(conn, [seen.looked]):
                raise _Overtaken
    except (_Overtaken, asyncpg.UniqueViolationError):
        return False
    return True


async def _write(conn: asyncpg.Connection, seen: _Seen, now: datetime, hours: WorkingTime) -> None:
    """Case, events, clock: the order in which whoever moves the case locks them, so nobody waits in a circle."""
    row = seen.row
    if seen.level is not None and not await rows.set_level(conn, row.case_id, None, seen.level):
        raise _Overtaken
    sheets = [await _sheet_number(conn, row, urge, now, hours) for urge in seen.urges]
    await events.insert_events(conn, _events(seen, sheets, now))
    for change in seen.changes:
        await rows.insert_colour_change(conn, change)
    assert seen.clock is not None or not seen.urges
    for urge, sheet in zip(seen.urges, sheets, strict=True):
        await _urge(conn, row, seen.clock, urge, sheet, now, hours)


async def _sheet_number(
    conn: asyncpg.Connection, row: ClockRow, urge: Urge, now: datetime, hours: WorkingTime
) -> str | None:
    """A supervision sheet has a number of its centre's year."""
    if not urging.urging_policy().levels[urge.level].numbered:
        return None
    year = now.astimezone(ZoneInfo(hours.tz)).year
    serial = await urges.take_paper_serial(conn, row.centre_code, f"sheet:{year}")
    return f"{row.centre_code} " + SHEET.format(year=year, serial=serial)


def _events(seen: _Seen, sheets: Sequence[str | None], now: datetime) -> list[EventRow]:
    row = seen.row

    def event(name: str, reason: str, detail: dict[str, object]) -> EventRow:
        return EventRow(row.case_id, row.round, name, row.status, row.status, SYSTEM, reason, now, detail)

    written = []
    if seen.level is not None:
        why = "sudden" if row.sudden else f"area: {row.area_level}"
        written.append(event("enter_level", why, {"level": seen.level}))
    for change in seen.changes:
        if change.to_colour is None:  # it ended, or is held: the event that did it says so
            continue
        reason = f"{change.from_colour or 'none'} -> {change.to_colour or 'none'}"
        detail: dict[str, object] = {
            "from": change.from_colour,
            "to": change.to_colour,
            "grounds": list(change.grounds),
            "at": change.at.isoformat(),
            "policy_version": change.policy_version,
        }
        written.append(event("colour", reason, detail))
    for urge, sheet in zip(seen.urges, sheets, strict=True):
        assert seen.clock is not None
        detail = {
            "level": urge.level,
            "why": urge.why,
            "party": seen.clock.party,
            "against": clocks.against(row, seen.clock),
            "due_at": seen.clock.due.isoformat(),
            "sheet_number": sheet,
            "policy_version": packaged("followup.casework", "urging").version,
        }
        written.append(event("urge", f"{urge.level}: {urge.why}", detail))
    return written


async def _urge(
    conn: asyncpg.Connection,
    row: ClockRow,
    clock: Running | None,
    urge: Urge,
    sheet: str | None,
    now: datetime,
    hours: WorkingTime,
) -> None:
    assert clock is not None
    late = clocks.against(row, clock)
    version = packaged("followup.casework", "urging").version
    await urges.insert_urge(
        conn,
        UrgeRow(
            row.case_id, row.round, urge.level, clock.party, late, row.status, urge.why, clock.due, now,
            sheet, version,
        ),
    )  # fmt: skip
    facts = _facts(row, clock, urge, sheet, hours)
    cause = f"urge:{row.number}:{row.round}:{clock.party}:{late}:{urge.level}"
    for recipient, template in _told(row, clock, urge):
        notice = NewNotice(cause, recipient, template, facts, case_id=row.case_id)
        await notices.owe(conn, notice, now=now)


def _told(row: ClockRow, clock: Running, urge: Urge) -> list[tuple[str, str]]:
    """Who is told, and in which words: the unit its own, office and director of it, or of a step of theirs."""
    policy = urging.urging_policy()
    others = policy.copy_template if clock.party == "unit" else policy.own_template
    office = f"office:{row.office or 'government'}:{row.centre_code}"
    director = f"post:director:{row.centre_code}"
    to_unit = (f"unit:{row.lead}", policy.levels[urge.level].template)
    of = {
        "liaison": to_unit,
        "leader": to_unit,
        "office": (office, others),
        "director": (director, others),
    }
    return [of[receiver] for receiver in urging.receivers(clock.party, urge.level)]


def _facts(
    row: ClockRow, clock: Running, urge: Urge, sheet: str | None, hours: WorkingTime
) -> dict[str, str]:
    policy = urging.urging_policy()
    level, why, step = policy.levels[urge.level], policy.why[urge.why], clocks.step_words(row.status)
    local = clock.due.astimezone(ZoneInfo(hours.tz))
    return {
        "level": level.zh,
        "level_en": level.en,
        "why": why.zh,
        "why_en": why.en,
        "due": f"{local.month}月{local.day}日{local:%H:%M}",
        "due_en": f"{local:%-d %B %H:%M}",
        "unit": row.lead_name or row.centre_code,
        "step": step.zh,
        "step_en": step.en,
        "sheet": sheet or "",
    }
