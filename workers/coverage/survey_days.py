"""Thousands of days of one survey at once, as counts: strata x age-sex cells x answers, never person by person.

A day draws in each stratum, some respond, weights correct for who does; from each day comes what an analyst would have of it: the
estimate, its linearised variance, Kish's design effect, the number of answers, the degrees of freedom.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from survey.statistics.multiplicity import Floats

CELLS = 8
"""Four ages by two sexes."""
_STRATA = ((400, 24), (100, 12), (0, 8))
"""From so many expected answers on, so many townships, of 1,500 to 42,000 people."""
_CLASSES = ((160, 8), (80, 4), (40, 2), (0, 1))
"""From so many expected answers on, nonresponse is corrected in so many classes; fewer are collapsed (statistics.md §3.1)."""

Nonresponse = Literal["mar", "mnar"]


@dataclass(frozen=True)
class Design:
    """`values`: of the answers, 0 to 1; `shares`: their shares in the whole population; `n`: answers expected; `weight_cv`: of
    the base weights; `nonresponse`: by age and sex (mar), or by the answer itself (mnar), which no weight can mend."""

    values: tuple[float, ...]
    shares: tuple[float, ...]
    n: int
    weight_cv: float
    nonresponse: Nonresponse = "mar"


@dataclass(frozen=True)
class Days:
    """One entry a day, of those on which anybody answered; `truth`: what all of them estimate."""

    truth: float
    estimate: Floats
    variance: Floats
    deff: Floats
    n: Floats
    df: Floats

    @property
    def effective(self) -> float:
        """n over Kish's design effect, on average."""
        return float(np.mean(self.n / self.deff))


def days_of(design: Design, days: int, dice: np.random.Generator) -> Days:
    """So many independent days of this design."""
    people = np.geomspace(1500, 42000, next(count for least, count in _STRATA if design.n >= least))
    cell_people = people[:, None] * np.full(CELLS, 1 / CELLS)
    answers = _answers(design, people)
    truth = float(np.einsum("hc,hck,k->", cell_people, answers, design.values) / people.sum())
    willing = np.linspace(0.35, 0.65, CELLS)
    drawn = _drawn(design, people, float(willing.mean()))
    sampled = np.stack([dice.multinomial(n, np.full(CELLS, 1 / CELLS), size=days) for n in drawn], axis=1)
    counts = _responses(design, sampled, answers, willing, dice)
    base = people / drawn
    return _estimated(design, base, drawn, sampled, counts, truth)


def _answers(design: Design, people: Floats) -> Floats:
    """Shares of answers by stratum and cell, which come to `shares` over all: the first answer is likelier in some places."""
    tilt = np.linspace(-0.5, 0.5, len(people))[:, None] + np.linspace(0.3, -0.3, CELLS)[None, :]
    tilt = tilt - np.average(tilt.mean(axis=1), weights=people)
    shares = np.array(design.shares)
    room = 0.5 * min(shares[0], 1 - shares[0]) / np.abs(tilt).max()
    first = shares[0] + room * tilt
    rest = shares[1:] / shares[1:].sum()
    return np.concatenate([first[..., None], (1 - first[..., None]) * rest], axis=-1)


def _drawn(design: Design, people: Floats, response: float) -> NDArray[np.int64]:
    """People drawn in each stratum: at least two, in proportion to its people over a weight that varies with `weight_cv`."""
    spread = np.sqrt(np.log1p(design.weight_cv**2))
    # which strata are over-sampled has nothing to do with their size
    order = np.argsort(np.sin(7.0 * np.arange(len(people))))
    quantile = np.empty(len(people))
    quantile[order] = np.linspace(-1.5, 1.5, len(people))
    pull = people / np.exp(spread * quantile)
    return np.asarray(np.maximum(2, np.round(design.n / response * pull / pull.sum())), dtype=np.int64)


def _responses(
    design: Design, sampled: NDArray[np.int64], answers: Floats, willing: Floats, dice: np.random.Generator
) -> NDArray[np.int64]:
    """Answers given: days x strata x cells x answers."""
    if design.nonresponse == "mar":
        given = dice.binomial(sampled, np.broadcast_to(willing, sampled.shape))
        return np.asarray(dice.multinomial(given, answers[None]), dtype=np.int64)
    held = dice.multinomial(sampled, answers[None])
    by_answer = np.where(np.array(design.values) >= 0.5, 1.2, 0.6)
    return np.asarray(dice.binomial(held, np.minimum(0.95, willing[:, None] * by_answer)))


def _estimated(
    design: Design,
    base: Floats,
    drawn: NDArray[np.int64],
    sampled: NDArray[np.int64],
    counts: NDArray[np.int64],
    truth: float,
) -> Days:
    values = np.array(design.values)
    answered = counts.sum(axis=-1)
    weight = base[None, :, None] * _corrections(design.n, base, sampled, answered)[:, None, :]
    some = answered.sum(axis=(1, 2)) > 1
    counts, answered, weight = counts[some], answered[some], weight[some]
    total = np.sum(weight * answered, axis=(1, 2))
    estimate = np.sum(weight * (counts @ values), axis=(1, 2)) / total
    off = values - estimate[:, None, None, None]
    influence = weight / total[:, None, None]
    first = np.sum(influence * np.sum(counts * off, axis=-1), axis=2)
    second = np.sum(influence**2 * np.sum(counts * off**2, axis=-1), axis=2)
    # whoever did not answer stays in the design with an influence of 0
    variance = np.sum(drawn / (drawn - 1) * (second - first**2 / drawn), axis=1)
    n = answered.sum(axis=(1, 2)).astype(np.float64)
    kish = n * np.sum(weight**2 * answered, axis=(1, 2)) / total**2
    df = np.maximum(1.0, n - np.sum(answered.sum(axis=2) > 0, axis=1))
    return Days(truth, np.clip(estimate, 0, 1), np.maximum(variance, 0), kish, n, df)


def _corrections(n: int, base: Floats, sampled: NDArray[np.int64], answered: NDArray[np.int64]) -> Floats:
    """Factor a2 by day and cell: those drawn over those who answered, in classes of neighbouring cells."""
    classes = next(count for least, count in _CLASSES if n >= least)
    drawn_weight, answered_weight = (
        np.einsum("h,dhc->dc", base, one).reshape(len(one), classes, -1).sum(axis=2)
        for one in (sampled, answered)
    )
    factor = np.where(answered_weight > 0, drawn_weight / np.maximum(answered_weight, 1e-300), 1.0)
    return np.repeat(factor, CELLS // classes, axis=1)
