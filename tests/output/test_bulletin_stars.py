"""The annual total: how many places of a county have how many stars, by what was issued, and every sanction of the year."""

from __future__ import annotations

from datetime import date, datetime

import asyncpg
from report_week import CHENGGUAN, LIUHE, WANGZHUANG
from small_day import CENTRE, ZONE
from star_county import FAIR, GOOD, LIZHUANG, county, happened, morning_after

from followup import sanctioning
from followup.issuing import issue, verify
from followup.reports.building import build
from followup.reports.document.model import Document
from followup.reports.document.wording import in_cell
from survey.periods import period

YEAR, NOVEMBER, DECEMBER = period("2026"), date(2026, 11, 1), date(2026, 12, 1)
NEW_YEAR = datetime(2027, 1, 2, 9, tzinfo=ZONE)


def table(made: Document, key: str) -> list[list[str]]:
    (found,) = [one for one in made.tables() if one.key == key]
    return [
        [in_cell(made.figures[cell], "zh") if isinstance(cell, str) else cell.zh if cell else "" for cell in row.cells]
        for row in found.rows
    ]  # fmt: skip


async def test_a_year_ends_with_the_stars_of_its_last_summary_and_its_sanctions(
    conn: asyncpg.Connection,
) -> None:
    day = await county(conn)
    await happened(day, NOVEMBER, {CHENGGUAN: GOOD, LIUHE: FAIR, WANGZHUANG: FAIR, LIZHUANG: FAIR})
    for area, begins, ends in (
        (LIUHE, date(2026, 12, 30), None),
        (WANGZHUANG, date(2025, 3, 1), date(2025, 12, 31)),
        (CHENGGUAN, date(2027, 1, 1), None),
    ):
        await sanctioning.impose(
            conn, CENTRE, area, kind="veto", what="重大群体性事件", from_day=begins, to_day=ends, concerned=["主要负责人"],
            by="政法委书记李某", reason="会议决定", now=datetime(2026, 12, 31, 9, tzinfo=ZONE),
        )  # fmt: skip
    for month in (NOVEMBER, DECEMBER):
        await issue(
            conn, "monthly", CENTRE, period(f"{month:%Y-%m}"), by="主任李某", now=morning_after(month)
        )
    made = (await issue(conn, "bulletin", CENTRE, YEAR, by="主任李某", now=NEW_YEAR)).document
    number = "991721-monthly-20261201-20261231"
    assert table(made, "stars") == [
        ["遂澜县", "乡镇", "1", "0", "0", "0", "1", "1", "", "", number],
        ["遂澜县", "村(社区)", "0", "0", "0", "0", "0", "1", "0", "0", number],
    ]
    assert table(made, "sanctions") == [
        ["遂澜县", "柳河镇", "一票否决", "重大群体性事件", "2026-12-30", "至解除"]
    ]
    await issue(
        conn, "monthly", CENTRE, period("2026-12"), by="主任李某", now=NEW_YEAR, correct=True, reason="更正"
    )
    found = await verify(conn, "991721-bulletin-20260101-20261231")
    assert found.intact and found.same  # it goes on from what was issued before it


async def test_a_year_without_a_summary_says_so_and_a_quarter_has_no_stars(conn: asyncpg.Connection) -> None:
    day = await county(conn)
    await happened(day, date(2025, 12, 1), {CHENGGUAN: GOOD, LIUHE: FAIR, WANGZHUANG: FAIR})
    await issue(
        conn, "monthly", CENTRE, period("2025-12"), by="主任李某", now=morning_after(date(2025, 12, 1))
    )
    made = await build(conn, "bulletin", CENTRE, YEAR, NEW_YEAR)
    (stars,) = [one for one in made.tables() if one.key == "stars"]
    assert (stars.rows, stars.empty.zh) == ((), "本年没有签发过月总结。")
    quarter = await build(conn, "bulletin", CENTRE, period("2026-Q4"), NEW_YEAR)
    assert not [one for one in quarter.tables() if one.key in ("stars", "sanctions")]
