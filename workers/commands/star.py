"""`minyi star`: sanctions on townships and villages, which their stars heed; and the stars as they were given.

Exit codes: 0 done; 3 refused, nothing changed; 2 is the command line's own.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

import asyncpg
import typer

from followup import sanctioning
from followup.assessment.star_policy import star_policy
from followup.reports.stars_given import Given, last_given
from followup.sanctioning import SanctionRow
from survey.ground import Ground
from survey.settings import Settings
from workers.commands.api_running import Centre, Json, on_database

NAME = "minyi star"
KINDS = ", ".join(f"{key} {one.words.zh}" for key, one in star_policy().sanctions.items())
DAY = ["%Y-%m-%d"]

By = Annotated[
    str, typer.Option("--by", help="谁决定,不能是当事人或当地单位。Who decides; nobody whom it concerns.")
]
Reason = Annotated[str, typer.Option("--reason", help="理由,留底。Why; on record.")]

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""乡镇、村的处分:黄牌警告、重点管理、一票否决;立后不改,可解除。星级在月总结里评:minyi report monthly。

    Sanctions on townships and villages. They are never altered, only lifted. While one is in force no star is gained; a veto
    leaves none. The stars themselves are given by the monthly summary: minyi report monthly.""",
    epilog="退出码 exit codes: 0 办成 done; 3 拒绝 refused.",
)


@app.command()
def sanction(
    area: Annotated[
        str, typer.Argument(metavar="AREA", help="乡镇(9位)或村(12位)代码。Code of the township or village.")
    ],
    kind: Annotated[str, typer.Option("--kind", help=KINDS)],
    what: Annotated[
        str, typer.Option("--what", help="发生了什么,写入月总结。What happened; it stands in the summary.")
    ],
    from_: Annotated[datetime, typer.Option("--from", formats=DAY, help="从哪天起。From which day on.")],
    concerns: Annotated[
        list[str], typer.Option("--concerns", help="当事人,可多次。Whom it concerns; again for each.")
    ],
    by: By,
    reason: Reason,
    to: Annotated[
        datetime | None,
        typer.Option("--to", formats=DAY, help="到哪天止;不给:到解除为止。Last day; without: until lifted."),
    ] = None,
    centre: Centre = None,
    json_: Json = False,
) -> None:
    """立一项处分。Put a sanction on record.

    例 example:  minyi star sanction 991721100 --kind veto --what 重大群体性事件 --from 2026-03-05
    --concerns 镇长张某 --by 政法委书记李某 --reason 会议决定
    """

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> SanctionRow:
        return await sanctioning.impose(
            conn, settings.centre, area, kind=kind, what=what, from_day=from_.date(), to_day=to.date() if to else None,
            concerned=concerns, by=by, reason=reason, now=ground.clock.now(),
        )  # fmt: skip

    _tell(on_database(f"{NAME} sanction", centre, act), json_)


@app.command()
def lift(
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help="处分编号,见 list。Its number, as list shows it.")
    ],
    from_: Annotated[
        datetime, typer.Option("--from", formats=DAY, help="从哪天起解除。From which day on it is lifted.")
    ],
    by: By,
    reason: Reason,
    centre: Centre = None,
    json_: Json = False,
) -> None:
    """解除一项处分;失去的星不自动恢复。Lift a sanction; no star comes back by it.

    例 example:  minyi star lift 991721100-1 --from 2026-06-01 --by 政法委书记李某 --reason 整改到位
    """

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> SanctionRow:
        return await sanctioning.lift(
            conn, settings.centre, number, from_day=from_.date(), by=by, reason=reason, now=ground.clock.now()
        )

    _tell(on_database(f"{NAME} lift", centre, act), json_)


@app.command()
def board(centre: Centre = None, json_: Json = False) -> None:
    """看最近一次签发的月总结里的星级。Stars as the last summary gave them that was issued.

    例 example:  minyi star board --json
    """

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> Given | None:
        return await last_given(conn, settings.centre)

    given = on_database(f"{NAME} board", centre, act)
    if json_:
        body = {"number": None, "places": []} if given is None else asdict(given)
        typer.echo(json.dumps(body, ensure_ascii=False, indent=2))
    elif given is None:
        typer.echo("还没有签发过月总结。No summary was issued yet: minyi report issue monthly --period …")
    else:
        lines = [
            f"{one.area}  {one.zh} {one.en}  {one.stars} ★  {'' if one.moved is None else f'{one.moved:+d}'}".rstrip()
            for one in given.places
        ]
        typer.echo("\n".join([given.number, *lines]))


@app.command("list")
def list_(centre: Centre = None, json_: Json = False) -> None:
    """看所有处分,已解除的也在。Every sanction, those that were lifted too."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> list[SanctionRow]:
        return list(await sanctioning.sanctions(conn, settings.centre, ground.clock.now()))

    rows = on_database(f"{NAME} list", centre, act)
    if json_:
        typer.echo(json.dumps([_body(row) for row in rows], ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(map(_line, rows)) or "没有处分。There is no sanction.")


def _tell(row: SanctionRow, json_: bool) -> None:
    typer.echo(json.dumps(_body(row), ensure_ascii=False, indent=2) if json_ else _line(row))


def _line(row: SanctionRow) -> str:
    words = star_policy().sanctions[row.kind].words
    until = f"至 to {row.to_day}" if row.to_day else "至解除 until lifted"
    line = (
        f"{row.number}  {row.area_zh}  {words.zh} {words.en}  {row.from_day} 起 from, {until}\n"
        f"  {row.what}  (当事人 concerns {'、'.join(row.concerned)}; 决定 by {row.actor}: {row.reason})"
    )
    if row.lifted_from is None:
        return line
    return f"{line}\n  {row.lifted_from} 起解除 lifted from then on  ({row.lifted_by}: {row.lifted_why})"


def _body(row: SanctionRow) -> dict[str, object]:
    return {"number": row.number} | {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in vars(row).items()
        if name != "seq"
    }
