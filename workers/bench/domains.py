"""Thousands of domains in one go, with their standard errors, beside plain numpy that computes the same and nothing more.

The plain pass counts by domain, and by domain and stratum: weighted means, linearised variances. Ours gives besides how many
answered, degrees of freedom, the effect of the weights, and what a simple random sample would have known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

import numpy as np

from survey.statistics.design import Design
from survey.statistics.domain_estimates import ONE, Variable, estimate_domains
from survey.statistics.sums import Codes, Floats
from workers.bench.dialogue import Progress
from workers.bench.outcome import Bar, Outcome, Series

STRATA: Final = 40
AT_ONCE: Final = 5
"""Passes in one measurement: one alone takes milliseconds."""
SAME: Final = 1e-9
BARS: Final = (Bar("pass", "民意 : numpy 一遍 ours : one numpy pass", "ours", "numpy", "at_most", 3.0),)


class OtherFigures(RuntimeError):
    """The sides came to different figures: their times say nothing."""


@dataclass(frozen=True)
class _Answers:
    domain: Codes
    stratum: Codes
    weight: Floats
    y: Floats


def ours(given: _Answers, domains: int) -> tuple[Floats, Floats]:
    """From the columns on: a design has nothing in it that was computed before."""
    rows = len(given.y)
    design = Design(given.stratum, np.arange(rows), given.weight, given.weight)
    found = estimate_domains(design, Variable(given.y, ONE), given.domain, domains)
    return found.value, found.variance


def plain(given: _Answers, domains: int) -> tuple[Floats, Floats]:
    """Four counts over the rows."""
    weight = np.bincount(given.domain, given.weight, minlength=domains)
    mean = np.bincount(given.domain, given.weight * given.y, minlength=domains) / weight
    z = given.weight * (given.y - mean[given.domain]) / weight[given.domain]
    key, many = given.domain * STRATA + given.stratum, domains * STRATA
    first = np.bincount(key, z, minlength=many).reshape(domains, STRATA)
    second = np.bincount(key, z * z, minlength=many).reshape(domains, STRATA)
    n = np.bincount(given.stratum, minlength=STRATA)
    return mean, (second - first * first / n) @ (n / (n - 1))


@dataclass
class DomainsBench:
    """One run."""

    rows: int
    domains: int
    rounds: int
    show: Progress
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def run(self) -> Outcome:
        """Raises OtherFigures."""
        rng = np.random.default_rng(1)
        given = _Answers(
            rng.integers(0, self.domains, self.rows),
            rng.integers(0, STRATA, self.rows),
            rng.gamma(2.0, 2.0, self.rows) + 1,
            (rng.random(self.rows) < 0.8).astype(np.float64),
        )
        for one, other in zip(ours(given, self.domains), plain(given, self.domains), strict=True):
            if not np.allclose(one, other, rtol=SAME, atol=0.0):
                raise OtherFigures(f"figures differ by {float(np.max(np.abs(one / other - 1))):.2g}")
        for number in range(self.rounds):
            self.show(f"round {number + 1}", number, self.rounds)
            for name, side in (("ours", ours), ("numpy", plain)):
                begun = perf_counter()
                for _ in range(AT_ONCE):
                    side(given, self.domains)
                self.seconds.setdefault(name, []).append((perf_counter() - begun) / AT_ONCE)
        self.show("done", self.rounds, self.rounds)
        words = {"ours": "民意 ours", "numpy": "numpy 一遍 one numpy pass"}
        series = {name: Series(words[name], "s", tuple(took)) for name, took in self.seconds.items()}
        sizes = {"rows": self.rows, "domains": self.domains, "strata": STRATA}
        return Outcome.of("domains", sizes, series, BARS)
