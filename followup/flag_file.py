"""Reading: all that a supervisor weighs before deciding on a flag, side by side. Nothing here decides or writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from followup import clocks, moves, past_rounds, rejecting, routes, showing, suspicious
from followup.casework.lifecycle import Event, target
from followup.casework.limits import Due, due_dates
from followup.casework.routing import Viewer
from followup.past_rounds import PastRound
from followup.rejecting import RejectionDraft
from followup.store import assignments, dossiers, evidence, objections, results, rounds, units
from followup.store.cases import CaseRow
from followup.store.evidence import OurCall
from followup.store.objections import ObjectionRow
from followup.store.pictures import PictureLine
from followup.store.results import ResultRow
from followup.store.rounds import CallbackRow
from followup.store.waiting_decisions import WaitingDecision, waiting_decisions
from followup.suspicious import Weighed

__all__ = ["FlagFile", "WaitingDecision", "file_of", "waiting_decisions"]


@dataclass(frozen=True)
class FlagFile:
    """One case whose flag, or objection, waits. `next_due`: what the lead would be granted if it went out again now, None where
    the last round is over and the meeting decides; `call_until`: until then the promised call comes first."""

    case: CaseRow
    area_zh: str
    unit_zh: str
    callback: CallbackRow | None
    objection: ObjectionRow | None
    result: ResultRow | None
    our_calls: tuple[OurCall, ...]
    unit_calls: tuple[dict[str, Any], ...]
    look: Weighed | None
    before: tuple[PastRound, ...]
    next_due: Due | None
    call_until: datetime | None
    draft: RejectionDraft | None
    pictures: tuple[PictureLine, ...]


async def file_of(conn: asyncpg.Connection, number: str, *, sign: str, now: datetime) -> FlagFile:
    """The file, for whoever signs so. Raises UnknownCase, NotForTheseEyes."""
    case = await moves.read(conn, number)
    await routes.sight(conn, case, Viewer("centre", case.centre_code, person=sign))
    callback = next(
        (one for one in await rounds.callbacks_of(conn, case.id) if one.round == case.round), None
    )
    result = next((one for one in await results.results_of(conn, case.id) if one.round == case.round), None)
    lead = await assignments.lead_of(conn, case.id, case.round)
    names = {one.code: one.name_zh for one in await units.units_of(conn, case.centre_code)}
    unit_ref = await rounds.unit_ref_of(conn, case.id, case.round)
    looks = await suspicious.of_case(conn, case) if callback is not None and callback.flagged else {}
    return FlagFile(
        case=case,
        area_zh=await dossiers.area_name(conn, case.area_code),
        unit_zh=names.get(lead or "", lead or "-"),
        callback=callback,
        objection=next(
            (one for one in await objections.objections_of(conn, case.id) if one.decision is None), None
        ),
        result=result,
        our_calls=tuple(await evidence.calls_of(conn, unit_ref)) if unit_ref else (),
        unit_calls=tuple(await evidence.bridged_calls(conn, case.id, case.round)),
        look=looks.get(case.round),
        before=tuple(one for one in await past_rounds.of_case(conn, case.id) if one.round < case.round),
        next_due=await _next_due(conn, case, now),
        call_until=_call_until(callback, now),
        pictures=tuple(one for one in await showing.of_case(conn, number) if one.round == case.round),
        draft=await rejecting.waiting(conn, case.id, case.round),
    )


async def _next_due(conn: asyncpg.Connection, case: CaseRow, now: datetime) -> Due | None:
    if target(case.status, Event.REDISPATCH, case.round) is None:
        return None
    hours = await clocks.office(conn, case.centre_code)
    _, policy = await clocks.limits_in_force(conn, case.centre_code, now, hours)
    return due_dates(case.kind, now, case.round + 1, hours, policy)


def _call_until(callback: CallbackRow | None, now: datetime) -> datetime | None:
    if callback is None or callback.verify_unit_ref is None or callback.verified_at is not None:
        return None
    return callback.waits_since if callback.waits_since and now < callback.waits_since else None
