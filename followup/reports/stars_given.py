"""The stars that an issued summary has given, read back from the text that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from followup.reports.document.body import document_of
from followup.reports.document.figures import Words
from followup.store import issued_reports

KIND = "monthly"
STAR, MOVED, NAME = ".star", ".moved", ".name"
"""What the keys of figures end with that say the star of a place, how far it moved, and what the place is called."""


@dataclass(frozen=True)
class PlaceGiven:
    """`moved`: stars since the summary before; None: the place had none."""

    area: str
    zh: str
    en: str
    stars: int
    moved: int | None


@dataclass(frozen=True)
class Given:
    """All places with a star, in the order of their codes, and the number of the summary."""

    number: str
    places: Sequence[PlaceGiven]


def places_in(body: str) -> list[PlaceGiven]:
    """Every place that has a star in a summary, given as the text that is kept."""
    figures, found = document_of(body).figures, []
    for key, one in sorted(figures.items()):
        if key.endswith(STAR) and one.value is not None:
            area = key.removesuffix(STAR)
            name: Words | None = figures[f"{area}{NAME}"].words
            moved = figures[f"{area}{MOVED}"].value
            assert name is not None  # a name is words
            found.append(
                PlaceGiven(area, name.zh, name.en, int(one.value), None if moved is None else int(moved))
            )
    return found


async def last_given(conn: asyncpg.Connection, centre_code: str) -> Given | None:
    """By the last summary of a centre; None: none was issued yet."""
    row = await issued_reports.last_of(conn, centre_code, KIND)
    return None if row is None else Given(row.number, places_in(row.body))
