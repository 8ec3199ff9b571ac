"""The quality sheet of one unit, for itself: the figures that the report on all units has of it, with their bases and intervals.

No other unit stands in it. What residents answered is printed from so many answers on as in any report.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from followup.reports.callback_report import make_report
from followup.reports.callback_rows import callback_lines, centre_names
from followup.reports.document.figures import Figure, Figures, both
from followup.reports.small_cells import total_kept_back
from followup.reports.tally_figures import RATED, put_tally
from followup.reports.weekly_case_sections import rounds_table
from followup.store import weekly_cases
from survey.periods import Period

SHOWN = (
    "in_time", "own.due", "own.reached", "own.contacted", "own.solved", "first.solved", "own.half", "own.strict", "own.broad",
    "own.satisfied", "own.basically", "own.dissatisfied", "own.redispatch", "own.denied",
)  # fmt: skip
"""In this order; `first`: of first rounds alone."""


@dataclass(frozen=True)
class OwnSheet:
    """`figures` by the keys of SHOWN; a unit that had nothing due has no `in_time`."""

    period: Period
    cut_off: datetime
    figures: dict[str, Figure]


async def own_sheet(
    conn: asyncpg.Connection, centre_code: str, unit: str, period: Period, cut_off: datetime
) -> OwnSheet:
    """As things stood at `cut_off`. Raises LookupError for an unknown centre."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        centre = await centre_names(conn, centre_code)
        lines = await callback_lines(conn, centre_code, period, cut_off, unit=unit)
        rounds = await weekly_cases.unit_rounds(conn, centre_code, period, cut_off)
    figures, own = Figures(), both("本单位", "Your unit")
    whole = make_report(centre, period, cut_off, lines).total
    first = make_report(centre, period, cut_off, [one for one in lines if one.round == 1]).total
    for prefix, tally in (("own", whole), ("first", first)):
        withheld = total_kept_back({question: tally.asked(question) for question in RATED})
        put_tally(figures, prefix, own, tally, withheld)
    rounds_table(figures, [one for one in rounds if one.unit_code == unit])
    found = figures.by_key()
    if rate := found.get(f"rounds.{unit}.rate"):
        found["in_time"] = rate
    return OwnSheet(period, cut_off, {key: found[key] for key in SHOWN if key in found})
