"""The monthly summary: named townships and villages, their stars, and why they moved or did not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import asyncpg
import pytest
from report_week import CHENGGUAN, LIUHE, WANGZHUANG
from small_day import CENTRE, SmallDay, at
from star_county import DONGGOU, FAIR, GOOD, LIZHUANG, POOR, XIAOQUAN, Month, county, happened, morning_after

from followup import sanctioning
from followup.issuing import issue, verify
from followup.reports.building import build
from followup.reports.document.model import Document, Sentence
from followup.reports.document.wording import Lang, in_cell, sentence_text
from followup.reports.monthly_facts import ending_in
from followup.reports.stars_given import Given, PlaceGiven, last_given
from survey import counting
from survey.periods import Period, period

CHANCE = "没有变化的证据:得分在原档之外,连同各处一并检验,偶然就能解释,不动"
FIRST = "首次评定,没有与全县不同的证据,从全县所在的星级起步"
JUNE, FEBRUARY, MARCH, APRIL = date(2025, 6, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)
ALL_FAIR = {CHENGGUAN: FAIR, LIUHE: FAIR, WANGZHUANG: FAIR}


async def summary(conn: asyncpg.Connection, month: date, **more: Any) -> Document:
    """Issued on the morning after its month."""
    days = period(f"{month:%Y-%m}")
    made = await issue(
        conn, "monthly", CENTRE, days, by="主任李某", now=more.pop("now", morning_after(month)), **more
    )
    return made.document


def said(made: Document, lang: Lang = "zh") -> list[str]:
    return [sentence_text(made, one, lang) for one in made.summary]


def stars_section(made: Document, lang: Lang = "zh") -> list[str]:
    (section,) = [one for one in made.sections if one.title.zh == "星级评定"]
    blocks = [*section.blocks, *(block for part in section.parts for block in part.blocks)]
    return [sentence_text(made, one, lang) for one in blocks if isinstance(one, Sentence)]


def table(made: Document, key: str, lang: Lang = "zh") -> list[list[str]]:
    (found,) = [one for one in made.tables() if one.key == key]
    return [
        [in_cell(made.figures[cell], lang) if isinstance(cell, str) else cell.of(lang) if cell else "" for cell in row.cells]
        for row in found.rows
    ]  # fmt: skip


@pytest.fixture
async def two_summaries(conn: asyncpg.Connection) -> tuple[SmallDay, Document, Document]:
    """In June all are alike; in February 城关镇 is plainly better; in March 柳河镇 is plainly worse, and has two villages
    with hardly any answers. 王庄乡 stays as it was."""
    day = await county(conn)
    await happened(day, JUNE, ALL_FAIR)
    await happened(day, FEBRUARY, {**ALL_FAIR, CHENGGUAN: GOOD})
    villages = {LIZHUANG: FAIR, XIAOQUAN: Month(7, 7, 5, 5), DONGGOU: Month(14, 13, 12, 11)}
    await happened(day, MARCH, {CHENGGUAN: GOOD, LIUHE: POOR, WANGZHUANG: FAIR, **villages})
    return day, await summary(conn, FEBRUARY), await summary(conn, MARCH)


async def test_townships_begin_at_the_star_of_the_county_unless_told_apart(
    two_summaries: tuple[SmallDay, Document, Document],
) -> None:
    _, february, _ = two_summaries
    assert table(february, "stars.township") == [
        ["城关镇", "5星", "—", "—", "红", "96.8 (120)\n93.0–98.4", "5星\n5–5", "首次评定,有证据表明得分高于全县所在档,高一星"],
        ["柳河镇", "4星", "—", "—", "红", "82.5 (120)\n76.4–87.3", "3星\n3–4", FIRST],
        ["王庄乡", "4星", "—", "—", "红", "82.5 (120)\n76.4–87.3", "3星\n3–4", FIRST],
    ]  # fmt: skip
    assert stars_section(february)[:2] == [
        "此前没有签发过月总结,各地都是首次评定。",
        "得分依据截至本月底的6个月。全县得分87.2(95%区间84.3–89.7,n=360),合4星,首次评定的从这里起步。",
    ]
    assert (february.header.title.zh, february.header.serial) == ("遂澜县社情民意月总结及星级评定", 2)


async def test_the_next_month_moves_the_star_that_the_evidence_moves_and_says_why(
    two_summaries: tuple[SmallDay, Document, Document],
) -> None:
    _, _, march = two_summaries
    assert said(march) == [
        "乡镇:有星级的3个,升星0个,降星1个;得分在原档之外、没有变化的证据(偶然就能解释)而不动的1个;"
        "样本不足或须保密而沿用原星级的0个。样本不足或须保密、不评星的0个。",
        "柳河镇由4星变为3星:有证据表明得分低于原档,降星;得分73.7(95%区间70.1–77.1,n=377)。",
        "村(社区):有星级的1个,升星0个,降星0个;得分在原档之外、没有变化的证据(偶然就能解释)而不动的0个;"
        "样本不足或须保密而沿用原星级的0个。样本不足或须保密、不评星的2个。",
    ]
    assert said(march, "en")[1] == (
        "Liuhe, from 4 stars to 3 stars: there is evidence that the points lie below those of the star held: down; points 73.7 "
        "(95% interval 70.1–77.1, n=377)."
    )
    assert table(march, "stars.township") == [
        ["城关镇", "5星", "5星", "0", "红", "96.8 (240)\n94.5–98.0", "5星\n5–5", "得分在原档内,不动"],
        ["柳河镇", "3星", "4星", "▼1", "黄", "73.7 (377)\n70.1–77.1", "2星\n2–3", "有证据表明得分低于原档,降星"],
        ["王庄乡", "4星", "4星", "0", "红", "82.5 (240)\n78.4–86.0", "3星\n3–4", CHANCE],
    ]  # fmt: skip
    assert table(march, "stars.township", "en")[2] == [
        "Wangzhuang", "4 stars", "4 stars", "0", "red list", "82.5 (240)\n78.4–86.0", "3 stars\n3–4",
        "no evidence of change: the points lie outside those of the star held, which chance explains when all are tested "
        "together: it stays",
    ]  # fmt: skip
    assert stars_section(march)[0] == "上月星级取自已签发的991721-monthly-20260201-20260228。"


async def test_points_stand_beside_those_of_the_months_before_with_the_probability_of_being_better(
    two_summaries: tuple[SmallDay, Document, Document],
) -> None:
    """April to September are beside October to March: no answer is in both. 城关镇 has improved and its star does not move."""
    _, _, march = two_summaries
    assert table(march, "changes.township") == [
        ["城关镇", "+14.2\n+8.9至+20.5", "1.00", "有改善"],
        ["柳河镇", "-8.8\n-14.8至-1.8", "0.01", "有下降"],
        ["王庄乡", "+0.0\n-6.3至+7.0", "0.50", "无明显变化"],
    ]


async def test_a_village_with_few_answers_has_no_star_and_the_reason_stands_there(
    two_summaries: tuple[SmallDay, Document, Document],
) -> None:
    """小泉村 has seven answers; 东沟村 is kept back with it, or the seven could be worked out from the township's."""
    _, _, march = two_summaries
    assert table(march, "stars.village") == [
        ["李庄村", "5星", "—", "—", "黄", "82.5 (120)\n76.4–87.3", "5星\n4–5", FIRST]
    ]  # fmt: skip
    (small,) = [one for one in march.tables() if one.key == "starless"]
    assert small.title.zh == "样本不足或须保密,不评星的村(社区)"
    assert table(march, "starless") == [["柳河镇", "小泉村、东沟村"]]
    for code in (XIAOQUAN, DONGGOU):
        figures = [one for key, one in march.figures.items() if key.startswith(code)]
        assert figures
        assert {(one.value, one.n, one.low) for one in figures} == {(None, None, None)}


async def test_what_points_are_made_of_stands_with_base_coverage_and_those_not_reached(
    conn: asyncpg.Connection,
) -> None:
    day = await county(conn)
    half = Month(asked=120, safe=108, cases=60, solved=45, late=9, unreached=30)
    await happened(day, MARCH, {**ALL_FAIR, LIUHE: half})
    made = await summary(conn, MARCH)
    assert table(made, "parts.township")[1] == [
        "柳河镇", "90.0% (120)\n83.1–94.7", "75.0% (60)\n62.0–85.4", "75.0% (60)\n62.2–84.6", "90.0% (90)\n81.8–95.3",
        "66.7% (90)\n55.9–76.3", "30",
    ]  # fmt: skip
    assert made.figures[f"{LIUHE}.points"].n == 60


async def test_what_a_week_could_claim_a_summary_that_claims_more_does_not(conn: asyncpg.Connection) -> None:
    """Safety has fallen from 90.0 to 84.2 %. Beside the county's other indicator alone that is evidence; it is none where three
    townships are held against the months before, and 柳河镇 against the band that it lies just below."""
    day = await county(conn)
    places = {**ALL_FAIR, LIUHE: replace(FAIR, solved=72)}
    await happened(day, JUNE, places)
    await happened(day, FEBRUARY, places)
    await happened(day, MARCH, {area: replace(one, safe=101) for area, one in places.items()})
    week = await build(conn, "weekly", CENTRE, period("2026-03"), morning_after(MARCH))
    month = await summary(conn, MARCH)
    claims = [made.figures["now.safety_rate.change.said"].words for made in (week, month)]
    assert [words and words.zh for words in claims] == ["有下降", "无明显变化"]
    assert week.figures["now.safety_rate.change"] == month.figures["now.safety_rate.change"]


async def test_a_veto_leaves_no_star_and_a_yellow_card_lets_none_be_gained(conn: asyncpg.Connection) -> None:
    day = await county(conn)
    await happened(day, FEBRUARY, ALL_FAIR)
    await summary(conn, FEBRUARY)
    await happened(day, MARCH, {CHENGGUAN: GOOD, LIUHE: GOOD, WANGZHUANG: FAIR})
    for area, kind, what in (
        (CHENGGUAN, "yellow_card", "隐瞒不报"),
        (WANGZHUANG, "veto", "发生重大群体性事件"),
    ):
        await sanctioning.impose(
            conn, CENTRE, area, kind=kind, what=what, from_day=date(2026, 3, 5), to_day=None, concerned=["主要负责人"],
            by="政法委书记李某", reason="会议决定", now=at(10),
        )  # fmt: skip
    march = await summary(conn, MARCH)
    assert [[row[0], *row[1:5], row[7]] for row in table(march, "stars.township")] == [
        ["城关镇", "3星", "3星", "0", "黄", "得分高于原档,但处分期内不升星"],
        ["柳河镇", "4星", "3星", "▲1", "红", "有证据表明得分高于原档,升星"],
        ["王庄乡", "0星", "3星", "▼3", "黑", "因处分降星"],
    ]
    assert table(march, "sanctions") == [
        ["城关镇", "黄牌警告", "隐瞒不报", "2026-03-05", "至解除", "政法委书记李某:会议决定"],
        ["王庄乡", "一票否决", "发生重大群体性事件", "2026-03-05", "至解除", "政法委书记李某:会议决定"],
    ]
    for area in (CHENGGUAN, WANGZHUANG):
        await sanctioning.lift(
            conn, CENTRE, f"{area}-1", from_day=date(2026, 4, 1), by="政法委书记李某", reason="整改到位",
            now=morning_after(MARCH),
        )  # fmt: skip
    april = await summary(conn, APRIL)
    assert [row[:4] for row in table(april, "stars.township")] == [
        ["城关镇", "4星", "3星", "▲1"],
        ["柳河镇", "4星", "4星", "0"],
        ["王庄乡", "1星", "0星", "▲1"],
    ]
    assert table(april, "sanctions") == []


async def test_a_sanction_of_after_the_cut_off_is_not_in_a_summary_made_again(
    conn: asyncpg.Connection,
) -> None:
    day = await county(conn)
    await happened(day, FEBRUARY, ALL_FAIR)
    made = await summary(conn, FEBRUARY)
    assert made.header.issue is not None
    await sanctioning.impose(
        conn, CENTRE, LIUHE, kind="veto", what="事后查实", from_day=date(2026, 2, 3), to_day=None, concerned=["镇长张某"],
        by="政法委书记李某", reason="会议决定", now=morning_after(FEBRUARY),
    )  # fmt: skip
    assert (await verify(conn, made.header.issue.number)).same


async def test_without_answers_a_star_that_was_given_is_carried_on(conn: asyncpg.Connection) -> None:
    day = await county(conn)
    await happened(day, FEBRUARY, ALL_FAIR)
    await summary(conn, FEBRUARY)
    august = await summary(conn, date(2026, 8, 1))
    assert table(august, "stars.township")[0] == [
        "城关镇", "3星", "3星", "0", "黄", "*", "—", "样本不足或须保密,本月不评,沿用原星级",
    ]  # fmt: skip
    assert stars_section(august)[0] == "上月星级取自已签发的991721-monthly-20260201-20260228。"
    assert table(august, "changes.township") == []


async def test_an_issued_summary_is_made_again_byte_for_byte_though_an_earlier_one_was_corrected(
    two_summaries: tuple[SmallDay, Document, Document],
) -> None:
    day, february, march = two_summaries
    assert february.header.issue is not None and march.header.issue is not None
    for made in (february, march):
        found = await verify(day.conn, made.header.issue.number)
        assert found.intact and found.same
    await happened(day, date(2026, 1, 1), {CHENGGUAN: POOR, LIUHE: POOR, WANGZHUANG: POOR})
    for month in (FEBRUARY, MARCH):
        made = await summary(day.conn, month, correct=True, reason="补录一月案件", now=morning_after(APRIL))
        again = await verify(day.conn, f"991721-monthly-{month:%Y%m}01-{ending_in(month, 1).last:%Y%m%d}-2")
        assert again.same and made.header.issue is not None
    assert stars_section(made)[0] == "上月星级取自已签发的991721-monthly-20260201-20260228-2。"
    old = await verify(day.conn, march.header.issue.number)
    assert old.intact and not old.same  # January has changed under it, and it says so
    assert not {key for key in old.changed if key.endswith(".held") or key == "stars.before"}


async def test_the_star_before_is_the_one_that_was_issued_and_not_that_of_a_draft(
    two_summaries: tuple[SmallDay, Document, Document],
) -> None:
    day, _, _ = two_summaries
    april = period("2026-04")
    await build(day.conn, "monthly", CENTRE, april, morning_after(APRIL))
    may = await build(day.conn, "monthly", CENTRE, period("2026-05"), morning_after(date(2026, 5, 1)))
    assert stars_section(may)[0] == "上月星级取自已签发的991721-monthly-20260301-20260331。"
    assert [row[2] for row in table(may, "stars.township")] == ["5星", "3星", "4星"]


async def test_the_stars_that_were_given_can_be_read_back(
    two_summaries: tuple[SmallDay, Document, Document],
) -> None:
    day, _, _ = two_summaries
    assert await last_given(day.conn, CENTRE) == Given(
        "991721-monthly-20260301-20260331",
        [
            PlaceGiven(CHENGGUAN, "城关镇", "Chengguan", 5, 0),
            PlaceGiven(LIUHE, "柳河镇", "Liuhe", 3, -1),
            PlaceGiven(LIZHUANG, "李庄村", "Lizhuang", 5, None),
            PlaceGiven(WANGZHUANG, "王庄乡", "Wangzhuang", 4, 0),
        ],
    )


@pytest.mark.parametrize("written", ["2026-W11", "2026-Q1", "2026-03-01..2026-03-30"])
async def test_a_summary_is_of_a_month(small_day: SmallDay, written: str) -> None:
    with pytest.raises(LookupError, match="of one month, as 2026-03"):
        await build(small_day.conn, "monthly", CENTRE, period(written), at(0, days=60))


async def test_a_county_without_villages_and_a_month_without_answers_say_so(small_day: SmallDay) -> None:
    await counting.refresh(small_day.conn)
    empty = Period(date(2025, 1, 1), date(2025, 1, 31))
    made = await build(small_day.conn, "monthly", CENTRE, empty, at(0))
    assert said(made) == [
        "乡镇:有星级的0个,升星0个,降星0个;得分在原档之外、没有变化的证据(偶然就能解释)而不动的0个;样本不足或须保密而沿用原星级的0个。"
        "样本不足或须保密、不评星的1个。"
    ]
    assert table(made, "stars.township") == [
        ["城关镇", "—", "—", "—", "", "*", "—", "样本不足或须保密,不评星"]
    ]


def test_the_months_that_points_rest_on_are_whole() -> None:
    assert ending_in(date(2026, 2, 28), 3) == Period(date(2025, 12, 1), date(2026, 2, 28))
    assert ending_in(date(2026, 12, 5), 12) == period("2026")
