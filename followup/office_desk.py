"""DOOR: what a supervision office does at its desk (督办): dispatch, put off, hand back, decide on returns and on more time.

Each act is the verb of `followup.cases` that the commands use. The office of an account is the unit that it is linked to: a case
of the other office does not exist for it, and one that is about an official is read by the office alone that handles it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from followup import cases, clocks, moves, past_rounds, routes, unit_view
from followup.cases import deny_extension
from followup.casework import guards
from followup.casework.limits import Due
from followup.casework.routing import ABOVE_THE_COUNTY, Viewer
from followup.clocks import Shown
from followup.move_refusals import NoTimeAskedFor
from followup.past_rounds import PastRound
from followup.redaction import redacted
from followup.refusals import UnknownCase
from followup.store import appeals, assignments, extension_requests, names, office_desk, units
from followup.store.cases import CaseRow
from followup.store.extension_requests import RequestRow
from followup.store.office_desk import ReturnRow, WaitingRow
from followup.store.units import UnitRow
from followup.unit_desk import Seat, policy
from survey.vault import Vault

OFFICES: Final = {"dcs-party": "party", "dcs-gov": "government"}
"""By the key of its unit."""
COMPLEX: Final = "complex"


@dataclass(frozen=True)
class Waiting:
    """A matter in the inbox, with its clock. `title` is redacted; "" where it is for the file alone."""

    row: WaitingRow
    title: str
    clock: Shown | None


@dataclass(frozen=True)
class OfficeFile:
    """One matter as its office reads it. `suggested`: units by category and place, the likely lead first; `place`: all that could
    have it; `normal`, `complex`: what a unit would be granted now; `jointly`: the return must be decided with 综治办;
    `new_due`: until when it would be due with the time that is asked for; `may_change`: another lead can be named."""

    case: CaseRow
    title: str
    content: str
    where: str
    reporter: str | None
    clock: Shown | None
    before: Sequence[PastRound]
    suggested: Sequence[UnitRow]
    place: Sequence[UnitRow]
    normal: Due | None
    complex: Due | None
    is_complex: bool
    lead: UnitRow | None
    returned: ReturnRow | None
    jointly: bool
    asked: RequestRow | None
    new_due: datetime | None
    may_change: bool


def office_of(seat: Seat) -> str | None:
    """party or government; None: the account works for no supervision office."""
    return OFFICES.get(seat.unit.code.removeprefix(f"{seat.unit.centre_code}-"))


async def inbox(
    conn: asyncpg.Connection, vault: Vault, seat: Seat, *, sign: str, now: datetime
) -> list[Waiting]:
    """What waits for the office, the first due first; looking changes nothing."""
    centre = seat.unit.centre_code
    for_the_city = [f"{centre}-{key}" for key in ABOVE_THE_COUNTY]
    found = await office_desk.waiting(
        conn, seat.account_id, centre, for_the_city=for_the_city, sign=sign, now=now, most=policy().listed
    )
    ids = [one.id for one in found]
    ticking = await clocks.shown(conn, ids, centre, now)
    known: dict[int, list[str]] = {}
    for case_id, cipher in await names.sealed_names_of(conn, ids):
        known.setdefault(case_id, []).append(vault.open(cipher))
    return [
        Waiting(one, "" if one.apart else redacted(one.title, known.get(one.id, ())), ticking.get(one.id))
        for one in found
    ]


async def file_of(
    conn: asyncpg.Connection, vault: Vault, seat: Seat, number: str, *, sign: str, now: datetime
) -> OfficeFile:
    """One matter of the office. Raises UnknownCase for any other, NotForTheseEyes."""
    case = await _theirs(conn, seat, number)
    viewer = Viewer(office_of(seat) or "", case.centre_code, seat.unit.code, sign)
    sight = await routes.sight(conn, case, viewer)
    known = await unit_view.known_names(conn, vault, case)
    hidden = [] if sight.original else [name for name, _ in known]
    appeal = await appeals.appeal_of(conn, case.id)
    facts = await moves.facts(conn, case)
    place = await units.units_of_place(conn, case.centre_code, case.area_code)
    by_code = {one.code: one for one in place}
    lead = await assignments.lead_of(conn, case.id, case.round)
    asked = await extension_requests.last(conn, case.id)
    waits = asked if asked and asked.decision is None and case.status == "in_progress" else None
    to_dispatch = case.status == "submitted"
    return OfficeFile(
        case=case,
        title=redacted(appeal.title if appeal else "", hidden),
        content=redacted(case.content, hidden),
        where=redacted(appeal.place, hidden) if appeal else "",
        reporter=next((name for name, own in known if own), None) if sight.reporter else None,
        clock=(await clocks.shown(conn, [case.id], case.centre_code, now)).get(case.id),
        before=[one for one in await past_rounds.of_case(conn, case.id) if one.round < case.round],
        suggested=[by_code[one] for one in await _suggested(conn, case, facts.let_go) if one in by_code],
        place=[one for one in place if one.code.removeprefix(f"{case.centre_code}-") not in OFFICES],
        normal=await clocks.offered(conn, case, case.kind, now) if to_dispatch else None,
        complex=await clocks.offered(conn, case, COMPLEX, now) if to_dispatch else None,
        is_complex=facts.complex,
        lead=by_code.get(lead or ""),
        returned=await office_desk.open_return(conn, case.id),
        jointly=case.status == "return_review" and guards.deciding_return(facts) is not None,
        asked=waits,
        new_due=await _extended(conn, case, waits.days) if waits else None,
        may_change=case.status == "dispatched" and guards.changing_lead(facts, now) is None,
    )


async def _suggested(conn: asyncpg.Connection, case: CaseRow, let_go: frozenset[str]) -> list[str]:
    """Whom the unit named that has just returned it, then units by category and place; none that has let it go."""
    named = await office_desk.named_by_a_return(conn, case.id, case.round)
    found = [*([named] if named else []), *await routes.suggested(conn, case)]
    refused = await routes.refused(conn, case, found, by="")
    return [one for one in dict.fromkeys(found) if one not in let_go and one not in refused]


async def _extended(conn: asyncpg.Connection, case: CaseRow, days: int) -> datetime | None:
    hours = await clocks.office(conn, case.centre_code)
    return hours.end_of_working_day(case.due_at, days) if case.due_at else None


async def dispatch(
    conn: asyncpg.Connection,
    seat: Seat,
    number: str,
    *,
    lead: str,
    assists: Sequence[str],
    all_parts: bool,
    complex_: bool,
    leader: str | None,
    plan: str | None,
    sign: str,
    now: datetime,
) -> None:
    """The office gives the case to its units (交办). `all_parts`: the lead cannot report before every part is filed.

    Raises UnknownCase, NotForTheseEyes, and what `cases.dispatch` raises.
    """
    async with conn.transaction():
        await _may_decide(conn, seat, number, sign)
        helpers = [one for one in dict.fromkeys(assists) if one != lead]
        await cases.dispatch(
            conn,
            number,
            lead=lead,
            assists=helpers,
            mandatory=helpers if all_parts else (),
            by=sign,
            now=now,
            office=office_of(seat) if (await moves.read(conn, number)).office else None,
            complex_=complex_,
            leader=leader,
            plan=plan,
        )


async def put_off(
    conn: asyncpg.Connection, seat: Seat, number: str, *, reason: str, sign: str, now: datetime
) -> None:
    """It cannot be dispatched yet, and why (暂缓). Raises UnknownCase, and what `cases.put_off` raises."""
    async with conn.transaction():
        await _may_decide(conn, seat, number, sign)
        await cases.put_off(conn, number, by=sign, reason=reason, now=now)


async def hand_back(
    conn: asyncpg.Connection, seat: Seat, number: str, *, reason: str, sign: str, now: datetime
) -> None:
    """Back to the centre (退回中心). Raises UnknownCase, and what `cases.hand_back` raises."""
    async with conn.transaction():
        await _may_decide(conn, seat, number, sign)
        await cases.hand_back(conn, number, by=sign, reason=reason, now=now)


async def change_lead(
    conn: asyncpg.Connection, seat: Seat, number: str, *, lead: str, reason: str, sign: str, now: datetime
) -> None:
    """Another unit leads it (改派). Raises UnknownCase, and what `cases.change_lead` raises."""
    async with conn.transaction():
        await _may_decide(conn, seat, number, sign)
        await cases.change_lead(conn, number, lead=lead, reason=reason, by=sign, now=now)


async def decide_return(
    conn: asyncpg.Connection,
    seat: Seat,
    number: str,
    *,
    allowed: bool,
    reason: str,
    sign: str,
    now: datetime,
) -> None:
    """The office decides on a return (裁定). Raises UnknownCase, and what `cases.allow_return` and `deny_return` raise."""
    async with conn.transaction():
        await _may_decide(conn, seat, number, sign)
        verb = cases.allow_return if allowed else cases.deny_return
        await verb(conn, number, by=sign, reason=reason, now=now)


async def decide_time(
    conn: asyncpg.Connection,
    seat: Seat,
    number: str,
    *,
    granted: bool,
    reason: str,
    sign: str,
    now: datetime,
) -> None:
    """The office grants the time that the lead asked for, for the lead's own reason, or says why not.

    Raises UnknownCase, NoTimeAskedFor, and what `cases.extend` and `cases.deny_extension` raise.
    """
    async with conn.transaction():
        await _may_decide(conn, seat, number, sign)
        if not granted:
            await deny_extension(conn, number, by=sign, reason=reason, now=now)
            return
        case = await moves.read_still(conn, number)
        asked = await extension_requests.last(conn, case.id)
        if asked is None or asked.decision is not None:
            raise NoTimeAskedFor(number=number)
        await cases.extend(
            conn, number, asked_by=asked.unit_code, reason=asked.reason, days=asked.days, by=sign, now=now
        )


async def _may_decide(conn: asyncpg.Connection, seat: Seat, number: str, sign: str) -> None:
    case = await _theirs(conn, seat, number)
    await routes.sight(conn, case, Viewer(office_of(seat) or "", case.centre_code, seat.unit.code, sign))
    await routes.check_people(conn, case, sign)


async def _theirs(conn: asyncpg.Connection, seat: Seat, number: str) -> CaseRow:
    if office_of(seat) is None or not await office_desk.is_theirs(
        conn, seat.account_id, seat.unit.centre_code, number
    ):
        raise UnknownCase(number=number)
    return await moves.read(conn, number)
