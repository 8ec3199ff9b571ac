"""What the rest of the program holds of an expression: compiled once, evaluated many times."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from survey.questionnaire.expressions.code import Run, TextRun, TruthRun, text_run, truth_run
from survey.questionnaire.expressions.compiling import compiled
from survey.questionnaire.expressions.known import Known
from survey.questionnaire.expressions.limits import KEPT
from survey.questionnaire.expressions.values import Value


@dataclass(frozen=True, slots=True, repr=False)
class Expression:
    """Immutable; two are equal if their sources are. Made by `compile_expression`, or by pydantic from a text.

    `names`: all that it refers to as `${name}`; `attributes`: bare names, which are columns of the option that
    is being filtered; `uses_own`: refers to ".", the value of the question it stands at; `functions`: called.
    """

    source: str
    names: frozenset[str] = field(compare=False)
    attributes: frozenset[str] = field(compare=False)
    uses_own: bool = field(compare=False)
    functions: frozenset[str] = field(compare=False)
    _value: Run = field(compare=False)
    _text: TextRun = field(compare=False)
    _holds: TruthRun = field(compare=False)

    def value(self, known: Known, own: str = "") -> Value:
        """A text, a number or a truth. Evaluation never raises."""
        return self._value(known, own)

    def text(self, known: Known, own: str = "") -> str:
        """As XPath's string(): whole numbers without a point, `true` and `false`."""
        return self._text(known, own)

    def holds(self, known: Known, own: str = "") -> bool:
        """As XPath's boolean(): a text that is not empty, a number that is neither 0 nor NaN."""
        return self._holds(known, own)

    def __str__(self) -> str:
        return self.source

    def __repr__(self) -> str:
        return f"compile_expression({self.source!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return compile_expression, (self.source,)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _accepted,
            json_schema_input_schema=core_schema.str_schema(),
            serialization=core_schema.plain_serializer_function_ser_schema(
                _source_of, return_schema=core_schema.str_schema()
            ),
        )


@lru_cache(KEPT)
def compile_expression(source: str) -> Expression:
    """Compiles the text of an expression. Raises ExpressionError, within milliseconds, for any that is malformed,
    outside the stated subset or beyond limits.py."""
    parts = compiled(source)
    code = parts.code
    return Expression(
        source,
        parts.names,
        parts.attributes,
        parts.uses_own,
        parts.functions,
        code.run,
        text_run(code),
        truth_run(code),
    )


def _accepted(given: object) -> Expression:
    if isinstance(given, Expression):
        return given
    if isinstance(given, str):
        return compile_expression(given)
    raise PydanticCustomError("expression", "an expression is a text; put it into quotes")


def _source_of(expression: Expression) -> str:
    return expression.source
