"""`minyi ranks`: ranks of areas with their confidence, and what may be said of them.

Exit codes: 0 done; 3 the file cannot be used; 2 is the command line's own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, cast, get_args

import numpy as np
import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from survey.statistics.change_policy import change_policy
from survey.statistics.changes import changes, probability_improved
from survey.statistics.multiplicity import Floats
from survey.statistics.plain_table import PlainTable
from survey.statistics.rank_chances import rank_chances
from survey.statistics.ranks import RankMethod, rank_sets
from survey.statistics.tiers import tiers
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

COMMAND = "minyi ranks"
ERROR = "standard error: a number, 0 or more"


def ranks(
    file: File,
    area: Annotated[str | None, typer.Option(help="地区列。Column that names the area.")] = None,
    estimate: Annotated[str | None, typer.Option(help="估计值列,高者为第 1。The highest has rank 1.")] = None,
    se: Annotated[str | None, typer.Option("--se", help="标准误列。Column of standard errors.")] = None,
    method: Annotated[
        str | None,
        typer.Option(
            help="kww(联合置信区间 joint intervals)或 or holm(两两比较 all pairs);默认 by default holm,500 个以上 kww。"
        ),
    ] = None,
    level: Annotated[float, typer.Option(min=0.5, max=0.9999, help="联合置信水平。Joint level.")] = 0.95,
    covariance: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            readable=True,
            help="协方差文件:首列地区,其余列为各地区。Covariance: areas down the first column and across.",
        ),
    ] = None,
    population: Annotated[
        str | None, typer.Option(help="人数列:平均按人数加权。Column of people: the mean is weighted by it.")
    ] = None,
    before: Annotated[
        str | None, typer.Option(help="上期估计值列。Column of the last period's estimates.")
    ] = None,
    before_se: Annotated[str | None, typer.Option(help="上期标准误列。Their standard errors.")] = None,
    top: Annotated[int, typer.Option(min=1, help="前几名。The probability of being among so many.")] = 3,
    seed: Annotated[int, typer.Option(help="种子;同一种子得同样的概率。Same seed, same probabilities.")] = 1,
    json_: Json = False,
) -> None:
    """名次连同它的置信范围:哪些名次分得开,哪些只是偶然。Ranks with their confidence: what is told apart, and what is chance.

    例 examples:  minyi ranks 县.csv --area 县 --estimate 安全率 --se 标准误
                  minyi ranks 县.csv --area 县 --estimate 本季 --se 本季误 --before 上季 --before-se 上季误 --json

    best–worst:以 95% 的把握,所有地区的真实名次同时落在各自的范围内。With 95 % confidence the true ranks of all areas lie in
    their ranges at once. chance_moves:即使毫无变化,名次下一期也可能移动的位数。Places that chance alone moves a rank.
    """  # fmt: skip
    if method not in (None, *get_args(RankMethod)):
        raise typer.BadParameter(f"--method {method!r}: write kww or holm")
    if (before is None) != (before_se is None):
        raise typer.BadParameter("--before and --before-se: give both, or none")
    with plain_file(COMMAND):
        table = table_of(file)
        names = table.names(table.heading("area", area))
        values = np.array(column(table, "estimate", estimate))
        errors = np.array(column(table, "se", se, not_negative, ERROR))
        way = (
            cast(RankMethod, method)
            if method
            else "holm"
            if len(names) <= change_policy().holm_up_to
            else "kww"
        )
        cov = None if covariance is None else _covariance(covariance, names)
        sets = rank_sets(values, errors, way, level, covariance=cov)
        if cov is not None:
            errors = np.sqrt(np.diag(cov))
        people = (
            None
            if population is None
            else column(table, "population", population, not_negative, "number of people")
        )
        tier = tiers(values, errors, size=people, covariance=cov)
        chances = rank_chances(
            values,
            errors,
            min(top, len(names)),
            np.random.default_rng(seed),
            level=change_policy().chance_level,
        )
        rows: list[dict[str, Any]] = [
            {
                "area": name, "rank": int(sets.rank[i]), "best": int(sets.best[i]), "worst": int(sets.worst[i]),
                "estimate": float(values[i]), "se": float(errors[i]), "tier": str(tier.tier[i]),
                "p_top": float(chances.top[i]), "chance_moves": int(chances.moves[i]),
            }
            for i, name in enumerate(names)
        ]  # fmt: skip
        if before is not None:
            _add_changes(rows, table, (before, before_se or ""), values, errors)
    if json_:
        print_json(rows)
    else:
        _print(rows, tier.mean, way, level, min(top, len(names)))


def _covariance(file: Path, names: list[str]) -> Floats:
    """The matrix in the order of `names`. Raises ListError."""
    table = table_of(file)
    listed = table.names(table.headings[0])
    lacking = [name for name in names if name not in listed or name not in table.headings]
    if lacking:
        raise ValueError(
            f"{table.file_name}: {', '.join(lacking)} has no row or no column; give every area of the table both"
        )
    rows = [listed.index(name) for name in names]
    return np.array([[column(table, "estimate", name)[row] for name in names] for row in rows])


def _add_changes(
    rows: list[dict[str, Any]], table: PlainTable, before: tuple[str, str], values: Floats, errors: Floats
) -> None:
    past = np.array(column(table, "estimate", before[0]))
    past_se = np.array(column(table, "se", before[1], not_negative, ERROR))
    found = changes(past, past_se, values, errors)
    improved = probability_improved(past, past_se, values, errors)
    for i, row in enumerate(rows):
        row |= {
            "change": float(found.difference[i]), "p_improved": float(improved[i]), "q": float(found.q[i]),
            "verdict": str(found.verdict[i]), "words": found.words(i).model_dump(),
        }  # fmt: skip


def _print(rows: list[dict[str, Any]], mean: float, method: str, level: float, top: int) -> None:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("地区\narea", no_wrap=True)
    for heading in (
        "名次\nrank",
        "范围\nrange",
        "估计\nestimate",
        "标准误\nse",
        f"前{top}名 %\ntop {top}",
        "偶然\nchance",
    ):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("与平均比\nbeside the mean", no_wrap=True)
    changed = "verdict" in rows[0]
    if changed:
        table.add_column("变化\nchange", justify="right", no_wrap=True)
        table.add_column("结论\nverdict", no_wrap=True)
    for row in sorted(rows, key=lambda row: (row["rank"], row["area"])):
        words = change_policy().tiers[row["tier"]]
        more = [f"{row['change']:+.4g}", f"{row['words']['zh']}\n{row['words']['en']}"] if changed else []
        table.add_row(
            row["area"], str(row["rank"]), f"{row['best']}–{row['worst']}", f"{row['estimate']:.4g}", f"{row['se']:.3g}",
            f"{100 * row['p_top']:.0f}", f"±{row['chance_moves']}", f"{words.zh}\n{words.en}", *more,
        )  # fmt: skip
    show(
        f"{len(rows)} 个地区 areas,平均 mean {mean:.4g};真实名次以 {100 * level:g}% 的把握同时在范围内"
        f"(true ranks in range, all at once; {method})",
        table,
    )
