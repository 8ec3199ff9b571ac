"""Cases with events and nothing else, for tests of their chains; and what is found once a row was changed."""

from __future__ import annotations

from datetime import datetime, timedelta

import asyncpg
from followup_county import AREAS, CENTRE, VILLAGE, at

from followup import chain_check
from followup.casework.chain import CaseEvent
from followup.chain_check import Located
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


OTHER_VALUE = {
    "text": "coalesce({0}, '') || '改'",
    "integer": "coalesce({0}, 0) + 1000",
    "bigint": "{0} + 1000",
    "bytea": "set_byte({0}, 7, (get_byte({0}, 7) + 1) % 256)",
    "timestamp with time zone": "{0} + interval '1 microsecond'",
    "date": "coalesce({0}, date '2026-03-09') + 1000",
    "jsonb": """coalesce({0}, '{{}}') || '{{"改": 1}}'""",
}
"""One changed byte, or as little as the type allows."""


async def faults(conn: asyncpg.Connection) -> list[str]:
    """What is found, the first altered row first: table, row, subject, place, kind, the day it was last seen unaltered."""
    return [short(one) for one in (await chain_check.check(conn)).faults]


def short(one: Located) -> str:
    """A fault in a line: table, row, subject, place, kind, the day it was last seen unaltered."""
    fault, day = one.fault, one.sealed.day if one.sealed else "unsealed"
    place = f"{fault.from_seq}-{fault.seq}" if fault.from_seq else str(fault.seq)
    return f"{fault.table} {fault.row} {fault.subject} #{place} {fault.kind} {day}"


async def columns(conn: asyncpg.Connection, table: str) -> dict[str, str]:
    """Of a table of followup, with their types."""
    rows = await conn.fetch(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'followup' AND table_name = $1",
        table,
    )
    return {row["column_name"]: row["data_type"] for row in rows}


async def alter_each(conn: asyncpg.Connection, table: str, where: str) -> dict[str, list[str]]:
    """Change one column after the other of the row `where`, and put it back; what is found each time."""
    found = {}
    for column, kind in (await columns(conn, table)).items():
        place, old = await conn.fetchrow(f"SELECT ctid, {column} FROM followup.{table} WHERE {where}")
        new = OTHER_VALUE[kind].format(column)
        place = await conn.fetchval(
            f"UPDATE followup.{table} SET {column} = {new} WHERE ctid = $1 RETURNING ctid", place
        )
        found[column] = await faults(conn)
        await conn.execute(f"UPDATE followup.{table} SET {column} = $1 WHERE ctid = $2", old, place)
    assert await faults(conn) == []
    return found
