"""Which question comes next, and in which order this respondent gets them."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from survey.dialogue.state import State
from survey.questionnaire.answer import Answer
from survey.questionnaire.model import Item, Page, Questionnaire
from survey.questionnaire.wording import Mode

Answers: TypeAlias = Mapping[str, Answer]


def order(q: Questionnaire, mode: Mode, seed: int) -> tuple[str, ...]:
    """Ids in this respondent's order: each random block is dealt anew over the places that it holds."""
    ids = list(q.asked_in(mode))
    for block in q.random_blocks:
        places = [place for place, item_id in enumerate(ids) if item_id in block]
        dealt = sorted((ids[place] for place in places), key=lambda item_id: _lot(q, seed, item_id))
        for place, item_id in zip(places, dealt, strict=True):
            ids[place] = item_id
    return tuple(ids)


def flipped(q: Questionnaire, seed: int) -> bool:
    """Whether this respondent hears scales from their other end."""
    return _lot(q, seed, "direction") % 2 == 1


def _lot(q: Questionnaire, seed: int, what: str) -> int:
    """A number drawn from the seed: the same in every mode, language, process and year."""
    digest = hashlib.sha256(f"{seed}/{q.code}/{what}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


def ahead(q: Questionnaire, state: State) -> Iterator[Item]:
    """What is still to be said or asked, in order, as far as today's answers tell."""
    for item_id in state.order:
        if item_id not in state.answers and item_id not in state.noted:
            item = q.by_id[item_id]
            if item.relevant is None or item.relevant.holds(state.answers, state.facts):
                yield item


def page(q: Questionnaire, state: State, item: Item) -> tuple[Page | None, tuple[Item, ...]]:
    """The items asked together with this one and the page that words them; (None, (item,)) if alone."""
    for one in q.pages:
        if state.mode in one.modes and item.id in one.items:
            open_ids = [item_id for item_id in one.items if item_id not in state.answers]
            if len(open_ids) == len(one.items):
                return one, tuple(q.by_id[item_id] for item_id in one.items)
    return None, (item,)
