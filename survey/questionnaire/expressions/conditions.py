"""Functions that choose, and that make truths."""

from survey.questionnaire.expressions.code import (
    Code,
    Kind,
    literal,
    number_run,
    operation,
    text_run,
    truth_run,
)
from survey.questionnaire.expressions.errors import ExpressionError
from survey.questionnaire.expressions.known import Known
from survey.questionnaire.expressions.values import Value, empty


def if_(arguments: tuple[Code, ...]) -> Code:
    test, then, otherwise = truth_run(arguments[0]), arguments[1].run, arguments[2].run
    return operation(
        _common(arguments[1:]),
        lambda known, own: then(known, own) if test(known, own) else otherwise(known, own),
        *arguments,
    )


def coalesce(arguments: tuple[Code, ...]) -> Code:
    *firsts, last = (argument.run for argument in arguments)

    def run(known: Known, own: str) -> Value:
        for first in firsts:
            value = first(known, own)
            if not empty(value):
                return value
        return last(known, own)

    return operation(_common(arguments), run, *arguments)


def _common(arguments: tuple[Code, ...]) -> Kind:
    kinds = {argument.kind for argument in arguments}
    return kinds.pop() if len(kinds) == 1 else "open"


def not_(arguments: tuple[Code, ...]) -> Code:
    test = truth_run(arguments[0])
    return operation("truth", lambda known, own: not test(known, own), *arguments)


def true(arguments: tuple[Code, ...]) -> Code:
    return literal(True)


def false(arguments: tuple[Code, ...]) -> Code:
    return literal(False)


def boolean(arguments: tuple[Code, ...]) -> Code:
    return operation("truth", truth_run(arguments[0]), *arguments)


def boolean_from_string(arguments: tuple[Code, ...]) -> Code:
    text = text_run(arguments[0])
    return operation("truth", lambda known, own: text(known, own).lower() in ("true", "1"), *arguments)


def checklist(arguments: tuple[Code, ...]) -> Code:
    least, most = number_run(arguments[0]), number_run(arguments[1])
    conditions = tuple(truth_run(condition) for condition in arguments[2:])

    def run(known: Known, own: str) -> bool:
        holding = sum(condition(known, own) for condition in conditions)
        low, high = least(known, own), most(known, own)
        return low <= holding and (high < 0 or holding <= high)

    return operation("truth", run, *arguments)


def weighted_checklist(arguments: tuple[Code, ...]) -> Code:
    if len(arguments) % 2:
        raise ExpressionError(
            "the last condition of weighted-checklist() has no weight",
            "put a weight behind each condition",
            feature="weighted-checklist",
        )
    least, most = number_run(arguments[0]), number_run(arguments[1])
    pairs = tuple(
        (truth_run(condition), number_run(weight))
        for condition, weight in zip(arguments[2::2], arguments[3::2], strict=True)
    )

    def run(known: Known, own: str) -> bool:
        weights = sum(weight(known, own) for holds, weight in pairs if holds(known, own))
        return least(known, own) <= weights <= most(known, own)

    return operation("truth", run, *arguments)
