"""Who is told of a move of a case: units, the supervision office, the resident. Used by the doors of cases alone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import asyncpg

from followup import notices
from followup.notices import NewNotice
from followup.store.cases import CaseRow
from survey.masking import without_numbers

LOCAL = ZoneInfo("Asia/Shanghai")
GOVERNMENT = "government"


async def unit(
    conn: asyncpg.Connection,
    case: CaseRow,
    code: str,
    template: str,
    *,
    once: str,
    now: datetime,
    **facts: str,
) -> None:
    """Tell a unit; `once` says what of this round it is about, so that nobody is told twice."""
    await _owe(conn, case, f"unit:{code}", template, once, facts, now)


async def office(
    conn: asyncpg.Connection,
    case: CaseRow,
    template: str,
    *,
    once: str,
    now: datetime,
    which: str | None = None,
    **facts: str,
) -> None:
    """Tell the supervision office that has the case, or is given it just now (`which`)."""
    recipient = f"office:{which or case.office or GOVERNMENT}:{case.centre_code}"
    await _owe(conn, case, recipient, template, once, facts, now)


async def post(
    conn: asyncpg.Connection,
    case: CaseRow,
    name: str,
    template: str,
    *,
    once: str,
    now: datetime,
    **facts: str,
) -> None:
    """Tell a post of the case's centre, as its supervisor."""
    await _owe(conn, case, f"post:{name}:{case.centre_code}", template, once, facts, now)


async def resident(
    conn: asyncpg.Connection, case: CaseRow, template: str, *, once: str, now: datetime, **facts: str
) -> None:
    """Tell the resident, in words without numbers of anybody."""
    plain = {name: without_numbers(words) for name, words in facts.items()}
    await _owe(conn, case, f"resident:{case.number}", template, once, plain, now)


async def _owe(
    conn: asyncpg.Connection,
    case: CaseRow,
    recipient: str,
    template: str,
    once: str,
    facts: dict[str, str],
    now: datetime,
) -> None:
    cause = f"{template}:{case.number}:{once}"
    named = {"number": case.number, "short": case.short_number, **facts}
    await notices.owe(conn, NewNotice(cause, recipient, template, named, case.id), now=now)


def day(moment: datetime) -> str:
    """A day as people write it: 3月16日."""
    local = moment.astimezone(LOCAL)
    return f"{local.month}月{local.day}日"


def hour(moment: datetime) -> str:
    """A moment as people write it: 3月16日18:00."""
    return f"{day(moment)}{moment.astimezone(LOCAL):%H:%M}"
