"""A fault of a campaign's document: where it stands, what is wrong, what to do."""

from dataclasses import dataclass
from typing import Literal

Step = str | int
Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Fault:
    """`path` leads to the key that is to blame; `why` says what is wrong, `remedy` what to do; both in Chinese beside it."""

    severity: Severity
    path: tuple[Step, ...]
    why: str
    remedy: str
    why_zh: str
    remedy_zh: str
