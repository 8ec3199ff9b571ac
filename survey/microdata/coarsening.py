"""Making rows coarse until nobody stands out (k-anonymity over area and traits, by local recoding). Pure.

Weights tell a stratum: rows whose area was made coarse get the mean weight of all such rows, so that their sum stays and nothing
leads back to the area.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from survey.microdata.rules import WITHHELD, MicrodataRules

AREA, RESPONDED = "area", "responded"
WEIGHTS = ("base_weight", "eligibility_factor", "nonresponse_factor", "weight")


@dataclass(frozen=True)
class Coarse:
    """The rows as they may leave. `coarsened`: rows whose area is told as the county, or of which a trait is withheld;
    `left_out`: respondents whose answers are withheld altogether."""

    rows: pl.DataFrame
    coarsened: int
    left_out: int


def coarsen(rows: pl.DataFrame, answers: Sequence[str], county: str, rules: MicrodataRules) -> Coarse:
    """`rows`: one a unit, with `area`, `responded`, the weights, and a column of codes (text) for each of `answers`."""
    traits = [one for one in rules.traits if one in answers]
    before = rows.select(AREA, *traits)
    rows = _small_areas(rows, county, rules.least_in_area)
    rows = _recode(rows, traits, rules.least_alike, AREA, county)
    for trait in traits:
        rows = _recode(rows, traits, rules.least_alike, trait, WITHHELD)
    alone = _stands_out(rows, traits, rules.least_alike)
    rows = rows.with_columns(
        pl.when(alone).then(pl.lit(WITHHELD)).otherwise(pl.col(one)).alias(one) for one in answers
    )
    rows = _even_weights(rows, before[AREA])
    moved = (before != rows.select(AREA, *traits)).fill_null(False)
    changed = moved.select(pl.any_horizontal(pl.all())).to_series() & ~alone
    return Coarse(rows, int(changed.sum()), int(alone.sum()))


def _small_areas(rows: pl.DataFrame, county: str, least: int) -> pl.DataFrame:
    small = [area for area, n in Counter(rows[AREA]).items() if n < least]
    return rows.with_columns(
        pl.when(pl.col(AREA).is_in(small)).then(pl.lit(county)).otherwise(AREA).alias(AREA)
    )


def _recode(rows: pl.DataFrame, traits: Sequence[str], least: int, column: str, to: str) -> pl.DataFrame:
    alone = _stands_out(rows, traits, least)
    return rows.with_columns(pl.when(alone).then(pl.lit(to)).otherwise(pl.col(column)).alias(column))


def _stands_out(rows: pl.DataFrame, traits: Sequence[str], least: int) -> pl.Series:
    """Respondents of whom there are fewer than `least` alike, themselves among them."""
    alike = [AREA, *traits]
    count = pl.col(RESPONDED).sum().over(alike)
    return rows.select((pl.col(RESPONDED) & (count < least)).alias("alone"))["alone"]


def _even_weights(rows: pl.DataFrame, areas_before: pl.Series) -> pl.DataFrame:
    """Rows of which the area was made coarse share their weights; respondents apart from the others, whose weight is 0. The last
    factor is what makes the product the shared weight."""
    if "weight" not in rows.columns:
        return rows
    base, eligibility, nonresponse, weight = WEIGHTS
    shared = [
        pl.when("moved").then(pl.col(one).mean().over("moved", RESPONDED)).otherwise(pl.col(one)).alias(one)
        for one in (base, eligibility, weight)
    ]
    rows = rows.with_columns((rows[AREA] != areas_before).alias("moved")).with_columns(shared)
    product = pl.col(base) * pl.col(eligibility)
    last = pl.when(pl.col("moved") & (product > 0)).then(pl.col(weight) / product).otherwise(nonresponse)
    return rows.with_columns(last.alias(nonresponse)).drop("moved")
