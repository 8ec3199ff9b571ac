"""A questionnaire as the checks look at it: where its parts stand, what comes before what, all wordings and expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from lark import Token

from survey.questionnaire.expressions import Expression
from survey.questionnaire.expressions.tokens import tokens_of
from survey.questionnaire.integrity import ALWAYS_KNOWN
from survey.questionnaire.lint.finding import Path
from survey.questionnaire.model import OTHER, Questionnaire
from survey.questionnaire.parts import Item, Option, Page
from survey.questionnaire.wording import MODES, Lang, Mode, Wording

MOST_READ: Final = 1_000_000
"""Characters of expressions, each counted once, that are looked into: twice what 5,000 questions have. A bound of the
machine, no policy."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is asked at once: one question, or those that a page words together; with the notes said before it."""

    notes: tuple[Item, ...]
    items: tuple[Item, ...]
    page: Page | None


class View:
    """One for each run. `frame`: the frame that it will be asked on, if that is known; `shipped`: the other instruments."""

    def __init__(
        self, q: Questionnaire, frame: str | None = None, shipped: Sequence[Questionnaire] = ()
    ) -> None:
        self.q = q
        self.frame = frame
        self.shipped = shipped
        self._tokens: dict[str, tuple[Token, ...] | None] = {}
        self._unread = MOST_READ

    def tokens(self, expression: Expression) -> tuple[Token, ...] | None:
        """The words and signs of an expression; None where the document has more of them than are read."""
        source = expression.source
        if source not in self._tokens:
            self._unread -= len(source)
            self._tokens[source] = tokens_of(source) if self._unread >= 0 else None
        return self._tokens[source]

    @cached_property
    def languages(self) -> tuple[Lang, ...]:
        return self.q.spoken_languages

    @cached_property
    def modes(self) -> tuple[Mode, ...]:
        """Modes in which anything is asked."""
        return tuple(mode for mode in MODES if any(self.q.by_id[one].asks for one in self.asked[mode]))

    @cached_property
    def asked(self) -> Mapping[Mode, tuple[str, ...]]:
        return {mode: self.q.asked_in(mode) for mode in MODES}

    @cached_property
    def position(self) -> Mapping[Mode, Mapping[str, int]]:
        """The place of each item in the order of a mode, from 0."""
        return {mode: {one: place for place, one in enumerate(ids)} for mode, ids in self.asked.items()}

    @cached_property
    def _index(self) -> Mapping[str, int]:
        return {item.id: place for place, item in enumerate(self.q.items)}

    def path(self, item: Item, *keys: str | int) -> Path:
        """Where an item, or a key of it, is written; the question "which other?" where it is asked for."""
        place = self._index.get(item.id)
        if place is not None:
            return ("items", place, *keys)
        return ("items", self._index[item.id.removesuffix("_other")], "other")

    def is_written(self, item: Item) -> bool:
        """False for the question "which other?", which nobody has written."""
        return item.id in self._index

    @cached_property
    def users(self) -> Mapping[str, tuple[Item, ...]]:
        """The questions of each list of choices."""
        found: dict[str, list[Item]] = {}
        for item in self.q.items:
            if item.choices is not None:
                found.setdefault(item.choices, []).append(item)
        return {name: tuple(items) for name, items in found.items()}

    def users_in(self, choices: str, *modes: Mode) -> tuple[Item, ...]:
        return tuple(
            item
            for item in self.users.get(choices, ())
            if any(item.id in self.position[mode] for mode in modes)
        )

    @cached_property
    def known_facts(self) -> Mapping[Mode, frozenset[str]]:
        """Facts that a dialogue cannot begin without."""
        always = {"mode", "lang"}
        return {mode: frozenset({*self.q.facts.get(mode, ()), *always}) for mode in MODES}

    @cached_property
    def facts(self) -> frozenset[str]:
        """All facts that it may know."""
        told = {item.choices_from for item in self.q.items if item.choices_from is not None}
        needed = {fact for facts in self.q.facts.values() for fact in facts}
        return frozenset({*needed, *self.q.may_know, *told}) | ALWAYS_KNOWN

    @cached_property
    def names(self) -> frozenset[str]:
        """Everything that a wording may pipe in."""
        return frozenset({*self.facts, *self.q.by_id, *self.q.scores_by_id})

    def expressions(self) -> Iterator[tuple[Path, Expression]]:
        """Every expression with its path."""
        for item in self.q.items:
            for key in ("relevant", "constraint", "choice_filter", "calculation"):
                expression = getattr(item, key)
                if expression is not None:
                    yield self.path(item, key), expression
        yield from (
            (("blocks", n, "relevant"), b.relevant) for n, b in enumerate(self.q.blocks) if b.relevant
        )
        yield from ((("ends", place, "when"), end.when) for place, end in enumerate(self.q.ends))
        yield from ((("flags", place, "when"), flag.when) for place, flag in enumerate(self.q.flags))
        if self.q.complete is not None:
            yield ("complete",), self.q.complete
        if self.q.partial is not None:
            yield ("partial",), self.q.partial
        for name, lines in self.q.scripts.items():
            yield from (
                (("scripts", name, n, "when"), line.when) for n, line in enumerate(lines) if line.when
            )

    def wordings(self) -> Iterator[tuple[Path, Wording]]:
        """Every wording that is not empty, with its path."""
        for path, wording in self._all_wordings():
            if wording:
                yield path, wording

    def _all_wordings(self) -> Iterator[tuple[Path, Wording]]:
        yield ("title",), self.q.title
        for name, options in self.q.choices.items():
            for place, option in enumerate(options):
                yield ("choices", name, place, "label"), option.label
                yield ("choices", name, place, "short"), option.short
        for item in self.q.items:
            for key in ("prompt", "again", "hint", "constraint_message"):
                yield self.path(item, key), getattr(item, key)
            if item.range is not None:
                yield self.path(item, "range", "low_label"), item.range.low_label
                yield self.path(item, "range", "high_label"), item.range.high_label
            if item.other:
                yield self.path(item, "other"), OTHER.label
        yield from ((("blocks", place, "title"), block.title) for place, block in enumerate(self.q.blocks))
        yield from ((("pages", place, "prompt"), page.prompt) for place, page in enumerate(self.q.pages))
        yield from ((("scores", place, "title"), score.title) for place, score in enumerate(self.q.scores))
        for name, lines in self.q.scripts.items():
            yield from ((("scripts", name, place, "say"), line.say) for place, line in enumerate(lines))

    def options_path(self, item: Item, place: int, *keys: str) -> Path:
        """Where an option of a question is written; the question itself where nobody has written it."""
        if item.choices is not None and place < len(self.q.choices[item.choices]):
            return ("choices", item.choices, place, *keys)
        return self.path(item, "range" if item.range is not None else "other")

    @cached_property
    def units(self) -> Mapping[Mode, tuple[Unit, ...]]:
        """What a mode asks, turn by turn, as if everything were relevant."""
        return {mode: tuple(self._units(mode)) for mode in self.modes}

    def _units(self, mode: Mode) -> Iterator[Unit]:
        pages = {page.items[0]: page for page in self.q.pages if mode in page.modes and page.items}
        paged = {one for page in pages.values() for one in page.items}
        notes: list[Item] = []
        for item_id in self.asked[mode]:
            item = self.q.by_id[item_id]
            if item.kind == "note":
                notes.append(item)
            elif item.asks and (item_id in pages or item_id not in paged):
                page = pages.get(item_id)
                items = (item,) if page is None else tuple(self.q.by_id[one] for one in page.items)
                yield Unit(tuple(notes), items, page)
                notes = []

    @cached_property
    def _members(self) -> Mapping[str, Mapping[str, str]]:
        """For each item, of each shuffled block around it, what moves with the item as one."""
        shuffled = {block.id for block in self.q.blocks if block.order != "fixed"}
        found: dict[str, dict[str, str]] = {}
        for item in self.q.flow if shuffled else ():
            member = item.id if self.is_written(item) else item.id.removesuffix("_other")
            name = item.block
            while name is not None:
                if name in shuffled:
                    found.setdefault(item.id, {})[name] = member
                member, name = name, self.q.blocks_by_id[name].block
        return found

    def shuffled(self, one: str, other: str) -> bool:
        """Whether chance decides which of the two items comes first."""
        blocks, others = self._members.get(one, {}), self._members.get(other, {})
        return any(others.get(block, member) != member for block, member in blocks.items())

    def surely_before(self, mode: Mode, one: str, other: str) -> bool:
        position = self.position[mode]
        return position[one] < position[other] and not self.shuffled(one, other)

    def questions_behind(self, name: str) -> frozenset[str]:
        """The questions that a name comes from: itself, or those that a calculation is worked out from."""
        behind: set[str] = set()
        seen, waiting = {name}, [name]
        while waiting:
            one = waiting.pop()
            calculation = self.q.calculations.get(one)
            if calculation is None:
                behind |= {one} & self.q.by_id.keys()
                continue
            waiting += calculation.names - seen
            seen |= calculation.names
        return frozenset(behind)


def keys_of(item: Item, options: Sequence[Option]) -> Mapping[str, str]:
    """From a code to the key that is pressed or written for it: the code itself where all are keys (and on a scale),
    else its place in the list."""
    if item.kind == "scale" or all(option.code in ("1", "2", "3", "4", "5", "6") for option in options):
        return {option.code: option.code for option in options}
    return {option.code: str(place) for place, option in enumerate(options, 1)}
