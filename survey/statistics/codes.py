"""Codes as files and specifications write them: 1, "1" and 1.0 are one code; 01 is another."""

import re
from typing import Annotated, Final

from pydantic import BeforeValidator, WithJsonSchema

BLANK: Final = frozenset({"", "NA", "NaN", "nan"})
"""Cells with nothing in them, as spreadsheets, R and pandas write it."""
_DECIMAL: Final = re.compile(r"[+-]?(?:0|[1-9]\d*)(?:\.\d+)?")


def plain_code(written: object) -> str:
    """One way of writing a code: without blanks around it, and a number without needless zeros behind."""
    text = str(written).strip()
    if isinstance(written, bool):
        return text.lower()
    if not _DECIMAL.fullmatch(text):
        return text
    text = text.removeprefix("+")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _code(written: object) -> object:
    return plain_code(written) if isinstance(written, str | int | float) else written


Code = Annotated[
    str,
    BeforeValidator(_code),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}]}),
]
"""A code in a specification; YAML may take it for a number."""


def _listed(written: object) -> object:
    return (written,) if isinstance(written, str | int | float) else written


Codes = Annotated[tuple[Code, ...], BeforeValidator(_listed)]
"""Several of them; one alone may stand without brackets."""
