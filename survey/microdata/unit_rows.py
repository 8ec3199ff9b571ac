"""From what the database says of units to rows: block by block a frame, then the weights, then another order. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from survey.field.dispositions import disposition
from survey.microdata.columns import Column, coded, period_of
from survey.microdata.rules import AREA, GROUP, PERSON, MicrodataRules
from survey.statistics.weighting import GROUPS, response_factors

TOWNSHIP: Final = 9
"""Digits of a township's code; what follows is villages and grids."""


def rows_of(
    block: Sequence[Mapping[str, Any]], columns: Sequence[Column], rules: MicrodataRules
) -> pl.DataFrame:
    """One row a unit: who (for counting people), what is known of them, base weight, and a code for each of `columns`."""
    data: dict[str, list[Any]] = {
        PERSON: [row["person_id"] for row in block],
        AREA: [row["area_code"][:TOWNSHIP] for row in block],
        "period": [period_of(row["done_on"], rules.period) for row in block],
        "mode": [row["mode"] for row in block],
        "disposition": [row["disposition"] for row in block],
        GROUP: [disposition(row["disposition"]).group for row in block],
        "base_weight": [row["base_weight"] for row in block],
    }
    for one in columns:
        data[one.name] = [coded(one, row["codes"].get(one.question)) for row in block]
    text = {name: pl.String for name in data if name not in (PERSON, "base_weight")}
    return pl.DataFrame(data, schema_overrides=text)


def weighed(rows: pl.DataFrame) -> pl.DataFrame:
    """With the factors of statistics.md §3.1, classes being the areas. Raises WeightingError."""
    base = rows["base_weight"].to_numpy().astype(np.float64)
    group = np.array([GROUPS.index(one) for one in rows[GROUP]])
    names, classes = np.unique(rows[AREA].to_numpy(), return_inverse=True)
    answered = {classes[place] for place in np.flatnonzero(group == GROUPS.index("I"))}
    if len(answered) < len(names):  # an area in which nobody answered speaks through the others
        names, classes = np.array(["all"]), np.zeros(len(classes), dtype=np.int64)
    factors = response_factors(base, group, classes, [str(one) for one in names])
    return rows.with_columns(
        pl.Series("eligibility_factor", factors.unknown),
        pl.Series("nonresponse_factor", factors.nonresponse),
        pl.Series("weight", base * factors.unknown * factors.nonresponse),
    )


def shuffled(rows: pl.DataFrame, order: Sequence[int]) -> pl.DataFrame:
    """In this order, with serials in it."""
    serial = pl.Series("row", range(1, rows.height + 1))
    return rows[order].with_columns(serial)
