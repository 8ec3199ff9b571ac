"""The sheet choices: options by list, and the lists that nothing can be asked with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from survey.questionnaire.answer import MISSING
from survey.questionnaire.parts import Option
from survey.questionnaire.wording import pipes
from survey.questionnaire.xlsform.askable import attribute_column, kept_choice_column
from survey.questionnaire.xlsform.dropped import Dropped
from survey.questionnaire.xlsform.headings import LABEL, LIST_NAME, NAME, Table
from survey.questionnaire.xlsform.languages import Languages
from survey.questionnaire.xlsform.listing import dropped
from survey.questionnaire.xlsform.lost_cells import overwritten
from survey.questionnaire.xlsform.naming import Names
from survey.questionnaire.xlsform.pyxforms_reading import ROW, Node
from survey.questionnaire.xlsform.words import texts_of, wording

MOST_CODE: Final = 64
ACKNOWLEDGE: Final = "acknowledge OK"
"""The list behind an acknowledge: no list of an XLSForm has a blank in its name."""
OK: Final = Option(
    code="OK",
    label={"zh": {"any": "知道了"}, "en": {"any": "OK"}},
    also={"zh": ("好", "好的", "行", "可以"), "en": ("okay", "yes", "understood")},
)


@dataclass(frozen=True, slots=True)
class Choices:
    """`missing`: the missing answers that a list names as choices of its own; `rows`: of its options;
    `own_other`: the lists in which the form itself words the option other; `needs`: names that labels pipe in."""

    options: Mapping[str, tuple[Option, ...]]
    rows: Mapping[str, tuple[int, ...]]
    missing: Mapping[str, frozenset[str]]
    own_other: frozenset[str]
    needs: Mapping[str, frozenset[str]]
    columns: frozenset[str]
    found: tuple[Dropped, ...]


@dataclass
class _Found:
    options: dict[str, tuple[Option, ...]] = field(default_factory=dict)
    rows: dict[str, tuple[int, ...]] = field(default_factory=dict)
    missing: dict[str, frozenset[str]] = field(default_factory=dict)
    own_other: set[str] = field(default_factory=set)
    needs: dict[str, frozenset[str]] = field(default_factory=dict)
    told: list[Dropped] = field(default_factory=list)


def choices_of(form: Node, table: Table, languages: Languages, names: Names) -> Choices:
    found = _Found(told=list(_left_out(table)))
    for name, written in form.get("choices", {}).items():
        own = [choice for choice in written if ROW in choice]
        faults = list(_faults(own, table))
        if faults:
            found.told.extend(faults)
            continue
        _take(found, name, own, table, languages, names)
    return Choices(
        found.options,
        found.rows,
        found.missing,
        frozenset(found.own_other),
        found.needs,
        frozenset(key[0] for key in table.keys.values() if attribute_column(key)) | {"name", "label"},
        tuple(found.told),
    )


def _take(
    found: _Found, name: str, own: Sequence[Node], table: Table, languages: Languages, names: Names
) -> None:
    missing = [choice for choice in own if choice["name"] in MISSING]
    found.told.extend(
        dropped("missing answer as choice", table.place(_row(choice), NAME)) for choice in missing
    )
    found.told.extend(one for choice in own for one in overwritten(table, _row(choice)))
    kept = [choice for choice in own if choice["name"] not in MISSING]
    found.missing[name] = frozenset(str(choice["name"]) for choice in missing)
    if not kept:
        return
    found.options[name] = tuple(_option(choice, languages, names) for choice in kept)
    found.rows[name] = tuple(map(_row, kept))
    found.needs[name] = frozenset(one for option in found.options[name] for one in pipes(option.label))
    if any(choice["name"] == "other" for choice in kept):
        found.own_other.add(name)


def _option(choice: Node, languages: Languages, names: Names) -> Option:
    label = {tag: names.ours(text) for tag, text in texts_of(choice["label"], languages).items()}
    attributes = {
        key: text
        for key, text in choice.items()
        if isinstance(text, str) and key not in ("name", "label", ROW, "list name")
    }
    return Option(code=choice["name"], label=wording(label), attributes=attributes)


def _faults(own: Sequence[Node], table: Table) -> Iterator[Dropped]:
    """Why nothing can be asked with these choices."""
    seen: set[str] = set()
    for choice in own:
        code, place = str(choice["name"]), table.place(_row(choice), NAME)
        if code in seen:
            yield dropped("choice that stands twice", place)
        seen.add(code)
        if len(code) > MOST_CODE or len(code.split()) != 1:
            yield dropped("name of a choice", place)
        if not table.filled(_row(choice), LABEL):
            yield dropped("choice without words", place)


def _row(choice: Mapping[str, Any]) -> int:
    return int(choice[ROW])


def _left_out(table: Table) -> Iterator[Dropped]:
    """Cells and columns that are not read."""
    for heading, key in table.keys.items():
        if kept_choice_column(key) or not any(heading in row for row in table.rows):
            continue
        if key[0] == "media":
            what = (
                "audio of a group or choice" if key[1:2] == ("audio",) else f"{_medium(key)} beside the words"
            )
            yield from (
                dropped(what, table.place_of(number, heading))
                for number, row in enumerate(table.rows)
                if heading in row and table.value(number, LIST_NAME)
            )
        else:
            what = "sms_option" if key[0] == "sms_option" else "unknown column"
            yield dropped(what, table.place_of(None, heading), feature=f"column {heading[:60]}")


def _medium(key: Sequence[str]) -> str:
    return "video" if key[1:2] == ("video",) else "image"
