"""PURE. What somebody who wants no contact has closed."""

from collections.abc import Mapping
from typing import Final

CLOSING: Final[Mapping[tuple[str, str], set[str]]] = {
    ("survey", "voice"): {"survey", "all"},
    ("survey", "text"): {"survey", "all", "text_channel"},
    ("survey", "operator"): {"survey", "all"},
    ("case", "voice"): {"case_call", "all"},
    ("case", "text"): {"case_text", "all", "text_channel"},
    ("case", "operator"): {"case_call", "all"},
}
"""Which opt-outs forbid a contact of this purpose by this mode (settled.md §4)."""
