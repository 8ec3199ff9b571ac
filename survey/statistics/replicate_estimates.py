"""The estimates of every replicate of a jackknife, each with the weights made anew from the first step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from survey.statistics.calibration_checks import Infeasible
from survey.statistics.domain_estimates import Variable, domain_values
from survey.statistics.replicates import jackknife, replicate_variance
from survey.statistics.sums import Codes, Floats
from survey.statistics.weighing import Weighing
from survey.statistics.weighting import WeightingError

Progress = Callable[[int, int], None]


class Asked(NamedTuple):
    """A variable, and the domains to estimate it in, by respondent."""

    variable: Variable
    domain: Codes
    domains: int


@dataclass(frozen=True)
class ReplicateEstimates:
    """values: for each that was asked (R, D); scales: (R,)."""

    values: Sequence[Floats]
    scales: Floats

    @classmethod
    def of(cls, weighing: Weighing, asked: Sequence[Asked], show: Progress) -> ReplicateEstimates:
        """JKn over the first-stage units of the whole sample, those who did not respond among them: the factors for unknown
        eligibility and nonresponse and the calibration are done again for each. show: replicates done, and all.

        Raises DesignError, WeightingError and Infeasible where a replicate cannot be weighted.
        """
        many = len(weighing.sample.unit_stratum)
        values: list[list[Floats]] = [[] for _ in asked]
        scales: list[float] = []
        for times, scale in jackknife(weighing.sample):
            weights = cls._weights(weighing, times, len(scales))
            for kept, (variable, domain, domains) in zip(values, asked, strict=True):
                kept.append(domain_values(weights, variable, domain, domains))
            scales.append(scale)
            show(len(scales), many)
        empty = [np.zeros((0, one.domains)) for one in asked]
        stacked = [np.array(kept) if kept else none for kept, none in zip(values, empty, strict=True)]
        return cls(stacked, np.array(scales))

    @staticmethod
    def _weights(weighing: Weighing, times: Floats, unit: int) -> Floats:
        try:
            return weighing.again(times)
        except (Infeasible, WeightingError) as error:
            stratum = weighing.sample.name(int(weighing.sample.unit_stratum[unit]))
            raise type(error)(f"jackknife, one unit of stratum {stratum} left out: {error}") from None

    def variance(self, which: int) -> Floats:
        """(D,) of what was asked at this place."""
        return replicate_variance(self.values[which], self.scales)

    def difference(self, which: int, b: int, a: int) -> float:
        """The variance of the estimate of domain b less that of domain a."""
        values = self.values[which]
        return float(replicate_variance((values[:, b] - values[:, a])[:, None], self.scales)[0])
