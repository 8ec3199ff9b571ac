"""A case as small as it can be made: what the invariants of its life look at, and what each event makes of it.

This says a second time, in few words, what the doors do, so that every state that can be reached can be looked at
(`exploration`). It goes by the same table and the same guards. Units are A and B.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from followup.casework import guards
from followup.casework.guards import Facts, Rule
from followup.casework.lifecycle import CLOSED, Event

UNITS = ("A", "B")
DUE = datetime(2026, 3, 16, 10, tzinfo=UTC)
"""Until when the step of every abstract case is due; its now lies before or after it."""

RATINGS = {
    Event.CALLBACK_CLOSED: "satisfied",
    Event.CALLBACK_PARTLY: "partly",
    Event.CALLBACK_DISSATISFIED: "dissatisfied",
    Event.CALLBACK_FLAGGED: "dissatisfied",
}
NO_RATING = (Event.CALLBACK_UNRATED, Event.CALLBACK_UNREACHED)
LEFT_OPEN = (Event.OBJECT, Event.CALLBACK_FLAGGED)
DECIDES = (Event.REDISPATCH, Event.HAND_UP, Event.REJECT, Event.MEETING_DISPATCH, Event.MEETING_EXPLAIN)


@dataclass(frozen=True)
class AbstractCase:
    """`leads`: who leads the round; `late`: its clock has run out; `clock`: whether one runs. `callback`: of this round,
    none, pending, settled or unsuitable; `first` and `published`: its rating. `raised` and `decided` count flags and
    objections, and decisions on them, over the whole life. `reason`: its end has a stated one.
    """

    state: str | None = None
    round: int = 1
    opinion: bool = False
    leads: tuple[str, ...] = ()
    returned: frozenset[str] = frozenset()
    disputes: int = 0
    let_go: frozenset[str] = frozenset()
    extended: bool = False
    part_open: bool = False
    planned: bool = False
    late: bool = False
    clock: bool = False
    callback: str = "none"
    first: str | None = None
    published: str | None = None
    raised: int = 0
    decided: int = 0
    reason: bool = False

    @property
    def facts(self) -> Facts:
        """What the guards look at."""
        return Facts(
            round=self.round,
            case_class="suggestion" if self.opinion else "complaint",
            due_at=DUE,
            closed_at=DUE - timedelta(days=30),
            returned_by=self.returned,
            disputes=self.disputes,
            let_go=self.let_go,
            extended=self.extended,
            open_parts=("B",) if self.part_open else (),
            planned=self.planned,
            led=bool(self.leads),
        )

    @property
    def now(self) -> datetime:
        """A moment before or after its clock has run out."""
        return DUE + timedelta(hours=1 if self.late else -1)


@dataclass(frozen=True)
class Act:
    """An event with what is chosen in it: the unit that leads, whether another one's part is wanted."""

    event: Event
    lead: str | None = None
    part: bool = False


def acts(case: AbstractCase, event: Event) -> Iterator[Act]:
    """Every way in which somebody could do this."""
    if event in (Event.DISPATCH, Event.MEETING_DISPATCH):
        yield Act(event, "A", part=True)
        yield from (Act(event, unit) for unit in UNITS)
    elif event in (Event.CHANGE_LEAD, Event.REASSIGN_LEAD, Event.DECIDE_JOINTLY):
        yield from (Act(event, unit) for unit in UNITS)
    else:
        yield Act(event)


def refusal(case: AbstractCase, act: Act) -> Rule | str | None:
    """Why a door would not do it although the table has it."""
    facts, now, lead = case.facts, case.now, next(iter(case.leads), "")
    match act.event:
        case Event.DISPATCH:
            return guards.dispatching(facts, act.lead or "")
        case Event.CHANGE_LEAD:
            return guards.changing_lead(facts, now) or ("the same" if act.lead == lead else None)
        case Event.REASSIGN_LEAD:
            return "the same" if act.lead == lead else None
        case Event.RETURN:
            return guards.returning(facts, lead, now)
        case Event.ALLOW_RETURN | Event.DENY_RETURN:
            return guards.deciding_return(facts)
        case Event.DECIDE_JOINTLY:
            return guards.deciding_jointly(facts)
        case Event.EXTEND:
            return guards.extending(facts, now)
        case Event.SUBMIT_RESULT:
            return guards.reporting(facts)
        case Event.ASSIST_DONE:
            return None if case.part_open else "no part"
        case Event.ADOPT | Event.ADOPT_PARTLY | Event.NOT_ADOPT:
            return guards.adopting(facts)
        case Event.OBJECT:
            return guards.objecting(facts, now)
        case Event.HAND_UP:
            return guards.handing_up(facts)
        case Event.REDISPATCH:
            return None if case.leads else "nobody led it"
        case Event.PROMISE_DUE:
            return guards.keeping_promise(facts, now)
        case Event.ARCHIVE:
            return None if case.late else Rule.NOT_DUE_YET
        case Event.CALLBACK_WRONG_PERSON | Event.CALLBACK_UNRATED | Event.CALLBACK_UNREACHED:
            return None if case.callback == "pending" else "no callback"
        case event if event in RATINGS:
            return None if case.callback == "pending" else "no callback"
    return None


Effect = Callable[[AbstractCase, Act, str], AbstractCase]


def effect(case: AbstractCase, act: Act, to: str) -> AbstractCase:
    """What the case is after it, without its clock."""
    event = act.event
    after = replace(case, state=to, late=False, reason=to in CLOSED and event not in _BY_CALLBACK)
    if event in (Event.REDISPATCH, Event.MEETING_DISPATCH):
        after = _next_round(after, planned=event is Event.MEETING_DISPATCH)
        after = replace(after, leads=(act.lead,) if act.lead else case.leads, part_open=act.part)
    elif event is Event.DISPATCH:
        after = replace(after, leads=(act.lead or "",), part_open=act.part)
    elif event in (Event.CHANGE_LEAD, Event.REASSIGN_LEAD, Event.DECIDE_JOINTLY):
        after = replace(after, leads=(act.lead or "",))
    elif event is Event.RETURN:
        after = replace(after, returned=case.returned | set(case.leads), disputes=case.disputes + 1)
    elif event is Event.ALLOW_RETURN:
        after = replace(after, leads=(), let_go=frozenset(case.leads))
    elif event is Event.PLAN:
        after = replace(after, planned=True)
    elif event is Event.EXTEND:
        after = replace(after, extended=True)
    elif event is Event.ASSIST_DONE:
        after = replace(after, part_open=False)
    elif event is Event.IMPORT:
        after = replace(after, leads=("A",), callback="pending")
    elif event in (Event.ACCEPT_RESULT, Event.PROMISE_DUE, Event.NEW_NUMBER):
        after = replace(after, callback="pending")
    elif event is Event.NOT_SUITABLE:
        after = replace(after, callback="unsuitable")
    elif event in RATINGS:
        rating = RATINGS[event]
        after = replace(
            after, callback="settled", first=case.first or rating, published=case.published or rating
        )
    elif event in NO_RATING or (event is Event.WITHDRAW and case.callback == "pending"):
        after = replace(after, callback="settled")
    if event in LEFT_OPEN:
        after = replace(after, raised=case.raised + 1)
    if event in DECIDES or (event is Event.WITHDRAW and case.raised > case.decided):
        after = replace(after, decided=case.decided + 1)
    return after


_BY_CALLBACK = (*RATINGS, *NO_RATING)


def _next_round(case: AbstractCase, *, planned: bool) -> AbstractCase:
    return replace(
        case,
        round=case.round + 1,
        disputes=0,
        let_go=frozenset(),
        planned=planned,
        callback="none",
        first=None,
        published=None,
    )
