"""The document that a survey team writes once and that is asked in every mode and language."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from survey.questionnaire.answer import DK, MISSING, REFUSED
from survey.questionnaire.relevance import Condition
from survey.questionnaire.wording import Lang, Mode, Wording, say

Kind: TypeAlias = Literal["select_one", "select_multiple", "text", "note"]
Ending: TypeAlias = Literal["screened_out", "wrong_person", "unanswered", "refused"]

MISSING_LABELS: Final[Mapping[str, Mapping[Lang, str]]] = {
    "dk": {"zh": "说不清", "en": "don't know"},
    "refused": {"zh": "不想说", "en": "rather not say"},
    "no_answer": {"zh": "未回答", "en": "no answer"},
}


class Part(BaseModel):
    """Everything in the document: cannot be changed, knows no other keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Option(Part):
    """One answer of a closed question. Where a resident presses a key, the key is the code."""

    code: str = Field(pattern=r"^[0-9A-Za-z_]+$")
    label: Wording
    short: Wording = {}
    """The label where 70 characters must hold everything; the same word in other cases."""
    also: dict[Lang, tuple[str, ...]] = {}
    """Other words by which residents mean this answer, in writing."""
    on_scale: bool = True
    """False: outside the scale ("never dealt with them"), and last in whichever direction it is read."""
    excludes_others: bool = False
    between: tuple[int, int] | None = None
    """A number of years from … to … means this answer."""


class Item(Part):
    """A question, or a note that is said before the next question."""

    id: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")
    kind: Kind
    modes: tuple[Mode, ...]
    prompt: Wording
    again: Wording = {}
    """The same question in other words, for the second time."""
    choices: str | None = None
    choices_from: str | None = None
    """A fact `code=label;code=label…` that holds the options, such as the townships of this county."""
    two_directions: bool = False
    """Half of the respondents hear this scale from its other end."""
    missing: tuple[str, ...] = (DK, REFUSED)
    reads_dk: bool = True
    """Whether the machine reads out the key for "I can't say"; where it is not read out it still counts."""
    relevant: Condition | None = None
    essential: bool = False
    tells: str | None = None
    """The fact that this note tells; once the resident is known to have heard it, it counts as told."""


class Page(Part):
    """Questions asked in one message."""

    items: tuple[str, ...]
    modes: tuple[Mode, ...]
    prompt: Wording


class Line(Part):
    """A sentence of a script, said when its condition holds."""

    say: Wording
    when: Condition | None = None


class End(Part):
    """An answer after which nothing more is asked."""

    when: Condition
    status: Ending
    reason: str
    goodbye: str
    """The script that is said; the document's own or one that every interview has."""


class Limits(Part):
    """How often the same question is tried, and how long a dialogue may become at the very most."""

    not_understood: dict[Mode, int]
    silences: int
    helps: int
    steps: int


class Questionnaire(Part):
    """One version of one instrument. Frozen: an interview pins the version and the sha256 it was asked by."""

    code: str
    version: int
    purpose: Literal["survey", "case"]
    title: Wording
    facts: dict[Mode, tuple[str, ...]]
    """What must be known before an interview in this mode can begin."""
    choices: dict[str, tuple[Option, ...]]
    items: tuple[Item, ...]
    order: dict[Mode, tuple[str, ...]] = {}
    """Where a mode asks in another order than that of the document."""
    random_blocks: tuple[tuple[str, ...], ...] = ()
    pages: tuple[Page, ...] = ()
    partial: Condition
    """What makes an unfinished interview a partial one; all essential questions make it complete."""
    ends: tuple[End, ...] = ()
    scripts: dict[str, tuple[Line, ...]]
    limits: Limits

    @model_validator(mode="after")
    def _hangs_together(self) -> "Questionnaire":
        for fault in _faults(self):
            raise ValueError(f"questionnaire {self.code}: {fault}")
        return self

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.items}

    @property
    def questions(self) -> tuple[Item, ...]:
        """The items that are asked, in the order of the document."""
        return tuple(item for item in self.items if item.kind != "note")

    @cached_property
    def essential(self) -> tuple[str, ...]:
        return tuple(item.id for item in self.items if item.essential)

    @cached_property
    def codes(self) -> Mapping[str, tuple[str, ...]]:
        """The own codes of each question, without the missing ones; () for open questions."""
        return {item.id: tuple(option.code for option in self.options(item.id)) for item in self.questions}

    def options(self, question_id: str) -> tuple[Option, ...]:
        """The options as the document gives them; () for open questions and for options taken from a fact."""
        choices = self.by_id[question_id].choices
        return self.choices[choices] if choices is not None else ()

    def asked_in(self, mode: Mode) -> tuple[str, ...]:
        """Ids of all items of a mode in its order, before any shuffling."""
        order = self.order.get(mode) or tuple(item.id for item in self.items)
        return tuple(item_id for item_id in order if mode in self.by_id[item_id].modes)

    def label(self, question_id: str, code: str, lang: Lang) -> str:
        """The words for a stored code, several joined; a code that the question lacks stands as it is."""
        labels = {option.code: say(option.label, lang, "operator") for option in self.options(question_id)}
        words = [
            labels.get(one) or (MISSING_LABELS[one][lang] if one in MISSING else one) for one in code.split()
        ]
        return ("、" if lang == "zh" else ", ").join(words)

    def to_json(self) -> str:
        """Canonical: equal documents give equal bytes."""
        body = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def _faults(q: Questionnaire) -> Iterator[str]:
    """What would make an interview fail halfway, each with its place and remedy."""
    ids = [item.id for item in q.items]
    known = set(ids)
    twice = [one for one in known if ids.count(one) > 1]
    yield from (f"the id {one} stands twice in items; give one of them another" for one in twice)
    yield from _unknown(known, "random_blocks", (one for block in q.random_blocks for one in block))
    yield from _unknown(known, "order", (one for order in q.order.values() for one in order))
    yield from _unknown(known, "pages", (one for page in q.pages for one in page.items))
    yield from _unknown(known, "partial", q.partial.questions())
    yield from _unknown(known, "ends", (one for end in q.ends for one in end.when.questions()))
    for item in q.items:
        if item.relevant is not None:
            yield from _unknown(known, f"relevant of {item.id}", item.relevant.questions())
        yield from _item_faults(q, item)
    for name, options in q.choices.items():
        codes = [option.code for option in options]
        if len(set(codes)) != len(codes) or MISSING & set(codes):
            yield f"choices {name}: a code stands twice or is the name of a missing answer; give each its own"


def _unknown(known: set[str], place: str, used: Iterable[str]) -> Iterator[str]:
    yield from (f"{place} names {one}, which is no item; correct the id" for one in used if one not in known)


def _item_faults(q: Questionnaire, item: Item) -> Iterator[str]:
    closed = item.kind in ("select_one", "select_multiple")
    if closed != (item.choices is not None or item.choices_from is not None):
        yield f"item {item.id} ({item.kind}): closed questions, and only they, need choices or choices_from"
    if item.choices is not None and item.choices not in q.choices:
        yield f"item {item.id}: there are no choices {item.choices}; write them under `choices`"
    if not set(item.missing) <= MISSING:
        yield f"item {item.id}: missing may hold only {', '.join(sorted(MISSING))}"
