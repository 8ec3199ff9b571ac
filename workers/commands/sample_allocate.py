"""`minyi sample allocate` and `minyi sample size`: how many to ask, and where. A plain file or none, no database."""

from __future__ import annotations

from math import ceil, inf, isfinite
from typing import Annotated, Any, cast, get_args

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from scipy.special import ndtri

from survey.sampling.allocation import LEAST_SPREAD, Limits, Method, allocate
from survey.sampling.sample_size import (
    Field,
    achieved_margin,
    design_effect,
    interviews_needed,
    wilson_needed,
)
from survey.statistics.plain_table import PlainTable
from workers.commands.analyst_files import (
    File,
    Json,
    column,
    not_negative,
    plain_file,
    print_json,
    show,
    table_of,
)

METHODS = tuple(method for method in get_args(Method) if method != "fixed")
SPREAD_COLUMN = {"neyman": "sd", "cost": "sd", "power": "cv"}
LARGEST_SD_OF_A_SHARE = 0.5


def register(app: typer.Typer) -> None:
    """These commands into the command line of samples."""
    app.command(name="allocate")(allocate_sample)
    app.command()(size)


def allocate_sample(
    file: File,
    n: Annotated[int, typer.Option("--n", min=1, help="总共要几个。People in the whole sample.")],
    method: Annotated[
        str,
        typer.Option(
            help="proportional 按人数;neyman 按 人数×标准差;cost 再除以 √单价;power 按 规模^q×变异系数。"
            "By people; by people × sd; that over √cost; by x^q × cv."
        ),
    ] = "proportional",
    at_least: Annotated[
        int,
        typer.Option("--min", min=0, help="每层至少;方差要 2 个。Least of a stratum; a variance needs 2."),
    ] = 2,
    cooling_off: Annotated[
        int, typer.Option(min=1, help="冷却天数:每层至多 N/天数。Days of rest: at most N over so many.")
    ] = 1,
    power: Annotated[float, typer.Option(min=0, max=1, help="power 的 q。Its exponent.")] = 0.5,
    least_sd: Annotated[
        float, typer.Option(min=0, help="标准差的下限;比例题宜 0.218。Floor of sd; 0.218 suits shares.")
    ] = 0.0,
    json_: Json = False,
) -> None:
    """把样本分到各层。Split a sample over strata; whole numbers by largest remainder, ties by code.

    列 columns:  stratum 层,population 人数;neyman 要 sd,power 要 cv(可有 x),cost 要 sd 和 cost;可有 min、max。Columns for a
    stratum's own least and most are min and max. 例 example:  minyi sample allocate 乡镇.csv --n 400 --method neyman --json
    """
    command = "minyi sample allocate"
    if method not in METHODS:
        raise typer.BadParameter(f"--method {method!r}: write {', '.join(METHODS)}")

    with plain_file(command):
        table = table_of(file)
        codes = table.names(table.heading("stratum", None))
        people = dict(zip(codes, _whole(table, "population"), strict=True))
        given = {
            meaning: dict(
                zip(codes, column(table, meaning, None, not_negative, "number, 0 or more"), strict=True)
            )
            for meaning in _needed(table, method)
        }
        limits = Limits(at_least, cooling_off, _own(table, codes, "at_least"), _own(table, codes, "at_most"))
        split = allocate(
            people, n, cast(Method, method), spread=given.get(SPREAD_COLUMN.get(method, "")), least_spread=least_sd,
            power=power, measure=given.get("x"), cost=given.get("cost"), limits=limits,
        )  # fmt: skip
        rows = [_row(code, people[code], split[code]) for code in codes]
    if method != "power" and any(sd < LEAST_SPREAD for sd in given.get("sd", {}).values()):
        _note_small_spread(command, given["sd"], least_sd)
    if json_:
        print_json(rows)
    else:
        show(f"{method}: {sum(split.values()):,} / {sum(people.values()):,}", _table(rows))


def _needed(table: PlainTable, method: str) -> list[str]:
    """Columns that the method reads; x only where it is there."""
    columns = [SPREAD_COLUMN[method]] if method in SPREAD_COLUMN else []
    if method == "cost":
        columns.append("cost")
    if method == "power" and table.has("x") is not None:
        columns.append("x")
    if method == "cost":
        table.numbers(table.heading("cost", None), lambda cost: cost > 0, "cost: a number above 0")
    return columns


def _whole(table: PlainTable, meaning: str) -> list[int]:
    expected = "number of people: a whole number, 0 or more"
    numbers = column(table, meaning, None, lambda number: number >= 0 and number.is_integer(), expected)
    return [int(number) for number in numbers]


def _own(table: PlainTable, codes: list[str], meaning: str) -> dict[str, int]:
    """A limit of single strata; an empty cell sets none."""
    heading = table.has(meaning)
    if heading is None:
        return {}
    filled = [place for place, text in enumerate(table.texts(heading)) if text]
    kept = PlainTable(table.file_name, table.headings, tuple(table.lines[place] for place in filled))
    return dict(zip([codes[place] for place in filled], _whole(kept, meaning), strict=True))


def _row(code: str, people: int, n: int) -> dict[str, Any]:
    return {
        "stratum": code, "population": people, "n": n,
        "fraction": n / people if people else None, "weight": people / n if n else None,
    }  # fmt: skip


def _note_small_spread(command: str, sds: dict[str, float], least_sd: float) -> None:
    """Of a share: a sd of the last weeks that is this small is an accident of a small sample more often than not."""
    if max(sds.values()) <= LARGEST_SD_OF_A_SHARE and least_sd < LEAST_SPREAD:
        typer.echo(
            f"{command}: sd 小于 {LEAST_SPREAD:.3f} 的层只按它分。Strata with an sd below that of a 5 % share get "
            "as little as it says; if these are sds of shares out of small samples, add --least-sd 0.218",
            err=True,
        )


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("层 stratum", no_wrap=True)
    for heading in ("人数 population", "样本 n", "权重 weight"):
        table.add_column(heading, justify="right")
    for row in rows:
        weight = "–" if row["weight"] is None else f"{row['weight']:,.4g}"
        table.add_row(row["stratum"], f"{row['population']:,}", f"{row['n']:,}", weight)
    return table


def size(
    share: Annotated[
        float, typer.Option("--share", "--p", min=1e-6, max=1 - 1e-6, help="预计比例。Expected share, 0.9.")
    ],
    margin: Annotated[
        float, typer.Option("--margin", "--d", min=1e-6, max=0.5, help="半宽。Half-width, 0.03 for 3 points.")
    ],
    population: Annotated[
        int | None, typer.Option("--population", "--N", min=1, help="总体人数。People; without: large.")
    ] = None,
    level: Annotated[float, typer.Option(min=0.5, max=0.9999, help="置信水平。Confidence.")] = 0.95,
    deff: Annotated[float | None, typer.Option(min=0.1, max=100, help="设计效应。Design effect.")] = None,
    weight_cv: Annotated[float, typer.Option(min=0, max=10, help="权重变异系数。CV of the weights.")] = 0.0,
    cluster: Annotated[float, typer.Option(min=1, help="每群访问数。Interviews in a cluster.")] = 1.0,
    rho: Annotated[float, typer.Option(min=0, max=1, help="群内相关。Correlation inside clusters.")] = 0.0,
    eligible: Annotated[float, typer.Option(min=0.01, max=1, help="合格率。Eligible share.")] = 1.0,
    contact: Annotated[float, typer.Option(min=0.01, max=1, help="接触率。Contact rate.")] = 1.0,
    cooperation: Annotated[float, typer.Option(min=0.01, max=1, help="合作率。Cooperation rate.")] = 1.0,
    json_: Json = False,
) -> None:
    """要几个访问:n0 = z²p(1-p)/d²,有限总体修正,再乘设计效应。Interviews for a precision, and people to release for them.

    例 example:  minyi sample size --p 0.9 --d 0.03 --N 1500 --contact 0.5 --cooperation 0.4 --json

    没给 --deff 时,由权重和群得 (1+CV²)(1+(m-1)ρ)。Without --deff it follows from weights and clusters.
    """
    z, people = float(ndtri(1 - (1 - level) / 2)), inf if population is None else float(population)
    effect = design_effect(weight_cv, cluster, rho) if deff is None else deff
    exact = interviews_needed(share, margin, population=people, deff=effect, z=z)
    response = Field(eligible, contact, cooperation).response
    n = ceil(round(exact, 9))
    achieved = achieved_margin(share, n, population=people, deff=effect, z=z)
    body = {
        "n": n,
        "exact": exact,
        "n0": interviews_needed(share, margin, z=z),
        "wilson": wilson_needed(share, margin, z),
        "deff": effect,
        "response": response,
        "release": ceil(round(exact / response, 9)),
        "achieved_margin": achieved,
        "feasible": not isfinite(people) or ceil(round(exact / response, 9)) <= people,
    }
    if json_:
        print_json(body)
        return
    show(
        f"{share:g} ± {margin:g}({100 * level:g}%): 要访问 interviews {n:,}(精确 exact {exact:.3f},Wilson {body['wilson']:.1f},"
        f"deff {effect:.3g});要放 release {body['release']:,};做到 achieved ±{achieved:.4f}"
        + ("" if body["feasible"] else f";总体只有 only {population:,} 人 people: 做不到 it cannot be had")
    )
