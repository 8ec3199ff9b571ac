"""The figures of `minyi estimate` for readers: one line a cell."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table

from survey.statistics.estimate_cells import Cell
from survey.statistics.estimate_spec import OVERALL, EstimateSpec
from survey.statistics.suppression import needs_review, reason_words

HEADINGS = ("n", "估计 value", "标准误 se", "区间 interval", "设计效应 deff", "有效 n_eff", "df")
NONE = "-"


def table_of(cells: Sequence[Cell], spec: EstimateSpec, *, unsuppressed: bool = False) -> Table:
    """Suppressed cells say why instead of their figures; * marks one that somebody should look at."""
    kinds = {one.name: one.kind for one in spec.estimates}
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("指标 estimate", overflow="fold")
    table.add_column("分组 cell", overflow="fold")
    for heading in HEADINGS:
        table.add_column(heading, justify="right")
    table.add_column(f"说明 note ({spec.level * 100:g}%)", overflow="fold")
    for cell in cells:
        shown = unsuppressed or cell.suppressed is None
        figures = _figures(cell) if shown else [NONE] * (len(HEADINGS) - 1)
        table.add_row(
            cell.estimate,
            _where(cell),
            f"{cell.n:,}",
            *figures,
            _note(cell, kinds[cell.estimate] == "proportion"),
        )
    return table


def _where(cell: Cell) -> str:
    if isinstance(cell.category, tuple):
        b, a = cell.category
        return f"{cell.by}: {b} - {a}"
    return "全部 overall" if cell.by == OVERALL else f"{cell.by}: {cell.category}"


def _figures(cell: Cell) -> list[str]:
    interval = NONE if cell.low is None or cell.high is None else f"{cell.low:.4g} – {cell.high:.4g}"
    numbers = [_short(cell.value, ".4g"), _short(cell.se, ".3g"), interval]
    return [
        *numbers,
        _short(cell.deff, ".2f"),
        _short(cell.n_eff, ",.0f"),
        NONE if cell.df is None else f"{cell.df:,}",
    ]


def _short(value: float | None, form: str) -> str:
    return NONE if value is None else format(value, form)


def _note(cell: Cell, is_share: bool) -> str:
    if cell.suppressed is not None:
        return f"不公布 suppressed: {reason_words(cell.suppressed)}"
    share = cell.value if is_share and not isinstance(cell.category, tuple) else None
    return "* 请复核 to be reviewed" if needs_review(cell.df, share) else ""
