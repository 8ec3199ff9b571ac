"""Each unit's solve rate as residents tell it, with its interval, beside what was planted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import fmean

from followup.suspicious import Weighed
from survey.twin.town import town
from workers.city.planted import CONTACTED_WHEN_WORKED_ON, unit_truth
from workers.quarter.plan import town_changes
from workers.quarter.scoring import Share

LEAST = 5
"""Answers below which a unit gets no line."""


@dataclass(frozen=True)
class UnitLine:
    """A unit's first rounds that claimed contact. `told`: residents who said "solved", of those who said whether, rated or not.
    A rating needs a "satisfied" beside a "solved", but none beside a "not solved": rated ones alone say "solved" less often.

    `expected`: the share that the planted truth makes of that; `solve_rate` and `false_closing`: the truth itself;
    `false_found`: the mean probability of a false closing by the detector.
    """

    unit: str
    solve_rate: float
    false_closing: float
    expected: float
    told: Share
    false_found: float

    @property
    def covered(self) -> bool:
        """Whether the interval holds the expected share."""
        interval = self.told.interval
        return interval is not None and interval.low <= self.expected <= interval.high


def unit_lines(seed: int, told: Mapping[str, Share], found: Iterable[Weighed]) -> Iterator[UnitLine]:
    """By unit. Only first rounds: in later ones units are watched, and falsify half as often."""
    looks: dict[str, list[float]] = defaultdict(list)
    for one in found:
        if one.closing.round == 1:
            looks[one.closing.unit_code].append(one.suspicion.probability)
    for unit, share in sorted(told.items()):
        if share.n < LEAST or not looks[unit]:
            continue
        truth = unit_truth(seed, unit)
        yield UnitLine(
            unit,
            truth.solve_rate,
            truth.false_closing,
            expected_solved(truth.solve_rate, truth.false_closing),
            share,
            fmean(looks[unit]),
        )


def expected_solved(solve_rate: float, false_closing: float) -> float:
    """The share of "solved" among residents of such a unit whose result claims contact."""
    shares = town(town_changes()).matters.solved
    worked_on, idle = shares["worked_on"]["yes"], shares["idle"]["yes"]
    honest = (1 - false_closing) * CLAIMS_HONESTLY
    said = honest * (solve_rate * worked_on + (1 - solve_rate) * idle) + false_closing * idle
    return said / (honest + false_closing)


CLAIMS_HONESTLY = CONTACTED_WHEN_WORKED_ON
"""Honest results whose unit did contact the resident; the others claim no contact and are not among these."""
