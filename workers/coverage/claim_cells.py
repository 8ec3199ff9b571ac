"""How often a change is claimed where there is none: in a bulletin, on a dashboard."""

from collections.abc import Iterator

import numpy as np

from survey.statistics.changes import (
    changes,
    dashboard_says_improved,
    probability_improved,
    welch_df,
)
from survey.statistics.multiplicity import Floats
from workers.coverage.checking import Check, Effort, Found, at_most, bars, for_information
from workers.coverage.survey_days import Design, days_of

COUNTIES, ANSWERS, WEIGHT_CV = 10, 400, 0.3
INDICATORS = (0.92, 0.8, 0.6, 0.35)
"""安全率, 满意率, 知晓率, 参与率 as they commonly lie."""
PORTIONS, BULLETINS_PER_REPLICATE = 5, 4
"""Quarters and bulletins of each replicate. Bulletins are made of pairs of quarters drawn anew; with few quarters the same rare
one would stand in many."""


def checks() -> Iterator[Check]:
    yield Check("公报 bulletins", _bulletins)
    yield Check("看板 dashboards", _dashboards)


def _quarters(effort: Effort, dice: np.random.Generator) -> list[tuple[Floats, Floats, Floats]]:
    """Estimates, standard errors and degrees of freedom of many quarters of one county, for each indicator."""
    found = []
    for share in INDICATORS:
        design = Design((1.0, 0.0), (share, 1 - share), ANSWERS, WEIGHT_CV)
        parts = [days_of(design, effort.replicates, dice) for _ in range(PORTIONS)]
        found.append(
            (
                np.concatenate([part.estimate for part in parts]),
                np.sqrt(np.concatenate([part.variance for part in parts])),
                np.concatenate([part.df for part in parts]),
            )
        )
    return found


def _pairs(
    quarters: list[tuple[Floats, Floats, Floats]], bulletins: int, dice: np.random.Generator
) -> tuple[Floats, ...]:
    """before, se, after, se, df: bulletins x counties x indicators."""
    columns: list[list[Floats]] = [[], [], [], [], []]
    for estimate, se, df in quarters:
        first = dice.integers(len(estimate), size=(bulletins, COUNTIES))
        second = (first + dice.integers(1, len(estimate), size=first.shape)) % len(estimate)
        made = (
            estimate[first],
            se[first],
            estimate[second],
            se[second],
            welch_df(se[first], df[first], se[second], df[second]),
        )
        for column, values in zip(columns, made, strict=True):
            column.append(values)
    return tuple(np.stack(column, axis=-1) for column in columns)


def _bulletins(effort: Effort, dice: np.random.Generator) -> list[Found]:
    count = BULLETINS_PER_REPLICATE * effort.replicates
    before, se, after, later_se, df = _pairs(_quarters(effort, dice), count, dice)
    claims = np.array(
        [changes(*page[:4], df=page[4]).claims for page in zip(before, se, after, later_se, df, strict=True)]
    )
    bar = bars().bulletins_with_a_false_claim
    share = float(np.mean(claims > 0))
    cell = f"{COUNTIES} 县 counties × {len(INDICATORS)} 指标 indicators, n {ANSWERS}"
    note = f"每 20 期错误结论 false claims in 20 bulletins {20 * claims.mean():.2f}"
    alone = 1 - float(
        np.mean(
            [
                np.all(np.abs(a - b) <= 1.96 * np.hypot(s, t))
                for b, s, a, t in zip(before, se, after, later_se, strict=True)
            ]
        )
    )
    return [
        at_most("公报误报 bulletins with a false claim", cell, share, bar, effort.slack(bar, count), note),
        at_most(
            "公报误报数 false claims a bulletin", cell, float(claims.mean()), bar, effort.slack(bar, count)
        ),
        for_information("不作校正 unadjusted", cell, alone, "每项单独检验 each tested alone"),
    ]


def _dashboards(effort: Effort, dice: np.random.Generator) -> list[Found]:
    count = BULLETINS_PER_REPLICATE * effort.replicates
    before, se, after, later_se, df = _pairs(_quarters(effort, dice), count, dice)
    said = dashboard_says_improved(probability_improved(before, se, after, later_se, df=df))
    bar, share = bars().dashboards_with_a_false_claim, float(said.mean())
    half = np.arange(COUNTIES)[:, None] < COUNTIES / 2
    truly = np.where(half, 2 * np.hypot(se, later_se), 0.0)
    mixed = dashboard_says_improved(probability_improved(before, se, after + truly, later_se, df=df))
    wrong = float(np.sum(mixed & ~half) / max(1, mixed.sum()))
    return [
        at_most(
            "看板误报 dashboard, no change",
            f"每格 each cell, n {ANSWERS}",
            share,
            bar,
            effort.slack(bar, said.size),
        ),
        at_most(
            "看板误报占比 false of its claims",
            "半数真有改善 half truly better",
            wrong,
            bar,
            effort.slack(bar, count),
        ),
    ]
