"""What a disposition is called in a file: by group letter, by our own code, or by AAPOR's number."""

import re
import unicodedata
from functools import cache

from survey.field.dispositions import Group, dispositions
from survey.policies import packaged
from survey.statistics.outcome_rates import GROUPS

UNDIVIDED = "U"
"""Unknown eligibility that nobody divided into UH and UO. It is counted as UH: no rate tells the two apart."""
_AAPOR = re.compile(r"[1-4](\.\d{1,3})?")


class UnknownOutcome(ValueError):
    """A word that names no group; the message says what is taken."""

    def __init__(self) -> None:
        super().__init__(
            f"this is no disposition; write a group ({', '.join(GROUPS)}), a code of dispositions.yaml such as "
            "complete or no_answer, or AAPOR's number such as 2.112"
        )


def group_of(word: str) -> Group:
    """The group that a word names; case and width do not matter. Raises UnknownOutcome."""
    plain = unicodedata.normalize("NFKC", word).strip()
    if letters := group_letters(plain):
        return letters
    if row := dispositions().get(plain.lower()):
        return row.group
    return _by_number(plain)


def group_letters(word: str) -> Group | None:
    """The group of these letters; None where they are none."""
    letters = word.strip().upper()
    if letters == UNDIVIDED:
        return "UH"
    return letters if letters in GROUPS else None


@cache
def _by_number(number: str) -> Group:
    own = next((row.group for row in dispositions().values() if row.aapor == number), None)
    if own is not None:
        return own
    classes: dict[str, Group] = packaged("survey.field", "dispositions").body["classes"]
    if _AAPOR.fullmatch(number):
        for begins in sorted(classes, key=len, reverse=True):
            if number.startswith(begins):
                return classes[begins]
    raise UnknownOutcome
