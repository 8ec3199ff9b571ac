"""The operators of XPath 1.0, from compiled pieces to one.

A chain (`a or b or c`, `1 + 2 - 3`) becomes one loop, not closures inside one another: a long one costs no depth.
"""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from survey.questionnaire.expressions.code import Code, TruthRun, number_run, operation, text_run, truth_run
from survey.questionnaire.expressions.dates import moment_of
from survey.questionnaire.expressions.known import Known
from survey.questionnaire.expressions.values import NAN, equal, number_of, number_of_text, same_text


def divide(left: float, right: float) -> float:
    """IEEE 754: by zero gives an infinity, zero by zero NaN."""
    if right != 0:
        return left / right
    if left == 0 or left != left:
        return NAN
    return math.copysign(math.inf, left) * math.copysign(1, right)


def remainder(left: float, right: float) -> float:
    """With the sign of the left side, as XPath has it."""
    try:
        return math.fmod(left, right)
    except ValueError:
        return NAN


_ARITHMETIC: Final[Mapping[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": divide,
    "mod": remainder,
}
_ORDER: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def any_of(parts: Sequence[Code]) -> Code:
    tests = tuple(truth_run(part) for part in parts)
    if len(tests) == 2:
        one, other = tests
        return operation("truth", lambda known, own: one(known, own) or other(known, own), *parts)

    def run(known: Known, own: str) -> bool:
        for test in tests:  # noqa: SIM110 - any() over a generator takes twice as long
            if test(known, own):
                return True
        return False

    return operation("truth", run, *parts)


def all_of(parts: Sequence[Code]) -> Code:
    tests = tuple(truth_run(part) for part in parts)
    if len(tests) == 2:
        one, other = tests
        return operation("truth", lambda known, own: one(known, own) and other(known, own), *parts)

    def run(known: Known, own: str) -> bool:
        for test in tests:  # noqa: SIM110 - all() over a generator takes twice as long
            if not test(known, own):
                return False
        return True

    return operation("truth", run, *parts)


def equality(sign: str, left: Code, right: Code) -> Code:
    """`=` and `!=`: by truth if one side is a truth, else by number if one is a number, else by text."""
    same = _same(left, right)
    run: TruthRun = same if sign == "=" else lambda known, own: not same(known, own)
    return operation("truth", run, left, right)


def _same(left: Code, right: Code) -> TruthRun:
    if "truth" in (left.kind, right.kind):
        truth, other_truth = truth_run(left), truth_run(right)
        return lambda known, own: truth(known, own) == other_truth(known, own)
    if "open" in (left.kind, right.kind):
        value, other_value = left.run, right.run
        return lambda known, own: equal(value(known, own), other_value(known, own))
    if "number" in (left.kind, right.kind):
        number, other_number = number_run(left), number_run(right)
        return lambda known, own: number(known, own) == other_number(known, own)
    return _same_text(left, right) or _same_text(right, left) or _same_moment(left, right)


def _same_text(left: Code, right: Code) -> TruthRun | None:
    """Against a constant that is no date, letters are all that counts."""
    constant, name = right.constant, left.name
    if not isinstance(constant, str) or moment_of(constant) is not None:
        return None
    if name is not None:
        return lambda known, own: known.text(name) == constant
    text = text_run(left)
    return lambda known, own: text(known, own) == constant


def _same_moment(left: Code, right: Code) -> TruthRun:
    text, other_text = text_run(left), text_run(right)
    return lambda known, own: same_text(text(known, own), other_text(known, own))


def order(sign: str, left: Code, right: Code) -> Code:
    """`<`, `<=`, `>`, `>=`: always by number."""
    if left.constant is not None and right.constant is None:
        sign, left, right = _TURNED[sign], right, left
    compare, name = _ORDER[sign], left.name
    if right.constant is not None:
        bound = number_of(right.constant)
        if name is not None:
            return operation(
                "truth", lambda known, own: compare(number_of_text(known.text(name)), bound), left, right
            )
    one, other = number_run(left), number_run(right)
    return operation("truth", lambda known, own: compare(one(known, own), other(known, own)), left, right)


def arithmetic(first: Code, rest: Sequence[tuple[str, Code]]) -> Code:
    """`+ - * div mod` from left to right."""
    start = number_run(first)
    steps = tuple((_ARITHMETIC[sign], number_run(part)) for sign, part in rest)

    def run(known: Known, own: str) -> float:
        number = start(known, own)
        for compute, part in steps:
            number = compute(number, part(known, own))
        return number

    return operation("number", run, first, *(part for _, part in rest))


def negative(part: Code, signs: int) -> Code:
    """As many minus signs as stand before it."""
    number = number_run(part)
    if signs % 2 == 0:
        return operation("number", number, part)
    return operation("number", lambda known, own: -number(known, own), part)
