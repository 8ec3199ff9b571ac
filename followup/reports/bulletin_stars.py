"""Stars and sanctions in the annual total of a city (domain.md R54, §7.3): stars as the last summary of each county gave them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from followup.assessment.star_policy import Level, star_policy
from followup.reports.document.figures import Figures, both
from followup.reports.document.model import Column, Row, Section, Table
from followup.reports.stars_given import KIND, Given, places_in
from followup.store import issued_reports
from followup.store.counties import County
from followup.store.sanctions import SanctionRow, sanctions
from survey.periods import Period

QUERY = "followup.reports.stars_given.places_in"
LENGTHS: dict[Level, int] = {"township": 9, "village": 12}
"""Digits of the codes of a level."""
COUNTY = Column(key="county", head=both("县区", "County"))


@dataclass(frozen=True)
class StarYear:
    """`given`: None where no summary was issued in the year. `sanctions`: those in force on any day of it."""

    county: County
    given: Given | None
    sanctions: Sequence[SanctionRow]


async def read_star_year(
    conn: asyncpg.Connection, county: County, year: Period, cut_off: datetime, issued_before: int | None
) -> StarYear:
    """Of one county. `issued_before`: see `followup.reports.building.build`."""
    after = year.last + timedelta(days=1)
    last = await issued_reports.last_before(conn, county.centre, KIND, after, issued_before)
    given = Given(last.number, places_in(last.body)) if last and last.first_day >= year.first else None
    found = [one for one in await sanctions(conn, county.centre, cut_off) if one.in_force(year)]
    return StarYear(county, given, found)


def stars_of_the_year(figures: Figures, counties: Sequence[StarYear]) -> Section:
    """How many places of each county have how many stars; and every sanction."""
    return Section(
        title=both("星级和处分", "Stars and sanctions"),
        blocks=(_counts(figures, counties), _sanctions(counties)),
    )


def _counts(figures: Figures, counties: Sequence[StarYear]) -> Table:
    policy, rows = star_policy(), []
    most = max(one.most for one in policy.levels.values())
    for one in counties:
        if one.given is None:
            continue
        for level, steps in policy.levels.items():
            stars = Counter(place.stars for place in one.given.places if len(place.area) == LENGTHS[level])
            name = policy.words.levels[level]
            label = both(f"{one.county.name_zh} {name.zh}", f"{one.county.name_en}, {name.en}")
            keys = [
                figures.count(
                    f"{one.county.code}.{level}.{n}",
                    both(f"{label.zh} {n}星", f"{label.en}, {n} stars"),
                    stars[n],
                    QUERY,
                )
                for n in range(steps.most + 1)
            ]
            cells = (*keys, *[None] * (most - steps.most))
            number = both(one.given.number, one.given.number)
            rows.append(
                Row(
                    cells=(
                        both(one.county.name_zh, one.county.name_en),
                        both(name.zh, name.en),
                        *cells,
                        number,
                    )
                )
            )
    return Table(
        key="stars",
        title=both(
            "各县区年末星级(依最后一期月总结)", "Stars at the end of the year, by the last monthly summary"
        ),
        columns=(
            COUNTY,
            Column(key="level", head=both("级别", "Level")),
            *(Column(key=f"star{n}", head=both(f"{n}星", f"{n} ★"), narrow=True) for n in range(most + 1)),
            Column(key="number", head=both("依据", "By")),
        ),
        rows=tuple(rows),
        empty=both("本年没有签发过月总结。", "No monthly summary was issued in the year."),
    )


def _sanctions(counties: Sequence[StarYear]) -> Table:
    known, rows = star_policy().sanctions, []
    for one in counties:
        for row in one.sanctions:
            words, until = known[row.kind].words, row.lifted_from or row.to_day
            rows.append(
                Row(
                    cells=(
                        both(one.county.name_zh, one.county.name_en),
                        both(row.area_zh, row.area_en),
                        both(words.zh, words.en),
                        both(row.what, row.what),
                        both(row.from_day.isoformat(), row.from_day.isoformat()),
                        both(until.isoformat(), until.isoformat())
                        if until
                        else both("至解除", "until lifted"),
                    )
                )
            )
    return Table(
        key="sanctions",
        title=both("本年有效的处分", "Sanctions in force in the year"),
        columns=(
            COUNTY,
            Column(key="place", head=both("地方", "Place")),
            Column(key="kind", head=both("处分", "Sanction")),
            Column(key="what", head=both("事由", "What happened"), wide=True),
            Column(key="from", head=both("起", "From")),
            Column(key="to", head=both("止", "Until")),
        ),
        rows=tuple(rows),
        empty=both("本年没有有效的处分。", "No sanction was in force in the year."),
    )
