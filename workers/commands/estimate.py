"""`minyi estimate`: figures with their errors out of a file of answers, so that anybody can compute a published number again.

Exit codes: 0 computed; 3 refused, nothing computed; 2 is the command line's own.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Annotated, Final, TextIO

import numpy as np
import typer
from rich.console import Console

from survey.statistics.calibration_checks import Infeasible
from survey.statistics.columns import DataError
from survey.statistics.design import DesignError
from survey.statistics.estimating import estimate as estimate_cells
from survey.statistics.sums import Codes
from survey.statistics.weighing import Factors, Weighing
from survey.statistics.weighing_notices import notices
from survey.statistics.weighting import WeightingError
from workers.commands.counting_bar import counting_bar
from workers.commands.estimate_files import Unusable, columns_of, read_spec, read_table
from workers.commands.estimate_table import legend, table_of
from workers.commands.exits import refused

COMMAND: Final = "minyi estimate"
PAGE: Final = 110
"""Characters of a line where the output is no terminal."""
WEIGHTS: Final = ("row", "base", "unknown_eligibility", "nonresponse", "calibration", "weight")


def estimate(
    data: Annotated[
        Path,
        typer.Argument(
            metavar="DATA", help="数据 CSV 或 Parquet,首行列名。The data: CSV or Parquet, with headings."
        ),
    ],
    spec: Annotated[
        Path,
        typer.Option(
            "--spec", metavar="SPEC.yaml", help="算什么、怎么抽的样。What to compute, of which design."
        ),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="输出 JSON。Print JSON instead of a table.")
    ] = False,
    unsuppressed: Annotated[
        bool,
        typer.Option(
            "--unsuppressed",
            help="不公布的格子也给数字,只供内部核对。Give the figures of suppressed cells too; not for publication.",
        ),
    ] = False,
    weights_out: Annotated[
        Path | None,
        typer.Option(
            "--weights-out",
            metavar="FILE",
            help="每行的各步权重因子和最终权重写成 CSV。Write the weight factors of every row, and its final weight, as CSV.",
        ),
    ] = None,
) -> None:
    """按抽样设计估计均值、比例、比率、总量和差异,带标准误和区间;不用数据库。

    Means, proportions, ratios, totals and differences, with standard errors and intervals that follow the sampling design:
    strata, clusters, weights, nonresponse, calibration. Needs no database.

    例 example:  minyi estimate 访问.csv --spec 安全感.yaml --json

    说明 the specification, key by key:  docs/estimation.md
    """
    lines: Codes = np.zeros(0, dtype=np.int64)
    try:
        asked = read_spec(spec)
        table, lines = read_table(data, columns_of(asked))
        weighing = Weighing(table, asked)
        with counting_bar("刀切 jackknife") as show:
            cells = estimate_cells(weighing, show)
        told = notices(weighing)
        if weights_out is not None:
            _write_weights(weights_out, weighing.factors)
    except Unusable as error:
        raise refused(COMMAND, str(error)) from None
    except DataError as error:
        at = "" if error.row is None else f":{lines[error.row]}"
        raise refused(COMMAND, f"{data}{at}: {error}") from None
    except (DesignError, WeightingError, Infeasible) as error:
        raise refused(COMMAND, f"{data}: {error}") from None
    for notice in told:
        typer.echo(f"{COMMAND}: 注意 note: {notice}", err=True)
    if as_json:
        shown = [cell.printed(unsuppressed=unsuppressed) for cell in cells]
        sys.stdout.write(json.dumps(shown, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    else:
        console = Console(highlight=False, markup=False, emoji=False)
        if not console.is_terminal:
            console.width = PAGE
        console.print(table_of(cells, asked, unsuppressed=unsuppressed))
        for line in legend(cells, asked):
            console.print(line)


def _write_weights(path: Path, factors: Factors) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            _rows(file, factors)
    except OSError as error:
        raise Unusable(f"{path}: 写不了 cannot be written: {error.strerror}; name another file") from None


def _rows(file: TextIO, factors: Factors) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(WEIGHTS)
    columns = [getattr(factors, name).tolist() for name in WEIGHTS[1:]]
    writer.writerows(zip(range(1, len(factors.base) + 1), *columns, strict=True))
