"""Used by the door `cases`: the number was somebody else's, and another is found or not."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from followup import moves
from followup.casework.lifecycle import Event
from followup.reaching import reach_of
from followup.refusals import NoResult, SomebodyWasFirst
from followup.store import callbacks as callback_rows
from followup.store import cases, endings, results
from followup.store.cases import Step
from survey.fielding import put_in, standing_campaign
from survey.ids import Tokens


async def new_number(
    conn: asyncpg.Connection,
    number: str,
    *,
    person_id: int,
    source: str,
    by: str,
    now: datetime,
    tokens: Tokens,
    seed: int,
) -> None:
    """Another number of the resident was found: they are called back through it, about the same result.

    `person_id`: who has it, in the vault; `source`: where it is from, in words. The callback of the round waits
    again; nobody had rated it. Raises ReasonMissing, NoResult.
    """
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.NEW_NUMBER)
        words = moves.reason_in_words(case, Event.NEW_NUMBER, source)
        reported = [one for one in await results.results_of(conn, case.id) if one.round == case.round]
        if not reported:
            raise NoResult(number=number, round=case.round)
        await moves.write(conn, case, Event.NEW_NUMBER, Step(status, case.round), by=by, at=now, reason=words)
        await cases.give_person(conn, case.id, person_id)
        callback_id = await endings.seek_again(conn, case.id, case.round)
        if callback_id is None:
            raise SomebodyWasFirst(number=number, status=case.status, round=case.round)
        ref, reach = tokens(), await reach_of(conn, case.id)
        unit_ref = await put_in(
            conn,
            campaign_id=await standing_campaign(conn, case.centre_code, now=now, seed=seed),
            person_id=person_id,
            area_code=case.area_code,
            external_key=f"case:{number}:{case.round}:{ref}",
            facts={
                "case_short": case.short_number,
                "result": reported[0].result_summary,
                "query_code": case.query_code,
                "contact_claimed": "yes" if reported[0].claimed_contact else "no",
            },
            earliest=now,
            ref=ref,
            prn=await callback_rows.permanent_random_number(conn, person_id),
            modes=reach.modes,
            hours=reach.hours,
            not_by=reach.not_by,
        )
        if unit_ref is not None:
            await callback_rows.link_unit(conn, callback_id, unit_ref)


async def no_new_number(
    conn: asyncpg.Connection, number: str, *, reason: str, by: str, now: datetime
) -> None:
    """No other number was found: the case ends as not reached. Raises ReasonMissing."""
    async with conn.transaction():
        case = await moves.read(conn, number)
        status = moves.target(case, Event.NO_NEW_NUMBER)
        words = moves.reason_in_words(case, Event.NO_NEW_NUMBER, reason)
        step = Step(status, case.round, ending=status, closed_at=now)
        await moves.write(conn, case, Event.NO_NEW_NUMBER, step, by=by, at=now, reason=words)
