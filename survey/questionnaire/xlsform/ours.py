"""What our document says and an XLSForm cannot: each with its path in the document."""

from collections.abc import Iterator, Sequence
from typing import Final

from survey.questionnaire.integrity import expressions
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import Item, Option
from survey.questionnaire.places import Place
from survey.questionnaire.wording import Wording
from survey.questionnaire.xlsform.askable import attribute_column
from survey.questionnaire.xlsform.columns import written
from survey.questionnaire.xlsform.dropped import Dropped
from survey.questionnaire.xlsform.features import OURS
from survey.questionnaire.xlsform.lists import ACKNOWLEDGE
from survey.questionnaire.xlsform.words import plain

_KEEP: Final = "keep the document beside the form"
_OF_ITEMS: Final = (
    "modes",
    "again",
    "two_directions",
    "several_in",
    "missing",
    "reads_dk",
    "speech",
    "record_s",
    "essential",
    "is_age",
    "each_contact",
    "tells",
)
_OF_OPTIONS: Final = ("short", "also", "on_scale", "excludes_others", "between")
_HOW_HELD: Final = "official, purpose, minutes, order, pages, voice, web, limits"
_WHAT_COMES: Final = "complete, partial, ends, flags, appeal, scores, scripts"
_MINYIS: Final = frozenset({"replied", "is-missing"})


def unsaid(q: Questionnaire, key: str, *path: str, feature: str = "") -> Dropped:
    """`key` of OURS; the place is the path in the document."""
    return Dropped(feature or key, Place(q.code, cell=".".join(path)), OURS[key], _KEEP, "ours")


def left_unsaid(q: Questionnaire) -> Iterator[Dropped]:
    """What no row has a place for. What a row says otherwise is told where the row is written."""
    for item in q.items:
        yield from _of_item(q, item)
    for name, options in q.choices.items():
        yield from _of_options(q, name, options)
    for block in q.blocks:
        yield from _words(q, block.title, "blocks", block.id, "title")
        if block.order != "fixed":
            yield unsaid(q, "order of a block", "blocks", block.id, "order")
    if len(q.title) > 1:
        yield unsaid(q, "title in other languages", "title")
    for group in (_HOW_HELD, _WHAT_COMES):
        for key in group.split(", "):
            if getattr(q, key) != Questionnaire.model_fields[key].get_default(call_default_factory=True):
                yield unsaid(q, group, key, feature=key)
    if any(q.facts.values()):
        yield unsaid(q, "facts", "facts")
    for place, expression in expressions(q):
        if " of " in place and expression.functions & _MINYIS:
            yield unsaid(q, "functions of Minyi", place)


def _of_item(q: Questionnaire, item: Item) -> Iterator[Dropped]:
    for key in _OF_ITEMS:
        acknowledged = key == "missing" and item.choices == ACKNOWLEDGE
        if (
            getattr(item, key) != Item.model_fields[key].get_default(call_default_factory=True)
            and not acknowledged
        ):
            yield unsaid(q, key, "items", item.id, key)
    if item.options_order == "rotated":
        yield unsaid(q, "options_order: rotated", "items", item.id, "options_order")
    for key in ("prompt", "hint", "constraint_message"):
        yield from _words(q, getattr(item, key), "items", item.id, key)


def _of_options(q: Questionnaire, name: str, options: Sequence[Option]) -> Iterator[Dropped]:
    if name == ACKNOWLEDGE:
        return
    fields = Option.model_fields
    told = [key for key in _OF_OPTIONS if any(getattr(one, key) != _default(fields[key]) for one in options)]
    if told:
        key = "short, also, on_scale, excludes_others, between"
        yield unsaid(q, key, "choices", name, feature=", ".join(told))
    for option in options:
        yield from _words(q, option.label, "choices", name, option.code)
        if not all(attribute_column((key,)) for key in option.attributes):
            yield unsaid(q, "attributes", "choices", name, option.code)


def _default(field: object) -> object:
    return field.get_default(call_default_factory=True)  # type: ignore[attr-defined]


def _words(q: Questionnaire, wording: Wording, *path: str) -> Iterator[Dropped]:
    """Where a mode has words of its own, other than the same without emphasis."""
    for tag, styles in wording.items():
        shown = written(wording, tag)
        if any(text not in (shown, plain(shown)) for text in styles.values()):
            yield unsaid(q, "words for a mode", *path, tag)
