"""Names that mean something else in Minyi, and names that stand in two groups: ours for theirs, and theirs for ours."""

import re
from collections.abc import Collection, Mapping
from typing import Final

from survey.questionnaire.integrity import ALWAYS_KNOWN
from survey.questionnaire.parts import NAME

RESERVED: Final = ALWAYS_KNOWN | {
    "centre",
    "signature",
    "staff_no",
    "check_number",
    "query_code",
    "recorded",
    "case_short",
    "result",
    "frame",
    "contact_claimed",
    "townships",
    "high",
    "low",
    "high_label",
    "low_label",
    "key",
    "label",
    "points",
    "notice_topic",
    "notice_number",
}
"""Facts, and what the sentences of every interview pipe in: an answer of this name would be said in their place."""

TOP: Final = "form"
"""What a question that stands in no group is called by, where its name is taken."""
_REFERENCE: Final = re.compile(r"\$\{\s*([^\s{}]+)\s*\}")
_NAME: Final = re.compile(NAME)


class Names:
    """Their names as ours, in expressions and texts."""

    def __init__(self, renamed: Mapping[str, str]) -> None:
        self._renamed = renamed

    def ours(self, text: str) -> str:
        """The text with every `${name}` that is called otherwise here."""
        if not self._renamed or "${" not in text:
            return text
        return _REFERENCE.sub(self._changed, text)

    def _changed(self, found: re.Match[str]) -> str:
        name = self._renamed.get(found[1])
        return f"${{{name}}}" if name is not None else found[0]


def our_name(theirs: str, around: str | None, taken: Collection[str]) -> str:
    """A name that is free here. `around`: the group that it stands in."""
    name = f"{theirs}_" if theirs in RESERVED else theirs
    if name not in taken:
        return name
    inside = f"{around or TOP}.{theirs}"
    return next(one for n in range(10_000) if (one := f"{inside}_{n}" if n else inside) not in taken)


def their_name(ours: str, around: str | None, all_names: Collection[str]) -> str:
    """The name that XLSForm had, if `our_name` made this one."""
    if ours.endswith("_") and ours[:-1] in RESERVED and ours[:-1] not in all_names:
        return ours[:-1]
    inner = ours.removeprefix(f"{around or TOP}.")
    return inner if inner != ours and (inner in all_names or f"{inner}_" in all_names) else ours


def fits(name: str) -> bool:
    return len(name) <= 128 and _NAME.fullmatch(name) is not None
