"""A surveyor's pay of a month (domain.md §4.7): base + performance base × coefficient + awards - fines, never below the floor.

What residents answered cannot enter: the counted fields are named in pay.yaml, and there is no other way in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from pydantic import BaseModel, ConfigDict

from followup.assessment.surveyor_month import Month, Score, SurveyorMonth, Work, score
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


@dataclass(frozen=True)
class Pay:
    """`amount` in yuan; the parts that it is made of stand beside it."""

    staff_no: str
    score: Score
    valid_units: float
    performance: Decimal
    amount: Decimal


def pay(
    staff_no: str, counted: Mapping[str, int], entered: Mapping[str, float], month: SurveyorMonth, policy: PayPolicy
) -> Pay:  # fmt: skip
    """Raises ValueError where a field is missing or is none of the policy's."""
    _check(staff_no, counted, policy.counted)
    _check(staff_no, entered, policy.entered)
    work = Work(counted["completes"], counted["callbacks"], counted["registrations"], counted["dials"])
    heard, void = counted["heard"], counted["void"]
    units = work.valid_units(month.units)
    found = score(
        Month(
            valid_units=units,
            target=entered["target"],
            audit_pass=1 - void / heard if heard else 1.0,
            complaint_penalty=entered["complaint_penalty"],
            on_time_callback=entered["on_time_callback"],
            learning=entered["learning"],
        ),
        month,
    )
    performance = _yuan(entered["performance_base"]) * _yuan(found.coefficient)
    amount = _yuan(entered["base"]) + performance + _yuan(entered["awards"]) - _yuan(entered["fines"])
    whole = max(amount, policy.floor).quantize(CENT, ROUND_HALF_UP)
    return Pay(staff_no, found, units, performance.quantize(CENT, ROUND_HALF_UP), whole)


def _check(staff_no: str, given: Mapping[str, float], wanted: Mapping[str, str]) -> None:
    missing, strange = sorted(set(wanted) - set(given)), sorted(set(given) - set(wanted))
    if missing:
        raise ValueError(f"{staff_no}: {', '.join(missing)} is missing; a month is paid on all of its fields")
    if strange:
        raise ValueError(f"{staff_no}: {', '.join(strange)} is no field of pay; leave it out")


def _yuan(number: float) -> Decimal:
    return Decimal(str(number))
