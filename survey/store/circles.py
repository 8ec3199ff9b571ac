"""Where the next draw of each township begins."""

from collections.abc import Mapping
from typing import Any

SELECT_POINTERS = """
SELECT stratum, pointer FROM survey.circle WHERE centre_code = $1"""


async def pointers(conn: Any, centre: str) -> dict[str, float]:
    """Where the draws of this centre have left off, by township."""
    return {row["stratum"]: row["pointer"] for row in await conn.fetch(SELECT_POINTERS, centre)}


MOVE_POINTERS = """
INSERT INTO survey.circle (centre_code, stratum, pointer)
SELECT $1, t.stratum, t.pointer FROM unnest($2::text[], $3::float8[]) AS t(stratum, pointer)
ON CONFLICT (centre_code, stratum) DO UPDATE SET pointer = excluded.pointer"""


async def move_pointers(conn: Any, centre: str, pointers: Mapping[str, float]) -> None:
    """The next draw of these townships begins there."""
    await conn.execute(MOVE_POINTERS, centre, list(pointers), list(pointers.values()))
