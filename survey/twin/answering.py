"""What a resident does at a spoken prompt: which key, when, with what in mind; or nothing; or the
receiver down."""

from dataclasses import dataclass
from typing import Literal

from . import dice
from .hearing import Heard, Option, chinese_characters, hear_voice
from .mind import Conversation, Meant, Resident, think
from .town import Town

KeyKind = Literal["answer", "unsure", "wrong", "again", "person", "never", "silence", "begin"]


@dataclass(frozen=True, slots=True)
class Act:
    """`after_s` counts from the first word of the prompt. `keys` "" is silence; `hangs_up` ends the call.

    `meant` is the word for the answer in mind; `slip` says that the keys are not what was meant;
    `puzzled` that the
    prompt wanted something which could not be made out."""

    after_s: float
    keys: str = ""
    kind: KeyKind = "silence"
    meant: str | None = None
    slip: bool = False
    hangs_up: bool = False
    puzzled: bool = False


def spoken_s(town: Town, text: str) -> float:
    """How long a voice takes to say it."""
    chinese = chinese_characters(text)
    return chinese / town.speech.zh_per_s + (len(text) - chinese) / town.speech.other_per_s


def hangs_up_in(town: Town, resident: Resident, call: Conversation, nth: int, text: str) -> float | None:
    """Seconds into this piece of speech at which they put the receiver down, if they do.

    Refusers leave in the first one; those who break off leave in a later prompt. `nth` is the call's
    number."""
    temper = resident.person.voice_temper
    leave_at = {"refuses": 0, "midway": 2 + int(resident.person.draw("midway", nth) * 3)}.get(temper)
    if leave_at is None or call.prompts != leave_at:
        return None
    share = dice.between(resident.person.draw("leaves", nth), 0.2, 0.9)
    return spoken_s(town, text) * share


def react(town: Town, resident: Resident, call: Conversation, nth: int, text: str, timeout_s: float) -> Act:
    """What they do at a prompt that waits for keys, in their `nth` call. `text` is the whole prompt."""
    person = resident.person
    heard = hear_voice(text)
    leaves = hangs_up_in(town, resident, call, nth, text)
    asked_again = bool(heard.questions) and heard.questions[0].topic in call.topics[-1:]
    call.hears(heard)
    end = spoken_s(town, text)
    nothing = Act(end + timeout_s)
    if leaves is not None:
        return Act(leaves, hangs_up=True)
    if person.voice_temper == "silent" or call.over:
        return nothing
    reaction = dice.between(person.draw("reaction", nth, call.prompts), 1.0, 3.0)
    if (whim := _whim(person.voice_temper, heard, call)) is not None:
        return Act(end + reaction, whim.keys, whim.kind)
    act = _answer(town, resident, call, nth, heard, end, reaction, asked_again)
    return act or Act(end + timeout_s, puzzled=True)


def _whim(temper: str, heard: Heard, call: Conversation) -> Act | None:
    """The keys that some press instead of an answer, once in a call, where the prompt offers them."""
    kinds: dict[str, tuple[str, KeyKind]] = {
        "never_again": ("never", "never"), "person": ("person", "person"), "again": ("again", "again"),
    }  # fmt: skip
    if temper not in kinds:
        return None
    purpose, kind = kinds[temper]
    key = heard.reserved.get(purpose) or {"never": "9", "person": "0", "again": "*"}[purpose]
    if purpose not in call.offered and key not in heard.text:
        return None
    if not call.once(purpose):
        return None
    call.over = kind in ("never", "person")
    return Act(0, key, kind)


def _answer(
    town: Town, resident: Resident, call: Conversation, nth: int, heard: Heard, end: float, reaction: float,
    asked_again: bool,
) -> Act | None:  # fmt: skip
    person = resident.person
    if not heard.questions:
        return None
    question = heard.questions[0]
    options = question.options
    if question.topic is None and len(options) == 1:
        return Act(end + reaction, options[0].key, "begin")
    meant = think(town, resident, call, question, heard.lang)
    if meant is None or meant.option is None:
        call.silences += 1
        return Act(end + reaction, "8", "unsure", puzzled=True) if options else None
    call.topics.append(meant.topic)
    label, key = meant.label, meant.option.key
    if person.voice_temper == "wrong_keys" and not asked_again and call.once("wrong " + meant.topic):
        wrong = _not_offered(person.draw("wrong", nth, call.prompts), options)
        if wrong is not None:
            return Act(end + reaction, wrong, "wrong", label, slip=True)
    if not asked_again and person.slips:
        if "unsure" in call.offered and person.draw("unsure", nth, meant.topic) < town.voice_unsure:
            return Act(end + reaction, heard.reserved.get("unsure", "8"), "unsure")
        if person.draw("slip", nth, meant.topic) < town.voice_slip:
            beside = _neighbour(meant, options)
            return Act(end + reaction, beside.key, "answer", label, slip=True)
    return Act(_moment(town, person.voice_temper, heard, meant, end, reaction), key, "answer", label)


def _moment(town: Town, temper: str, heard: Heard, meant: Meant, end: float, reaction: float) -> float:
    """The hurried press as soon as their own answer has been read out; the others hear it to the end."""
    if temper != "hurried" or meant.option is None:
        return end + reaction
    return min(spoken_s(town, heard.text[: meant.option.ends]) + 1.0, end + reaction)


def _not_offered(u: float, options: tuple[Option, ...]) -> str | None:
    """A key between the answers and the reserved ones; half the people with this temper press right at
    once."""
    free = [key for key in "56" if key not in {option.key for option in options}]
    return dice.one_of(u * 2, free) if free and u < 0.5 else None


def _neighbour(meant: Meant, options: tuple[Option, ...]) -> Option:
    place = options.index(meant.option) if meant.option in options else 0
    return options[place - 1] if place else options[min(1, len(options) - 1)]
