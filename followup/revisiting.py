"""DOOR: second callbacks (复访): 30 and 90 days after a settled dispute a person asks whether it has stayed settled.

A second callback is no callback: it has a sample unit of its own (key `again:`), stands in no sum of callbacks, and changes no
rating. A dispute that has recurred waits for a supervisor (docs/decisions/0025-second-callbacks.md).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from followup import moves, notices
from followup.casework import lifecycle
from followup.notices import NewNotice
from followup.reaching import reach_of
from followup.refusals import NothingRecurred, UnknownFollowUp
from followup.store import events
from followup.store import revisits as rows
from followup.store.callbacks import PendingCallback, permanent_random_number
from followup.store.cases import CaseRow
from followup.store.events import EventRow
from followup.store.revisits import Outcome, PlannedRevisit, RecurredRevisit, RevisitRow
from survey.field.dispositions import disposition
from survey.fielding import Standing, put_in, standing_campaign
from survey.ids import Tokens
from survey.interviewing import Finished
from survey.masking import without_numbers
from survey.policies import packaged

__all__ = ["REVISIT", "ask_due", "follow_up", "is_revisit", "keep", "of_case", "plan"]

KEY = "again:"
REVISIT = Standing("dispute_revisit", "矛盾纠纷复访", ("operator",), "revisit")
OWN_WORDS = ("V3", "C5")  # C5: of second callbacks that were begun with the callback's own questions
FOLLOW_UPS = ("new_case", "noted")
REFUSED = "R"
IDENTITY = frozenset({"C0", "CT"})
"""Questions by which nobody has heard anything of a case yet."""

Register = Callable[[CaseRow, RecurredRevisit], Awaitable[int]]
"""Registers a new appeal linked to this case, of what was heard; the id of its case."""


def is_revisit(finished: Finished) -> bool:
    """Whether this is what a second callback came to."""
    return finished.external_key.startswith(KEY)


async def plan(
    conn: asyncpg.Connection, callback: PendingCallback, ending: str | None, *, now: datetime
) -> None:
    """Date the second callbacks of a dispute that is settled as from now, within the caller's transaction."""
    policy = _policy()
    if ending in policy["endings"] and any(callback.category.startswith(c) for c in policy["categories"]):
        moments = [(days, now + timedelta(days=days)) for days in policy["days"]]
        await rows.plan(conn, callback.case_id, callback.round, moments)


async def ask_due(conn: asyncpg.Connection, now: datetime, *, tokens: Tokens, seed: int = 0) -> int:
    """Put in the residents whose day has come; how many. Of a dispute that is open again nobody is asked."""
    asked = 0
    async with conn.transaction():
        for one in await rows.lock_due(conn, now):
            ref = await _put_in(conn, one, now, tokens, seed) if _is_settled(one) else None
            await rows.ask(conn, one.id, "asked" if ref else "dropped", ref, now)
            asked += ref is not None
    return asked


def _is_settled(one: PlannedRevisit) -> bool:
    closed = (*lifecycle.CLOSED, "archived")
    return one.case_status in closed and one.case_round == one.round


async def _put_in(
    conn: asyncpg.Connection, one: PlannedRevisit, now: datetime, tokens: Tokens, seed: int
) -> str | None:
    reach = await reach_of(conn, one.case_id)
    if reach.person_id is None:
        return None
    campaign = await standing_campaign(conn, one.centre_code, now=now, seed=seed, standing=REVISIT)
    return await put_in(
        conn,
        campaign_id=campaign,
        person_id=reach.person_id,
        area_code=one.area_code,
        external_key=f"{KEY}{one.number}:{one.round}:{one.days}",
        facts={
            "case_short": one.short_number,
            "query_code": one.query_code,
            "days": str(one.days),
            **reach.facts,
        },
        earliest=now,
        ref=tokens(),
        prn=await permanent_random_number(conn, reach.person_id),
        hours=reach.hours,
        not_by=reach.not_by,
    )


async def keep(conn: asyncpg.Connection, finished: Sequence[Finished], *, now: datetime) -> int:
    """Keep what second callbacks came to, each once; how many. One that has recurred is shown to the supervisor."""
    kept = 0
    for one in finished:
        outcome = _outcome(one)
        revisit = await rows.settle(conn, _as_outcome(one, outcome, now))
        if revisit is None:
            continue
        kept += 1
        detail = {"days": revisit.days, "outcome": outcome, "mode": one.mode}
        event = "recurred" if outcome == "recurred" else "revisited"
        status = revisit.case_status
        row = EventRow(revisit.case_id, revisit.round, event, status, status, "callback", None, now, detail)
        await events.insert_events(conn, [row])
        if outcome == "recurred":
            facts = {"number": revisit.number, "days": str(revisit.days)}
            cause = f"recurred:{revisit.number}:{revisit.round}:{revisit.days}"
            to = f"post:supervisor:{revisit.centre_code}"
            await notices.owe(conn, NewNotice(cause, to, "recurred", facts, revisit.case_id), now=now)
    return kept


def _outcome(finished: Finished) -> str:
    codes = {question: code for question, (code, _) in finished.answers.items()}
    policy = _policy()
    if _says(policy["recurred"], codes):
        return "recurred"
    if _says(policy["quiet"], codes):
        return "quiet"
    heard = bool(codes.keys() - IDENTITY) or disposition(finished.disposition).group == REFUSED
    return "unrated" if heard else "unreached"


def _says(when: Mapping[str, Sequence[str]], codes: Mapping[str, str | None]) -> bool:
    return any(codes.get(item) in wanted for item, wanted in when.items())


def _as_outcome(finished: Finished, outcome: str, now: datetime) -> Outcome:
    words = next((finished.answers[one][1] for one in OWN_WORDS if one in finished.answers), None)
    return Outcome(
        unit_ref=finished.unit_ref,
        at=now,
        outcome=outcome,
        mode=finished.mode,
        answers={question: list(given) for question, given in finished.answers.items()},
        words=without_numbers(words) if words else None,
    )


async def follow_up(
    conn: asyncpg.Connection,
    number: str,
    *,
    decision: str,
    by: str,
    reason: str,
    now: datetime,
    register: Register | None = None,
) -> int | None:
    """What a supervisor does about a dispute that has recurred, once: `new_case`, linked to the old one, or `noted`.

    `register` makes the new case. Returns its id. The old case and its rating stay as they are.
    Raises UnknownCase, UnknownFollowUp, NothingRecurred, ReasonMissing.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        if decision not in FOLLOW_UPS or (decision == "new_case") != (register is not None):
            raise UnknownFollowUp(number=number, decision=decision, known=", ".join(FOLLOW_UPS))
        words = moves.reason_in_words(case, decision, reason)
        waiting = await rows.lock_recurred(conn, case.id)
        if waiting is None:
            raise NothingRecurred(number=number)
        new = await register(case, waiting) if register else None
        await rows.follow_up(conn, waiting.id, decision, by, now, words, new)
        detail = {"days": waiting.days, "decision": decision, "new_case_id": new}
        event = "recurrence_decided"
        row = EventRow(case.id, waiting.round, event, case.status, case.status, by, words, now, detail)
        await events.insert_events(conn, [row])
        return new


async def of_case(conn: asyncpg.Connection, case_id: int) -> list[RevisitRow]:
    """The second callbacks of a case, by their days."""
    return await rows.of_case(conn, case_id)


def _policy() -> Mapping[str, Any]:
    return packaged("followup.policies", "revisits").body
