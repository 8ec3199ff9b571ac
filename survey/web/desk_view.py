"""PURE. What stands on an operator's desk: the person in hand, what to say, and the keys that mean something now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final, Literal

from survey.desk_keys import ANSWERED, BUTTONS, LATER, MISSING, OUTCOMES, Key
from survey.desk_talk import Given, Talk
from survey.dialogue.asked_back import AskedBack
from survey.dialogue.turn import Expect, Turn
from survey.field.dispositions import dispositions
from survey.field.emptiness import WORDS, Reason
from survey.operating import Task
from survey.queueing import Queue
from survey.store.contact_notes import ContactNote
from survey.store.desk import PastContact
from survey.store.desk_states import DeskState, State
from survey.web.terms import MODES, PURPOSES

Place = Literal["off", "break", "idle", "dial", "connected", "outcome", "talk", "over"]
"""Where the desk stands: the shift has not begun, a break, nobody in hand, somebody to dial, somebody on the line already,
dialled and not yet keyed, talking, nothing left to ask."""
STATES: Final[Mapping[State, tuple[str, str]]] = {
    "off": ("未上岗", "off"),
    "ready": ("待命", "ready"),
    "in_call": ("通话", "in a call"),
    "wrap_up": ("整理", "wrapping up"),
    "break": ("休息", "on a break"),
}
FIRMLY = "X"
"""On a page a key is one stroke: what is xx in a terminal."""
DUTY = {
    "wanted": ("正在呼叫您,请接听。", "You are about to be called; please pick up."),
    "calling": ("正在呼叫您,请接听。", "You are being called; please pick up."),
    "unknown": ("正在核对是否接通了您。", "Whether you were reached is being asked."),
    "ready": ("等待接通下一位。请不要挂断。", "Waiting for the next person. Please stay on the line."),
    "in_call": ("正在接通。", "Being connected."),
    "wrap_up": ("正在接通。", "Being connected."),
    "leaving": ("正在下线。", "Going off duty."),
}
"""Where the operator's own telephone stands, in words."""
MACHINE = "machine"
COMPLETE = "complete"


@dataclass(frozen=True)
class Button:
    """What can be pressed: its stroke, what is sent, and its words."""

    stroke: str
    value: str
    zh: str
    en: str


@dataclass(frozen=True)
class Aside:
    """A page beside the desk, opened by a stroke; `path`: its address, {ref} being the attempt in hand. A layer above may have
    pages that this one cannot know."""

    stroke: str
    zh: str
    en: str
    path: str


@dataclass(frozen=True)
class Past:
    """An earlier contact, in words."""

    at: datetime
    mode: tuple[str, str]
    outcome: tuple[str, str]


@dataclass(frozen=True)
class Note:
    """What a colleague, or the operator themselves, noted of an earlier contact. `abuse`: they were insulted."""

    at: datetime
    staff: str
    abuse: bool
    words: str


@dataclass(frozen=True)
class Shift:
    """Where the shift stands, in words, and since when. `pause_until`: of a pause after an insult; `noting`: the call that has
    just ended, on which a note can still be written."""

    words: tuple[str, str]
    since: datetime | None = None
    pause_until: datetime | None = None
    noting: str = ""


@dataclass(frozen=True)
class Empty:
    """A campaign in which nobody can be called now, and why."""

    title: str
    why: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Day:
    """An operator's own day so far."""

    calls: int
    reached: int
    complete: int


@dataclass(frozen=True)
class Question:
    """What is asked, in the resident's language. `kind` as in the turn; `longest`: characters that are taken."""

    lang: str
    ids: tuple[str, ...]
    prompts: tuple[str, ...]
    kind: str
    options: tuple[Button, ...]
    missing: tuple[Button, ...]
    buttons: tuple[Button, ...]
    step: int
    answers: tuple[Given, ...]
    asked_back: tuple[AskedBack, ...] = ()


@dataclass(frozen=True)
class Desk:
    """The whole screen. `number`: only in the one reply to its being shown."""

    place: Place
    local: datetime
    day: Day
    shift: Shift
    ref: str = ""
    purpose: tuple[str, str] = ("", "")
    title: str = ""
    area: str = ""
    past: tuple[Past, ...] = ()
    notes: tuple[Note, ...] = ()
    shown_at: datetime | None = None
    number: str = ""
    outcomes: tuple[Button, ...] = ()
    question: Question | None = None
    empty: tuple[Empty, ...] | None = None
    duty: str = "off"
    duty_words: tuple[str, str] = ("", "")


def desk_of(
    task: Task | None,
    now: datetime,
    zone: tzinfo,
    done: dict[str, int],
    *,
    number: str = "",
    empty: Sequence[Queue] | None = None,
    duty: str = "off",
    stands: DeskState | None = None,
) -> Desk:
    """`done`: the operator's calls today by disposition; `empty`: why nobody could be taken, where that was asked; `duty`: where
    their own telephone stands (survey.linked_operators); `stands`: where their shift does."""
    local, day, shift = now.astimezone(zone), _day(done), _shift(task, stands, zone)
    if task is None:
        why = None if empty is None else tuple(_empty(one, zone) for one in empty)
        duty_words = DUTY.get(duty, ("", ""))
        return Desk(_resting(stands, duty), local, day, shift, empty=why, duty=duty, duty_words=duty_words)
    return Desk(
        place=_place(task, number),
        local=local,
        day=day,
        shift=shift,
        ref=task.ref,
        purpose=PURPOSES.get(task.purpose, (task.purpose, task.purpose)),
        title=task.title,
        area=task.area,
        past=tuple(past_of(one, zone) for one in task.history),
        notes=tuple(note_of(one, zone) for one in task.notes),
        shown_at=task.shown_at.astimezone(zone) if task.shown_at else None,
        number=spoken(number),
        outcomes=_outcomes(task.linked),
        question=_question(task.talk) if task.talk is not None else None,
    )


def _resting(stands: DeskState | None, duty: str) -> Place:
    """Nobody is in hand."""
    if stands is not None and stands.state == "break":
        return "break"
    return "off" if duty == "off" and (stands is None or stands.state == "off") else "idle"


def _shift(task: Task | None, stands: DeskState | None, zone: tzinfo) -> Shift:
    if task is not None:
        return Shift(STATES["in_call"])
    if stands is None:
        return Shift(STATES["off"])
    # what ended the call of an operator who is connected is told by their own telephone
    state: State = "ready" if stands.state == "in_call" else stands.state
    noting = stands.ref or "" if state == "wrap_up" else ""
    until = stands.until_at.astimezone(zone) if stands.until_at is not None else None
    return Shift(STATES[state], stands.changed_at.astimezone(zone), until, noting)


def _place(task: Task, number: str) -> Place:
    if task.talk is not None:
        return "over" if task.talk.over else "talk"
    if task.linked:
        return "connected"
    return "outcome" if number or task.shown_at is not None else "dial"


def spoken(number: str) -> str:
    """A number in the groups in which it is read out."""
    national = number.removeprefix("+86")
    return " ".join((national[:3], national[3:7], national[7:])) if len(national) == 11 else national


def _day(done: dict[str, int]) -> Day:
    table = dispositions()
    reached = sum(n for code, n in done.items() if code in table and table[code].contacted)
    return Day(sum(done.values()), reached, done.get(COMPLETE, 0))


def _outcomes(linked: bool) -> tuple[Button, ...]:
    """By hand, however the call came out; on a line that stands already, whether it is a person."""
    keys = [key for key in OUTCOMES if not linked or key.means in (ANSWERED, MACHINE)]
    return tuple(Button(key.key, key.means, key.zh, key.en) for key in keys)


def past_of(past: PastContact, zone: tzinfo) -> Past:
    """An earlier contact in words, its moment local to `zone`."""
    row = dispositions().get(past.disposition)
    outcome = (row.zh, row.en) if row else (past.disposition, past.disposition)
    return Past(past.at.astimezone(zone), MODES.get(past.mode, (past.mode, past.mode)), outcome)


def note_of(one: ContactNote, zone: tzinfo) -> Note:
    """A note as it is shown, its moment local to `zone`."""
    return Note(one.at.astimezone(zone), one.staff, one.kind == "abuse", one.words)


def _empty(queue: Queue, zone: tzinfo) -> Empty:
    return Empty(queue.title, tuple(_reason(one, zone) for one in queue.reasons))


def _reason(reason: Reason, zone: tzinfo) -> tuple[str, str]:
    zh, en = WORDS[reason.why]
    when = f" ({reason.at.astimezone(zone):%m-%d %H:%M})" if reason.at is not None else ""
    return zh + when, en + when


def _question(talk: Talk) -> Question:
    turn: Turn = talk.turn
    expects: Expect | None = turn.expects
    if expects is None:
        return Question(talk.lang, (), turn.prompts, "", (), (), (), talk.step, talk.answers)
    missing = [key for key in MISSING if key.means in expects.missing or key.means == "no_answer"]
    return Question(
        lang=talk.lang,
        ids=expects.question_ids,
        prompts=turn.prompts,
        kind=expects.kind,
        options=tuple(Button(one.key or one.code, one.code, one.label, one.label) for one in expects.options),
        missing=tuple(_button(key) for key in missing),
        buttons=tuple(_button(key) for key in BUTTONS if key.means != LATER),
        step=talk.step,
        answers=talk.answers,
        asked_back=talk.asked_back,
    )


def _button(key: Key) -> Button:
    return Button(FIRMLY if len(key.key) > 1 else key.key, key.means, key.zh, key.en)
