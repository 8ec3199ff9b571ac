"""What followup adds to the live board: red cases, and flagged callbacks that wait for a decision."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from survey.board import Matter, MatterSource

COUNT_RED = """
SELECT count(*)::int FROM followup.case_clock k JOIN followup.case_file f ON f.id = k.case_id
WHERE k.colour = 'red' AND f.centre_code = $1"""

COUNT_FLAGS = """
SELECT count(*)::int AS waiting, count(*) FILTER (WHERE b.decision_due_at < $2)::int AS overdue
FROM followup.callback b JOIN followup.case_file f ON f.id = b.case_id
WHERE b.flagged AND b.decision IS NULL AND f.centre_code = $1"""


def case_matters(centre: str) -> MatterSource:
    """A source for `survey.board.read_board`."""

    async def read(conn: asyncpg.Connection, now: datetime) -> Sequence[Matter]:
        red = await conn.fetchval(COUNT_RED, centre)
        flags = await conn.fetchrow(COUNT_FLAGS, centre, now)
        waiting, overdue = flags["waiting"], flags["overdue"]
        return (
            Matter(
                ("红色事项", "Red cases"), red, "bad" if red else "", ("未办结,已到红色", "open, and red by now"),
                "cases.supervise", "/dispatch",
            ),
            Matter(
                ("标记待决定", "Flags to decide"), waiting, "bad" if overdue else "warn" if waiting else "",
                (f"其中逾时 {overdue:,}", f"{overdue:,} of them overdue"), "cases.decide", "/flags",
            ),
        )  # fmt: skip

    return read
