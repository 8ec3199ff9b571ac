"""What really happens to the cases of a simulated quarter: drawn by hash, so that the same seed plants the same truth.

Nothing of the service reads this. It is told to the residents, acted on by the units, and compared at the end.
"""

from dataclasses import dataclass

from workers.city import planted
from workers.city.draws import chance, uniform
from workers.quarter.plan import planted as plants

BRIDGED = "bridged"


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a case. `proof`: how the claim of contact is borne out, None where none is claimed.

    `hours`: working hours from signing to the result.
    """

    worked_on: bool
    contacted: bool
    false_closing: bool
    proof: str | None
    hours: float

    @property
    def claims_contact(self) -> bool:
        return self.contacted or self.false_closing


def round_truth(seed: int, key: str, unit_code: str, round_no: int) -> Round:
    """What `unit_code` does for the case in round 1, 2, …; the draws depend on (seed, case, round) alone."""
    work = planted.work(seed, key, unit_code, round_no)
    claims = work.contacted or work.false_closing
    shares = plants().claims.falsely if work.false_closing else plants().claims.honestly
    return Round(
        worked_on=work.worked_on,
        contacted=work.contacted,
        false_closing=work.false_closing,
        proof=_fall(shares, seed, "proof", key, round_no) if claims else None,
        hours=_hours(seed, key, round_no, false=work.false_closing),
    )


def _hours(seed: int, key: str, round_no: int, *, false: bool) -> float:
    work = plants().work
    quick = false and chance(work.falsely.quick, seed, "quick", key, round_no)
    span = work.falsely if quick else work.honestly
    return span.low + (span.high - span.low) * uniform(seed, "hours", key, round_no)


def _fall(shares: object, *words: object) -> str:
    """The key into whose share the draw falls; shares sum to one."""
    assert isinstance(shares, dict)
    left = uniform(*words)
    for key, share in shares.items():
        left -= share
        if left < 0:
            return str(key)
    return str(key)
