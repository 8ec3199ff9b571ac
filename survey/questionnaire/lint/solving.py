"""Whether a condition can hold at all: tried out over all answers that could matter to it.

Never wrong in one direction: a condition that can hold is never said to be impossible. What is too large to try out, or
reckons with texts and dates in ways that a few values cannot cover, is taken to be possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, product
from typing import Final, TypeAlias

from survey.questionnaire.answer import NO_ANSWER
from survey.questionnaire.expressions import Expression
from survey.questionnaire.lint.traits import Traits, is_number, traits_of
from survey.questionnaire.lint.view import View
from survey.questionnaire.parts import Item, Option

Value: TypeAlias = tuple[str, str]
"""What an answer reads as, and the missing code that it is."""
UNASKED: Final[Value] = ("", "")
NO_FACTS: Final[Mapping[str, str]] = {}

MOST_TRIED: Final = 4_096
"""Combinations of values that are tried for one condition."""
MOST_WORK: Final = 6_000_000
"""Words and signs of expressions evaluated in one run, about a second; what comes after is taken to be possible."""
MOST_CODES: Final = 6
"""Codes of a select_multiple that a condition may name, for all their sets to be tried."""

_ALWAYS: Final = frozenset(
    {"selected", "not", "true", "false", "boolean", "replied", "is-missing", "if", "coalesce"}
)
"""Functions for which the values named in a condition are all that matter, whatever the answer may be."""
_NEVER: Final = frozenset({"now", "today", "jr:choice-name"})
"""Functions whose value does not come from answers alone."""


class _Assumed:
    """Implements `expressions.Known` for one combination of values."""

    def __init__(self, values: Mapping[str, Value], attributes: Mapping[str, str]) -> None:
        self._values = values
        self._attributes = attributes

    def text(self, name: str) -> str:
        return self._values.get(name, UNASKED)[0]

    def missing(self, name: str) -> str:
        return self._values.get(name, UNASKED)[1]

    def attribute(self, name: str) -> str:
        return self._attributes.get(name, "")

    def label(self, name: str, code: str) -> str:
        return code

    @property
    def now(self) -> str:
        return ""


class Solver:
    """Answers whether conditions can hold, within one budget of work."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._left = MOST_WORK
        self._known: dict[object, bool] = {}
        self._traits: dict[tuple[str, ...], Traits | None] = {}

    def can_hold(
        self,
        conditions: Sequence[Expression],
        modes: Iterable[str],
        unasked: frozenset[str] = frozenset(),
        own: Item | None = None,
        option: Option | None = None,
        facts: Mapping[str, str] = NO_FACTS,
    ) -> bool:
        """Whether all the conditions can hold together. `unasked`: questions without any answer; `own`: the question
        whose value "." is; `option`: the one that is being filtered; `facts`: those that are given."""
        sources = tuple(one.source for one in conditions)
        traits = self._traits.get(sources)
        if sources not in self._traits:
            traits = self._traits[sources] = traits_of(conditions, self._view.tokens)
        if traits is None:
            return True
        key = (
            sources,
            tuple(modes) if "mode" in traits.names else (),
            traits.names & unasked,
            own.id if own is not None else None,
            (option.code, *sorted(option.attributes.items())) if option is not None else None,
            *sorted((name, facts[name]) for name in traits.names & facts.keys()),
        )
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._tried(
                conditions, traits, tuple(modes), unasked, own, option, facts
            )
        return known

    def _tried(
        self,
        conditions: Sequence[Expression],
        traits: Traits,
        modes: tuple[str, ...],
        unasked: frozenset[str],
        own: Item | None,
        option: Option | None,
        facts: Mapping[str, str],
    ) -> bool:
        if traits.functions & _NEVER or any("label" in one.attributes for one in conditions):
            return True
        names = sorted(traits.names)
        domains = [
            [(facts[name], "")] if name in facts else self._domain(name, traits, modes, unasked)
            for name in names
        ]
        owns = self._owns(own, traits)
        if owns is None or any(domain is None for domain in domains):
            return True
        tried = len(owns)
        for domain in domains:
            tried *= len(domain or ())
        if tried > MOST_TRIED or tried * traits.size > self._left:
            return True
        self._left -= tried * traits.size
        attributes = {} if option is None else {**option.attributes, "name": option.code}
        for values in product(*(domain or () for domain in domains)):
            assumed = _Assumed(dict(zip(names, values, strict=True)), attributes)
            if any(all(one.holds(assumed, value) for one in conditions) for value in owns):
                return True
        return False

    def _owns(self, own: Item | None, traits: Traits) -> list[str] | None:
        if own is None:
            return [""]
        domain = self._answers(own, traits)
        return None if domain is None else [text for text, _ in domain if text]

    def _domain(
        self, name: str, traits: Traits, modes: tuple[str, ...], unasked: frozenset[str]
    ) -> list[Value] | None:
        if name == "mode":
            return [(mode, "") for mode in modes]
        if name == "lang":
            return [(lang, "") for lang in self._view.languages]
        if name in unasked:
            return [UNASKED]
        item = self._view.q.by_id.get(name)
        if item is None or not item.asks:
            return _any_value(traits)
        domain = self._answers(item, traits)
        if domain is None:
            return None
        return [UNASKED, *domain, *(("", code) for code in sorted({*item.missing, NO_ANSWER}))]

    def _answers(self, item: Item, traits: Traits) -> list[Value] | None:
        """The valid answers of a question that could matter; None where a few cannot stand for all."""
        codes = self._view.q.codes[item.id]
        if not codes:
            return _any_value(traits)
        if item.kind == "select_multiple":
            return _sets(codes, traits)
        if traits.plain and not traits.orders and not traits.reckons and traits.functions <= _ALWAYS:
            codes = tuple(_named(codes, traits))
        return [(code, "") for code in codes]


def _named(codes: Sequence[str], traits: Traits) -> list[str]:
    """The codes that a condition can tell apart: those that it names, and one of the others."""
    numbers = {float(one) for one in traits.constants if is_number(one)}
    named = [one for one in codes if one in traits.constants or (is_number(one) and float(one) in numbers)]
    rest = next((one for one in codes if one not in named), None)
    return named if rest is None else [*named, rest]


def _sets(codes: Sequence[str], traits: Traits) -> list[Value] | None:
    """Sets of codes, in the order of the document."""
    named = _named(codes, traits)
    counts = "count-selected" in traits.functions
    covered = traits.plain and not traits.reckons and traits.functions <= _ALWAYS | {"count-selected"}
    if not covered or len(named) > MOST_CODES:
        return None
    sets = {one for size in range(1, len(named) + 1) for one in combinations(named, size)}
    sets |= {tuple(one.split()) for one in traits.constants if one.split() and set(one.split()) <= set(codes)}
    if traits.orders:
        sets |= {(code,) for code in codes}
    if counts:
        others = [code for code in codes if code not in named]
        sets |= {(*one, *others[:size]) for one in ((), *sets) for size in range(len(others) + 1)} - {()}
    place = {code: n for n, code in enumerate(codes)}
    texts = {" ".join(sorted(set(one), key=place.__getitem__)) for one in sets}
    return [(text, "") for text in sorted(texts)]


def _any_value(traits: Traits) -> list[Value] | None:
    """Values that stand for every number and text that a condition could tell apart."""
    numbers = all(is_number(one) for one in traits.constants)
    if (
        not traits.plain
        or traits.reckons
        or not traits.functions <= _ALWAYS
        or (traits.orders and not numbers)
    ):
        return None
    values = {"", "0", "1", "2", "3", "x", *traits.constants, " ".join(traits.constants)}
    for constant in traits.constants:
        if is_number(constant):
            values |= {f"{float(constant) + step:.10g}" for step in (-1, -0.5, 0.5, 1)}
    return [(value, "") for value in sorted(values)]
