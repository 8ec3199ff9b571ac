"""The month of a surveyor: a score of 100 from output, quality and learning, and the coefficient it brings (domain.md §4.7).

What residents answered is no part of it: nobody is paid for satisfied residents.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from survey.policies import packaged


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Points(_Frozen):
    """What each part is worth; together 100."""

    output: float
    quality: float
    learning: float


class Units(_Frozen):
    """How much of a unit of work each thing done is."""

    complete: float
    callback: float
    registration: float
    dial: float


class Step(_Frozen):
    """From this score on, this coefficient."""

    from_: float = Field(alias="from")
    coefficient: float


class SurveyorMonth(_Frozen):
    """The body of policy `surveyor_month`."""

    points: Points
    units: Units
    coefficients: tuple[Step, ...]


@cache
def surveyor_month() -> SurveyorMonth:
    """The packaged policy."""
    return SurveyorMonth.model_validate(packaged("followup.assessment", "surveyor_month").body)


@dataclass(frozen=True)
class Work:
    """What a surveyor did in a month."""

    complete: int = 0
    callback: int = 0
    registration: int = 0
    dial: int = 0

    def valid_units(self, units: Units) -> float:
        """Units of work."""
        return (
            units.complete * self.complete
            + units.callback * self.callback
            + units.registration * self.registration
            + units.dial * self.dial
        )


@dataclass(frozen=True)
class Month:
    """What a month is judged by. All but the units are shares in [0, 1]; `complaint_penalty` is taken off the quality."""

    valid_units: float
    target: float
    audit_pass: float
    complaint_penalty: float
    on_time_callback: float
    learning: float


@dataclass(frozen=True)
class Score:
    """Points of each part, and the coefficient of the performance pay that their sum brings."""

    output: float
    quality: float
    learning: float
    coefficient: float

    @property
    def total(self) -> float:
        """Of 100."""
        return self.output + self.quality + self.learning


def score(month: Month, policy: SurveyorMonth) -> Score:
    """Output counts up to the target and no further. Raises ValueError for a target that is none."""
    if month.target <= 0:
        raise ValueError(f"a month needs a target above 0, not {month.target:g}")
    output = policy.points.output * min(1.0, month.valid_units / month.target)
    quality = month.audit_pass * (1 - month.complaint_penalty) * month.on_time_callback
    points = (output, policy.points.quality * quality, policy.points.learning * month.learning)
    return Score(*points, coefficient=_coefficient(sum(points), policy))


def _coefficient(total: float, policy: SurveyorMonth) -> float:
    reached = round(total, 2)  # as it is printed: 90.00 is 90
    return next(step.coefficient for step in policy.coefficients if reached >= step.from_)
