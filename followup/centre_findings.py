"""DOOR: what somebody found at a centre (泄露、默认满意、诱导、伪造) and the inspection of its year; both enter its score.

Written once, with words and a name; what was wrong is withdrawn, visibly.
"""

from __future__ import annotations

from datetime import datetime

import asyncpg

from followup.assessment.centre_score import centre_policy
from followup.refusals import CaseRefusal
from followup.store import centre_findings as rows

INSPECTION = "inspection"
all_of = rows.all_of


class UnknownFinding(CaseRefusal):
    """{kind} is nothing that can be found at a centre; it is one of {known}."""


class WordsMissing(CaseRefusal):
    """A finding needs words and the name of who found it."""


class NotItsCase(CaseRefusal):
    """There is no case {number} of centre {centre}. `minyi case list` shows the numbers."""


class NoPoints(CaseRefusal):
    """An inspection comes to points between 0 and 100, not {points}."""


class NothingToWithdraw(CaseRefusal):
    """No finding {number} of centre {centre} stands. `minyi centre list` shows all."""


async def find(
    conn: asyncpg.Connection, centre: str, kind: str, *, words: str, by: str, now: datetime, case_number: str | None = None
) -> None:  # fmt: skip
    """Write down what was found. It counts in the period in which it is written. Raises CaseRefusal."""
    known = centre_policy().findings
    if kind not in known:
        raise UnknownFinding(kind=kind, known=", ".join(known))
    if case_number is not None and not await rows.has_case(conn, case_number, centre):
        raise NotItsCase(number=case_number, centre=centre)
    await _keep(conn, centre, kind, None, case_number, words, by, now)


async def inspect(
    conn: asyncpg.Connection, centre: str, points: float, *, words: str, by: str, now: datetime
) -> None:
    """Write down what the inspection of a year came to; the last one of the year counts. Raises CaseRefusal."""
    if not 0 <= points <= 100:
        raise NoPoints(points=f"{points:g}")
    await _keep(conn, centre, INSPECTION, points, None, words, by, now)


async def withdraw(
    conn: asyncpg.Connection, centre: str, number: int, *, words: str, by: str, now: datetime
) -> None:
    """From now on it does not count. `number`: its place among all that was found at the centre, as `all_of` has them. Raises
    CaseRefusal."""
    found = await all_of(conn, centre, now)
    if not 1 <= number <= len(found) or found[number - 1].withdrawn is not None:
        raise NothingToWithdraw(number=number, centre=centre)
    one = found[number - 1]
    await _keep(conn, centre, one.kind, one.points, one.case_number, words, by, now, withdraws=one.id)


async def _keep(
    conn: asyncpg.Connection,
    centre: str,
    kind: str,
    points: float | None,
    case_number: str | None,
    words: str,
    by: str,
    now: datetime,
    withdraws: int | None = None,
) -> None:
    said, name = " ".join(words.split()), " ".join(by.split())
    if not said or not name:
        raise WordsMissing()
    kept = await rows.keep(
        conn, centre, kind=kind, points=points, case_number=case_number, words=said, by=name, at=now, withdraws=withdraws
    )  # fmt: skip
    if not kept:
        raise NothingToWithdraw(number="like this", centre=centre)
