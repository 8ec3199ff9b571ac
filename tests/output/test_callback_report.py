"""The callback report: counted by hand, suppressed below ten ratings, the same in every form."""

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from io import StringIO

import numpy as np
import pytest
from small_day import CENTRE, DAY, SmallDay, at

from followup.reports.callback_document import callback_document
from followup.reports.callback_report import CallbackReport, make_report, read_callback_report
from followup.reports.callback_rows import CallbackLine, CentreNames, as_of
from followup.reports.document.model import Document
from followup.reports.document.wording import in_cell, in_text
from followup.reports.ratings import half_weight_interval
from followup.reports.rendering import FORMATS
from followup.reports.rendering.printed import printed
from survey.periods import Period
from survey.statistics.satisfaction import Satisfaction

SUILAN = CentreNames(CENTRE, "遂澜县社情民意调查中心", "Suilan Public Opinion Survey Centre", "Asia/Shanghai")


def line(
    serial: int, unit: str = "县公安局", codes: str = "C1=1 C2=1 C3=1", **changes: object
) -> CallbackLine:
    """A callback that was settled well, unless `changes` say otherwise."""
    answers = dict(pair.split("=") for pair in codes.split())
    plain: dict[str, object] = {
        "number": f"case-{serial}", "round": 1, "unit_ref": f"unit-{serial}", "unit_code": unit,
        "unit_zh": unit, "status": "settled", "accepted_at": at(9),
        "settled_at": at(9) + timedelta(hours=serial), "mode": "text", "attempts": 1, "reached": True,
        "answers": {question: [code, None] for question, code in answers.items()}, "words": None,
        "verdict": "closed", "reasons": (), "flagged": False, "decision": None, "decision_reason": None,
        "decision_due_at": None, "decision_post": None, "told_text": "已修好", "claimed_contact": True,
        "case_open": False,
    }  # fmt: skip
    return CallbackLine(**{**plain, **changes})  # type: ignore[arg-type]


def flagged(serial: int, **changes: object) -> CallbackLine:
    """Denied contact, not solved, and said so with a number in it."""
    return line(
        serial, codes="C1=2 C2=3 C3=3 C7=1", verdict="flagged", flagged=True,
        reasons=("not_contacted", "not_solved"), words="根本没人来,打15412345678", **changes,
    )  # fmt: skip


WEEK = Period(date(2026, 3, 9), date(2026, 3, 15))


def report(lines: Sequence[CallbackLine]) -> CallbackReport:
    return make_report(SUILAN, WEEK, at(18), lines)


def document(lines: Sequence[CallbackLine]) -> Document:
    return callback_document(report(lines))


def written(lines: Sequence[CallbackLine], ending: str, lang: str = "zh") -> str:
    return FORMATS[ending](printed(document(lines)), lang).decode()  # type: ignore[arg-type]


def cells(made: Document, table: str, column: str) -> list[str]:
    """A column of a table as printed in Chinese, from the top down."""
    (found,) = [one for one in made.tables() if one.key == table]
    place = [one.key for one in found.columns].index(column)
    shown = [row.cells[place] for row in found.rows]
    return [
        in_cell(made.figures[one], "zh") if isinstance(one, str) else one.zh if one else "" for one in shown
    ]


TWELVE = [
    *(line(n) for n in range(8)),
    line(8, codes="C1=1 C2=2 C3=2", verdict="closed_partly"),
    flagged(9, decision="redispatch", decision_reason="属实"),
    line(10, mode="voice"),
    line(11, "=城管局", verdict="closed_unrated", codes="C1=1", reached=False),
    line(12, "=城管局", verdict="closed_unreached", codes="", reached=False, mode=None),
    line(13, "=城管局", status="pending", verdict=None, codes="", reached=False, mode=None, attempts=0),
    line(14, "=城管局", status="not_suitable", verdict=None, codes="", reached=False, mode=None, attempts=0),
]


def test_the_funnel() -> None:
    funnel = report(TWELVE).funnel
    assert (funnel.due, funnel.attempted, funnel.reached, funnel.rated) == (14, 13, 11, 11)
    assert (funnel.unreached, funnel.unrated, funnel.waiting, funnel.not_suitable) == (1, 1, 1, 1)
    assert funnel.due == funnel.reached + funnel.unreached + funnel.unrated + funnel.waiting


def test_a_unit_s_line() -> None:
    police = report(TWELVE).units[0].tally
    assert (police.due, police.reached) == (11, 11)
    assert (police.ratings.satisfied, police.ratings.basically, police.ratings.dissatisfied) == (9, 1, 1)
    assert police.contacted == pytest.approx(10 / 11)
    assert police.solved == pytest.approx(9 / 11)
    assert police.redispatch_rate == pytest.approx(1 / 11)
    assert police.denied_contact == 1


def test_a_rating_of_who_was_not_asked_about_it_is_none() -> None:
    missing = report([line(1, codes="C1=1 C2=1 C3=dk")]).total
    assert missing.ratings.valid == 0
    assert missing.ratings.half_weight is None


def test_reasons_and_rounds() -> None:
    told = report([*TWELVE, line(9, round=2, number="case-9", case_open=True)])
    assert told.reasons == {"not_contacted": 1, "not_solved": 1}
    assert {number: (one.due, one.reached, one.flagged) for number, one in told.rounds.items()} == {
        1: (14, 11, 1),
        2: (1, 1, 0),
    }
    assert told.total.later_rounds_open == 1


def test_the_interval_of_the_half_weight_is_no_normal_one() -> None:
    interval = half_weight_interval(Satisfaction(29, 4, 2))  # 88.6; the normal one would be 79.5-97.6
    assert interval is not None
    assert [round(100 * end, 1) for end in interval] == [75.4, 95.1]


@pytest.mark.parametrize("shares", [(0.83, 0.11, 0.06), (0.95, 0.04, 0.01), (0.60, 0.25, 0.15)])
@pytest.mark.parametrize("n", [10, 35, 100])
def test_the_interval_of_the_half_weight_holds_the_truth(shares: tuple[float, float, float], n: int) -> None:
    truth, held = shares[0] + shares[1] / 2, 0
    for drawn in np.random.default_rng(7).multinomial(n, shares, size=1000):
        interval = half_weight_interval(Satisfaction(*map(int, drawn)))
        assert interval is not None
        held += interval.low <= truth <= interval.high
    assert held / 1000 >= 0.94


def test_where_all_are_satisfied_the_interval_still_has_a_width() -> None:
    assert half_weight_interval(Satisfaction(20, 0, 0)) == (pytest.approx(0.8316, abs=1e-4), 1.0)
    assert half_weight_interval(Satisfaction(1, 0, 0)) is None


def test_fewer_than_ten_ratings_are_not_printed() -> None:
    made = document(TWELVE)
    assert cells(made, "units", "name") == ["合计", "县公安局", "=城管局"]
    assert cells(made, "units", "due") == ["14", "11", "3"]
    assert cells(made, "units", "satisfied") == ["9", "*", "*"]  # 11 and 1: the total would tell of the one
    assert cells(made, "units", "half") == ["86.4% (11)\n50.0–97.6", "*", "*"]
    assert in_text(made.figures["units.=城管局.half"], "zh") == "不公布(回答不足十份)"


def test_a_unit_that_gives_nobody_away_is_printed() -> None:
    others = [line(20 + n, "交通局", codes="C1=1 C2=2 C3=2") for n in range(12)]
    made = document([*(one for one in TWELVE if one.unit_code == "县公安局"), *others])
    assert cells(made, "units", "name") == ["合计", "交通局", "县公安局"]
    assert cells(made, "units", "strict") == [
        "39.1% (23)\n19.7–61.5",
        "0.0% (12)\n0.0–26.5",
        "81.8% (11)\n48.2–97.7",
    ]


def test_the_main_table_as_csv() -> None:
    rows = list(csv.DictReader(StringIO(written(TWELVE, "csv").removeprefix("\ufeff"))))
    total, police, others = rows
    assert (total["承办单位"], total["应访"], total["半权"], total["半权 基数"]) == (
        "合计",
        "14",
        "86.4",
        "11",
    )
    assert (total["半权 下限"], total["半权 上限"]) == ("50.0", "97.6")
    assert (police["承办单位"], police["应访"], police["半权 基数"]) == ("县公安局", "11", "")
    assert others["承办单位"] == "'=城管局"  # a spreadsheet runs no formula
    assert others["半权"] == "回答不足十份"


def test_the_page_is_self_contained_and_shows_no_number() -> None:
    page = written(TWELVE, "html")
    assert "遂澜县社情民意调查中心回访情况报告" in page and "Callback report" in page
    assert "根本没人来,打〔号码〕" in page and "15412345678" not in page
    assert "<script" not in page and "http" not in page.replace("http-equiv", "").replace(
        "http://www.w3.org", ""
    )
    assert "第11期" in page and "草稿,未签发" in page


def test_decisions_that_wait_stand_on_top_however_old() -> None:
    old = flagged(
        30,
        number="case-old",
        day=date(2026, 2, 1),
        decision_due_at=at(9),
        decision_post="deputy",
        settled_at=at(8),
    )
    made = document(
        [*TWELVE, old, flagged(31, number="case-new", decision_due_at=at(20), decision_post="supervisor")]
    )
    assert made.sections[0].title.zh == "待决定事项"
    assert cells(made, "waiting", "case") == ["case-old", "case-new"]
    assert cells(made, "waiting", "due") == ["03-09 09:00 已逾时", "03-09 20:00"]
    assert cells(made, "waiting", "post") == ["副主任", "督办员"]
    assert made.figures["waiting.flags"].value == 2
    assert made.figures["funnel.due"].value == 15  # the old one became due before the period


def test_a_unit_is_below_the_floor_only_where_its_whole_interval_is() -> None:
    low = [line(100 + n, "城关镇", codes="C1=1 C2=3 C3=3") for n in range(33)]
    unsure = [line(200 + n, "交通局", codes=f"C1=1 C2=1 C3={3 if n % 5 == 0 else 1}") for n in range(33)]
    page = written([*low, *unsure, *(line(300 + n, "水利局") for n in range(12))], "html")
    assert "城关镇低于底线:0.0%(95%区间0.0–10.6,n=33)。" in page
    assert "交通局低于底线" not in page
    assert "评价达到30份、可以评判的单位2个,其余1个评价太少,不评判、不排名。" in page


def test_answers_by_question_of_at_least_ten() -> None:
    asked = [line(n, codes="C1=1 C2=1 C3=1 C4=2 C6=1") for n in range(9)]
    assert cells(document([*TWELVE, *asked]), "answers", "question") == [
        *["办理单位联系过您吗"] * 2, *["问题解决了吗"] * 3, *["对办理结果满意吗"] * 3,
    ]  # fmt: skip
    made = document([*TWELVE, *asked, line(30, codes="C4=1 C6=2")])
    assert cells(made, "answers", "question")[8:] == [
        *["办理人员的态度"] * 3,
        *["有没有人要求您怎么回答"] * 2,
    ]
    assert cells(made, "answers", "share")[8:] == [
        "10.0% (10)",
        "90.0% (10)",
        "0.0% (10)",
        "90.0% (10)",
        "10.0% (10)",
    ]


def test_nothing_due_is_said() -> None:
    page = written([], "html")
    assert "本期应回访0件" in page and "回访率无数据(n=0)" in page
    assert page.count("本期没有到期的回访。") == 4
    assert "no data (n=0)" in written([], "html", "en")


def test_what_came_after_the_cut_off_is_not_in_it() -> None:
    late = as_of(flagged(9, decision="redispatch", decided_at=at(19), day=DAY), at(18, days=1))
    soon = as_of(flagged(9, decision="redispatch", decided_at=at(19), day=DAY), at(18, days=0))
    early = as_of(flagged(9, decision="redispatch", decided_at=at(19), day=DAY), at(17))
    assert late.decision == "redispatch"
    assert (soon.flagged, soon.decision) == (True, None)
    assert (early.flagged, early.status, early.answers, early.words) == (False, "pending", {}, None)


async def test_from_the_database(small_day: SmallDay) -> None:
    read = await read_callback_report(small_day.conn, CENTRE, WEEK, at(18, days=6))
    assert (read.funnel.due, read.funnel.attempted, read.funnel.reached, read.funnel.rated) == (8, 8, 7, 7)
    assert {mode: tally.due for mode, tally in read.channels.items()} == {"text": 5, "voice": 2}
    assert [(line.number[-7:-2], line.round) for line in read.flagged] == [
        ("00041", 1),
        ("00052", 1),
        ("00052", 2),
        ("00060", 1),
    ]
    assert read.total.denied_contact == 1
    assert read.median_hours == pytest.approx(2.0)


async def test_an_unknown_centre_is_named(small_day: SmallDay) -> None:
    with pytest.raises(LookupError, match="990000"):
        await read_callback_report(small_day.conn, "990000", WEEK, at(18))


async def test_one_day_of_the_database_as_it_stood_in_its_evening(small_day: SmallDay) -> None:
    read = await read_callback_report(small_day.conn, CENTRE, Period(DAY, DAY), at(18))
    assert (read.funnel.due, read.funnel.reached, read.funnel.unreached) == (4, 4, 0)
    assert [line.number[-7:-2] for line in read.waiting] == ["00060"]
