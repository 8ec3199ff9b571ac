"""`minyi indicators`: what is measured, by which definition, and the figures.

Exit codes: 0 done; 3 refused, nothing printed; 2 is the command line's own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal

import typer
from rich.console import Console

from followup.indicators import IndicatorReport, read_indicators
from followup.reports.indicator_files import to_csv, to_json
from survey import counting
from survey.indicator_reading import Wanted, in_force
from survey.periods import FORMS, NoPeriod, Period, period
from survey.settings import load_settings
from survey.statistics.indicator_definitions import IndicatorError, Indicators
from survey.statistics.table_frame import SPANS
from workers.commands.exits import refused
from workers.commands.indicator_text import show_definition, show_list, show_table
from workers.commands.running import run
from workers.runtime import open_ground

NAME = "minyi indicators"
Level = Literal["county", "township", "village", "grid"]
Centre = Annotated[str | None, typer.Option(help="中心代码。The centre; without: that of the settings.")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")]


class By(StrEnum):
    """What the rows of a table are."""

    AREA = "area"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""指标:量什么、怎么算、是多少;每个数都带基数、缺失和区间。

    Indicators: what is measured, how, and the figures, each with its base, what is missing and its interval.""",
    epilog="退出码 exit codes: 0 办成 done; 3 拒绝 refused.",
)


@app.command("list")
def list_(centre: Centre = None, json_: Json = False) -> None:
    """列出现行指标。The indicators in force, with their versions and bases."""
    policy = run(NAME, _policy(centre))
    if json_:
        sys.stdout.write(policy.model_dump_json(indent=2) + "\n")
    else:
        show_list(policy.indicators, Console(highlight=False))


@app.command("show")
def show(
    indicator: Annotated[str, typer.Argument(help="指标编号。Its id, as `list` shows it.")],
    centre: Centre = None,
    json_: Json = False,
) -> None:
    """看一个指标的定义。One definition: what counts, of what, what is left out.

    例 example:  minyi indicators show safety_rate
    """
    policy = run(NAME, _policy(centre))
    try:
        (definition,) = policy.named([indicator])
    except IndicatorError as error:
        raise refused(NAME, str(error)) from None
    if json_:
        sys.stdout.write(json.dumps(definition.model_dump(), ensure_ascii=False, indent=2) + "\n")
    else:
        show_definition(definition, Console(highlight=False))


@app.command("table")
def table(
    period_: Annotated[str, typer.Option("--period", help=f"期间。{FORMS}.")],
    centre: Centre = None,
    by: Annotated[
        list[By] | None,
        typer.Option(
            help="按区划、日、周或月分行,可给两个。Rows by area, day, week or month; area and one other may both be given."
        ),
    ] = None,
    level: Annotated[Level, typer.Option(help="区划到哪一级。Which areas have rows.")] = "township",
    indicator: Annotated[
        list[str] | None,
        typer.Option("--indicator", help="只要这些指标,可给几个。These alone; may be given again."),
    ] = None,
    campaign: Annotated[
        str | None,
        typer.Option(
            help="只算这个项目;不给:日常调查和正式调查。This campaign alone; without: daily surveys and waves."
        ),
    ] = None,
    unsuppressed: Annotated[
        bool,
        typer.Option(
            "--unsuppressed",
            help="不够可靠的数也给,带标记;人数太少的仍不给。Values that are too unsure, too, marked; never of too few people.",
        ),
    ] = False,
    json_: Json = False,
    csv_: Annotated[bool, typer.Option("--csv", help="输出 CSV。Print CSV.")] = False,
) -> None:
    """指标表。A table of indicators; what was answered up to now is counted first.

    例 examples:

      minyi indicators table --period 2026-03-09 --by area

      minyi indicators table --period 2026-W11 --by day --indicator safety_rate --csv
    """
    if json_ and csv_:
        raise typer.BadParameter("one of --json and --csv")
    spans = [one.value for one in by or () if one.value in SPANS]
    if len(spans) > 1:
        raise typer.BadParameter(f"--by {' and '.join(spans)}: one of them, and area beside it")
    try:
        days = period(period_)
    except NoPeriod as error:
        raise typer.BadParameter(str(error)) from None
    wanted = _wanted(centre, days, by or (), level, campaign, indicator or ())
    try:
        report = run(f"{NAME} table", _read(wanted))
    except IndicatorError as error:
        raise refused(f"{NAME} table", str(error)) from None
    if json_ or csv_:
        sys.stdout.write((to_json if json_ else to_csv)(report, unsuppressed=unsuppressed))
    else:
        show_table(report, Console(highlight=False), unsuppressed=unsuppressed)


def _wanted(
    centre: str | None,
    days: Period,
    by: Sequence[By],
    level: Level,
    campaign: str | None,
    indicators: Sequence[str],
) -> Wanted:
    span = next((one for one in SPANS if By(one) in by), None)
    return Wanted(
        centre or load_settings().centre,
        days.first,
        days.last,
        span,
        level if By.AREA in by else None,
        campaign,
        tuple(indicators),
    )


async def _read(wanted: Wanted) -> IndicatorReport:
    async with open_ground(load_settings(), "indicators", pool_size=2) as ground:
        with ground.clock.activity():
            async with ground.pool.acquire() as conn:
                await counting.refresh(conn)
                return await read_indicators(conn, wanted, ground.clock.now())


async def _policy(centre: str | None) -> Indicators:
    settings = load_settings()
    async with open_ground(settings, "indicators", pool_size=2) as ground, ground.pool.acquire() as conn:
        return await in_force(conn, centre or settings.centre, ground.clock.now().date())
