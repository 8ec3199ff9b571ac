"""What a resident does who has rung the centre and hears which key is for what."""

import re
from functools import cache
from typing import Literal

from . import dice
from .hearing import Heard
from .person import Person
from .town import Town, packaged

Wish = Literal["answer", "later", "message", "never", "person", "ask"]


def wish_of(town: Town, person: Person, nth: int) -> str:
    """Why they ring for the `nth` time; ask: only to hear who called."""
    return person.rings_for or dice.choose(person.draw("rings for", nth), town.rings_back.wishes)


def offers(heard: Heard) -> dict[str, str]:
    """The keys of a menu by what they are for; empty for a prompt that is none."""
    found = {
        purpose: option.key
        for question in heard.questions
        for option in question.options
        for purpose, words in _menu()
        if words.search(option.label)
    }
    if not found:
        return {}
    return found | {name: heard.reserved[name] for name in ("never", "person") if name in heard.reserved}


@cache
def _menu() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = packaged("hearing.yaml")["menu"]
    return tuple((purpose, re.compile(words, re.IGNORECASE)) for purpose, words in table.items())
