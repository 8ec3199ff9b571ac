"""PURE. One row of a call sheet as it is keyed in: a token, a key of the desk, and for an appointment the moment.

3K 2
5M l 明天下午3点
"""

from dataclasses import dataclass
from typing import Final

from survey.desk_keys import ANSWERED, LATER, OUTCOMES, PUT_BACK

_KEYS: Final = {
    **{key.key: key.means for key in OUTCOMES if key.means != ANSWERED},
    "x": "declined",
    "X": "declined_hard",
    "s": "stop",
    "l": LATER,
    PUT_BACK: "cancelled",
}


@dataclass(frozen=True)
class Row:
    """What came of one call. `words`: when they want to be called, of an appointment; else ""."""

    token: str
    means: str
    words: str


def read_row(line: str) -> Row | None:
    """None: it names no token and key, or has words too many."""
    token, _, rest = line.strip().partition(" ")
    key, _, words = rest.strip().partition(" ")
    means = _KEYS.get(key)
    if not token or means is None or (words.strip() and means != LATER):
        return None
    return Row(token.upper(), means, words.strip())
