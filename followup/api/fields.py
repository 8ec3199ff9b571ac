"""Fields that several models share: their patterns are those of the document, and what a database can hold."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, StringConstraints

from followup.api.problems import impossible

_INNER: Final = r"[^\x00-\x1f\x7f]"
_BLOCK: Final = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
LINE: Final = rf"^{_INNER}*[^\x00-\x20\x7f\s]{_INNER}*$"
BLOCK: Final = rf"^{_BLOCK}*[^\x00-\x20\x7f\s]{_BLOCK}*$"
CODE: Final = r"^[A-Za-z0-9_-]{1,60}$"
CASE_NAME: Final = r"^([0-9]{6}-[0-9]{8}-[0-9]{5}-[0-9X]|[0-9A-Z]{8})$"
MOMENT: Final = (
    r"^20[0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$"
)
CLOCK: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
CURSOR: Final = r"^[0-9]{1,18}$"


def _integral(value: object) -> object:
    """12.0 is a whole number in JSON, as in the document's own language."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


GroupSize = Annotated[int, Field(ge=1, le=100_000), BeforeValidator(_integral)]
"""The limits stand first: behind the validator they would not be in the document."""
Line = Annotated[str, StringConstraints(pattern=LINE, min_length=1, max_length=200)]
Block = Annotated[str, StringConstraints(pattern=BLOCK, min_length=1, max_length=2000)]
Summary = Annotated[str, StringConstraints(pattern=LINE, min_length=1, max_length=300)]
Code = Annotated[str, StringConstraints(pattern=CODE)]
Clock = Annotated[str, StringConstraints(pattern=CLOCK)]
Moment = Annotated[
    str,
    StringConstraints(pattern=MOMENT),
    Field(description="时刻,带时区 A moment with its offset.", examples=["2026-03-09T08:30:00+08:00"]),
]
Cursor = Annotated[
    str,
    StringConstraints(pattern=CURSOR),
    Field(description="上一页的 next;从头开始用 0 The `next` of the page before; 0 from the beginning."),
]


def moment_of(name: str, text: str) -> datetime:
    """The moment in UTC. A day that does not exist is a problem of its field."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise impossible(name, "there is no such day", "check the date") from None


def readable(text: str) -> str:
    """Blanks as one, none at the ends."""
    return re.sub(r"[ \t]+", " ", text).strip()
