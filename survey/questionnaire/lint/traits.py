"""What matters of a condition, when its possible answers are to be tried out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lark import Token

from survey.questionnaire.expressions import Expression


@dataclass(frozen=True)
class Traits:
    """`constants`: texts and numbers in it; `orders`, `reckons`: whether it compares sizes or computes; `plain`: each
    comparison has a constant on one side, so that the answers it can tell apart are those that it names; `size`: words
    and signs."""

    constants: tuple[str, ...]
    orders: bool
    reckons: bool
    plain: bool
    functions: frozenset[str]
    names: frozenset[str]
    size: int


def traits_of(
    conditions: Sequence[Expression], tokens_of: Callable[[Expression], Sequence[Token] | None]
) -> Traits | None:
    """Of several conditions together; None where one of them was not read."""
    read = [tokens_of(one) for one in conditions]
    sources = [one for one in read if one is not None]
    if len(sources) < len(read):
        return None
    tokens = [token for one in sources for token in one]
    kinds = {token.type for token in tokens}
    return Traits(
        constants=tuple(dict.fromkeys(str(t) for t in tokens if t.type in ("STRING", "NUMBER"))),
        orders="ORDER" in kinds,
        reckons=bool(kinds & {"SUM", "MINUS", "PRODUCT"}),
        plain=all(map(_is_plain, sources)),
        functions=frozenset().union(*(one.functions for one in conditions)),
        names=frozenset().union(*(one.names for one in conditions)),
        size=len(tokens),
    )


def is_number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdigit()


def _is_plain(tokens: Sequence[Token]) -> bool:
    for place, token in enumerate(tokens):
        if token.type in ("EQUALITY", "ORDER"):
            beside = {one.type for one in tokens[max(0, place - 1) : place + 2]}
            if not beside & {"STRING", "NUMBER"}:
                return False
        elif token.type == "FUNCTION":
            call = [one.type for one in tokens[place + 3 : place + 6]]
            if token in ("if", "coalesce") or (
                token == "selected" and call != ["_COMMA", "STRING", "_CLOSE"]
            ):
                return False
    return True
