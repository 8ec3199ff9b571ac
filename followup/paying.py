"""DOOR: what surveyors are paid for a month, worked out again whenever it is asked; and objections to it.

The amounts are stored nowhere: they follow from the counts of the month, from what the centre enters, and from two policies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

import asyncpg

from followup.assessment.pay import Pay, pay, pay_policy
from followup.assessment.surveyor_month import surveyor_month
from followup.refusals import CaseRefusal
from followup.store import pay_objections, surveyors
from followup.store.pay_objections import ObjectionToPay
from survey.periods import Period

DECISIONS = ("changed", "stands")


class NothingEntered(CaseRefusal):
    """Nothing is entered for {staff}, who worked in this month. Add a line to the file."""


class ObjectionWaits(CaseRefusal):
    """{staff} has an objection to {month} that waits for a decision. Decide on it first."""


class NoObjection(CaseRefusal):
    """No objection of {staff} to {month} waits. `minyi pay objections` shows all."""


class NotTheirOwn(CaseRefusal):
    """Nobody decides on an objection of their own. Let somebody else of the centre decide on that of {staff}."""


class WordsMissing(CaseRefusal):
    """An objection, and a decision on one, needs a reason in words."""


class UnknownDecision(CaseRefusal):
    """{decision} is no decision on an objection; it is changed or stands."""


async def sheet(
    conn: asyncpg.Connection, centre: str, period: Period, cut_off: datetime, entered: Mapping[str, Mapping[str, float]]
) -> list[Pay]:  # fmt: skip
    """The pay of everybody who made a call in the month. Raises NothingEntered, ValueError for a field that is none."""
    policy, made = pay_policy(), []
    worked = await surveyors.surveyors(conn, centre, period, cut_off)
    heard, void = sum(one.heard for one in worked), sum(one.void for one in worked)
    centre_audit = 1 - void / heard if heard else None
    for one in worked:
        if one.staff_no not in entered:
            raise NothingEntered(staff=one.staff_no)
        counted = {name: number for name, number in asdict(one).items() if name in policy.counted}
        made.append(pay(one.staff_no, counted, entered[one.staff_no], surveyor_month(), policy, centre_audit))
    return made


async def object_(
    conn: asyncpg.Connection, centre: str, staff: str, month: date, *, words: str, now: datetime
) -> None:
    """A surveyor objects; one at a time for a month. Raises WordsMissing, ObjectionWaits."""
    said = " ".join(words.split())
    if not said:
        raise WordsMissing()
    if not await pay_objections.raise_(conn, centre, staff, month, said, now):
        raise ObjectionWaits(staff=staff, month=f"{month:%Y-%m}")


async def decide(
    conn: asyncpg.Connection, centre: str, staff: str, month: date, *, decision: str, reason: str, by: str, now: datetime
) -> None:  # fmt: skip
    """Somebody else decides, once. Raises UnknownDecision, NotTheirOwn, WordsMissing, NoObjection."""
    why = " ".join(reason.split())
    if decision not in DECISIONS:
        raise UnknownDecision(decision=decision)
    if by.strip() == staff:
        raise NotTheirOwn(staff=staff)
    if not why or not by.strip():
        raise WordsMissing()
    if not await pay_objections.decide(conn, centre, staff, month, decision, why, by.strip(), now):
        raise NoObjection(staff=staff, month=f"{month:%Y-%m}")


async def objections(conn: asyncpg.Connection, centre: str) -> Sequence[ObjectionToPay]:
    """All of a centre."""
    return await pay_objections.objections(conn, centre)
