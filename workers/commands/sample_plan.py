"""`minyi sample plan`: how large a sample must be, and what each area can have of it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from math import ceil, inf, isinf
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from survey.sampling.sample_size import (
    Area,
    AreaPlan,
    Field,
    achieved_margin,
    interviews_needed,
    plan_area,
    wilson_needed,
)
from workers.commands.analyst_files import Json
from workers.commands.analyst_files import show as _print


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
