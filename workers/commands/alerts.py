"""`minyi alerts`: which areas' daily estimates have moved beyond chance, with the false alarms that are to be expected.

Exit codes: 0 done; 3 the file cannot be used; 2 is the command line's own.
"""

from __future__ import annotations

from typing import Annotated, Any, get_args

import numpy as np
import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from survey.statistics.alert_policy import alert_policy
from survey.statistics.alerts import AlertMethod, Chart, Standardised, cusum, ewma, standardised
from survey.statistics.multiplicity import Floats
from survey.statistics.share_scale import angles, are_shares, shares_of
from workers.commands.alerts_file import Series, read_series
from workers.commands.analyst_files import File, Json, plain_file, print_json, show

COMMAND = "minyi alerts"
DIRECTIONS = {-1: "lower", 1: "higher"}
WORDS = {"lower": "低于以往 lower", "higher": "高于以往 higher"}


def alerts(
    file: File,
    area: Annotated[
        str | None, typer.Option(help="地区列;没有则当一个地区。Area; without a column: one area.")
    ] = None,
    day: Annotated[str | None, typer.Option(help="日期列(2026-03-09)或天数列。Day, or its number.")] = None,
    estimate: Annotated[str | None, typer.Option(help="估计值列。Column of estimates.")] = None,
    se: Annotated[str | None, typer.Option("--se", help="标准误列。Column of standard errors.")] = None,
    method: Annotated[
        str, typer.Option(help="cusum(只看下降,只增不忘 falls, gathered)或 or ewma(升降都看 both ways)。")
    ] = "cusum",
    false_alarms: Annotated[
        float | None,
        typer.Option(min=1e-4, help="全部地区每天最多几次误报。False alarms a day, all areas together."),
    ] = None,
    scale: Annotated[
        str, typer.Option(help="auto、share(比例,用反正弦)或 plain。Shares are held on arcsin √p.")
    ] = "auto",
    json_: Json = False,
) -> None:
    """每日估计的报警:超出抽样误差的下降(或上升),并说明误报率。Alerts on daily estimates, with their rate of false alarms.

    例 example:  minyi alerts 每日.csv --area 县 --day 日期 --estimate 安全率 --se 标准误 --json

    每天与 28 天至 8 天前的三周相比。Each day is held against the three weeks that ended a week before. 一次报警后重新累计。
    """
    if method not in get_args(AlertMethod):
        raise typer.BadParameter(f"--method {method!r}: write cusum or ewma")
    if scale not in ("auto", "share", "plain"):
        raise typer.BadParameter(f"--scale {scale!r}: write auto, share or plain")
    with plain_file(COMMAND):
        series = read_series(file, area, day, estimate, se)
        shares = are_shares(series.estimate)
        if scale == "share" and not shares:
            raise ValueError(
                f"{file.name}: an estimate lies outside 0 to 1, so they are no shares; leave --scale out"
            )
        on_angles = shares and scale != "plain"
        values, errors = angles(series.estimate, series.se) if on_angles else (series.estimate, series.se)
        held = standardised(values, errors)
    watched = np.any(~np.isnan(held.z), axis=0)
    rules = alert_policy()
    wanted = rules.false_alarms_a_day if false_alarms is None else false_alarms
    row = (rules.cusum if method == "cusum" else rules.ewma).for_days(max(1, int(watched.sum())) / wanted)
    chart = (
        cusum(held.z, rules.cusum.slack, row[0])
        if method == "cusum"
        else ewma(held.z, rules.ewma.smoothing, row[0])
    )
    body = _body(series, held, chart, method, row, watched, on_angles)
    if json_:
        print_json(body)
    else:
        _print(body)


def _body(
    series: Series,
    held: Standardised,
    chart: Chart,
    method: str,
    row: tuple[float, float],
    watched: np.ndarray,
    on_angles: bool,
) -> dict[str, Any]:
    limit, arl0 = row
    expected = shares_of(held.expected) if on_angles else held.expected
    return {
        "method": method,
        "scale": "share" if on_angles else "plain",
        "limit": limit,
        "arl0": arl0,
        "areas": int(watched.sum()),
        "days": len(series.days),
        "false_alarms_per_day": int(watched.sum()) / arl0,
        "alerts": [
            _alert(series, held, chart, expected, int(d), int(a)) for d, a in np.argwhere(chart.signal != 0)
        ],
        "not_watched": [name for name, seen in zip(series.areas, watched, strict=True) if not seen],
    }


def _alert(
    series: Series, held: Standardised, chart: Chart, expected: Floats, day: int, area: int
) -> dict[str, Any]:
    return {
        "area": series.areas[area],
        "day": series.days[day],
        "direction": DIRECTIONS[int(chart.signal[day, area])],
        "estimate": float(series.estimate[day, area]),
        "expected": float(expected[day, area]),
        "z": float(held.z[day, area]),
        "statistic": float(chart.statistic[day, area]),
        "limit": float(chart.limit[day, area]),
    }


def _print(body: dict[str, Any]) -> None:
    show(
        f"{body['method']}:{body['areas']} 个地区 areas,{body['days']} 天 days;毫无变化时每天误报至多 false alarms a day at most "
        f"{body['false_alarms_per_day']:.2g}(每个地区 {body['arl0']:,.0f} 天一次 one an area in so many days)"
    )
    if body["not_watched"]:
        show(f"以往天数不足,未看 too few days, not watched: {', '.join(body['not_watched'])}")
    if not body["alerts"]:
        show("没有变化的证据。No evidence of change.")
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("日 day", "地区 area", "报警 alert"):
        table.add_column(heading, no_wrap=True)
    for heading in ("当日 estimate", "以往 expected", "z"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in body["alerts"]:
        table.add_row(
            one["day"], one["area"], WORDS[one["direction"]],
            f"{one['estimate']:.4g}", f"{one['expected']:.4g}", f"{one['z']:+.1f}",
        )  # fmt: skip
    show(table)
