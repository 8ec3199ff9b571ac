"""What a resident says into a recording, and how they end it."""

from dataclasses import dataclass
from typing import Literal

from . import dice
from .answering import whim
from .hearing import Heard, hear_voice
from .mind import OPEN_TOPICS, Conversation, Resident, must_be_said, own_words, think
from .person import Person
from .town import Town
from .voicing import in_words

ToldKind = Literal[
    "open", "words", "nothing", "silence", "distress", "minor", "never", "person", "again"
]  # fmt: skip
WAITS, HANGS_UP = "waits", "hangs_up"


@dataclass(frozen=True, slots=True)
class Told:
    """`after_s` counts from the beep to the first word or the key. `words` None: nothing is said. `ends` is the key
    that they press afterwards, or WAITS, or HANGS_UP."""

    kind: ToldKind
    words: str | None = None
    meant: str | None = None
    after_s: float = 0.0
    ends: str = WAITS
    puzzled: bool = False


SILENCE = Told("silence")


def tell(
    town: Town, resident: Resident, call: Conversation, nth: int, prompt: str, finish_on_key: str
) -> Told:
    """What they do after the beep, in their `nth` call; `prompt` is what was said before it."""
    person = resident.person
    heard = hear_voice(prompt)
    call.hears(heard)
    if person.voice_temper == "silent" or call.over:
        return SILENCE
    after = dice.between(person.draw("reaction", nth, call.prompts), 1.0, 3.0)
    if (pressed := whim(person.voice_temper, heard, call)) is not None:
        key, kind = pressed
        return Told(kind, after_s=after, ends=key) if key in finish_on_key else SILENCE
    ends = _ending(town, person, call, nth, heard, finish_on_key)
    if (must := must_be_said(town, resident, call, heard.lang)) is not None:
        return Told(must[0], must[1], after_s=after, ends=ends)
    if not heard.questions:
        return Told("silence", puzzled=True)
    question = heard.questions[0]
    if question.topic in OPEN_TOPICS:
        call.topics.append(question.topic)
        words = own_words(town, resident, call, question.topic)
        if words is None:
            return _nothing(town, person, nth, heard, finish_on_key, after, ends)
        return Told("open", words, words, after, ends)
    meant = think(town, resident, call, question, heard.lang)
    if meant is None:
        return Told("silence", puzzled=True)
    call.topics.append(meant.topic)
    return Told("words", in_words(town, person, nth, meant, heard.lang), meant.label, after, ends)


def _nothing(
    town: Town, person: Person, nth: int, heard: Heard, finish_on_key: str, after_s: float, ends: str
) -> Told:
    """Some keep silent, some say so, some press the key at once, if they were told which."""
    way = dice.choose(person.draw("nothing aloud", nth), town.recordings.nothing)
    if way == "says":
        said = dice.one_of(person.draw("nothing"), town.nothing_to_say)
        return Told("open", said, said, after_s, ends)
    key = _key_for_done(heard, finish_on_key)
    return Told("nothing", after_s=after_s, ends=key) if way == "key" and key else SILENCE


def _ending(
    town: Town, person: Person, call: Conversation, nth: int, heard: Heard, finish_on_key: str
) -> str:
    """Whoever is planted without slips does as the prompt says."""
    chance = person.draw("ends recording", nth, call.prompts)
    way = person.record_ends or (dice.choose(chance, town.recordings.ends) if person.slips else "key")
    if way == "key":
        return _key_for_done(heard, finish_on_key) or WAITS
    return way


def _key_for_done(heard: Heard, finish_on_key: str) -> str | None:
    """The key that the prompt names for it, if it works."""
    key = heard.reserved.get("done")
    return key if key is not None and key in finish_on_key else None
