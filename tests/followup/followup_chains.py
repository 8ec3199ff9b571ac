"""Cases with events and nothing else, for tests of their chains."""

from __future__ import annotations

from datetime import datetime, timedelta

import asyncpg
from followup_county import AREAS, CENTRE, VILLAGE, at

from followup.casework.chain import CaseEvent
from followup.store import chain
from followup.store.events import EventRow, insert_events

INSERT_CASE = """
INSERT INTO followup.case_file (number, short_number, query_code, centre_code, source, content, category, duty_no,
    kind, area_code, status, received_at, policy_version)
VALUES ($1, '0001', $1, $2, 'visit', '路灯不亮', '07', 1, 'help', $3, 'registered', $4, 1)
RETURNING id"""

LIFE = (
    ("register", None, "registered"),
    ("accept", "registered", "accepted"),
    ("submit", "accepted", "submitted"),
)


async def lay_case(conn: asyncpg.Connection, number: str, received: datetime = at("9 09:00")) -> int:
    """A case without any event; its id."""
    case_id: int = await conn.fetchval(INSERT_CASE, number, CENTRE, VILLAGE, received)
    return case_id


async def live(conn: asyncpg.Connection, case_id: int, received: datetime = at("9 09:00")) -> None:
    """The case is registered, accepted and submitted, an hour apart."""
    for hour, (event, leaves, reaches) in enumerate(LIFE):
        moment = received + timedelta(hours=hour)
        row = EventRow(case_id, 1, event, leaves, reaches, "审核员-01", None, moment, {"小时": hour})
        async with conn.transaction():
            await conn.execute("UPDATE followup.case_file SET status = $2 WHERE id = $1", case_id, reaches)
            await insert_events(conn, [row])


async def case_with_events(conn: asyncpg.Connection, number: str, received: datetime = at("9 09:00")) -> int:
    """Both; its id."""
    case_id = await lay_case(conn, number, received)
    await live(conn, case_id, received)
    return case_id


async def stored(conn: asyncpg.Connection, case_id: int | None = None) -> list[CaseEvent]:
    """Events as they lie in the table."""
    async with conn.transaction():
        return [event async for some in chain.case_events(conn, case_id) for event in some]


async def lay_county(conn: asyncpg.Connection) -> None:
    """The county without its units, in a database that is older than this program."""
    await conn.executemany(
        "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES ($1, $2, $3, $4, $5)",
        AREAS,
    )
    await conn.execute(
        "INSERT INTO survey.centre (code, area_code, name_zh, short_zh, name_en) VALUES ($1, $1, $2, $2, $3)",
        CENTRE,
        "遂澜县社情民意调查中心",
        "Suilan Survey Centre",
    )
