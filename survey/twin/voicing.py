"""Answering aloud: who says the answer instead of pressing it, in what words, and what a recogniser makes of them."""

from dataclasses import replace

from . import dice
from .acts import Act, Ears
from .hearing import Heard, chinese_characters
from .mind import OPEN_TOPICS, Conversation, Meant, Resident, must_be_said, own_words
from .person import Person
from .town import Town

CHINESE = frozenset({"zh", "cmn", "yue"})


def talks(town: Town, person: Person, heard: Heard, ears: Ears) -> bool:
    """Whether they speak here: some do where either will do, and all where no key is taken or offered."""
    if not ears.speech:
        return False
    if not ears.keys or not any(question.options for question in heard.questions):
        return True
    if person.speaks is not None:
        return person.speaks
    if person.distress or person.minor:
        return True
    return person.draw("speaks") < town.voice_speech[person.voice_temper]


def unasked(town: Town, resident: Resident, call: Conversation, heard: Heard, after_s: float) -> Act | None:
    """What they have to say whatever the question is, or to an open question."""
    if (must := must_be_said(town, resident, call, heard.lang)) is not None:
        return Act(after_s, kind=must[0], said=must[1])
    question = heard.questions[0] if heard.questions else None
    if question is None or question.options or question.topic not in OPEN_TOPICS:
        return None
    call.topics.append(question.topic)
    nothing = dice.one_of(resident.person.draw("nothing"), town.nothing_to_say)
    said = own_words(town, resident, call, question.topic) or nothing
    return Act(after_s, kind="open", meant=said, said=said)


def aloud(town: Town, person: Person, nth: int, act: Act, heard: Heard, ears: Ears, asked_again: bool) -> Act:
    """The same act in words; or still by key, where keys are taken: a beginning, a wrong one, and an answer that was
    not understood before."""
    if not act.said:
        if ears.keys and act.keys and (act.kind in ("begin", "wrong") or asked_again):
            return act
        words = _words(town, person, nth, act, heard, asked_again)
        kind = "words" if act.thought is not None else act.kind
        act = replace(act, keys="", said=words, slip=False, kind=kind)
    return _recognised(town, person, nth, act, heard, ears, asked_again)


def in_words(town: Town, person: Person, nth: int, meant: Meant, lang: str) -> str:
    """An answer as it is said: the opinion in one of its wordings, with or without a word around it."""
    ways = meant.opinion.says if lang == "zh" and meant.opinion.says else (meant.label,)
    said = dice.one_of(person.draw("says aloud", meant.topic), ways)
    form = dice.choose(person.draw("spoken form", nth, meant.topic), town.spoken_forms[lang])
    return form.format(w=said)


def _words(town: Town, person: Person, nth: int, act: Act, heard: Heard, asked_again: bool) -> str:
    """Words for a key: of the answer behind it, as plain as the prompt has them when it was asked before, or of what
    the key stands for."""
    if act.thought is not None:
        if asked_again and act.thought.option is not None:
            return act.thought.option.label
        return in_words(town, person, nth, act.thought, heard.lang)
    return dice.one_of(person.draw(act.kind, "aloud", nth), town.spoken_words[heard.lang][act.kind])


def _recognised(
    town: Town, person: Person, nth: int, act: Act, heard: Heard, ears: Ears, asked_again: bool
) -> Act:
    """A recogniser that listens for another language understands nothing; any mishears now and then."""
    what = act.thought.topic if act.thought is not None else act.kind
    lang = "zh" if chinese_characters(act.said) else heard.lang
    foreign = (ears.language.split("-")[0] in CHINESE) != (lang == "zh")
    chance = person.slips and not asked_again and person.draw("misheard", nth, what) < town.voice_misheard
    wrong = foreign or chance
    span = town.confidence["misheard" if wrong else "heard"]
    confidence = round(dice.between(person.draw("confidence", nth, what, asked_again), *span), 4)
    garbled = dice.one_of(person.draw("misheard as", nth, what), town.misheard[lang])
    return replace(
        act, speech=garbled if wrong else act.said, confidence=confidence,
        slip=act.slip or wrong, puzzled=act.puzzled or foreign,
    )  # fmt: skip
