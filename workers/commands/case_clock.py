"""`minyi case clock`: the colour of a case now, why, what is due when, and who is urged next."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from followup import clocks, urging
from followup.casework import colours, states
from followup.casework.urging import urging_policy
from followup.clocks import Reading
from followup.refusals import CaseRefusal
from followup.store.urges import UrgeRow
from survey.settings import load_settings
from workers.commands.case_text import as_json
from workers.commands.exits import refused
from workers.commands.running import run
from workers.runtime import open_ground

LOCAL = ZoneInfo("Asia/Shanghai")
PARTIES = {
    "unit": ("承办单位", "the unit"),
    "office": ("督查室", "the supervision office"),
    "centre": ("中心", "the centre"),
}


def clock(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="案件编号。The case's full number.")],
    json: Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")] = False,
) -> None:
    """看一件案件的钟:红黄绿、原因、期限、下一次催办。The clock of one case: colour, why, what is due, who is urged next."""

    async def read() -> tuple[Reading, list[UrgeRow], datetime]:
        async with open_ground(load_settings(), "case clock") as ground, ground.pool.acquire() as conn:
            now = ground.clock.now()
            shown = await clocks.read(conn, number, now)
            return shown, await urging.urges_of(conn, shown.row.case_id), now

    try:
        shown, urged, now = run("minyi case clock", read())
    except CaseRefusal as no:
        raise refused("minyi case clock", str(no)) from None
    said = as_json(record(shown, urged, now)) if json else "\n".join(lines(shown, urged, now))
    sys.stdout.write(f"{said}\n")


def lines(shown: Reading, urged: list[UrgeRow], now: datetime) -> Iterator[str]:
    """The clock in words, Chinese first."""
    row, running = shown.row, shown.clock
    state = states.words(row.status)
    yield f"{row.number}  {state.zh} {state.en}  第{row.round}轮 round {row.round}  {local(now)}"
    if running is None or shown.colour is None or shown.left is None:
        yield "没有期限在走。No clock runs."
    else:
        name = colours.colour_policy().colours[shown.colour]
        yield f"颜色 colour    {name.zh} {name.en}"
        for ground in shown.grounds:
            why = colours.colour_policy().grounds[ground.key]
            yield f"原因 why       {why.zh} {why.en}"
        step, party = clocks.step_words(row.status), PARTIES[running.party]
        yield f"期限 due       {local(running.due)}  {step.zh} {step.en}  ({party[0]} {party[1]}, {who(shown)})"
        kept = "已联系,不计超期 tried in time, nobody is late" if running.kept else span(shown.left)
        yield f"剩余 left      {kept}"
        if shown.changes_at:
            yield f"变色 changes   {local(shown.changes_at)}"
        if shown.next_urge and shown.next_urge_at:
            yield f"下次催办 urge  {local(shown.next_urge_at)}  {level(shown.next_urge.level)}"
    for one in urged:
        sheet = f"  {one.sheet_number}" if one.sheet_number else ""
        why = urging_policy().why[one.why]
        round_ = f"第{one.round}轮 round {one.round}"
        yield f"已催办 urged   {local(one.urged_at)}  {round_}  {level(one.level)}  {one.against}{sheet}"
        yield f"               {why.zh} {why.en}"
    for change in shown.history:
        yield f"变化 history   {local(change.at)}  {change.from_colour or '-'} → {change.to_colour or '-'}"


def record(shown: Reading, urged: list[UrgeRow], now: datetime) -> dict[str, Any]:
    """The same as values."""
    row, running = shown.row, shown.clock
    return {
        "number": row.number,
        "now": now,
        "state": row.status,
        "round": row.round,
        "colour": shown.colour,
        "why": [ground.key for ground in shown.grounds],
        "step": states.words(row.status).en if running is None else clocks.step_words(row.status).en,
        "party": running.party if running else None,
        "against": who(shown),
        "due_at": running.due if running else None,
        "working_hours_left": shown.left / timedelta(hours=1) if shown.left is not None else None,
        "colour_changes_at": shown.changes_at,
        "next_urge": shown.next_urge.level if shown.next_urge else None,
        "next_urge_at": shown.next_urge_at,
        "level": row.escalation_level,
        "limits_version": row.policy_version,
        "urged": [
            {"round": u.round, "level": u.level, "against": u.against, "why": u.why, "at": u.urged_at,
             "sheet_number": u.sheet_number}
            for u in urged
        ],
        "history": [
            {"at": c.at, "from": c.from_colour, "to": c.to_colour, "why": list(c.grounds)}
            for c in shown.history
        ],
    }  # fmt: skip


def who(shown: Reading) -> str | None:
    """Who owes the step: a unit's name, an office, the centre."""
    if shown.clock is None:
        return None
    if shown.clock.party == "unit":
        return shown.row.lead_name
    return clocks.against(shown.row, shown.clock)


def level(name: str) -> str:
    """`U2 催办通知书 urge notice`."""
    one = urging_policy().levels[name]
    return f"{name} {one.zh} {one.en}"


def span(amount: timedelta) -> str:
    """`13.5个工作小时 working hours`; past the limit it says so."""
    hours = abs(amount) / timedelta(hours=1)
    late = "已超期 late by " if amount < timedelta(0) else ""
    return f"{late}{hours:.1f}个工作小时 working hours"


def local(moment: datetime) -> str:
    """In the centre's own time, to the minute."""
    return f"{moment.astimezone(LOCAL):%Y-%m-%d %H:%M}"
