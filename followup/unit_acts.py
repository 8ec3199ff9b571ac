"""DOOR: what a unit does at a desk of its own, by an account (`followup.unit_accounts`).

It opens no other way into a case: each act is the verb of `followup.cases` that a link and a workbook use, with the unit as
the actor, and beside it a row that says who of the unit acted.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import asyncpg

from followup import bridging, cases, relaying, showing, suspecting
from followup.cases import Contact, Reported
from followup.refusals import UnknownCase
from followup.store import unit_accounts
from followup.unit_desk import LEAD, Seat, own_case, policy
from survey.ids import Tokens

T = TypeVar("T")


async def sign(conn: asyncpg.Connection, seat: Seat, number: str, *, now: datetime) -> None:
    """The unit signs (签收). Raises UnknownCase, and what `cases.sign` raises."""
    await _act(conn, seat, number, "sign", lambda: cases.sign(conn, number, by=seat.unit.code, now=now), now)


async def give_back(
    conn: asyncpg.Connection, seat: Seat, number: str, *, reason: str, suggested: str, now: datetime
) -> None:
    """The unit returns the case (退单). Raises UnknownCase, and what `cases.give_back` raises."""

    async def work() -> None:
        await cases.give_back(conn, number, by=seat.unit.code, reason=reason, suggested=suggested, now=now)

    await _act(conn, seat, number, "return", work, now)


async def ask_time(
    conn: asyncpg.Connection, seat: Seat, number: str, *, reason: str, days: int | None, now: datetime
) -> None:
    """The unit asks for more time (申请延期). Raises UnknownCase, and what `cases.ask_extension` raises."""

    async def work() -> None:
        await cases.ask_extension(conn, number, by=seat.unit.code, reason=reason, days=days, now=now)

    await _act(conn, seat, number, "ask_time", work, now)


async def make_plan(
    conn: asyncpg.Connection, seat: Seat, number: str, *, leader: str, plan: str, now: datetime
) -> None:
    """The unit names its leader and its plan (一案一策). Raises UnknownCase, and what `cases.make_plan` raises."""

    async def work() -> None:
        await cases.make_plan(conn, number, leader=leader, plan=plan, by=seat.unit.code, now=now)

    await _act(conn, seat, number, "plan", work, now, led=True)


async def file_part(conn: asyncpg.Connection, seat: Seat, number: str, *, words: str, now: datetime) -> None:
    """The assisting unit files its part. Raises UnknownCase, and what `cases.file_part` raises."""

    async def work() -> None:
        await cases.file_part(conn, number, by=seat.unit.code, words=words, now=now)

    await _act(conn, seat, number, "part", work, now)


async def report(
    conn: asyncpg.Connection,
    seat: Seat,
    number: str,
    *,
    summary: str,
    actions: str | None,
    contact: Contact | None,
    resident_view: str | None,
    parts_overridden: str | None,
    now: datetime,
) -> Reported:
    """The unit reports the result (反馈). Raises UnknownCase, and what `cases.report_result` raises."""

    async def work() -> Reported:
        round_ = (await own_case(conn, seat, number)).round
        shown = [one for one in await showing.of_case(conn, number) if one.round == round_]
        return await cases.report_result(
            conn,
            number,
            by=seat.unit.code,
            summary=summary,
            actions=actions,
            contact=contact,
            resident_view=resident_view,
            evidence=[f"照片{len(shown)}张 {len(shown)} pictures"] if shown else (),
            parts_overridden=parts_overridden,
            now=now,
        )

    return await _act(conn, seat, number, "report", work, now)


async def add_picture(
    conn: asyncpg.Connection, seat: Seat, number: str, *, data: bytes, now: datetime, tokens: Tokens
) -> None:
    """A picture of what was done. Raises UnknownCase, and what `showing.add` raises."""
    rules = policy()

    async def work() -> None:
        await showing.add(
            conn, number, unit=seat.unit.code, data=data, most=rules.pictures, most_bytes=rules.picture_bytes, now=now,
            tokens=tokens,
        )  # fmt: skip

    await _act(conn, seat, number, "picture", work, now)


async def call(conn: asyncpg.Connection, seat: Seat, number: str, *, now: datetime, tokens: Tokens) -> None:
    """The unit asks for a masked call to the resident. Raises UnknownCase, and what `bridging.call` raises."""

    async def work() -> None:
        await bridging.call(conn, number, unit=seat.unit.code, now=now, tokens=tokens)

    await _act(conn, seat, number, "call", work, now)


async def ask_through_centre(
    conn: asyncpg.Connection, seat: Seat, number: str, *, question: str, now: datetime
) -> None:
    """The unit asks the resident through the centre (转问). Raises UnknownCase, and what `relaying.ask` raises."""

    async def work() -> None:
        await relaying.ask(conn, number, unit=seat.unit.code, question=question, now=now)

    await _act(conn, seat, number, "relay", work, now)


async def answer_doubt(
    conn: asyncpg.Connection, seat: Seat, number: str, *, words: str, now: datetime
) -> None:
    """The unit's word on a closing in doubt (申辩). Raises UnknownCase, and what `suspecting.answer` raises."""

    async def work() -> None:
        await suspecting.answer(conn, number, by=seat.unit.code, words=words, now=now)

    await _act(conn, seat, number, "answer", work, now)


async def _act(
    conn: asyncpg.Connection,
    seat: Seat,
    number: str,
    act: str,
    work: Callable[[], Awaitable[T]],
    now: datetime,
    *,
    led: bool = False,
) -> T:
    """Only in a case of the unit's own, and with who did it. `led`: only as the lead, where the verb does not ask."""
    async with conn.transaction():
        own = await own_case(conn, seat, number)
        if led and own.role != LEAD:
            raise UnknownCase(number=number)
        done = await work()
        await unit_accounts.acted(conn, seat.account_id, seat.unit.code, own.id, own.round, act, now)
        return done
