"""A tally of callbacks as figures: counts, and rates with their bases and intervals. The one way in which reports print them."""

from __future__ import annotations

from collections.abc import Sequence

from followup.reports.callback_report import Tally
from followup.reports.document.figures import Figure, Figures, Unit, Words, both
from followup.reports.document.model import Column, Row, Table
from followup.reports.ratings import half_weight_interval
from followup.reports.small_cells import kept_back, total_kept_back
from survey.statistics.intervals import Interval, korn_graubard

QUERY = "followup.reports.callback_rows.SELECT_CALLBACKS"
RATED = ("C1", "C2", "C3")
NAMES = {
    "due": both("应访", "due"),
    "reached": both("已访", "reached"),
    "contacted": both("联系率", "contacted"),
    "solved": both("解决率", "solved"),
    "satisfied": both("满意", "S"),
    "basically": both("基本满意", "B"),
    "dissatisfied": both("不满意", "D"),
    "strict": both("严口径", "strict"),
    "half": both("半权", "half weight"),
    "broad": both("宽口径", "broad"),
    "redispatch": both("再次交办率", "sent again"),
    "denied": both("否认联系", "denied"),
    "later": both("二轮以上在办", "round ≥ 2"),
}
RATES = ("contacted", "solved", "strict", "half", "broad", "redispatch")
RATED_COLUMNS = ("contacted", "solved", "strict", "half", "broad")
"""Those with an interval, which need room."""
COLUMNS = (
    "due", "reached", "contacted", "solved", "satisfied", "basically", "dissatisfied", "strict", "half", "broad",
    "redispatch", "denied", "later",
)  # fmt: skip
C2_BASE = both("C2的有效回答", "valid answers to C2")
C3_BASE = both("C3的有效回答", "valid answers to C3")


def put_tally(figures: Figures, prefix: str, whose: Words, tally: Tally, withheld: Words | None) -> None:
    """Its figures, under `prefix`. `withheld`: why nothing that residents answered is printed of it."""
    ratings, codes = tally.ratings, tally.codes
    counts = {"due": tally.due, "reached": tally.reached, "later": tally.later_rounds_open}
    said = {
        "satisfied": ratings.satisfied,
        "basically": ratings.basically,
        "dissatisfied": ratings.dissatisfied,
        "denied": tally.denied_contact,
    }
    for name, count in counts.items():
        _put(figures, prefix, name, whose, None, count)
    for name, count in said.items():
        _put(figures, prefix, name, whose, withheld, count)
    c1, c2 = tally.asked("C1"), tally.asked("C2")
    solved = codes["C2"].get("1", 0) / c2 if c2 else None
    c1_base = both("C1的有效回答", "valid answers to C1")
    rates = {
        "contacted": (tally.contacted, c1, _exact(tally.contacted, c1), c1_base),
        "solved": (solved, c2, _exact(solved, c2), C2_BASE),
        "strict": (ratings.strict, ratings.valid, _exact(ratings.strict, ratings.valid), C3_BASE),
        "half": (ratings.half_weight, ratings.valid, half_weight_interval(ratings), C3_BASE),
        "broad": (ratings.broad, ratings.valid, _exact(ratings.broad, ratings.valid), C3_BASE),
        "redispatch": (tally.redispatch_rate, tally.reached, None, both("已访", "callbacks reached")),
    }
    for name, (value, n, interval, base) in rates.items():
        _put(figures, prefix, name, whose, withheld, value, unit="share", n=n, interval=interval, base=base)


def _put(
    figures: Figures,
    prefix: str,
    name: str,
    whose: Words,
    withheld: Words | None,
    value: float | None,
    *,
    unit: Unit = "count",
    n: int | None = None,
    interval: Interval | None = None,
    base: Words | None = None,
) -> None:
    shown = withheld is None
    limits = interval if shown and interval and value is not None else None
    figures.put(
        Figure(
            key=f"{prefix}.{name}",
            label=both(f"{whose.zh} {NAMES[name].zh}", f"{whose.en}: {NAMES[name].en}"),
            value=value if shown else None,
            unit=unit,
            n=n if shown else None,
            low=limits.low if limits else None,
            high=limits.high if limits else None,
            base=base,
            withheld=withheld,
            query=QUERY,
        )
    )


def _exact(share: float | None, n: int) -> Interval | None:
    return korn_graubard(share, n) if share is not None and n else None


def tally_table(
    figures: Figures,
    key: str,
    title: Words,
    first: Words,
    lines: Sequence[tuple[str, Words, Tally]],
    total: Tally,
    *,
    columns: Sequence[str] = COLUMNS,
) -> Table:
    """`lines`: (key, name, tally), which add up to `total`; its line stands first where there are several."""
    bases = [{question: tally.asked(question) for question in RATED} for _, _, tally in lines]
    why = kept_back(bases)
    whole = both("合计", "Total")
    put_tally(
        figures, f"{key}.all", whole, total, total_kept_back({name: total.asked(name) for name in RATED})
    )
    rows = [Row(cells=(whole, *(f"{key}.all.{name}" for name in columns)), whole=True)] if lines else []
    for (code, name, tally), withheld in zip(lines, why, strict=True):
        put_tally(figures, f"{key}.{code}", name, tally, withheld)
        rows.append(Row(cells=(name, *(f"{key}.{code}.{column}" for column in columns))))
    heads = [
        Column(
            key=name,
            head=NAMES[name],
            rate=name in RATES,
            narrow=name not in (RATED_COLUMNS if len(columns) == len(COLUMNS) else RATES),
        )
        for name in columns
    ]
    return Table(
        key=key,
        title=title,
        columns=(Column(key="name", head=first), *heads),
        rows=tuple(rows),
        empty=both("本期没有到期的回访。", "No callback was due in this period."),
    )
