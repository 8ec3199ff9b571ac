"""The callback report: counted by hand, suppressed below ten ratings, the same in every form."""

import csv
import json
from collections.abc import Sequence
from datetime import timedelta
from io import StringIO

import pytest
from small_day import CENTRE, SmallDay, at

from followup.reports.callback_report import CallbackReport, make_report, read_callback_report
from followup.reports.callback_rows import CallbackLine, CentreNames
from followup.reports.documents import to_csv, to_html, to_json
from followup.reports.ratings import half_weight_interval
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


def report(lines: Sequence[CallbackLine]) -> CallbackReport:
    return make_report(SUILAN, at(18), lines)


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
    assert [(r.round, r.due, r.reached, r.solved, r.flagged) for r in told.rounds] == [
        (1, 14, 11, 9, 1),
        (2, 1, 1, 1, 0),
    ]
    assert told.total.later_rounds_open == 1


def test_the_interval_of_the_published_example() -> None:
    interval = half_weight_interval(Satisfaction(29, 4, 2))  # 88.6 (79.5-97.6)
    assert interval is not None
    assert [round(100 * end, 1) for end in interval] == [79.5, 97.6]


def test_where_all_are_satisfied_the_interval_still_has_a_width() -> None:
    assert half_weight_interval(Satisfaction(20, 0, 0)) == (pytest.approx(0.8316, abs=1e-4), 1.0)
    assert half_weight_interval(Satisfaction(1, 0, 0)) is None


def test_fewer_than_ten_ratings_are_not_printed() -> None:
    rows = list(csv.DictReader(StringIO(to_csv(report(TWELVE)).removeprefix("\ufeff"))))
    total, police, others = rows
    assert total["承办单位 unit"] == "合计 total"
    assert police["满意 S"] == "9" and police["半权% half weight"] == "86.4"
    assert others["满意 S"] == others["半权% half weight"] == others["否认联系 denied contact"] == "n<10"
    assert others["应访 due"] == "3"


def test_a_spreadsheet_runs_no_formula() -> None:
    assert "'=城管局" in to_csv(report(TWELVE))


def test_the_page_is_self_contained_and_shows_no_number() -> None:
    page = to_html(report(TWELVE))
    assert "回访情况报告" in page and "Callback report" in page
    assert "根本没人来,打〔号码〕" in page and "15412345678" not in page
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")
    assert "86.4" in page and "评价不足10份" in page


def test_json_holds_the_same() -> None:
    body = json.loads(to_json(report(TWELVE)))
    assert body["funnel"]["due"] == 14
    assert body["distributions"]["C3"] == {"1": 9, "2": 1, "3": 1}
    assert "C6" not in body["distributions"]  # nobody answered it
    assert body["units"][1]["half_weight_pct"] == "86.4"
    assert body["flagged"][0]["words"] == "根本没人来,打〔号码〕"


async def test_from_the_database(small_day: SmallDay) -> None:
    read = await read_callback_report(small_day.conn, CENTRE, at(18))
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
        await read_callback_report(small_day.conn, "990000", at(18))
