"""Satisfaction with a result, in its three readings (domain.md §4.4). Where one is printed, all three are."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Satisfaction:
    """Counts of valid answers to C3, and the readings made of them. Shares in [0, 1]; None without a valid
    answer.
    """

    satisfied: int
    basically: int
    dissatisfied: int

    @property
    def valid(self) -> int:
        return self.satisfied + self.basically + self.dissatisfied

    @property
    def strict(self) -> float | None:
        """严口径: satisfied alone."""
        return self._share(self.satisfied)

    @property
    def half_weight(self) -> float | None:
        """半权: basically satisfied counts half."""
        return self._share(self.satisfied + 0.5 * self.basically)

    @property
    def broad(self) -> float | None:
        """宽口径: satisfied or basically satisfied."""
        return self._share(self.satisfied + self.basically)

    def _share(self, points: float) -> float | None:
        return points / self.valid if self.valid else None


def satisfaction(codes: list[str | None]) -> Satisfaction:
    """Count the answers to C3: "1" satisfied, "2" basically, "3" dissatisfied; anything else is no rating."""
    return Satisfaction(codes.count("1"), codes.count("2"), codes.count("3"))
