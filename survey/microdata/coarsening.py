"""Making rows coarse until nobody stands out: k-anonymity over all that is released and may be known of a person. Pure.

Local recoding: only rows that stand out are made coarse. All of a combination stand out together, so none of them is left behind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from survey.microdata.rules import AREA, GROUP, PERSON, STRATUM, WITHHELD, MicrodataRules
from survey.microdata.shared_weights import share_weights

ALWAYS = (GROUP, STRATUM)
"""Compared whatever the policy lists: they are released, as an estimate needs them. A stratum goes with its area."""


@dataclass(frozen=True)
class Coarse:
    """The rows as they may leave. `coarsened`: rows of which something known is told as the county, or withheld; `left_out`: rows
    whose answers are withheld altogether."""

    rows: pl.DataFrame
    coarsened: int
    left_out: int


def coarsen(rows: pl.DataFrame, answers: Sequence[str], county: str, rules: MicrodataRules) -> Coarse:
    """`rows`: one a unit, with `person` (whose it is), `area`, `stratum`, `group`, the other columns that the rule names, the
    weights, and a column of codes for each of `answers`. `person` is for counting, and is not among the rows that come back."""
    known = [one for one in rules.known if one in rows.columns]
    before = rows.select(known)
    rows = _small_areas(rows, county, rules.least_in_area)
    for column in known:
        if column == AREA:
            rows = _recode(rows, known, rules.least_alike, (AREA, STRATUM), county)
        else:
            rows = _recode(rows, known, rules.least_alike, (column,), WITHHELD)
    alone = stands_out(rows, known, rules.least_alike) & pl.Series(_answered(rows, answers))
    rows = rows.with_columns(told_as(rows, one, alone, WITHHELD) for one in answers)
    rows = share_weights(rows, known, before[AREA], county, rules.least_alike)
    moved = before.select(pl.col(one).ne_missing(rows[one]) for one in known)
    changed = moved.select(pl.any_horizontal(pl.all())).to_series() & ~alone
    return Coarse(rows.drop(PERSON), int(changed.sum()), int(alone.sum()))


def stands_out(rows: pl.DataFrame, known: Sequence[str], least: int) -> pl.Series:
    """Rows of whose combination there are fewer than `least` people; who was drawn twice is one."""
    people = pl.col(PERSON).n_unique().over(list(dict.fromkeys((*known, *ALWAYS))))
    return rows.select((people < least).alias("alone"))["alone"]


def _small_areas(rows: pl.DataFrame, county: str, least: int) -> pl.DataFrame:
    small = [area for area, n in Counter(rows[AREA]).items() if n < least]
    who = rows[AREA].cast(pl.String).is_in(small)
    return rows.with_columns(told_as(rows, one, who, county) for one in (AREA, STRATUM))


def _recode(
    rows: pl.DataFrame, known: Sequence[str], least: int, columns: Sequence[str], to: str
) -> pl.DataFrame:
    """What is nothing stays nothing; and a code that is the only one of its group hides nobody by being withheld."""
    first = columns[0]
    alone = stands_out(rows, known, least) & rows[first].is_not_null()
    several = pl.lit(True) if first != "disposition" else pl.col(first).n_unique().over(GROUP) > 1
    return rows.with_columns(told_as(rows, one, alone & several, to) for one in columns)


def told_as(rows: pl.DataFrame, column: str, who: pl.Expr | pl.Series, to: str) -> pl.Expr:
    """The column with `to` for `who`, of the same type."""
    kind = rows.schema[column]
    return pl.when(who).then(pl.lit(to).cast(kind)).otherwise(pl.col(column)).alias(column)


def _answered(rows: pl.DataFrame, answers: Sequence[str]) -> pl.Series:
    """Who said anything, to the end or not."""
    said = rows.select(
        pl.any_horizontal([pl.lit(False), *(pl.col(one).is_not_null() for one in answers)]).alias("said")
    )
    return said["said"]
