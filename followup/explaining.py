"""The written explanation of a rejected flag: signed by two, owed to the resident, and told only when somebody says so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import asyncpg

from followup import moves, notices
from followup.notices import NewNotice
from followup.refusals import NothingToExplain, UnknownRejection, UnknownWay, WordsWithNumbers
from followup.store import events
from followup.store import explanations as rows
from followup.store.cases import CaseRow
from followup.store.events import EventRow
from followup.store.explanations import ExplanationRow
from survey.masking import without_numbers
from survey.policies import packaged

EXPLAINED = "explained"


def policy() -> dict[str, Any]:
    """The body of policy `rejection`."""
    return dict(packaged("followup.policies", "rejection").body)


def check(case: CaseRow, ground: str, words: str) -> None:
    """Whether this may be signed. Raises UnknownRejection, WordsWithNumbers."""
    known = policy()["grounds"]
    if ground not in known:
        raise UnknownRejection(number=case.number, ground=ground, known=", ".join(known))
    if without_numbers(words) != words:
        raise WordsWithNumbers(number=case.number)


async def owe(
    conn: asyncpg.Connection,
    case: CaseRow,
    *,
    ground: str,
    words: str,
    by: str,
    second_by: str,
    now: datetime,
) -> None:
    """Keep what two people have signed, or the meeting has, and owe it to the resident, within the caller's transaction. Raises
    WordsWithNumbers."""
    if without_numbers(words) != words:
        raise WordsWithNumbers(number=case.number)
    nth = await rows.insert(conn, ExplanationRow(case.id, case.round, ground, words, by, second_by, now))
    named = {**policy()["grounds"], **policy()["own_grounds"]}[ground]
    ground_zh, ground_en = named["zh"], named["en"]
    facts = {"case_short": case.short_number, "ground": ground_zh, "ground_en": ground_en, "words": words}
    notice_id = await notices.owe(
        conn,
        NewNotice(
            cause=f"explanation:{case.number}:{nth}",
            recipient=f"resident:{case.number}",
            template="explanation",
            facts={**facts, "query_code": case.query_code},
            case_id=case.id,
        ),
        now=now,
    )
    if notice_id is not None:
        await rows.carried_by(conn, case.id, now, notice_id)


async def hear(conn: asyncpg.Connection) -> int:
    """Explanations whose notice has arrived are told from now on; how many."""
    async with conn.transaction():
        told = await rows.tell_delivered(conn)
        await events.insert_events(
            conn,
            [
                EventRow(
                    one.case_id,
                    one.round,
                    EXPLAINED,
                    one.case_status,
                    one.case_status,
                    one.told_by,
                    one.told_how,
                    one.told_at,
                    {"how": one.told_how},
                )
                for one in told
            ],
        )
    return len(told)


async def explained(conn: asyncpg.Connection, number: str, *, how: str, by: str, now: datetime) -> None:
    """The resident has the explanation: told by `by`, `how` (text, call, letter, visit). Once; again changes nothing.

    Raises UnknownCase, UnknownWay, NothingToExplain.
    """
    known = policy()["told_how"]
    async with conn.transaction():
        case = await moves.read(conn, number)
        if how not in known:
            raise UnknownWay(number=number, how=how, known=", ".join(known))
        latest = await rows.latest(conn, case.id)
        if latest is None:
            raise NothingToExplain(number=number)
        if await rows.tell(conn, case.id, latest.signed_at, now, how, by):
            told = EventRow(
                case.id, latest.round, EXPLAINED, case.status, case.status, by, how, now, {"how": how}
            )
            await events.insert_events(conn, [told])
