"""DOOR: the life of a case up to its callback, and after it. Each verb decides with the table, then writes once.

All verbs raise UnknownCase, NotPossibleNow (the state does not allow it) and SomebodyWasFirst, and then write
nothing. They stand by their matter in the modules below, which nobody else uses.
"""

from __future__ import annotations

from datetime import datetime

import asyncpg

from followup import moves
from followup.archiving import archive, archive_quiet
from followup.asking_time import ask_extension, deny_extension
from followup.casework.lifecycle import Event
from followup.categories import Category, categories
from followup.dispatching import (
    change_lead,
    dispatch,
    dispatch_times,
    hand_back,
    make_plan,
    put_off,
    reassign_lead,
    sign,
    submit,
)
from followup.endings import (
    accept_result,
    adopt,
    adopt_partly,
    close_unsuitable,
    keep_promises,
    not_adopt,
    promise,
    promise_due,
)
from followup.holding import hold, release
from followup.leaving import (
    check_pressure,
    escalate_objections,
    object_by_query_code,
    object_to,
    pressure_checks,
    withdraw,
)
from followup.meeting import meeting_dispatch, meeting_explain
from followup.refusals import UnknownCategory
from followup.registering import register_from_survey
from followup.renumbering import new_number, no_new_number
from followup.reopening import hand_up
from followup.returning import allow_return, decide_jointly, deny_return, give_back
from followup.store import cases
from followup.store.cases import CaseRow, Step
from followup.working import Contact, Reported, extend, file_part, report_result, return_incomplete

__all__ = [
    "Contact",
    "Reported",
    "accept",
    "accept_result",
    "adopt",
    "adopt_partly",
    "allow_return",
    "archive",
    "archive_quiet",
    "ask_extension",
    "change_lead",
    "check_pressure",
    "close_unsuitable",
    "decide_jointly",
    "deny_extension",
    "deny_return",
    "dispatch",
    "dispatch_times",
    "escalate_objections",
    "extend",
    "file_part",
    "give_back",
    "hand_back",
    "hand_up",
    "hold",
    "keep_promises",
    "make_plan",
    "meeting_dispatch",
    "meeting_explain",
    "new_number",
    "no_new_number",
    "not_adopt",
    "object_by_query_code",
    "object_to",
    "pressure_checks",
    "promise",
    "promise_due",
    "put_off",
    "reassign_lead",
    "register_from_survey",
    "release",
    "report_result",
    "return_incomplete",
    "sign",
    "submit",
    "withdraw",
]


async def accept(
    conn: asyncpg.Connection, number: str, *, by: str, now: datetime, category: str | None = None
) -> None:
    """The centre takes the case on (受理). `category` corrects the first guess. Raises UnknownCategory."""
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.ACCEPT)
        if category is not None:
            chosen = _category(case, category)
            await cases.classify(conn, case.id, chosen.code, chosen.duty_no, chosen.kind)
        await moves.write(conn, case, Event.ACCEPT, Step(status, case.round), by=by, at=now)


def _category(case: CaseRow, code: str) -> Category:
    try:
        return categories().of_code(code)
    except KeyError:
        known = ", ".join(category.code for category in categories().categories)
        raise UnknownCategory(number=case.number, category=code, known=known) from None
