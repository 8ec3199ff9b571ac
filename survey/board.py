"""The live board of a centre: everything that a supervisor watches, read at one moment. Reads only."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import asyncpg

from survey.access.roles import Permission
from survey.field.calling_hours import calling_hours, day_part
from survey.field.dispositions import disposition
from survey.field.operator_pacing import operator_pacing
from survey.masking import masked_number
from survey.store.reports import board, live
from survey.store.reports.board import NumberRow, OutcomeRow, PersonRow, SeatRow, TextRow

Both = tuple[str, str]
CALLS: Final = ("voice", "operator")
PARTS: Final[Mapping[str, Both]] = {
    "morning": ("上午", "Morning"), "afternoon": ("下午", "Afternoon"), "evening": ("晚上", "Evening"),
}  # fmt: skip


@dataclass(frozen=True)
class Matter:
    """Something that waits for a person, and the page where one acts, for whoever has the permission; else a command."""

    name: Both
    count: int
    tone: str
    base: Both
    permission: Permission
    path: str = ""
    command: str = ""


MatterSource = Callable[[asyncpg.Connection, datetime], Awaitable[Sequence[Matter]]]
"""Figures of a layer above, which this one cannot know."""


@dataclass(frozen=True)
class QueueLine:
    """Who waits for a mode: due by now, by the parts of today that come, and on later days."""

    mode: str
    now: int
    parts: tuple[int, ...]
    later: int


@dataclass(frozen=True)
class CallLine:
    """Today's calls of a mode: dialled, over, of those in which somebody was reached, of those complete."""

    mode: str
    dialled: int
    over: int
    reached: int
    complete: int


@dataclass(frozen=True)
class CodeLine:
    """What today's attempts came to: our code in words, AAPOR's number, attempts."""

    name: Both
    aapor: str
    attempts: int


@dataclass(frozen=True)
class Abandoned:
    """Answered calls for waiting operators, those that found nobody free, and the share that may be."""

    answered: int
    abandoned: int
    at_most: float


@dataclass(frozen=True)
class Board:
    """One moment of a centre. Times are local."""

    name: Both
    at: datetime
    part: Both
    parts: tuple[Both, ...]
    queue: tuple[QueueLine, ...]
    people: tuple[PersonRow, ...]
    calls: tuple[CallLine, ...]
    codes: tuple[CodeLine, ...]
    ended: int
    seats: tuple[tuple[str, str, tuple[SeatRow, ...]], ...]
    texts: TextRow
    abandoned: Abandoned
    numbers: tuple[NumberRow, ...]
    matters: tuple[Matter, ...]


async def read_board(
    conn: asyncpg.Connection, now: datetime, centre: str, sources: Sequence[MatterSource] = ()
) -> Board:
    """All figures of one moment. A centre that is not set up yet is shown by its code, in UTC."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        head = await live.centre_head(conn, centre)
        zone = ZoneInfo(head.tz if head else "UTC")
        local = now.astimezone(zone)
        edges, names = _parts_to_come(local)
        midnight = datetime.combine(local.date(), time(0), zone)
        outcomes = await board.outcomes(conn, centre, midnight)
        numbers = await board.numbers(conn, midnight)
        matters = list(_matters(await board.open_matters(conn, now), numbers))
        for source in sources:
            matters.extend(await source(conn, now))
        return Board(
            name=(head.name_zh, head.name_en) if head else (centre, centre),
            at=local,
            part=PARTS[day_part(now, str(zone))],
            parts=tuple(names),
            queue=tuple(_queue(await board.waiting(conn, centre, now, edges), len(names))),
            people=tuple(
                PersonRow(one.operator, one.state, one.since.astimezone(zone))
                for one in await board.people(conn, centre)
            ),
            calls=tuple(_calls(outcomes)),
            codes=tuple(_codes(outcomes)),
            ended=sum(one.attempts - one.open for one in outcomes),
            seats=tuple(_seats(await board.seats(conn, centre))),
            texts=await board.texts(conn, centre, midnight),
            abandoned=Abandoned(
                sum(one.linked for one in outcomes),
                sum(one.attempts for one in outcomes if one.code == "abandoned"),
                operator_pacing().abandoned_at_most,
            ),
            numbers=tuple(
                NumberRow(masked_number(one.number), one.paused_at, one.paused_why, one.attempts)
                for one in numbers
            ),
            matters=tuple(matters),
        )


def _parts_to_come(local: datetime) -> tuple[list[datetime], list[Both]]:
    """The beginnings of this part of the day and of those after it, then of tomorrow; the names of all but tomorrow."""
    zone, starts = local.tzinfo, list(calling_hours().day_parts.items())
    begun = [datetime.combine(local.date(), start, zone) for _, start in starts]
    current = max(place for place, moment in enumerate(begun) if moment <= local)
    tomorrow = datetime.combine(local.date() + timedelta(days=1), time(0), zone)
    return [*begun[current:], tomorrow], [PARTS[part] for part, _ in starts[current:]]


def _queue(rows: Sequence[board.WaitingRow], parts: int) -> list[QueueLine]:
    lines = []
    for mode in sorted({row.mode for row in rows}):
        people = {row.part: row.people for row in rows if row.mode == mode}
        to_come = tuple(people.get(place, 0) for place in range(1, parts + 1))
        lines.append(QueueLine(mode, people.get(-1, 0), to_come, people.get(parts + 1, 0)))
    return lines


def _calls(rows: Sequence[OutcomeRow]) -> list[CallLine]:
    lines = []
    for mode in CALLS:
        own = [row for row in rows if row.mode == mode]
        if not own:
            continue
        over = [(row.code, row.attempts - row.open) for row in own]
        lines.append(
            CallLine(
                mode,
                sum(row.attempts for row in own),
                sum(n for _, n in over),
                sum(n for code, n in over if code is not None and disposition(code).contacted),
                sum(n for code, n in over if code is not None and disposition(code).group == "I"),
            )
        )
    return lines


def _codes(rows: Sequence[OutcomeRow]) -> list[CodeLine]:
    by_code: dict[str, int] = {}
    for row in rows:
        if row.code is not None and row.attempts > row.open:
            by_code[row.code] = by_code.get(row.code, 0) + row.attempts - row.open
    found = sorted(by_code.items(), key=lambda one: (-one[1], one[0]))
    return [CodeLine((d.zh, d.en), d.aapor, n) for code, n in found for d in [disposition(code)]]


def _seats(rows: Sequence[SeatRow]) -> list[tuple[str, str, tuple[SeatRow, ...]]]:
    codes = sorted({(row.code, row.name_zh) for row in rows})
    return [(code, name, tuple(row for row in rows if row.code == code)) for code, name in codes]


def _matters(row: board.OpenMatters, numbers: Sequence[NumberRow]) -> list[Matter]:
    resting = sum(one.paused_at is not None for one in numbers)
    return [
        Matter(
            ("等人联系", "Wait for a person"), row.handovers, "bad" if row.urgent else "warn" if row.overdue else "",
            (f"紧急 {row.urgent:,} · 超时 {row.overdue:,}", f"{row.urgent:,} urgent, {row.overdue:,} overdue"),
            "numbers.read", "/handovers",
        ),
        Matter(
            ("收件箱未读", "Unread texts"), row.inbox, "warn" if row.inbox else "",
            ("没有归到访问的来信", "texts of no interview"), "day.read", command="minyi inbox list",
        ),
        Matter(
            ("未识别信号", "Unmapped reports"), row.parked, "bad" if row.parked else "",
            ("运营商的话,没有对应", "of the carrier, mapped to nothing"), "day.read", command="minyi parked list",
        ),
        Matter(
            ("停用的号码", "Numbers at rest"), resting, "bad" if resting else "",
            (f"共 {len(numbers)} 个主叫号码", f"of {len(numbers)} caller ids"), "day.read", command="minyi pace show",
        ),
    ]  # fmt: skip
