"""What lies on the desk of a unit, by the account that works for it (`followup.unit_accounts`), and what it may do. Reads only.

What the account's unit never had does not exist for it; what it does is `followup.unit_acts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final, TypeVar

import asyncpg
from pydantic import BaseModel, ConfigDict, PositiveInt

from followup import bridging, clocks, moves, past_rounds, routes, showing, unit_view
from followup.bridging import CallRow
from followup.casework import guards
from followup.clocks import Shown
from followup.past_rounds import PastRound
from followup.redaction import redacted
from followup.refusals import UnknownCase
from followup.store import assignments, extension_requests, names, relays, results, unit_desk, units
from followup.store.extension_requests import RequestRow
from followup.store.pictures import PictureLine
from followup.store.relays import RelayRow
from followup.store.results import ResultRow
from followup.store.unit_accounts import OwnUnit
from followup.store.unit_desk import DeskCase, DoubtRow, OwnCase, SaidRow
from followup.store.units import UnitRow
from followup.unit_view import UnitView
from survey.policies import packaged
from survey.vault import Vault

OPEN: Final = ("dispatched", "in_progress")
ELSEWHERE: Final = (
    "return_review",
    "result_review",
    "promised",
    "callback_pending",
    "redispatch_review",
    "adjudication",
)
"""States in which a unit has done its part, and others decide or ask."""
LEAD: Final = "lead"
T = TypeVar("T")


class UnitDeskPolicy(BaseModel):
    """The body of policy `unit_desk`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    listed: PositiveInt
    said_days: PositiveInt
    said_listed: PositiveInt
    pictures: PositiveInt
    picture_bytes: PositiveInt


@cache
def policy() -> UnitDeskPolicy:
    """The packaged policy."""
    return UnitDeskPolicy.model_validate(packaged("followup.policies", "unit_desk").body)


@dataclass(frozen=True)
class Seat:
    """Whose desk it is: an account and the unit that it works for."""

    account_id: int
    unit: OwnUnit


@dataclass(frozen=True)
class Lying:
    """A case on the desk, with its clock. `title` is redacted."""

    case: DeskCase
    title: str
    clock: Shown | None


@dataclass(frozen=True)
class Inbox:
    """What lies on a desk: `cases` to act on and with others, `doubts` to answer, `said` by residents."""

    cases: Sequence[Lying]
    doubts: Sequence[DoubtRow]
    said: Sequence[SaidRow]


@dataclass(frozen=True)
class May:
    """What the unit may do with a case now. `extend_days`: working days that it may ask for, 0: none."""

    sign: bool = False
    give_back: bool = False
    plan: bool = False
    report: bool = False
    part: bool = False
    call: bool = False
    answer: bool = False
    relay: bool = False
    extend_days: int = 0


@dataclass(frozen=True)
class File:
    """One case as its unit reads it."""

    case: UnitView
    role: str
    clock: Shown | None
    before: Sequence[PastRound]
    result: ResultRow | None
    calls: Sequence[CallRow]
    relayed: Sequence[RelayRow]
    asked: RequestRow | None
    open_parts: Sequence[str]
    pictures: Sequence[PictureLine]
    others: Sequence[UnitRow]
    may: May


async def inbox(conn: asyncpg.Connection, vault: Vault, seat: Seat, *, now: datetime) -> Inbox:
    """Everything that lies on a desk; looking changes nothing."""
    rules, centre = policy(), seat.unit.centre_code
    found = await unit_desk.desk(conn, seat.account_id, centre, [*OPEN, *ELSEWHERE], rules.listed)
    ids = [one.id for one in found]
    ticking = await clocks.shown(conn, ids, centre, now)
    known: dict[int, list[str]] = {}
    for case_id, cipher in await names.sealed_names_of(conn, ids):
        known.setdefault(case_id, []).append(vault.open(cipher))
    return Inbox(
        cases=[Lying(one, redacted(one.title, known.get(one.id, ())), ticking.get(one.id)) for one in found],
        doubts=await unit_desk.doubts(conn, seat.account_id, centre),
        said=await unit_desk.said(
            conn, seat.account_id, centre, now - timedelta(days=rules.said_days), rules.said_listed
        ),
    )


async def file_of(conn: asyncpg.Connection, vault: Vault, seat: Seat, number: str, *, now: datetime) -> File:
    """One case of the unit. Raises UnknownCase for any other, NotForTheseEyes."""
    own = await own_case(conn, seat, number)
    view = await unit_view.view(conn, vault, number, unit=seat.unit.code)
    case = await moves.read(conn, number)
    facts = await moves.facts(conn, case)
    calls = await bridging.calls(conn, number, unit=seat.unit.code)
    reported = [one for one in await results.results_of(conn, own.id) if one.unit_code == seat.unit.code]
    asked = await extension_requests.last(conn, own.id)
    doubts = await unit_desk.doubts(conn, seat.account_id, seat.unit.centre_code)
    lead, assist = own.role == LEAD, own.role == "assist"
    signed, unsigned = case.status == "in_progress", case.status == "dispatched"
    needs_plan = not facts.planned and (facts.complex or case.round >= guards.PLAN_FROM_ROUND)
    may_ask = signed and lead and guards.extending(facts, now) is None and not _waits(asked)
    may = May(
        sign=unsigned and lead,
        give_back=unsigned and lead and guards.returning(facts, seat.unit.code, now) is None,
        plan=(signed or unsigned) and lead and needs_plan,
        report=signed and lead,
        part=signed and assist and seat.unit.code in await _unfiled(conn, seat, own),
        call=(signed or unsigned)
        and (lead or assist)
        and view.anonymity == "named"
        and not (await routes.matter_of(conn, case)).about_official
        and case.person_id is not None
        and all(one.outcome for one in calls),
        relay=(signed or unsigned) and (lead or assist) and case.person_id is not None,
        answer=any(one.number == number for one in doubts),
        extend_days=(guards.extension_days(facts) or 0) if may_ask else 0,
    )
    place = await units.units_of_place(conn, seat.unit.centre_code, case.area_code)
    others = [one for one in place if one.code != seat.unit.code]
    place = await units.units_of_place(conn, seat.unit.centre_code, case.area_code)
    others = [one for one in place if one.code != seat.unit.code]
    return File(
        case=view,
        role=own.role,
        clock=(await clocks.shown(conn, [own.id], seat.unit.centre_code, now)).get(own.id),
        before=[one for one in await past_rounds.of_case(conn, own.id) if one.round < case.round],
        result=reported[-1] if reported else None,
        calls=calls,
        relayed=[one for one in await relays.relays_of(conn, own.id) if one.unit_code == seat.unit.code],
        asked=asked if asked is not None and asked.unit_code == seat.unit.code else None,
        open_parts=facts.open_parts,
        pictures=[one for one in await showing.of_case(conn, number) if one.unit_code == seat.unit.code],
        others=others,
        may=may,
    )


async def own_case(conn: asyncpg.Connection, seat: Seat, number: str) -> OwnCase:
    """A case that the unit has or had. Raises UnknownCase for any other: for this desk it does not exist."""
    own = await unit_desk.own_case(conn, seat.account_id, seat.unit.centre_code, number)
    if own is None:
        raise UnknownCase(number=number)
    return own


async def _unfiled(conn: asyncpg.Connection, seat: Seat, own: OwnCase) -> set[str]:
    rows = await assignments.assignments_of(conn, own.id)
    return {
        one.unit_code for one in rows if one.round == own.round and one.role == "assist" and not one.part_at
    }


def _waits(asked: RequestRow | None) -> bool:
    return asked is not None and asked.decision is None
