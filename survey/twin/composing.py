"""What a resident texts back: digits in all their forms, words, nonsense, thanks, questions, never again."""

from dataclasses import dataclass
from typing import Literal

from . import dice
from .hearing import Heard, hear_text
from .mind import OPEN_TOPICS, Conversation, Meant, Resident, must_be_said, own_words, think
from .town import Delay, Town

TextKind = Literal[
    "answer",
    "words",
    "contradictory",
    "nonsense",
    "ack",
    "help",
    "stop",
    "person",
    "late",
    "open",
    "unsure",
    "duplicate",
    "distress",
    "minor",
    "free",
]
_CHINESE_DIGITS = "〇一二三四五六七八九"
_WIDE = {ord("0") + n: 0xFF10 + n for n in range(10)}  # full-width digits


@dataclass(frozen=True, slots=True)
class Reply:
    """One text of a resident. `meant` holds the words for the answers in mind, None when it holds none;
    `puzzled`:
    the text asked something that could not be made out."""

    body: str
    kind: TextKind
    after_s: float
    meant: tuple[str, ...] | None = None
    slip: bool = False
    twice: bool = False
    puzzled: bool = False


def compose(town: Town, resident: Resident, body: str, *, opens: bool) -> Reply | None:
    """The reply to a text, if there is any; `opens` says that it is not an answer to something of theirs.

    Remembers what was asked. Every draw depends on the number and the count of texts received, on
    nothing else."""
    person, nth, thread = resident.person, resident.texts, resident.thread
    heard = hear_text(body)
    before = tuple(thread.topics)
    thread.hears(heard)
    if resident.opted_out is not None or thread.over:
        return None
    temper = person.text_temper or dice.choose(person.draw("text temper"), town.text_tempers)
    if not heard.asks:
        thanks = not opens and person.slips and person.draw("thanks", nth) < town.text_thanks_after
        return (
            Reply(_words(town, resident, "thanks"), "ack", _after(town, resident, False)) if thanks else None
        )
    if temper != "ignores" and (said := must_be_said(town, resident, thread, heard.lang)) is not None:
        return Reply(said[1], said[0], _after(town, resident, opens))
    late = temper == "late" or (person.text_temper is None and person.draw("late") < town.text_late)
    if not late and not _replies(town, resident, heard, opens):
        return None
    after = _late(town, resident) if late and opens else _after(town, resident, opens)
    meant = [think(town, resident, thread, question, heard.lang) for question in heard.questions]
    thread.topics += [m.topic for m in meant if m is not None]
    if (whim := _whim(town, resident, temper, thread)) is not None:
        return Reply(whim[0], whim[1], after)
    if heard.questions[0].topic in OPEN_TOPICS and not heard.questions[0].options:
        return _open(town, resident, heard, after)
    answers = [m for m in meant if m is not None]
    if not answers or len(answers) < len(heard.questions) or any(m.option is None for m in answers):
        return Reply(_words(town, resident, "question"), "help", after, puzzled=True)
    again = answers[-1].topic in before[-len(answers) :]
    reply = _answer(town, resident, temper, heard, answers, after, again)
    return Reply(reply.body, "late", after, reply.meant, reply.slip) if late and opens else reply


def _replies(town: Town, resident: Resident, heard: Heard, opens: bool) -> bool:
    person = resident.person
    if person.text_temper is not None:
        return person.text_temper != "ignores"
    if not opens:
        return person.draw("goes on", resident.texts) < town.text_goes_on
    purpose: Literal["survey", "callback"] = "callback" if heard.case or "您反映" in heard.text else "survey"
    return person.draw("replies", resident.texts) < town.text_answers[purpose]


def _after(town: Town, resident: Resident, opens: bool) -> float:
    delay: Delay = town.delays_min.first if opens else town.delays_min.next
    u = resident.person.draw("delay", resident.texts)
    return 60 * dice.lognormal(u, delay.median, delay.sigma, delay.longest)


def _late(town: Town, resident: Resident) -> float:
    low, high = town.delays_min.late_h
    return 3600 * dice.between(resident.person.draw("late by"), low, high)


def _words(town: Town, resident: Resident, kind: str) -> str:
    return dice.one_of(resident.person.draw(kind, resident.texts), town.other_words[kind])


def _whim(town: Town, resident: Resident, temper: str, thread: Conversation) -> tuple[str, TextKind] | None:
    """What some text before they answer, once in a thread."""
    kinds: dict[str, TextKind] = {
        "nonsense": "nonsense",
        "thanks": "ack",
        "question": "help",
        "person": "person",
    }
    if temper == "stop":
        thread.over = True
        return dice.choose(resident.person.draw("stop"), town.stop_words), "stop"
    if temper not in kinds or not thread.once(temper):
        return None
    thread.over = temper == "person"
    return _words(town, resident, temper), kinds[temper]


def _open(town: Town, resident: Resident, heard: Heard, after: float) -> Reply:
    said = own_words(town, resident, resident.thread, heard.questions[0].topic)
    if said is None:
        said = dice.one_of(resident.person.draw("nothing"), town.nothing_to_say)
    return Reply(said, "open", after, (said,))


def _answer(
    town: Town, resident: Resident, temper: str, heard: Heard, answers: list[Meant], after: float, again: bool
) -> Reply:
    person, nth = resident.person, resident.texts
    meant = tuple(answer.label for answer in answers)
    twice = person.slips and person.draw("twice", nth) < town.text_duplicate
    if again:  # asked once more: now as plainly as can be
        return Reply("".join(_key(answer) for answer in answers), "answer", after, meant)
    if temper == "words":
        return Reply(_in_words(resident, answers, heard.lang), "words", after, meant, twice=twice)
    if person.slips and person.draw("text unsure", nth) < town.text_unsure:
        return Reply(_words(town, resident, "unsure"), "unsure", after)
    if temper == "contradictory" and len(answers) == 1:
        other = [o for o in heard.questions[0].options if o.key != _key(answers[0])]
        return Reply(_key(answers[0]) + other[-1].label, "contradictory", after, meant, slip=True)
    if person.slips and len(answers) == 1 and person.draw("text slip", nth) < town.text_slip:
        wrong = [o for o in heard.questions[0].options if o.key != _key(answers[0])]
        return Reply(wrong[0].key, "answer", after, meant, slip=True)
    if len(answers) > 1:
        keys = [_key(answer) for answer in answers]
        joint = dice.one_of(person.draw("joint"), ("", " ", ",", ""))
        return Reply(joint.join(keys), "answer", after, meant, twice=twice)
    return Reply(_digit(town, resident, heard.lang, answers[0]), "answer", after, meant, twice=twice)


def _key(answer: Meant) -> str:
    return answer.option.key if answer.option is not None else ""


def _digit(town: Town, resident: Resident, lang: str, answer: Meant) -> str:
    form = dice.choose(resident.person.draw("form", resident.texts), town.reply_forms[lang])
    key = _key(answer)
    label = answer.option.label if answer.option is not None else ""
    return form.format(d=key, w=key.translate(_WIDE), c=_CHINESE_DIGITS[int(key)], l=label)


def _in_words(resident: Resident, answers: list[Meant], lang: str) -> str:
    if len(answers) > 1:
        return "\uff0c".join(answer.option.label if answer.option else answer.label for answer in answers)
    answer = answers[0]
    ways = answer.opinion.says if lang == "zh" and answer.opinion.says else (answer.label,)
    return dice.one_of(resident.person.draw("says", answer.topic), ways)
