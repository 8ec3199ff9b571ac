"""The figures of the sources (domain.md §4.4, §4.5, §4.7, §4.8), row by row as they stand there.

The seven coloured moments of §4.2 stand in test_working_time.py.
"""

from __future__ import annotations

import pytest

from followup.assessment.positions import change, changes, positions, shown
from followup.assessment.ratios import Ratio, growth, previous_of, top_share
from followup.assessment.surveyor_month import Month, Score, Work, score, surveyor_month
from survey.statistics.satisfaction import Satisfaction


@pytest.mark.parametrize(
    ("part", "whole", "share", "printed"),
    [
        (1269, 1455, 0.8722, "1269/1455 = 87.2 %"),
        (153, 276, 0.5543, "153/276 = 55.4 %"),
        (14301, 14759, 0.9690, "14301/14759 = 96.9 %"),
        (12963, 13483, 0.9614, "12963/13483 = 96.1 %"),
        (1110, 1160, 0.9569, "1110/1160 = 95.7 %"),
        (17574, 22642, 0.7762, "17574/22642 = 77.6 %"),
        (302, 506, 0.5968, "302/506 = 59.7 %"),
        (7781, 21882, 0.3556, "7781/21882 = 35.6 %"),  # texts answered, Dongguan
    ],
)
def test_ratios_are_printed_with_their_n(part: int, whole: int, share: float, printed: str) -> None:
    ratio = Ratio(part, whole)
    assert (round(ratio.value or 0, 4), str(ratio)) == (share, printed)


def test_what_is_not_closed_is_open() -> None:
    assert Ratio(14301, 14759).rest == 458


def test_of_nothing_there_is_no_ratio() -> None:
    assert (Ratio(0, 0).value, str(Ratio(0, 0))) == (None, "0/0 = -")


def test_weekly_growth() -> None:
    assert previous_of(506, 0.2048) == 420
    assert round(growth(506, 420) or 0, 4) == 0.2048
    assert growth(5, 0) is None


def test_the_share_of_the_three_most_frequent() -> None:
    assert top_share([40, 90, 30, 110, 102, 60, 74]) == Ratio(302, 506)


def test_dongguan_in_its_three_readings() -> None:
    """6,554 satisfied, 731 basically, 496 not, of 7,781 valid answers to 21,882 texts."""
    ratings = Satisfaction(satisfied=6554, basically=731, dissatisfied=496)
    assert ratings.valid == 7781
    readings = (ratings.strict, ratings.half_weight, ratings.broad)
    assert [f"{100 * (reading or 0):.2f}" for reading in readings] == ["84.23", "88.93", "93.63"]
    assert f"{100 * (Ratio(ratings.valid, 21882).value or 0):.2f}" == "35.56"


@pytest.mark.parametrize(
    ("previous", "current", "up", "printed"),
    [
        (150, 42, 108, "▲108"),  # 平舆
        (120, 27, 93, "▲93"),  # 驿城
        (60, 35, 25, "▲25"),  # 泌阳
        (60, 37, 23, "▲23"),  # 汝南
        (60, 45, 15, "▲15"),  # 西平
        (60, 52, 8, "▲8"),  # 开发区
        (60, 57, 3, "▲3"),  # 遂平
        (14, 6, 8, "▲8"),  # the city, safety
        (10, 3, 7, "▲7"),  # the city, enforcement
        (12, 3, 9, "▲9"),  # police
        (5, 3, 2, "▲2"),  # procuratorate
        (3, 6, -3, "▼3"),
        (6, 6, 0, "—"),
    ],
)
def test_a_position_that_gets_smaller_went_up(previous: int, current: int, up: int, printed: str) -> None:
    """Where the source gives the change alone, the positions are ours."""
    assert change(previous, current) == up
    assert shown(up) == printed


def test_equal_scores_share_the_better_position() -> None:
    assert positions([95.1, 93.0, 93.0, 92.4]) == [1, 2, 2, 4]
    assert positions([92.4, 93.0, 95.1, 93.0]) == [4, 2, 1, 2]
    assert positions([]) == []


def test_positions_change_among_those_who_were_there() -> None:
    before = {"平舆": 90.0, "驿城": 94.0, "泌阳": 92.0}
    now = {"泌阳": 92.0, "平舆": 95.0, "遂平": 94.0, "驿城": 94.0}
    assert changes(before, now) == {"泌阳": -2, "平舆": 2, "驿城": -1}


def test_the_month_of_a_surveyor() -> None:
    """Target 400, valid 380, audit .97, no complaint, on time .95, learning .8."""
    month = Month(380, 400, audit_pass=0.97, complaint_penalty=0, on_time_callback=0.95, learning=0.8)
    found = score(month, surveyor_month())
    parts = [f"{points:.2f}" for points in (found.output, found.quality, found.learning, found.total)]
    assert (parts, found.coefficient) == (["42.75", "36.86", "12.00", "91.61"], 1.2)


@pytest.mark.parametrize(
    ("total", "coefficient"),
    [
        (100, 1.2),
        (90, 1.2),
        (89.99, 1.0),
        (80, 1.0),
        (79.99, 0.9),
        (70, 0.9),
        (60, 0.8),
        (59.99, 0.6),
        (0, 0.6),
    ],
)
def test_the_coefficient_of_a_score(total: float, coefficient: float) -> None:
    """The whole score from output and learning, so that it is what is asked for."""
    share = total / 100
    month = Month(400 * share, 400, audit_pass=share, complaint_penalty=0, on_time_callback=1, learning=share)
    found: Score = score(month, surveyor_month())
    assert (round(found.total, 2), found.coefficient) == (total, coefficient)


def test_more_than_the_target_counts_no_more_and_complaints_cost_quality() -> None:
    month = Month(800, 400, audit_pass=1, complaint_penalty=0.25, on_time_callback=1, learning=0)
    assert score(month, surveyor_month()) == Score(45, 30, 0, 0.9)
    with pytest.raises(ValueError, match="target above 0"):
        score(Month(1, 0, 1, 0, 1, 1), surveyor_month())


def test_what_counts_as_work() -> None:
    units = surveyor_month().units
    assert Work(complete=300, callback=50, registration=25, dial=600).valid_units(units) == pytest.approx(380)
