"""What is refused before anybody works on it: types that are not there, endless nesting, a billion repeats."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Final

from survey.questionnaire.expressions import ExpressionError, compile_expression
from survey.questionnaire.expressions.known import Nobody
from survey.questionnaire.xlsform.dropped import Dropped, FormRefused, refused
from survey.questionnaire.xlsform.features import FEATURES
from survey.questionnaire.xlsform.headings import COUNT, LABEL, NAME, TYPE, Table
from survey.questionnaire.xlsform.kinds import UNREADABLE, Understood, nearest, understand
from survey.questionnaire.xlsform.limits import MOST_NESTED, MOST_REPETITIONS

_YES: Final = frozenset({"yes", "true", "true()"})


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the survey sheet that means something. `inside`: what it stands in, outermost first."""

    number: int
    name: str
    written: str
    means: Understood
    inside: tuple[str, ...]


def rows_of(survey: Table) -> list[Row]:
    """All rows that are neither empty, remarks nor disabled, in order. Raises FormRefused with every fault."""
    faults: list[Dropped] = []
    rows: list[Row] = []
    inside: list[str] = []
    counts: list[float] = []
    for number in _used(survey):
        written = survey.value(number, TYPE)
        means = None if written in UNREADABLE else understand(written)
        if means is None:
            faults.append(_unknown(survey, number, written))
            continue
        rows.append(Row(number, survey.value(number, NAME), written, means, tuple(inside)))
        if means.begins:
            inside.append(means.begins)
            counts.append(_repetitions(survey, number) if means.begins == "repeat" else 1)
            _refuse_endless(survey, number, counts)
        elif means.ends and inside:
            inside.pop()
            counts.pop()
    if faults:
        raise FormRefused(faults)
    return rows


def _used(survey: Table) -> Iterator[int]:
    for number, cells in enumerate(survey.rows):
        disabled = survey.value(number, ("disabled",)).lower() in _YES
        typed = bool(survey.value(number, TYPE))
        if cells and not disabled and (typed or survey.value(number, NAME) or survey.filled(number, LABEL)):
            if not typed:
                why, place = "the question has no type", survey.place(number, NAME)
                raise refused("type", place, why, "write its type, such as text or select_one LIST")
            yield number


def _unknown(survey: Table, number: int, written: str) -> Dropped:
    place = survey.place(number, TYPE)
    if written in UNREADABLE:
        return Dropped(
            written, place, UNREADABLE[written], "export the form as XLS once it is deployed", "form"
        )
    meant = nearest(written)
    remedy = f"write {meant}" if meant else FEATURES["type"].remedy
    return Dropped(f"type {written[:80]}", place, FEATURES["type"].why, remedy, "form")


def _repetitions(survey: Table, number: int) -> float:
    """How often a repeat surely asks; 1 where the answers decide."""
    written = survey.value(number, COUNT)
    if not written:
        return 1
    try:
        count = compile_expression(written)
    except ExpressionError:
        return 1
    if count.names or count.attributes or count.uses_own:
        return 1
    times = count.value(Nobody())
    try:
        return float(times)
    except ValueError:
        return 1


def _refuse_endless(survey: Table, number: int, counts: list[float]) -> None:
    if len(counts) > MOST_NESTED:
        why = f"more than {MOST_NESTED} groups stand inside one another"
        raise refused("nesting", survey.place(number, TYPE), why, FEATURES["nesting"].remedy)
    product = 1.0
    for count in counts:
        product *= max(count, 1)
    if not isfinite(product) or product > MOST_REPETITIONS:
        why = f"each question would be repeated more than {MOST_REPETITIONS:,} times"
        raise refused("repeat_count", survey.place(number, COUNT), why, FEATURES["repeat_count"].remedy)
