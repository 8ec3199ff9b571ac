"""Indicators of what residents were asked, read from the counted answers: definitions in force, counts by cell. Reads only.

What is read here is not for printing: `survey.statistics.indicator_table` makes the table of it, without what nobody may see.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any, Final

import numpy as np
from pydantic import ValidationError

from survey.statistics.indicator_definitions import (
    Composite,
    IndicatorError,
    Indicators,
    Mean,
    Share,
    shipped_indicators,
)
from survey.statistics.indicator_estimates import CodeCounts
from survey.statistics.indicator_table import ELSEWHERE
from survey.statistics.table_frame import Frame, Span
from survey.store import counted, policies
from survey.store.counted import AreaRow, CentreRow, CountsRow

KEY: Final = "indicators"
OFFICIAL: Final = ("daily", "wave")
"""Kinds of campaigns that are counted together; a poll is read by its own code."""


@dataclass(frozen=True)
class Wanted:
    """What a table is to show. `span`: one row per day, week or month; `level`: of the areas that have a row; `campaign`: this
    one alone, instead of the daily surveys and the waves; `indicators`: these, or all."""

    centre: str
    first: date
    last: date
    span: Span | None = None
    level: str | None = None
    campaign: str | None = None
    indicators: Collection[str] = ()


@dataclass(frozen=True)
class Ground:
    """What a table stands on: its centre, the areas of its rows, its cells, the definitions, and whether there were quotas."""

    centre: CentreRow
    areas: Sequence[AreaRow]
    frame: Frame
    policy: Indicators
    definitions: Sequence[Share | Mean | Composite]
    campaigns: Mapping[str, Sequence[int]]
    quota: bool

    @cached_property
    def names(self) -> Mapping[str, tuple[str, str]]:
        """{area: its names}, Chinese first."""
        return {area.code: (area.name_zh, area.name_en) for area in self.areas}


async def ground_of(conn: Any, wanted: Wanted) -> Ground:
    """Raises IndicatorError for a centre, a campaign or an indicator that is not there, and for a period that ends before it
    begins."""
    centre = await counted.centre(conn, wanted.centre)
    if centre is None:
        raise IndicatorError(f"there is no centre {wanted.centre}; its code is the one of its county")
    if wanted.last < wanted.first:
        raise IndicatorError(f"the period ends on {wanted.last}, before it begins on {wanted.first}")
    areas = await counted.areas(conn, centre.area_code, wanted.level) if wanted.level else []
    if wanted.level and not areas:
        raise IndicatorError(f"centre {wanted.centre} has no areas of level {wanted.level}")
    policy = await in_force(conn, wanted.centre, wanted.last)
    definitions = policy.named(wanted.indicators)
    frame = Frame(
        wanted.first,
        wanted.last,
        wanted.span,
        [area.code for area in areas] if wanted.level else None,
        centre.area_code + ELSEWHERE,
    )
    campaigns, quota = await _campaigns(conn, wanted, {one.source for one in policy.of_codes(definitions)})
    return Ground(centre, areas, frame, policy, definitions, campaigns, quota)


async def in_force(conn: Any, centre: str, day: date) -> Indicators:
    """The definitions of a centre on a day; the packaged ones where the database has no row. Raises IndicatorError for a row
    that is none."""
    row = await policies.in_force(conn, KEY, centre, day)
    if row is None:
        return shipped_indicators()
    try:
        return Indicators.model_validate(row.body)
    except ValidationError as error:
        why = "; ".join(str(one["msg"]) for one in error.errors())
        raise IndicatorError(
            f"policy {KEY}, version {row.version}, of centre {centre} is refused: {why}"
        ) from None


async def _campaigns(
    conn: Any, wanted: Wanted, sources: Collection[str]
) -> tuple[Mapping[str, Sequence[int]], bool]:
    """{questionnaire: campaigns}, and whether any of them has quotas."""
    rows = await counted.campaigns(conn, wanted.centre, sorted(sources))
    if wanted.campaign is None:
        rows = [row for row in rows if row.kind in OFFICIAL]
    elif not (rows := [row for row in rows if row.code == wanted.campaign]):
        raise IndicatorError(
            f"centre {wanted.centre} has no campaign {wanted.campaign} that asks what these indicators are of; "
            "`minyi campaign list` shows them"
        )
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.questionnaire, []).append(row.id)
    return found, any(row.quota for row in rows)


async def survey_counts(conn: Any, ground: Ground) -> dict[str, CodeCounts]:
    """{"perception.Q1": counts by cell} of everything that was asked in surveys."""
    found: dict[str, CodeCounts] = {}
    asked: dict[str, set[str]] = {}
    for one in ground.policy.of_codes(ground.definitions):
        asked.setdefault(one.source, set()).add(one.question)
    for source, campaigns in ground.campaigns.items():
        questions = sorted(asked[source])
        rows = await counted.counts(conn, ground.frame.days, ground.centre.code, campaigns, questions)
        for question in questions:
            own = [row for row in rows if row.question_id == question]
            if own:
                found[f"{source}.{question}"] = _counts(own, ground.frame)
    return found


def _counts(rows: Sequence[CountsRow], frame: Frame) -> CodeCounts:
    index: dict[str, int] = {}
    for row in rows:
        for code in row.codes:
            index.setdefault(code, len(index))
    codes = np.array([index[code] for row in rows for code in row.codes])
    cells = np.concatenate(
        [
            np.array(frame.area_places(row.areas)) + frame.span_place(row.day) * frame.areas_a_span
            for row in rows
        ]
    )
    n, w, w2 = (
        np.array(list(chain.from_iterable(column)), np.float64)
        for column in ([row.n for row in rows], [row.w for row in rows], [row.w2 for row in rows])
    )
    return CodeCounts(list(index), cells, codes, n, w, w2)
