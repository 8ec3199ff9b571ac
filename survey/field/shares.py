"""Who of those whose turn it is may go at this moment: within the tokens and lines of account, number and campaign. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from survey.field.caller_choice import number_for

Kind = Literal["channel", "account", "number", "campaign"]
Key = tuple[Kind, str]
_HAIR = 1e-9


@dataclass(frozen=True)
class Room:
    """What may still go: `tokens`, `lines`; None where there is no limit."""

    tokens: float | None = None
    lines: int | None = None

    def lets(self, cost: float, first: bool) -> bool:
        """Whether so much may go. The first of a batch may be longer than what is there, as it would never go otherwise: the
        bucket waits for it afterwards."""
        if self.lines is not None and self.lines < 1:
            return False
        if self.tokens is None or cost <= self.tokens + _HAIR:
            return True
        return first and self.tokens + _HAIR >= 1

    def without(self, cost: float) -> "Room":
        """What is left."""
        return Room(
            None if self.tokens is None else self.tokens - cost,
            None if self.lines is None else self.lines - 1,
        )


@dataclass(frozen=True)
class Wish:
    """A person whose turn it is. `last`: the number that called them last. `cost`: a call's one token, a text's segments."""

    person: int
    campaign: str
    last: str | None
    cost: float


@dataclass(frozen=True)
class OurNumber:
    """A number of ours that works."""

    number: str
    account: str
    rate: float


def deal_out(
    wishes: Sequence[Wish], numbers: Sequence[OurNumber], rooms: Mapping[Key, Room]
) -> dict[int, str | None]:
    """The persons who may go, each with the number that calls them (None where we have none of our own to choose from).

    Whoever has been called before is called from that number, and waits for it; the others are divided among those with room.
    """
    left, taken = dict(rooms), set[Key]()
    accounts = {one.number: one.account for one in numbers}
    goes: dict[int, str | None] = {}
    for wish in wishes:
        rates = {
            one.number: one.rate
            for one in numbers
            if one.number == wish.last or _fits(_of_number(one.number, one.account), wish.cost, left, taken)
        }
        number = number_for(wish.person, wish.last, rates)
        if number is None and numbers:
            continue
        keys: list[Key] = [("channel", ""), ("campaign", wish.campaign)]
        keys += _of_number(number, accounts.get(number or ""))
        if not _fits(keys, wish.cost, left, taken):
            continue
        for key in keys:
            taken.add(key)
            if key in left:
                left[key] = left[key].without(wish.cost)
        goes[wish.person] = number
    return goes


def _of_number(number: str | None, account: str | None) -> list[Key]:
    return [("number", number), ("account", account or "")] if number is not None else []


def _fits(keys: Sequence[Key], cost: float, left: Mapping[Key, Room], taken: set[Key]) -> bool:
    return all(left[key].lets(cost, key not in taken) for key in keys if key in left)
