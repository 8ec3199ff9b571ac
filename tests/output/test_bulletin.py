"""The quarterly bulletin: counties with planted answers, their ranks with ranges, and what it claims of changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from small_day import SmallDay, at

from followup.indicators import IndicatorReport
from followup.issuing import issue, verify
from followup.reports.building import build
from followup.reports.bulletin_document import bulletin_document
from followup.reports.bulletin_facts import MEASURED, BulletinFacts, CountyFacts
from followup.reports.bulletin_remarks import NoCounty
from followup.reports.bulletin_standing import standings
from followup.reports.callback_rows import CentreNames
from followup.reports.document.model import Document, Sentence
from followup.reports.document.wording import in_cell, sentence_text
from followup.reports.remarks import Province, Remarks
from followup.reports.report_policy import report_policy
from followup.store.counties import County
from survey import counting
from survey.periods import Period, period, preceding, quarters
from survey.statistics.indicator_definitions import shipped_indicators
from survey.statistics.indicator_estimates import CodeCounts
from survey.statistics.indicator_table import make_table
from survey.statistics.mover import Side

CENTRE = CentreNames("991721", "遂澜县社情民意调查中心", "Suilan Opinion Centre", "Asia/Shanghai")
QUARTER = period("2026-Q2")
GOOD = {
    "Q1": "1", "Q2": "1", "Q3": "1", "Q8a": "1", "Q8b": "1", "Q8c": "1", "Q9a": "1", "Q9b": "1",
}  # fmt: skip
BAD = {"Q1": "3", "Q2": "3", "Q3": "3", "Q8a": "3", "Q8b": "3", "Q8c": "3", "Q9a": "2", "Q9b": "2"}


def report(n: int, bad: Mapping[str, int]) -> IndicatorReport:
    """Of n people, so many gave the bad answer to each question."""
    counts = {}
    for question, good in GOOD.items():
        few = bad.get(question, 0)
        numbers = np.array([n - few, few], np.float64)
        counts[f"perception.{question}"] = CodeCounts(
            [good, BAD[question]], np.zeros(2, np.int64), np.arange(2), numbers, numbers, numbers
        )
    policy = shipped_indicators()
    table = make_table(policy, policy.named(MEASURED), [], counts)
    return cast(IndicatorReport, SimpleNamespace(table=table, ground=SimpleNamespace(policy=policy)))


def bulletin(
    lines: Sequence[tuple[str, IndicatorReport, IndicatorReport]], remarks: Remarks | None = None, **more: Any
) -> Document:
    """(name, before, now) of each county."""
    counties = [
        CountyFacts(
            County(f"9917{place:02d}", f"9917{place:02d}", name, f"County {name}", "安澜市", "Anlan"),
            now,
            before,
            **more,
        )
        for place, (name, before, now) in enumerate(lines, 21)
    ]
    days = period("2025") if more else QUARTER
    return bulletin_document(BulletinFacts(CENTRE, days, at(18), counties), remarks)


def said(made: Document) -> list[str]:
    return [sentence_text(made, block, "zh") for block in made.blocks() if isinstance(block, Sentence)]


def table(made: Document, key: str) -> list[list[str]]:
    (found,) = [one for one in made.tables() if one.key == key]
    return [
        [in_cell(made.figures[cell], "zh") if isinstance(cell, str) else cell.zh if cell else "" for cell in row.cells]
        for row in found.rows
    ]  # fmt: skip


def test_ranks_stand_with_their_ranges_and_the_small_county_has_none() -> None:
    same = report(400, {"Q1": 40})
    made = bulletin(
        [
            ("遂澜县", report(400, {"Q1": 60}), report(400, {"Q1": 8})),
            ("平岗县", same, same),
            ("柳河县", same, report(400, {"Q1": 44})),
            ("小泉县", same, report(20, {"Q1": 2})),
        ]
    )
    ranks = [[row[0], *row[2:]] for row in table(made, "ranks")]
    assert ranks == [
        ["遂澜县", "1\n1–1", "▲2", "0"],
        ["平岗县", "2\n2–3", "▼1", "1"],
        ["柳河县", "3\n2–3", "▼2", "1"],
        ["小泉县", "样本量不足不排名", "", ""],
    ]
    assert "排名的县区3个;样本量不足或无可比县区而不排名的1个。" in said(made)


def test_what_rose_is_named_and_what_did_not_is_neither_up_nor_down() -> None:
    same = report(400, {"Q1": 40})
    made = bulletin(
        [
            ("遂澜县", report(400, {"Q1": 60}), report(400, {"Q1": 8})),
            ("平岗县", same, report(400, {"Q1": 36})),
        ]
    )
    assert [text for text in said(made) if "有改善" in text or "有下降" in text] == [
        "遂澜县安全感(安全+比较安全)有改善:+13.0个百分点(95%区间+9.1至+17.0)。",
        "遂澜县平安建设综合得分有改善:+5.2(95%区间+3.7至+6.8)。",
    ]
    by_name = {(row[0], row[1]): row[3:] for row in table(made, "moves")}
    assert by_name["平岗县", "安全感(安全+比较安全)"] == ["0.68", "无明显变化"]


def test_fewer_than_ten_answers_are_in_no_cell() -> None:
    made = bulletin([("遂澜县", report(9, {"Q1": 3}), report(9, {"Q1": 3}))])
    assert table(made, "levels") == [["遂澜县", "*", "*", "*", "*"]]
    assert {row[4] for row in table(made, "moves")} == {"无从比较"}


@pytest.mark.parametrize("seed", [1, 2])
def test_without_any_change_twenty_bulletins_claim_at_most_once(seed: int) -> None:
    """10 counties x 4 indicators, both quarters drawn from the same truth."""
    dice = np.random.default_rng(seed)

    def drawn() -> IndicatorReport:
        return report(400, {question: int(dice.binomial(400, 0.1)) for question in GOOD})

    claims = 0
    for _ in range(20):
        made = bulletin([(f"{place}号县", drawn(), drawn()) for place in range(10)])
        claims += bool([text for text in said(made) if "有改善" in text or "有下降" in text])
    assert claims <= 1


def test_both_gates_are_the_policy_s(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reaches 401 answers, and a probability of all but one is silent where policy says so."""
    strict = report_policy().model_copy(update={"fewest_ranked": 401, "silent_probability": (0.0, 1.0)})
    monkeypatch.setattr("followup.reports.bulletin_sections.report_policy", lambda: strict)
    monkeypatch.setattr("followup.reports.bulletin_standing.report_policy", lambda: strict)
    before, after = report(400, {"Q1": 60}), report(400, {"Q1": 8})
    made = bulletin([("遂澜县", before, after), ("平岗县", before, after)])
    assert [row[2] for row in table(made, "ranks")] == ["样本量不足不排名"] * 2
    assert not [text for text in said(made) if "有改善" in text]


def test_of_one_county_there_is_no_rank() -> None:
    one = report(400, {"Q1": 40})
    assert table(bulletin([("遂澜县", one, one)]), "ranks")[0][2:] == ["无可比县区不排名", "", ""]
    assert standings({"a": Side(0.9, 0.8, 0.95)}, {}, 1) == {}


def test_a_year_puts_its_four_quarters_beside_each_other() -> None:
    one = report(400, {"Q1": 40})
    made = bulletin([("遂澜县", one, one)], quarters=[one, one, report(0, {}), one])
    assert made.header.title.zh == "安澜市社情民意年总评"
    assert table(made, "quarters") == [
        ["遂澜县", *["90.0% (400)\n86.6–92.8"] * 2, "—", "90.0% (400)\n86.6–92.8"]
    ]


def test_the_period_before_a_quarter_is_a_quarter() -> None:
    assert preceding(period("2026-Q1")) == period("2025-Q4")
    assert preceding(period("2026")) == period("2025")
    assert preceding(period("2026-W11")) == period("2026-W10")
    assert quarters(period("2026"))[3] == period("2026-Q4") and quarters(QUARTER) == []


SAME = report(400, {"Q1": 40})
HANDED_IN = {
    "author": "研判组",
    "praised": [{"who": {"zh": "遂澜县公安局", "en": "Suilan Public Security"}, "why": {"zh": "夜间巡逻", "en": "Patrols"}}],
    "criticised": [
        {
            "who": {"zh": "柳河镇", "en": "Liuhe"},
            "why": {"zh": "三件逾期", "en": "Three cases late"},
            "rectify": {"zh": "逐件答复", "en": "Answer each"},
            "until": "2026-04-30",
        }
    ],
    "focus": [{"zh": "夜间路灯", "en": "Street lights at night"}],
    "province": {
        "counties": 108,
        "source": {"zh": "省平安办第1号通报", "en": "Notice 1 of the province"},
        "ranks": {"991721": {"rank": 12, "before": 31}, "991722": {"rank": 40}},
    },
}  # fmt: skip


def test_what_was_handed_in_stands_in_it_as_theirs() -> None:
    """The province's ranks with its notice, who is praised and criticised, until when it is to be put right, what comes next."""
    made = bulletin([("遂澜县", SAME, SAME), ("平岗县", SAME, SAME)], Remarks.model_validate(HANDED_IN))
    assert table(made, "province") == [["遂澜县", "12", "31", "▲19"], ["平岗县", "40", "", ""]]
    assert table(made, "praised") == [["遂澜县公安局", "夜间巡逻"]]
    assert table(made, "criticised") == [["柳河镇", "三件逾期", "逐件答复", "2026-04-30"]]
    told = said(made)
    assert "省里对108个县区排名,依据:省平安办第1号通报。名次由省里公布,本中心不能核算,没有区间。" in told
    assert "夜间路灯——研判组" in told
    assert [one.title.zh for one in made.sections[-5:]] == [
        "省排名",
        "通报表扬和批评",
        "下季度重点",
        "研判",
        "建议",
    ]


def test_without_it_a_bulletin_is_as_it_always_was() -> None:
    counties = [("遂澜县", SAME, SAME)]
    assert bulletin(counties) == bulletin(counties, Remarks(author="研判组"))


def test_a_county_of_another_city_has_no_place_in_it() -> None:
    elsewhere = HANDED_IN | {"province": HANDED_IN["province"] | {"ranks": {"991801": {"rank": 3}}}}  # type: ignore[operator]
    with pytest.raises(NoCounty, match="991801 are no counties of the city; it has 991721"):
        bulletin([("遂澜县", SAME, SAME)], Remarks.model_validate(elsewhere))


def test_no_county_ranks_below_the_last() -> None:
    with pytest.raises(ValueError, match="county 991721 ranks 120 of 108"):
        Province.model_validate(
            {"counties": 108, "source": {"zh": "通报", "en": "notice"}, "ranks": {"991721": {"rank": 120}}}
        )


async def test_an_issued_bulletin_is_made_again_byte_for_byte(small_day: SmallDay) -> None:
    await counting.refresh(small_day.conn)
    remarks = Remarks.model_validate(
        HANDED_IN | {"province": HANDED_IN["province"] | {"ranks": {"991721": {"rank": 12}}}}  # type: ignore[operator]
    )
    this = await issue(
        small_day.conn,
        "bulletin",
        "991721",
        period("2026-Q1"),
        by="主任李某",
        now=at(9, days=60),
        remarks=remarks,
    )
    assert this.document.header.title.zh == "安澜市社情民意季通报"
    assert (this.document.header.serial, this.document.header.year) == (1, 2026)
    assert (
        this.document.header.issue
        and this.document.header.issue.number == "991721-bulletin-20260101-20260331"
    )
    found = await verify(small_day.conn, "991721-bulletin-20260101-20260331")
    assert found.intact and found.same


async def test_a_quarter_without_answers_says_so(small_day: SmallDay) -> None:
    day = Period(date(2025, 1, 1), date(2025, 3, 31))
    made = await build(small_day.conn, "bulletin", "991721", day, at(0))
    assert said(made)[:2] == [
        "遂澜县安全感(安全+比较安全)无数据(n=0)。",
        "排名的县区0个;样本量不足或无可比县区而不排名的1个。",
    ]
