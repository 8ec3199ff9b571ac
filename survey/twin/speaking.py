"""What a resident says to a person on the telephone."""

import re
from dataclasses import dataclass
from typing import Literal

from . import dice
from .hearing import hear_speech
from .mind import OPEN_TOPICS, Conversation, Resident, own_words, think
from .town import Town

SpokenKind = Literal[
    "answer", "open", "unsure", "listens", "puzzled", "refusal", "appointment", "never", "machine", "gone"
]


@dataclass(frozen=True, slots=True)
class Spoken:
    """`heard` is what the operator hears (None: nothing, the line is dead); `meant` the word for the
    answer in mind."""

    heard: str | None
    kind: SpokenKind
    meant: str | None = None
    hung_up: bool = False


def speak(town: Town, resident: Resident, call: Conversation, nth: int, text: str) -> Spoken:
    """The answer to what the operator says in the `nth` call to this number."""
    person = resident.person
    call.prompts += 1
    first = call.prompts == 1
    if person.voice_temper == "refuses" and first:
        return Spoken(_phrase(town, resident, "refuses", nth), "refusal", hung_up=True)
    if person.voice_temper == "never_again" and first:
        return Spoken(_phrase(town, resident, "never", nth), "never", hung_up=True)
    if person.voice_temper == "person" and first and person.slips and person.draw("later", nth) < 0.5:
        return Spoken(_phrase(town, resident, "appointment", nth), "appointment", hung_up=True)
    if first and person.slips and person.draw("busy now", nth) < town.desk_appointment:
        return Spoken(_phrase(town, resident, "appointment", nth), "appointment", hung_up=True)
    if person.voice_temper == "midway" and call.prompts > 3 + int(person.draw("midway", nth) * 3):
        return Spoken(None, "gone", hung_up=True)
    return _answer(town, resident, call, text)


def _answer(town: Town, resident: Resident, call: Conversation, text: str) -> Spoken:
    person = resident.person
    heard = hear_speech(text)
    if heard.case is not None:
        call.case = heard.case
    if not heard.questions:
        return Spoken(_phrase(town, resident, "listens", call.prompts), "listens")
    question = heard.questions[0]
    if question.topic == "township":
        return _place(resident, heard.text)
    if question.topic in OPEN_TOPICS:
        return _open(town, resident, call, question.topic)
    meant = think(town, resident, call, question, heard.lang)
    if meant is None:
        return Spoken(_phrase(town, resident, "puzzled", call.prompts), "puzzled")
    asked_again = meant.topic in call.topics[-1:]
    call.topics.append(meant.topic)
    if not asked_again and person.slips and person.draw("unsure aloud", meant.topic) < town.voice_unsure:
        return Spoken(_phrase(town, resident, "unsure", meant.topic), "unsure")
    frame = dice.one_of(person.draw("frame", meant.topic), town.at_the_desk["frames"])
    said = frame.format(w=meant.label) if heard.lang == "zh" else meant.label
    return Spoken(said, "answer", meant.label)


def _place(resident: Resident, text: str) -> Spoken:
    """One of the places read out, for the carrier does not know where its numbers live."""
    places = [
        place for place in re.split(r"[、,?]|还是|\bor\b", text.strip().splitlines()[-1]) if place.strip()
    ]
    place = dice.one_of(resident.person.draw("township"), places).strip()
    return Spoken(place, "answer", place)


def _open(town: Town, resident: Resident, call: Conversation, topic: str | None) -> Spoken:
    said = own_words(town, resident, call, topic)
    return Spoken(said or dice.one_of(resident.person.draw("nothing"), town.nothing_to_say), "open")


def _phrase(town: Town, resident: Resident, kind: str, *what: object) -> str:
    return dice.one_of(resident.person.draw(kind, *what), town.at_the_desk[kind])
