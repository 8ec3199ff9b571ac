"""Draws in their order, their records, and what a draw has become."""

from typing import Any

ALONE = """
SELECT pg_advisory_xact_lock(hashtext('draw ' || $1)), set_config('work_mem', $2, true)"""
MEMORY = "256MB"
"""Of the database, while a draw lasts: so that whoever is left out fits in. A bound of the machine, no policy: some 8 million."""


async def alone(conn: Any, centre: str) -> None:
    """Until the transaction ends nobody else draws from this centre's list, and there is room for it."""
    await conn.execute(ALONE, centre, MEMORY)


NEXT_DRAW = """
SELECT nextval('survey.draw_number') AS number"""


async def begin_draw(conn: Any, centre: str) -> int:
    """The number of a new draw, alone with the centre's list."""
    await alone(conn, centre)
    number: int = await conn.fetchval(NEXT_DRAW)
    return number


SELECT_DRAW = """
SELECT c.centre_code, c.draw FROM survey.campaign c WHERE c.centre_code = $1 AND c.code = $2"""


async def record(conn: Any, centre: str, code: str) -> dict[str, Any] | None:
    """By what a campaign's sample was drawn; None: there is no such campaign."""
    row = await conn.fetchrow(SELECT_DRAW, centre, code)
    return None if row is None else dict(row["draw"])


SELECT_TAKEN = """
SELECT d.person_id FROM survey.drawn_unit d JOIN survey.campaign c ON c.id = d.campaign_id WHERE c.draw_number = $1
UNION
SELECT u.person_id FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id
WHERE c.draw_number = $1 AND c.document IS NULL"""


async def taken(conn: Any, number: int) -> set[int]:
    """Who stands in the sample of this draw today."""
    return {row["person_id"] for row in await conn.fetch(SELECT_TAKEN, number)}


KEEP_DRAW = """
UPDATE survey.campaign SET draw = $2, draw_number = $3 WHERE id = $1"""


async def keep(conn: Any, campaign: int, record: dict[str, Any], number: int) -> None:
    """By what the sample was drawn, so that it can be drawn again."""
    await conn.execute(KEEP_DRAW, campaign, record, number)
