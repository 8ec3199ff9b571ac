"""What a move asks for beyond its row of the table, decided from the facts of the case. Each guard gives the name
of the rule that is broken, or None; `followup.refusals` has the sentence to each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from followup.casework.limits import limits
from followup.casework.states import states
from followup.casework.working_time import WorkingTime, working_time


class Rule(StrEnum):
    """Why a move that exists is not possible for this case now."""

    SIGN_WINDOW_OVER = "sign_window_over"
    RETURNED_BEFORE = "returned_before"
    LEAD_RETURNED_IT = "lead_returned_it"
    JOINTLY_DECIDED = "jointly_decided"
    ONLY_JOINTLY = "only_jointly"
    NOT_YET_JOINTLY = "not_yet_jointly"
    NO_EXTENSION_IN_LATER_ROUNDS = "no_extension_in_later_rounds"
    NO_EXTENSION_FOR_CLASS = "no_extension_for_class"
    EXTENDED_BEFORE = "extended_before"
    TOO_LATE_TO_EXTEND = "too_late_to_extend"
    EXTENSION_TOO_LONG = "extension_too_long"
    PARTS_OPEN = "parts_open"
    PLAN_MISSING = "plan_missing"
    NOT_AN_OPINION = "not_an_opinion"
    PROMISE_NOT_AHEAD = "promise_not_ahead"
    OBJECTION_TOO_LATE = "objection_too_late"
    HAS_A_LEAD = "has_a_lead"
    NOT_DUE_YET = "not_due_yet"


@dataclass(frozen=True)
class Facts:
    """What guards look at. `due_at`: of the step that the case waits for; `returned_by`: units that ever returned it;
    `disputes`: how many of these returns in this round; `let_go`: units whose return was allowed in it;
    `open_parts`: assisting units whose mandatory part is not filed; `planned`: whether this round has its leader and
    plan; `led`: whether a unit leads it in this round.
    """

    round: int = 1
    case_class: str = "complaint"
    due_at: datetime | None = None
    closed_at: datetime | None = None
    returned_by: frozenset[str] = frozenset()
    disputes: int = 0
    let_go: frozenset[str] = frozenset()
    extended: bool = False
    open_parts: tuple[str, ...] = ()
    complex: bool = False
    planned: bool = False
    led: bool = True


PLAN_FROM_ROUND = 3
"""From which round on a case needs a leader of the unit and a plan (R40)."""
SECOND_DISPUTE = 2


def dispatching(case: Facts, lead: str) -> Rule | None:
    """Whether the office may give the case to this lead: not to one that it has just let go."""
    return Rule.LEAD_RETURNED_IT if lead in case.let_go else None


def returning(case: Facts, unit: str, now: datetime) -> Rule | None:
    """Whether `unit` may return the case (退单)."""
    if case.disputes >= SECOND_DISPUTE:
        return Rule.JOINTLY_DECIDED
    if unit in case.returned_by:
        return Rule.RETURNED_BEFORE
    return _window(case, now)


def deciding_return(case: Facts) -> Rule | None:
    """Whether the supervision office may decide on the return alone."""
    return Rule.ONLY_JOINTLY if case.disputes >= SECOND_DISPUTE else None


def deciding_jointly(case: Facts) -> Rule | None:
    """Whether office and coordination decide together (兜底)."""
    return None if case.disputes >= SECOND_DISPUTE else Rule.NOT_YET_JOINTLY


def changing_lead(case: Facts, now: datetime) -> Rule | None:
    """Whether the supervision office may still name another lead."""
    return _window(case, now)


def _window(case: Facts, now: datetime) -> Rule | None:
    return Rule.SIGN_WINDOW_OVER if case.due_at is not None and now > case.due_at else None


def extending(case: Facts, now: datetime, days: int | None = None) -> Rule | None:
    """Whether the limit may be extended, by `days` working days or by what the policy grants."""
    granted = extension_days(case)
    if case.round > 1:
        return Rule.NO_EXTENSION_IN_LATER_ROUNDS
    if granted is None:
        return Rule.NO_EXTENSION_FOR_CLASS
    if case.extended:
        return Rule.EXTENDED_BEFORE
    if case.due_at is None or now > case.due_at:
        return Rule.TOO_LATE_TO_EXTEND
    return Rule.EXTENSION_TOO_LONG if days is not None and not 1 <= days <= granted else None


def extension_days(case: Facts) -> int | None:
    """How many working days an extension may grant; None: none."""
    extension = limits().classes["complex" if case.complex else case.case_class].extension
    return extension.working_days if extension else None


def needs_plan(case: Facts) -> bool:
    """Whether this round needs a leader and a plan (一案一策)."""
    return case.round >= PLAN_FROM_ROUND or case.complex


def reporting(case: Facts, *, override: bool = False) -> Rule | None:
    """Whether the lead may report its result; `override`: it says why although parts are open."""
    if case.open_parts and not override:
        return Rule.PARTS_OPEN
    return Rule.PLAN_MISSING if needs_plan(case) and not case.planned else None


def adopting(case: Facts) -> Rule | None:
    """Whether the case can end as adopted or not: opinions and suggestions only."""
    return None if case.case_class in states().opinion_kinds else Rule.NOT_AN_OPINION


def promising(until: datetime, now: datetime) -> Rule | None:
    """Whether a promise until then is one."""
    longest = timedelta(days=states().promise_days_at_most)
    return None if now < until <= now + longest else Rule.PROMISE_NOT_AHEAD


def keeping_promise(case: Facts, now: datetime) -> Rule | None:
    """Whether the promised moment has come."""
    return None if case.due_at is not None and case.due_at <= now else Rule.NOT_DUE_YET


def objecting(case: Facts, now: datetime) -> Rule | None:
    """Whether the resident may still object to the end of the case."""
    late = case.closed_at is not None and now > objection_ends(case.closed_at)
    return Rule.OBJECTION_TOO_LATE if late else None


def objection_ends(closed_at: datetime) -> datetime:
    """Until when a resident may object."""
    return closed_at + timedelta(days=limits().objection_days)


def handing_up(case: Facts) -> Rule | None:
    """Whether the case goes to the supervision office because nobody has led it."""
    return Rule.HAS_A_LEAD if case.led else None


def pressed_soon(
    contact_at: datetime | None, withdrawn_at: datetime, office: WorkingTime | None = None
) -> datetime | None:
    """Until when somebody must ask whether the resident was pressed to withdraw; None if the unit had not just
    spoken with them.
    """
    rule = states().pressure_check
    if contact_at is None or not contact_at <= withdrawn_at <= contact_at + timedelta(hours=rule.hours):
        return None
    return rule.span.due(withdrawn_at, office or working_time())
