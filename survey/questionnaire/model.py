"""The document that a survey team writes once and that is asked in every mode and language."""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, Literal

from pydantic import Field, model_validator

from survey.questionnaire.answer import MISSING
from survey.questionnaire.expressions import Expression, compile_expression
from survey.questionnaire.integrity import expression_characters, faults, in_order
from survey.questionnaire.parts import (
    CLOSED,
    Appeal,
    Block,
    End,
    Flag,
    Item,
    Limits,
    Line,
    Official,
    Option,
    Page,
    Part,
    Score,
    Voice,
    Web,
    told_options,
)
from survey.questionnaire.wording import Lang, Mode, Wording, say

FORMAT: Final = 2
"""The format of the document itself. Stored documents of format 1 are brought up by `upgrade`."""

MOST_EXPRESSION_CHARACTERS: Final = 1_000_000
"""Of all conditions of a document together: 200 for each of 5,000 questions."""
NOTHING_KNOWN: Final[Mapping[str, str]] = {}
MISSING_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "dk": {"zh": "说不清", "en": "don't know"},
    "refused": {"zh": "不想说", "en": "rather not say"},
    "no_answer": {"zh": "未回答", "en": "no answer"},
}
OTHER: Final = Option(
    code="other",
    label={"zh": {"any": "其他"}, "en": {"any": "other"}},
    also={"zh": ("其它", "别的", "都不是"), "en": ("something else", "none of these")},
)
WHICH_OTHER: Final[Wording] = {
    "zh": {"any": "您说的其他是指什么?"},
    "en": {"any": "You said other: which?"},
}
WITHOUT_ATTEMPTS: Final[Mapping[Mode, int]] = {"voice": 2, "text": 2, "web": 5, "operator": 5}
"""How often a question may be misunderstood where the document does not say."""


class Questionnaire(Part):
    """One version of one instrument. Frozen: an interview pins the version and the sha256 it was asked by."""

    format: Literal[2] = FORMAT
    """Of the document itself; today 2."""
    code: str = Field(pattern=r"^\S{1,128}$")
    """Its name, the same in all versions."""
    version: int = Field(ge=1)
    """A whole number; what is frozen does not change, a change is a new version."""
    purpose: Literal["survey", "case"] = "survey"
    """survey, or case: about one case of the resident."""
    title: Wording
    """What it is called."""
    official: Official | None = None
    """For an official statistical form: table number, authority, approval, validity."""
    languages: tuple[Lang, ...] = ()
    """Languages that it is asked in; empty: those of its title."""
    language_names: dict[Lang, str] = Field(default_factory=dict)
    """What another tool calls these languages ("English (en)")."""
    minutes: dict[Mode, float] = Field(default_factory=dict)
    """How long the interview takes, as residents are told."""
    facts: dict[Mode, tuple[str, ...]] = Field(default_factory=dict)
    """What must be known before an interview in this mode can begin."""
    may_know: tuple[str, ...] = ()
    """What may be known besides."""
    choices: dict[str, tuple[Option, ...]] = Field(default_factory=dict)
    """Lists of options by name."""
    items: tuple[Item, ...]
    """Questions and notes, in their order."""
    blocks: tuple[Block, ...] = ()
    """Questions that belong together."""
    order: dict[Mode, tuple[str, ...]] = Field(default_factory=dict)
    """Where a mode asks in another order than that of the document."""
    pages: tuple[Page, ...] = ()
    """Questions that are asked in one message or on one page."""
    complete: Expression | None = None
    """What makes an interview complete; without it, all essential questions do."""
    partial: Expression | None = None
    """What makes an unfinished interview a partial one; without it, none is."""
    ends: tuple[End, ...] = ()
    """Answers after which nothing more is asked."""
    flags: tuple[Flag, ...] = ()
    """What must be told of at once."""
    appeal: Appeal | None = None
    """Where a problem can be named and its registration agreed to."""
    scores: tuple[Score, ...] = ()
    """Rules for points."""
    scripts: dict[str, tuple[Line, ...]] = Field(default_factory=dict)
    """What is said besides the questions, by name: opening, closing, help, and any sentence of `phrases.yaml` that is to
    be worded otherwise."""
    voice: Voice = Voice()
    """Languages whose voice prompts are played from recordings."""
    web: Web = Web()
    """How the form looks on a page."""
    limits: Limits = Limits()
    """How often a question is tried, and how long a dialogue may become."""

    @model_validator(mode="before")
    @classmethod
    def _is_no_flood(cls, document: Any) -> Any:
        """Expressions are compiled while the document is read, which takes about 10 µs a character."""
        written = expression_characters(document)
        if written > MOST_EXPRESSION_CHARACTERS:
            raise ValueError(
                f"its expressions have {written:,} characters, more than {MOST_EXPRESSION_CHARACTERS:,}; "
                "split the questionnaire"
            )
        return document

    @model_validator(mode="after")
    def _hangs_together(self) -> "Questionnaire":
        for fault in faults(self):
            raise ValueError(f"questionnaire {self.code}: {fault}")
        return self

    @cached_property
    def flow(self) -> tuple[Item, ...]:
        """All items in the order of the document, each "other" followed by the question which one."""
        return tuple(one for item in self.items for one in ((item, _which(item)) if item.other else (item,)))

    def __repr__(self) -> str:
        return f"<Questionnaire {self.code}, version {self.version}, {len(self.items)} items>"

    @cached_property
    def memo(self) -> dict[object, Any]:
        """What the dialogue has composed from this document and may use again; never a part of it."""
        return {}

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.flow}

    @cached_property
    def blocks_by_id(self) -> Mapping[str, Block]:
        return {block.id: block for block in self.blocks}

    @cached_property
    def scores_by_id(self) -> Mapping[str, Score]:
        return {score.id: score for score in self.scores}

    @cached_property
    def calculations(self) -> Mapping[str, Expression]:
        return {item.id: item.calculation for item in self.items if item.calculation is not None}

    @cached_property
    def questions(self) -> tuple[Item, ...]:
        """The items that are asked, in the order of the document."""
        return tuple(item for item in self.flow if item.asks)

    def rests_on(self, name: str) -> tuple[str, ...]:
        """The calculations and scores that must be worked out for this one, itself last; () for any other name."""
        kept: tuple[str, ...] | None = self.memo.get(("rests on", name))
        if kept is None:
            kept = self.memo["rests on", name] = tuple(in_order(self, name))
        return kept

    @cached_property
    def essential(self) -> tuple[str, ...]:
        return tuple(item.id for item in self.flow if item.essential)

    @cached_property
    def spoken_languages(self) -> tuple[Lang, ...]:
        return self.languages or tuple(self.title)

    @cached_property
    def codes(self) -> Mapping[str, tuple[str, ...]]:
        """The own codes of each closed question, without the missing ones; () for all others."""
        return {item.id: tuple(option.code for option in self.options(item.id)) for item in self.questions}

    def options(self, question_id: str) -> tuple[Option, ...]:
        """The options as the document gives them; () for open questions and for options taken from a fact."""
        return self._options[question_id]

    @cached_property
    def _options(self) -> Mapping[str, tuple[Option, ...]]:
        return {item.id: self._options_of(item) for item in self.flow}

    def _options_of(self, item: Item) -> tuple[Option, ...]:
        if item.range is not None:
            low, high = item.range.low, item.range.high
            return tuple(
                Option(code=str(n), label={lang: {"any": str(n)} for lang in self.spoken_languages})
                for n in range(low, high + 1)
            )
        own = self.choices[item.choices] if item.choices is not None else ()
        return (*own, OTHER) if item.other else own

    def relevance(self, item: Item) -> tuple[Expression, ...]:
        """Every condition that must hold for the item to be asked: those of its blocks, outermost first, and its own."""
        return self._relevance[item.id]

    @cached_property
    def _relevance(self) -> Mapping[str, tuple[Expression, ...]]:
        return {item.id: tuple(self._conditions(item)) for item in self.flow}

    def _conditions(self, item: Item) -> list[Expression]:
        found = [item.relevant] if item.relevant is not None else []
        name = item.block
        while name is not None:
            block = self.blocks_by_id[name]
            if block.relevant is not None:
                found.insert(0, block.relevant)
            name = block.block
        return found

    def asked_in(self, mode: Mode) -> tuple[str, ...]:
        """Ids of all items of a mode in its order, before any shuffling."""
        order = self.order.get(mode) or tuple(item.id for item in self.flow)
        return tuple(item_id for item_id in order if mode in self.by_id[item_id].modes)

    def misunderstandings(self, mode: Mode) -> int:
        """How often a question may be misunderstood in this mode before a person takes over."""
        return self.limits.not_understood.get(mode, WITHOUT_ATTEMPTS[mode])

    @cached_property
    def most_steps(self) -> int:
        """Inputs after which a dialogue that still gives no new answer goes to a person."""
        return self.limits.steps or 20 + 4 * len(self.flow)

    def options_told(self, question_id: str, facts: Mapping[str, str]) -> tuple[Option, ...]:
        """The options where they may stand in a fact of the interview, such as the townships of this county."""
        fact = self.by_id[question_id].choices_from
        return self.options(question_id) if fact is None else told_options(facts.get(fact, ""))

    def label(
        self,
        question_id: str,
        code: str,
        lang: str,
        mode: Mode = "operator",
        facts: Mapping[str, str] = NOTHING_KNOWN,
    ) -> str:
        """The words for a stored code, several joined; a code that the question lacks stands as it is. `facts`: what the
        interview knew, for options that stand there."""
        labels = {
            option.code: say(option.label, lang, mode) for option in self.options_told(question_id, facts)
        }
        words = [labels.get(one) or missing_label(one, lang) for one in code.split()]
        return ("、" if lang.startswith("zh") else ", ").join(words)

    def to_json(self) -> str:
        """Canonical: equal documents give equal bytes."""
        body = {"format": FORMAT, **self.model_dump(mode="json", by_alias=True, exclude_defaults=True)}
        return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def missing_label(code: str, lang: str) -> str:
    """The words for a missing code; any other code stands as it is."""
    if code not in MISSING:
        return code
    return MISSING_LABELS[code]["zh" if lang.startswith("zh") else "en"]


def _which(item: Item) -> Item:
    return Item(
        id=f"{item.id}_other",
        kind="text",
        modes=item.modes,
        block=item.block,
        prompt=WHICH_OTHER,
        relevant=compile_expression(f"selected(${{{item.id}}}, 'other')"),
        record_s=30,
    )


__all__ = [
    "CLOSED",
    "FORMAT",
    "MISSING_LABELS",
    "Item",
    "Line",
    "Option",
    "Page",
    "Questionnaire",
    "missing_label",
]
