"""The score of a centre as a document: each point has its rows, satisfaction stands beside it, what was not measured is named."""

from __future__ import annotations

from datetime import date, timedelta

import asyncpg
import pytest
from centre_quarter import whole_month
from reading_reports import docx_paragraphs, html_paragraphs
from small_day import CENTRE, SmallDay, at

from followup import centre_findings as door
from followup.issuing import issue, verify
from followup.reports.building import build
from followup.reports.document.model import Document, Sentence
from followup.reports.document.wording import in_cell, sentence_text
from followup.reports.rendering import FORMATS
from followup.reports.rendering.printed import printed
from survey.periods import Period

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
AFTER = at(0, days=23)
"""The first of April."""
LAST = at(10, days=22)


async def sheet(day: SmallDay, period: Period = MARCH) -> Document:
    return await build(day.conn, "centre", CENTRE, period, AFTER)


def said(made: Document) -> list[str]:
    return [sentence_text(made, one, "zh") for one in made.blocks() if isinstance(one, Sentence)]


def table(made: Document, key: str) -> list[str]:
    (found,) = [one for one in made.tables() if one.key == key]
    return [
        " | ".join(
            (in_cell(made.figures[cell], "zh") if isinstance(cell, str) else cell.zh).replace("\n", " ")
            for cell in row.cells
            if cell
        )
        for row in found.rows
    ]


async def test_a_whole_month_every_point_with_its_rows(small_day: SmallDay) -> None:
    await whole_month(small_day)
    made = await sheet(small_day)
    assert said(made)[:4] == [
        "本期总分82.1(95%区间79.2–83.5,n=18)。可测的93分折成百分得82.1(n=18),扣0分。",
        "和上期比:无从比较。",
        "居民对办理结果的满意率:半权88.2%(95%区间73.0–95.4,n=34),严口径85.3%(95%区间68.9–95.0,n=34),宽口径91.2%(95%区间76.3–98.1,n=34)。",
        "未访到4件,未评价0件;说有人要求怎么回答的0件。",
    ]
    assert table(made, "parts") == [
        "日常调查 | 完成访问达到任务 | 任务数 | 100.0% (136) | 8.0 (136) | 8",
        "日常调查 | 有效接触 | 拨打的号码 | 90.5% (264) | 4.0 (264) | 4",
        "日常调查 | 各时段都拨打的日子 | 拨打的日子 | 0.0% (5) | 0.0 (5) | 3",
        "样本质量 | 复核没有问题的访问 | 被复核的访问 | 91.7% (12) 61.5–99.8 | 6.4 (12) | 7",
        "样本质量 | 被复核的访问 | 完成的访问 | 5.1% (234) | 2.1 (234) | 4",
        "样本质量 | 有最终结果的样本 | 释放的样本 | 99.6% (265) | 4.0 (265) | 4",
        "受理登记 | 按时受理 | 登记的诉求 | 88.9% (9) | 5.3 (9) | 6",
        "受理登记 | 首次归类正确 | 受理的诉求 | 88.9% (9) | 3.6 (9) | 4",
        "分流交办 | 按时呈报 | 受理的事项 | 88.9% (9) | 2.7 (9) | 3",
        "分流交办 | 按时交办 | 呈报的事项 | 88.9% (9) | 2.7 (9) | 3",
        "分流交办 | 一次交办到位 | 首次交办 | 92.9% (14) | 3.7 (14) | 4",
        "结果反馈 | 回访率 | 应回访 | 89.5% (38) | 7.2 (38) | 8",
        "结果反馈 | 按时回访 | 到期的回访 | 96.7% (30) | 5.8 (30) | 6",
        "结果反馈 | 没访到的试过三次以上 | 没访到的 | 50.0% (4) | 3.0 (4) | 6",
        "问题解决 | 本人确认解决 | 回答了是否解决的 | 79.4% (34) 62.1–91.3 | 7.9 (34) | 10",
        "研判会商 | 按时周报 | 应出周报 | 50.0% (4) | 2.5 (4) | 5",
        "研判会商 | 会商有决定 | 提交会商的 | 100.0% (1) | 5.0 (1) | 5",
        "数据真实 | 当日记录已封存 | 有记录的日子 | 85.7% (7) | 2.6 (7) | 3",
    ]
    assert table(made, "unmeasured") == [
        "信息报告 | 第一级就有回执 | 5 | 本期没有:重大信息",
        "数据真实 | 账号不共用 | 2 | 没有记录能说明",
    ]


async def test_satisfaction_moves_what_stands_beside_the_score_and_not_the_score(small_day: SmallDay) -> None:
    await whole_month(small_day)
    before = await sheet(small_day)
    await small_day.conn.execute(
        "UPDATE followup.callback SET answers = jsonb_set(answers, '{C3}', '[\"3\", null]') WHERE answers ? 'C3'"
    )
    after = await sheet(small_day)
    assert after.figures["total.half"] != before.figures["total.half"]
    assert [
        key
        for key in before.figures
        if key.startswith("score.") and before.figures[key] != after.figures[key]
    ] == []


async def test_what_was_found_is_taken_off_with_its_case_until_it_is_withdrawn(small_day: SmallDay) -> None:
    await whole_month(small_day)
    clean = (await sheet(small_day)).figures["score.total"].value
    assert clean is not None
    case = small_day.cases["lamp"]
    found = {"by": "市检查组", "now": LAST}
    await door.find(small_day.conn, CENTRE, "leak", words="名单发到15412345678", **found)  # type: ignore[arg-type]
    await door.find(small_day.conn, CENTRE, "default_satisfied", words="没问就填", case_number=case, **found)  # type: ignore[arg-type]
    made = await sheet(small_day)
    assert made.figures["score.total"].value == pytest.approx(clean - 30)
    assert table(made, "findings") == [
        "泄露居民信息 | 20 | — | 名单发到〔号码〕 | 市检查组",
        f"默认满意 | 10 | {case} | 没问就填 | 市检查组",
    ]
    await door.withdraw(small_day.conn, CENTRE, 1, words="查无此事", by="市检查组", now=LAST)
    assert (await sheet(small_day)).figures["score.total"].value == pytest.approx(clean - 10)
    await door.find(small_day.conn, CENTRE, "falsified", words="编造十份", **found)  # type: ignore[arg-type]
    vetoed = await sheet(small_day)
    assert vetoed.figures["score.total"].value == 0
    assert "有一票否决的事项,本期不得分。" in said(vetoed)


async def test_findings_are_refused_without_words_or_of_another_s_case_and_never_altered(
    small_day: SmallDay,
) -> None:
    conn = small_day.conn
    with pytest.raises(door.UnknownFinding, match="leak, default_satisfied, coaching, falsified"):
        await door.find(conn, CENTRE, "late", words="x", by="y", now=LAST)
    with pytest.raises(door.WordsMissing):
        await door.find(conn, CENTRE, "leak", words=" ", by="y", now=LAST)
    with pytest.raises(door.NotItsCase):
        await door.find(
            conn, CENTRE, "leak", words="x", by="y", now=LAST, case_number="991721-20260309-99999-1"
        )
    with pytest.raises(door.NoPoints, match="not 101"):
        await door.inspect(conn, CENTRE, 101, words="x", by="y", now=LAST)
    with pytest.raises(door.NothingToWithdraw):
        await door.withdraw(conn, CENTRE, 1, words="x", by="y", now=LAST)
    await door.find(conn, CENTRE, "leak", words="x", by="y", now=LAST)
    await door.withdraw(conn, CENTRE, 1, words="x", by="y", now=LAST)
    with pytest.raises(door.NothingToWithdraw):
        await door.withdraw(conn, CENTRE, 1, words="x", by="y", now=LAST)
    with pytest.raises(asyncpg.RestrictViolationError, match="withdraw it"):
        await conn.execute("UPDATE followup.centre_finding SET words = 'z'")


async def test_a_centre_of_which_little_could_be_counted_has_no_score(small_day: SmallDay) -> None:
    made = await sheet(small_day)
    assert said(made)[:2] == ["只有41分可测,太少,本期不评分;扣0分。", "和上期比:无从比较。"]
    assert "问题解决 | 本人确认解决 | 10 | 回答不足十份" in table(made, "unmeasured")
    assert made.figures["score.solving.solved.share"].withheld is not None


async def test_an_issued_score_is_made_again_though_work_went_on(small_day: SmallDay) -> None:
    await whole_month(small_day)
    made = await issue(small_day.conn, "centre", CENTRE, MARCH, by="市综治办", now=AFTER + timedelta(hours=8))
    await door.find(
        small_day.conn, CENTRE, "leak", words="四月才查实", by="市检查组", now=AFTER + timedelta(days=3)
    )
    await small_day.conn.execute(
        "UPDATE followup.callback SET settled_at = $1 WHERE settled_at > $1", AFTER + timedelta(days=1)
    )
    assert made.document.header.issue is not None
    found = await verify(small_day.conn, made.document.header.issue.number)
    assert (found.intact, found.same, found.changed) == (True, True, [])


async def test_a_year_is_its_quarters_and_its_inspection(small_day: SmallDay) -> None:
    await whole_month(small_day)
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    late = at(0, days=298)
    without = await build(small_day.conn, "centre", CENTRE, year, late)
    assert said(without)[0].endswith("所以全年不评分。")
    await door.inspect(small_day.conn, CENTRE, 60, words="初评", by="市检查组", now=at(9, days=270))
    await door.inspect(small_day.conn, CENTRE, 90, words="复评", by="市检查组", now=at(9, days=280))
    made = await build(small_day.conn, "centre", CENTRE, year, late)
    quarter = made.figures["q1.total"].value
    assert quarter is not None and [made.figures[f"q{n}.total"].value for n in (2, 3, 4)] == [None] * 3
    assert made.figures["year.total"].value == pytest.approx(0.8 * quarter + 0.2 * 90)
    at_its_end = await sheet(small_day, Period(date(2026, 1, 1), date(2026, 3, 31)))
    assert (
        at_its_end.figures["score.total"].value == quarter
    )  # what was late only afterwards is not held against it


async def test_it_reads_the_same_in_every_format_and_in_english(small_day: SmallDay) -> None:
    await whole_month(small_day)
    made = printed(await sheet(small_day))
    first = said(made.document)[0]
    assert first in html_paragraphs(FORMATS["html"](made, "zh")) and first in docx_paragraphs(
        FORMATS["docx"](made, "zh")
    )
    english = html_paragraphs(FORMATS["html"](made, "en"))
    assert any(line.startswith("Score of this period: ") and "95% interval" in line for line in english)
    csv = FORMATS["csv"](made, "zh").decode("utf-8-sig").splitlines()
    assert (csv[0], csv[1]) == ("制度,得分(项数),可测分值,满分", "日常调查,12.0,15,15")
