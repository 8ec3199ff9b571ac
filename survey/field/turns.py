"""Whose turn it is among campaigns: each as often as its weight, and none waits for another. Pure.

Start-time fair queueing (Goyal, Vin and Cheng 1997, IEEE/ACM Transactions on Networking 5): while two campaigns both have people
waiting, what they got, over their weights, differs by less than one unit of each, however the batches fall.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Served:
    """A unit that went: its campaign, the campaign's weight, and whether it waited for a turn (others go before all turns)."""

    campaign: int
    weight: float
    in_turn: bool = True


@dataclass
class Turns:
    """`now`: the turn that is being given out. `passed`: the turn of each campaign's next unit; those not in it are new."""

    now: float = 0.0
    passed: dict[int, float] = field(default_factory=dict)

    def of(self, campaign: int, nth: int, weight: float) -> float:
        """The turn of a campaign's `nth` unit, from 0, among those that wait; the least goes first. CLAIM_DUE orders by this."""
        return max(self.now, self.passed.get(campaign, 0.0)) + nth / weight

    def serve(self, served: Iterable[Served]) -> None:
        """These have gone, in this order."""
        begun = self.now
        for one in served:
            turn = max(begun, self.passed.get(one.campaign, 0.0))
            self.passed[one.campaign] = turn + 1 / one.weight
            if one.in_turn:
                self.now = max(self.now, turn)
