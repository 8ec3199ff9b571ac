"""`minyi unit`: units that have no account: a signed link for one case, or a workbook for all of them.

Exit codes: 0 done; 1 some rows refused; 3 nothing done or kept; 2 is the command line's own.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from followup import bridging, sheet_round, unit_links
from followup.refusals import CaseRefusal
from followup.sheet_round import Imported
from followup.store import units
from followup.unit_sheets import NoSheet
from followup.web.unit_pages import OUTCOMES
from survey.ground import Ground
from survey.settings import Settings, load_settings
from workers.commands import unit_endpoint
from workers.commands.case_text import as_json, moment
from workers.commands.exits import NOTHING_DONE, SOME_REFUSED, refused
from workers.commands.running import run
from workers.runtime import open_ground

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""没有账号的单位:一件事一个限时链接,或者一张表格来回。

    Units without an account: a link that expires for one case, or a workbook that comes back.""",
    epilog="退出码 exit codes: 0 办成 done, 1 有行没收 some rows refused, 3 没有改动 nothing kept.",
)

app.add_typer(unit_endpoint.app, name="endpoint")

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="事项编号 the case's number.")]
Unit = Annotated[str, typer.Option("--unit", help="牵头单位代码 the code of the unit that leads it.")]
By = Annotated[str, typer.Option("--by", help="谁:姓名或工号,留底。Who: name or staff number, on record.")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON instead of text.")]


@app.command("list")
def list_(json: AsJson = False) -> None:
    """看本中心有哪些承办单位和代码。The units of this centre with their codes.

    例 example:  minyi unit list
    """

    async def act(ground: Ground, settings: Settings, conn: asyncpg.Connection, now: datetime) -> None:
        found = await units.units_of(conn, settings.centre)
        if json:
            _say(as_json([asdict(one) for one in found]))
        else:
            lines = [f"{one.code}  {one.name_zh}" for one in found]
            _say("\n".join(lines) or "没有承办单位。There is none.")

    _run("list", act)


@app.command()
def link(
    number: Number,
    unit: Unit,
    by: By,
    hours: Annotated[float, typer.Option("--hours", help="有效小时,最多360。How long it works.")] = 72,
    json: AsJson = False,
) -> None:
    """做一个链接:看脱敏内容、签收、报结果。只显示这一次。A link to see the case, sign and report; shown this once.

    例 example:  minyi unit link 991721-20260309-00037-4 --unit 991721-police --by 0102
    """

    async def act(ground: Ground, settings: Settings, conn: asyncpg.Connection, now: datetime) -> None:
        made = await unit_links.make(
            conn, ground.vault, number, unit=unit, hours=hours, by=by, now=now, tokens=ground.tokens
        )
        url = f"{settings.public_url.rstrip('/')}{made.path}"
        if json:
            _say(
                as_json({"url": url, "number": made.number, "unit": made.unit, "expires_at": made.expires_at})
            )
        else:
            _say(f"{url}\n有效至 works until {moment(made.expires_at)}。只给这个单位。For this unit alone.")

    _run("link", act)


@app.command()
def revoke(number: Number, unit: Unit) -> None:
    """收回链接,立即失效。Take the unit's links to a case back, at once."""

    async def act(ground: Ground, settings: Settings, conn: asyncpg.Connection, now: datetime) -> None:
        taken = await unit_links.revoke(conn, number, unit=unit, now=now)
        _say(f"收回 taken back: {taken}")

    _run("revoke", act)


@app.command()
def call(number: Number, unit: Unit, json: AsJson = False) -> None:
    """隐号通话:先响单位的电话,按1后再接通群众,双方看不到号码;够长就是联系凭据。

    A masked call: the unit's telephone (minyi notice address; liaison, text) rings first, then the resident's.

    例 example:  minyi unit call 991721-20260309-00037-4 --unit 991721-police
    """

    async def act(ground: Ground, settings: Settings, conn: asyncpg.Connection, now: datetime) -> None:
        made = await bridging.call(conn, number, unit=unit, now=now, tokens=ground.tokens)
        if json:
            _say(as_json({"number": number, "unit": unit, "expires_at": made.expires_at}))
        else:
            _say(
                f"马上拨打 calling now;{moment(made.expires_at)} 前没打成就作废 it lapses if not placed by then"
            )

    _run("call", act)


@app.command()
def calls(number: Number, unit: Unit, json: AsJson = False) -> None:
    """看本轮的隐号通话和结果。The unit's masked calls of this round, and what came of each."""

    async def act(ground: Ground, settings: Settings, conn: asyncpg.Connection, now: datetime) -> None:
        found = await bridging.calls(conn, number, unit=unit)
        if json:
            _say(as_json([asdict(one) for one in found]))
        else:
            lines = [
                f"{moment(one.requested_at)}  {OUTCOMES.get(one.outcome, one.outcome)}"
                + (f"  {one.seconds} s" if one.seconds else "")
                for one in found
            ]
            _say("\n".join(lines) or "没有。There is none.")

    _run("calls", act)


@app.command("export")
def export_sheet(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="单位代码 the unit's code.")],
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件 the .xlsx file to write.")],
) -> None:
    """导出该单位待签收、待反馈的事项。The workbook of everything that waits for the unit, redacted.

    例 example:  minyi unit export 991721-police --out police.xlsx
    """

    async def act(ground: Ground, settings: Settings, conn: asyncpg.Connection, now: datetime) -> None:
        data = await sheet_round.export(conn, ground.vault, unit)
        out.write_bytes(data)
        _say(f"已写 written: {out.name}")

    _run("export", act)


@app.command("import")
def import_sheet(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="交回的表 the .xlsx file.")
    ],
    unit: Unit,
    by: By,
    json: AsJson = False,
) -> None:
    """收回填好的表:逐行签收、报结果;同一行交两次只算一次。Each row signs or reports; the same row twice counts once.

    例 example:  minyi unit import police.xlsx --unit 991721-police --by 0102
    """
    found: list[Imported] = []

    async def act(ground: Ground, settings: Settings, conn: asyncpg.Connection, now: datetime) -> None:
        found.append(
            await sheet_round.take_back(conn, ground.vault, file.read_bytes(), unit=unit, by=by, now=now)
        )

    _run("import", act)
    (imported,) = found
    _say(as_json(asdict(imported)) if json else "\n".join(_lines(imported)))
    if imported.faults:
        raise typer.Exit(SOME_REFUSED if imported.taken else NOTHING_DONE)


ACTS = {"sign": "签收 signed", "report": "反馈 reported"}


def _lines(imported: Imported) -> list[str]:
    lines = []
    for row in imported.taken:
        done = "、".join(ACTS[act] for act in row.done)
        again = "、".join(f"{ACTS[act]} (早已办 before)" for act in row.again)
        lines.append(
            f"第{row.row}行 row {row.row}  {row.number}  {'、'.join(one for one in (done, again) if one)}"
        )
    lines += [
        f"第{one.row}行 row {one.row}  [{one.column}] {one.reason} → {one.remedy}" for one in imported.faults
    ]
    taken, faults = len(imported.taken), len(imported.faults)
    return [*lines, f"收 taken {taken} · 没收 refused {faults} · 没填 untouched {imported.untouched}"]


Act = Callable[[Ground, Settings, asyncpg.Connection, datetime], Awaitable[None]]


def _run(verb: str, act: Act) -> None:
    command = f"minyi unit {verb}"
    try:
        run(command, _on_ground(act))
    except (CaseRefusal, NoSheet) as no:
        raise refused(command, str(no)) from None


async def _on_ground(act: Act) -> None:
    settings = load_settings()
    async with open_ground(settings, "unit", pool_size=2) as ground:
        with ground.clock.activity():
            async with ground.pool.acquire() as conn:
                await act(ground, settings, conn, ground.clock.now())


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
