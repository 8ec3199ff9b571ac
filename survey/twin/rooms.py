"""A room in which calls are connected, and who sits in it."""

from dataclasses import dataclass, field

from .ledger import Call
from .mind import Conversation, Resident
from .verbs import Conference


@dataclass(slots=True, eq=False)
class Seat:
    """A call in a room. `rings_off`: whoever holds that telephone puts it down."""

    call: Call
    resident: Resident
    ear: Conversation
    noun: Conference
    rings_off: bool = False


@dataclass(slots=True)
class Room:
    """`callback` and `events` are those of whoever opened it; `started`: two have been in it."""

    sid: str
    name: str
    account: str
    callback: str | None
    events: frozenset[str]
    seats: list[Seat] = field(default_factory=list)
    started: bool = False
    over: bool = False
    sequence: int = 0
