"""What the service ordered when it created a call: where to ask, what to report, how long to ring."""

from dataclasses import dataclass, field

from .ledger import Call


@dataclass(frozen=True, slots=True)
class Detection:
    """That the carrier is to find out who answered: a machine at once or at the end of its greeting (`until_end`), before
    the first document is asked for or in the background, with the result posted to `callback`. Seconds: `timeout_s` after
    which it gives up, `silence_s` of silence after which it cannot tell."""

    until_end: bool
    timeout_s: float = 30.0
    silence_s: float = 5.0
    background: bool = False
    callback: str | None = None


@dataclass(slots=True)
class CallOrder:
    """A call with its wishes. `over` is set by whoever ends it, and seen by the player when it next wakes; `origin` is
    the address at which the service reaches this carrier; `keys`: what the resident presses first, one at each prompt,
    before they act on their own; `wish`: what a resident rings the centre for."""

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
    detection: Detection | None = None
    wish: str | None = None
