"""XLSForm's range as our scale, or, where it is none, as a number between two others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from survey.questionnaire.parts import Kind, Option, Range

MOST_DIGITS: Final = 15
_TICKS: Final = ("odk:tick-interval", "odk:placeholder")


@dataclass(frozen=True, slots=True)
class Scale:
    """`constraint`: what keeps the number within its bounds, if it is no scale; `cut`: marks that are not shown."""

    kind: Kind
    range: Range | None
    constraint: str
    cut: bool


def scale_of(node: Mapping[str, Any], options: Mapping[str, Sequence[Option]]) -> Scale:
    given: Mapping[str, str] = node["parameters"]
    start, end, step = (Decimal(given[key]) for key in ("start", "end", "step"))
    low, high = min(start, end), max(start, end)
    cut = any(key in given for key in _TICKS)
    whole = all(number == number.to_integral_value() for number in (low, high, step))
    if whole and abs(step) == 1 and low >= 0 and 1 <= high <= 99 and low < high and start < end:
        words = {option.code: option.label for option in options.get(str(node.get("itemset")), ())}
        ends = {"low_label": words.get(str(int(low)), {}), "high_label": words.get(str(int(high)), {})}
        cut = cut or ("itemset" in node and set(words) != {str(int(low)), str(int(high))})
        return Scale("scale", Range(low=int(low), high=int(high), **ends), "", cut)
    constraint = f". >= {_plain(low)} and . <= {_plain(high)}"
    if whole and abs(step) != 1:
        constraint += f" and (. - {_plain(low)}) mod {_plain(abs(step))} = 0"
    return Scale("integer" if whole else "decimal", None, constraint, cut)


def _plain(number: Decimal) -> str:
    """Without an exponent: expressions know none."""
    return format(number.normalize(), "f")


def too_long(node: Mapping[str, Any]) -> bool:
    """Numbers that nobody counts to."""
    numbers = (Decimal(node["parameters"][key]) for key in ("start", "end", "step"))
    return any(not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS for number in numbers)
