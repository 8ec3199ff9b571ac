"""What is said about a form: each thing that is not carried over, and why a form is refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from survey.questionnaire.places import Place

Effect: TypeAlias = Literal[
    "cell",
    "column",
    "sheet",
    "question",
    "otherwise",
    "group",
    "frame",
    "list",
    "option",
    "renamed",
    "form",
    "ours",
]

EFFECTS: Final[dict[Effect, str]] = {
    "cell": "asked without it",
    "column": "asked without the column",
    "sheet": "the sheet is not read",
    "question": "not asked",
    "otherwise": "asked otherwise",
    "group": "the whole group is not asked",
    "frame": "the group is left out, what stands in it stays",
    "list": "nothing is asked with this list",
    "option": "not offered as an option",
    "renamed": "stored under another name",
    "form": "the form is refused",
    "ours": "not written",
}
"""What becomes of the question, group, list or form at the place."""

MOST_TOLD: Final = 100
"""Faults that the message of a refusal spells out; all stand in its `faults`."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """One feature at one place: a cell (`survey!C7`), line and field of a text file, or a path of our document.
    `name`: of the question or group that it belongs to; "" for none."""

    feature: str
    place: Place
    why: str
    remedy: str
    effect: Effect
    name: str = ""

    def __str__(self) -> str:
        what = f"{self.feature} ({self.name})" if self.name else self.feature
        return f"{self.place}: {what}: {self.why} -> {EFFECTS[self.effect]}; {self.remedy}"


class FormRefused(ValueError):
    """The form is not taken. The message has a line for each fault: file, cell, feature, reason, remedy."""

    def __init__(self, faults: Iterable[Dropped]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults[:MOST_TOLD]]
        if len(self.faults) > MOST_TOLD:
            lines.append(f"and {len(self.faults) - MOST_TOLD} more")
        super().__init__("\n".join(lines))


def refused(feature: str, place: Place, why: str, remedy: str) -> FormRefused:
    """A refusal with one fault."""
    return FormRefused([Dropped(feature, place, why, remedy, "form")])
