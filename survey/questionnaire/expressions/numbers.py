"""Functions over numbers. They give NaN or an infinity where others would raise."""

import math
from collections.abc import Callable
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal

from survey.questionnaire.expressions.code import Code, literal, number_run, operation
from survey.questionnaire.expressions.known import Known
from survey.questionnaire.expressions.values import NAN


def number(arguments: tuple[Code, ...]) -> Code:
    return operation("number", number_run(arguments[0]), *arguments)


def whole(arguments: tuple[Code, ...]) -> Code:
    return _of_one(lambda value: float(math.trunc(value)) if math.isfinite(value) else value, arguments)


def absolute(arguments: tuple[Code, ...]) -> Code:
    return _of_one(abs, arguments)


def square_root(arguments: tuple[Code, ...]) -> Code:
    return _of_one(lambda value: math.sqrt(value) if value >= 0 else NAN, arguments)


def exponential(arguments: tuple[Code, ...]) -> Code:
    return _of_one(lambda value: _power(math.e, value), arguments)


def exponential_of_10(arguments: tuple[Code, ...]) -> Code:
    return _of_one(lambda value: _power(10.0, value), arguments)


def logarithm(arguments: tuple[Code, ...]) -> Code:
    return _of_one(lambda value: _logarithm(math.log, value), arguments)


def logarithm_of_10(arguments: tuple[Code, ...]) -> Code:
    return _of_one(lambda value: _logarithm(math.log10, value), arguments)


def pi(arguments: tuple[Code, ...]) -> Code:
    return literal(math.pi)


def _of_one(change: Callable[[float], float], arguments: tuple[Code, ...]) -> Code:
    value = number_run(arguments[0])
    return operation("number", lambda known, own: change(value(known, own)), *arguments)


def _logarithm(base: Callable[[float], float], value: float) -> float:
    if value == 0:
        return -math.inf
    return base(value) if value > 0 else NAN


def power(arguments: tuple[Code, ...]) -> Code:
    base, exponent = map(number_run, arguments)
    return operation("number", lambda known, own: _power(base(known, own), exponent(known, own)), *arguments)


def _power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf
    except ValueError:
        return math.inf if base == 0 else NAN


def rounded(arguments: tuple[Code, ...]) -> Code:
    value = number_run(arguments[0])
    if len(arguments) == 1:
        return operation("number", lambda known, own: _round(value(known, own), 0.0), *arguments)
    places = number_run(arguments[1])
    return operation("number", lambda known, own: _round(value(known, own), places(known, own)), *arguments)


def _round(value: float, places: float) -> float:
    """As the number is written in decimals: 1.005 to two places is 1.01. Halves go up, as XPath has it, so that
    -2.5 becomes -2. Beyond 15 places the number stays as it is."""
    if not math.isfinite(value) or not places < 16:
        return value
    if places < -308:
        return 0.0
    step = Decimal(1).scaleb(-math.trunc(places))
    halves = ROUND_HALF_UP if value > 0 else ROUND_HALF_DOWN
    return float((Decimal(repr(value)) / step).to_integral_value(halves) * step)


def smallest(arguments: tuple[Code, ...]) -> Code:
    return _of_many(lambda values: min(values, default=NAN), arguments)


def greatest(arguments: tuple[Code, ...]) -> Code:
    return _of_many(lambda values: max(values, default=NAN), arguments)


def total(arguments: tuple[Code, ...]) -> Code:
    return _of_many(lambda values: sum(values, start=0.0), arguments)


def _of_many(merge: Callable[[list[float]], float], arguments: tuple[Code, ...]) -> Code:
    """Over those that are numbers: ODK leaves out what was not answered."""
    values = tuple(number_run(argument) for argument in arguments)

    def run(known: Known, own: str) -> float:
        given = [value(known, own) for value in values]
        return merge([number for number in given if number == number])

    return operation("number", run, *arguments)
