"""A settled dispute that has recurred becomes a case of its own, linked to the old one, if the resident wants it."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from followup import appeals, moves, revisiting
from followup.appeal_form import NewAppeal, SafeContact
from followup.refusals import NotAskedFor
from followup.store import appeals as appeal_rows
from followup.store.cases import CaseRow
from followup.store.revisits import RecurredRevisit
from survey.ids import Tokens

__all__ = ["follow_up"]

WANTED = ("V4", "C7")
YES = "1"
TITLE = 40  # characters of the old matter's words that stand in the new one's title


async def follow_up(
    conn: asyncpg.Connection,
    number: str,
    *,
    decision: str,
    by: str,
    reason: str,
    now: datetime,
    tokens: Tokens,
) -> str | None:
    """What a supervisor does about it, once: `new_case`, whose number is returned, or `noted`.

    Raises what `revisiting.follow_up` raises, and NotAskedFor where the resident does not want it sent out again.
    """
    made: list[str] = []

    async def register(case: CaseRow, heard: RecurredRevisit) -> int:
        if not any((heard.answers or {}).get(one, [None])[0] == YES for one in WANTED):
            raise NotAskedFor(number=number)
        new = await appeals.register(
            conn, await _appeal(conn, case, heard.words or reason, by), by=by, now=now, tokens=tokens
        )
        made.append(new.number)
        new_id = (await moves.read(conn, new.number)).id
        await appeal_rows.link_repeat(conn, new_id, case.id)
        return new_id

    await revisiting.follow_up(
        conn,
        number,
        decision=decision,
        by=by,
        reason=reason,
        now=now,
        register=register if decision == "new_case" else None,
    )
    return made[0] if made else None


async def _appeal(conn: asyncpg.Connection, case: CaseRow, words: str, by: str) -> NewAppeal:
    """The matter as it is now: where and of what kind it was, with the way of contact that was safe then."""
    old = await appeal_rows.appeal_of(conn, case.id)
    safe = (
        SafeContact(old.no_texts, old.contact_from, old.contact_until, old.trusted_person_id)
        if old
        else SafeContact()
    )
    return NewAppeal(
        centre_code=case.centre_code,
        source="outbound",
        person_id=case.person_id,
        content=words,
        title=f"复发:{(old.title if old else case.content)[:TITLE]}",
        place=old.place if old else case.content,
        area_code=case.area_code,
        category=case.category,
        anonymity=case.anonymity,
        criticised_unit=case.criticised_unit,
        consent=True,
        contact=safe,
        first_handler=by,
    )
