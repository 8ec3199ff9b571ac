"""Whether so many blocked calls, or so many people who want no more, are more than chance can explain at the policy's share."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import exp, lgamma, log, log1p

from pydantic import BaseModel, ConfigDict, PositiveInt

from survey.policies import packaged


class HealthPolicy(BaseModel):
    """The body of policy `health`; what each number means stands beside it in health.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    window_hours: PositiveInt
    least: PositiveInt
    most: dict[str, float]
    false_alarm: float


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


def ill(n: int, hits: Mapping[str, int], policy: HealthPolicy | None = None) -> Ill | None:
    """The first share that is over the policy beyond doubt; None: none is, or too few attempts were made to say.

    An exact one-sided binomial test: were the true share just `most`, so many hits or more would come with a chance under
    `false_alarm` (Clopper and Pearson 1934: the lower bound of the share lies above `most`). Each look is a test of its own.
    """
    rules = policy or health_policy()
    if n < rules.least:
        return None
    for code, most in rules.most.items():
        got = hits.get(code, 0)
        if got > most * n and chance_of_so_many(got, n, most) < rules.false_alarm:
            return Ill(code, got, n, most)
    return None


def chance_of_so_many(hits: int, n: int, share: float) -> float:
    """P(X >= hits) for X binomial (n, share), 0 < share < 1."""
    if hits <= 0:
        return 1.0
    logs = (
        lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(share) + (n - k) * log1p(-share)
        for k in range(hits, n + 1)
    )
    return min(1.0, sum(exp(one) for one in logs))
