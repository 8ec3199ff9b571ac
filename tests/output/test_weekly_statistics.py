"""The weekly report beyond counting: weights that meet the population, days beside their past, townships by the model."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from report_week import CHENGGUAN, LIUHE, answered, towns
from small_day import CENTRE, SmallDay, at

from followup.reports.building import build
from followup.reports.document.model import Document, Sentence
from followup.reports.document.wording import in_text, sentence_text
from survey import counting
from survey.periods import Period
from survey.statistics.joined_categories import joined_categories

WEEK = Period(date(2026, 3, 9), date(2026, 3, 15))
ADULTS: dict[str, Any] = {
    "method": "raking",
    "questionnaire": "perception",
    "area": "township",
    "questions": {"sex": "Q10_sex", "age": "Q10_age"},
    "totals": {
        "sex": {"1": 5000, "2": 5000},
        "area": {CHENGGUAN: 6000, LIUHE: 4000},
    },
    "source": {"zh": "公安局年末户籍人口", "en": "register of residents"},
}


async def weekly(day: SmallDay) -> Document:
    await counting.refresh(day.conn)
    return await build(day.conn, "weekly", CENTRE, WEEK, at(0, days=7))


def part(made: Document, title: str) -> list[str]:
    """The sentences of a part of the second section."""
    (found,) = [one for one in made.sections[1].parts if one.title.zh == title]
    return [sentence_text(made, one, "zh") for one in found.blocks if isinstance(one, Sentence)]


async def test_women_count_for_half_where_half_of_the_people_are_women(small_day: SmallDay) -> None:
    """Men answered twice as often, and feel safer: as many men as women live there, so the rate is the mean of both."""
    await small_day.put(
        "survey.policy", None, key="population", centre_code=CENTRE, version=1, valid_from=date(2026, 1, 1), body=ADULTS
    )  # fmt: skip
    await towns(small_day)
    men, women = ["1 1 1 2"] * 54 + ["3 1 1 2"] * 6, ["1 1 2 3"] * 18 + ["3 1 2 3"] * 12
    await answered(small_day, CHENGGUAN, men, days=1)
    await answered(small_day, CHENGGUAN, women, days=2)
    await answered(small_day, LIUHE, men[:30] + men[-3:] + women[:9] + women[-6:], days=3)
    made = await weekly(small_day)
    assert made.figures["calibrated.safety_rate"].n == 145
    assert made.figures["calibrated.safety_rate"].value == pytest.approx(0.75, abs=0.02)
    assert (made.figures["now.safety_rate"].value or 0) > 0.8
    assert part(made, "按人口校准") == [
        "权重按性别、乡镇校准到成年人口(公安局年末户籍人口),用145份访问;缺其中一项的1份不在内;回答太少并入邻类的类别0个;权重的设计效应1.13。"
    ]


async def test_without_a_population_the_report_says_that_nothing_is_calibrated(small_day: SmallDay) -> None:
    assert part(await weekly(small_day), "按人口校准") == [
        "没有录入本县成年人口,未校准;以上各数只用抽样权重。"
    ]


def test_what_few_answered_goes_to_its_smaller_neighbour() -> None:
    found = joined_categories({"1": 100, "2": 200, "3": 300, "4": 50}, {"1": 20, "2": 30, "3": 9, "4": 2}, 5)
    assert (found.totals, found.of["4"], found.joined) == ({"1": 100, "2": 200, "3+4": 350}, "3+4", 2)


INSERT_DAY = """
INSERT INTO survey.answer_rollup (day, centre_code, question_id, campaign_id, mode, started_mode, areas, codes, n, w, w2)
VALUES ($1, $2, 'Q1', $3, 'voice', 'voice', $4, '{1,3}', $5::int[], $5::int[], $5::int[])"""


async def series(day: SmallDay, safe: int) -> Document:
    """A hundred answers a day for eighty days, 88 to 92 of them safe in turn; in the week of the report `safe` of them."""
    await counting.refresh(day.conn)
    await day.conn.execute("DELETE FROM survey.answer_rollup WHERE question_id = 'Q1'")
    for back in range(80):
        when = WEEK.last - timedelta(days=back)
        yes = safe if when >= WEEK.first else 88 + back * 3 % 5
        await day.conn.execute(
            INSERT_DAY, when, CENTRE, day.campaigns["daily-voice"], [CHENGGUAN] * 2, [yes, 100 - yes]
        )
    return await build(day.conn, "weekly", CENTRE, WEEK, at(0, days=7))


async def test_a_fall_of_fifteen_points_is_an_alert(small_day: SmallDay) -> None:
    made = await series(small_day, safe=75)
    said = in_text(made.figures["watch.safety_rate"], "zh")
    assert "低于以往(CUSUM)" in said and "低于以往(EWMA)" in said
    (about,) = part(made, "每日监测")
    assert about.startswith("1项指标的每天结果与此前三周相比(EWMA看升降,CUSUM看下降),本期报警")
    rate = made.figures["watch.false_alarms"].value
    assert rate is not None and 0 < rate <= 4.0


async def test_days_like_those_before_are_none(small_day: SmallDay) -> None:
    made = await series(small_day, safe=90)
    assert in_text(made.figures["watch.safety_rate"], "zh") == "没有报警"
    assert in_text(made.figures["watch.police_satisfaction_strict"], "zh") == "以往天数不足,未监测"


async def test_a_model_of_eight_townships_is_marked_and_says_how_much_is_own(small_day: SmallDay) -> None:
    codes = [f"991721{place:03}" for place in range(11, 20)]
    for code in codes:
        await small_day.put(
            "survey.area", None, code=code, parent_code=CENTRE, level="township", name_zh=f"乡{code[-2:]}", name_en=code[-2:]
        )  # fmt: skip
    for place, code in enumerate(codes[:8]):
        await answered(small_day, code, ["1"] * (20 - place) + ["3"] * (place + 1), days=1)
    await answered(small_day, codes[8], ["1"] * 3, days=1)
    made = await weekly(small_day)
    model, own = made.figures["town.991721018.model"], made.figures["town.991721018.model.own"].value
    assert model.label.zh == "乡18 安全感(模型估计)"
    assert model.value is not None and own is not None
    direct = 13 / 21
    assert direct < model.value < 0.9 and 0 < own < 1
    assert "town.991721019.model" not in made.figures
    assert part(made, "分乡镇")[0].endswith("模型估计不是直接调查结果,不用于考核。(乡镇不足8个时不建模。)")
