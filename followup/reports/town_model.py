"""Townships by the safety rate, and what the model of Fay and Herriot says of them: for every report that shows
townships with few answers. What comes of the model is marked 模型估计 wherever it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from followup.indicators import IndicatorReport
from followup.reports.document.figures import Figure, Figures, Words, both
from followup.reports.indicator_figures import NORMAL
from followup.reports.report_policy import report_policy
from survey.statistics.indicator_table import ELSEWHERE
from survey.statistics.small_area_scales import arcsine, from_arcsine
from survey.statistics.small_areas import fay_herriot

MODEL = "followup.reports.town_model.modelled"


@dataclass(frozen=True)
class Town:
    """A township with its own estimate. `n` None: of so few answers that nothing of it is told."""

    code: str
    name: Words
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    n_eff: float

    @property
    def is_direct(self) -> bool:
        """Whether its own estimate stands alone in a bulletin."""
        return self.value is not None and (self.n or 0) >= report_policy().townships.direct_n


@dataclass(frozen=True)
class Modelled:
    """A share by the model with its limits; `own`: the weight that the township's own answers have in it."""

    value: float
    low: float
    high: float
    own: float


def towns_of(report: IndicatorReport, indicator: str) -> list[Town]:
    """Townships of a table by township that anybody answered in, those too that are merely too unsure to be published."""
    table, areas = report.table, {one.code: one for one in report.ground.areas}
    sizes = table.estimates[indicator].n_eff
    places = {cell: place for place, cell in enumerate(table.cells)}
    found = []
    for one in table.rows(unsuppressed=True):
        area = one.cell.area
        if one.cell.is_total or area is None or area.endswith(ELSEWHERE) or one.suppressed == "empty":
            continue
        name = both(areas[area].name_zh, areas[area].name_en)
        found.append(Town(area, name, one.value, one.low, one.high, one.n, float(sizes[places[one.cell]])))
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


def put_modelled(figures: Figures, key: str, label: Words, town: Town, model: Modelled) -> tuple[str, str]:
    """Keys of the share by the model, whose label says so, and of the weight of own answers in it."""
    share = figures.put(
        Figure(
            key=key, label=both(f"{label.zh}(模型估计)", f"{label.en} (model-based)"), value=model.value, unit="share",
            percent=True, n=town.n, low=model.low, high=model.high, base=both("有效回答", "valid answers"), query=MODEL,
        )
    )  # fmt: skip
    own = figures.put(
        Figure(
            key=f"{key}.own", label=both(f"{label.zh} 本乡镇回答的权重", f"{label.en}, weight of own answers"),
            value=model.own, unit="probability", query=MODEL,
        )
    )  # fmt: skip
    return share, own
