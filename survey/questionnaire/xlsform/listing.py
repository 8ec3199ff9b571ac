"""Collects what is not carried over, in the words of FEATURES."""

from collections.abc import Iterable

from survey.questionnaire.places import Place
from survey.questionnaire.xlsform.dropped import Dropped
from survey.questionnaire.xlsform.features import FEATURES


def dropped(key: str, place: Place, *, feature: str = "", why: str = "", remedy: str = "") -> Dropped:
    """`feature`: what it is called here, where it has a name of its own, such as `pulldata()`."""
    known = FEATURES[key]
    return Dropped(feature or key, place, why or known.why, remedy or known.remedy, known.effect)


def in_order(found: Iterable[Dropped]) -> tuple[Dropped, ...]:
    """By place: sheets of a workbook one after another, rows before columns."""
    return tuple(sorted(dict.fromkeys(found), key=lambda one: _where(one.place)))


def _where(place: Place) -> tuple[int, str, int, int]:
    if place.cell is None:
        return (0, "", place.line or 0, place.column or 0)
    sheet, _, cell = place.cell.rpartition("!")
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    first = {"survey": 0, "choices": 1}.get(sheet.lower(), 2)
    return (first, sheet, int(cell[len(letters) :] or 0), column)
