"""Sheets with their headings understood as pyxform understands them: `relevance` is ("bind", "relevant")."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from pyxform import aliases
from pyxform.parsing.sheet_headers import clean_text_values, process_header
from pyxform.question import MultipleChoiceQuestion, Option
from pyxform.survey import Survey

from survey.questionnaire.places import Place
from survey.questionnaire.xlsform.dropped import refused
from survey.questionnaire.xlsform.sheets import CHOICES, SETTINGS, SURVEY, Book

Key: TypeAlias = tuple[str, ...]

LABEL: Final[Key] = ("label",)
HINT: Final[Key] = ("hint",)
TYPE: Final[Key] = ("type",)
NAME: Final[Key] = ("name",)
RELEVANT: Final[Key] = ("bind", "relevant")
CONSTRAINT: Final[Key] = ("bind", "constraint")
MESSAGE: Final[Key] = ("bind", "jr:constraintMsg")
REQUIRED: Final[Key] = ("bind", "required")
READ_ONLY: Final[Key] = ("bind", "readonly")
CALCULATION: Final[Key] = ("bind", "calculate")
FILTER: Final[Key] = ("choice_filter",)
PARAMETERS: Final[Key] = ("parameters",)
AUDIO: Final[Key] = ("media", "audio")
COUNT: Final[Key] = ("control", "jr:count")
LIST_NAME: Final[Key] = ("list name",)

_ALIASES: Final[Mapping[str, Mapping[str, object]]] = {
    SURVEY: aliases.survey_header,
    CHOICES: aliases.list_header,
    SETTINGS: aliases.settings_header,
}
_COLUMNS: Final[Mapping[str, frozenset[str]]] = {
    SURVEY: frozenset(MultipleChoiceQuestion.get_slot_names()),
    CHOICES: frozenset(Option.get_slot_names()),
    SETTINGS: frozenset(Survey.get_slot_names()),
}


def _without_language(key: Key) -> bool:
    base = next((one for one in (LABEL, HINT, MESSAGE, AUDIO) if key[: len(one)] == one), None)
    return base is not None and (len(key) > len(base) + 1 or not all(key))


class Table:
    """One sheet of a form; a form without this sheet has an empty one."""

    def __init__(self, book: Book, key: str) -> None:
        self._book, self._key = book, key
        sheet = book.sheets.get(key)
        self.rows: Sequence[Mapping[str, str]] = sheet.rows if sheet is not None else ()
        self.columns: Mapping[str, int] = sheet.columns if sheet is not None else {}
        double = any("::" in heading for heading in self.columns)
        self.keys: Mapping[str, Key] = {
            heading: process_header(heading, double, _ALIASES[key], _COLUMNS[key])[1]
            for heading in self.columns
        }
        for heading, one in self.keys.items():
            if _without_language(one):
                place = book.place(key, None, heading)
                raise refused(
                    "heading", place, f"{heading} names no language, or too many", "write label::English (en)"
                )
        self._headings: dict[Key, str] = {}
        self._begun: dict[Key, list[str]] = {}
        for heading, one in self.keys.items():
            self._headings.setdefault(one, heading)

    def heading(self, key: Key) -> str | None:
        """The heading of exactly this column, or of the first language of it."""
        return self._headings.get(key) or next(iter(self.headings(key)), None)

    def headings(self, key: Key) -> list[str]:
        """All columns that begin with the key: a text in each of its languages."""
        found = self._begun.get(key)
        if found is None:
            found = [heading for heading, one in self.keys.items() if one[: len(key)] == key]
            self._begun[key] = found
        return found

    def value(self, row: int, key: Key) -> str:
        """As pyxform cleans it: trimmed, blanks joined, quotes straightened; "" where nothing stands."""
        heading = self._headings.get(key)
        raw = self.rows[row].get(heading, "") if heading is not None else ""
        return clean_text_values(raw, strip_whitespace=True) if raw else ""

    def filled(self, row: int, key: Key) -> bool:
        return any(heading in self.rows[row] for heading in self.headings(key))

    def places_of(self, row: int, key: Key) -> Iterator[tuple[str, Place]]:
        """Words in each of their languages: (language, place); "" for the column without one."""
        for heading in self.headings(key):
            if heading in self.rows[row]:
                yield "".join(self.keys[heading][len(key) :]), self._book.place(self._key, row, heading)

    def overwritten(self, row: int) -> Iterator[str]:
        """Headings of words that pyxform does not see, because a column without language stands to their right."""
        for base in (LABEL, HINT):
            plain = self._headings.get(base)
            if plain is not None and plain in self.rows[row]:
                right = self.columns[plain]
                yield from (
                    one for one in self.headings(base) if one in self.rows[row] and self.columns[one] < right
                )

    def cells(self, row: int) -> Iterator[tuple[str, Key]]:
        """(heading, key) of each cell in the row that is not empty."""
        return ((heading, self.keys[heading]) for heading in self.rows[row])

    def place(self, row: int | None, key: Key = ()) -> Place:
        """Of the cell; where the row leaves it empty or the sheet lacks it, of the first one in the row."""
        filled = self.rows[row] if row is not None else self.columns
        heading = next((one for one in self.headings(key) if one in filled), None) if key else None
        return self._book.place(self._key, row, heading)

    def place_of(self, row: int | None, heading: str) -> Place:
        return self._book.place(self._key, row, heading)
