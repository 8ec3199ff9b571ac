"""From the text of an expression to its words and signs; what is outside the subset is refused here, by name."""

import re
from collections.abc import Iterator
from typing import Final

from lark import Token

from survey.questionnaire.expressions.errors import ExpressionError
from survey.questionnaire.expressions.functions import (
    FOREIGN_SIGNS,
    FUNCTIONS,
    OWN_NAMES,
    REFUSED,
    REFUSED_SIGNS,
)
from survey.questionnaire.expressions.limits import MAX_LENGTH, MAX_TOKENS

_BLANK = r"[ \t\r\n\u00a0\u3000]"
_NAME = r"[^\W\d][\w.-]*"
_PARTS: Final = re.compile(
    rf"""(?P<BLANK>{_BLANK}+)
    | (?P<STRING>'[^']*'|"[^"]*")
    | \$\{{[ ]*(?P<REFERENCE>{_NAME})[ ]*\}}
    | (?P<NUMBER>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    | (?P<NAME>{_NAME}(?::{_NAME})?)
    | (?P<FOREIGN>==|<>|=<|=>|&&|\|\|)
    | (?P<REFUSED>//|/|::|\.\.|\[|\]|@|\|)
    | (?P<OWN>\.)
    | (?P<EQUALITY>!=|=)
    | (?P<ORDER><=|>=|<|>)
    | (?P<SUM>\+)
    | (?P<MINUS>-)
    | (?P<PRODUCT>\*)
    | (?P<_OPEN>\()
    | (?P<_CLOSE>\))
    | (?P<_COMMA>,)""",
    re.VERBOSE,
)
_CALLED: Final = re.compile(rf"{_BLANK}*\(")
_OPERATORS: Final = {"or": "_OR", "and": "_AND", "div": "PRODUCT", "mod": "PRODUCT"}
_OPERANDS: Final = frozenset({"STRING", "QUOTED", "REFERENCE", "NUMBER", "NAME", "OWN", "_CLOSE"})
_IN_QUOTES: Final = re.compile(rf"\$\{{[ ]*({_NAME})[ ]*\}}")


def tokens_of(source: str) -> tuple[Token, ...]:
    """Every word and sign, with its place; strings without their quotes, references without `${}`;
    a string that is nothing but `${name}`, which jr:choice-name() takes, is a QUOTED.

    Raises ExpressionError for what is too long, outside the subset, or no sign of the language.
    """
    if len(source) > MAX_LENGTH:
        raise ExpressionError(
            f"an expression of {len(source)} characters is longer than the {MAX_LENGTH} that are read",
            "split it into calculations",
        )
    tokens: list[Token] = []
    for token in _tokens(source):
        tokens.append(token)
        if len(tokens) > MAX_TOKENS:
            raise ExpressionError(
                f"an expression of more than {MAX_TOKENS} words and signs is not read",
                "split it into calculations",
                _column(token),
            )
    if not tokens:
        raise ExpressionError(
            "the expression is empty", "write a condition such as ${Q1} = '3', or leave the cell out"
        )
    return tuple(tokens)


def _tokens(source: str) -> Iterator[Token]:
    position, after_operand = 0, False
    while position < len(source):
        found = _PARTS.match(source, position)
        if found is None:
            raise _unreadable(source, position)
        kind, start, position = str(found.lastgroup), position, found.end()
        if kind == "BLANK":
            continue
        text = found[kind]
        if kind == "REFUSED" or (kind == "PRODUCT" and not after_operand):
            raise ExpressionError(*REFUSED_SIGNS[text], start + 1, text)
        if kind == "FOREIGN":
            raise _foreign(text, start + 1)
        if kind == "NAME":
            kind = _kind_of_name(text, after_operand, _CALLED.match(source, position) is not None, start + 1)
        elif kind == "STRING":
            kind, text = _string(text[1:-1], start + 1)
        after_operand = kind in _OPERANDS
        yield Token(kind, text, start_pos=start)


def _kind_of_name(name: str, after_operand: bool, called: bool, column: int) -> str:
    """XPath's rule: behind a value a name is an operator; before a ( it is a function."""
    if after_operand and name in _OPERATORS:
        return _OPERATORS[name]
    if after_operand and name.lower() in _OPERATORS:
        raise ExpressionError(f"{name} is no operator", f"write `{name.lower()}`", column, name)
    if called:
        _refuse_function(name, column)
        return "FUNCTION"
    return "NAME"


def _string(text: str, column: int) -> tuple[str, str]:
    found = _IN_QUOTES.fullmatch(text)
    if found is not None:
        return "QUOTED", found[1]
    if _IN_QUOTES.search(text):
        raise ExpressionError(
            "${…} within a text is not replaced in an expression",
            "write concat('…', ${name}, '…')",
            column,
            "${…} in a text",
        )
    return "STRING", text


def _foreign(sign: str, column: int) -> ExpressionError:
    return ExpressionError(f"{sign} is no sign of the language", f"write {FOREIGN_SIGNS[sign]}", column, sign)


def _refuse_function(name: str, column: int) -> None:
    if name in FUNCTIONS:
        return
    if name in REFUSED:
        raise ExpressionError(
            f"{name}() {REFUSED[name]}", "do without it, or ask this form on a screen", column, name
        )
    meant = OWN_NAMES.get(name) or next((known for known in FUNCTIONS if known.lower() == name.lower()), None)
    raise ExpressionError(
        f"{name}() is no function of the stated subset",
        f"write {meant}()" if meant else "the functions are listed in docs/expressions.md",
        column,
        name,
    )


def _unreadable(source: str, position: int) -> ExpressionError:
    sign, rest = source[position], source[position:]
    column = position + 1
    if sign in "'\"":
        return ExpressionError(
            f"the text that begins with {sign} has no end", f"close it with {sign}", column
        )
    if rest.startswith("${last-saved#"):
        return ExpressionError(
            "${last-saved#…} is an answer of another interview, which nobody may look into",
            "give the value as a fact of the resident's row",
            column,
            "last-saved#",
        )
    if rest.startswith("${"):
        return ExpressionError(
            "${…} does not hold the name of a question",
            "write a name of letters, digits, _, - and . that begins with a letter or _, such as ${Q1}",
            column,
        )
    if sign == "$":
        return ExpressionError(
            "$ marks a variable of XPath, which XLSForm has not", "write ${name} for an answer", column, "$"
        )
    if sign in FOREIGN_SIGNS:
        return _foreign(sign, column)
    return ExpressionError(f"{sign!r} is no sign of the language", "remove it, or put it into quotes", column)


def _column(token: Token) -> int:
    return (token.start_pos or 0) + 1
