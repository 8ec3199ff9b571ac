"""DOOR: where a case may go and who may read it, asked of the database; and who has a stake in it.

The rules are pure, in `followup.casework.routing`. Dispatching asks `refused`, reading asks `sight`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from followup import moves
from followup.casework import routing
from followup.casework.posts import post_of
from followup.casework.routing import Matter, Reason, Sight, Viewer
from followup.default_routes import keys_for
from followup.refusals import NotForTheseEyes
from followup.store import appeals, events, parties
from followup.store.cases import CaseRow
from followup.store.events import EventRow

__all__ = ["check_people", "declare_party", "matter_of", "refused", "sight", "suggested"]

CITY = "city"
TOWNSHIP, TOWNSHIP_DIGITS = "township", 9
DECLARE = "declare_party"


async def matter_of(conn: asyncpg.Connection, case: CaseRow) -> Matter:
    """What of a case decides where it may go."""
    appeal = await appeals.appeal_of(conn, case.id)
    return Matter(
        centre_code=case.centre_code,
        duty_no=case.duty_no,
        anonymity=case.anonymity,
        criticised_unit=case.criticised_unit,
        criticised_centre=appeal is not None and appeal.criticised_centre,
        parties=await parties.parties_of(conn, case.id),
        units=await parties.units_of_case(conn, case.id),
        office=case.office,
    )


async def refused(
    conn: asyncpg.Connection, case: CaseRow, units: Sequence[str], *, by: str
) -> dict[str, Reason]:
    """Those of these units that cannot have the case, as lead or to assist, each with its reason code.

    Whoever dispatches must not be party to it, either: then it is they who are named.
    """
    matter = await matter_of(conn, case)
    if by.strip() in matter.parties:
        return {by: Reason.PARTY}
    parents = await parties.parents_of(conn, case.centre_code)
    by_city = post_of(by) == CITY
    found = {unit: routing.refusal(matter, unit, parents, by_city=by_city) for unit in units}
    return {unit: reason for unit, reason in found.items() if reason is not None}


async def check_people(conn: asyncpg.Connection, case: CaseRow, *people: str) -> None:
    """Whether these people may decide on the case. Raises NotForTheseEyes for who is party to it, and for everybody of
    the county where its own offices are the subject: that the city decides.
    """
    matter = await matter_of(conn, case)
    if any(one.strip() in matter.parties for one in people):
        raise NotForTheseEyes(number=case.number, reason=Reason.PARTY)
    if matter.city_level and any(post_of(one) != CITY for one in people):
        raise NotForTheseEyes(number=case.number, reason=Reason.UNDER_CRITICISM)


async def suggested(conn: asyncpg.Connection, case: CaseRow) -> list[str]:
    """Units that such matters go to by default, the likely lead first: by category and place (policy `routes`), else by duty
    (policy `duties`); empty where somebody chooses.

    A suggestion, and never a unit that the case must not reach.
    """
    matter = await matter_of(conn, case)
    parents = await parties.parents_of(conn, case.centre_code)
    for keys in keys_for(case.category, case.duty_no):
        codes = [
            f"{case.area_code[:TOWNSHIP_DIGITS]}-gov" if key == TOWNSHIP else f"{case.centre_code}-{key}"
            for key in keys
        ]
        known = [one for one in codes if one in parents and routing.refusal(matter, one, parents) is None]
        if known:
            return known
    return []


async def sight(conn: asyncpg.Connection, case: CaseRow, viewer: Viewer) -> Sight:
    """What somebody may see of a case. Raises NotForTheseEyes with the reason code."""
    found = routing.may_see(
        viewer, await matter_of(conn, case), await parties.parents_of(conn, case.centre_code)
    )
    if found.denied is not None:
        raise NotForTheseEyes(number=case.number, reason=found.denied)
    return found


async def declare_party(
    conn: asyncpg.Connection, number: str, *, party: str, reason: str, by: str, now: datetime
) -> bool:
    """A unit (its code) or a person (their sign) has a stake in the matter (回避). False if that was known.

    Raises UnknownCase, ReasonMissing.
    """
    async with conn.transaction():
        case = await moves.read_still(conn, number)
        words = moves.reason_in_words(case, DECLARE, reason)
        if not await parties.insert_party(conn, case.id, party.strip(), words, by, now):
            return False
        detail = {"party": party.strip()}
        row = EventRow(case.id, case.round, DECLARE, case.status, case.status, by, words, now, detail)
        await events.insert_events(conn, [row])
        return True
