"""What is known about a closing, as values of the items of evidence of policy `false_closing`. Pure."""

from collections.abc import Mapping
from typing import Final

from followup.casework.false_closing import MISSING, Policy, policy

CODES: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "contacted": ("C1", {"1": "said", "2": "denied"}),
    "solved": ("C2", {"1": "solved", "2": "partly", "3": "unsolved"}),
    "satisfied": ("C3", {"1": "satisfied", "2": "fairly", "3": "dissatisfied"}),
    "pressed": ("C6", {"1": "unpressed", "2": "pressed"}),
}
"""Items of evidence that are answers of the callback, by their codes; a missing code of any kind says nothing."""


def evidence(
    answers: Mapping[str, str | None],
    *,
    words: str | None = None,
    confirmed: Mapping[str, str | None] | None = None,
    proof: str = MISSING,
    working_hours: float | None = None,
    round_: int = 1,
    by: Policy | None = None,
) -> dict[str, str]:
    """The values of one callback's evidence.

    `answers`: codes by question; `words`: what was said to C5; `confirmed`: codes of the call by a person that followed,
    None without one; `proof`: bridged, dated, bare, or missing where none is asked for (confidential and anonymous
    cases); `working_hours`: from dispatch to the claimed result.
    """
    rules = by or policy()
    said = {
        item: codes.get(answers.get(question) or "", MISSING) for item, (question, codes) in CODES.items()
    }
    question, codes = CODES["contacted"]
    return said | {
        "confirmed": codes.get((confirmed or {}).get(question) or "", MISSING),
        "words": said_in(words, rules),
        "proof": proof,
        "pace": _pace(working_hours, rules),
        "round": "first" if round_ == 1 else "later",
    }


def said_in(words: str | None, by: Policy | None = None) -> str:
    """Whether a resident's own words speak of nobody who came, of somebody, or of nothing changed."""
    heard = (words or "").lower()
    groups = (by or policy()).words
    return next((group for group, marks in groups.items() if any(m in heard for m in marks)), MISSING)


def _pace(hours: float | None, rules: Policy) -> str:
    if hours is None:
        return MISSING
    return "quick" if hours < rules.quick_below_hours else "ordinary"
