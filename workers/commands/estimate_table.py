"""The figures of `minyi estimate` for readers: one line a cell."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table

from survey.statistics.estimate_cells import Cell
from survey.statistics.estimate_spec import OVERALL, EstimateSpec
from survey.statistics.suppression import REASONS, Kind, needs_review, reason_words

HEADINGS = ("n", "估计\nvalue", "标准误\nse", "区间\ninterval", "deff", "n_eff", "df")
NONE = "-"
REVIEW = "*"


def legend(cells: Sequence[Cell], spec: EstimateSpec) -> list[str]:
    """What stands in the notes, explained, and which intervals these are."""
    kinds = {one.name: one.kind for one in spec.estimates}
    notes = {_note(cell, kinds[cell.estimate]) for cell in cells}
    told = [f"{one}: 不公布 suppressed: {reason_words(one)}" for one in REASONS if one in notes]
    if REVIEW in notes:
        zh = "自由度或有效样本量少,或比例恰为 0 或 1,请复核"
        en = "few degrees of freedom, a small effective size, or a share of 0 or 1"
        told.append(f"{REVIEW}: {zh} look at it: {en}")
    return [*told, f"区间 intervals: {spec.level * 100:g}%"]


def table_of(cells: Sequence[Cell], spec: EstimateSpec, *, unsuppressed: bool = False) -> Table:
    """Suppressed cells say why instead of their figures, in a word that `legend` explains; * marks one to be looked at."""
    kinds = {one.name: one.kind for one in spec.estimates}
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("指标\nestimate", overflow="fold")
    table.add_column("分组\ncell", overflow="fold")
    for heading in HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("说明\nnote", overflow="fold")
    last = ""
    for cell in cells:
        shown = unsuppressed or cell.suppressed is None
        figures = _figures(cell) if shown else [NONE] * (len(HEADINGS) - 1)
        named, last = (cell.estimate if cell.estimate != last else ""), cell.estimate
        note = _note(cell, kinds[cell.estimate])
        table.add_row(named, _where(cell), f"{cell.n:,}", *figures, note)
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


def _note(cell: Cell, kind: Kind) -> str:
    if cell.suppressed is not None:
        return cell.suppressed
    if isinstance(cell.category, tuple):
        return REVIEW if needs_review(cell.df) else ""
    share = cell.value if kind == "proportion" else None
    mean_n_eff = cell.n_eff if kind == "mean" else None
    return REVIEW if needs_review(cell.df, share=share, mean_n_eff=mean_n_eff) else ""
