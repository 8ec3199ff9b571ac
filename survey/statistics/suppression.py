"""What is not published, and why: too few answers to protect persons, or too few to know anything (statistics.md §3.4).

The thresholds are policy `suppression` (suppression.yaml).
"""

from collections.abc import Mapping
from functools import cache
from typing import Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, NonNegativeFloat, PositiveFloat, PositiveInt, model_validator

from survey.policies import packaged
from survey.statistics.intervals import Interval

Kind = Literal["proportion", "mean", "ratio", "total"]
Reason = Literal[
    "empty", "private", "complementary", "few", "few_effective", "no_df", "wide", "relatively_wide"
]
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)


class Words(BaseModel):
    """A reason for readers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str


class SuppressionPolicy(BaseModel):
    """The body of policy `suppression`; what each number means stands beside it in suppression.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    private_n: PositiveInt
    least_n: Mapping[Kind, PositiveInt | None]
    least_n_eff: Mapping[Kind, PositiveInt | None]
    widest: PositiveFloat
    narrow: NonNegativeFloat
    widest_relative: PositiveFloat
    review_df: PositiveInt
    review_n_eff: PositiveInt
    words: Mapping[Reason, Words]

    @model_validator(mode="after")
    def _whole(self) -> "SuppressionPolicy":
        kinds = set(get_args(Kind))
        if not kinds == self.least_n.keys() == self.least_n_eff.keys() or set(REASONS) != self.words.keys():
            raise ValueError("least_n and least_n_eff name every kind of estimate, and words every reason")
        return self


@cache
def suppression_policy() -> SuppressionPolicy:
    """The packaged policy."""
    return SuppressionPolicy.model_validate(packaged("survey.statistics", "suppression").body)


def suppressed(
    kind: Kind,
    n: int,
    *,
    n_eff: float | None = None,
    share: float | None = None,
    interval: Interval | None = None,
) -> Reason | None:
    """Why an estimate is not published; None where it is.

    n: valid answers. n_eff: effective size, None where unknown. share, interval: of a proportion, in [0, 1], the interval
    always Korn and Graubard's, whichever is printed.
    """
    rules = suppression_policy()
    if n == 0:
        return "empty"
    if n < rules.private_n:
        return "private"
    if n < (rules.least_n[kind] or 0):
        return "few"
    # a design that is better than a simple one is no more than its answers
    if n_eff is not None and min(n_eff, n) < (rules.least_n_eff[kind] or 0):
        return "few_effective"
    if kind == "proportion" and share is not None and interval is not None:
        return _too_wide(share, interval, rules)
    return None


def _too_wide(share: float, interval: Interval, rules: SuppressionPolicy) -> Reason | None:
    width = interval.high - interval.low
    if width >= rules.widest:
        return "wide"
    if width > rules.narrow and width > rules.widest_relative * share:
        return "relatively_wide"
    return None


def needs_review(df: float | None, *, share: float | None = None, mean_n_eff: float | None = None) -> bool:
    """Whether somebody should look at a published figure: few degrees of freedom, a share of exactly 0 or 1, or a mean of a
    small effective size."""
    rules = suppression_policy()
    few = df is not None and df < rules.review_df
    thin = mean_n_eff is not None and mean_n_eff < rules.review_n_eff
    return few or thin or share in (0.0, 1.0)


def reason_words(reason: Reason) -> str:
    """A reason in both languages, Chinese first."""
    words = suppression_policy().words[reason]
    return f"{words.zh} {words.en}"
