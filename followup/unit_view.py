"""DOOR: what a unit reads of a case: redacted words, and nobody's name unless the resident gave it for that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from followup import moves, routes
from followup.casework.routing import Viewer
from followup.redaction import redacted
from followup.store import appeals, names
from followup.store.cases import CaseRow
from survey.vault import Vault

__all__ = ["UnitView", "known_names", "view"]

UNIT = "unit"


@dataclass(frozen=True)
class UnitView:
    """A case as a unit gets to see it. `reporter`: the resident's name, where it is not hidden; never a number."""

    number: str
    short_number: str
    category: str
    kind: str
    title: str
    content: str
    place: str
    area_code: str
    occurred_at: datetime | None
    group_size: int
    status: str
    round: int
    due_at: datetime | None
    anonymity: str
    reporter: str | None


async def view(conn: asyncpg.Connection, vault: Vault, number: str, *, unit: str) -> UnitView:
    """The case for one of its units. Raises UnknownCase, NotForTheseEyes."""
    case = await moves.read(conn, number)
    sight = await routes.sight(conn, case, Viewer(UNIT, case.centre_code, unit))
    known = await known_names(conn, vault, case)
    own = [name for name, is_own in known if is_own]
    hidden = [name for name, _ in known]
    appeal = await appeals.appeal_of(conn, case.id)
    return UnitView(
        number=case.number,
        short_number=case.short_number,
        category=case.category,
        kind=case.kind,
        title=redacted(appeal.title if appeal else case.content, hidden),
        content=redacted(case.content, hidden),
        place=redacted(appeal.place, hidden) if appeal else "",
        area_code=case.area_code,
        occurred_at=appeal.occurred_at if appeal else None,
        group_size=appeal.group_size if appeal else 1,
        status=case.status,
        round=case.round,
        due_at=case.due_at,
        anonymity=case.anonymity,
        reporter=own[0] if own and sight.reporter else None,
    )


async def known_names(conn: asyncpg.Connection, vault: Vault, case: CaseRow) -> list[tuple[str, bool]]:
    """The names that must not stand in what a unit reads; whether each is the resident's own."""
    sealed = await names.sealed_names(conn, case.id)
    return [(vault.open(one.name_cipher), one.own) for one in sealed]
