"""Title, code, version and languages of a form."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyxform.constants import LOOP, REPEAT

from survey.questionnaire.places import Place, Step
from survey.questionnaire.xlsform.askable import KEPT_SETTINGS, TRANSLATED
from survey.questionnaire.xlsform.dropped import Dropped
from survey.questionnaire.xlsform.headings import LABEL, Key, Table
from survey.questionnaire.xlsform.hostile import Row
from survey.questionnaire.xlsform.languages import UNNAMED, Languages, detected
from survey.questionnaire.xlsform.listing import dropped
from survey.questionnaire.xlsform.words import unguarded

_CODE: Final = re.compile(r"\S{1,128}")
_UNREAD: Final = frozenset({REPEAT, LOOP})
MOST_VERSION: Final = 2**31 - 1


@dataclass
class Settings:
    code: str
    title: str
    version: int
    default_language: str
    lost: list[Dropped]
    places: dict[tuple[Step, ...], Place]
    _sheet: Table

    def lose_language(self) -> None:
        self.lost.append(dropped("default_language", _place(self._sheet, ("default_language",))))


def settings_of(form: Mapping[str, Any], sheet: Table) -> Settings:
    lost = [
        dropped("setting", sheet.place_of(0, heading), feature=f"setting {heading[:60]}")
        for heading, key in (sheet.cells(0) if sheet.rows else ())
        if key not in KEPT_SETTINGS
    ]
    written = str(form["id_string"])
    code = written
    if not _CODE.fullmatch(written):
        code = re.sub(r"\s+", "_", written.strip())[:128] or "form"
        lost.append(dropped("form_id", _place(sheet, ("id_string",))))
    number = str(form.get("version", "1"))
    version = int(number) if re.fullmatch(r"[0-9]{1,10}", number) else 0
    if not 1 <= version <= MOST_VERSION:
        version = 1
        lost.append(dropped("version", _place(sheet, ("version",))))
    places: dict[tuple[Step, ...], Place] = {
        (field,): _place(sheet, (key,))
        for field, key in (("code", "id_string"), ("title", "title"), ("version", "version"))
    }
    language = str(form.get("default_language") or UNNAMED)
    return Settings(code, unguarded(str(form["title"])), version, language, lost, places, sheet)


def _place(sheet: Table, key: Key) -> Place:
    return sheet.place(0 if sheet.rows else None, key)


def languages_of(
    settings: Settings, survey: Table, rows: Iterable[Row], choices: Table, lang: str | None
) -> Languages:
    """The default language first, then the others in the order of their columns."""
    unnamed: list[str] = []
    names: dict[str, None] = {}
    worded = [survey.rows[row.number] for row in rows if not row.means.ends and not _UNREAD & {*row.inside}]
    for table, said, keys in ((survey, worded, TRANSLATED), (choices, choices.rows, (LABEL,))):
        for heading, key in table.keys.items():
            texts = [cells[heading] for cells in said if heading in cells]
            base = next((one for one in keys if key[: len(one)] == one), None)
            if base is None or not texts:
                continue
            name = key[len(base)] if len(key) > len(base) else settings.default_language
            names[name] = None
            if name == UNNAMED and base == LABEL:
                unnamed += texts
    default = settings.default_language
    if default != UNNAMED and default not in names:
        settings.lose_language()
        default = UNNAMED
    order = [default, *(name for name in names if name != default)] if default in names else list(names)
    return Languages(order or [UNNAMED], default, lang or detected(unnamed), bool(unnamed))
