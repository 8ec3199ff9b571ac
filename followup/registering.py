"""What a resident says to the survey becomes a case: an open problem in an interview, a text that a person reads,
what an operator writes down in the middle of a call."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import asyncpg

from followup import appeals
from followup.appeals import NewAppeal, Registered
from followup.casework.posts import THE_CENTRE
from followup.categories import categories
from followup.intake_policy import intake_policy
from followup.refusals import FormOfAnother, TextReadBefore
from followup.store import cases, desk_appeals, interview_links, places
from survey import inbox
from survey.ids import Tokens
from survey.interviewing import Finished

__all__ = ["forget_interviews", "register_at_desk", "register_from_survey", "register_text"]


async def register_from_survey(
    conn: asyncpg.Connection, finished: Finished, *, now: datetime, tokens: Tokens
) -> str | None:
    """The number of the new case, once per interview; None without words or consent, or the second time.

    The words are kept without the numbers in them; category, duty, kind and place are a first guess. Which
    interview it was stands in a table of its own, and is forgotten after the days of the policy.
    """
    appeal = finished.appeal
    if appeal is None or finished.interview_id is None:
        return None
    content = finished.answers.get(appeal["words"], (None, None))[1]
    consent = finished.answers.get(appeal["consent"], (None, None))[0]
    if not content or consent != appeal["agreed"]:
        return None
    forget_at = now + timedelta(days=intake_policy().interview_link_days)
    async with conn.transaction():
        if not await interview_links.claim(conn, finished.interview_id, now, forget_at):
            return None
        new = await _new_appeal(conn, finished, finished.interview_id, content)
        registered = await appeals.register(conn, new, by="survey", now=now, tokens=tokens)
        case = await cases.case_by_number(conn, registered.number)
        assert case is not None  # it has just been registered
        await interview_links.link(conn, finished.interview_id, case.id)
    return registered.number


async def register_text(
    conn: asyncpg.Connection, input_id: int, appeal: NewAppeal, *, by: str, now: datetime, tokens: Tokens
) -> Registered:
    """A text of the inbox becomes a case: `appeal` as the person who read it wrote it down, without its sender and its
    words, which are the text's unless they were put better. The text is read with that, and not again.

    Raises TextReadBefore, and what `appeals.register` raises; then the text stays unread.
    """
    async with conn.transaction():
        text = await inbox.take(conn, input_id, by=by, now=now)
        if text is None:
            raise TextReadBefore(text=input_id)
        said = appeal.content.strip() or text.said
        raised = replace(appeal, source="text", person_id=text.person_id, content=said)
        return await appeals.register(conn, raised, by=by, now=now, tokens=tokens)


async def register_at_desk(
    conn: asyncpg.Connection, form: str, appeal: NewAppeal, *, by: str, now: datetime, tokens: Tokens
) -> Registered:
    """An operator writes an appeal down while they speak with the resident. `form`: the token of the form; sent again, it is the
    same case, and nothing else is registered.

    Raises what `appeals.register` raises; then nothing is kept of the form, and it can be sent again.
    """
    async with conn.transaction():
        if not await desk_appeals.claim(conn, form, by, now):
            before = await desk_appeals.case_of(conn, form, by)
            if before is None:
                raise FormOfAnother()
            return Registered(before.number, before.short_number, before.query_code)
        registered = await appeals.register(conn, appeal, by=by, now=now, tokens=tokens)
        case = await cases.case_by_number(conn, registered.number)
        assert case is not None  # it has just been registered
        await desk_appeals.became(conn, form, case.id)
        return registered


async def _new_appeal(
    conn: asyncpg.Connection, finished: Finished, interview_id: int, content: str
) -> NewAppeal:
    return NewAppeal(
        centre_code=finished.centre_code,
        source="outbound",
        person_id=finished.person_id,
        content=content,
        place=await places.area_name(conn, finished.area_code),
        area_code=finished.area_code,
        category=categories().guess(content).code,
        consent=True,
        first_handler=await interview_links.operator_of(conn, interview_id) or THE_CENTRE,
    )


async def forget_interviews(conn: asyncpg.Connection, now: datetime) -> int:
    """Forget which interviews became which cases, where that is due; how many."""
    return await interview_links.forget(conn, now)
