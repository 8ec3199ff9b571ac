"""DOOR: what surveyors are paid for a month, worked out again whenever it is asked; and objections to it.

The amounts are stored nowhere: they follow from the counts of the month, from what the centre enters, and from two policies.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

import asyncpg

from followup.assessment.pay import Pay, pay, pay_policy
from followup.assessment.surveyor_month import Work, surveyor_month
from followup.reaching import staff_number
from followup.refusals import CaseRefusal
from followup.store import pay_events, pay_objections, surveyors
from followup.store.pay_objections import ObjectionToPay
from followup.store.surveyors import SurveyorRow
from survey.access.acting import NoActor, actor
from survey.periods import Period
from survey.store import areas
from survey.store.accounts import Account

Entered = Mapping[str, Mapping[str, float]]
"""{staff number: {field of policy `pay`: number}}, as the centre enters it for a month."""
DECISIONS = ("changed", "stands")


class NothingEntered(CaseRefusal):
    """Nothing is entered for {staff}, who worked in this month. Add a line to the file."""


class ObjectionWaits(CaseRefusal):
    """{staff} has an objection to {month} that waits for a decision. Decide on it first."""


class NoObjection(CaseRefusal):
    """No objection of {staff} to {month} waits. `minyi pay objections` shows all."""


class NotTheirOwn(CaseRefusal):
    """Nobody decides on an objection of their own. Let somebody else of the centre decide on that of {staff}."""


class NoDecider(CaseRefusal):
    """{by} has no account that may decide on pay at this centre (pay.decide: supervisor, director). `minyi user list` shows
    the accounts."""


class WordsMissing(CaseRefusal):
    """An objection, and a decision on one, needs a reason in words."""


class UnknownDecision(CaseRefusal):
    """{decision} is no decision on an objection; it is changed or stands."""


async def sheet(
    conn: asyncpg.Connection, centre: str, period: Period, cut_off: datetime, entered: Entered
) -> list[Pay]:  # fmt: skip
    """The pay of everybody who made a call or took in an appeal in the month.

    Raises NothingEntered, NotPayable for a field that is none.
    """
    made = []
    worked = await surveyors.surveyors(conn, centre, period, cut_off)
    centre_audit = _centre_audit(worked)
    for one in worked:
        if one.staff_no not in entered:
            raise NothingEntered(staff=one.staff_no)
        made.append(worked_out(OwnMonth(one, centre_audit), entered[one.staff_no]))
    return made


@dataclass(frozen=True)
class OwnMonth:
    """What somebody did in a month; `centre_audit`: the share of the centre's checked interviews that stand, None: none was."""

    work: SurveyorRow
    centre_audit: float | None

    @property
    def valid_units(self) -> float:
        """Units of work, as policy `surveyor_month` counts them."""
        one = self.work
        return Work(one.completes, one.callbacks, one.registrations, one.dials).valid_units(
            surveyor_month().units
        )


async def own_month(
    conn: asyncpg.Connection, centre: str, staff: str, period: Period, cut_off: datetime
) -> OwnMonth:
    """The counts that the pay of this one surveyor rests on; of nobody else."""
    worked = await surveyors.surveyors(conn, centre, period, cut_off)
    nothing = SurveyorRow(staff, 0, 0, 0, 0, 0, 0, 0, 0)
    return OwnMonth(next((one for one in worked if one.staff_no == staff), nothing), _centre_audit(worked))


def worked_out(month: OwnMonth, entered: Mapping[str, float]) -> Pay:
    """Score and pay from the counts and what the centre enters. Raises NotPayable for a field that is none, or is missing."""
    policy = pay_policy()
    counted = {name: number for name, number in asdict(month.work).items() if name in policy.counted}
    return pay(month.work.staff_no, counted, entered, surveyor_month(), policy, month.centre_audit)


def _centre_audit(worked: Sequence[SurveyorRow]) -> float | None:
    heard, void = sum(one.heard for one in worked), sum(one.void for one in worked)
    return 1 - void / heard if heard else None


async def object_(
    conn: asyncpg.Connection, centre: str, staff: str, month: date, *, words: str, now: datetime
) -> None:
    """A surveyor objects; one at a time for a month. Raises WordsMissing, ObjectionWaits."""
    said = " ".join(words.split())
    if not said:
        raise WordsMissing()
    async with conn.transaction():
        if not await pay_objections.raise_(conn, centre, staff, month, said, now):
            raise ObjectionWaits(staff=staff, month=f"{month:%Y-%m}")
        await pay_events.insert(conn, centre, staff, month, None, staff, said, now)


async def decide(
    conn: asyncpg.Connection, centre: str, staff: str, month: date, *, decision: str, reason: str, by: str, now: datetime
) -> None:  # fmt: skip
    """Somebody else decides, once. `by`: the name of an account that may, where this installation has accounts; else whoever is
    named. Raises UnknownDecision, NotTheirOwn, NoDecider, WordsMissing, NoObjection."""
    why = " ".join(reason.split())
    if decision not in DECISIONS:
        raise UnknownDecision(decision=decision)
    if _who(by) == _who(staff):
        raise NotTheirOwn(staff=staff)
    if not why or not by.strip():
        raise WordsMissing()
    async with conn.transaction():
        account = await _decider(conn, centre, by)
        name = account.name if account else by.strip()
        taken = await pay_objections.decide(
            conn, centre, staff, month, decision, why, name, now, account.id if account else None
        )
        if not taken:
            raise NoObjection(staff=staff, month=f"{month:%Y-%m}")
        await pay_events.insert(conn, centre, staff, month, decision, name, why, now)


async def _decider(conn: asyncpg.Connection, centre: str, by: str) -> Account | None:
    """None: this installation has no accounts, and takes the name that is typed. Raises NoDecider."""
    try:
        return await actor(conn, by, "pay.decide", await areas.centre_area(conn, centre) or "")
    except NoActor:
        raise NoDecider(by=by.strip()) from None


def _who(name: str) -> str:
    """Whom a sign names, however it is written: 调查员-2001, ２００１ and 2001 are one."""
    plain = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    return staff_number(plain) or plain


async def objections(conn: asyncpg.Connection, centre: str) -> Sequence[ObjectionToPay]:
    """All of a centre."""
    return await pay_objections.objections(conn, centre)
