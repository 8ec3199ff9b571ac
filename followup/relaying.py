"""DOOR: a unit asks a resident whom it must not know, through the centre (转问).

The unit asks, the centre approves and may put it in other words, somebody of the centre asks the resident, and
the unit reads the answer without what leads to a person. Each step is an event of the case; none moves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg

from followup import moves, telling
from followup.redaction import redacted
from followup.refusals import NobodyToAsk, NotItsCase, RelayElsewhere
from followup.store import assignments, relays
from followup.store.cases import CaseRow
from followup.store.events import EventRow, insert_events
from followup.store.relays import RelayRow
from followup.unit_view import known_names
from survey.masking import without_numbers
from survey.vault import Vault

__all__ = ["RelayRow", "approve", "ask", "keep_answer", "relays_of", "turn_down"]

ASK, APPROVE, TURN_DOWN, ANSWER = "relay_ask", "relay_approve", "relay_turn_down", "relay_answer"


async def ask(conn: asyncpg.Connection, number: str, *, unit: str, question: str, now: datetime) -> int:
    """A unit that has the case asks; the question's serial, from 1.

    Raises NotItsCase, NobodyToAsk for an anonymous case, ReasonMissing for an empty question, UnknownCase.
    """
    async with conn.transaction():
        case = await moves.read_still(conn, number)
        words = redacted(moves.reason_in_words(case, ASK, question))
        if unit not in await _units(conn, case):
            raise NotItsCase(number=number, round=case.round, unit=unit)
        if case.person_id is None:
            raise NobodyToAsk(number=number)
        serial = await relays.insert_relay(conn, case.id, case.round, unit, words, now)
        await _event(conn, case, ASK, unit, words, now, {"relay": serial})
        await telling.post(conn, case, "supervisor", "relay_asked", once=str(serial), now=now)
        return serial


async def approve(
    conn: asyncpg.Connection, number: str, serial: int, *, by: str, now: datetime, put_as: str = ""
) -> None:
    """The centre will ask it, in the unit's words or in its own. Raises RelayElsewhere, UnknownCase."""
    async with conn.transaction():
        case = await moves.read_still(conn, number)
        question = next(
            (one.question for one in await relays.relays_of(conn, case.id) if one.serial == serial), ""
        )
        words = " ".join(put_as.split()) or question
        if not words or await relays.decide(conn, case.id, serial, by, now, put_as=words) is None:
            raise RelayElsewhere(number=number, serial=serial, step="the centre's word")
        await _event(conn, case, APPROVE, by, words, now, {"relay": serial})


async def turn_down(
    conn: asyncpg.Connection, number: str, serial: int, *, by: str, reason: str, now: datetime
) -> None:
    """The centre does not ask it, and tells the unit why. Raises RelayElsewhere, ReasonMissing, UnknownCase."""
    async with conn.transaction():
        case = await moves.read_still(conn, number)
        words = moves.reason_in_words(case, TURN_DOWN, reason)
        unit = await relays.decide(conn, case.id, serial, by, now, refused_why=words)
        if unit is None:
            raise RelayElsewhere(number=number, serial=serial, step="the centre's word")
        await _event(conn, case, TURN_DOWN, by, words, now, {"relay": serial})
        await telling.unit(
            conn, case, unit, "relay_turned_down", once=str(serial), now=now, reason=redacted(words)
        )


async def keep_answer(
    conn: asyncpg.Connection, vault: Vault, number: str, serial: int, *, words: str, by: str, now: datetime
) -> str:
    """Somebody of the centre has asked the resident; what the unit reads of the answer.

    Raises RelayElsewhere, ReasonMissing for an empty answer, UnknownCase.
    """
    async with conn.transaction():
        case = await moves.read_still(conn, number)
        said = without_numbers(moves.reason_in_words(case, ANSWER, words))
        passed = redacted(said, [name for name, _ in await known_names(conn, vault, case)])
        unit = await relays.answer(conn, case.id, serial, said, passed, by, now)
        if unit is None:
            raise RelayElsewhere(number=number, serial=serial, step="the resident's answer")
        await _event(conn, case, ANSWER, by, passed, now, {"relay": serial})
        await telling.unit(conn, case, unit, "relay_answered", once=str(serial), now=now, answer=passed)
        return passed


async def relays_of(conn: asyncpg.Connection, number: str) -> list[RelayRow]:
    """All questions about a case, for the centre: the answers as they were said. Raises UnknownCase."""
    case = await moves.read(conn, number)
    return await relays.relays_of(conn, case.id)


async def _units(conn: asyncpg.Connection, case: CaseRow) -> set[str]:
    """Units that have the case in this round."""
    return {
        one.unit_code
        for one in await assignments.assignments_of(conn, case.id)
        if one.round == case.round and one.role != "former"
    }


async def _event(
    conn: asyncpg.Connection,
    case: CaseRow,
    event: str,
    by: str,
    words: str,
    at: datetime,
    detail: Mapping[str, Any],
) -> None:
    row = EventRow(case.id, case.round, event, case.status, case.status, by, words, at, dict(detail))
    await insert_events(conn, [row])
