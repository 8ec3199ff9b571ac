"""Table D of a bulletin: townships by the safety rate. Of its own where there are answers enough, otherwise by the
model of Fay and Herriot over all townships of the city, and marked 模型估计; below ten answers named, with the
reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from followup.reports.bulletin_facts import HEADLINE, BulletinFacts, CountyFacts
from followup.reports.document.figures import Figure, Figures, Words, both
from followup.reports.document.model import Column, Row, Section, Sentence, Table
from followup.reports.indicator_figures import NORMAL, QUERY
from followup.reports.report_policy import report_policy
from survey.statistics.indicator_table import ELSEWHERE
from survey.statistics.small_area_scales import arcsine, from_arcsine
from survey.statistics.small_areas import fay_herriot

MODEL = "followup.reports.bulletin_townships.modelled"
COUNTY, TOWN = both("县区", "County"), both("乡镇", "Township")
DIRECT, BY_MODEL = both("直接估计", "direct"), both("模型估计", "model-based")
TOO_FEW_TO_MODEL = both("样本量不足,乡镇太少不建模", "too few answers, too few townships for a model")
PRIVATE = both("回答不足十份,或可由别的数推算出", "fewer than ten answers, or could be worked out")


@dataclass(frozen=True)
class Town:
    """A township with its own estimate. `n` None: of so few answers that nothing of it is told."""

    county: Words
    code: str
    name: Words
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    n_eff: float

    @property
    def is_direct(self) -> bool:
        """Whether its own estimate stands."""
        return self.value is not None and (self.n or 0) >= report_policy().townships.direct_n


@dataclass(frozen=True)
class Modelled:
    """A share by the model with its limits; `own`: the weight that the township's own answers have in it."""

    value: float
    low: float
    high: float
    own: float


def townships(figures: Figures, facts: BulletinFacts) -> Section:
    """Those with an estimate in the order of their codes, then those without."""
    towns = [one for line in facts.counties for one in _towns(line)]
    known = [town for town in towns if town.n]
    found = modelled(known)
    rows = [_row(figures, town, found.get(town.code)) for town in known]
    left = [town for town in towns if town.n is None]
    rows += [Row(cells=(town.county, town.name, None, PRIVATE, None)) for town in left]
    table = Table(
        key="townships",
        title=both("各乡镇安全率(不排名)", "Safety rate by township (not ranked)"),
        columns=(
            Column(key="county", head=COUNTY),
            Column(key="town", head=TOWN),
            Column(key=HEADLINE, head=both("安全率", "Safety rate"), rate=True),
            Column(key="how", head=both("怎样估计", "How"), wide=True),
            Column(key="own", head=both("本乡镇回答的权重", "Weight of own answers")),
        ),
        rows=tuple(rows),
        empty=both("本期没有乡镇的回答。", "No township answered in this period."),
    )
    direct = figures.count(
        "townships.direct", both("直接估计的乡镇", "direct"), sum(one.is_direct for one in known), QUERY
    )
    model = figures.count(
        "townships.model", both("模型估计的乡镇", "model-based"),
        sum(not one.is_direct and one.code in found for one in known), MODEL,
    )  # fmt: skip
    none = figures.count("townships.left", both("不公布的乡镇", "not published"), len(left), QUERY)
    said = Sentence(
        words=both(
            f"直接估计的乡镇{{{direct}}}个;回答较少、借助全市乡镇模型估计的{{{model}}}个,已标明;回答太少不公布的{{{none}}}个。",
            f"Townships with an estimate of their own: {{{direct}}}; with fewer answers, by a model over all townships, and "
            f"marked: {{{model}}}; not published for too few: {{{none}}}.",
        )
    )
    return Section(title=both("各乡镇", "The townships"), blocks=(said, table))


def _towns(line: CountyFacts) -> list[Town]:
    """Townships of a county that anybody answered in."""
    if line.towns is None:
        return []
    table, areas = line.towns.table, {one.code: one for one in line.towns.ground.areas}
    sizes = table.estimates[HEADLINE].n_eff
    places = {cell: place for place, cell in enumerate(table.cells)}
    found = []
    for one in table.rows(unsuppressed=True):
        area = one.cell.area
        if one.cell.is_total or area is None or area.endswith(ELSEWHERE) or one.suppressed == "empty":
            continue
        county = both(line.county.name_zh, line.county.name_en)
        name = both(areas[area].name_zh, areas[area].name_en)
        found.append(
            Town(county, area, name, one.value, one.low, one.high, one.n, float(sizes[places[one.cell]]))
        )
    return found


def modelled(towns: Sequence[Town]) -> dict[str, Modelled]:
    """{township: its share by the model}, on the scale of arcsin √p; none where too few townships carry it."""
    able = [town for town in towns if town.value is not None]
    if len(able) < report_policy().townships.model_areas:
        return {}
    angles, variances = arcsine(
        [town.value or 0.0 for town in able], [max(min(town.n_eff, town.n or 1), 1.0) for town in able]
    )
    fitted = fay_herriot(angles, variances, np.ones((len(able), 1)))
    reach = NORMAL * np.sqrt(fitted.mse)
    shares, _ = from_arcsine(fitted.estimate, fitted.mse)
    lows = np.sin(np.clip(fitted.estimate - reach, 0, np.pi / 2)) ** 2
    highs = np.sin(np.clip(fitted.estimate + reach, 0, np.pi / 2)) ** 2
    return {
        town.code: Modelled(float(shares[i]), float(lows[i]), float(highs[i]), float(fitted.gamma[i]))
        for i, town in enumerate(able)
    }


def _row(figures: Figures, town: Town, model: Modelled | None) -> Row:
    key, label = f"town.{town.code}", both(f"{town.name.zh} 安全率", f"{town.name.en}, safety rate")
    if town.is_direct:
        rate = _rate(figures, key, label, town, (town.value, town.low, town.high), QUERY)
        return Row(cells=(town.county, town.name, rate, DIRECT, None))
    if model is None:
        return Row(cells=(town.county, town.name, None, TOO_FEW_TO_MODEL, None))
    marked = both(f"{label.zh}(模型估计)", f"{label.en} (model-based)")
    rate = _rate(figures, key, marked, town, (model.value, model.low, model.high), MODEL)
    weight = figures.put(
        Figure(
            key=f"{key}.own", label=both(f"{label.zh} 本乡镇回答的权重", f"{label.en}, weight of own answers"), value=model.own,
            unit="probability", query=MODEL,
        )
    )  # fmt: skip
    return Row(cells=(town.county, town.name, rate, BY_MODEL, weight))


def _rate(
    figures: Figures,
    key: str,
    label: Words,
    town: Town,
    limits: tuple[float | None, float | None, float | None],
    query: str,
) -> str:
    value, low, high = limits
    return figures.put(
        Figure(
            key=key, label=label, value=value, unit="share", percent=True, n=town.n, low=low, high=high,
            base=both("有效回答", "valid answers"), query=query,
        )
    )  # fmt: skip
