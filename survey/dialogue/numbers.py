"""A number in a written reply: figures of any script, Chinese numerals, English words. Two numbers, a range, a bound
("不到30") or words that nothing explains are no number, and the question is asked again."""

import re
from decimal import Decimal
from functools import cache
from typing import Final

from survey.dialogue.normalise import any_of, data, expression
from survey.dialogue.numerals import HALF, chinese, english, english_form, figures, lists

_THOUSANDS: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_MEANINGLESS: Final = re.compile(r"[^\w~<>≥≤/+^*=$\-]|_")
"""Signs around a number that change nothing; what is not among them is a bound, a range or a sum."""


def read_number(plain: str, *, decimals: bool) -> str | None:
    """The number meant by a normalised text as a canonical decimal ("35", "3.5", "-2"), or None. Without
    `decimals` only whole numbers are taken."""
    if expression("doubt").search(plain):
        return None
    text = _THOUSANDS.sub(lambda found: found.group().replace(",", ""), plain)
    for written, usual in lists()["same"].items():
        text = text.replace(written, usual)
    text = " ".join(_around().sub(" ", text).split())
    numbers = {_value(found) for found in _number().finditer(text)}
    rest = _units().sub("", _number().sub(" ", text))
    if len(numbers) != 1 or _MEANINGLESS.sub("", rest):
        return None
    (number,) = numbers
    return None if number is None else _canonical(number, decimals)


def _value(found: re.Match[str]) -> Decimal | None:
    if found["half"]:
        return HALF
    if found["english"]:
        number: Decimal | None = english(found["english"])
    else:
        number = figures(found["figures"]) if found["figures"] else chinese(found["chinese"])
    if number is None:
        return None
    number += HALF if found["and_half"] else 0
    return -number if found["sign"] in ("-", "负", "minus ") else number


def _canonical(number: Decimal, decimals: bool) -> str | None:
    longest = lists()["longest"]
    if abs(number) >= 10 ** longest["whole"] or number != round(number, longest["fraction"]):
        return None
    if number == number.to_integral_value():
        return str(int(number))
    return format(number.normalize(), "f") if decimals else None


@cache
def _around() -> re.Pattern[str]:
    return re.compile(any_of(data("numbers.yaml")["around"]))


@cache
def _units() -> re.Pattern[str]:
    return re.compile(any_of(data("numbers.yaml")["units"]))


@cache
def _number() -> re.Pattern[str]:
    digits, sizes = "".join(lists()["digits"]), "".join(lists()["sizes"])
    run = rf"\d+(?:\.\d+)?(?:[{sizes}]+(?:\d+[{sizes}])*\d?)?"
    numeral = rf"[{digits}{sizes}]+(?:点[{digits}]+[{sizes}]?)?"
    return re.compile(
        rf"(?P<sign>负|minus |(?<![\d{digits}{sizes}%])[-+])?\s*"
        rf"(?:(?P<english>{english_form()})|(?P<figures>{run})|(?P<chinese>{numeral}))"
        rf"(?:(?:{any_of(data('numbers.yaml')['units'])})(?P<and_half>半))?"
        rf"|(?P<half>(?<![\d{digits}{sizes}])半)"
    )
