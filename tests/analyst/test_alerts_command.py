"""`minyi alerts`: falls that are more than chance, with the false alarms to be expected."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from analyst_bench import answer, file, minyi, refusal

WORDS = ("--estimate", "安全率")


def daily(falls: float = 0.15) -> str:
    """Two counties over forty days; in 青石 the rate falls on day 36."""
    lines = ["地区,日期,安全率,标准误"]
    for name, fall in (("柳河", 0.0), ("青石", falls)):
        for day in range(40):
            share = 0.9 + 0.01 * (day % 3 - 1) - (fall if day >= 35 else 0)
            lines.append(f"{name},{date(2026, 1, 1) + timedelta(day)},{share:.3f},0.03")
    return "\n".join(lines) + "\n"


def test_a_fall_is_told_and_a_steady_county_is_not(tmp_path: Path) -> None:
    said = answer("alerts", file(tmp_path, daily()), *WORDS)
    assert {key: said[key] for key in ("method", "scale", "limit", "arl0", "areas", "days", "not_watched")} == {
        "method": "cusum", "scale": "share", "limit": 4.0, "arl0": 151.0, "areas": 2, "days": 40, "not_watched": [],
    }  # fmt: skip
    assert said["false_alarms_per_day"] == pytest.approx(2 / 151)
    assert [(one["area"], one["day"], one["direction"]) for one in said["alerts"]][:1] == [
        ("青石", "2026-02-05", "lower")
    ]
    assert {one["area"] for one in said["alerts"]} == {"青石"}
    first = said["alerts"][0]
    assert (first["estimate"], round(first["expected"], 2), first["statistic"] > first["limit"]) == (
        0.76,
        0.9,
        True,
    )


def test_both_ways_and_with_fewer_false_alarms(tmp_path: Path) -> None:
    rises = file(tmp_path, daily(-0.08))
    assert answer("alerts", rises, *WORDS)["alerts"] == []  # a CUSUM looks for falls
    both = answer("alerts", rises, *WORDS, "--method", "ewma")
    assert {(one["area"], one["direction"]) for one in both["alerts"]} == {("青石", "higher")}
    rare = answer("alerts", rises, *WORDS, "--false-alarms", "0.001")
    assert (rare["limit"] > 7, rare["arl0"], rare["false_alarms_per_day"]) == (True, 2000, 0.001)


def test_people_read_what_is_false_or_that_there_is_nothing(tmp_path: Path) -> None:
    quiet = minyi("alerts", file(tmp_path, daily(0.0)), *WORDS).stdout
    assert quiet == (
        "cusum:2 个地区 areas,40 天 days;毫无变化时每天误报至多 false alarms a day at most 0.013"
        "(每个地区 151 天一次 one an area in so many days)\n"
        "没有变化的证据。No evidence of change.\n"
    )
    assert "2026-02-05  青石       低于以往 lower" in minyi("alerts", file(tmp_path, daily()), *WORDS).stdout


def test_days_by_number_without_an_area_and_with_gaps(tmp_path: Path) -> None:
    rows = [f"{day},{50 + day % 2},2" for day in range(1, 41) if day not in (9, 33)]
    said = answer("alerts", file(tmp_path, "day,estimate,se\n" + "\n".join([*rows, "41,,"]) + "\n"))
    assert (said["scale"], said["areas"], said["days"], said["alerts"]) == ("plain", 1, 41, [])
    few = answer("alerts", file(tmp_path, "day,estimate,se\n1,0.5,0.1\n2,0.5,0.1\n"))
    assert (few["areas"], few["not_watched"], few["false_alarms_per_day"]) == (0, ["全部"], 0.0)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "area,day,estimate,se\na,2026-03-01,0.5,0.1\na,2026/3/1,0.5,0.1\n",
            'line 3, day: "a" has this day on line 2 already',
        ),
        (
            "day,estimate,se\nyesterday,0.5,0.1\n",
            'line 2, day: "yesterday" is no day. Write it as 2026-03-09.',
        ),
        ("day,estimate,se\n2026-03-01,0.5,-1\n", 'line 2, se: "-1" is no standard error'),
        (
            "day,estimate,se\n2026-03-01,0.5,0.1\n2062-03-01,0.5,0.1\n",
            "13150 days from the first to the last; 4000 are the most",
        ),
        ("area,day,estimate,se\n,2026-03-01,0.5,0.1\n", "line 2, area: the cell is empty"),
    ],
)
def test_a_file_that_cannot_be_watched(tmp_path: Path, text: str, why: str) -> None:
    assert why in refusal("alerts", file(tmp_path, text))


def test_what_the_command_line_refuses(tmp_path: Path) -> None:
    one = file(tmp_path, daily())
    assert minyi("alerts", one, *WORDS, "--method", "naive").exit_code == 2
    assert minyi("alerts", one, *WORDS, "--scale", "log").exit_code == 2
    points = file(tmp_path, "day,estimate,se\n1,50,2\n2,50,2\n")
    assert "so they are no shares" in refusal("alerts", points, "--scale", "share")
