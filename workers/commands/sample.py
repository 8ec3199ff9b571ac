"""`minyi sample`: how large a sample must be, and whether a sample can be drawn again as it was. What draws is
`sample_draw`, what splits `sample_allocate`.

Exit codes: 0 done; 1 the sample is another one than was drawn; 3 refused, nothing done; 2 is the command line's own.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from math import ceil, inf, isinf
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.table import Table

from survey.frames import redraw
from survey.ground import Ground
from survey.sampling.draw_record import CannotRedraw, DrawRecord
from survey.sampling.sample_size import (
    Area,
    AreaPlan,
    Field,
    achieved_margin,
    interviews_needed,
    plan_area,
    wilson_needed,
)
from survey.settings import Settings, load_settings
from survey.store import draws
from workers.commands.exits import SOME_REFUSED, refused
from workers.commands.running import run
from workers.commands.sample_allocate import register as register_allocation
from workers.commands.sample_draw import register
from workers.commands.sample_record import is_record, redrawn
from workers.runtime import open_ground

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""抽样:算样本量;从名单按规模抽样;造随机号名单;把抽过的样本原样重抽一遍核对。

    Samples: how large one must be for a precision; one drawn from a list by size, or made of random digits; and drawing one
    again to see that it is the one that was drawn.""",
    epilog="退出码 exit codes: 0 办成 done; 1 样本对不上 not the sample that was drawn; 3 没有办 refused.",
)

Json = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON instead of text.")]


@app.command()
def plan(
    precision: Annotated[
        float, typer.Option(min=0.1, max=50, help="半宽,百分点。Half-width of the interval, in points.")
    ] = 3.0,
    share: Annotated[float, typer.Option(min=0.1, max=99.9, help="预计比例 %。Expected share, in %.")] = 90.0,
    population: Annotated[
        int | None, typer.Option(min=1, help="总体人数。People in the population; without: large.")
    ] = None,
    eligible: Annotated[float, typer.Option(min=1, max=100, help="合格率 %。Eligible, in %.")] = 95.0,
    contact: Annotated[float, typer.Option(min=1, max=100, help="接触率 %。Reached, in %.")] = 50.0,
    cooperation: Annotated[float, typer.Option(min=1, max=100, help="合作率 %。Willing, in %.")] = 40.0,
    deff: Annotated[float, typer.Option(min=1, max=20, help="设计效应。Design effect.")] = 1.0,
    cooling_off: Annotated[
        int, typer.Option(min=1, help="冷却天数。Days before anybody is asked again.")
    ] = 180,
    area: Annotated[
        list[str] | None, typer.Option(help="地区=人数,可多次。CODE=PEOPLE of an area; may be repeated.")
    ] = None,
    json_: Json = False,
) -> None:
    """算样本量:要几个访问、放多少号码;各地区能不能每天给出。How many interviews, and how many people to release.

    例 example:  minyi sample plan --precision 3 --share 90 --area 柳河镇=9000 --area 枣园镇=300
    """
    field = Field(eligible / 100, contact / 100, cooperation / 100, deff)
    people = inf if population is None else float(population)
    p, d = share / 100, precision / 100
    n = interviews_needed(p, d, population=people, deff=deff)
    areas = [plan_area(one, p, d, field, cooling_off_days=cooling_off) for one in _areas(area or [])]
    body = {
        "interviews": ceil(n),
        "interviews_exact": n,
        "wilson": wilson_needed(p, d),
        "release": ceil(n / field.response),
        "response": field.response,
        "achieved_margin": achieved_margin(p, ceil(n), population=people, deff=deff),
        "areas": [_fields(one) for one in areas],
    }
    if json_:
        sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=2) + "\n")
        return
    _print(
        f"±{precision:g} 个百分点 points (95%),比例 share {share:g}%: 要访问 interviews {ceil(n):,}(Wilson {body['wilson']:.0f})",
        f"要放 release {body['release']:,} 人 people: 合格 {eligible:g}% × 接触 {contact:g}% × 合作 {cooperation:g}%",
    )
    if areas:
        _print(_table(areas, precision))


def _areas(words: list[str]) -> list[Area]:
    found = []
    for word in words:
        code, _, people = word.partition("=")
        if not code or not people.isdecimal() or int(people) == 0:
            raise typer.BadParameter(f"--area {word!r}: write CODE=PEOPLE, such as 柳河镇=9000")
        found.append(Area(code, int(people)))
    return found


def _fields(one: AreaPlan) -> dict[str, Any]:
    margin = None if isinf(one.margin_of_a_day) else one.margin_of_a_day
    return {**asdict(one), "margin_of_a_day": margin, "daily_is_enough": one.daily_is_enough}


def _table(areas: list[AreaPlan], precision: float) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("地区 area")
    for heading in ("名单 list", "访问 n", "要放 release", "每天可问 a day"):
        table.add_column(heading, justify="right")
    table.add_column(f"±{precision:g} 能否 can it be had", overflow="fold")
    for one in areas:
        if one.daily_is_enough:
            said = "每天 every day"
        elif one.days is not None:
            said = f"{one.days} 天滚动 a window of {one.days} days"
        else:
            said = "冷却期内做不到 not within the cooling-off"
        table.add_row(
            one.code, f"{one.people:,}", f"{one.interviews:,}", f"{one.release:,}", f"{one.a_day:,}", said
        )
    return table


@app.command()
def audit(
    code: Annotated[
        str,
        typer.Argument(
            metavar="CODE",
            help="项目代号,或 draw、rdd 的留底文件。A campaign's code, or the record file of draw or rdd.",
        ),
    ],
    list_: Annotated[
        Path | None,
        typer.Option("--list", help="名单不在留底旁边时。The list, where it is not beside the record."),
    ] = None,
    json_: Json = False,
) -> None:
    """按留底的记录重抽一遍,和样本核对。Draw it again from its record, and hold it against the sample that was drawn.

    例 examples:  minyi sample audit night-noise
                  minyi sample audit 样本.csv.record.json
    """
    if is_record(code):
        _audit_file(code, list_, json_)
        return
    command = "minyi sample audit"
    try:
        record, said = run(command, _audit(command, code))
    except CannotRedraw as error:
        raise refused(command, f"{code} 不能重抽 cannot be drawn again: {error}.") from None
    if json_:
        sys.stdout.write(
            json.dumps({**said, "record": record.model_dump(mode="json")}, ensure_ascii=False, indent=2)
            + "\n"
        )
    else:
        when = f"{record.at.astimezone():%Y-%m-%d %H:%M}"
        _print(
            f"{code}: 名单 list {said['list']:,} 人,{when};方法 method {record.method} v{record.version};"
            f"名单指纹 hash {record.frame_sha256[:16]}…",
            f"抽出 drawn {said['people']:,};一致 the same sample: {'是 yes' if said['same'] else '否 no'}"
            + ("" if said["same"] else f"(缺 missing {said['missing']},多 strange {said['strange']})"),
        )
    if not said["same"]:
        raise typer.Exit(SOME_REFUSED)


def _audit_file(name: str, list_file: Path | None, as_json: bool) -> None:
    try:
        said = redrawn(Path(name), list_file)
    except CannotRedraw as error:
        raise refused("minyi sample audit", f"{name} 不能重抽 cannot be drawn again: {error}.") from None
    if as_json:
        sys.stdout.write(json.dumps(said, ensure_ascii=False, indent=2) + "\n")
    else:
        words = {True: "是 yes", False: "否 no", None: "没有这个文件 there is no such file"}
        _print(
            f"{name}: 与留底一致 as the record says: {words[said['same_as_record']]} · "
            f"{said['record']['sample']} 一致 is the same: {words[said['same_as_file']]}"
        )
    if not said["same"]:
        raise typer.Exit(SOME_REFUSED)


async def _audit(command: str, code: str) -> tuple[DrawRecord, dict[str, Any]]:
    settings: Settings = load_settings()
    async with open_ground(settings, "sample", pool_size=2) as ground:
        with ground.clock.activity():
            return await _redrawn(command, ground, settings.centre, code)


async def _redrawn(command: str, ground: Ground, centre: str, code: str) -> tuple[DrawRecord, dict[str, Any]]:
    async with ground.pool.acquire() as conn, conn.transaction():
        stored = await draws.record(conn, centre, code)
        if stored is None:
            raise refused(
                command, f"there is no campaign {code} here; `minyi campaign list` shows those there are"
            )
        record = DrawRecord.of(stored)
        if record is None:
            raise refused(
                command, f"{code} has no draw: its sample is not drawn yet, or people are put in one by one"
            )
        return record, dict(await redraw(conn, centre, record, ground.vault.key_id))


def _print(*parts: RenderableType) -> None:
    console = Console(highlight=False, markup=False, emoji=False)
    for part in parts:
        console.print(part, soft_wrap=not isinstance(part, Table))


register(app)
register_allocation(app)
