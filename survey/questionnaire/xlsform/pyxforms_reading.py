"""The form as pyxform reads it, and its refusals with the cell they mean."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from pyxform.errors import PyXFormError
from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import DefinitionData

from survey.questionnaire.places import Place
from survey.questionnaire.xlsform.dropped import FormRefused, refused
from survey.questionnaire.xlsform.features import FEATURES
from survey.questionnaire.xlsform.headings import NAME, PARAMETERS, TYPE, Table
from survey.questionnaire.xlsform.kinds import understand
from survey.questionnaire.xlsform.sheets import CHOICES, SETTINGS, SURVEY, Book

Node: TypeAlias = dict[str, Any]

ROW: Final = "minyi_row"
"""A column that we add, so that every question and choice can say from which row it comes."""
_SHEETS: Final = (SURVEY, CHOICES, SETTINGS, "external_choices", "entities", "osm")

_AT_ROW: Final = re.compile(r"\[row : (\d+)\]")
_AT_SHEET: Final = re.compile(r"[Oo]n the '(\w+)' sheet|for sheet: '(\w+)'")
_AT_COLUMN: Final = re.compile(r"the '([\w:]+)' value")
_QUOTED: Final = re.compile(r"'([^']{1,200})'|\[([^\]:]{1,200})\]|: (\S{1,200})$|\$\{([^}]{1,200})\}")

_KEYS: Final = re.compile(r"([a-z-]+)\s*=")
_FINE: Final = re.compile(r"randomize\s*=\s*true(\W+seed\s*=\s*([\d.]+|\$\{[^}]+\}))?", re.IGNORECASE)
"""Parameters that no refusal without a row can mean."""


def as_pyxform_reads(book: Book, name: str) -> Node:
    """pyxform's description of the form: nested groups and questions, with normalised headings. Nothing is
    validated by another program. `name`: of the form, where it does not say. Raises FormRefused."""
    definition = DefinitionData(sheet_names=list(book.titles))
    for key in _SHEETS:
        sheet = book.sheets.get(key)
        if sheet is not None and (sheet.columns or key == SURVEY):
            marked = key in (SURVEY, CHOICES)
            setattr(
                definition,
                key,
                [_row(row, number if marked else None) for number, row in enumerate(sheet.rows)],
            )
            setattr(
                definition, f"{key}_header", [dict.fromkeys([*sheet.columns, *([ROW] if marked else [])])]
            )
    try:
        form: Node = workbook_to_json(definition, fallback_form_name=name, warnings=[])
    except RecursionError as error:
        place = Place(book.file)
        raise refused("nesting", place, FEATURES["nesting"].why, FEATURES["nesting"].remedy) from error
    except (
        Exception
    ) as error:  # PyXFormError where pyxform knows why, and KeyError and others where it stumbles
        raise _located(book, error) from error
    return form


def _row(cells: Mapping[str, str], number: int | None) -> dict[str, str]:
    return {**cells, ROW: str(number)} if cells and number is not None else dict(cells)


def _located(book: Book, error: Exception) -> FormRefused:
    feature = FEATURES["form"]
    said = str(error) if isinstance(error, PyXFormError) else f"{type(error).__name__}: {error}"
    context: Mapping[str, Any] = getattr(error, "context", {}) or {}
    place, column = _place(book, said, context)
    what = f"survey {column}".strip() if column in ("type", "name", "label") else column or "form"
    why = _AT_ROW.sub("", said).strip().splitlines()[0][:300] if said.strip() else feature.why
    return refused(what, place, f"{feature.why}: {_without_our_column(why)}", feature.remedy)


def _without_our_column(said: str) -> str:
    return re.sub(rf",? ?'?{ROW}'?: '?\d+'?", "", said)


def _place(book: Book, said: str, context: Mapping[str, Any]) -> tuple[Place, str]:
    sheet_said = _AT_SHEET.search(said)
    named = next((one for one in sheet_said.groups() if one), "") if sheet_said else ""
    key = str(context.get("sheet") or named or SURVEY)
    row_said = _AT_ROW.search(said)
    number = context.get("row") or (int(row_said[1]) if row_said else None)
    column_said = _AT_COLUMN.search(said)
    column = str(context.get("column") or (column_said[1] if column_said else ""))
    if key not in book.sheets:
        key = SURVEY
    if isinstance(number, int):
        rows = book.sheets[key].rows
        if 0 <= number - 2 < len(rows):
            return _cell(book, key, number - 2, column, said), column
    return _quoted(book, key, said, column)


def _cell(book: Book, key: str, row: int, column: str, said: str) -> Place:
    """The column that is meant; else the cell that holds what the message quotes; else the type."""
    headings = book.sheets[key].columns
    if column in headings:
        return book.place(key, row, column)
    cells = book.sheets[key].rows[row]
    quoted = _quotations(said)
    found = next((heading for heading, text in cells.items() if any(text == one for one in quoted)), None)
    table = Table(book, key) if key in (SURVEY, CHOICES, SETTINGS) else None
    if "Unmatched" in said:
        found = None
    meant = found or (
        table.heading((column,) if column else TYPE if key == SURVEY else NAME) if table else None
    )
    return book.place(key, row, meant if meant in cells else None)


def _quoted(book: Book, key: str, said: str, column: str) -> tuple[Place, str]:
    """No row is told: the first cell that holds what the message quotes."""
    quoted = [one for one in _quotations(said) if len(one) > 1]
    survey = Table(book, SURVEY)
    if "choices sheet" in said:
        means = [understand(survey.value(row, TYPE)) for row in range(len(survey.rows))]
        selects = [row for row, one in enumerate(means) if one is not None and one.choices]
        return survey.place(selects[0] if selects else None, TYPE), column
    for sheet in (key, SURVEY, CHOICES, SETTINGS):
        for row, cells in enumerate(book.sheets[sheet].rows if sheet in book.sheets else ()):
            for heading, text in cells.items():
                if text in quoted:
                    return book.place(sheet, row, heading), column or heading
        for heading in book.sheets[sheet].columns if sheet in book.sheets and "header" in said else ():
            if heading in quoted:
                return book.place(sheet, None, heading), "heading"
    for row in range(len(survey.rows)):
        given = survey.value(row, PARAMETERS)
        if any(one in said for one in _KEYS.findall(given)) and not _FINE.fullmatch(given):
            return survey.place(row, PARAMETERS), "parameters"
    return book.place(key), column


def _quotations(said: str) -> Sequence[str]:
    return [next(one for one in found if one) for found in _QUOTED.findall(said)]
