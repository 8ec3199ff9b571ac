"""Case numbers, their short form, and query codes.

A case number is centre (6 digits), day, serial of that day and centre (5), check character, e.g.
991722-20260315-00037-4. The check character is ISO 7064 MOD 11-2 over the nineteen digits, the system of the
resident identity card; like there, 10 is written X. It finds every single wrong digit and every swap of two
neighbours.
"""

import re
from dataclasses import dataclass
from datetime import date

QUERY_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters; 0 and O, 1 and I are left out."""
QUERY_LENGTH = 8
QUERY_BYTES = 5
"""Eight characters of five bits each."""

_NUMBER = re.compile(r"(\d{6})-(\d{8})-(\d{5})-([\dX])", re.ASCII)
_LAST_SERIAL = 99_999


class InvalidCaseNumber(ValueError):
    """Not a case number: wrong shape, no such day, or a check character that does not fit."""


@dataclass(frozen=True)
class CaseNumber:
    """The parts of a case number; `str()` gives the number."""

    centre: str
    day: date
    serial: int

    def __str__(self) -> str:
        digits = f"{self.centre}{self.day:%Y%m%d}{self.serial:05d}"
        return f"{self.centre}-{self.day:%Y%m%d}-{self.serial:05d}-{check_character(digits)}"

    @property
    def short(self) -> str:
        """The four digits that a resident hears."""
        return f"{self.serial % 10_000:04d}"


def case_number(centre: str, day: date, serial: int) -> CaseNumber:
    """The number of a centre's `serial`-th case of its local `day`, from 1. Raises ValueError for parts that
    do not fit.
    """
    if not re.fullmatch(r"[0-9]{6}", centre):
        raise ValueError(f"case number: centre {centre!r} is not a county code of six digits")
    if not 1 <= serial <= _LAST_SERIAL:
        raise ValueError(
            f"case number: serial {serial} is outside 1 to {_LAST_SERIAL}, the five digits of a day"
        )
    return CaseNumber(centre, day, serial)


def parse_case_number(text: str) -> CaseNumber:
    """The parts of a number as people write it. Raises InvalidCaseNumber, which says what does not fit."""
    match = _NUMBER.fullmatch(text.strip().upper())
    if not match:
        raise InvalidCaseNumber(f"{text!r} is not a case number; it looks like 991722-20260315-00037-4")
    centre, day, serial, check = match.groups()
    expected = check_character(centre + day + serial)
    if check != expected:
        raise InvalidCaseNumber(
            f"{text!r}: the last character is {check}, should be {expected}; a digit is wrong"
        )
    try:
        return CaseNumber(centre, date(int(day[:4]), int(day[4:6]), int(day[6:])), int(serial))
    except ValueError:
        raise InvalidCaseNumber(f"{text!r}: {day} is not a day") from None


def check_character(digits: str) -> str:
    """ISO 7064 MOD 11-2 of a string of digits: 0-9 or X."""
    remainder = 0
    for digit in digits:
        remainder = (remainder + int(digit)) * 2 % 11
    value = (12 - remainder) % 11
    return "X" if value == 10 else str(value)


def query_code(random_bytes: bytes) -> str:
    """A query code such as K7Q2M9XA from five random bytes, each code as likely as any other. Raises
    ValueError.
    """
    if len(random_bytes) != QUERY_BYTES:
        raise ValueError(f"query code: {len(random_bytes)} random bytes given, {QUERY_BYTES} needed")
    bits = int.from_bytes(random_bytes, "big")
    return "".join(QUERY_ALPHABET[bits >> 5 * place & 31] for place in reversed(range(QUERY_LENGTH)))
