"""An open problem that a resident wants registered, said in a survey interview, becomes a case."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from followup.casework.lifecycle import Event
from followup.categories import categories
from followup.minting import mint
from followup.store import cases, events
from followup.store.cases import NewCase
from followup.store.events import EventRow
from survey.ids import Tokens
from survey.interviewing import Finished
from survey.masking import without_numbers
from survey.policies import packaged


async def register_from_survey(
    conn: asyncpg.Connection, finished: Finished, *, now: datetime, tokens: Tokens
) -> str | None:
    """The number of the new case, once per interview; None without words or consent, or the second time.

    The words are kept without the numbers in them; category, duty and kind are a first guess.
    """
    appeal = finished.appeal
    if appeal is None or finished.interview_id is None:
        return None
    content = finished.answers.get(appeal["words"], (None, None))[1]
    consent = finished.answers.get(appeal["consent"], (None, None))[0]
    if not content or consent != appeal["agreed"]:
        return None
    if await cases.number_of_interview(conn, finished.interview_id):
        return None
    case = await cases.insert_case(conn, await _new_case(conn, finished, content, now, tokens))
    if case is None:
        return None
    event = EventRow(case.id, case.round, Event.REGISTER, None, case.status, "survey", None, now)
    await events.insert_events(conn, [event])
    return case.number


async def _new_case(
    conn: asyncpg.Connection, finished: Finished, content: str, now: datetime, tokens: Tokens
) -> NewCase:
    (minted,) = await mint(conn, finished.centre_code, now, tokens)
    category = categories().guess(content)
    return NewCase(
        number=minted.number,
        short_number=minted.short_number,
        query_code=minted.query_code,
        centre_code=finished.centre_code,
        source="outbound",
        external_number=None,
        person_id=finished.person_id,
        interview_id=finished.interview_id,
        batch_id=None,
        content=without_numbers(content),
        category=category.code,
        duty_no=category.duty_no,
        kind=category.kind,
        area_code=finished.area_code,
        status="registered",
        received_at=now,
        due_at=None,
        limit_hours=None,
        policy_version=packaged("followup.casework", "limits").version,
    )
