"""Closed cases of another platform: what is kept, what is refused, and how each is told."""

from datetime import datetime

import pytest
from list_examples import SHANGHAI, read_cases

from survey.sampling.list_specs import ClosedCaseRow

LAMPS = (
    "GD-1,陈娟,15450000001,门前路灯不亮,城乡建设,遂澜县沙店镇王庄村,城管局,2026-03-05 16:20,路灯已换新。,是"
)


def test_a_case_is_read_with_who_handled_it_and_what_is_to_be_told() -> None:
    read = read_cases(LAMPS)
    assert read.refusals == ()
    assert read.rows == (
        ClosedCaseRow(
            line=2,
            external_number="GD-1",
            name="陈娟",
            number_given="15450000001",
            number="+8615450000001",
            landline=False,
            content="门前路灯不亮",
            category="城乡建设",
            area_code="991721100200",
            unit_code="991721-urban",
            closed_at=datetime(2026, 3, 5, 16, 20, tzinfo=SHANGHAI),
            result_summary="路灯已换新",
            claimed_contact=True,
        ),
    )


def test_a_resident_may_have_two_cases_but_a_case_stands_once() -> None:
    read = read_cases(LAMPS, LAMPS.replace("GD-1", "GD-2"), LAMPS.replace("GD-1", "gd-1"))
    assert [row.external_number for row in read.rows] == ["GD-1", "GD-2"]
    assert [str(refusal) for refusal in read.refusals] == [
        "line 4, 工单号: the same as on line 2, which is kept; delete one of the two lines"
    ]


def test_a_case_with_several_faults_is_told_all_of_them() -> None:
    read = read_cases("GD-1,,1545,门前路灯不亮,城乡建设,沙店镇,园林处,2026-02-30,,也许")
    assert read.rows == ()
    assert [str(refusal) for refusal in read.refusals] == [
        "line 2, 诉求人: the field is empty; fill it in",
        "line 2, 联系电话: this number has 4 digits; a mobile has 11, a landline 10 to 12; "
        "check the number against its source",
        'line 2, 承办单位: unknown unit "园林处"; no known name is like it; check the spelling',
        'line 2, 办结时间: "2026-02-30" is in no calendar; check it against its source',
        "line 2, 办理结果: the field is empty; fill it in",
        'line 2, 是否联系群众: "也许" is neither yes nor no; write 是 or 否',
    ]
    assert read.refused_lines == {2}


@pytest.mark.parametrize("unit", ["遂澜县公安局", "公安局", "县公安局", "991721-police", "遂澜县 公安局"])
def test_a_unit_is_known_with_and_without_its_county(unit: str) -> None:
    assert read_cases(LAMPS.replace("城管局", unit)).rows[0].unit_code == "991721-police"


def test_an_unknown_unit_is_answered_with_the_nearest_names() -> None:
    read = read_cases(LAMPS.replace("城管局", "公安分局"))
    assert str(read.refusals[0]).startswith(
        'line 2, 承办单位: unknown unit "公安分局"; nearest known names: 公安局'
    )


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-03-05 16:20:30", datetime(2026, 3, 5, 16, 20, 30, tzinfo=SHANGHAI)),
        ("2026-03-05T16:20", datetime(2026, 3, 5, 16, 20, tzinfo=SHANGHAI)),
        ("2026/3/5 9:05", datetime(2026, 3, 5, 9, 5, tzinfo=SHANGHAI)),
        ("2026.3.5", datetime(2026, 3, 5, tzinfo=SHANGHAI)),
        ("2026年3月5日", datetime(2026, 3, 5, tzinfo=SHANGHAI)),
        ("2026年3月5日 16时20分", datetime(2026, 3, 5, 16, 20, tzinfo=SHANGHAI)),
        ("2026-03-09 23:59", datetime(2026, 3, 9, 23, 59, tzinfo=SHANGHAI)),
    ],
)
def test_moments_as_platforms_write_them(written: str, moment: datetime) -> None:
    assert read_cases(LAMPS.replace("2026-03-05 16:20", written)).rows[0].closed_at == moment


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("昨天", '"昨天" is not a date; write it like 2026-03-05 16:20'),
        ("46086.68", '"46086.68" is not a date; write it like 2026-03-05 16:20'),
        ("2026-03-05 25:00", '"2026-03-05 25:00" is in no calendar; check it against its source'),
        ("2026-03-10", '"2026-03-10" lies in the future; check it against its source'),
    ],
)
def test_moments_that_are_refused(written: str, said: str) -> None:
    read = read_cases(LAMPS.replace("2026-03-05 16:20", written))
    assert [str(refusal) for refusal in read.refusals] == [f"line 2, 办结时间: {said}"]


def test_what_is_told_to_a_resident_holds_no_personal_numbers() -> None:
    read = read_cases(
        LAMPS.replace("路灯已换新", "请联系王师傅154 0000 0001"),
        LAMPS.replace("GD-1", "GD-2").replace("门前路灯不亮", "本人11010519491231002X门前路灯不亮"),
    )
    assert [str(refusal) for refusal in read.refusals] == [
        "line 2, 办理结果: a phone number stands in the text; take it out of the text",
        "line 3, 诉求内容: an ID-card number stands in the text; take it out of the text",
    ]


def test_a_result_that_is_too_long_to_be_told_is_refused() -> None:
    read = read_cases(LAMPS.replace("路灯已换新", "已" * 301))
    assert [str(refusal) for refusal in read.refusals] == [
        "line 2, 办理结果: 302 characters where 300 are the most; shorten the text"
    ]


@pytest.mark.parametrize(
    ("written", "claimed"), [("是", True), ("已联系", True), ("Y", True), ("否", False), ("未联系", False)]
)
def test_whether_the_unit_says_that_it_got_in_touch(written: str, claimed: bool) -> None:
    assert read_cases(LAMPS[:-1] + written).rows[0].claimed_contact is claimed
