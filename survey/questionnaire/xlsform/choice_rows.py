"""The sheet choices of an XLSForm that is being written, and the names of its lists."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from pyxform.constants import EXTERNAL_INSTANCE_EXTENSIONS

from survey.questionnaire.model import OTHER, Questionnaire
from survey.questionnaire.parts import Item, Option
from survey.questionnaire.xlsform.askable import attribute_column
from survey.questionnaire.xlsform.columns import Columns
from survey.questionnaire.xlsform.lists import ACKNOWLEDGE, OK
from survey.questionnaire.xlsform.naming import Names

_UNFIT: Final = re.compile(r"\s+|\$(?=\{)")
"""What pyxform reads as the end of a name, or as a reference."""


class Lists:
    """Lists by the names that they have in the form: those of the document, and those that the form needs besides."""

    def __init__(self, q: Questionnaire) -> None:
        self._q = q
        self._names: dict[str, str] = {}
        self.options: dict[str, Sequence[Option]] = {}
        used = dict.fromkeys(item.choices for item in q.items if item.choices is not None)
        for name in (
            *used,
            *sorted(set(q.choices) - set(used)),
        ):  # equal documents may hold them in another order
            options = q.choices[name]
            if name != ACKNOWLEDGE or options != (OK,):
                self._names[name] = self._free(name, fit=name in used)
                self.options[self._names[name]] = options

    def acknowledges(self, item: Item) -> bool:
        return item.kind == "select_one" and item.choices == ACKNOWLEDGE and ACKNOWLEDGE not in self._names

    def name(self, item: Item) -> str:
        return self._names[item.choices or ""]

    def with_other(self, item: Item) -> str:
        """A list like that of the item in which "other" is written out."""
        name = self._free(f"{self.name(item)}_or_other")
        self.options[name] = (*self._q.choices[item.choices or ""], OTHER)
        return name

    def of_ends(self, item: Item) -> str:
        """A list with the words for both ends of a scale; "" where an end has none."""
        if item.range is None or not item.range.low_label or not item.range.high_label:
            return ""
        ends = {str(item.range.low): item.range.low_label, str(item.range.high): item.range.high_label}
        for name, options in self.options.items():
            if name == name.lower() and {option.code: option.label for option in options} == ends:
                return name
        name = self._free(f"{item.id}_ends".lower())
        self.options[name] = tuple(Option(code=code, label=label) for code, label in ends.items())
        return name

    def _free(self, name: str, fit: bool = True) -> str:
        """A name that no list has yet; one that a question can name, if it must be `fit` for that."""
        free = _UNFIT.sub("_", name) if fit else name
        if fit and any(free.endswith(ending) for ending in EXTERNAL_INSTANCE_EXTENSIONS):
            free = free.replace(".", "_")
        while free in self.options:
            free += "_"
        return free


def choice_rows(lists: Lists, columns: Columns, theirs: Names) -> tuple[list[str], list[Mapping[str, str]]]:
    """Headings and rows."""
    every = {key for options in lists.options.values() for option in options for key in option.attributes}
    attributes = sorted(key for key in every if attribute_column((key,)))
    rows: list[Mapping[str, str]] = [
        {
            "list_name": name,
            "name": option.code,
            **{heading: theirs.ours(text) for heading, text in columns.cells("label", option.label).items()},
            **{key: text for key, text in option.attributes.items() if key in attributes},
        }
        for name, options in lists.options.items()
        for option in options
    ]
    return ["list_name", "name", *columns.headings("label"), *attributes], rows
