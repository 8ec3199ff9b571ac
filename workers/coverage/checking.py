"""What a check of `minyi coverage` is, what it finds, and the bars that it is held to."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from pydantic import BaseModel, ConfigDict

from survey.policies import packaged


class Bars(BaseModel):
    """Body of bars.yaml, where each entry is explained."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    replicates: int
    alarm_days: int
    noise: float
    korn_graubard: float
    jeffreys: float
    index: float
    index_n_eff: float
    index_top_share: float
    difference: tuple[float, float]
    difference_n: int
    difference_rarer: float
    twin_days: int
    twin_coverage: float
    twin_width: float
    ranks: float
    arl_tolerance: float
    bulletins_with_a_false_claim: float
    dashboards_with_a_false_claim: float


@cache
def bars() -> Bars:
    """The packaged version."""
    return Bars.model_validate(packaged("workers.coverage", "bars").body)


@dataclass(frozen=True)
class Found:
    """One line of the table. `value` is held against `bar` (at least, or at most, or between), None where there is none: then the
    line is for information, and `note` says why. `ok`: None without a bar."""

    check: str
    cell: str
    value: float
    bar: str
    ok: bool | None
    note: str = ""


@dataclass(frozen=True)
class Effort:
    """How much is simulated: `share` of the full form, 1 for all of it. `allowance`: by how many standard errors of the
    simulation a share may miss its bar; 0 in the full form."""

    share: float = 1.0
    allowance: float = 0.0

    @property
    def replicates(self) -> int:
        return max(200, round(self.share * bars().replicates))

    @property
    def alarm_days(self) -> int:
        return round(self.share * bars().alarm_days)

    def slack(self, expected: float, count: int) -> float:
        """What a share that is `expected` may be off by."""
        return float(self.allowance * np.sqrt(expected * (1 - expected) / count))


@dataclass(frozen=True)
class Check:
    """A name and what runs it; the dice are its own, so that checks do not depend on each other."""

    name: str
    run: Callable[[Effort, np.random.Generator], list[Found]]


def at_least(check: str, cell: str, value: float, bar: float, slack: float = 0.0, note: str = "") -> Found:
    return Found(check, cell, value, f"≥ {bar:g}", value >= bar - slack, note)


def at_most(check: str, cell: str, value: float, bar: float, slack: float = 0.0, note: str = "") -> Found:
    return Found(check, cell, value, f"≤ {bar:g}", value <= bar + slack, note)


def between(
    check: str, cell: str, value: float, low: float, high: float, slack: float = 0.0, note: str = ""
) -> Found:
    return Found(check, cell, value, f"{low:g} – {high:g}", low - slack <= value <= high + slack, note)


def for_information(check: str, cell: str, value: float, note: str) -> Found:
    return Found(check, cell, value, "–", None, note)
