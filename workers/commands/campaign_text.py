"""How campaigns are printed: a table, a page for one, JSON for programs. No number of a resident is ever in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from survey.campaigning import State
from survey.field.dispositions import dispositions
from survey.field.emptiness import WORDS, Reason
from survey.field.lifecycle import ZH
from survey.store.campaign_life import Planned
from survey.tariff import THOUSANDTHS, tariff

KINDS: Final[Mapping[str, str]] = {
    "wave": "正式调查 wave",
    "poll": "专项调查 poll",
    "daily": "日常调查 daily",
    "standing": "回访 standing",
}


def campaigns_table(rows: Sequence[Planned]) -> Table:
    """The newest first; it fits 80 columns."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("代号 code", overflow="fold")
    table.add_column("名称 name", overflow="fold", ratio=1)
    table.add_column("类别 kind", overflow="fold")
    table.add_column("状态 status", no_wrap=True)
    table.add_column("期间 days", no_wrap=True)
    for row in rows:
        table.add_row(row.code, row.name_zh, KINDS[row.kind], _status(row.status), _days(row))
    return table


def state_lines(state: State, now: datetime) -> Iterator[Text | Table]:
    """All about one campaign."""
    campaign, zone = state.campaign, ZoneInfo(state.campaign.tz)
    yield Text(f"{campaign.name_zh}  {campaign.code}  {KINDS[campaign.kind]}", style="bold")
    document = campaign.document or {}
    modes = " → ".join(document.get("modes", campaign.modes))
    yield Text(f"状态 status: {_status(campaign.status)} · {_days(campaign)} · {modes}")
    if document.get("quotas"):
        yield Text("配额样本 quota sample: no design-based interval", style="yellow")
    yield Text(
        f"样本 sample: 抽取 drawn {state.drawn} · 投放 released {state.released} · "
        f"等待 waiting {state.waiting} · 联系中 in contact {state.in_contact}"
    )
    if state.codes:
        yield _codes_table(state.codes)
    if state.cells:
        yield _cells_table(state)
    if state.budget is not None and campaign.document is not None:
        yield from _budget_lines(state)
    yield Text("队列 queue: " + "; ".join(_reason(reason, zone) for reason in state.empty))
    for event in state.events:
        moved = f"{event.from_status or '–'} → {event.to_status}"
        yield Text(
            f"{event.at.astimezone(zone):%m-%d %H:%M}  {event.event:8} {moved:24} {event.by_whom}: {event.why}",
            style="dim",
        )


def as_json(state: State) -> str:
    """One object: the campaign, its counts, cells, budget, history, and why its queue is empty."""
    budget = None if state.budget is None else asdict(state.budget)
    body: dict[str, Any] = {
        **planned_fields(state.campaign),
        "drawn": state.drawn,
        "released": state.released,
        "waiting": state.waiting,
        "in_contact": state.in_contact,
        "dispositions": state.codes,
        "cells": [asdict(cell) for cell in state.cells],
        "budget": budget,
        "empty_because": [asdict(reason) for reason in state.empty],
        "events": [asdict(event) for event in state.events],
    }
    return json.dumps(body, ensure_ascii=False, indent=2, default=str)


def planned_fields(row: Planned) -> dict[str, Any]:
    """What a program wants to know of a campaign in a list."""
    return {
        "code": row.code, "name_zh": row.name_zh, "kind": row.kind, "status": row.status, "modes": row.modes,
        "opens_at": row.opens_at.isoformat(), "closes_at": row.closes_at.isoformat() if row.closes_at else None,
    }  # fmt: skip


def _status(status: str) -> str:
    return f"{ZH[status]} {status}"  # type: ignore[index]  # the table's CHECK names the same words


def _days(row: Planned) -> str:
    zone = ZoneInfo(row.tz)
    first = f"{row.opens_at.astimezone(zone):%Y-%m-%d}"
    return first if row.closes_at is None else f"{first} – {row.closes_at.astimezone(zone):%m-%d}"


def _codes_table(codes: Mapping[str, int]) -> Table:
    known = dispositions()
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("结果 disposition")
    table.add_column("AAPOR", justify="right")
    table.add_column("人数 units", justify="right")
    for code in sorted(codes, key=lambda code: (-codes[code], code)):
        row = known[code]
        table.add_row(f"{row.zh} {row.en}", row.aapor, str(codes[code]))
    return table


def _cells_table(state: State) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("配额 quota", "格 cell"):
        table.add_column(heading)
    for heading in ("目标 target", "完成 filled", "占用 held", "空 free"):
        table.add_column(heading, justify="right")
    for cell in state.cells:
        free = cell.target - cell.held - cell.filled
        table.add_row(cell.quota, cell.cell, str(cell.target), str(cell.filled), str(cell.held), str(free))
    return table


def _budget_lines(state: State) -> Iterator[Text]:
    row = state.budget
    assert row is not None
    parts = [
        f"{name} {used:,}" + (f"/{most:,}" if most is not None else "")
        for name, used, most in (
            ("通话 calls", row.calls, row.most_calls),
            ("短信条 segments", row.segments, row.most_segments),
        )
    ]
    money = f"{row.money / THOUSANDTHS:,.2f}"
    if row.most_money is not None:
        money += f"/{row.most_money / THOUSANDTHS:,.2f}"
    yield Text(f"用量 used: {' · '.join(parts)} · 费用 money {money} {tariff().currency}")


def _reason(reason: Reason, zone: ZoneInfo) -> str:
    when = f" ({reason.at.astimezone(zone):%m-%d %H:%M})" if reason.at is not None else ""
    return " ".join(WORDS[reason.why]) + when
