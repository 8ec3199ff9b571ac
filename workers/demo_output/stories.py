"""Which conversations are worth telling: the first of each kind, so that the same day tells the same
stories.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg

from followup.reports.callback_rows import CallbackLine
from survey.store.reports.conversations import ContactTraits, contact_traits
from survey.transcripts import Conversation, read_conversations


@dataclass(frozen=True)
class Story:
    """One conversation with the title under which it is told; `case_number` where it is about a case."""

    key: str
    zh: str
    en: str
    conversation: Conversation
    case_number: str | None = None
    round: int | None = None


Callbacks = Sequence[CallbackLine]
Fits = Callable[[ContactTraits, Callbacks], bool]


@dataclass(frozen=True)
class Kind:
    """A kind of story. Of the contacts that fit the one with the fewest inputs is told, if it has at least
    `at_least`.
    """

    key: str
    zh: str
    en: str
    fits: Fits
    at_least: int = 1


def _survey(mode: str, status: str, *, with_effect: str | None = None) -> Fits:
    return lambda t, _: (
        t.purpose == "survey"
        and t.mode == mode
        and status in t.statuses
        and (
            with_effect in t.effects if with_effect else mode == "operator" or "asked_again" not in t.effects
        )
    )


def _in_words(t: ContactTraits, _: Callbacks) -> bool:
    return t.purpose == "survey" and t.mode == "text" and "complete" in t.statuses and t.in_words >= 2


def _gone(t: ContactTraits, _: Callbacks) -> bool:
    return t.purpose == "survey" and t.mode == "voice" and bool({"partial", "broken_off"} & set(t.statuses))


def _effect(name: str, mode: str) -> Fits:
    return lambda t, _: t.mode == mode and name in t.effects


def _status(name: str) -> Fits:
    return lambda t, _: name in t.statuses


def _callback(test: Callable[[CallbackLine], bool], mode: str | None = None) -> Fits:
    return lambda t, callbacks: (
        mode in (None, t.mode)
        and any(c.mode == t.mode and c.status == "settled" and test(c) for c in callbacks)
    )


def _sent_again(callback: CallbackLine) -> bool:
    """The plain case: not solved, asked for another round, and got it."""
    plain = callback.round == 1 and callback.code("C7") == "1" and "not_contacted" not in callback.reasons
    return plain and callback.decision == "redispatch"


KINDS: Final = (
    Kind("voice", "一次完整的语音访问", "A whole interview by voice", _survey("voice", "complete"), 8),
    Kind("keys", "按错了键,再问一次", "A wrong key, asked again",
         _survey("voice", "complete", with_effect="asked_again"), 8),
    Kind("midway", "说到一半挂断了", "Hung up midway", _gone, 4),
    Kind("text", "短信问卷", "A survey by text", _survey("text", "complete"), 3),
    Kind("words", "用话回短信", "Texts back in words", _in_words, 3),
    Kind("stop", "回了退订", "Says stop", _effect("opted_out", "text")),
    Kind("help", "问“你们是谁”", "Asks who we are", _effect("helped", "text"), 2),
    Kind("operator", "调查员访问", "An operator's interview", _survey("operator", "complete"), 10),
    Kind("solved", "回访:已解决", "Callback: solved",
         _callback(lambda c: c.verdict == "closed" and c.round == 1, "text"), 2),
    Kind("solved_voice", "语音回访:告知结果", "Callback by voice, the result told",
         _callback(lambda c: c.verdict == "closed" and c.round == 1, "voice"), 3),
    Kind("flagged", "没解决,标记,再次转办", "Not solved: flagged, dispatched again",
         _callback(_sent_again), 3),
    Kind("denied", "“没人联系过我”", "“Nobody contacted me”",
         _callback(lambda c: "not_contacted" in c.reasons), 3),
    Kind("second", "第二次回访", "The second callback",
         _callback(lambda c: c.round == 2 and not c.flagged), 3),
    Kind("third", "第三轮", "The third round", _callback(lambda c: c.round >= 3), 2),
    Kind("wrong_person", "不是本人", "Not this person", _status("wrong_person")),
    Kind("late", "回复得太晚", "Answers too late", _effect("too_late", "text")),
    Kind("handover", "转人工", "To a person", _effect("handover", "text"), 2),
)  # fmt: skip


async def read_stories(conn: asyncpg.Connection, callbacks: Callbacks) -> list[Story]:
    """One story of each kind that happened, in the order of KINDS, no conversation twice."""
    chosen = choose(await contact_traits(conn), callbacks)
    told = await read_conversations(conn, sorted(traits.contact_id for _, traits, _ in chosen))
    return [
        _story(kind, told[traits.contact_id], about)
        for kind, traits, about in chosen
        if traits.contact_id in told
    ]


def _story(kind: Kind, conversation: Conversation, about: CallbackLine | None) -> Story:
    if about is None:
        return Story(kind.key, kind.zh, kind.en, conversation)
    return Story(kind.key, kind.zh, kind.en, conversation, about.number, about.round)


def choose(
    contacts: Sequence[ContactTraits], callbacks: Callbacks
) -> list[tuple[Kind, ContactTraits, CallbackLine | None]]:
    """For each kind the shortest contact that fits and is not told yet, the first of equals; a third round
    follows its flag.
    """
    by_ref = {line.unit_ref: line for line in callbacks if line.unit_ref}
    taken: set[int] = set()
    chosen: list[tuple[Kind, ContactTraits, CallbackLine | None]] = []
    for kind in KINDS:
        fitting = [
            t
            for t in contacts
            if t.contact_id not in taken and t.inputs >= kind.at_least and kind.fits(t, _about(t, by_ref))
        ]
        if fitting:
            best = min(fitting, key=lambda t: (t.inputs, t.contact_id))
            taken.add(best.contact_id)
            chosen.append((kind, best, next(iter(_about(best, by_ref)), None)))
    return chosen


def _about(contact: ContactTraits, by_ref: Mapping[str, CallbackLine]) -> Callbacks:
    """The callbacks that a contact was about."""
    return [by_ref[ref] for ref in contact.unit_refs if ref in by_ref]
