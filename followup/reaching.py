"""Through whom, by which modes, when and by whom not the resident of a case is asked: what is safe goes before what is usual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

import asyncpg

from followup.store.reaching import ReachRow, reach_row

NO_TEXTS = ("voice",)
BY_PERSON = ("operator",)


@dataclass(frozen=True)
class Reach:
    """As `survey.fielding.put_in` takes it. `person_id` None: nobody can be asked. `spoken_for`: it is somebody whom the resident
    trusts, in their place; they are asked whether they are that one."""

    person_id: int | None
    modes: Sequence[str] | None
    hours: Mapping[str, Any] | None
    not_by: str | None
    spoken_for: bool

    @property
    def facts(self) -> Mapping[str, str]:
        """What the dialogue has to know of it."""
        return {"spoken_for": "yes"} if self.spoken_for else {}


async def reach_of(conn: asyncpg.Connection, case_id: int) -> Reach:
    """How the resident of a case may be reached.

    A trusted person in the resident's place is only ever spoken to by a person. Whoever took the appeal in (首问) does not ask
    whether it was done well.
    """
    row = await reach_row(conn, case_id)
    modes = BY_PERSON if row.by_trusted else NO_TEXTS if row.no_texts else None
    return Reach(row.person_id, modes, _hours(row), staff_number(row.first_handler), bool(row.by_trusted))


def staff_number(handler: str | None) -> str | None:
    """The number by which operators know a member of staff: of 调查员-1021 it is 1021."""
    return handler.rpartition("-")[2] if handler else None


def _hours(row: ReachRow) -> Mapping[str, Any] | None:
    if row.contact_from is None or row.contact_until is None:
        return None
    return {"windows": [f"{_clock(row.contact_from)}-{_clock(row.contact_until)}"], "weekdays": []}


def _clock(moment: time) -> str:
    return f"{moment:%H:%M}"
