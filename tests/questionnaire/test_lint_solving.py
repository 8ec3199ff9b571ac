"""Whether a condition can hold at all: impossible ones are found, and possible ones never called impossible."""

from itertools import product

import pytest
from hypothesis import given, settings
from lint_conditions import ASKED, CONDITIONS

from survey.questionnaire import Answer, Known
from survey.questionnaire.answer import DK, NO_ANSWER, REFUSED
from survey.questionnaire.expressions import compile_expression
from survey.questionnaire.lint.solving import Solver
from survey.questionnaire.lint.view import View

MODES = ("voice", "web")
MISSED = [None, Answer(DK), Answer(REFUSED), Answer(NO_ANSWER)]
POSSIBLE = {
    "Q1": [*MISSED, *map(Answer, ("1", "2", "3"))],
    "Q2": [*MISSED, *map(Answer, ("1", "2", "3", "1 2", "1 3", "2 3", "1 2 3"))],
    "Q3": [*MISSED, *map(Answer, ("0", "1", "2", "3"))],
}


def happens(condition: str) -> bool:
    """Whether any of these answers makes it hold, in any mode, with a few values of the fact."""
    expression = compile_expression(condition)
    for values in product(*POSSIBLE.values()):
        answers = {name: one for name, one in zip(POSSIBLE, values, strict=True) if one is not None}
        for mode, fact in product(("voice", "web"), ("", "1", "2", "web")):
            if expression.holds(Known(ASKED, answers, {"mode": mode, "fact": fact})):
                return True
    return False


@given(
    CONDITIONS.filter(lambda condition: " . " not in f" {condition.replace('(', '( ').replace(')', ' )')} ")
)
@settings(max_examples=150, deadline=None)
def test_what_can_happen_is_never_called_impossible(condition: str) -> None:
    possible = Solver(View(ASKED)).can_hold((compile_expression(condition),), ("voice", "web"))

    assert possible or not happens(condition)


def can_hold(condition: str) -> bool:
    return Solver(View(ASKED)).can_hold((compile_expression(condition),), MODES)


@pytest.mark.parametrize(
    "condition",
    [
        "${Q1} = '3'",
        "${Q1} != '1' and ${Q1} != '2' and ${Q1} != ''",
        "${Q4} = ${Q5} and ${Q4} != ''",
        "${fact} = ${Q4} and ${Q4} != ''",
        "${Q1} = ${Q2}",
        "${Q1} = ${fact}",
        "${Q1} > ${Q3}",
        "${fact} = ${Q1} and ${Q1} != ''",
        "selected(${Q2}, ${Q1}) and ${Q1} = '2'",
        "${Q2} > 2",
        "${Q2} = '1 3'",
        "count-selected(${Q2}) = 3 and not(selected(${Q2}, '9'))",
        "is-missing(${Q1}, 'refused') and ${Q1} = ''",
        "replied(${Q1}) and ${Q1} = ''",
        "${Q3} > 5 and ${Q3} < 7",
        "${Q3} >= 0.5 and ${Q3} < 1",
        "${Q3} + 1 = 9",
        "${fact} > '2026-01-01'",
        "string-length(${fact}) > 40",
        "if(${Q1} = '1', ${Q3}, 0) = 7",
        "coalesce(${Q1}, ${Q3}) = 12",
        "today() > '2026-01-01'",
        "jr:choice-name(${Q1}, '${Q1}') = '满意'",
        "${mode} = 'web'",
    ],
)
def test_a_possible_condition_is_not_called_impossible(condition: str) -> None:
    assert can_hold(condition)


@pytest.mark.parametrize(
    "condition",
    [
        "false()",
        "1 > 2",
        "${Q1} = '4'",
        "${Q1} = 'dk'",
        "${Q1} = '1' and ${Q1} = '2'",
        "${Q1} < 1 and ${Q1} != ''",
        "${Q1} + 1 > 4",
        "string-length(${Q1}) > 1",
        "regex(${Q1}, '[4-9]')",
        "${Q3} > 5 and ${Q3} < 4",
        "selected(${Q2}, '1') and not(selected(${Q2}, '1'))",
        "selected(${Q2}, '7')",
        "count-selected(${Q2}) > 3",
        "replied(${Q1}) and ${Q1} = '' and not(is-missing(${Q1}, 'dk'))",
        "${mode} = 'text'",
        "${fact} = 'a' and ${fact} = 'b'",
    ],
)
def test_an_impossible_condition_is_found(condition: str) -> None:
    assert not can_hold(condition)
