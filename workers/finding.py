"""What the doctor says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "hint", "fault"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at. A hint hinders no demo; a fault does. `remedy` is empty when all is well."""

    subject: str
    level: Level
    said: str
    remedy: str = ""


def told(subject: str, error: Exception) -> Finding:
    """A fault that another part told in its own words, with the remedy as the last sentence."""
    said, stop, remedy = str(error).rpartition(". ")
    return Finding(subject, "fault", said, remedy) if stop else Finding(subject, "fault", remedy)
