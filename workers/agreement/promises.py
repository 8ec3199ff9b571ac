"""A second check that shares nothing with the first: promises put to the database itself, in SQL, without
any ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import asyncpg
import yaml

from survey.field.attempt_policy import attempt_policy
from survey.field.calling_hours import Purpose, calling_hours, is_contact_day
from survey.field.dispositions import dispositions
from workers.agreement import promises_sql as sql

PURPOSES: tuple[Purpose, ...] = ("survey", "case")
ASKED_FOR = ("by_person", "at_appointment")
"""Retry rules after which the person asked to be contacted: no pause is owed."""


@dataclass(frozen=True)
class Breach:
    """A promise that is broken, and where: a contact, an attempt's ref, a unit's ref, never a number."""

    promise: str
    where: str

    def __str__(self) -> str:
        return f"{self.promise} {self.where}"


@cache
def promises() -> Mapping[str, Mapping[str, str]]:
    """Every promise by its stable name, in `zh` and `en`."""
    body = yaml.safe_load((files("workers.agreement") / "promises.yaml").read_text("utf-8"))
    return {str(name): dict(text) for name, text in body.items()}


async def broken_promises(conn: asyncpg.Connection) -> tuple[Breach, ...]:
    """Every breach of every promise, in the order of promises.yaml; () when all are kept."""
    asked: list[tuple[str, str, Sequence[Any]]] = [
        ("one_conversation", sql.TWO_CONVERSATIONS, ()),
        ("opt_outs_kept", sql.CONTACTED_AFTER_OPT_OUT, ()),
        ("calling_hours_kept", sql.OUTSIDE_CALLING_HOURS, await _hours(conn)),
        ("days_are_local", sql.DAY_NOT_LOCAL, ()),
        ("attempts_capped", sql.UNIT_TRIED_TOO_OFTEN, _caps(lambda purpose: _cap(purpose).at_most)),
        ("a_day_capped", sql.TRIED_TOO_OFTEN_IN_A_DAY, _caps(lambda purpose: _cap(purpose).a_day)),
        ("hours_apart", sql.TRIED_TOO_SOON, _apart()),
        ("any_kind_capped", sql.TRIED_TOO_OFTEN_OVER_ALL, _any_kind()),
        ("units_owed_or_done", sql.UNIT_WITHOUT_NEXT_STEP, ()),
        ("dispositions_known", sql.DISPOSITIONS_DO_NOT_SUM, (list(dispositions()),)),
        ("events_tell_all", sql.LAST_EVENT_DIFFERS, ()),
        ("quotas_kept", sql.QUOTA_PASSED, ()),
        ("seats_add_up", sql.SEATS_OF_NOBODY, ()),
        ("budget_kept", sql.BUDGET_PASSED, ()),
        ("announced_once", sql.ANNOUNCED_TWICE, ()),
        ("reached_means_told", sql.REACHED_BUT_NOT_TOLD, ()),
    ]
    return tuple(
        [
            Breach(name, row["broken"])
            for name, query, values in asked
            for row in await conn.fetch(query, *values)
        ]
    )


def _cap(purpose: Purpose) -> Any:
    return attempt_policy().purposes[purpose]


def _caps(of: Any) -> tuple[list[str], list[int]]:
    return list(PURPOSES), [of(purpose) for purpose in PURPOSES]


def _apart() -> tuple[list[str], list[timedelta], list[str]]:
    pauses = [timedelta(hours=_cap(purpose).hours_apart) for purpose in PURPOSES]
    exempt = [code for code, row in dispositions().items() if row.retry in ASKED_FOR]
    return list(PURPOSES), pauses, exempt


def _any_kind() -> tuple[timedelta, int]:
    cap = attempt_policy().any_kind
    return timedelta(days=cap.in_days), cap.at_most


async def _hours(conn: asyncpg.Connection) -> tuple[list[time], list[time], list[str], list[date]]:
    """Opening and closing times, and the days of the period on which a purpose rests, as two lists side by
    side.
    """
    windows = calling_hours().windows
    first, last = await conn.fetchrow(sql.FIRST_AND_LAST_DAY)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)] if first else []
    closed = [(purpose, day) for purpose in PURPOSES for day in days if not is_contact_day(day, purpose)]
    return (
        [opens for opens, _ in windows],
        [closes for _, closes in windows],
        [purpose for purpose, _ in closed],
        [day for _, day in closed],
    )
