"""The score of a centre (中心得分, domain.md §4.6): 100 points for its own work, made of counts; and that of a year.
Pure.

How satisfied residents are is no part of it. What was not measured is neither given nor lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import hypot
from statistics import fmean

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, model_validator

from survey.policies import packaged
from survey.statistics.intervals import korn_graubard
from survey.statistics.suppression import suppression_policy

WHOLE = 100.0


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(_Frozen):
    """What is counted, of what, and what it is worth."""

    id: str
    points: float = Field(gt=0)
    full_at: float = Field(default=1.0, gt=0, le=1)
    sampled: bool = False
    answers: bool = False
    zh: str
    en: str
    base_zh: str
    base_en: str


class BlockRule(_Frozen):
    """One of the systems, with its parts."""

    id: str
    zh: str
    en: str
    parts: tuple[Part, ...] = Field(min_length=1)


class Finding(_Frozen):
    """What a thing that somebody found takes off: points, or everything."""

    points: float = Field(default=0.0, ge=0)
    veto: bool = False
    zh: str
    en: str


class Annual(_Frozen):
    """Weights of the parts of a year."""

    quarters: float = Field(ge=0, le=1)
    inspection: float = Field(ge=0, le=1)


class CentrePolicy(_Frozen):
    """The body of policy `centre_score`."""

    least_measured: float
    completes_a_quarter: PositiveInt
    parts_of_day: PositiveInt
    fewest_tries: PositiveInt
    blocks: tuple[BlockRule, ...]
    findings: Mapping[str, Finding]
    annual: Annual

    @model_validator(mode="after")
    def _whole(self) -> CentrePolicy:
        points = sum(part.points for block in self.blocks for part in block.parts)
        if points != WHOLE or self.annual.quarters + self.annual.inspection != 1:
            raise ValueError(
                f"centre_score: the parts come to {points:g} points, not 100, or a year not to 1"
            )
        return self


@cache
def centre_policy() -> CentrePolicy:
    """The packaged policy."""
    return CentrePolicy.model_validate(packaged("followup.assessment", "centre_score").body)


@dataclass(frozen=True)
class Measure:
    """So many of so many. Of nothing nothing is known."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        """In [0, 1]; None of nothing."""
        return min(self.part / self.whole, 1.0) if self.whole else None


@dataclass(frozen=True)
class PartScore:
    """Points that a part brings, between `low` and `high`; None where it was not measured."""

    part: Part
    measure: Measure
    points: float | None
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True)
class BlockScore:
    """`points` of the `measured` ones."""

    block: BlockRule
    parts: Sequence[PartScore]

    @property
    def measured(self) -> float:
        """Points that could be had, of what was measured."""
        return sum(one.part.points for one in self.parts if one.points is not None)

    @property
    def points(self) -> float:
        """Points that were had."""
        return sum(one.points for one in self.parts if one.points is not None)


@dataclass(frozen=True)
class CentreScore:
    """`earned`: of 100, out of what was measured. `deducted`, `vetoed`: for findings. `total`: what is left, with its
    interval; None where too little was measured."""

    blocks: Sequence[BlockScore]
    measured: float
    earned: float | None
    deducted: float
    vetoed: bool
    total: float | None
    low: float | None
    high: float | None


def score(
    measures: Mapping[str, Measure], findings: Sequence[str], policy: CentrePolicy | None = None
) -> CentreScore:
    """`measures`: by "block.part"; `findings`: kinds of what was found, one for each time. Raises KeyError for a
    measure that is missing and for an unknown kind."""
    rules = policy or centre_policy()
    blocks = [
        BlockScore(block, [_part(part, measures[f"{block.id}.{part.id}"]) for part in block.parts])
        for block in rules.blocks
    ]
    measured = sum(block.measured for block in blocks)
    found = [rules.findings[kind] for kind in findings]
    deducted, vetoed = sum(one.points for one in found), any(one.veto for one in found)
    if measured < rules.least_measured:
        return CentreScore(blocks, measured, None, deducted, vetoed, None, None, None)
    scale = WHOLE / measured
    earned = scale * sum(block.points for block in blocks)
    down, up = _reach(blocks)
    left = [
        _left(points, deducted, vetoed) for points in (earned, earned - scale * down, earned + scale * up)
    ]
    return CentreScore(blocks, measured, earned, deducted, vetoed, *left)


def _part(part: Part, measure: Measure) -> PartScore:
    share = measure.share
    if share is None or (part.answers and measure.whole < suppression_policy().private_n):
        return PartScore(part, measure, None)
    low, high = korn_graubard(share, measure.whole) if part.sampled else (share, share)
    return PartScore(
        part, measure, *(part.points * min(one / part.full_at, 1.0) for one in (share, low, high))
    )


def _reach(blocks: Sequence[BlockScore]) -> tuple[float, float]:
    """How far the sum of the points reaches down and up: the parts are independent of each other."""
    known = [
        (one.points, one.low, one.high) for block in blocks for one in block.parts if one.points is not None
    ]
    return hypot(*(points - low for points, low, _ in known)), hypot(
        *(high - points for points, _, high in known)
    )


def _left(points: float, deducted: float, vetoed: bool) -> float:
    return 0.0 if vetoed else min(max(points - deducted, 0.0), WHOLE)


def annual(quarters: Sequence[float], inspection: float, policy: CentrePolicy | None = None) -> float:
    """The score of a year out of those of its quarters and of the inspection. Raises ValueError without a quarter."""
    if not quarters:
        raise ValueError("a year has no score without that of a quarter")
    weights = (policy or centre_policy()).annual
    return weights.quarters * fmean(quarters) + weights.inspection * inspection


def counted(findings: Sequence[str]) -> Mapping[str, int]:
    """How often each kind was found, in the order of the policy."""
    numbers = Counter(findings)
    return {kind: numbers[kind] for kind in centre_policy().findings if numbers[kind]}
