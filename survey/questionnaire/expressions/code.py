"""A compiled piece of an expression: a closure, and what is known of it before it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

from survey.questionnaire.expressions.errors import ExpressionError
from survey.questionnaire.expressions.known import Known, Nobody
from survey.questionnaire.expressions.limits import MAX_DEPTH
from survey.questionnaire.expressions.values import (
    Value,
    number_of,
    number_of_text,
    text_of,
    text_of_number,
    truth_of,
)

Kind: TypeAlias = Literal["text", "number", "truth", "open", "question"]
Run: TypeAlias = Callable[[Known, str], Value]
TextRun: TypeAlias = Callable[[Known, str], str]
NumberRun: TypeAlias = Callable[[Known, str], float]
TruthRun: TypeAlias = Callable[[Known, str], bool]

_NOBODY: Final = Nobody()


@dataclass(frozen=True, slots=True)
class Code:
    """`kind`: of the value, "open" where only the evaluation shows it, and
    "question" for a `${name}` in quotes, which has none; `constant`: the value, if it is always
    the same; `name`: if the piece is nothing but `${name}`; `depth`: operations inside one another."""

    kind: Kind
    run: Run
    depth: int = 0
    constant: Value | None = None
    name: str | None = None


def literal(value: Value, depth: int = 0) -> Code:
    kind: Kind = "text" if isinstance(value, str) else "truth" if isinstance(value, bool) else "number"
    return Code(kind, lambda known, own: value, depth, constant=value)


def reference(name: str) -> Code:
    return Code("text", lambda known, own: known.text(name), name=name)


def quoted(name: str) -> Code:
    return Code("question", lambda known, own: "", name=name)


def attribute(name: str) -> Code:
    return Code("text", lambda known, own: known.attribute(name))


OWN: Final = Code("text", lambda known, own: own)


def operation(kind: Kind, run: Run, *operands: Code, varies: bool = False) -> Code:
    """An operation over its operands; computed at once where they are all constant, unless it `varies`."""
    depth = 1 + max((operand.depth for operand in operands), default=0)
    if depth > MAX_DEPTH:
        raise ExpressionError(
            f"more than {MAX_DEPTH} operations stand inside one another",
            "move a part of it into a calculation of its own",
        )
    if not varies and all(operand.constant is not None for operand in operands):
        return literal(run(_NOBODY, ""), depth)
    return Code(kind, run, depth)


def text_run(code: Code) -> TextRun:
    run = code.run
    if code.constant is not None:
        text = text_of(code.constant)
        return lambda known, own: text
    if code.kind == "text":
        return cast(TextRun, run)
    if code.kind == "truth":
        return lambda known, own: "true" if run(known, own) else "false"
    if code.kind == "number":
        number = cast(NumberRun, run)
        return lambda known, own: text_of_number(number(known, own))
    return lambda known, own: text_of(run(known, own))


def number_run(code: Code) -> NumberRun:
    run, name = code.run, code.name
    if code.constant is not None:
        constant = number_of(code.constant)
        return lambda known, own: constant
    if name is not None:
        return lambda known, own: number_of_text(known.text(name))
    if code.kind == "number":
        return cast(NumberRun, run)
    if code.kind == "text":
        text = cast(TextRun, run)
        return lambda known, own: number_of_text(text(known, own))
    return lambda known, own: number_of(run(known, own))


def truth_run(code: Code) -> TruthRun:
    run = code.run
    if code.constant is not None:
        constant = truth_of(code.constant)
        return lambda known, own: constant
    if code.kind == "truth":
        return cast(TruthRun, run)
    if code.kind == "text":
        return lambda known, own: bool(run(known, own))
    return lambda known, own: truth_of(run(known, own))
