"""What `minyi estimate` is asked to compute, as an analyst writes it down: one YAML file (docs/estimation.md)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from survey.statistics.calibration_distances import Method
from survey.statistics.codes import Code, Codes
from survey.statistics.interval_arrays import ProportionMethod
from survey.statistics.suppression import Kind

OVERALL = "overall"
MeanMethod = Literal["logit_t", "t"]
Variance = Literal["linearized", "jkn"]
Column = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_empty_keys(cls, given: Any) -> Any:
        """A key with nothing behind it is as if it were not there."""
        if not isinstance(given, dict):
            return given
        return {key: value for key, value in given.items() if value not in (None, "", "~", "null")}


class Calibrate(_Part):
    """Known totals that the weights are made to meet."""

    method: Method = Field(description="Distance between old and new weights.")
    margins: Mapping[Column, Mapping[Code, float]] = Field(
        min_length=1, description="Of each column the total of every category. All margins sum to the same."
    )
    bounds: tuple[float, float] | None = Field(
        default=None, description="For `logit`: least and largest factor, around 1."
    )

    @model_validator(mode="after")
    def _bounds_where_they_are_used(self) -> "Calibrate":
        if (self.method == "logit") != (self.bounds is not None):
            raise ValueError("bounds belong to the method logit, and it needs them; write `bounds: [0.3, 3]`")
        if self.bounds and not 0 <= self.bounds[0] < 1 < self.bounds[1]:
            raise ValueError(
                "bounds must lie around 1, the lower one at 0 or above; write `bounds: [0.3, 3]`"
            )
        return self


class Wanted(_Part):
    """One figure, which is computed for every category of `by`."""

    name: Column = Field(description="What it is called in the output.")
    kind: Kind = Field(description="What is computed.")
    of: Column = Field(description="Column with the answers, or the numerator of a ratio.")
    over: Column | None = Field(default=None, description="Denominator of a ratio: a column with numbers.")
    recode: Mapping[Code, float] | None = Field(default=None, description="Value of every code of `of`.")
    codes: Codes | None = Field(
        default=None,
        description="Codes of `of` that count, for a proportion, or a total of how many gave them.",
    )
    missing: Codes = Field(
        default=(),
        description="Codes of `of` that are no answer, beside empty cells and `dk`, `refused`, `no_answer`.",
    )

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "Wanted":
        if (self.kind == "ratio") != (self.over is not None):
            raise ValueError("over belongs to a ratio, and it needs one; name the column of the denominator")
        if self.codes is not None and self.recode is not None:
            raise ValueError("codes and recode say two things of one column; leave one of them out")
        if self.codes is not None and self.kind in ("mean", "ratio"):
            raise ValueError("codes belong to a proportion or a total; use recode, or another kind")
        if self.kind == "proportion" and self.recode and not set(self.recode.values()) <= {0.0, 1.0}:
            raise ValueError("a proportion is made of 0 and 1; recode to these, or ask for a mean")
        return self


class Compare(_Part):
    """Differences between categories of one column."""

    by: Column = Field(description="The column.")
    pairs: tuple[tuple[Code, Code], ...] = Field(min_length=1, description="`[B, A]`: B minus A is given.")


class Intervals(_Part):
    """Which interval is given. The default of means is logit_t where they are recoded, t otherwise."""

    proportion: ProportionMethod = Field(default="korn_graubard", description="Of proportions.")
    mean: MeanMethod | None = Field(
        default=None, description="Of means; `logit_t` takes the scale of the recode, or 0 to 100."
    )


class EstimateSpec(_Part):
    """The specification. All columns are named as in the heading of the data."""

    filter: Mapping[Column, Codes] = Field(
        default_factory=dict, description="Only rows with these values count; the others stay in the design."
    )
    strata: tuple[Column, ...] = Field(default=(), description="Columns that together name the stratum.")
    clusters: tuple[Column, ...] = Field(
        default=(), description="Columns that together name the first-stage unit, inside its stratum."
    )
    weight: Column | None = Field(default=None, description="Column with the weight of each row.")
    population: Column | None = Field(
        default=None,
        description="Column with the size of the row's stratum: rows, or clusters where there are any. Without `weight`, the "
        "weight is population / drawn.",
    )
    drawn: Column | None = Field(
        default=None,
        description="Column with how many were drawn in the stratum; counted where it is absent.",
    )
    fpc: bool = Field(default=False, description="Finite population correction, by `population`.")
    lonely: Literal["fail", "adjust"] = Field(
        default="fail",
        description="A stratum with one unit: refuse, or take its deviation from the grand mean.",
    )
    disposition: Column | None = Field(
        default=None, description="Column with I, P, R, NC, O, UH, UO or NE; estimates are of I."
    )
    nonresponse_classes: tuple[Column, ...] = Field(
        default=(), description="Columns that together name the class of the nonresponse adjustment."
    )
    calibrate: Calibrate | None = Field(default=None, description="Calibration of the weights.")
    variance: Variance = Field(default="linearized", description="How errors are computed.")
    estimates: tuple[Wanted, ...] = Field(min_length=1, description="What is wanted.")
    by: tuple[Column, ...] = Field(default=(OVERALL,), description="`overall`, and columns with categories.")
    compare: tuple[Compare, ...] = Field(default=(), description="Differences between categories.")
    intervals: Intervals = Field(default_factory=Intervals, description="Which intervals are given.")
    level: float = Field(default=0.95, gt=0.5, lt=1, description="Coverage of the intervals.")

    @field_validator("by", "strata", "clusters", "nonresponse_classes", mode="before")
    @classmethod
    def _one_is_a_list(cls, given: Any) -> Any:
        return (given,) if isinstance(given, str) else given

    @model_validator(mode="after")
    def _fits_together(self) -> "EstimateSpec":
        if self.fpc and self.population is None:
            raise ValueError("fpc needs the sizes of the strata; name their column under population")
        if self.drawn is not None and self.population is None:
            raise ValueError("drawn goes with population; name that column too")
        if self.nonresponse_classes and self.disposition is None:
            raise ValueError(
                "nonresponse_classes need to know who responded; name the column under disposition"
            )
        names = [one.name for one in self.estimates]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two estimates are called {twice[0]}; rename one")
        return self
