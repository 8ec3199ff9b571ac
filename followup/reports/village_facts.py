"""What the village sheet is made of, read at one moment: the matters of a period, and of the one before at the same age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from followup.reports.callback_rows import CentreNames, centre_names
from followup.store import villages
from followup.store.villages import VillageCase
from survey.periods import Period, preceding


@dataclass(frozen=True)
class VillageFacts:
    """`before`: matters of the period before, as they stood as long after its beginning as the cut-off is after that
    of this one."""

    centre: CentreNames
    period: Period
    cut_off: datetime
    cases: Sequence[VillageCase]
    before: Sequence[VillageCase]


async def read_village_facts(
    conn: asyncpg.Connection, centre_code: str, period: Period, cut_off: datetime
) -> VillageFacts:
    """Raises LookupError for an unknown centre."""
    earlier = preceding(period)
    then = cut_off - (period.last - earlier.last)
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        return VillageFacts(
            await centre_names(conn, centre_code),
            period,
            cut_off,
            await villages.village_cases(conn, centre_code, period, cut_off),
            await villages.village_cases(conn, centre_code, earlier, then),
        )
