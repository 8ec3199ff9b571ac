"""The truth behind the closed cases: how honest each unit is, and which cases were really worked on.

Nothing of the service reads this. A rehearsal tells it to the residents and compares it with what was found.
"""

from dataclasses import dataclass

from workers.city.draws import chance, uniform

SOLVE_RATE = (0.55, 0.95)  # lowest and highest of any unit
FALSE_CLOSING = (0.0, 0.2)
CONTACTED_WHEN_WORKED_ON = 0.95
LATER_ROUNDS_ARE_WATCHED = 0.5  # factor on a unit's false closings once a case came back


@dataclass(frozen=True, slots=True)
class UnitTruth:
    """`false_closing` is a share of results, `solve_rate` one of the results that are no false closings."""

    unit_code: str
    solve_rate: float
    false_closing: float


@dataclass(frozen=True, slots=True)
class Work:
    """What a unit did in one round of a case. A false closing claims contact that never was."""

    worked_on: bool
    contacted: bool
    false_closing: bool


def unit_truth(seed: int, unit_code: str) -> UnitTruth:
    return UnitTruth(
        unit_code,
        solve_rate=_between(SOLVE_RATE, seed, "solve rate", unit_code),
        false_closing=_between(FALSE_CLOSING, seed, "false closing", unit_code),
    )


def work(seed: int, case_no: str, unit_code: str, round_no: int) -> Work:
    """What `unit_code` did for the case in round 1, 2, …; draws depend on (seed, case, round) alone."""
    truth = unit_truth(seed, unit_code)
    false_share = truth.false_closing * (1.0 if round_no == 1 else LATER_ROUNDS_ARE_WATCHED)
    if chance(false_share, seed, "false", case_no, round_no):
        return Work(worked_on=False, contacted=False, false_closing=True)
    return Work(
        worked_on=chance(truth.solve_rate, seed, "solved", case_no, round_no),
        contacted=chance(CONTACTED_WHEN_WORKED_ON, seed, "contacted", case_no, round_no),
        false_closing=False,
    )


def _between(limits: tuple[float, float], *words: object) -> float:
    low, high = limits
    return low + (high - low) * uniform(*words)
