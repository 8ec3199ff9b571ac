"""What goes wrong on the way, switched on by shares; who is hit is a hash, never the order of events."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields

from .dice import uniform


@dataclass(frozen=True, slots=True)
class Faults:
    """Shares of events hit (0 to 1). `status_*` are per status webhook, `text_*` per inbound text,
    `gather_response_lost` per key webhook, `recording_repeat` per webhook of a recording (to its action, and its
    status), `transcript_*` per transcript, `api_5xx` and `hang_after_create` per create request."""

    seed: int = 0
    status_repeat: float = 0.0
    status_reorder: float = 0.0
    status_delay: float = 0.0
    status_loss: float = 0.0
    text_repeat: float = 0.0
    text_loss: float = 0.0
    gather_response_lost: float = 0.0
    recording_repeat: float = 0.0
    transcript_delay: float = 0.0
    transcript_loss: float = 0.0
    api_5xx: float = 0.0
    hang_after_create: float = 0.0

    def hit(self, fault: str, *what: object) -> bool:
        """Whether this fault befalls this event, named by number and count."""
        share: float = getattr(self, fault)
        return share > 0 and uniform(self.seed, "fault", fault, *what) < share


USUAL: Mapping[str, float] = {
    "status_repeat": 0.02,
    "status_reorder": 0.02,
    "status_delay": 0.02,
    "status_loss": 0.005,
    "text_repeat": 0.02,
    "text_loss": 0.005,
    "gather_response_lost": 0.01,
    "recording_repeat": 0.02,
    "transcript_delay": 0.02,
    "transcript_loss": 0.01,
    "api_5xx": 0.01,
    "hang_after_create": 0.003,
}


def parse_faults(text: str, seed: int) -> Faults:
    """`off`, `on` (the usual shares), or a JSON object of shares, which may be empty.

    Raises ValueError naming the fault that is unknown or the share that is none."""
    shares = {"": {}, "off": {}, "on": dict(USUAL)}.get(text.strip())
    if shares is None:
        shares = json.loads(text)
    known = {field.name for field in fields(Faults)} - {"seed"}
    for name, share in shares.items():
        if name not in known:
            raise ValueError(f"unknown fault {name!r} in --faults; known are {', '.join(sorted(known))}")
        if not isinstance(share, int | float) or not 0 <= share <= 1:
            raise ValueError(f"fault {name!r} wants a share between 0 and 1, not {share!r}")
    return Faults(seed=seed, **shares)
