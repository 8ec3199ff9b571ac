"""The month of a surveyor: a score of 100 from output, quality and learning, and the coefficient it brings (domain.md §4.7).

What residents answered is no part of it: nobody is paid for satisfied residents.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from survey.policies import packaged


class NotPayable(ValueError):
    """What is entered for a month cannot be paid on; the message says for whom, and why."""


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
    not_audited: tuple[Literal["centre", "spread"], ...]

    @model_validator(mode="after")
    def _has_a_last_resort(self) -> SurveyorMonth:
        if "spread" not in self.not_audited:
            raise ValueError(
                "not_audited: `spread` has to be among them; there may be no audit in all of the centre"
            )
        return self


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
    """What a month is judged by. All but the units are shares in [0, 1]; `complaint_penalty` is taken off the quality.
    `audit_pass`: None where nothing is known of it, of anybody."""

    valid_units: float
    target: float
    audit_pass: float | None
    complaint_penalty: float
    on_time_callback: float
    learning: float


@dataclass(frozen=True)
class Score:
    """Points of each part, and the coefficient of the performance pay that their sum brings. `quality`: None where its points
    went to the other parts."""

    output: float
    quality: float | None
    learning: float
    coefficient: float

    @property
    def total(self) -> float:
        """Of 100."""
        return self.output + (self.quality or 0.0) + self.learning


def score(month: Month, policy: SurveyorMonth) -> Score:
    """Output counts up to the target and no further. Raises NotPayable for a target that is none."""
    if month.target <= 0:
        raise NotPayable(f"a month needs a target above 0, not {month.target:g}")
    points = policy.points
    output, learning = (
        points.output * min(1.0, month.valid_units / month.target),
        points.learning * month.learning,
    )
    if month.audit_pass is None:
        more = 1 + points.quality / (points.output + points.learning)
        return _scored(output * more, None, learning * more, policy)
    quality = month.audit_pass * (1 - month.complaint_penalty) * month.on_time_callback
    return _scored(output, points.quality * quality, learning, policy)


def _scored(output: float, quality: float | None, learning: float, policy: SurveyorMonth) -> Score:
    return Score(output, quality, learning, _coefficient(output + (quality or 0.0) + learning, policy))


def _coefficient(total: float, policy: SurveyorMonth) -> float:
    reached = round(total, 2)  # as it is printed: 90.00 is 90
    return next(step.coefficient for step in policy.coefficients if reached >= step.from_)
