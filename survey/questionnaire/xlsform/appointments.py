"""A dateTime of XLSForm is any moment; our appointment lies ahead. The constraint `. >= now()` tells them apart."""

import re
from typing import Final

AHEAD: Final = ". >= now()"
_LAST: Final = re.compile(r"(?:(?P<before>.+) and )?\. *>=? *(?:now|today)\(\)", re.S)


def lies_ahead(constraint: str) -> bool:
    """Whether the constraint lets only moments through that are to come. In doubt it does not."""
    found = _LAST.fullmatch(constraint.strip())
    if found is None:
        return False
    before = found["before"]
    return before is None or _bracketed(before) or " or " not in before


def without_ahead(constraint: str) -> str:
    """What our appointment has still to check; "" for nothing."""
    if constraint == AHEAD:
        return ""
    before = constraint.removesuffix(f" and {AHEAD}")
    return before[1:-1] if before != constraint and _bracketed(before) else constraint


def with_ahead(constraint: str) -> str:
    if not constraint:
        return AHEAD
    return constraint if lies_ahead(constraint) else f"({constraint}) and {AHEAD}"


def _bracketed(source: str) -> bool:
    """One pair of brackets holds it all. Brackets inside quotes are counted too: then it may say no, wrongly."""
    depth = 0
    for place, sign in enumerate(source):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0 and place < len(source) - 1:
            return False
    return source.startswith("(") and depth == 0
