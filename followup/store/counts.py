"""Counting for the identities that must hold (settled.md §3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg


@dataclass(frozen=True)
class RoundCounts:
    """Results, callbacks and flags of a centre, over all rounds; answers that are asked about are results, too.

    `rejected_untold`: of those rejected, whose resident does not have the explanation yet.
    """

    results_received: int
    not_suitable: int
    due: int
    reached: int
    unreached: int
    unrated: int
    waiting: int
    told: int
    reached_untold: int
    flagged: int
    redispatched: int
    rejected: int
    rejected_untold: int
    undecided: int
    second_callbacks: int
    third_callbacks: int


COUNT_ROUNDS = """
WITH b AS (
    SELECT b.*, b.status = 'settled' AND b.verdict IN ('closed_unreached', 'wrong_person') AS is_unreached,
        b.status = 'settled' AND b.verdict = 'closed_unrated' AS is_unrated
    FROM followup.callback AS b JOIN followup.case_file AS c ON c.id = b.case_id
    WHERE c.centre_code = $1
)
SELECT
    (SELECT count(*) FROM followup.result AS r JOIN followup.case_file AS c ON c.id = r.case_id
     WHERE c.centre_code = $1 AND r.accepted_at IS NOT NULL)
    + (SELECT count(*) FROM followup.direct_answer AS d JOIN followup.case_file AS c ON c.id = d.case_id
       WHERE c.centre_code = $1 AND d.sampled) AS results_received,
    count(*) FILTER (WHERE status = 'not_suitable') AS not_suitable,
    count(*) FILTER (WHERE status <> 'not_suitable') AS due,
    count(*) FILTER (WHERE status = 'settled' AND NOT is_unreached AND NOT is_unrated) AS reached,
    count(*) FILTER (WHERE is_unreached) AS unreached,
    count(*) FILTER (WHERE is_unrated) AS unrated,
    count(*) FILTER (WHERE status = 'pending') AS waiting,
    count(*) FILTER (WHERE told_at IS NOT NULL) AS told,
    count(*) FILTER (WHERE status = 'settled' AND NOT is_unreached AND NOT is_unrated AND told_at IS NULL)
        AS reached_untold,
    count(*) FILTER (WHERE flagged) AS flagged,
    count(*) FILTER (WHERE decision = 'redispatch') AS redispatched,
    count(*) FILTER (WHERE decision = 'reject') AS rejected,
    (SELECT count(*) FROM followup.explanation AS x JOIN followup.case_file AS c ON c.id = x.case_id
     WHERE c.centre_code = $1 AND x.told_at IS NULL) AS rejected_untold,
    count(*) FILTER (WHERE flagged AND decision IS NULL) AS undecided,
    count(*) FILTER (WHERE status <> 'not_suitable' AND round = 2) AS second_callbacks,
    count(*) FILTER (WHERE status <> 'not_suitable' AND round = 3) AS third_callbacks
FROM b"""


async def round_counts(conn: asyncpg.Connection, centre_code: str) -> RoundCounts:
    """Results, callbacks and flags of a centre, counted in one statement and so at one moment."""
    return RoundCounts(**await conn.fetchrow(COUNT_ROUNDS, centre_code))


@dataclass(frozen=True)
class CaseCounts:
    """Cases of one source. `endings` count the closed ones; imported = sum(endings) + open."""

    cases: int
    open: int
    third_rounds: int
    endings: Mapping[str, int]


COUNT_CASES = """
SELECT ending, count(*) AS cases, count(*) FILTER (WHERE round >= 3) AS third_rounds
FROM followup.case_file
WHERE centre_code = $1 AND ($2::text IS NULL OR source = $2)
GROUP BY ending ORDER BY ending"""


async def case_counts(conn: asyncpg.Connection, centre_code: str, source: str | None = None) -> CaseCounts:
    """Cases of a centre, of one source or of all, by ending."""
    rows = await conn.fetch(COUNT_CASES, centre_code, source)
    return CaseCounts(
        cases=sum(row["cases"] for row in rows),
        open=sum(row["cases"] for row in rows if row["ending"] is None),
        third_rounds=sum(row["third_rounds"] for row in rows),
        endings={row["ending"]: row["cases"] for row in rows if row["ending"] is not None},
    )


SELECT_FLAG_SECONDS = """
SELECT extract(epoch FROM b.flagged_real - b.answer_real)::double precision AS seconds
FROM followup.callback AS b JOIN followup.case_file AS c ON c.id = b.case_id
WHERE c.centre_code = $1 AND b.flagged_real IS NOT NULL AND b.answer_real IS NOT NULL
ORDER BY seconds"""


async def flag_seconds(conn: asyncpg.Connection, centre_code: str) -> list[float]:
    """Real seconds from the arrival of each flagging answer to its committed flag, shortest first."""
    return [row["seconds"] for row in await conn.fetch(SELECT_FLAG_SECONDS, centre_code)]
