"""What the service ordered when it created a call: where to ask, what to report, how long to ring."""

from dataclasses import dataclass, field

from .ledger import Call


@dataclass(slots=True)
class CallOrder:
    """A call with its wishes. `over` is set by whoever ends it, and seen by the player when it next wakes; `origin` is
    the address at which the service reaches this carrier; `keys`: what the resident presses first, one at each prompt,
    before they act on their own."""

    call: Call
    url: str | None
    method: str = "POST"
    twiml: str | None = None
    status_callback: str | None = None
    status_events: frozenset[str] = frozenset({"completed"})
    timeout_s: float = 60.0
    time_limit_s: float = 14400.0
    origin: str = ""
    sequence: int = 0
    over: bool = False
    keys: list[str] = field(default_factory=list)
