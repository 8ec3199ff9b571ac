"""How handovers are printed: a table for the queue, a few lines for one, JSON for programs. No number is ever in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from shlex import quote
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from survey.store.handovers import HandoverRow
from survey.web.terms import HANDOVER_REASONS, HANDOVER_STATES, MODES, words

URGENT, OVERDUE = "紧急 urgent", "超时 overdue"
NOTHING = "没有等人处理的事。Nothing waits for a person."


def queue_table(rows: Sequence[HandoverRow], now: datetime, tz: ZoneInfo) -> Table:
    """The queue in the order given; it fits 80 columns, and what matters is said in words, not in colour alone."""
    table = Table(box=SIMPLE_HEAD, leading=1, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("到期 due", no_wrap=True)
    table.add_column("什么事 what", overflow="fold", ratio=1)
    table.add_column("状态 state", overflow="fold", max_width=18)
    table.add_column("编号 ref", no_wrap=True)
    for row in rows:
        table.add_row(_due(row, now, tz), _what(row), _state(row, tz), Text(row.ref))
    return table


def summary_line(rows: Sequence[HandoverRow], now: datetime) -> str:
    """How many are open, how many of those are urgent, and how many late."""
    still = [row for row in rows if row.status != "resolved"]
    urgent, late = sum(row.urgent for row in still), sum(row.overdue(now) for row in still)
    return f"未办完 open {len(still)} · {URGENT} {urgent} · {OVERDUE} {late}"


def taken_lines(row: HandoverRow, now: datetime, tz: ZoneInfo) -> Iterator[Text]:
    """What whoever has just taken it needs: until when, what it is about, what was said, and how it is ended."""
    marks = [mark for mark, holds in ((URGENT, row.urgent), (OVERDUE, row.overdue(now))) if holds]
    yield Text(f"已接手 taken: {row.taken_by} · 编号 ref {row.ref}")
    yield Text(" · ".join([*marks, f"到期 due {_moment(row.due_at, tz)}"]), style="bold red" if marks else "")
    yield _what(row)
    if row.recording:
        yield Text(f"录音 recording: {row.recording}")
    number = f"minyi handover number {row.ref} --by {quote(row.taken_by or '')}"
    yield Text(f"要回电 to call back: {number}", style="dim")
    done = f'minyi handover resolve {row.ref} --by {quote(row.taken_by or "")} --note "…"'
    yield Text(f"办完以后 when done: {done}", style="dim")


def resolved_lines(row: HandoverRow, tz: ZoneInfo) -> Iterator[Text]:
    """Who ended it, when, and with what."""
    when = _moment(row.resolved_at, tz)
    yield Text(f"已办完 resolved: {row.resolved_by} · 编号 ref {row.ref} · {when}")
    yield Text(f"结果 outcome: {_plain(row.resolution or '')}")


def as_json(rows: Sequence[HandoverRow], now: datetime) -> str:
    """{"handovers": [...]}; moments in ISO 8601 with their offset, words without numbers."""
    found = [{**asdict(row), "overdue": row.overdue(now)} for row in rows]
    return json.dumps({"handovers": found}, ensure_ascii=False, indent=2, default=datetime.isoformat)


def _due(row: HandoverRow, now: datetime, tz: ZoneInfo) -> Text:
    shown = Text(_moment(row.due_at, tz))
    if row.urgent:
        shown.append(f"\n{URGENT}", style="bold red")
    if row.overdue(now):
        shown.append(f"\n{OVERDUE}", style="bold yellow")
    return shown


def _what(row: HandoverRow) -> Text:
    shown = Text(
        " ".join(words(HANDOVER_REASONS, row.reason) if row.reason in HANDOVER_REASONS else (row.reason,))
    )
    if row.words:
        shown.append(f"\n“{_plain(row.words)}”")
    mode = " ".join(words(MODES, row.mode)) if row.mode else ""
    where = " · ".join(part for part in (mode, row.campaign, row.area) if part)
    if where:
        shown.append(f"\n{where}", style="dim")
    return shown


def _state(row: HandoverRow, tz: ZoneInfo) -> Text:
    shown = Text(" ".join(words(HANDOVER_STATES, row.status)))
    who, when = row.resolved_by or row.taken_by, row.resolved_at or row.taken_at
    if who and when:
        shown.append(f"\n{who}\n{_moment(when, tz)}")
    if row.resolution:
        shown.append(f"\n{_plain(row.resolution)}")
    return shown


def _plain(said: str) -> str:
    """On one line, and without what a terminal would obey: a text message can hold any character."""
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())


def _moment(at: datetime | None, tz: ZoneInfo) -> str:
    """A moment in the centre's own time, to the minute."""
    return at.astimezone(tz).strftime("%m-%d %H:%M") if at else ""
