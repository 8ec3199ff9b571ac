"""The three kinds of value, and how one becomes another: XPath 1.0's number(), string() and boolean().

One rule is ODK's and not XPath's: a text that is an ISO date is, as a number, its days since 1 January 1970.
"""

import math
import re
from decimal import Decimal
from typing import Final, TypeAlias

from survey.questionnaire.expressions.dates import days_of, moment_of

Value: TypeAlias = str | float | bool

NAN: Final = math.nan
_NUMBER: Final = re.compile(r"[ \t\r\n]*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))[ \t\r\n]*")


def number_of_text(text: str) -> float:
    """NaN for what is no number: XPath knows no `+1`, `1e3` or `１`."""
    if text.isdigit() and text.isascii():  # a code: by far the most common
        return float(text)
    found = _NUMBER.fullmatch(text)
    if found is not None:
        return float(found[1])
    moment = moment_of(text)
    return days_of(moment) if moment is not None else NAN


def text_of_number(number: float) -> str:
    """Whole numbers without a point, others with as many digits as tell them apart, none with an exponent."""
    if number != number:
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number.is_integer():
        return str(int(number))
    return format(Decimal(repr(number)), "f")


def number_of(value: Value) -> float:
    return number_of_text(value) if isinstance(value, str) else float(value)


def text_of(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return text_of_number(value)


def truth_of(value: Value) -> bool:
    """A text that is not empty, a number that is neither 0 nor NaN."""
    if isinstance(value, float):
        return value == value and value != 0
    return bool(value)


def same_text(left: str, right: str) -> bool:
    """Equal letter by letter, or the same moment, where both are ISO dates."""
    if left == right:
        return True
    one, other = moment_of(left), moment_of(right)
    return one is not None and one == other


def equal(left: Value, right: Value) -> bool:
    """XPath 1.0's `=` of two values whose kinds are known only now."""
    if isinstance(left, bool) or isinstance(right, bool):
        return truth_of(left) == truth_of(right)
    if isinstance(left, str) and isinstance(right, str):
        return same_text(left, right)
    return number_of(left) == number_of(right)


def empty(value: Value) -> bool:
    """What coalesce() steps over: no text, or no number."""
    return value == "" or value != value
