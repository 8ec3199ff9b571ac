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
    """`code`: one of the question's codes or of MISSING (several codes: in code order, parted by spaces), or a
    number, a date (2026-03-09), a moment (2026-03-09T15:00) in its one canonical spelling; `text`: the
    resident's own words; `recording`: the carrier's id of what they said, until somebody has written it down.
    The last two are for open questions only."""

    code: str | None = None
    text: str | None = None
    recording: str | None = None

    @property
    def valid(self) -> bool:
        """Said something that counts: a code of the question, or words."""
        if self.code is not None:
            return self.code not in MISSING
        return self.text is not None or self.recording is not None

    @property
    def replied(self) -> bool:
        """Valid, or honestly "I can't say"; a refusal or silence is no reply."""
        return self.valid or self.code == DK
