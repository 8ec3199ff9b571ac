"""The sheet survey of an XLSForm that is being written: facts, questions in their groups, conditions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pyxform.parsing.expression import is_xml_tag

from survey.questionnaire.expressions import Expression
from survey.questionnaire.integrity import expressions
from survey.questionnaire.model import WHICH_OTHER, Questionnaire
from survey.questionnaire.parts import Item, Kind
from survey.questionnaire.wording import MODES, Wording, pipes
from survey.questionnaire.xlsform.appointments import with_ahead
from survey.questionnaire.xlsform.choice_rows import Lists
from survey.questionnaire.xlsform.columns import Columns
from survey.questionnaire.xlsform.dropped import Dropped
from survey.questionnaire.xlsform.grouping import Grouping
from survey.questionnaire.xlsform.naming import Names
from survey.questionnaire.xlsform.ours import unsaid

Cells = dict[str, str]

_TYPES: Final[Mapping[Kind, str]] = {
    "text": "text",
    "integer": "integer",
    "decimal": "decimal",
    "date": "date",
    "appointment": "dateTime",
    "note": "note",
    "calculate": "calculate",
    "scale": "range",
}


class SurveyRows:
    """Writes the rows; `lost`: what they say otherwise, or not at all."""

    def __init__(self, q: Questionnaire, columns: Columns, lists: Lists) -> None:
        self._q, self._columns, self._lists = q, columns, lists
        self.lost: list[Dropped] = []
        written = [item for item in q.items if self._writable(item)]
        self._named = _named(q)
        self._which = {
            one.id for one, before in zip(written[1:], written, strict=False) if self._is_which(one, before)
        }
        self._items = [item for item in written if item.id not in self._which]
        self._grouping = Grouping(q, self._items)
        self.lost.extend(unsaid(q, "block in pieces", "blocks", name) for name in self._grouping.in_pieces)
        self._hidden = self._hidden_names()
        self.theirs = Names(self._grouping.renamed(self._hidden))

    def headings(self) -> list[str]:
        words = self._columns.headings
        return [
            "type", "name", *words("label"), *words("hint"), "relevant", "constraint",
            *words("constraint_message"), "required", "calculation", "choice_filter", "parameters",
            *words("media::audio"),
        ]  # fmt: skip

    def rows(self) -> Iterator[Cells]:
        yield from ({"type": "hidden", "name": name} for name in self._hidden)
        for begun in self._grouping.walk():
            if isinstance(begun, Item):
                yield from self._item(begun)
            elif begun is None:
                yield {"type": "end group"}
            else:
                block, name = begun
                cells = {"type": "begin group", "name": name, **self._words("label", block.title)}
                yield {**cells, **self._conditions({"relevant": block.relevant})}

    def _item(self, item: Item) -> Iterator[Cells]:
        relevant = self._grouping.relevance(item)
        cells = {
            "type": self._type(item),
            "name": self._grouping.name(item, self._hidden),
            **self._words("label", item.prompt),
            **self._words("hint", item.hint),
            **self._words("constraint_message", item.constraint_message),
            **self._columns.files("media::audio", item.audio),
            **self._conditions({"calculation": item.calculation, "choice_filter": item.choice_filter}),
        }
        constraint = self._source(item.constraint)
        cells["relevant"] = self.theirs.ours(relevant)
        cells["constraint"] = with_ahead(constraint) if item.kind == "appointment" else constraint
        cells["required"] = "yes" if item.required else ""
        cells["parameters"] = self._parameters(item)
        explicit = item.other and f"{item.id}_other" in self._named
        if explicit:
            cells["type"] = f"{item.kind} {self._lists.with_other(item)}"
        yield {heading: text for heading, text in cells.items() if text}
        if explicit:
            which = f"selected(${{{item.id}}}, 'other')"
            words = self._words("label", WHICH_OTHER)
            yield {"type": "text", "name": f"{item.id}_other", **words, "relevant": self.theirs.ours(which)}

    def _type(self, item: Item) -> str:
        if self._lists.acknowledges(item):
            return "acknowledge"
        if item.kind not in ("select_one", "select_multiple"):
            return _TYPES[item.kind]
        if item.other and item.choice_filter is not None:
            self.lost.append(unsaid(self._q, "other with a choice_filter", "items", item.id, "other"))
            return f"{item.kind} {self._lists.name(item)}"
        other = " or_other" if item.other or f"{item.id}_other" in self._which else ""
        return f"{item.kind} {self._lists.name(item)}{other}"

    def _parameters(self, item: Item) -> str:
        if item.range is not None:
            ends = self._lists.of_ends(item)
            words = f" tick_labelset={ends}" if ends else ""
            if not ends and (item.range.low_label or item.range.high_label):
                self.lost.append(unsaid(self._q, "words for one end", "items", item.id, "range"))
            return f"start={item.range.low} end={item.range.high} step=1{words}"
        return "randomize=true" if item.options_order == "random" and item.choices is not None else ""

    def _words(self, column: str, wording: Wording) -> Cells:
        cells = self._columns.cells(column, wording)
        return {heading: self.theirs.ours(text) for heading, text in cells.items()}

    def _conditions(self, given: Mapping[str, Expression | None]) -> Cells:
        return {heading: self._source(one) for heading, one in given.items() if one is not None}

    def _source(self, expression: Expression | None) -> str:
        return self.theirs.ours(expression.source) if expression is not None else ""

    def _writable(self, item: Item) -> bool:
        if item.choices_from is not None:
            self.lost.append(unsaid(self._q, "choices_from", "items", item.id))
            return False
        if not is_xml_tag(item.id) or (item.id == "meta" and item.block is None):
            self.lost.append(unsaid(self._q, "name", "items", item.id))
            return False
        return item.kind != "note" or bool(item.prompt)

    def _is_which(self, item: Item, before: Item) -> bool:
        """The question which other one, as pyxform itself adds it behind or_other."""
        return (
            item.id == f"{before.id}_other"
            and item.id not in self._named
            and item.block == before.block
            and (item.kind, item.prompt) == ("text", WHICH_OTHER)
            and item.relevant is not None
            and item.relevant.source == f"selected(${{{before.id}}}, 'other')"
            and before.choices is not None
            and before.choice_filter is None
            and any(option.code == "other" for option in self._q.choices[before.choices])
        )

    def _hidden_names(self) -> Sequence[str]:
        """Facts; and what is named without being written, so that every reference leads somewhere."""
        facts = [fact for mode in MODES for fact in self._q.facts.get(mode, ())]
        own = {item.id for item in self._items} | {f"{item.id}_other" for item in self._items if item.other}
        known = [*facts, *self._q.may_know, *(name for name in sorted(self._named) if name not in own)]
        return [name for name in dict.fromkeys(known) if is_xml_tag(name) and name not in own]


def _named(q: Questionnaire) -> frozenset[str]:
    """Names in conditions of questions and groups, and in the words of questions, groups and options."""
    names = {name for place, one in expressions(q) if " of " in place for name in one.names}
    for item in q.items:
        names |= pipes(item.prompt) | pipes(item.hint) | pipes(item.constraint_message)
    for block in q.blocks:
        names |= pipes(block.title)
    for options in q.choices.values():
        for option in options:
            names |= pipes(option.label)
    return frozenset(names)
