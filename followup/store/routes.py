"""What decides where a case may never go: whom it criticises, and which unit belongs to which."""

from __future__ import annotations

from dataclasses import dataclass

import asyncpg


@dataclass(frozen=True)
class RouteFacts:
    """Facts of a case for `casework.routing`. `parents`: each unit of the centre to the one it belongs to."""

    criticised_centre: bool
    parents: dict[str, str | None]


SELECT_ROUTE_FACTS = """
SELECT coalesce((SELECT a.criticised_centre FROM followup.appeal AS a WHERE a.case_id = c.id), false)
        AS criticised_centre,
    coalesce((SELECT jsonb_object_agg(u.code, u.parent_code) FROM followup.unit AS u
              WHERE u.centre_code = c.centre_code), '{}') AS parents
FROM followup.case_file AS c WHERE c.id = $1"""


async def route_facts(conn: asyncpg.Connection, case_id: int) -> RouteFacts:
    """What decides where a case may never go."""
    return RouteFacts(**await conn.fetchrow(SELECT_ROUTE_FACTS, case_id))
