"""What a simulated quarter came to: sums that must hold, planted false closings found, times, rounds, endings, units."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import quantiles
from typing import Any

import asyncpg

from followup.casework.working_time import working_time
from followup.reading import Identity, circle
from followup.suspicious import Weighed, weighed
from workers.quarter.clerks import Diary
from workers.quarter.closings import Closing, listed_by_answers_alone
from workers.quarter.plan import QuarterPlan, planted
from workers.quarter.scoring import Score, Share, by_channel, curve
from workers.quarter.units import UnitLine, unit_lines

THRESHOLDS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.5, 0.7, 0.9)

SELECT_LOOPS = """
SELECT c.ending, c.round, a.dispatched_at, c.closed_at
FROM followup.case_file AS c
LEFT JOIN followup.assignment AS a ON a.case_id = c.id AND a.round = 1 AND a.role = 'lead'
WHERE c.centre_code = $1 ORDER BY c.id"""

SELECT_VOLUME = """
SELECT (SELECT count(*)::int FROM survey.attempt) AS attempts,
       (SELECT count(*)::int FROM survey.attempt WHERE mode = 'text') AS text_threads,
       (SELECT count(*)::int FROM survey.attempt WHERE mode = 'voice') AS calls,
       (SELECT count(*)::int FROM survey.attempt WHERE mode = 'operator') AS by_hand,
       (SELECT count(*)::int FROM survey.input) AS inputs,
       (SELECT count(*)::int FROM followup.case_event) AS events,
       (SELECT count(*)::int FROM followup.callback WHERE 'pressure' = ANY(reasons)) AS pressed,
       (SELECT count(*)::int FROM followup.case_file WHERE anonymity = 'confidential') AS confidential"""


COUNT_TOLD = """
SELECT r.unit_code, count(*) FILTER (WHERE b.answers->'C2'->>0 = '1')::int AS solved, count(*)::int AS told
FROM followup.callback AS b
JOIN followup.case_file AS c ON c.id = b.case_id
JOIN followup.result AS r ON r.case_id = b.case_id AND r.round = b.round
WHERE c.centre_code = $1 AND b.round = 1 AND r.claimed_contact AND b.answers->'C2'->>0 IN ('1', '2', '3')
GROUP BY r.unit_code"""


COUNT_DOUBTS = """
SELECT count(*)::int AS doubted,
       count(*) FILTER (WHERE s.state = 'false_closing')::int AS false_closing,
       count(*) FILTER (WHERE s.state = 'cleared')::int AS cleared,
       count(*) FILTER (WHERE s.decided_at IS NULL)::int AS waiting
FROM followup.suspicion AS s JOIN followup.case_file AS c ON c.id = s.case_id WHERE c.centre_code = $1"""


@dataclass(frozen=True)
class Loop:
    """Working hours from the first dispatch to the end, of closed cases."""

    closed: int
    median: float | None
    p90: float | None


@dataclass(frozen=True)
class Ran:
    """How the run went. `seconds`: real ones; `puzzled`: questions that residents could not make out; `disagreements`:
    between the carrier's ledger and the database, None where they were not compared."""

    ended_at: datetime
    seconds: float
    puzzled: int
    carrier_errors: tuple[str, ...]
    disagreements: tuple[str, ...] | None


@dataclass(frozen=True)
class Figures:
    """Everything that is told. Scores are of closings that claim contact and whose resident was reached."""

    plan: QuarterPlan
    ran: Ran
    identities: tuple[Identity, ...]
    detector: dict[str, Score]
    by_answers_alone: dict[str, Score]
    plain_rule: dict[str, Score]
    curve: dict[float, dict[str, Score]]
    planted_false: int
    planted_reached: int
    loop: Loop
    rounds: dict[int, int]
    endings: dict[str, int]
    units: tuple[UnitLine, ...]
    volume: dict[str, int]

    @property
    def adds_up(self) -> bool:
        return all(identity.holds for identity in self.identities) and not self.ran.disagreements

    @property
    def attempts_per_second(self) -> float:
        return self.volume["attempts"] / self.ran.seconds


async def read_figures(conn: asyncpg.Connection, plan: QuarterPlan, diary: Diary, ran: Ran) -> Figures:
    """All of it, read once at the end."""
    centre = planted().centre
    round_trip = await circle(conn, centre)
    loops = await conn.fetch(SELECT_LOOPS, centre)
    found = await weighed(conn, centre)
    closings = [_closing(one, diary) for one in found]
    probabilities = [one.suspicion.probability for one in found]
    told = {
        row["unit_code"]: Share(row["solved"], row["told"]) for row in await conn.fetch(COUNT_TOLD, centre)
    }
    endings = Counter(row["ending"] or "open" for row in loops)
    doubts = dict(await conn.fetchrow(COUNT_DOUBTS, centre))
    sums = (
        *(i for i in round_trip.identities if i.name != "imported"),
        Identity("doubted closings", doubts.pop("doubted"), tuple(doubts.items())),
        Identity("cases", len(loops), tuple(sorted(endings.items()))),
    )
    return Figures(
        plan=plan,
        ran=ran,
        identities=sums,
        detector=by_channel(closings, [one.suspicion.listed for one in found]),
        by_answers_alone=by_channel(closings, listed_by_answers_alone(closings)),
        plain_rule=by_channel(closings, [one.denied for one in closings]),
        curve=curve(closings, probabilities, THRESHOLDS),
        planted_false=sum(truth.false_closing for _, truth in diary.rounds.values()),
        planted_reached=sum(one.false for one in closings),
        loop=_loop(loops),
        rounds=dict(sorted(Counter(row["round"] for row in loops).items())),
        endings=dict(endings.most_common()),
        units=tuple(unit_lines(plan.seed, told, found)),
        volume=dict(await conn.fetchrow(SELECT_VOLUME)),
    )


def _closing(one: Weighed, diary: Diary) -> Closing:
    _, truth = diary.rounds[one.closing.external_number or "", one.closing.round]
    return Closing(one.closing.unit_code, one.closing.mode, one.evidence, truth.false_closing)  # type: ignore[arg-type]


def _loop(rows: Sequence[Any]) -> Loop:
    """Quantiles by the inclusive method."""
    office = working_time()
    hours = sorted(
        office.between(row["dispatched_at"], row["closed_at"]).total_seconds() / 3600
        for row in rows
        if row["closed_at"] is not None and row["dispatched_at"] is not None
    )
    if len(hours) < 2:
        return Loop(len(hours), hours[0] if hours else None, hours[0] if hours else None)
    tenths = quantiles(hours, n=10, method="inclusive")
    return Loop(len(hours), tenths[4], tenths[8])
