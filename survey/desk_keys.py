"""PURE. The keys of an operator's desk, on a page and in a terminal, and what a typed line means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from survey.appointing import Why
from survey.dialogue.dates import read_moment
from survey.dialogue.inputs import Choice, Correct, Input, Words
from survey.dialogue.normalise import normalised
from survey.dialogue.turn import Expect

Lang: TypeAlias = Literal["zh", "en"]

HANG_UP, LEAVE, PUT_BACK = "h", "q", "b"
LATER = "later"
CORRECT = "c"


@dataclass(frozen=True)
class Key:
    """A key, what it stands for at the door, and what it is called."""

    key: str
    means: str
    zh: str
    en: str

    def label(self, lang: Lang) -> str:
        return f"{self.key} {self.zh if lang == 'zh' else self.en}"


ANSWERED = "answered"

OUTCOMES = (
    Key("1", ANSWERED, "接通", "answered"),
    Key("2", "busy", "占线", "busy"),
    Key("3", "no_answer", "无人接听", "no answer"),
    Key("4", "off", "关机", "switched off"),
    Key("5", "unassigned", "空号", "unassigned"),
    Key("6", "suspended", "停机", "suspended"),
    Key("7", "rejected", "拒接", "rejected"),
    Key("8", "machine", "答录机", "answering machine"),
    Key("9", "failed", "线路故障", "line trouble"),
)
"""How a dialled call came out; `means` is a word of carrier_signals.yaml."""

MISSING = (
    Key("d", "dk", "说不清", "don't know"),
    Key("r", "refused", "不想说", "will not say"),
    Key("n", "no_answer", "没回答", "no answer"),
)

BUTTONS = (
    Key("?", "again", "再问一遍", "ask again"),
    Key("l", LATER, "改天再打", "another time"),
    Key("x", "declined", "拒访", "declines"),
    Key("xx", "declined_hard", "坚决拒访", "declines firmly"),
    Key("s", "stop", "不要再联系", "never again"),
    Key("p", "person", "转负责人", "to a supervisor"),
    Key("m", "minor", "未成年", "under age"),
)

ALWAYS = (
    Key(f"{CORRECT} Q1", "correct", "改答", "correct"),
    Key(HANG_UP, "hang_up", "挂断", "hang up"),
    Key(LEAVE, "leave", "这一位之后离开", "leave after this person"),
)

_CHOICES: Mapping[str, str] = {key.key: key.means for key in (*MISSING, *BUTTONS)}


def outcome(line: str) -> str | None:
    """The outcome that a line names, by its key or by its word; None: no such key."""
    typed = line.strip().lower()
    return next((key.means for key in OUTCOMES if typed in (key.key, key.means, key.zh)), None)


def keys_for(expects: Expect | None) -> tuple[Key, ...]:
    """The keys that mean something at this question, beside its own options."""
    missing = expects.missing if expects else ()
    return (*(key for key in MISSING if key.means in missing or key.means == "no_answer"), *BUTTONS)


def read_line(line: str, expects: Expect | None) -> Input | None:
    """What the operator typed: an option's number, a key, `c Q1` to correct Q1, or the resident's own words.

    None: nothing, or a number that is no option of this question.
    """
    typed = line.strip().replace("\uff1f", "?")
    if not typed:
        return None
    if typed.lower() in _CHOICES:
        return Choice(_CHOICES[typed.lower()])
    first, _, rest = typed.partition(" ")
    if first.lower() == CORRECT and rest.strip():
        return Correct(rest.strip())
    if expects is not None and expects.options:
        return _option(typed, expects)
    return Words(typed)


NOT_THEN: Mapping[Why, tuple[str, str]] = {
    "past": ("这个时间已经过了,请另约", "that has passed; another time, please"),
    "outside_hours": ("那时不在拨打时段,请另约;最早", "outside calling hours; another time, please, from"),
    "last_attempt": (
        "这是对这一位的最后一次联系,不能再约;请写“不知道”结束",
        "this is the last time this person is tried, so nothing can be agreed; end with “unknown”",
    ),
    "after_the_end": ("那时调查已经结束,请约早一些", "the campaign is over by then; an earlier time, please"),
}
"""Why an appointment cannot be kept; after the words come the day and hour, where there is one."""

UNKNOWN = frozenset({"", "不知道", "不清楚", "说不清", "d", "unknown", "don't know"})
"""What is typed where a resident names no moment for the next call."""


def read_when(line: str, now: datetime) -> datetime | None:
    """The moment that a line names, such as 明天下午3点; None: none, or one that has passed. Both local."""
    named = read_moment(normalised(line), now.replace(tzinfo=None))
    return named.replace(tzinfo=now.tzinfo) if named is not None else None


def _option(typed: str, expects: Expect) -> Input | None:
    """One number or several; anything that is no number is the resident's own words on a closed question."""
    parts = typed.replace(",", " ").replace("、", " ").split()
    known = {option.key or option.code: option.code for option in expects.options}
    if set(parts) <= known.keys():
        return Choice(" ".join(known[part] for part in parts))
    return None if all(part.isdigit() for part in parts) else Words(typed)
