"""What the comparison hands out: named differences, answers that are not what was meant, and how much was
compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from survey.masking import without_numbers


@cache
def kinds() -> Mapping[str, Mapping[str, str]]:
    """Every kind of difference by its stable name, with its meaning in `zh` and `en`."""
    body = yaml.safe_load((files("workers.agreement") / "kinds.yaml").read_text("utf-8"))
    return {str(name): dict(meaning) for name, meaning in body.items()}


@dataclass(frozen=True)
class Difference:
    """One thing on which ledger and database disagree.

    `where` names a call, text, attempt or interview, never a person or a number; `expected` is what the
    ledger (or the promise) asks for, `found` what stands in the database. Anything in them that looks like
    a telephone number is masked.
    """

    kind: str
    where: str
    expected: str
    found: str

    def __post_init__(self) -> None:
        if self.kind not in kinds():
            raise ValueError(
                f"difference of kind {self.kind!r} at {self.where}: name it in agreement/kinds.yaml"
            )
        for name in ("expected", "found"):
            object.__setattr__(self, name, without_numbers(getattr(self, name)))

    def __str__(self) -> str:
        return f"{self.kind} {self.where}: 应为 expected {self.expected}; 实为 found {self.found}"


@dataclass(frozen=True)
class IntentMismatch:
    """A resident who made no slip meant one answer, and another one is stored."""

    where: str
    question_id: str
    meant: str
    stored: str

    def __str__(self) -> str:
        return f"{self.where} {self.question_id}: 本意 meant {self.meant}; 记为 stored {self.stored}"


@dataclass(frozen=True)
class Agreement:
    """The outcome. `counts`: how many of each thing were compared."""

    differences: tuple[Difference, ...]
    intent_mismatches: tuple[IntentMismatch, ...]
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def agrees(self) -> bool:
        return not self.differences and not self.intent_mismatches

    @property
    def compared(self) -> int:
        """Rows of the ledger that were looked at; 0 means there was nothing to compare."""
        return self.counts.get("calls", 0) + self.counts.get("texts", 0)

    @property
    def by_kind(self) -> Mapping[str, int]:
        return dict(sorted(Counter(difference.kind for difference in self.differences).items()))

    def to_json(self) -> dict[str, Any]:
        """As plain values: counts, differences by kind with their meaning, and each one."""
        return {
            "agrees": self.agrees,
            "counts": dict(self.counts),
            "differences": len(self.differences),
            "intent_mismatches": len(self.intent_mismatches),
            "kinds": {kind: {"n": n, **kinds()[kind]} for kind, n in self.by_kind.items()},
            "each_difference": [vars(difference) for difference in self.differences],
            "each_intent_mismatch": [vars(mismatch) for mismatch in self.intent_mismatches],
        }
