"""Draws in their order, the list as it was at any moment, and what a draw has become."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

NEXT_DRAW = """
SELECT pg_advisory_xact_lock(hashtext('draw ' || $1)), nextval('survey.draw_number') AS number"""


async def begin_draw(conn: Any, centre: str) -> int:
    """The number of a new draw. Until the transaction ends nobody else draws from this centre's list."""
    row = await conn.fetchrow(NEXT_DRAW, centre)
    number: int = row["number"]
    return number


SELECT_FRAME = """
SELECT f.person_id, f.area_code, substr(f.area_code, 1, 9) AS stratum, p.prn, p.birth_year, f.attributes
FROM survey.frame_entry f
JOIN survey.import_batch b ON b.id = f.batch_id AND b.imported_at <= $4
JOIN survey.person p ON p.id = f.person_id
WHERE f.centre_code = $1 AND (p.unlinked_at IS NULL OR p.unlinked_at > $4)
  AND (cardinality($3::text[]) = 0 OR EXISTS (SELECT FROM unnest($3::text[]) AS w(area) WHERE starts_with(f.area_code, w.area)))
  AND NOT EXISTS (SELECT FROM survey.opt_out o
                  WHERE o.person_id = p.id AND o.scope IN ('survey', 'all', 'text_channel') AND o.said_at <= $4)
  AND NOT EXISTS (SELECT FROM survey.sample_unit u
                  JOIN survey.campaign c ON c.id = u.campaign_id AND c.purpose = 'survey'
                  WHERE u.person_id = p.id AND u.released_at > $2 AND u.released_at <= $4
                    AND coalesce(c.draw_number, 0) < $5)
  AND NOT EXISTS (SELECT FROM survey.drawn_unit d JOIN survey.campaign c ON c.id = d.campaign_id
                  WHERE d.person_id = p.id AND (d.released_at IS NULL OR d.released_at > $4) AND c.draw_number < $5
                    AND NOT EXISTS (SELECT FROM survey.campaign_event e
                                    WHERE e.campaign_id = c.id AND e.to_status = 'closed' AND e.at <= $4))
ORDER BY p.prn, p.id"""

COUNT_FRAME = "SELECT count(*)::int FROM (" + SELECT_FRAME + ") who"  # noqa: S608 - both parts are ours


@dataclass(frozen=True)
class FrameRow:
    """A person who may be drawn. `stratum` is the township's nine digits."""

    person_id: int
    area_code: str
    stratum: str
    prn: float
    birth_year: int | None
    attributes: dict[str, str]


async def frame(
    conn: Any, centre: str, rested_since: datetime, areas: Sequence[str], at: datetime, number: int
) -> list[FrameRow]:
    """Everybody who was on the list at `at`, wanted to be asked, was in no sample since `rested_since`, and had not been drawn
    for a campaign under way by a draw before this `number`. `areas`: codes or their beginnings; none: everywhere."""
    rows = await conn.fetch(SELECT_FRAME, centre, rested_since, list(areas), at, number)
    return [FrameRow(**row) for row in rows]


async def frame_size(
    conn: Any, centre: str, rested_since: datetime, areas: Sequence[str], at: datetime
) -> int:
    """How many people a draw at `at` could take."""
    size: int = await conn.fetchval(COUNT_FRAME, centre, rested_since, list(areas), at, 2**62)
    return size


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
