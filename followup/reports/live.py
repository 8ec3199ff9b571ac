"""What followup adds to the page of the day: decisions that wait for a person, and notices that did not arrive."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from followup.store import notices
from survey.web.shell import Tile, TileSource

COUNT_WAITING = """
SELECT count(*) FILTER (WHERE b.flagged AND b.decision IS NULL)::int AS waiting,
       count(*) FILTER (WHERE b.flagged AND b.decision IS NULL AND b.decision_due_at < $2)::int AS overdue,
       count(*) FILTER (WHERE b.status = 'pending')::int AS pending
FROM followup.callback b JOIN followup.case_file c ON c.id = b.case_id
WHERE c.centre_code = $1 AND (b.flagged AND b.decision IS NULL OR b.status = 'pending')"""


def flag_tiles(centre_code: str) -> TileSource:
    """A source of tiles for `day_routes`: flagged callbacks without a decision, callbacks still owed."""

    async def read(conn: asyncpg.Connection, now: datetime) -> Sequence[Tile]:
        row = await conn.fetchrow(COUNT_WAITING, centre_code, now)
        waiting, overdue, pending = row["waiting"], row["overdue"], row["pending"]
        return (
            Tile(
                "标记待决定",
                "Flags to decide",
                waiting,
                "bad" if overdue else "warn" if waiting else "",
                f"逾时 {overdue:,}",
                f"{overdue:,} overdue",
            ),
            Tile("待回访", "Callbacks owed", pending, "", "", ""),
        )

    return read


def notice_tiles(centre_code: str) -> TileSource:
    """A source of tiles for `day_routes`: notices that a person has to tell, or that nobody acknowledged in time. No
    tile where there are none."""

    async def read(conn: asyncpg.Connection, now: datetime) -> Sequence[Tile]:
        undelivered, late = await notices.count_stuck(conn, centre_code, now)
        if not undelivered and not late:
            return ()
        return (
            Tile(
                "通知未送达",
                "Notices to tell",
                undelivered,
                "bad" if undelivered else "warn",
                f"逾期未签收 {late:,}",
                f"{late:,} not acknowledged",
            ),
        )

    return read
