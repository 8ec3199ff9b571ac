"""What was answered to one question, and the named codes of an answer that is missing."""

from dataclasses import dataclass
from typing import Final

DK: Final = "dk"
REFUSED: Final = "refused"
NO_ANSWER: Final = "no_answer"
MISSING: Final = frozenset({DK, REFUSED, NO_ANSWER})
"""Codes of every question, whatever its own codes are; they never reach a mean."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`code`: one of the question's codes or of MISSING (several codes: in code order, parted by spaces);
    `text`: the resident's own words, for open questions only."""

    code: str | None = None
    text: str | None = None

    @property
    def valid(self) -> bool:
        """Said something that counts: a code of the question, or words."""
        return self.code not in MISSING if self.code is not None else self.text is not None

    @property
    def replied(self) -> bool:
        """Valid, or honestly "I can't say"; a refusal or silence is no reply."""
        return self.valid or self.code == DK
