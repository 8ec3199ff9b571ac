"""The part of a form that pyxform is given: only what a phone may ask. What is left out cannot hinder the reading;
a question that is left out stays as a hidden value, so that references to it are still found."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from survey.questionnaire.xlsform.headings import (
    AUDIO,
    CALCULATION,
    CONSTRAINT,
    FILTER,
    HINT,
    LABEL,
    LIST_NAME,
    MESSAGE,
    NAME,
    PARAMETERS,
    RELEVANT,
    REQUIRED,
    TYPE,
    Key,
    Table,
)
from survey.questionnaire.xlsform.hostile import Row
from survey.questionnaire.xlsform.sheets import CHOICES, SETTINGS, SURVEY, Book
from survey.questionnaire.xlsform.words import guarded

KEPT: Final = (
    TYPE, NAME, LABEL, HINT, RELEVANT, CONSTRAINT, MESSAGE, REQUIRED, CALCULATION, FILTER, PARAMETERS, AUDIO,
)  # fmt: skip
"""Columns of the survey sheet that are carried over."""
TRANSLATED: Final = (LABEL, HINT, MESSAGE, AUDIO)
TITLE: Final[Key] = ("title",)
KEPT_SETTINGS: Final[tuple[Key, ...]] = (TITLE, ("id_string",), ("version",), ("default_language",))
AUDIT: Final = "audit"
"""A row that needs no name, and that nothing can name."""
_DUPLICATES: Final = ("allow_choice_duplicates",)
CHOICE_COLUMNS: Final = (LIST_NAME, NAME, LABEL)


def kept_column(key: Key) -> bool:
    return any(key == one or (one in TRANSLATED and key[:-1] == one) for one in KEPT)


def attribute_column(key: Key) -> bool:
    """Of the sheet choices: a column that a choice_filter may name."""
    return (
        len(key) == 1
        and key not in CHOICE_COLUMNS
        and bool(key[0])
        and " " not in key[0]
        and key[0] != "sms_option"
    )


def kept_choice_column(key: Key) -> bool:
    return key in CHOICE_COLUMNS or key[:-1] == LABEL or attribute_column(key)


def askable(book: Book, survey: Table, rows: Iterable[Row]) -> Book:
    choices, settings = Table(book, CHOICES), Table(book, SETTINGS)
    sheets = {SURVEY: book.sheets[SURVEY].with_rows(_survey_rows(survey, rows))}
    if CHOICES in book.sheets:
        sheets[CHOICES] = book.sheets[CHOICES].with_rows([_choice(choices, row) for row in _all(choices)])
    if SETTINGS in book.sheets:
        wanted = (*KEPT_SETTINGS, _DUPLICATES)
        sheets[SETTINGS] = book.sheets[SETTINGS].with_rows(
            [_only(settings, row, wanted.__contains__) for row in _all(settings)]
        )
    return book.with_sheets(sheets)


def _all(table: Table) -> range:
    return range(len(table.rows))


def _only(table: Table, row: int, wanted: Callable[[Key], bool]) -> Mapping[str, str]:
    return {
        heading: guarded(text) if _words(table.keys[heading]) else text
        for heading, text in table.rows[row].items()
        if wanted(table.keys[heading])
    }


def _choice(choices: Table, row: int) -> Mapping[str, str]:
    """pyxform stumbles over a choice without label, so it gets one; `lists` refuses it by what stands in the file."""
    cells, label = _only(choices, row, kept_choice_column), choices.heading(LABEL)
    return {label: "-", **cells} if cells and label is not None and not choices.filled(row, LABEL) else cells


def _words(key: Key) -> bool:
    return any(key[: len(one)] == one for one in (*TRANSLATED, TITLE))


def _survey_rows(survey: Table, rows: Iterable[Row]) -> list[Mapping[str, str]]:
    left: list[Mapping[str, str]] = [{} for _ in survey.rows]
    for row in rows:
        cells = _only(survey, row.number, kept_column)
        if held(survey, row):
            cells = {heading: text for heading, text in cells.items() if survey.keys[heading] == NAME}
            cells = {} if row.written == AUDIT else {**cells, str(survey.heading(TYPE)): "hidden"}
        elif not row.means.choices and row.means.kind != "scale":
            cells = {heading: text for heading, text in cells.items() if survey.keys[heading] != PARAMETERS}
        left[row.number] = cells
    return left


def held(survey: Table, row: Row) -> bool:
    """A row that pyxform sees only as a hidden value."""
    means = row.means
    if means.begins or means.ends or means.setting:
        return False
    if means.kind == "calculate" and not survey.value(row.number, CALCULATION):
        return True
    return means.kind is None and not means.fact
