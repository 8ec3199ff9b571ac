"""Weights up to calibration, each step a factor of its own: base, unknown eligibility, nonresponse (statistics.md §3.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, PositiveFloat, PositiveInt

from survey.policies import packaged
from survey.statistics.sums import Codes, Floats, sums

Group = Literal["I", "P", "R", "NC", "O", "UH", "UO", "NE"]
GROUPS: Final[tuple[Group, ...]] = get_args(Group)
ELIGIBLE: Final = ("I", "P", "R", "NC", "O")
UNKNOWN: Final = ("UH", "UO")
RESPONDED: Final = "I"


class WeightingError(ValueError):
    """Weights that cannot be made; the message names the class, the reason and the remedy."""


class WeightingPolicy(BaseModel):
    """The body of policy `weighting`; what each number means stands beside it in weighting.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    least_in_category: PositiveInt
    least_in_class: PositiveInt
    largest_factor: PositiveFloat
    cap_iqr: PositiveFloat
    cap_mean: PositiveFloat
    cycles: PositiveInt
    kish_flag: PositiveFloat


@cache
def weighting_policy() -> WeightingPolicy:
    """The packaged policy."""
    return WeightingPolicy.model_validate(packaged("survey.statistics", "weighting").body)


@dataclass(frozen=True)
class ClassOf:
    """One class of the nonresponse adjustment: cases by group, and the two factors (1 and 0 where nobody is left)."""

    name: str
    cases: Mapping[Group, int]
    unknown: float
    nonresponse: float

    @property
    def told(self) -> bool:
        """Whether somebody should look: too few respondents, or a factor that is too large."""
        rules = weighting_policy()
        few = self.cases[RESPONDED] < rules.least_in_class
        return any(self.cases.values()) and (few or self.nonresponse > rules.largest_factor)


@dataclass(frozen=True)
class ResponseFactors:
    """Factors by case, (n,): 0 for whoever leaves at that step. unknown: a1, of everybody whose eligibility is known, the not
    eligible among them; nonresponse: a2, of respondents."""

    unknown: Floats
    nonresponse: Floats
    responded: NDArray[np.bool_]
    classes: tuple[ClassOf, ...]


def base_weights(population: Floats, drawn: Floats) -> Floats:
    """N_h / n_h, by case. Raises WeightingError where n_h is 0 or more than N_h."""
    if np.any(drawn <= 0) or np.any(population < drawn):
        at = int(np.flatnonzero((drawn <= 0) | (population < drawn))[0])
        raise WeightingError(
            f"row {at + 1}: {drawn[at]:g} drawn of a population of {population[at]:g}; drawn must be above 0 and no more "
            "than the population"
        )
    return population / drawn


def response_factors(base: Floats, group: Codes, classes: Codes, names: Sequence[str]) -> ResponseFactors:
    """The factors of every case. base: (n,) base weights; group: (n,) places in GROUPS; classes: (n,) places in names.

    a1 of a class: all its base weight over that of known eligibility; a2: eligible over responded, both with a1. Raises
    WeightingError for a class with eligible cases and no respondent.
    """
    at, many = classes * len(GROUPS) + group, len(names) * len(GROUPS)
    weight = sums(at, many, base).reshape(-1, len(GROUPS))
    cases = sums(at, many).reshape(-1, len(GROUPS))
    of = {one: place for place, one in enumerate(GROUPS)}
    unknown = weight[:, [of[one] for one in UNKNOWN]].sum(axis=1)
    eligible = weight[:, [of[one] for one in ELIGIBLE]].sum(axis=1)
    responded = weight[:, of[RESPONDED]]
    known = eligible + weight[:, of["NE"]]
    _refuse_silent_classes(eligible, known, unknown, responded, names)
    first = np.divide(known + unknown, known, out=np.zeros(len(names)), where=known > 0)
    second = np.divide(eligible, responded, out=np.zeros(len(names)), where=responded > 0)
    is_known = ~np.isin(group, [of[one] for one in UNKNOWN])
    answered = group == of[RESPONDED]
    return ResponseFactors(
        unknown=np.where(is_known, first[classes], 0.0),
        nonresponse=np.where(answered, second[classes], 0.0),
        responded=answered,
        classes=tuple(
            ClassOf(
                name,
                {one: int(cases[place, of[one]]) for one in GROUPS},
                float(first[place]),
                float(second[place]),
            )
            for place, name in enumerate(names)
        ),
    )


def _refuse_silent_classes(
    eligible: Floats, known: Floats, unknown: Floats, responded: Floats, names: Sequence[str]
) -> None:
    if not responded.any():
        return  # nothing can be estimated, and nothing is
    silent = np.flatnonzero(((eligible > 0) & (responded == 0)) | ((unknown > 0) & (known == 0)))
    if len(silent):
        named = "、".join(names[int(at)] for at in silent[:5])
        raise WeightingError(
            f"nonresponse class {named}: nobody responded, so nobody can stand for it; join it with a like class"
        )


def kish(weights: Floats) -> float:
    """Kish's design effect of unequal weights: n Σw² / (Σw)²."""
    return float(len(weights) * (weights @ weights) / weights.sum() ** 2)
