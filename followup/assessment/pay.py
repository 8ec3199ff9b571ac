"""A surveyor's pay of a month (domain.md §4.7): base + performance base × coefficient + awards - fines, never below the floor.

What residents answered cannot enter: the counted fields are named in pay.yaml, and there is no other way in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from followup.assessment.surveyor_month import Month, NotPayable, Score, SurveyorMonth, Work, score
from survey.policies import packaged

CENT = Decimal("0.01")


class PayPolicy(BaseModel):
    """The body of policy `pay`: {field: what it is and where it comes from}."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    counted: Mapping[str, str]
    entered: Mapping[str, str]
    floor: Decimal


@cache
def pay_policy() -> PayPolicy:
    """The packaged policy."""
    return PayPolicy.model_validate(packaged("followup.assessment", "pay").body)


Audit = Literal["own", "centre", "none"]


@dataclass(frozen=True)
class Pay:
    """`amount` in yuan; the parts that it is made of stand beside it. `heard`: interviews that were listened to; `audit`:
    whose share the quality rests on: their own, the centre's, or nobody's."""

    staff_no: str
    heard: int
    audit: Audit
    score: Score
    valid_units: float
    performance: Decimal
    amount: Decimal


def pay(
    staff_no: str, counted: Mapping[str, int], entered: Mapping[str, float], month: SurveyorMonth, policy: PayPolicy,
    centre_audit: float | None,
) -> Pay:  # fmt: skip
    """`centre_audit`: the share of all interviews of the centre that were listened to and stand; None: none was.

    Raises NotPayable where a field is missing or is none of the policy's.
    """
    _check(staff_no, counted, policy.counted)
    _check(staff_no, entered, policy.entered)
    work = Work(counted["completes"], counted["callbacks"], counted["registrations"], counted["dials"])
    share, audit = _audit(counted["heard"], counted["void"], centre_audit, month)
    units = work.valid_units(month.units)
    found = score(
        Month(
            valid_units=units,
            target=entered["target"],
            audit_pass=share,
            complaint_penalty=entered["complaint_penalty"],
            on_time_callback=entered["on_time_callback"],
            learning=entered["learning"],
        ),
        month,
    )
    performance = _yuan(entered["performance_base"]) * _yuan(found.coefficient)
    amount = _yuan(entered["base"]) + performance + _yuan(entered["awards"]) - _yuan(entered["fines"])
    whole = max(amount, policy.floor).quantize(CENT, ROUND_HALF_UP)
    return Pay(
        staff_no, counted["heard"], audit, found, units, performance.quantize(CENT, ROUND_HALF_UP), whole
    )


def _audit(heard: int, void: int, centre: float | None, month: SurveyorMonth) -> tuple[float | None, Audit]:
    if heard:
        return 1 - void / heard, "own"
    if centre is not None and month.not_audited[0] == "centre":
        return centre, "centre"
    return None, "none"


def _check(staff_no: str, given: Mapping[str, float], wanted: Mapping[str, str]) -> None:
    missing, strange = sorted(set(wanted) - set(given)), sorted(set(given) - set(wanted))
    if missing:
        raise NotPayable(f"{staff_no}: {', '.join(missing)} is missing; a month is paid on all of its fields")
    if strange:
        raise NotPayable(f"{staff_no}: {', '.join(strange)} is no field of pay; leave it out")


def _yuan(number: float) -> Decimal:
    return Decimal(str(number))
