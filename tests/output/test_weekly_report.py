"""The weekly report: what it says of a week, in words that a reader can hold it to."""

from __future__ import annotations

from datetime import date

import asyncpg
from report_week import CHENGGUAN, answered, towns, two_weeks
from small_day import AREAS, CENTRE, SmallDay, at

from followup.reports.building import build
from followup.reports.document.figures import both
from followup.reports.document.model import Document, Sentence
from followup.reports.document.wording import Lang, in_text, sentence_text
from followup.reports.remarks import Advice, Remarks
from survey import counting
from survey.periods import Period

WEEK = Period(date(2026, 3, 9), date(2026, 3, 15))


async def weekly(conn: asyncpg.Connection, remarks: Remarks | None = None) -> Document:
    await counting.refresh(conn)
    return await build(conn, "weekly", CENTRE, WEEK, at(0, days=7), remarks)


def said(made: Document, section: int, lang: Lang = "zh") -> list[str]:
    """The sentences of a section, its parts too."""
    own = made.sections[section]
    blocks = [*own.blocks, *(block for part in own.parts for block in part.blocks)]
    return [sentence_text(made, block, lang) for block in blocks if isinstance(block, Sentence)]


async def test_only_what_the_evidence_bears_is_claimed(small_day: SmallDay) -> None:
    """Safety has moved by less than its interval; satisfaction with the police has fallen by far more."""
    await two_weeks(small_day)
    made = await weekly(small_day.conn)
    assert said(made, 0) == [
        "拨打156次(号码156个,无效3个),接通137次;接听来电0次;发出短信调查16个,有回复10个。",
        "成功访问135份,上期100份。本期释放的调查样本:RR1 83.3%(n=162),COOP1 97.1%(n=139),REF1 1.9%(n=162)。",
        "登记诉求0件,意见建议0件,合计环比无从比较(上期0件);不予受理0件。",
    ]
    assert said(made, 1)[0] == (
        "安全感89.7%(95%区间83.3–94.3,n=136)。较上期+1.7个百分点(95%区间-6.8至+11.0) —— 无明显变化。"
        "去年同期无数据(n=0),较去年同期无数据(n=0) —— 无从比较。"
    )
    assert said(made, 1, "en")[0] == (
        "Sense of safety: 89.7% (95% interval 83.3–94.3, n=136). Against the period before: +1.7 points (95% interval -6.8 to"
        " +11.0) — no evidence of change. A year ago: no data (n=0); against it: no data (n=0) — nothing to compare with."
    )
    change = "now.police_satisfaction_strict.change"
    assert in_text(made.figures[change], "zh") == "-30.7个百分点(95%区间-42.9至-17.4)"
    assert in_text(made.figures[f"{change}.said"], "zh") == "有下降"


async def test_the_callbacks_are_those_of_the_callback_report(small_day: SmallDay) -> None:
    made = await weekly(small_day.conn)
    apart = await build(small_day.conn, "callback", CENTRE, WEEK, at(0, days=7))
    names = [key for key in made.figures if key.startswith(("units.", "funnel.", "floor."))]
    assert len(names) > 20
    for key in names:
        one, other = made.figures[key], apart.figures[key]
        assert (one.value, one.n, one.low, one.high) == (other.value, other.n, other.low, other.high), key


async def test_a_quota_sample_has_no_interval(small_day: SmallDay) -> None:
    await towns(small_day)
    small_day.campaigns["poll"] = await small_day.put(
        "survey.campaign", centre_code=CENTRE, code="poll", name_zh="夜市专项", purpose="survey",
        questionnaire_id=small_day.questionnaires["perception"], modes=["voice"], seed=7, opens_at=at(8), kind="poll",
        has_seats=True,
    )  # fmt: skip
    await small_day.put(
        "survey.quota_cell", None, campaign_id=small_day.campaigns["poll"], quota="age", cell="old", target=90
    )
    await answered(small_day, CHENGGUAN, ["1"] * 45 + ["3"] * 15, campaign="poll")
    made = await weekly(small_day.conn)
    assert said(made, 1)[-1] == "夜市专项:安全感75.0%(n=60,配额样本,不给抽样区间)。"
    assert said(made, 1, "en")[-1] == (
        "夜市专项: sense of safety 75.0% (n=60, quota sample, no design-based interval)."
    )


async def test_too_few_answers_are_not_published(small_day: SmallDay) -> None:
    made = await weekly(small_day.conn)
    assert "89" not in in_text(made.figures["now.safety_rate"], "zh")
    assert in_text(made.figures["now.safety_rate"], "zh").startswith("不公布(")


async def test_a_week_of_which_there_is_nothing_says_so(conn: asyncpg.Connection) -> None:
    await conn.executemany(
        "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES ($1, $2, $3, $4, $5)",
        AREAS,
    )
    await conn.execute(
        "INSERT INTO survey.centre (code, area_code, name_zh, short_zh, name_en) VALUES ($1, $1, $2, $3, $4)",
        CENTRE, "遂澜县社情民意调查中心", "遂澜", "Suilan",
    )  # fmt: skip
    made = await weekly(conn)
    texts = [text for place in range(len(made.sections)) for text in said(made, place)]
    assert texts[1] == (
        "成功访问0份,上期0份。本期释放的调查样本:RR1 无数据(n=0),COOP1 无数据(n=0),REF1 无数据(n=0)。"
    )
    assert "本期没有登记诉求。" in texts
    assert "本期没有提交研判意见。" in texts
    assert "本期没有重大信息报告。" in texts
    assert made.header.title.zh == "遂澜县社情民意调查周报"


async def test_what_people_add_stands_under_their_name(small_day: SmallDay) -> None:
    remarks = Remarks(
        author="研判组",
        judgement=(both("夜间货车违停3周9件", "Lorries parked at night, 9 in 3 weeks"),),
        advice=(Advice(what=both("专项整治", "A campaign"), lead="公安局", by="3月27日"),),
    )
    made = await weekly(small_day.conn, remarks)
    assert said(made, 5) == ["夜间货车违停3周9件——研判组"]
    assert said(made, 6) == ["专项整治(牵头:公安局;3月27日前反馈)——研判组"]
