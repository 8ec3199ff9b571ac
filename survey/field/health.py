"""Whether so many blocked calls, or so many people who want no more, are more than chance can explain at the policy's share.

It may be looked at after each attempt, for ever: the test is a supermartingale against the policy's share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from math import log, log1p

from numpy import logaddexp
from pydantic import BaseModel, ConfigDict, PositiveFloat, model_validator
from scipy.special import betaincc, betaln

from survey.policies import packaged


class HealthPolicy(BaseModel):
    """The body of policy `health`; what each number means stands beside it in health.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stretch_hours: PositiveFloat
    most: dict[str, float]
    outcomes: dict[str, tuple[str, ...]]
    of_number: tuple[str, ...]
    of_campaign: tuple[str, ...]
    false_alarm: float

    @model_validator(mode="after")
    def _each_is_counted(self) -> "HealthPolicy":
        named = {*self.of_number, *self.of_campaign}
        if not named <= self.most.keys() == self.outcomes.keys():
            raise ValueError(
                "most and outcomes name the same things, and of_number and of_campaign some of them"
            )
        return self


@cache
def health_policy() -> HealthPolicy:
    """The packaged policy."""
    return HealthPolicy.model_validate(packaged("survey.field", "health").body)


@dataclass(frozen=True)
class Ill:
    """A share that is too high: so many of `n` attempts came to `code`, where at most `most` of them may."""

    code: str
    hits: int
    n: int
    most: float


@dataclass(frozen=True)
class Stretch:
    """The attempts that are looked at: those dialled after `since`. `nth`: 1 in the first stretch since it was set going."""

    since: datetime
    nth: int


def stretch_at(now: datetime, going_since: datetime) -> Stretch:
    """The stretch in which `now` lies."""
    length = timedelta(hours=health_policy().stretch_hours)
    before = max(0, (now - going_since) // length)
    return Stretch(going_since + before * length, before + 1)


def ill(n: int, outcomes: Mapping[str, int], shares: Sequence[str], *, nth: int = 1) -> Ill | None:
    """The first of these shares that is over the policy beyond doubt, None if none is. `n` attempts of this stretch, the
    `nth`; those under way are among them and come to nothing yet, which makes an alarm later, never likelier.

    Over all looks of all stretches a false alarm has a chance of `false_alarm` at the most, at any true shares up to `most`.
    """
    rules = health_policy()
    alpha = rules.false_alarm / (nth * (nth + 1)) / len(shares)
    for code in shares:
        most = rules.most[code]
        hits = sum(outcomes.get(word, 0) for word in rules.outcomes[code])
        if hits and log_e_value(hits, n, most) >= -log(alpha):
            return Ill(code, hits, n, most)
    return None


WHY = {
    "blocked": "too many are blocked 拦截过多",
    "opted_out": "too many people want no more 退订过多",
    "complaint": "too many people complain 投诉过多",
}


def said(found: Ill) -> str:
    """Why something rests, as people read it."""
    return f"{WHY[found.code]}: {found.hits} of {found.n} attempts, at most {found.most * 100:g}% may"


def log_e_value(hits: int, n: int, share: float) -> float:
    """The logarithm of the evidence against "at most `share` of the attempts come to it", 0 < share < 1, hits <= n.

    The likelihood ratio against `share`, averaged over all larger shares (beta-binomial mixtures, cut off at `share`;
    Robbins 1970, Annals of Mathematical Statistics 41): half of it over all of them alike, half over those about
    thrice as large before others. Each ratio is a supermartingale at any true share up to `share`, so their average is, and
    begins at 1.
    """
    halves = (_log_mixture(hits, n, share, 1.0), _log_mixture(hits, n, share, flatness(share)))
    return float(logaddexp(*halves)) - log(2)


def _log_mixture(hits: int, n: int, share: float, b: float) -> float:
    """The same, averaged by a Beta(1, b)."""
    above = float(betaincc(1 + hits, b + n - hits, share))
    if above <= 0.0:
        return float("-inf")
    weighed = float(betaln(1 + hits, b + n - hits) - betaln(1, b)) + log(above) - b * log1p(-share)
    return weighed - hits * log(share) - (n - hits) * log1p(-share)


def flatness(share: float) -> float:
    """The second parameter of the Beta(1, b) whose mean is thrice the share; never below 1, all shares alike."""
    return max(1.0, 1 / (3 * share) - 1)
