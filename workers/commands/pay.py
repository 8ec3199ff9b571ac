"""`minyi pay`: what surveyors are paid for a month, from their work alone; and objections to it.

Exit codes: 0 done; 3 refused; 2 is the command line's own.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from followup import paying
from followup.assessment.pay import Pay
from followup.assessment.surveyor_month import NotPayable
from followup.reports.building import cut_off_of
from followup.store.pay_objections import ObjectionToPay
from survey.ground import Ground
from survey.periods import NoPeriod, Period, period
from survey.settings import Settings
from workers.commands.api_running import Centre, Json, on_database
from workers.commands.exits import refused
from workers.commands.pay_entered import entered_of

NAME = "minyi pay"
Month = Annotated[str, typer.Option("--month", help="月份,如 2026-03。The month.")]
Staff = Annotated[str, typer.Option("--staff", help="工号。The staff number.")]
AUDITS = {
    "own": "{heard} 份 heard",
    "centre": "未复核,按全中心 not audited, as the centre",
    "none": "未复核,质量分摊到其他两项 not audited, quality spread over the others",
}
app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""绩效工资:只看干了什么活、质量怎样;居民满不满意不进工资。

    Pay of surveyors: from what they did and how well. What residents answered cannot enter it.""",
    epilog="退出码 exit codes: 0 办成 done; 3 拒绝 refused.",
)


@app.command()
def sheet(
    month: Month,
    entered: Annotated[
        Path,
        typer.Option(
            "--entered",
            exists=True,
            dir_okay=False,
            help="中心填的表,CSV 或 XLSX:staff_no 和 target、base 等列。What the centre enters, a line for each.",
        ),
    ],
    centre: Centre = None,
    json_: Json = False,
) -> None:
    """工资表:同样的数据总是同样的结果。The pay sheet; the same data give the same amounts, whenever it is made.

    例 example:  minyi pay sheet --month 2026-03 --entered march.csv
    """
    command = f"{NAME} sheet"
    given, days = entered_of(command, entered), _month(command, month)

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> list[Pay]:
        cut_off = await cut_off_of(conn, settings.centre, days, ground.clock.now())
        try:
            return await paying.sheet(conn, settings.centre, days, cut_off, given)
        except NotPayable as no:
            raise refused(command, str(no)) from None

    rows = on_database(command, centre, act)
    if json_:
        typer.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2, default=str))
        return
    typer.echo(
        "工号 staff  有效量 units  产量 output  质量 quality  学习 learning  总分 score  系数 ×  绩效 perf.  应发 pay  复核 audit"
    )
    for one in rows:
        s = one.score
        quality = "-" if s.quality is None else f"{s.quality:.2f}"
        typer.echo(
            f"{one.staff_no}  {one.valid_units:g}  {s.output:.2f}  {quality}  {s.learning:.2f}  {s.total:.2f}"
            f"  {s.coefficient:g}  {one.performance}  {one.amount}  {AUDITS[one.audit].format(heard=one.heard)}"
        )


@app.command("object")
def object_(
    month: Month,
    staff: Staff,
    words: Annotated[str, typer.Option("--words", help="为什么有异议。Why.")],
    centre: Centre = None,
) -> None:
    """对自己的工资提出异议,留底。A surveyor objects to their pay; on record."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> None:
        now = ground.clock.now()
        await paying.object_(
            conn, settings.centre, staff, _first(f"{NAME} object", month), words=words, now=now
        )

    on_database(f"{NAME} object", centre, act)
    typer.echo(f"{staff} {month}: 已登记 on record")


@app.command()
def decide(
    month: Month,
    staff: Staff,
    decision: Annotated[str, typer.Option("--decision", help="changed 改正, stands 维持。")],
    reason: Annotated[str, typer.Option("--reason", help="理由。Why.")],
    by: Annotated[str, typer.Option("--by", help="谁决定,不能是本人。Who decides; not they themselves.")],
    centre: Centre = None,
) -> None:
    """对异议作决定,由别人来决定。Somebody else decides on the objection."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> None:
        await paying.decide(
            conn, settings.centre, staff, _first(f"{NAME} decide", month), decision=decision, reason=reason, by=by,
            now=ground.clock.now(),
        )  # fmt: skip

    on_database(f"{NAME} decide", centre, act)
    typer.echo(f"{staff} {month}: {decision}")


@app.command()
def objections(centre: Centre = None, json_: Json = False) -> None:
    """看所有异议。Every objection."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> list[ObjectionToPay]:
        return list(await paying.objections(conn, settings.centre))

    rows = on_database(f"{NAME} objections", centre, act)
    if json_:
        typer.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2, default=str))
        return
    lines = [
        f"{one.staff_no}  {one.month:%Y-%m}  {one.words}  {one.decision or '待决定 waiting'}  {one.reason or ''}".rstrip()
        for one in rows
    ]
    typer.echo("\n".join(lines) or "没有。There is none.")


def _month(command: str, month: str) -> Period:
    try:
        days = period(month)
    except NoPeriod as no:
        raise refused(command, str(no)) from None
    if days.first.day != 1 or (days.last - days.first).days > 31:
        raise refused(command, f"{month} is no month; write it as 2026-03")
    return days


def _first(command: str, month: str) -> date:
    return _month(command, month).first
