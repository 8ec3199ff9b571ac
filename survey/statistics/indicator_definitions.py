"""What an indicator is: a versioned definition (policy `indicators`, indicators.yaml), which everything that prints one reads.

The JSON Schema of the policy's body is docs/indicators.schema.json.
"""

import math
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, model_validator

from survey.policies import packaged
from survey.statistics.proportions import MISSING

SOURCE: Final = r"^[a-z][a-z_]*\.[A-Za-z][A-Za-z0-9_]*$"
IDENT: Final = r"^[a-z][a-z0-9_]*$"
ROUNDING: Final = 1e-9
Code: TypeAlias = Annotated[str, Field(min_length=1)]


class IndicatorError(ValueError):
    """A definition, or what it is to be computed from, is wrong. The message says which, why, and what would be right."""


class Words(BaseModel):
    """Both languages, Chinese first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str = Field(description="Chinese.")
    en: str = Field(description="English.")


class _Head(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(
        pattern=IDENT, description="Its name in files and commands; it never changes its meaning."
    )
    version: PositiveInt = Field(description="Raised with every change of what it counts.")
    title: Words = Field(description="What it is called.")
    base: Words = Field(
        description="What it is a share or a mean of, in words; printed wherever the figure is."
    )


class _OfCodes(_Head):
    of: str = Field(
        pattern=SOURCE,
        description="Questionnaire and question whose answers are counted, as perception.Q1; or callback.C3, "
        "callback.reached, handling.in_time, which cases tell.",
    )
    outside: tuple[Code, ...] = Field(
        default=(),
        description="Codes that say that the question does not apply; beside the base, never in it.",
    )

    @property
    def source(self) -> str:
        """The questionnaire, or what else tells."""
        return self.of.partition(".")[0]

    @property
    def question(self) -> str:
        return self.of.partition(".")[2]

    def _apart(self, valid: Collection[str]) -> None:
        if mixed := sorted((set(valid) & (set(self.outside) | MISSING)) | (set(self.outside) & MISSING)):
            raise ValueError(
                f"{self.id}: codes {mixed} are given two meanings; dk, refused and no_answer are missing"
            )


class Share(_OfCodes):
    """The share of answers that are one of some codes."""

    kind: Literal["share"] = Field(description="`share`: in percent of the base.")
    codes: tuple[Code, ...] = Field(min_length=1, description="Codes that count.")
    valid: tuple[Code, ...] = Field(min_length=1, description="All codes of the base, those among them.")

    @model_validator(mode="after")
    def _whole(self) -> "Share":
        if strange := sorted(set(self.codes) - set(self.valid)):
            raise ValueError(f"{self.id}: codes {strange} count and are not valid; add them to valid")
        self._apart(self.valid)
        return self

    @property
    def points(self) -> Mapping[str, float]:
        """Of each valid code."""
        return {code: float(code in self.codes) for code in self.valid}

    @property
    def scale(self) -> tuple[float, float]:
        return (0.0, 1.0)


class Mean(_OfCodes):
    """The mean of points that codes stand for."""

    kind: Literal["mean"] = Field(description="`mean`: of the points of the codes.")
    points: dict[Code, float] = Field(min_length=1, description="The points of each code of the base.")
    scale: tuple[float, float] = Field(
        description="Least and most points; [0, 1] is shown in percent, anything else in points."
    )

    @model_validator(mode="after")
    def _whole(self) -> "Mean":
        least, most = self.scale
        if not least < most or not all(least <= one <= most for one in self.points.values()):
            raise ValueError(
                f"{self.id}: points {sorted(self.points.values())} do not lie on scale {self.scale}"
            )
        self._apart(self.points)
        return self


class Composite(_Head):
    """A weighted sum of other indicators, each brought to 0-100 first."""

    kind: Literal["composite"] = Field(description="`composite`: in points of 0 to 100.")
    parts: dict[str, Annotated[float, Field(gt=0, le=1)]] = Field(
        min_length=2, description="Indicators and their weights, which sum to one."
    )

    @model_validator(mode="after")
    def _weights_sum_to_one(self) -> "Composite":
        total = math.fsum(self.parts.values())
        if abs(total - 1) > ROUNDING:
            raise ValueError(
                f"{self.id}: the weights sum to {total:.10g}, and must to 1; change {', '.join(self.parts)}"
            )
        return self

    @property
    def scale(self) -> tuple[float, float]:
        return (0.0, 100.0)


Definition: TypeAlias = Annotated[Share | Mean | Composite, Field(discriminator="kind")]
OfCodes: TypeAlias = Share | Mean


class Indicators(BaseModel):
    """The body of policy `indicators`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    level: Annotated[float, Field(gt=0.5, lt=1)] = Field(description="Of the intervals, as .95.")
    words: Mapping[Literal["complementary", "part", "quota"], Words] = Field(
        description="What is printed where a cell is kept back so that another cannot be worked out, where a part of a composite "
        "is, and beside samples with quotas."
    )
    indicators: tuple[Definition, ...] = Field(min_length=1, description="In the order in which they stand.")

    @model_validator(mode="after")
    def _known(self) -> "Indicators":
        ids = [one.id for one in self.indicators]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(
                f"indicators {twice} are defined twice; raise the version of the one that stands"
            )
        simple = {one.id for one in self.indicators if not isinstance(one, Composite)}
        for one in self.indicators:
            if isinstance(one, Composite) and (unknown := sorted(one.parts.keys() - simple)):
                raise ValueError(f"{one.id}: {unknown} are no shares or means that are defined here")
        return self

    def named(self, wanted: Collection[str]) -> "list[Share | Mean | Composite]":
        """Those of these ids, in the order of the policy; all without any. Raises IndicatorError."""
        if unknown := sorted(set(wanted) - {one.id for one in self.indicators}):
            known = ", ".join(one.id for one in self.indicators)
            raise IndicatorError(f"there is no indicator {', '.join(unknown)}; there are: {known}")
        return [one for one in self.indicators if not wanted or one.id in wanted]

    def of_codes(self, wanted: "Collection[Share | Mean | Composite]") -> Iterator[OfCodes]:
        """Shares and means among these, and the parts of composites, each once, in the order of the policy."""
        parts = {part for one in wanted if isinstance(one, Composite) for part in one.parts}
        ids = parts | {one.id for one in wanted}
        for one in self.indicators:
            if not isinstance(one, Composite) and one.id in ids:
                yield one


@cache
def shipped_indicators() -> Indicators:
    """The packaged policy."""
    return Indicators.model_validate(packaged("survey.statistics", "indicators").body)
