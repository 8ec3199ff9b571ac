"""Which question comes next, and in which order this respondent gets them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from survey.dialogue.state import NOTHING, State
from survey.questionnaire.known import Known
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.parts import Item, Order, Page
from survey.questionnaire.wording import Mode

T = TypeVar("T")


def known_of(q: Questionnaire, state: State) -> Known:
    """What is known of this respondent now."""
    return Known(q, state.answers, state.facts, state.lang)


def order(q: Questionnaire, mode: Mode, seed: int) -> tuple[str, ...]:
    """Ids in this respondent's order: what stands in a block with an order of its own is dealt anew over the places
    that it holds, inner blocks staying together. All that the document has is dealt, and then left out what this mode
    does not ask: so the order is the same in all modes."""
    if all(block.order == "fixed" for block in q.blocks):
        return _same_for_all(q, mode)
    ids = list(q.order.get(mode) or q.by_id)
    for block in q.blocks:
        if block.order == "fixed":
            continue
        places = [place for place, one in enumerate(ids) if block.id in _blocks_around(q, one)]
        groups: dict[str, list[str]] = {}
        for place in places:
            groups.setdefault(_member(q, ids[place], block.id), []).append(ids[place])
        dealt = deal(q, seed, block.id, list(groups), block.order)
        for place, one in zip(places, (one for name in dealt for one in groups[name]), strict=True):
            ids[place] = one
    return tuple(one for one in ids if mode in q.by_id[one].modes)


def _same_for_all(q: Questionnaire, mode: Mode) -> tuple[str, ...]:
    kept: tuple[str, ...] | None = q.memo.get(("order", mode))
    if kept is None:
        kept = q.memo["order", mode] = q.asked_in(mode)
    return kept


def _blocks_around(q: Questionnaire, item_id: str) -> list[str]:
    """From the innermost block outwards."""
    found: list[str] = []
    name = q.by_id[item_id].block
    while name is not None:
        found.append(name)
        name = q.blocks_by_id[name].block
    return found


def _member(q: Questionnaire, item_id: str, block: str) -> str:
    """What of the block moves as one: the item, or the inner block that it stands in; a question "which other?" moves
    with the question that it belongs to."""
    around = _blocks_around(q, item_id)
    place = around.index(block)
    if place > 0:
        return around[place - 1]
    owner = item_id.removesuffix("_other")
    return owner if owner != item_id and owner in q.by_id and q.by_id[owner].other else item_id


def deal(q: Questionnaire, seed: int, name: str, things: Sequence[str], how: Order) -> list[str]:
    """The things in this respondent's order. "rotated": the same round, from a start of their own."""
    if how == "rotated":
        start = lot(q, seed, name) % len(things) if things else 0
        return [*things[start:], *things[:start]]
    return sorted(things, key=lambda one: lot(q, seed, one)) if how == "random" else list(things)


def dealt_options(q: Questionnaire, seed: int) -> Mapping[str, tuple[str, ...]]:
    """The codes of every question whose options have an order of their own; those outside a scale stay last."""
    dealing: tuple[Item, ...] | None = q.memo.get("dealing options")
    if dealing is None:
        dealing = tuple(item for item in q.questions if item.options_order != "fixed")
        q.memo["dealing options"] = dealing
    return {item.id: _dealt_options(q, seed, item) for item in dealing} if dealing else NOTHING


def _dealt_options(q: Questionnaire, seed: int, item: Item) -> tuple[str, ...]:
    moving = [o.code for o in q.options(item.id) if o.on_scale and o.code != "other"]
    staying = [o.code for o in q.options(item.id) if not o.on_scale or o.code == "other"]
    if item.options_order == "rotated":
        return (*deal(q, seed, item.id, moving, "rotated"), *staying)
    return (*sorted(moving, key=lambda code: lot(q, seed, f"{item.id}/{code}")), *staying)


def flipped(q: Questionnaire, seed: int) -> bool:
    """Whether this respondent hears scales from their other end."""
    return lot(q, seed, "direction") % 2 == 1


def lot(q: Questionnaire, seed: int, what: str) -> int:
    """A number drawn from the seed: the same in every mode, language, process and year."""
    digest = hashlib.sha256(f"{seed}/{q.code}/{what}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


def ahead(q: Questionnaire, state: State) -> Iterator[Item]:
    """What is still to be said or asked, in order, as far as today's answers tell."""
    known = known_of(q, state)
    for item_id in state.order:
        if item_id not in state.answers and item_id not in state.noted:
            item = q.by_id[item_id]
            if item.kind != "calculate" and is_asked(q, known, item):
                yield item


def is_asked(q: Questionnaire, known: Known, item: Item) -> bool:
    """All its conditions hold, and where options are filtered or come from a fact there is one to choose."""
    conditions = q.relevance(item)
    if conditions and not all(when.holds(known) for when in conditions):
        return False
    if item.choices_from is not None:
        return known.text(item.choices_from) != ""
    chosen = item.choice_filter
    return chosen is None or any(chosen.holds(known.of(option)) for option in q.options(item.id))


def page(q: Questionnaire, state: State, item: Item) -> tuple[Page | None, tuple[Item, ...]]:
    """The items that stand together with this one and the page that words them; (None, (item,)) if alone."""
    alone: tuple[None, tuple[Item]] | None = q.memo.get(("alone", state.mode, item.id))
    if alone is not None:
        return alone
    if state.mode == "web" and item.id not in state.answers:
        return _web_page(q, state, item)
    if state.mode != "web" and not any(state.mode in one.modes and item.id in one.items for one in q.pages):
        q.memo["alone", state.mode, item.id] = None, (item,)
    for one in q.pages:
        if state.mode in one.modes and item.id in one.items:
            open_ids = [item_id for item_id in one.items if item_id not in state.answers]
            if len(open_ids) == len(one.items):
                return one, tuple(q.by_id[item_id] for item_id in one.items)
    return None, (item,)


def _web_page(q: Questionnaire, state: State, item: Item) -> tuple[Page | None, tuple[Item, ...]]:
    """All that is still ahead, or what of it the document puts on a page with this question; also the notes between."""
    everything = q.web.layout == "one_page"
    page = next((one for one in q.pages if "web" in one.modes and item.id in one.items), None)
    if page is None and not everything:
        return None, (item,)
    together = tuple(one for one in ahead(q, state) if everything or (page and one.id in page.items))
    return (None if everything else page, together) if item in together else (None, (item,))
