"""Weights that would tell a town or a day are shared by those who are told alike. Pure.

A base weight is made of the people and the sample of a town on the day of the draw, so that whoever knows the sampling can read
both from it. Sums stay: a total over all whose weights are shared is the same as before.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from survey.microdata.rules import AREA, GROUP, PERSON, STRATUM

WEIGHTS = ("base_weight", "eligibility_factor", "nonresponse_factor", "weight")


def share_weights(
    rows: pl.DataFrame, known: Sequence[str], areas_before: pl.Series, county: str, least: int
) -> pl.DataFrame:
    """Rows told as the county share their weights; then, in each combination of what is known, those where fewer than `least`
    people have a base weight. Groups apart: the weight of who did not respond is 0."""
    if "weight" not in rows.columns:
        return rows  # quotas
    moved = (rows[AREA] != areas_before) | (rows[AREA] == county)
    rows = _shared(rows.with_columns(moved.alias("moved")), ["moved", GROUP], pl.col("moved"))
    alike = list(dict.fromkeys((*known, GROUP, STRATUM)))
    people = pl.col(PERSON).n_unique().over([*alike, "base_weight"])
    return _shared(rows, alike, people.min().over(alike) < least).drop("moved")


def _shared(rows: pl.DataFrame, alike: Sequence[str], who: pl.Expr) -> pl.DataFrame:
    """The mean of each factor among those alike; the last factor is what makes the product the shared weight."""
    base, eligibility, nonresponse, weight = WEIGHTS
    rows = rows.with_columns(who.alias("who"))
    rows = rows.with_columns(
        pl.when("who").then(pl.col(one).mean().over([*alike, "who"])).otherwise(pl.col(one)).alias(one)
        for one in (base, eligibility, weight)
    )
    product = pl.col(base) * pl.col(eligibility)
    last = pl.when(pl.col("who") & (product > 0)).then(pl.col(weight) / product).otherwise(nonresponse)
    return rows.with_columns(last.alias(nonresponse)).drop("who")
