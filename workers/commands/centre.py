"""`minyi centre`: what was found at a centre, and what its inspection came to; both enter its score (`minyi report centre`).

Exit codes: 0 done; 3 refused; 2 is the command line's own.
"""

from __future__ import annotations

import json
import sys
from typing import Annotated

import asyncpg
import typer

from followup import centre_findings as door
from followup.assessment.centre_score import centre_policy
from followup.store.centre_findings import FoundRow
from survey.ground import Ground
from survey.masking import without_numbers
from survey.settings import Settings
from workers.commands.api_running import Centre, Json, on_database

NAME = "minyi centre"
Said = Annotated[str, typer.Option("--words", help="查到什么。What was found, in words.")]
By = Annotated[str, typer.Option("--by", help="谁查实的。Who found it.")]
app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""中心查实的事项和年终检查,进入中心工作评分。

    Findings at a centre and the inspection of its year; they enter its score.""",
    epilog="退出码 exit codes: 0 办成 done; 3 拒绝 refused.",
)


@app.command("find")
def find(
    kind: Annotated[
        str, typer.Argument(help="leak、default_satisfied、coaching 或 falsified。What it is, by policy.")
    ],
    words: Said,
    by: By,
    case: Annotated[str | None, typer.Option("--case", help="事项编号。The number of the case.")] = None,
    centre: Centre = None,
) -> None:
    """登记查实的事项;按登记的日子计入当期。Write down what was found; it counts in the period of today.

    例 example:  minyi centre find leak --words 名单外传 --by 市检查组
    """

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> None:
        await door.find(
            conn, settings.centre, kind, words=words, by=by, now=ground.clock.now(), case_number=case
        )

    on_database(f"{NAME} find", centre, act)
    typer.echo("已登记 on record")


@app.command("inspect")
def inspect_(
    points: Annotated[float, typer.Option("--points", help="检查得分,0 到 100。Points, 0 to 100.")],
    words: Said,
    by: By,
    centre: Centre = None,
) -> None:
    """登记年终检查的得分;一年以最后一次为准。Write down what the inspection of the year came to; the last one counts.

    例 example:  minyi centre inspect --points 88 --words 年终检查 --by 市检查组
    """

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> None:
        await door.inspect(conn, settings.centre, points, words=words, by=by, now=ground.clock.now())

    on_database(f"{NAME} inspect", centre, act)
    typer.echo("已登记 on record")


@app.command("withdraw")
def withdraw(
    number: Annotated[int, typer.Argument(help="序号,见 list。Its number, as `list` shows it.")],
    words: Said,
    by: By,
    centre: Centre = None,
) -> None:
    """撤销一条,原因留存。From now on it does not count; both rows stay."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> None:
        await door.withdraw(conn, settings.centre, number, words=words, by=by, now=ground.clock.now())

    on_database(f"{NAME} withdraw", centre, act)
    typer.echo("已登记 on record")


@app.command("list")
def list_(centre: Centre = None, json_: Json = False) -> None:
    """所有查实的事项。Everything that was found, the oldest first."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> list[FoundRow]:
        return await door.all_of(conn, settings.centre, ground.clock.now())

    found = on_database(f"{NAME} list", centre, act)
    if json_:
        sys.stdout.write(
            json.dumps([_line(n, one) for n, one in enumerate(found, 1)], ensure_ascii=False) + "\n"
        )
        return
    if not found:
        typer.echo("没有查实的事项。Nothing was found.")
    for number, one in enumerate(found, 1):
        line = _line(number, one)
        worth = f"  {one.points:g}" if one.points is not None else ""
        gone = f"  已撤销 withdrawn: {line['withdrawn']}" if one.withdrawn else ""
        typer.echo(
            f"{number}  {line['at']}  {line['zh']}{worth}  {line['case'] or '—'}  {line['words']}  {one.found_by}{gone}"
        )


def _line(number: int, one: FoundRow) -> dict[str, object]:
    kind = centre_policy().findings.get(one.kind)
    return {
        "number": number, "kind": one.kind, "zh": kind.zh if kind else "年终检查", "points": one.points, "case": one.case_number,
        "words": without_numbers(one.words), "by": one.found_by, "at": f"{one.found_at:%Y-%m-%d}",
        "withdrawn": without_numbers(one.withdrawn) if one.withdrawn else None,
    }  # fmt: skip
