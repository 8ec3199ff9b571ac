"""Categories of a margin that are joined with a neighbour, as too few answered in them (statistics.md §3.1)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Joined:
    """`totals`: {joined category: people}, in the order of the categories; `of`: {category: the joined one that it is in};
    `joined`: how many categories are in one with others."""

    totals: Mapping[str, float]
    of: Mapping[str, str]

    @property
    def joined(self) -> int:
        """Categories that are not alone."""
        return len(self.of) - sum(1 for name in self.totals if name in self.of)


def joined_categories(totals: Mapping[str, float], respondents: Mapping[str, int], least: int) -> Joined:
    """The smallest one below `least` respondents goes to the smaller of its neighbours, until there is none: ages
    stay in order, and townships of like codes lie side by side. One category is left at least."""
    groups = [[name] for name in totals]

    def size(group: list[str]) -> int:
        return sum(respondents.get(name, 0) for name in group)

    while len(groups) > 1 and min(map(size, groups)) < least:
        at = min(range(len(groups)), key=lambda place: (size(groups[place]), place))
        beside = [place for place in (at - 1, at + 1) if 0 <= place < len(groups)]
        other = min(beside, key=lambda place: (size(groups[place]), place))
        first, second = sorted((at, other))
        groups[first : second + 1] = [groups[first] + groups[second]]
    names = {"+".join(group): group for group in groups}
    return Joined(
        {name: sum(totals[one] for one in group) for name, group in names.items()},
        {one: name for name, group in names.items() for one in group},
    )
