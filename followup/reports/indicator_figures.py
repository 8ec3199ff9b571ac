"""Indicators as figures, and what may be said of how they have moved: in words, "no evidence of change" where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from followup.indicators import IndicatorReport
from followup.reports.document.figures import Figure, Figures, Words, both
from followup.reports.indicator_files import reason_of
from survey.statistics.changes import NO_EVIDENCE, changes
from survey.statistics.indicator_definitions import Composite, Mean, Share
from survey.statistics.indicator_table import IndicatorResult
from survey.statistics.mover import Side, difference_limits, towards_none

Sides = tuple[Side | None, Side | None]
"""Before and after; None where there is no figure."""
QUERY = "followup.indicators.read_indicators"
NORMAL = 1.959963984540054
"""The quantile of a two-sided 95 % interval."""
NO_CHANGE = both("无明显变化", "no evidence of change")
UNKNOWN = both("无从比较", "nothing to compare with")


def put_result(
    figures: Figures, report: IndicatorReport, result: IndicatorResult, key: str, label: Words
) -> str:
    """One result of a table as a figure: with its interval, its base, or the reason why it is not published."""
    definition = next(one for one in report.table.definitions if one.id == result.indicator)
    why = reason_of(report.ground.policy, result)
    shown = result.value is not None
    percent = definition.scale == (0.0, 1.0)
    return figures.put(
        Figure(
            key=key,
            label=label,
            value=result.value,
            unit="share" if isinstance(definition, Share) else "points",
            percent=percent,
            n=result.n if shown else None if why and result.suppressed != "empty" else 0,
            low=result.low,
            high=result.high,
            base=both(definition.base.zh, definition.base.en),
            withheld=None if shown or result.suppressed == "empty" else _reason(report, result, why),
            quota=result.quota and shown,
            query=f"{QUERY}:{result.indicator} v{result.version}",
        )
    )


def _reason(report: IndicatorReport, result: IndicatorResult, why: str | None) -> Words:
    said = (why or "").split(" ", 1)
    return both(said[0], said[1] if len(said) > 1 else said[0])


def put_changes(
    figures: Figures,
    prefix: str,
    definitions: Sequence[Share | Mean | Composite],
    before: IndicatorReport,
    after: IndicatorReport,
    claims: Mapping[str, Words] | None = None,
) -> dict[str, tuple[str, str]]:
    """{indicator: (key of the difference, key of what may be said of it)}, all indicators as one family: of the
    claims of a document a share of five in a hundred at most is expected to be false, and none is made where the interval of the
    difference holds 0. `claims`: what may be said of each of `sides_of`, where they are part of a larger family."""
    sides = sides_of(prefix, definitions, before, after)
    told = claims_of(sides) if claims is None else claims
    found = {}
    for one in definitions:
        first, second = sides[f"{prefix}.{one.id}"]
        label = both(f"{one.title.zh} 变化", f"{one.title.en}, change")
        value, low, high, n = None, None, None, 0
        if first is not None and second is not None:
            low, high = difference_limits(first, second)
            value, n = second.value - first.value, after.table.total(one.id).n or 0
        key = figures.put(
            Figure(
                key=f"{prefix}.{one.id}.change",
                label=label,
                value=value,
                unit="difference",
                n=n,
                low=low,
                high=high,
                percent=one.scale == (0.0, 1.0),
                query=QUERY,
            )
        )
        named = both(f"{label.zh}判断", f"{label.en}: what may be said")
        found[one.id] = (key, figures.said(f"{key}.said", named, told[f"{prefix}.{one.id}"], QUERY))
    return found


def sides_of(
    prefix: str,
    definitions: Sequence[Share | Mean | Composite],
    before: IndicatorReport,
    after: IndicatorReport,
) -> dict[str, Sides]:
    """{prefix.indicator: (before, after)} of whole tables."""
    return {f"{prefix}.{one.id}": (side_of(before, one.id), side_of(after, one.id)) for one in definitions}


def claims_of(sides: Mapping[str, Sides], weights: Mapping[str, float] | None = None) -> dict[str, Words]:
    """What may be said of each, all as one family. A test has to overcome how far both sides reach towards there being no
    difference. `weights`: how much each counts in the family; without, all the same."""
    known = [(name, first, second) for name, (first, second) in sides.items() if first and second]
    found = dict.fromkeys(sides, UNKNOWN) | dict.fromkeys((name for name, _, _ in known), NO_CHANGE)
    if not known:
        return found
    reach = np.array([towards_none(first, second) for _, first, second in known]) / NORMAL
    tested = changes(
        [first.value for _, first, _ in known],
        reach[:, 0],
        [second.value for _, _, second in known],
        reach[:, 1],
        weights=[1.0 if weights is None else weights[name] for name, _, _ in known],
    )
    for place, (name, first, second) in enumerate(known):
        limits = difference_limits(first, second)
        if str(tested.verdict[place]) != NO_EVIDENCE and not limits.low <= 0 <= limits.high:
            words = tested.words(place)
            found[name] = both(words.zh, words.en)
    return found


def side_of(report: IndicatorReport, indicator: str) -> Side | None:
    """The whole of a table with its limits; None where it has none."""
    result = report.table.total(indicator)
    if result.value is None or result.low is None or result.high is None:
        return None
    return Side(result.value, result.low, result.high)
