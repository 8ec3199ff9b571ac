"""How far a rehearsal is, read from its database, and whether anything is left to do."""

from dataclasses import dataclass
from typing import Any

SELECT_PROGRESS = """
SELECT (SELECT count(*) FROM survey.attempt WHERE mode <> 'text')                          AS calls,
       (SELECT count(*) FROM survey.attempt WHERE mode = 'text')                           AS threads,
       (SELECT count(*) FROM survey.sample_unit)                                           AS units,
       (SELECT count(*) FROM survey.sample_unit WHERE status = 'done')                     AS units_done,
       (SELECT count(*) FROM followup.case_file)                                           AS cases,
       (SELECT count(*) FROM followup.case_file WHERE closed_at IS NOT NULL)               AS cases_closed,
       (SELECT count(*) FROM followup.callback WHERE flagged)                              AS flagged,
       (SELECT count(*) FROM followup.callback WHERE flagged AND decision IS NULL)         AS undecided,
       (SELECT count(*) FROM followup.case_file
        WHERE closed_at IS NULL AND status NOT IN ('redispatch_review', 'adjudication'))   AS cases_moving,
       (SELECT count(*) FROM followup.case_file WHERE status = 'redispatch_review')        AS reviews,
       (SELECT count(*) FROM survey.outbox WHERE NOT consumed)                             AS results_waiting,
       (SELECT count(*) FROM survey.daily_duty WHERE duty = 'daily_list')                  AS lists_built"""

LEFT_WAITING = 1
"""Reviews that nobody decides in a rehearsal: one must still stand there at the end."""


@dataclass(frozen=True)
class Progress:
    """Counts of the moment."""

    calls: int
    threads: int
    units: int
    units_done: int
    cases: int
    cases_closed: int
    flagged: int
    undecided: int
    cases_moving: int
    reviews: int
    results_waiting: int
    lists_built: int

    @property
    def is_over(self) -> bool:
        """Everybody was asked or given up on, and every case is closed, waits for the meeting, or is the one left waiting."""
        return (
            self.lists_built > 0
            and self.units_done == self.units
            and self.cases_moving == 0
            and self.results_waiting == 0
            and self.reviews <= LEFT_WAITING
        )


async def read_progress(conn: Any) -> Progress:
    """Where things stand."""
    return Progress(**await conn.fetchrow(SELECT_PROGRESS))
