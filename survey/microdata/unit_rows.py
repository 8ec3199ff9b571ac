"""From what the database says of units to rows: block by block a frame, then the weights, then another order. Pure.

An answer takes one byte, what is known of a unit four each: all rows of an export are in memory, as a combination is rare or not
among all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from survey.field.dispositions import disposition
from survey.microdata.columns import Column, coded, period_of
from survey.microdata.rules import AREA, GROUP, PERSON, STRATUM, MicrodataRules
from survey.statistics.weighting import GROUPS, response_factors

PSU: Final = "psu"
TOWNSHIP: Final = 9
"""Digits of a township's code; what follows is villages and grids."""


class UnknownCode(ValueError):
    """The message names the question and the codes."""


def rows_of(
    block: Sequence[Mapping[str, Any]],
    columns: Sequence[Column],
    rules: MicrodataRules,
    period: str | None = None,
) -> pl.DataFrame:
    """One row a unit: who (for counting people), what is known of them, base weight, a code for each of `columns`. `period`: that
    of the whole export; None: each row has its own.

    Raises UnknownCode.
    """
    data: dict[str, list[Any]] = {
        PERSON: [row["person_id"] for row in block],
        AREA: [row["area_code"][:TOWNSHIP] for row in block],
        STRATUM: [row["stratum"] or row["area_code"][:TOWNSHIP] for row in block],
        "period": [period or period_of(row["done_on"], rules.period) for row in block],
        "mode": [row["mode"] for row in block],
        "disposition": [row["disposition"] for row in block],
        GROUP: [disposition(row["disposition"]).group for row in block],
        "base_weight": [row["base_weight"] for row in block],
    }
    kinds: dict[str, pl.DataType | type[pl.DataType]] = {
        PERSON: pl.Int64, "base_weight": pl.Float64, GROUP: pl.Enum(GROUPS)
    }  # fmt: skip
    for one in columns:
        codes = [coded(one, row["codes"].get(one.question)) for row in block]
        if strange := sorted(set(codes) - set(one.codes) - {None}):  # type: ignore[type-var]
            raise UnknownCode(
                f"answers to {one.question} have codes {strange} that its questionnaire does not say; nothing is exported"
            )
        data[one.name], kinds[one.name] = codes, pl.Enum([*one.codes])
    return pl.DataFrame(data, schema={name: kinds.get(name, pl.Categorical) for name in data})


def without_design(rows: pl.DataFrame) -> pl.DataFrame:
    """Of a sample by quotas, whose design is none."""
    return rows.drop(STRATUM, PSU, "base_weight")


def weighed(rows: pl.DataFrame) -> pl.DataFrame:
    """With the factors of statistics.md §3.1, classes being the areas. Raises WeightingError."""
    base = rows["base_weight"].to_numpy().astype(np.float64)
    group = rows[GROUP].to_physical().to_numpy().astype(np.int64)
    _, first, classes = np.unique(rows[AREA].to_physical().to_numpy(), return_index=True, return_inverse=True)
    names = rows[AREA].gather(first).cast(pl.String).to_numpy()
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
    """In this order, with serials in it. Everybody is drawn by themselves, so that a row is a first-stage unit, under a number
    that says no more than its place."""
    serial = range(1, rows.height + 1)
    return rows[order].with_columns(pl.Series("row", serial), pl.Series(PSU, serial))
