"""Somebody rings the centre, or texts to ask who called: what they hear, and what their key means. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from survey.policies import packaged_data

Choice = Literal["answer", "call_me", "message", "stop", "person", "again", "unclear"]

_KEYS: Final[Mapping[str, Choice]] = {
    "1": "answer",
    "2": "call_me",
    "3": "message",
    "9": "stop",
    "0": "person",
    "*": "again",
}
MOST_REPEATS: Final = 2
"""How often the menu is said again to whoever presses nothing, or something else, before goodbye is said."""


@dataclass(frozen=True)
class Caller:
    """Who is ringing, as far as we know. `when` None: we never contacted this number. `can_answer`: an interview or a result
    waits for them that can be held now. `may_stop`: there is something of ours that they could want no more of."""

    centre: str
    lang: str
    purpose: str = "survey"
    title: str = ""
    when: str | None = None
    can_answer: bool = False

    @property
    def known(self) -> bool:
        return self.when is not None


def menu(caller: Caller) -> tuple[str, ...]:
    """What is said first: who we are, who called and why, that we want no money, and which key does what."""
    say = sentences(caller.lang)
    why = "not_called" if not caller.known else f"called_{caller.purpose}"
    parts = ["hello", why, "never_money"]
    parts += ["offer_answer"] if caller.can_answer else []
    parts += ["offer_call"] if caller.known else []
    parts += ["offer_message"]
    parts += ["offer_stop"] if caller.known else []
    parts += ["offer_person", "offer_again"]
    facts = {"centre": caller.centre, "when": caller.when or "", "title": caller.title}
    return tuple(say[part].format(**facts) for part in parts)


def chosen(caller: Caller, keys: str) -> Choice:
    """What a key means; one that was not offered is as good as none."""
    choice = _KEYS.get(keys, "unclear")
    offered = {
        "answer": caller.can_answer,
        "call_me": caller.known,
        "stop": caller.known,
    }
    return choice if offered.get(choice, True) else "unclear"


def who_called(caller: Caller) -> str:
    """The answer to a text that asks who called (核实): who, when, why, and that we never ask for money or codes."""
    say = sentences(caller.lang)
    if not caller.known:
        return say["text_not_called"].format(centre=caller.centre)
    why = say[f"why_{caller.purpose}"]
    return say["text_called"].format(centre=caller.centre, when=caller.when, why=why)


@cache
def sentences(lang: str) -> Mapping[str, str]:
    """The sentences in this language; any other than English is answered in Chinese."""
    found: Mapping[str, str] = packaged_data("survey.dialogue", "inbound")["en" if lang == "en" else "zh"]
    return found
