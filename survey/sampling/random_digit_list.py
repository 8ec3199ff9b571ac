"""A list of random numbers (随机号名单) as a file taken in like any list of residents, and the record of how it was made."""

import csv
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from io import StringIO
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from survey.sampling.numbers import NumberPlan, to_dial
from survey.sampling.random_digits import COUNTRY, RandomDigits, random_digits
from survey.sampling.refusals import FieldRefused

RANDOM_DIGITS_VERSION: Final = 1
"""Raised whenever the same record would come to other numbers."""
BLOCK: Final = "号段"
"""The column by which a list of random numbers is known as one. It is kept with every person, asked for or not: an opening must
say that the number was drawn at random, and not that a list of residents was (settled.md §1)."""
HEADINGS = ("姓名", "电话", "乡镇", BLOCK)
NOBODY = "随机号"
"""Stands where a list has the name: nobody knows whose number it is."""


class RandomDigitsDraw(BaseModel):
    """By what a list of random numbers was made. `digits`: of a number without the country code; `probability`: of each of the
    `covered` numbers of these prefixes to be drawn; `numpy`: the version whose generator made them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["random-digits"] = "random-digits"
    version: int = RANDOM_DIGITS_VERSION
    prefixes: tuple[str, ...]
    digits: int
    n: int
    seed: int
    plan: NumberPlan
    township: str
    probability: float
    covered: int
    numpy: str
    sample: str
    sample_sha256: str
    at: datetime


class PrefixRefused(ValueError):
    """No phone may be rung whose number begins like this; the message says why and what to do."""


def draw_numbers(prefixes: tuple[str, ...], digits: int, n: int, seed: int, plan: NumberPlan) -> RandomDigits:
    """Raises PrefixRefused, and ValueError for prefixes that overlap or hold fewer numbers than are wanted."""
    drawn = random_digits(prefixes, digits, n, seed)
    for number in sorted(drawn.numbers):
        try:
            if to_dial(number, plan) != number:
                raise FieldRefused("numbers like these are dialled otherwise", "check --digits")
        except FieldRefused as no:
            raise PrefixRefused(f"prefix {_prefix(number, prefixes)}: {no.reason}; {no.remedy}") from None
    return drawn


def _prefix(number: str, prefixes: tuple[str, ...]) -> str:
    national = number.removeprefix(COUNTRY)
    return next(prefix for prefix in prefixes if national.startswith(prefix))


def list_file(drawn: RandomDigits, prefixes: tuple[str, ...], township: str) -> bytes:
    """CSV in UTF-8, in the order drawn."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(HEADINGS)
    for number in drawn.numbers:
        writer.writerow((NOBODY, number, township, _prefix(number, prefixes)))
    return written.getvalue().encode()


def drawn_again(record: RandomDigitsDraw) -> bytes:
    """The list that a record makes. Raises as `draw_numbers` does."""
    drawn = draw_numbers(record.prefixes, record.digits, record.n, record.seed, record.plan)
    return list_file(drawn, record.prefixes, record.township)


def frame_facts(attributes: Mapping[str, str]) -> dict[str, str]:
    """What an opening says of the sample, where it is no list of residents. `attributes`: what the list says of a person."""
    return {"frame": "random"} if BLOCK in attributes else {}


def same(data: bytes, sha: str) -> bool:
    """Whether these bytes have this hash."""
    return sha256(data).hexdigest() == sha
