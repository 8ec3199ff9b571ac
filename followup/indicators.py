"""The one door to indicators: pages, files, commands and the API read their figures here. Reads only.

What residents were asked in surveys comes from the counted answers (`survey.indicator_reading`), what cases tell from the cases;
both become one table by the same definitions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import numpy as np

from followup.store import indicator_counts
from followup.store.indicator_counts import CaseCode
from survey import indicator_reading
from survey.indicator_reading import Ground, Wanted
from survey.statistics.indicator_estimates import CodeCounts
from survey.statistics.indicator_table import IndicatorTable, make_table
from survey.statistics.table_frame import Frame
from survey.store import rollup
from survey.store.rollup import Pending

OF_CASES = ("callback", "handling")
"""Sources that are no questionnaire of a survey."""


@dataclass(frozen=True)
class IndicatorReport:
    """A table with all that is printed around it. `pending`: what the counted answers did not hold yet at `as_of`."""

    wanted: Wanted
    ground: Ground
    table: IndicatorTable
    as_of: datetime
    pending: Pending


async def read_indicators(conn: asyncpg.Connection, wanted: Wanted, now: datetime) -> IndicatorReport:
    """All figures of one moment. Raises IndicatorError for what is not there, and for answers that a definition does not know."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        ground = await indicator_reading.ground_of(conn, wanted)
        counts = await indicator_reading.survey_counts(conn, ground)
        if wanted.campaign is None:
            counts |= await _case_counts(conn, ground, now)
        table = make_table(ground.policy, ground.definitions, ground.frame.cells, counts, quota=ground.quota)
        return IndicatorReport(wanted, ground, table, now, await rollup.pending(conn))


async def _case_counts(conn: asyncpg.Connection, ground: Ground, now: datetime) -> dict[str, CodeCounts]:
    wanted = [one.of for one in ground.policy.of_codes(ground.definitions) if one.source in OF_CASES]
    if not wanted:
        return {}
    frame = ground.frame
    rows = await indicator_counts.codes(conn, ground.centre.code, frame.first, frame.last, now, wanted)
    found: dict[str, list[CaseCode]] = {}
    for row in rows:
        found.setdefault(f"{row.source}.{row.question}", []).append(row)
    return {of: _counts(own, frame) for of, own in found.items()}


def _counts(rows: Sequence[CaseCode], frame: Frame) -> CodeCounts:
    codes = sorted({row.code for row in rows})
    ones = np.ones(len(rows))
    areas = frame.area_places(row.area_code for row in rows)
    days = [frame.span_place(row.day) for row in rows]
    return CodeCounts(
        codes,
        np.array(days) * frame.areas_a_span + np.array(areas),
        np.searchsorted(codes, [row.code for row in rows]),
        ones,
        ones,
        ones,
        np.unique([row.whose for row in rows], return_inverse=True)[1].reshape(-1),
    )
