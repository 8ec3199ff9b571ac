"""Which telephone numbers the carrier accepts, and which of them lie in its town."""

import re
from typing import Literal

Column = Literal["list", "callback"]

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_TOWN = re.compile(r"\+86154\d{8}")


def is_e164(number: str) -> bool:
    """A plus, a country, and 7 to 15 digits altogether."""
    return _E164.fullmatch(number) is not None


def in_town(number: str) -> bool:
    """The fictional plan: +86154 and eight digits, which no real telephone has."""
    return _TOWN.fullmatch(number) is not None


def column(number: str) -> Column:
    """Whose outcome rates a town number follows: the residents' list (+861540…-4…) or the callback list
    (+861545…-9…)."""
    return "list" if number[6] in "01234" else "callback"
