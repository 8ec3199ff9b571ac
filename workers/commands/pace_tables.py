"""What `minyi pace` prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from survey.caller_settings import our_accounts
from survey.settings import Settings
from survey.store.callers import CallerRow
from survey.store.pace import PaceRow
from survey.store.shares import ShareRow


@dataclass(frozen=True)
class Standing:
    """The channels, the limits inside them, our numbers, and the campaigns' codes by their ids."""

    channels: Sequence[PaceRow]
    shares: Sequence[ShareRow]
    callers: Sequence[CallerRow]
    campaigns: Mapping[str, str]


def show(standing: Standing, settings: Settings, *, as_json: bool) -> None:
    """Print it as tables, or as JSON."""
    accounts = our_accounts(settings)
    usual = {
        "voice": sum(account.calls_per_second for account in accounts),
        "text": settings.carrier_texts_per_second * sum(len(account.numbers) for account in accounts),
    }
    if as_json:
        body = {
            "pace": [{**asdict(row), "rate": row.rate or usual[row.channel]} for row in standing.channels],
            "shares": [{**asdict(row), "name": _name(row, standing)} for row in standing.shares],
            "numbers": [asdict(row) for row in standing.callers],
        }
        sys.stdout.write(json.dumps(body, indent=2, default=str) + "\n")
        return
    console = Console(highlight=False)
    console.print(_limits(standing, usual))
    if standing.callers:
        console.print(_numbers(standing.callers))


def _name(row: ShareRow, standing: Standing) -> str:
    return standing.campaigns.get(row.name, row.name) if row.kind == "campaign" else row.name


def _limits(standing: Standing, usual: Mapping[str, float]) -> Table:
    table = _table("渠道 channel", "每秒 a second", "攒 burst s", "批 batch s", "路数 lines")
    for row in standing.channels:
        rate, batch = f"{row.rate or usual[row.channel]:g}", f"{row.batch_s:g}" if row.batch_s else "–"
        table.add_row(row.channel, rate, f"{row.burst_s:g}", batch, str(row.lines or "–"))
    for share in standing.shares:
        rate = f"{share.rate:g}" if share.rate else "–"
        who = f"{share.channel} · {share.kind} {_name(share, standing)}"
        table.add_row(who, rate, f"{share.burst_s:g}", "–", str(share.lines or "–"))
    return table


def _numbers(rows: Sequence[CallerRow]) -> Table:
    table = _table("号码 number", "每秒 a second", "状态 state")
    for row in rows:
        state = f"停用 rests: {row.paused_why}" if row.paused_why else "使用 works"
        table.add_row(row.number, f"{row.rate:g}", state)
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(first)
    for heading in others:
        table.add_column(heading, justify="left" if "state" in heading else "right")
    return table
