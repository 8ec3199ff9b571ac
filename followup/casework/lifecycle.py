"""The life of a case as one table: from which states an event leads where, under which guard, by whom.

Rows are numbered as in domain.md §3.6; those with a letter of their own come from settled.md §3 and §8. The
table decides only whether a move exists. What its guard asks for stands in `guards`, as far as it can be decided
from the facts of the case; the door has them. Buttons, docs/lifecycle.md and its diagram are made from the same rows.
"""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from followup.casework.limits import limits
from followup.casework.verdict import Verdict

State = str


class Event(StrEnum):
    """What can happen to a case."""

    REGISTER = "register"
    IMPORT = "import"
    REFUSE = "refuse"
    REOPEN = "reopen"
    ANSWER = "answer"
    ACCEPT = "accept"
    REPORT_MAJOR = "report_major"
    RELEASE_MAJOR = "release_major"
    SUBMIT = "submit"
    DISPATCH = "dispatch"
    HAND_BACK = "hand_back"
    CHANGE_LEAD = "change_lead"
    REASSIGN_LEAD = "reassign_lead"
    PLAN = "plan"
    SIGN = "sign"
    RETURN = "return"
    ALLOW_RETURN = "allow_return"
    DENY_RETURN = "deny_return"
    DECIDE_JOINTLY = "decide_jointly"
    EXTEND = "extend"
    ASSIST_DONE = "assist_done"
    SUBMIT_RESULT = "submit_result"
    RETURN_INCOMPLETE = "return_incomplete"
    ACCEPT_RESULT = "accept_result"
    PROMISE = "promise"
    PROMISE_DUE = "promise_due"
    ADOPT = "adopt"
    ADOPT_PARTLY = "adopt_partly"
    NOT_ADOPT = "not_adopt"
    NOT_SUITABLE = "not_suitable"
    CALLBACK_CLOSED = "callback_closed"
    CALLBACK_PARTLY = "callback_closed_partly"
    CALLBACK_DISSATISFIED = "callback_closed_dissatisfied"
    CALLBACK_UNRATED = "callback_closed_unrated"
    CALLBACK_UNREACHED = "callback_closed_unreached"
    CALLBACK_WRONG_PERSON = "callback_wrong_person"
    CALLBACK_FLAGGED = "callback_flagged"
    NEW_NUMBER = "new_number"
    NO_NEW_NUMBER = "no_new_number"
    REDISPATCH = "redispatch"
    HAND_UP = "hand_up"
    REJECT = "reject"
    TO_MEETING = "to_meeting"
    MEETING_DISPATCH = "meeting_dispatch"
    MEETING_EXPLAIN = "meeting_explain"
    ANSWER_FLAGGED = "answer_flagged"
    WITHDRAW = "withdraw"
    OBJECT = "object"
    ARCHIVE = "archive"


@dataclass(frozen=True)
class Transition:
    """One row. `from_states` empty: a case begins. `guard`: what must be there, in words. `actor`: who moves it, in
    the words of domain.md; `posts`: the posts that may. `rounds`: in which the row stands. `needs`: what must be
    given. `notices`: who is told.
    """

    row: str
    from_states: tuple[State, ...]
    event: Event
    to: State
    guard: str
    actor: str
    rounds: str
    posts: tuple[str, ...]
    zh: str
    en: str
    needs: tuple[str, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True)
class Button:
    """What a viewer can do with a case: the event, its label, what must be given, and where it leads."""

    event: Event
    zh: str
    en: str
    needs: tuple[str, ...]
    to: State


@dataclass(frozen=True)
class Refusal:
    """The move does not exist; `reason` says so and names those that do."""

    reason: str


OPEN = (
    "registered", "accepted", "submitted", "dispatched", "return_review", "in_progress",
    "result_review", "promised", "callback_pending", "redispatch_review", "adjudication",
)  # fmt: skip
HELD = ("major_hold", "wrong_person")
CLOSED = (
    "closed", "closed_partly", "closed_dissatisfied", "closed_unrated", "closed_unreached",
    "closed_explained", "closed_withdrawn", "adopted", "partly_adopted", "not_adopted",
    "callback_not_suitable",
)  # fmt: skip


def _states(names: str) -> tuple[State, ...]:
    groups = {"OPEN": OPEN, "CLOSED": CLOSED}
    return tuple(state for name in names.split() for state in groups.get(name, (name,)))


@cache
def transitions() -> tuple[Transition, ...]:
    """The table `transitions.csv`, row by row."""
    text = files("followup.casework").joinpath("transitions.csv").read_text("utf-8")
    return tuple(
        Transition(
            line["row"],
            _states(line["from"]),
            Event(line["event"]),
            line["to"],
            line["guard"],
            line["actor"],
            line["rounds"],
            tuple(line["posts"].split()),
            line["zh"],
            line["en"],
            tuple(name for name in line["needs"].split(", ") if name),
            tuple(line["notices"].split()),
        )
        for line in csv.DictReader(text.splitlines())
    )


def move(state: State | None, event: str, round_: int = 1) -> State | Refusal:
    """Where `event` leads from `state` (None: no case yet) in this round, or why it leads nowhere."""
    row = transition(state, event, round_)
    if row:
        return row.to
    possible = ", ".join(allowed(state, round_)) or "nothing"
    where = f"{state!r} in round {round_}" if state else "the beginning"
    return Refusal(f"{event!r} does not exist from {where}; possible there: {possible}")


def target(state: State | None, event: str, round_: int = 1) -> State | None:
    """Where `event` leads, or None."""
    row = transition(state, event, round_)
    return row.to if row else None


def transition(state: State | None, event: str, round_: int = 1) -> Transition | None:
    """The row that `event` follows from `state`, or None."""
    return next((row for row in _possible(state, round_) if row.event == event), None)


def allowed(state: State | None, round_: int = 1) -> list[Event]:
    """The events that are possible, in the order of the table."""
    return [row.event for row in _possible(state, round_)]


def buttons(state: State, round_: int = 1, *, post: str | None = None) -> tuple[Button, ...]:
    """What `post` can do with a case in this state, in the order of the table; None: what anybody can.

    The system is nobody's post: what happens by itself has no button.
    """
    return tuple(
        Button(row.event, row.zh, row.en, row.needs, row.to)
        for row in _possible(state, round_)
        if (post in row.posts if post else row.posts != ("system",))
    )


def event_of(verdict: Verdict) -> Event:
    """The event that a verdict on the callback is."""
    return Event(f"callback_{verdict.verdict}")


def is_open(state: State) -> bool:
    """Whether somebody still owes something: not closed, refused, answered or archived."""
    return state in OPEN or state in HELD


def _possible(state: State | None, round_: int) -> list[Transition]:
    last = limits().max_rounds <= round_
    return [
        row
        for row in transitions()
        if (state in row.from_states if state else not row.from_states)
        and (row.rounds == "any" or (row.rounds == "the last") == last)
    ]
