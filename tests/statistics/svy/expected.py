"""Writes expected.json: what the Python package svy (0.35.0, MIT) says of ../r/county.csv, beside which the figures are held a
second time, and the published interval, which R does not have. svy is no dependency: install it where this is run.

    python expected.py
"""

import json
from pathlib import Path

import polars as pl
import svy

HERE = Path(__file__).parent
VALUES = {"1": 100.0, "2": 75.0, "3": 25.0, "4": 0.0}
CLUSTERED = {"stratum": "district", "psu": ("township", "village"), "wgt": "weight"}
DESIGNS = {
    "stratified": svy.Design(stratum="township", wgt="weight"),
    "clustered": svy.Design(**CLUSTERED),
    "clustered-corrected": svy.Design(**CLUSTERED, pop_size="villages"),
}


def main() -> None:
    """Every estimate of every design, for all and by age."""
    county = pl.read_csv(HERE.parent / "r/county.csv", schema_overrides={"q1": pl.String}).with_columns(
        index=pl.col("q1").replace_strict(VALUES, default=None, return_dtype=pl.Float64),
        safe=pl.when(pl.col("q1").is_in(list(VALUES))).then(pl.col("q1").is_in(["1", "2"]).cast(pl.Int64)),
    )
    rows = []
    for case, design in DESIGNS.items():
        of = svy.Sample(county, design).estimation
        answered = svy.col("safe").is_not_null()
        for by in (None, "age"):
            made = {
                "index": of.mean("index", by=by, where=answered),
                "safe": of.prop("safe", by=by, where=answered, ci_method="korn-graubard"),
                "solved": of.ratio("solved", "cases", by=by),
                "cases": of.total("cases", by=by),
                "minutes": of.mean("minutes", by=by),
            }
            for name, found in made.items():
                for one in found.to_dicts():
                    if name != "safe" or str(one["y_level"]) == "1":
                        rows.append(row(case, name, by, one))
    (HERE / "expected.json").write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


def row(case: str, name: str, by: str | None, one: dict[str, object]) -> dict[str, object]:
    """One figure, named as in the file of R."""
    category = None if by is None else str(one["by_level"][0])
    figures = {"value": one["est"], "se": one["se"], "low": one["lci"], "high": one["uci"]}
    return {"case": case, "estimate": name, "by": by or "overall", "category": category, **figures}


if __name__ == "__main__":
    main()
