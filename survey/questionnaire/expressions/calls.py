"""The call of a function, from compiled arguments to one compiled piece."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeAlias

from survey.questionnaire.expressions import choices, conditions, moments, numbers, texts
from survey.questionnaire.expressions.code import Code
from survey.questionnaire.expressions.errors import ExpressionError
from survey.questionnaire.expressions.functions import FUNCTIONS

Build: TypeAlias = Callable[[tuple[Code, ...]], Code]

_ANY: Final = 1_000
"""As many arguments as one likes: no expression has more."""


class _Function(NamedTuple):
    build: Build
    least: int
    most: int


def call(name: str, arguments: tuple[Code, ...]) -> Code:
    """Raises ExpressionError without a column for a wrong number or kind of arguments."""
    function = _CALLS[name]
    if not function.least <= len(arguments) <= function.most:
        raise ExpressionError(
            f"{name}() takes {_numbers(function)}, and {len(arguments) or 'none'} {_verb(len(arguments))} given",
            f"write {FUNCTIONS[name].partition(': ')[0]}",
            feature=name,
        )
    if name != "jr:choice-name" and any(argument.kind == "question" for argument in arguments):
        raise ExpressionError(
            f"{name}() is given a ${{…}} in quotes, which only jr:choice-name() takes",
            "write it without quotes for the answer",
            feature="${…} in a text",
        )
    return function.build(arguments)


def _numbers(function: _Function) -> str:
    if function.most == _ANY:
        return f"{function.least} or more arguments"
    if function.least == function.most:
        return f"{function.least or 'no'} argument{'s' if function.least != 1 else ''}"
    return f"{function.least} to {function.most} arguments"


def _verb(given: int) -> str:
    return "is" if given < 2 else "are"


_CALLS: Final[Mapping[str, _Function]] = {
    "selected": _Function(choices.selected, 2, 2),
    "selected-at": _Function(choices.selected_at, 2, 2),
    "count-selected": _Function(choices.count_selected, 1, 1),
    "jr:choice-name": _Function(choices.choice_name, 2, 2),
    "replied": _Function(choices.replied, 1, 1),
    "is-missing": _Function(choices.is_missing, 2, 2),
    "if": _Function(conditions.if_, 3, 3),
    "coalesce": _Function(conditions.coalesce, 2, _ANY),
    "not": _Function(conditions.not_, 1, 1),
    "true": _Function(conditions.true, 0, 0),
    "false": _Function(conditions.false, 0, 0),
    "boolean": _Function(conditions.boolean, 1, 1),
    "boolean-from-string": _Function(conditions.boolean_from_string, 1, 1),
    "checklist": _Function(conditions.checklist, 3, _ANY),
    "weighted-checklist": _Function(conditions.weighted_checklist, 4, _ANY),
    "string": _Function(texts.string, 1, 1),
    "concat": _Function(texts.concat, 1, _ANY),
    "join": _Function(texts.join, 2, _ANY),
    "string-length": _Function(texts.string_length, 1, 1),
    "normalize-space": _Function(texts.normalize_space, 1, 1),
    "contains": _Function(texts.contains, 2, 2),
    "starts-with": _Function(texts.starts_with, 2, 2),
    "ends-with": _Function(texts.ends_with, 2, 2),
    "substr": _Function(texts.substr, 2, 3),
    "substring-before": _Function(texts.substring_before, 2, 2),
    "substring-after": _Function(texts.substring_after, 2, 2),
    "translate": _Function(texts.translate, 3, 3),
    "upper-case": _Function(texts.upper_case, 1, 1),
    "lower-case": _Function(texts.lower_case, 1, 1),
    "regex": _Function(texts.regex, 2, 2),
    "number": _Function(numbers.number, 1, 1),
    "int": _Function(numbers.whole, 1, 1),
    "round": _Function(numbers.rounded, 1, 2),
    "abs": _Function(numbers.absolute, 1, 1),
    "min": _Function(numbers.smallest, 1, _ANY),
    "max": _Function(numbers.greatest, 1, _ANY),
    "sum": _Function(numbers.total, 1, _ANY),
    "pow": _Function(numbers.power, 2, 2),
    "sqrt": _Function(numbers.square_root, 1, 1),
    "exp": _Function(numbers.exponential, 1, 1),
    "exp10": _Function(numbers.exponential_of_10, 1, 1),
    "log": _Function(numbers.logarithm, 1, 1),
    "log10": _Function(numbers.logarithm_of_10, 1, 1),
    "pi": _Function(numbers.pi, 0, 0),
    "today": _Function(moments.today, 0, 0),
    "now": _Function(moments.now, 0, 0),
    "date": _Function(moments.date_of, 1, 1),
    "date-time": _Function(moments.date_time_of, 1, 1),
    "decimal-date-time": _Function(moments.decimal_date_time, 1, 1),
    "decimal-time": _Function(moments.decimal_time, 1, 1),
    "format-date": _Function(moments.format_date, 2, 2),
    "format-date-time": _Function(moments.format_date, 2, 2),
}
