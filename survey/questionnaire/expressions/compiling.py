"""From tokens to one compiled piece: lark's LALR parser calls a method of `_Builder` for each rule it completes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput
from lark.lexer import Lexer

from survey.questionnaire.expressions import code as codes
from survey.questionnaire.expressions import operators
from survey.questionnaire.expressions.calls import call
from survey.questionnaire.expressions.code import Code
from survey.questionnaire.expressions.errors import ExpressionError
from survey.questionnaire.expressions.tokens import tokens_of

Child: TypeAlias = Code | Token


@dataclass(frozen=True, slots=True)
class Parts:
    """The compiled piece, and what the expression refers to."""

    code: Code
    names: frozenset[str]
    attributes: frozenset[str]
    uses_own: bool
    functions: frozenset[str]


def compiled(source: str) -> Parts:
    """Raises ExpressionError."""
    tokens = tokens_of(source)
    try:
        code: Any = _parser().parse(tokens)
    except UnexpectedInput as error:
        raise _unexpected(source, getattr(error, "token", None)) from None
    return Parts(
        code,
        _of(tokens, "REFERENCE") | _of(tokens, "QUOTED"),
        _of(tokens, "NAME"),
        any(token.type == "OWN" for token in tokens),
        _of(tokens, "FUNCTION"),
    )


def _of(tokens: Sequence[Token], kind: str) -> frozenset[str]:
    return frozenset(str(token) for token in tokens if token.type == kind)


class _Given(Lexer):
    """The tokens were made before, so that what is outside the subset is named whatever stands around it."""

    def __init__(self, conf: object) -> None:
        pass

    def lex(self, tokens: Any) -> Any:  # type: ignore[override]
        return iter(tokens)


class _Builder(Transformer[Token, Code]):
    def any_of(self, parts: list[Code]) -> Code:
        return operators.any_of(parts)

    def all_of(self, parts: list[Code]) -> Code:
        return operators.all_of(parts)

    def equalities(self, children: list[Child]) -> Code:
        first, rest = _chain(children)
        for sign, part in rest:
            first = operators.equality(sign, first, part)
        return first

    def orders(self, children: list[Child]) -> Code:
        first, rest = _chain(children)
        for sign, part in rest:
            first = operators.order(sign, first, part)
        return first

    def arithmetic(self, children: list[Child]) -> Code:
        return operators.arithmetic(*_chain(children))

    def negated(self, children: list[Any]) -> Code:
        *signs, part = children
        return operators.negative(part, len(signs))

    def call(self, children: list[Any]) -> Code:
        name, *arguments = children
        try:
            return call(str(name), tuple(argument for argument in arguments if argument is not None))
        except ExpressionError as error:
            column = name.start_pos + 1 if error.column is None else error.column
            raise ExpressionError(error.reason, error.remedy, column, error.feature) from None

    def reference(self, children: list[Token]) -> Code:
        return codes.reference(str(children[0]))

    def quoted(self, children: list[Token]) -> Code:
        return codes.quoted(str(children[0]))

    def attribute(self, children: list[Token]) -> Code:
        return codes.attribute(str(children[0]))

    def own(self, children: list[Token]) -> Code:
        return codes.OWN

    def string(self, children: list[Token]) -> Code:
        return codes.literal(str(children[0]))

    def number(self, children: list[Token]) -> Code:
        return codes.literal(float(children[0]))


def _chain(children: list[Any]) -> tuple[Code, list[tuple[str, Code]]]:
    return children[0], list(zip(map(str, children[1::2]), children[2::2], strict=True))


@cache
def _parser() -> Lark:
    return Lark.open(
        "grammar.lark",
        rel_to=__file__,
        parser="lalr",
        lexer=_Given,
        transformer=_Builder(),
        start="expression",
    )


def _unexpected(source: str, token: Token | None) -> ExpressionError:
    if token is None or token.type == "$END":
        return ExpressionError(
            "the expression ends too soon",
            "complete it: a value is missing at its end, or a )",
            len(source) + 1,
        )
    if token.type == "QUOTED":
        return ExpressionError(
            "${…} in quotes is the name of a question, which only jr:choice-name() takes",
            "write it without quotes for the answer",
            (token.start_pos or 0) + 1,
            "${…} in a text",
        )
    return ExpressionError(
        f"{str(token)!r} does not fit here",
        "put an operator between two values, a value on both sides of an operator, and quotes around texts",
        (token.start_pos or 0) + 1,
    )
