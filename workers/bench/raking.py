"""Raking a million respondents to four margins: ours beside the collapsed form in plain numpy, and beside ipfn.

The collapsed form counts the respondents of each combination of categories once and fits that table (performance.md §5). Both
are held to the same weights before anything is said. ipfn (PyPI) is measured where somebody has installed it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from time import perf_counter
from typing import Any, Final

import numpy as np

from survey.statistics.calibration import calibrate
from survey.statistics.calibration_checks import refuse_other_populations
from survey.statistics.margins import Margin, cells_of
from survey.statistics.sums import Codes, Floats
from workers.bench.dialogue import Progress
from workers.bench.outcome import Bar, Outcome, Series

CATEGORIES: Final = (200, 2, 6, 5)
"""Townships, sexes, ages, kinds of telephone."""
PEOPLE_EACH: Final = 5.0
AT_ONCE: Final = 7
"""Turns of a round: the fast sides take milliseconds. ipfn takes one of them, and what comes after it finds no warm memory."""
CLOSE: Final = 1e-8
SAME: Final = 1e-6
MOST_SWEEPS: Final = 200
BESIDE_NUMPY: Final = Bar(
    "collapsed", "民意 : 折叠 numpy ours : collapsed numpy", "ours", "numpy", "at_most", 2.0
)
BESIDE_IPFN: Final = Bar("ipfn", "ipfn : 民意 ipfn : ours", "ipfn", "ours", "at_least", 100.0)


class OtherWeights(RuntimeError):
    """Two sides came to different weights: their times say nothing."""


@dataclass(slots=True)
class _Sample:
    """codes: of each margin (n,); start: (n,); totals: of each margin."""

    codes: list[Codes]
    start: Floats
    totals: list[Floats]


def sample(people: int, seed: int) -> _Sample:
    """Respondents by chance, and totals that differ from them by up to a third."""
    rng = np.random.default_rng(seed)
    codes = [
        rng.choice(many, people, p=rng.dirichlet(np.full(many, 30.0))).astype(np.int64) for many in CATEGORIES
    ]
    start = rng.gamma(2.0, 2.0, people) + 1
    totals = []
    for one, many in zip(codes, CATEGORIES, strict=True):
        total = np.bincount(one, start, minlength=many) * rng.uniform(0.7, 1.3, many)
        totals.append(total * (people * PEOPLE_EACH / total.sum()))
    return _Sample(codes, start, totals)


def ours(given: _Sample) -> Floats:
    margins = [
        Margin(str(many), codes, [str(at) for at in range(many)], totals)
        for many, codes, totals in zip(CATEGORIES, given.codes, given.totals, strict=True)
    ]
    refuse_other_populations(margins)
    return calibrate(given.start, cells_of(margins), "raking").weights


def collapsed(given: _Sample) -> Floats:
    """Plain numpy: a table of cells, fitted margin by margin until no factor is further from 1 than CLOSE."""
    key = given.codes[0]
    for codes, many in zip(given.codes[1:], CATEGORIES[1:], strict=True):
        key = key * many + codes
    begun = np.bincount(key, given.start, minlength=int(np.prod(CATEGORIES))).reshape(CATEGORIES)
    table = begun.copy()
    axes = range(len(CATEGORIES))
    for _ in range(MOST_SWEEPS):
        far = 0.0
        for axis in axes:
            factor = given.totals[axis] / table.sum(axis=tuple(one for one in axes if one != axis))
            table *= factor.reshape([-1 if one == axis else 1 for one in axes])
            far = max(far, float(np.abs(factor - 1).max()))
        if far < CLOSE:
            break
    factors = np.divide(table, begun, out=np.ones_like(table), where=begun > 0).ravel()
    return np.asarray(given.start * factors[key])


def by_ipfn(given: _Sample) -> Floats:
    """As its README shows it, on a table of respondents."""
    pandas: Any = import_module("pandas")
    ipfn: Any = import_module("ipfn.ipfn")
    names = [f"m{many}" for many in CATEGORIES]
    table = pandas.DataFrame(dict(zip(names, given.codes, strict=True)) | {"total": given.start})
    totals = [
        pandas.Series(total, index=pandas.RangeIndex(len(total), name=name))
        for name, total in zip(names, given.totals, strict=True)
    ]
    fitted = ipfn.ipfn(table, totals, [[name] for name in names], convergence_rate=CLOSE).iteration()
    return np.asarray(fitted["total"], dtype=np.float64)


def ipfn_is_there() -> bool:
    """Whether somebody has installed it, and pandas."""
    return find_spec("ipfn") is not None and find_spec("pandas") is not None


@dataclass
class RakingBench:
    """One run. beside_ipfn: measured too; it takes some ten seconds a round."""

    people: int
    rounds: int
    show: Progress
    beside_ipfn: bool
    seconds: dict[str, list[float]] = field(default_factory=dict)

    @cached_property
    def sides(self) -> dict[str, Callable[[_Sample], Floats]]:
        found: dict[str, Callable[[_Sample], Floats]] = {"ours": ours, "numpy": collapsed}
        return found | ({"ipfn": by_ipfn} if self.beside_ipfn else {})

    def run(self) -> Outcome:
        """Raises OtherWeights."""
        total = self.rounds + 2
        self.show("people", 0, total)
        given = sample(self.people, 1)
        self.show("the same weights?", 1, total)
        first = {name: side(given) for name, side in self.sides.items()}
        for name, weights in first.items():
            far = float(np.max(np.abs(weights / first["numpy"] - 1)))
            if far > SAME:
                raise OtherWeights(f"{name} differs from collapsed numpy by {far:.2g} in a weight")
        for number in range(self.rounds):
            self.show(f"round {number + 1}", 2 + number, total)
            self._round(given)
        self.show("done", total, total)
        return self._outcome()

    def _round(self, given: _Sample) -> None:
        took: dict[str, list[float]] = {name: [] for name in self.sides}
        for turn in range(AT_ONCE):
            for name, side in self.sides.items():
                if name == "ipfn" and turn:
                    continue
                begun = perf_counter()
                side(given)
                took[name].append(perf_counter() - begun)
        for name, seconds in took.items():
            self.seconds.setdefault(name, []).append(median(seconds))

    def _outcome(self) -> Outcome:
        words = {"ours": "民意 ours", "numpy": "折叠 numpy collapsed numpy", "ipfn": "ipfn"}
        series = {name: Series(words[name], "s", tuple(took)) for name, took in self.seconds.items()}
        bars = [BESIDE_NUMPY, *([BESIDE_IPFN] if self.beside_ipfn else [])]
        return Outcome.of("raking", {"people": self.people, "margins": len(CATEGORIES)}, series, bars)
