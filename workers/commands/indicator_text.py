"""What `minyi indicators` prints on a terminal: Chinese first, English beside it; no figure without its base."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from followup.indicators import IndicatorReport
from followup.reports.indicator_files import QUOTA_ZH, area_name, reason_of, unit_of
from survey.statistics.indicator_definitions import Composite, Mean, Share
from survey.statistics.indicator_table import Cell, IndicatorResult

Definition = Share | Mean | Composite


def show_list(definitions: Sequence[Definition], console: Console) -> None:
    """One line each."""
    table = _table("指标 indicator", "名称 title", "基数 base", "版本 version")
    for one in definitions:
        table.add_row(
            one.id, f"{one.title.zh}\n{one.title.en}", f"{one.base.zh}\n{one.base.en}", str(one.version)
        )
    console.print(table)


def show_definition(one: Definition, console: Console) -> None:
    """Everything that is defined, in sentences of one line."""
    console.print(f"{one.id} · 版本 version {one.version}")
    console.print(f"{one.title.zh} {one.title.en}")
    console.print(f"基数 base: {one.base.zh} {one.base.en}")
    if isinstance(one, Composite):
        for part, weight in one.parts.items():
            console.print(f"  {weight:g} × {part}")
        return
    console.print(f"来自 of: {one.of}")
    for code, points in one.points.items():
        console.print(f"  {code} → {points:g}")
    console.print(f"不适用 outside of the base: {', '.join(one.outside) or '–'}")
    console.print("缺失 missing, beside the base: dk 说不清, refused 不想说, no_answer 没回答")


def show_table(report: IndicatorReport, console: Console, *, unsuppressed: bool = False) -> None:
    """A section for each row of the table, a line for each indicator; then what each is of."""
    _heading(report, console)
    definitions = {one.id: one for one in report.table.definitions}
    table = _table("", "指标 indicator", "值 value", "95%区间 interval", "基数 n", "缺失 missing", "")
    table.columns[3].header = f"{100 * report.table.level:g}%区间 interval"
    for column in (2, 3, 4, 5):
        table.columns[column].justify = "right"
    last: Cell | None = None
    for result in report.table.rows(unsuppressed=unsuppressed):
        if last is not None and result.cell != last:
            table.add_section()
        one = definitions[result.indicator]
        place = "" if result.cell == last else _place(report, result.cell)
        table.add_row(place, one.title.zh, *figures(report, one, result))
        last = result.cell
    console.print(table)
    for one in report.table.definitions:
        console.print(
            f"{one.title.zh} {one.title.en}: {one.base.zh} {one.base.en} · {one.id}@{one.version}",
            soft_wrap=True,
        )


def _heading(report: IndicatorReport, console: Console) -> None:
    centre, wanted = report.ground.centre, report.wanted
    until = "" if wanted.last == wanted.first else f" – {wanted.last}"
    console.print(f"{centre.name_zh} {centre.name_en} · {wanted.first}{until}", soft_wrap=True)
    local = report.as_of.astimezone(ZoneInfo(centre.tz))
    console.print(f"截至 as of {local:%Y-%m-%d %H:%M}", soft_wrap=True)
    if report.table.quota:
        words = report.ground.policy.words["quota"]
        console.print(f"{words.zh} {words.en}", soft_wrap=True)
    if report.pending:
        console.print(
            f"还有 {report.pending.days} 日的改动没有计入 changes of {report.pending.days} days or more are not counted yet",
            soft_wrap=True,
        )
    if all(not result.asked for result in report.table.rows()) and not any(
        result.suppressed == "private" for result in report.table.rows()
    ):
        console.print("这一期没有回答 nobody answered in this period", soft_wrap=True)


def figures(
    report: IndicatorReport, one: Definition, result: IndicatorResult
) -> tuple[str, str, str, str, str]:
    """Value, interval, base, missing share, and why there is no value."""
    interval = QUOTA_ZH if result.quota else _interval(one, result)
    return (
        _figure(one, result.value),
        interval if result.value is not None else "–",
        "–" if result.n is None else f"{result.n:,}",
        _missing(result),
        reason_of(report.ground.policy, result) or "",
    )


def _interval(one: Definition, result: IndicatorResult) -> str:
    if result.low is None or result.high is None:
        return "–"
    factor = 100 if unit_of(one) == "share" else 1
    return f"{factor * result.low:.1f}–{factor * result.high:.1f}"


def _figure(one: Definition, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{100 * value:.1f}%" if unit_of(one) == "share" else f"{value:.1f}"


def _missing(result: IndicatorResult) -> str:
    """The weighted share of all that were asked."""
    shares = [one.share for one in (result.missing or {}).values()]
    known = [share for share in shares if share is not None]
    return f"{100 * sum(known):.1f}%" if known else "–"


def _place(report: IndicatorReport, cell: Cell) -> str:
    if cell.is_total:
        return "合计 total"
    day = cell.day.isoformat() if cell.day else ""
    zh, en = area_name(report, cell.area) if cell.area else ("", "")
    return "\n".join(part for part in (day, f"{zh} {en}".strip()) if part)


def _table(*headings: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
