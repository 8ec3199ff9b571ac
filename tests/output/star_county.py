"""A county whose places are graded: answers to the survey and closed cases by the hundred, put in as sums and in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import asyncpg
from report_week import LIUHE, towns
from small_day import CENTRE, ZONE, SmallDay

LIZHUANG, XIAOQUAN, DONGGOU = "991721002201", "991721002202", "991721002203"
VILLAGES = (
    (LIZHUANG, "李庄村", "Lizhuang"),
    (XIAOQUAN, "小泉村", "Xiaoquan"),
    (DONGGOU, "东沟村", "Donggou"),
)


@dataclass(frozen=True)
class Month:
    """What a place had in a month. `safe` of `asked` feel safe; of `cases` closed and called back so many residents say `solved`,
    and are satisfied; so many results came `late`; `unreached` more were called in vain."""

    asked: int
    safe: int
    cases: int
    solved: int
    late: int = 0
    unreached: int = 0


GOOD = Month(asked=120, safe=117, cases=120, solved=114)
"""Points of 96 or so."""
FAIR = Month(asked=120, safe=108, cases=120, solved=90, late=12)
"""Points of 83 or so."""
POOR = Month(asked=120, safe=84, cases=120, solved=48, late=48)
"""Points of 53 or so."""


async def county(conn: asyncpg.Connection) -> SmallDay:
    """城关镇, 柳河镇 with three villages, 王庄乡; nothing has happened yet."""
    day = SmallDay(conn)
    await day.ground()
    await towns(day)
    for code, zh, en in VILLAGES:
        await day.put(
            "survey.area", None, code=code, parent_code=LIUHE, level="village", name_zh=zh, name_en=en
        )
    return day


INSERT_ANSWERS = """
INSERT INTO survey.answer_rollup (day, centre_code, question_id, campaign_id, mode, started_mode, areas, codes, n, w, w2)
VALUES ($1, $2, 'Q1', $3, 'voice', 'voice', $4, $5, $6::int[], $6::int[], $6::int[])"""

INSERT_CASES = """
WITH made AS (
    INSERT INTO followup.case_file (number, short_number, query_code, centre_code, source, external_number, content, category,
        duty_no, kind, area_code, status, ending, round, received_at, policy_version, closed_at)
    SELECT $1 || n, lpad(n::text, 4, '0'), $1 || n, $2, 'import', $1 || n, '路灯不亮', '07', 1, 'help', $3, 'closed', 'closed', 1,
        $4, 1, $4
    FROM generate_series(1, $5) AS n RETURNING id, number
), placed AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM made),
sent AS (
    INSERT INTO followup.assignment (case_id, round, unit_code, role, dispatched_at, signed_at, due_at)
    SELECT id, 1, 'U-CG', 'lead', $4, $4, $4 + interval '1 day' FROM placed
), told AS (
    INSERT INTO followup.result (case_id, round, unit_code, reported_at, result_summary, claimed_contact, accepted_at)
    SELECT id, 1, 'U-CG', $4 + CASE WHEN n <= $7 THEN interval '2 days' ELSE interval '1 hour' END, '已换灯', true, $4 FROM placed
)
INSERT INTO followup.callback (case_id, round, unit_ref, status, created_at, settled_at, reached, verdict, answers)
SELECT id, 1, $1 || n, 'settled', $4, $4, n <= $8, CASE WHEN n <= $8 THEN 'closed' ELSE 'closed_unreached' END,
    CASE WHEN n <= $6 THEN '{"C1": ["1"], "C2": ["1"], "C3": ["1"]}'::jsonb
         WHEN n <= $8 THEN '{"C1": ["1"], "C2": ["3"], "C3": ["3"]}'::jsonb ELSE '{}' END
FROM placed"""


async def happened(day: SmallDay, month: date, places: dict[str, Month]) -> None:
    """In a month, on its tenth."""
    tenth = month.replace(day=10)
    rows: list[tuple[str, str, int]] = []
    for area, one in places.items():
        rows += [(area, "1", one.safe), (area, "4", one.asked - one.safe)]
    some = [row for row in rows if row[2]]
    columns: Sequence[list[object]] = [list(column) for column in zip(*some, strict=True)]
    await day.conn.execute(INSERT_ANSWERS, tenth, CENTRE, day.campaigns["daily-voice"], *columns)
    at = datetime(month.year, month.month, 10, 10, tzinfo=ZONE)
    for area, one in places.items():
        await day.conn.execute(
            INSERT_CASES, f"{area}-{month:%Y%m}-", CENTRE, area, at, one.cases + one.unreached, one.solved, one.late, one.cases
        )  # fmt: skip


def morning_after(month: date) -> datetime:
    """The morning after a month, in the county."""
    after = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    return datetime(after.year, after.month, 1, 9, tzinfo=ZONE)
