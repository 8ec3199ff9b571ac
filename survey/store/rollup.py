"""The counted answers: notes of what changed, days to be counted again, and the counts themselves (migration 0027)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

LOCK = "LOCK TABLE survey.rollup_day IN SHARE ROW EXCLUSIVE MODE"


async def alone(conn: Any) -> None:
    """Nobody else counts until the transaction ends; who answers and who reads is not kept waiting. The first statement of its
    transaction, so that everything after it sees what the one before has written."""
    await conn.execute(LOCK)


MARK_NOTED = """
INSERT INTO survey.rollup_day SELECT day FROM survey.noted_day ON CONFLICT DO NOTHING"""

CLEAR_NOTES = "DELETE FROM survey.answer_change"


async def fold(conn: Any) -> None:
    """Turn the notes into days. In a transaction that sees one moment: the notes that are deleted are those that were read."""
    await conn.execute(MARK_NOTED)
    await conn.execute(CLEAR_NOTES)


MARK_ALL = """
INSERT INTO survey.rollup_day
SELECT DISTINCT (a.at AT TIME ZONE z.tz)::date FROM survey.answer a CROSS JOIN (SELECT DISTINCT tz FROM survey.area) z
UNION SELECT day FROM survey.answer_rollup
ON CONFLICT DO NOTHING"""


async def mark_all(conn: Any) -> None:
    """Count every day again that has answers, or counts."""
    await conn.execute(MARK_ALL)


SELECT_DAYS = "SELECT day FROM survey.rollup_day ORDER BY day DESC"


async def days(conn: Any) -> list[date]:
    """Days to be counted again, the latest first."""
    return [row["day"] for row in await conn.fetch(SELECT_DAYS)]


TAKE_DAY = "DELETE FROM survey.rollup_day WHERE day = $1 RETURNING day"
CLEAR_DAY = "DELETE FROM survey.answer_rollup WHERE day = $1"

COUNT_DAY = """
INSERT INTO survey.answer_rollup (day, centre_code, question_id, campaign_id, mode, started_mode, areas, codes, n, w, w2)
SELECT day, centre_code, question_id, campaign_id, mode, started_mode, array_agg(area_code ORDER BY area_code, code),
       array_agg(code ORDER BY area_code, code), array_agg(n ORDER BY area_code, code),
       array_agg(w ORDER BY area_code, code), array_agg(w2 ORDER BY area_code, code)
FROM (SELECT day, centre_code, question_id, campaign_id, mode, started_mode, area_code, code,
             count(*)::int AS n, sum(weight) AS w, sum(weight * weight) AS w2
      FROM survey.standing_answers($1::date, $1::date)
      GROUP BY 7, 3, 8, 4, 5, 6, 2, 1) g  -- what differs most first: it is sorted by that
GROUP BY 1, 2, 3, 4, 5, 6"""


async def count_day(conn: Any, day: date) -> bool:
    """Make the counts of a day again. False: somebody has done so."""
    if await conn.fetchval(TAKE_DAY, day) is None:
        return False
    await conn.execute(CLEAR_DAY, day)
    await conn.execute(COUNT_DAY, day)
    return True


SELECT_LATE = "SELECT day FROM survey.rollup_day UNION SELECT day FROM survey.noted_day"


async def late(conn: Any) -> set[date]:
    """Days whose counts do not hold yet what their answers give."""
    return {row["day"] for row in await conn.fetch(SELECT_LATE)}


SELECT_PENDING = """
SELECT (SELECT count(*)::int FROM survey.rollup_day) AS days,
       EXISTS (SELECT FROM survey.answer_change) AS changes"""


@dataclass(frozen=True)
class Pending:
    """What the counts do not hold yet: days to be made again, and whether notes lie there that no day was made of."""

    days: int
    changes: bool

    def __bool__(self) -> bool:
        return self.changes or self.days > 0


async def pending(conn: Any) -> Pending:
    """As of this moment."""
    return Pending(**await conn.fetchrow(SELECT_PENDING))


SELECT_EVERY_DAY = """
SELECT DISTINCT (a.at AT TIME ZONE z.tz)::date AS day FROM survey.answer a CROSS JOIN (SELECT DISTINCT tz FROM survey.area) z
UNION SELECT day FROM survey.answer_rollup ORDER BY day"""


async def every_day(conn: Any) -> list[date]:
    """Days on which anything was answered or counted, the earliest first."""
    return [row["day"] for row in await conn.fetch(SELECT_EVERY_DAY)]


SELECT_WRONG = """
WITH direct AS (
    SELECT centre_code, question_id, campaign_id, area_code, mode, started_mode, code,
           count(*)::int AS n, sum(weight) AS w, sum(weight * weight) AS w2
    FROM survey.standing_answers($1::date, $1::date) GROUP BY 1, 2, 3, 4, 5, 6, 7
), counted AS (
    SELECT * FROM survey.counted_answer WHERE day = $1
)
SELECT $1::date AS day, centre_code, question_id, area_code, code, coalesce(d.n, 0) AS answers, coalesce(r.n, 0) AS counted
FROM direct d FULL JOIN counted r USING (centre_code, question_id, campaign_id, area_code, mode, started_mode, code)
WHERE d.n IS DISTINCT FROM r.n OR abs(d.w - r.w) > 1e-9 * abs(d.w) OR abs(d.w2 - r.w2) > 1e-9 * abs(d.w2)
ORDER BY centre_code, question_id, area_code, code LIMIT 1"""


@dataclass(frozen=True)
class Wrong:
    """The first count that is not what the answers give; their numbers may be equal, where only weights differ."""

    day: date
    centre_code: str
    question_id: str
    area_code: str
    code: str
    answers: int
    counted: int


async def first_wrong(conn: Any, day: date) -> Wrong | None:
    """Count the answers of a day and compare."""
    row = await conn.fetchrow(SELECT_WRONG, day)
    return None if row is None else Wrong(**row)
