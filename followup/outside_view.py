"""What another system may know of a case: the rules of `routes`, asked for a centre's or a unit's own system."""

from __future__ import annotations

import asyncpg

from followup import moves, routes
from followup.casework.routing import Viewer
from followup.redaction import redacted
from followup.refusals import NotForTheseEyes, UnknownCase
from followup.store.cases import CaseRow
from followup.unit_view import known_names
from survey.vault import Vault


async def visible(
    conn: asyncpg.Connection, number: str, centre_code: str, unit_code: str | None
) -> CaseRow | None:
    """The case, if a system of this centre, or of this unit in it, may know that it is there."""
    viewer = Viewer("unit" if unit_code else "centre", centre_code, unit_code)
    try:
        case = await moves.read(conn, number)
        await routes.sight(conn, case, viewer)
    except (UnknownCase, NotForTheseEyes):
        return None
    return case


async def words(conn: asyncpg.Connection, vault: Vault, case: CaseRow) -> str | None:
    """What was raised, as units read it. None where nobody may learn who raised it: words can tell that."""
    matter = await routes.matter_of(conn, case)
    if case.anonymity != "named" or matter.about_official:
        return None
    return redacted(case.content, [name for name, _ in await known_names(conn, vault, case)])
