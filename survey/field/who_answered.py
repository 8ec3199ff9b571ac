"""Who answered a call: a person or a machine. Pure: the same, in whatever order the signs came in."""

from typing import Final, Literal

Detection = Literal["none", "before", "beside"]
"""How the carrier is asked to find out who answered: not at all; before the first word (seconds of silence); beside it."""
Detected = Literal["human", "machine", "fax", "unknown"]
"""What the carrier makes of it."""
Answerer = Literal["person", "machine", "unknown"]

_WEIGHT: Final[dict[str, int]] = {"unknown": 1, "human": 2, "fax": 3, "machine": 4}


def heavier(before: str | None, word: str) -> str:
    """Of two words about one call the one that is kept, whichever came first: a carrier that ever said machine has said it."""
    return max(before, word, key=lambda one: _WEIGHT[one]) if before is not None else word


def who_answered(spoke: bool, detected: str | None) -> Answerer:
    """`spoke`: a key was pressed in this call, or words were understood; no machine does either, whatever the carrier says.
    Its word for a person proves nothing: it is wrong in a fifth to a third of the calls (peers.md §3, 19)."""
    if spoke:
        return "person"
    return "machine" if detected in ("machine", "fax") else "unknown"
