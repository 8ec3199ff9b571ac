"""From an XLSForm to our document."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePath
from typing import Any, Final

from pydantic import ValidationError
from pyxform.constants import SUPPORTED_SHEET_NAMES

from survey.questionnaire.loader import told_faults
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.places import Place, Step
from survey.questionnaire.xlsform.askable import askable
from survey.questionnaire.xlsform.circles import refuse_circles
from survey.questionnaire.xlsform.conditions import Conditions
from survey.questionnaire.xlsform.context import Context
from survey.questionnaire.xlsform.dropped import Dropped, FormRefused, refused
from survey.questionnaire.xlsform.features import FEATURES
from survey.questionnaire.xlsform.headings import LABEL, NAME, Table
from survey.questionnaire.xlsform.hostile import rows_of
from survey.questionnaire.xlsform.languages import Languages
from survey.questionnaire.xlsform.listing import dropped, in_order
from survey.questionnaire.xlsform.lists import ACKNOWLEDGE, OK, Choices, choices_of
from survey.questionnaire.xlsform.lost_cells import lost_columns
from survey.questionnaire.xlsform.naming import Names
from survey.questionnaire.xlsform.opening import open_book
from survey.questionnaire.xlsform.pyxforms_reading import as_pyxform_reads
from survey.questionnaire.xlsform.settings import Settings, languages_of, settings_of
from survey.questionnaire.xlsform.settling import Settled, settle
from survey.questionnaire.xlsform.sheets import CHOICES, Book
from survey.questionnaire.xlsform.walking import audits, drafts, walk

_ID_IN_FAULT: Final = re.compile(
    r"\b(?:relevant of|calculation of|the id|item) (\S+?)[:,]? |^questionnaire \S+: (\S+) -> "
)
_SHEETS_LEFT: Final = {"external_choices": "external_choices", "entities": "entities", "osm": "osm tags"}


@dataclass(frozen=True)
class Conversion:
    """`dropped`: what the form has and the document has not, in the order of the form. `places`: where items,
    blocks and options of the document stand in the form, by path: ("items", 3, "relevant")."""

    questionnaire: Questionnaire
    dropped: tuple[Dropped, ...]
    places: Mapping[tuple[Step, ...], Place]

    def place(self, path: Sequence[Step]) -> Place:
        """Of the value at this path, or the nearest one around it that there is."""
        steps = tuple(path)
        while steps not in self.places:
            steps = steps[:-1]
        return self.places[steps]


def read_form(data: bytes, name: str, *, lang: str | None = None) -> Conversion:
    """`name`: of the file; it tells the kind of a text (.csv, .md) and stands in every place. `lang`: the language
    of labels that have none, by default told by their letters. Raises FormRefused, and nothing else."""
    try:
        return _read(data, name, lang)
    except FormRefused:
        raise
    except Exception as error:  # a form that nobody foresaw must not end a process
        why = f"it cannot be understood ({type(error).__name__})"
        raise refused("form", Place(name), why, "save it anew, or tell us of it") from error


def _read(data: bytes, name: str, lang: str | None) -> Conversion:
    book = open_book(data, name)
    survey, choices = Table(book, "survey"), Table(book, CHOICES)
    rows = rows_of(survey)
    refuse_circles(survey, rows)
    form = as_pyxform_reads(askable(book, survey, rows), code_of_file(name))
    settings = settings_of(form, Table(book, "settings"))
    languages = languages_of(settings, survey, rows, choices, lang)
    walked = walk(form, {row.number: row for row in rows})
    names = Names(walked.renamed)
    lists = choices_of(form, choices, languages, names)
    context = Context(survey, languages, names, lists, Conditions(names))
    settled = settle(drafts(context, walked), lists.missing)
    left = (
        settled.dropped,
        audits(survey, rows),
        lists.found,
        settings.lost,
        lost_columns(survey),
        _sheets(book),
    )
    found = in_order(one for some in left for one in some)
    if context.conditions.faults:
        raise FormRefused(in_order(context.conditions.faults))
    if not any(draft.fields["kind"] not in ("note", "calculate") for draft in settled.items):
        nothing = dropped("nothing to ask", survey.place(None, LABEL))
        raise FormRefused([nothing, *found])
    places = _places(name, settled, lists, choices, settings, languages)
    try:
        document = Questionnaire.model_validate(_document(settings, settled, lists, context))
    except ValidationError as error:
        raise FormRefused(_faults(error, places, settled)) from error
    return Conversion(document, found, places)


def code_of_file(name: str) -> str:
    """The code of a form that does not say its own."""
    return re.sub(r"\s+", "_", PurePath(name).stem.strip())[:128] or "form"


def _document(settings: Settings, settled: Settled, lists: Choices, context: Context) -> dict[str, Any]:
    items = [{"id": draft.id, "block": _last(draft.inside), **draft.fields} for draft in settled.items]
    asked_in = {tag for item in items for tag in item.get("prompt", ())}
    options = dict(lists.options)
    if any(item.get("choices") == ACKNOWLEDGE for item in items):
        options[ACKNOWLEDGE] = (OK,)
    first = context.languages.tags[0]
    return {
        "code": settings.code,
        "version": settings.version,
        "title": {first: {"any": settings.title}},
        "languages": tuple(tag for tag in context.languages.tags if tag in asked_in),
        "language_names": context.languages.names,
        "may_know": tuple(dict.fromkeys(settled.facts)),
        "choices": options,
        "items": items,
        "blocks": [{"id": one.id, "block": _last(one.inside), **one.fields} for one in settled.blocks],
    }


def _last(inside: Sequence[str]) -> str | None:
    return inside[-1] if inside else None


def _sheets(book: Book) -> Iterable[Dropped]:
    for key, feature in _SHEETS_LEFT.items():
        if key in book.sheets and book.sheets[key].rows:
            yield dropped(feature, book.place(key), feature=f"sheet {book.sheets[key].title}")
    for title, place in book.titles.items():
        known = title.lower() in SUPPORTED_SHEET_NAMES or title.startswith("_")
        if not known and get_close_matches(title.lower()[:60], SUPPORTED_SHEET_NAMES, 1, 0.75):
            yield dropped("sheet with another name", place, feature=f"sheet {title[:60]}")
    for sheet in book.sheets.values():
        if sheet.unread is not None:
            yield dropped("rows after empty rows", Place(book.file, cell=f"{sheet.title}!A{sheet.unread}"))


def _places(
    file: str, settled: Settled, lists: Choices, choices: Table, settings: Settings, languages: Languages
) -> Mapping[tuple[Step, ...], Place]:
    places: dict[tuple[Step, ...], Place] = {(): Place(file), **settings.places}
    for key, parts in (("items", settled.items), ("blocks", settled.blocks)):
        for number, part in enumerate(parts):
            places[(key, number)] = part.place
            places.update({(key, number, *path): place for path, place in part.places.items()})
    for name, rows in lists.rows.items():
        places[("choices", name)] = choices.place(rows[0], NAME)
        for number, row in enumerate(rows):
            places[("choices", name, number)] = choices.place(row, NAME)
            places[("choices", name, number, "label")] = choices.place(row, LABEL)
            for language, place in choices.places_of(row, LABEL):
                tag = languages.tag(language or languages.default)
                places[("choices", name, number, "label", tag)] = place
    return places


def _faults(
    error: ValidationError, places: Mapping[tuple[Step, ...], Place], settled: Settled
) -> list[Dropped]:
    """The sentences of our own document, at the cells that they mean."""
    by_id = {draft.id: draft for draft in settled.items}
    faults = []
    for path, told in told_faults(error):
        steps = tuple(path)
        while steps not in places:
            steps = steps[:-1]
        place = places[steps]
        named = _ID_IN_FAULT.search(told)
        draft = by_id.get(next(one for one in named.groups() if one)) if named is not None else None
        if draft is not None:
            place = draft.place
            if "->" in told:
                place = draft.places.get(("relevant",)) or draft.places.get(("calculation",)) or place
        why, _, remedy = told.partition("; ")
        faults.append(
            dropped(
                "document",
                place,
                feature=_called(told),
                why=why,
                remedy=remedy or FEATURES["document"].remedy,
            )
        )
    return faults


def _called(told: str) -> str:
    return "circle of conditions" if "->" in told else "document"
