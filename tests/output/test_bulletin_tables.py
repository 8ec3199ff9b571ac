"""Tables C and D of a bulletin: units of all counties without ranks, townships of their own answers or by the model."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from report_week import two_weeks
from small_day import SmallDay, at
from test_bulletin import CENTRE, report, table
from test_bulletin_centres import bulletin as of_centres
from test_bulletin_centres import work

from followup.indicators import IndicatorReport
from followup.reports.building import build
from followup.reports.bulletin_document import bulletin_document
from followup.reports.bulletin_facts import HEADLINE, BulletinFacts, CountyFacts
from followup.reports.callback_report import make_report
from followup.reports.callback_rows import CallbackLine
from followup.reports.document.figures import both
from followup.reports.document.model import Document, Sentence
from followup.reports.document.wording import sentence_text
from followup.reports.town_model import Town, modelled
from followup.store.counties import County
from survey import counting
from survey.periods import period
from survey.statistics.indicator_definitions import shipped_indicators
from survey.statistics.indicator_estimates import CodeCounts
from survey.statistics.indicator_table import Cell, make_table
from survey.store.counted import AreaRow


def callback(number: int, unit: str, name: str, solved: str, rated: str) -> CallbackLine:
    """A callback whose resident was reached."""
    return CallbackLine(
        number=f"991721-20260401-{number:05d}-1", round=1, unit_ref=None, unit_code=unit, unit_zh=name, status="settled",
        accepted_at=at(9), settled_at=at(10), mode="voice", attempts=1, reached=True,
        answers={"C1": ["1", None], "C2": [solved, None], "C3": [rated, None]}, words=None, verdict="closed", reasons=(),
        flagged=False, decision=None, decision_reason=None, decision_due_at=None, decision_post=None, told_text=None,
        claimed_contact=True, case_open=False,
    )  # fmt: skip


def test_units_of_two_counties_of_one_name_stand_apart_and_the_one_beyond_chance_is_named() -> None:
    good = [callback(n, "A-PO", "公安局", "1", "1") for n in range(60)]
    bad = [callback(n, "B-PO", "公安局", "3", "3" if n % 2 else "1") for n in range(60)]
    few = [callback(n, "B-TX", "税务局", "1", "1") for n in range(4)]
    few += [callback(n, "B-ZJ", "住建局", "1", "1") for n in range(6)]
    made = of_centres(
        replace(work(0, 0.9), callbacks=make_report(CENTRE, period("2026-Q2"), at(18), good)),
        replace(work(1, 0.9), callbacks=make_report(CENTRE, period("2026-Q2"), at(18), [*bad, *few])),
    )
    assert [row[:3] for row in table(made, "units")] == [
        ["合计", "130", "130"],
        ["遂澜县公安局", "60", "60"],
        ["平岗县公安局", "60", "60"],
        ["平岗县住建局", "6", "6"],
        ["平岗县税务局", "4", "4"],
    ]
    half = {row[0]: row[5] for row in table(made, "units")}
    assert (half["平岗县税务局"], half["平岗县住建局"]) == ("*", "*")
    assert half["平岗县公安局"].startswith("50.0% (60)") and half["遂澜县公安局"].startswith("100.0% (60)")
    said = [sentence_text(made, one, "zh") for one in made.blocks() if isinstance(one, Sentence)]
    assert [one.split(":")[0] for one in said if "明显高" in one or "明显低" in one] == [
        "遂澜县公安局明显高于全市",
        "平岗县公安局明显低于全市",
    ]


def towns(*sizes: tuple[int, int]) -> IndicatorReport:
    """(answers, of these unsafe) of each township of a county."""
    n = len(sizes)
    codes, cells = np.tile([0, 1], n), np.repeat(np.arange(n), 2)
    numbers = np.array([x for whole, bad in sizes for x in (whole - bad, bad)], np.float64)
    counts = {"perception.Q1": CodeCounts(["1", "3"], cells, codes, numbers, numbers, numbers)}
    policy = shipped_indicators()
    areas = [AreaRow(f"991721{place:03d}", f"{place}号镇", f"Town {place}") for place in range(1, n + 1)]
    made = make_table(policy, policy.named([HEADLINE]), [Cell(None, one.code) for one in areas], counts)
    return cast(
        IndicatorReport, SimpleNamespace(table=made, ground=SimpleNamespace(policy=policy, areas=areas))
    )


def bulletin(found: IndicatorReport) -> Document:
    one = report(400, {"Q1": 40})
    county = County("991721", "991721", "遂澜县", "Suilan", "安澜市", "Anlan")
    return bulletin_document(
        BulletinFacts(CENTRE, period("2026-Q2"), at(18), [CountyFacts(county, one, one, towns=found)])
    )


def test_townships_of_a_hundred_answers_stand_by_their_own_smaller_ones_by_the_model_and_the_smallest_are_named() -> (
    None
):
    made = bulletin(towns((200, 20), (120, 30), *[(40, 4)] * 6, (4, 1), (12, 2)))
    rows = {row[1]: row[2:] for row in table(made, "townships")}
    assert rows["1号镇"] == ["90.0% (200)\n85.0–93.8", "直接估计", ""]
    assert rows["2号镇"][1] == "直接估计"
    share, how, weight = rows["3号镇"]
    assert (how, share.startswith("8"), "(40)" in share) == ("模型估计", True, True) and 0 < float(weight) < 1
    assert rows["9号镇"] == ["", "回答不足十份,或可由别的数推算出", ""]
    said = [sentence_text(made, one, "zh") for one in made.blocks() if isinstance(one, Sentence)]
    assert any(one.startswith("直接估计的乡镇2个;") for one in said)
    assert made.figures["town.991721003"].label.zh == "3号镇 安全率(模型估计)"
    assert "town.991721009" not in made.figures


def test_too_few_townships_carry_no_model() -> None:
    rows = {row[1]: row[2:] for row in table(bulletin(towns((200, 20), (40, 4))), "townships")}
    assert rows["2号镇"] == ["", "样本量不足,乡镇太少不建模", ""]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_model_is_nearer_the_truth_than_the_townships_own_answers_and_covers_it(seed: int) -> None:
    dice = np.random.default_rng(seed)
    truth = np.clip(dice.normal(0.9, 0.03, 200), 0.7, 0.99)
    safe = dice.binomial(40, truth) / 40
    found = modelled(
        [Town(str(k), both("镇", "t"), float(safe[k]), None, None, 40, 40.0) for k in range(200)]
    )
    values = np.array([found[str(k)].value for k in range(200)])
    inside = np.array([found[str(k)].low <= truth[k] <= found[str(k)].high for k in range(200)])
    assert np.mean((values - truth) ** 2) < 0.6 * np.mean((safe - truth) ** 2)
    assert inside.mean() > 0.9


async def test_a_bulletin_reads_the_townships_of_the_city(small_day: SmallDay) -> None:

    await two_weeks(small_day)
    await counting.refresh(small_day.conn)

    made = await build(small_day.conn, "bulletin", "991721", period("2026-Q1"), at(0, days=23))
    rows = {row[1]: row[2:] for row in table(made, "townships")}
    assert rows["城关镇"][1] == "直接估计"
    assert rows["王庄乡"] == ["", "回答不足十份,或可由别的数推算出", ""]
