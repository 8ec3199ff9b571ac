"""What a resident does at a spoken prompt: which key, when, with what in mind; or says it; or nothing; or the
receiver down."""

from . import dice
from .acts import KEYS_ALONE, Act, Ears, KeyKind, WhimKind
from .hearing import Heard, Option, hear_voice
from .menu import offers
from .mind import Conversation, Meant, Resident, think
from .town import Town
from .utterance import Utterance
from .voicing import aloud, talks, unasked


def hangs_up_in(resident: Resident, call: Conversation, nth: int, seconds: float) -> float | None:
    """Seconds into a piece of speech of that length at which they put the receiver down, if they do.

    Refusers leave in the first one; those who break off leave in a later prompt. `nth` is the call's
    number."""
    temper = resident.person.voice_temper
    leave_at = {"refuses": 0, "midway": 2 + int(resident.person.draw("midway", nth) * 3)}.get(temper)
    if leave_at is None or call.prompts != leave_at:
        return None
    share = dice.between(resident.person.draw("leaves", nth), 0.2, 0.9)
    return seconds * share


def react(
    town: Town, resident: Resident, call: Conversation, nth: int, prompt: Utterance, timeout_s: float,
    ears: Ears = KEYS_ALONE,
) -> Act:  # fmt: skip
    """What they do at a prompt that waits for keys or speech, in their `nth` call."""
    person = resident.person
    heard = hear_voice(prompt.text)
    leaves = hangs_up_in(resident, call, nth, prompt.seconds)
    asked_again = bool(heard.questions) and heard.questions[0].topic in call.topics[-1:]
    call.hears(heard)
    end = prompt.seconds
    if leaves is not None:
        return Act(leaves, hangs_up=True)
    if person.voice_temper == "silent" or call.over:
        return Act(end + timeout_s)
    if call.wish is not None and (menu := offers(heard)):
        return _at_the_menu(
            call, menu, end + dice.between(person.draw("reaction", nth, call.prompts), 1.0, 3.0)
        )
    start = end + dice.between(person.draw("reaction", nth, call.prompts), 1.0, 3.0)
    speaks = talks(town, person, heard, ears)
    act = unasked(town, resident, call, heard, start) if speaks else None
    if act is None and (pressed := whim(person.voice_temper, heard, call)) is not None:
        act = Act(start, *pressed)
    if act is None:
        act = _answer(town, resident, call, nth, heard, prompt, start, asked_again, speaks)
    if act is None:
        return Act(end + timeout_s, puzzled=True)
    return aloud(town, person, nth, act, heard, ears, asked_again) if speaks else act


def _at_the_menu(call: Conversation, menu: dict[str, str], start: float) -> Act:
    """The key for what they ring for; whoever has only wanted to hear who called, or is not offered what they want, rings off."""
    wish = call.wish or ""
    key = menu.get(wish)
    if key is None:
        return Act(start, hangs_up=True)
    kinds: dict[str, KeyKind] = {"never": "never", "person": "person"}
    call.over = wish in kinds
    return Act(start, key, kinds.get(wish, "begin"))


def whim(temper: str, heard: Heard, call: Conversation) -> tuple[str, WhimKind] | None:
    """The key that some press instead of an answer, once in a call, where the prompt offers it; and what it means."""
    kinds: dict[str, tuple[str, WhimKind]] = {
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
    return key, kind


def _answer(
    town: Town, resident: Resident, call: Conversation, nth: int, heard: Heard, prompt: Utterance, start: float,
    asked_again: bool, speaks: bool,
) -> Act | None:  # fmt: skip
    person = resident.person
    if not heard.questions:
        return None
    question = heard.questions[0]
    options = question.options
    if question.topic is None and len(options) == 1:
        return Act(start, options[0].key, "begin")
    meant = think(town, resident, call, question, heard.lang)
    if meant is None or (meant.option is None and not speaks):
        call.silences += 1
        return Act(start, "8", "unsure", puzzled=True) if options else None
    call.topics.append(meant.topic)
    label = meant.label
    if meant.option is None:
        return Act(start, "", "answer", label, thought=meant)
    if person.voice_temper == "wrong_keys" and not asked_again and call.once("wrong " + meant.topic):
        wrong = _not_offered(person.draw("wrong", nth, call.prompts), options)
        if wrong is not None:
            return Act(start, wrong, "wrong", label, slip=True, thought=meant)
    if not asked_again and person.slips:
        if "unsure" in call.offered and person.draw("unsure", nth, meant.topic) < town.voice_unsure:
            return Act(start, heard.reserved.get("unsure", "8"), "unsure")
        if person.draw("slip", nth, meant.topic) < town.voice_slip:
            beside = _neighbour(meant, options)
            return Act(start, beside.key, "answer", label, slip=True, thought=meant)
    moment = _moment(town, person.voice_temper, heard, meant.option, prompt, start)
    return Act(moment, meant.option.key, "answer", label, thought=meant)


def _moment(town: Town, temper: str, heard: Heard, option: Option, prompt: Utterance, start: float) -> float:
    """The hurried press as soon as their own answer has been read out; the others hear it to the end."""
    if temper != "hurried":
        return start
    return min(prompt.until(town, heard.text[: option.ends]) + 1.0, start)


def _not_offered(u: float, options: tuple[Option, ...]) -> str | None:
    """A key between the answers and the reserved ones; half the people with this temper press right at
    once."""
    free = [key for key in "56" if key not in {option.key for option in options}]
    return dice.one_of(u * 2, free) if free and u < 0.5 else None


def _neighbour(meant: Meant, options: tuple[Option, ...]) -> Option:
    place = options.index(meant.option) if meant.option in options else 0
    return options[place - 1] if place else options[min(1, len(options) - 1)]
