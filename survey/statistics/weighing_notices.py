"""What somebody should know who trusts the weights: small classes and categories, large factors, unequal weights."""

from typing import Final

import numpy as np

from survey.statistics.calibration import Calibrated
from survey.statistics.calibration_checks import small_categories
from survey.statistics.sums import sums
from survey.statistics.weighing import Weighing
from survey.statistics.weighting import RESPONDED, kish, weighting_policy

MOST: Final = 12
"""Values that are listed."""


def notices(weighing: Weighing) -> list[str]:
    """One sentence each; the thresholds are policy `weighting`."""
    return [
        *_of_values(weighing),
        *_of_strata(weighing),
        *_of_classes(weighing),
        *_of_margins(weighing),
        *_of_weights(weighing),
    ]


def _of_values(weighing: Weighing) -> list[str]:
    """What is asked for and stands nowhere in the data, which may be a slip."""
    spec, table = weighing.spec, weighing.table
    asked = [("filter", name, values) for name, values in spec.filter.items()]
    asked += [(f"estimate {one.name}", one.of, one.codes) for one in spec.estimates if one.codes]
    told = []
    for what, name, values in asked:
        labels = table.column(name).labels
        if not set(values) & set(labels):
            told.append(
                f"{what}: column {name} has none of {', '.join(values)}; it has {', '.join(sorted(labels)[:MOST])}"
            )
    return told


def _of_strata(weighing: Weighing) -> list[str]:
    answered = sums(weighing.stratum[weighing.rows], len(weighing.names))
    silent = [name for name, many in zip(weighing.names, answered, strict=True) if not many]
    if not silent or len(silent) == len(weighing.names):
        return []
    return [
        f"nobody responded in stratum {'、'.join(silent[:MOST])}; nobody stands for it, so join it with a like one"
    ]


def _of_classes(weighing: Weighing) -> list[str]:
    return [
        f"nonresponse class {one.name}: {one.cases[RESPONDED]} respondents, factor {one.nonresponse:.3g}; join it with a like "
        "class"
        for one in (weighing.response.classes if weighing.response else ())
        if one.told
    ]


def _of_margins(weighing: Weighing) -> list[str]:
    fitted = weighing.design.adjusted
    if not isinstance(fitted, Calibrated):
        return []
    told = [
        f"margin {one.margin}, category {one.category}: {one.respondents} respondents; join it with a like category"
        for one in small_categories(weighing.margins, weighing.cells)
    ]
    # one category of every further margin always follows
    if len(fitted.dropped) >= len(weighing.margins):
        told.append(f"totals that follow from the others were left out: {', '.join(fitted.dropped)}")
    return told


def _of_weights(weighing: Weighing) -> list[str]:
    weights, told = weighing.design.weights, []
    negative = int(np.sum(weights < 0))
    if negative:
        told.append(f"{negative} weights are negative; take raking or logit instead of linear")
    if len(weights) and (cost := kish(weights)) > weighting_policy().kish_flag:
        told.append(f"unequal weights cost much: Kish's design effect is {cost:.2f}")
    return told
