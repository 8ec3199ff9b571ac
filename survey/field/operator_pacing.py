"""How many calls to place for operators who are to be connected: no more than there will be operators (progressive), or more by
the answer rate, with a cap on calls that a person answers and nobody takes (predictive). Pure: counts are arguments."""

from dataclasses import dataclass
from functools import cache
from math import floor

import numpy as np
from pydantic import BaseModel, ConfigDict, PositiveFloat, PositiveInt
from scipy.special import bdtrc, betaincinv

from survey.policies import packaged


class OperatorPacing(BaseModel):
    """The body of policy `operator_pacing`; what each number means stands beside it in operator_pacing.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    abandoned_at_most: PositiveFloat
    wait_s: PositiveFloat
    window_calls: PositiveInt
    doubt: PositiveFloat
    at_most_each: PositiveFloat


@cache
def operator_pacing() -> OperatorPacing:
    """The packaged policy."""
    return OperatorPacing.model_validate(packaged("survey.field", "operator_pacing").body)


@dataclass(frozen=True)
class Lately:
    """The last calls that ended: how many, and how many of them a person answered."""

    calls: int
    answered: int


@dataclass(frozen=True)
class Today:
    """The day so far: calls that a person answered, and those of them that no operator took in time."""

    answered: int
    abandoned: int


def progressive(free: int, under_way: int) -> int:
    """Calls to place: with those under way no more than there are operators for, so that nobody is left alone."""
    return max(0, free - under_way)


def predictive(free: int, under_way: int, lately: Lately, today: Today) -> int:
    """Calls to place, never fewer than progressive ones.

    With those under way they are as many as keep two things, at the upper bound of the answer rate: the share of answered calls
    that is abandoned is expected to be within the cap, and with all but `doubt` the day's observed share is within it after this
    batch. A day whose share is over the cap is progressive until further answers have brought it back.
    """
    rules, alone = operator_pacing(), progressive(free, under_way)
    over = may_be_abandoned(free, today)
    if free <= 0 or over < 0 or lately.calls <= 0:
        return alone
    rate = most_that_answer(lately)
    placed = free
    for n in range(free + 1, floor(rules.at_most_each * free) + 1):
        too_many = float(bdtrc(free + over, n, rate)) if free + over < n else 0.0
        if too_many > rules.doubt or expected_abandoned(n, free, rate) > rules.abandoned_at_most:
            break
        placed = n
    return max(alone, placed - under_way)


def may_be_abandoned(free: int, today: Today) -> int:
    """The most calls of this batch that may be abandoned, were all operators to get one; below 0: the day is over the cap."""
    cap = operator_pacing().abandoned_at_most
    if today.abandoned > cap * today.answered:
        return -1
    return floor((cap * (today.answered + free) - today.abandoned) / (1 - cap))


def most_that_answer(lately: Lately) -> float:
    """The upper bound of the answer rate (Clopper and Pearson), one-sided, at the policy's doubt."""
    if lately.answered >= lately.calls:
        return 1.0
    return float(betaincinv(lately.answered + 1, lately.calls - lately.answered, 1 - operator_pacing().doubt))


def expected_abandoned(calls: int, free: int, rate: float) -> float:
    """E[max(0, X - free)] / E[X] for X answered of `calls`, each with chance `rate`. It grows with the rate, so what holds at the
    upper bound holds below it."""
    if calls <= free or rate <= 0.0:
        return 0.0
    more = bdtrc(np.arange(free, calls), calls, rate)
    return float(more.sum()) / (calls * rate)
