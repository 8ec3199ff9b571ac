"""Runs of digits that may be somebody's telephone or identity number, taken out of words before anybody is
shown them.

Residents write numbers into texts ("打我13x…"). Nothing that this house prints may show one, so every page
and file that shows words passes them through here. A case number or a date has no run of seven digits once
its hyphens are counted as breaks.
"""

import re
from typing import Final

MASK: Final = "〔号码〕"
_MOBILE: Final = r"\+?(?:86)?[ -]?[1１][0-9０-９]{2}[ -][0-9０-９]{4}[ -][0-9０-９]{4}"
_LANDLINE: Final = r"[0０][0-9０-９]{2,3}-[0-9０-９]{7,8}"
_RUN: Final = r"\+?[0-9０-９]{7,}[XxＸ]?"
_NUMBERS: Final = re.compile(rf"(?<![0-9０-９-])(?:{_MOBILE}|{_LANDLINE}|{_RUN})(?![0-9０-９-])")


def without_numbers(words: str) -> str:
    """`words` with every telephone-like or longer run of digits replaced by 〔号码〕."""
    return _NUMBERS.sub(MASK, words)


def masked_number(number: str) -> str:
    """An E.164 number with its middle hidden: +8615412345678 as 154****5678, whatever its country as +49****5678."""
    if number.startswith("+86"):
        number = number.removeprefix("+86")
    return f"{number[:3]}****{number[-4:]}"
