"""`minyi ranks`: ranks with their ranges, from a plain file."""

from __future__ import annotations

from pathlib import Path

import pytest
from analyst_bench import answer, file, minyi, refusal

from survey.statistics.ranks import rank_sets

COUNTIES = """县,安全率,标准误,上季,上季误,人数
柳河,0.93,0.01,0.90,0.01,1000
青石,0.90,0.01,0.90,0.01,1000
枣园,0.90,0.015,0.83,0.015,1000
白塔,0.84,0.01,0.84,0.01,1000
石桥,0.70,0.02,0.80,0.02,96000
"""
WORDS = ("--area", "县", "--estimate", "安全率", "--se", "标准误")


def test_ranks_with_their_ranges(tmp_path: Path) -> None:
    said = answer("ranks", file(tmp_path, COUNTIES), *WORDS, "--method", "kww", "--level", "0.95")
    assert [[row[key] for key in ("area", "rank", "best", "worst", "tier")] for row in said] == [
        ["柳河", 1, 1, 3, "above"], ["青石", 2, 1, 3, "above"], ["枣园", 2, 1, 4, "above"],
        ["白塔", 4, 3, 4, "not_distinguishable"], ["石桥", 5, 5, 5, "below"],
    ]  # fmt: skip
    pairs = answer("ranks", file(tmp_path, COUNTIES), *WORDS)
    assert [(row["best"], row["worst"]) for row in pairs] == [(1, 3), (1, 3), (1, 3), (4, 4), (5, 5)]
    assert said == answer("ranks", file(tmp_path, COUNTIES), *WORDS, "--method", "kww")


def test_changes_since_last_time(tmp_path: Path) -> None:
    said = answer(
        "ranks",
        file(tmp_path, COUNTIES),
        *WORDS,
        "--before",
        "上季",
        "--before-se",
        "上季误",
        "--population",
        "人数",
    )
    assert [(row["verdict"], round(row["p_improved"], 3), row["tier"]) for row in said] == [
        ("no_evidence", 0.983, "above"), ("no_evidence", 0.5, "above"), ("improved", 1.0, "above"),
        ("no_evidence", 0.5, "above"), ("worsened", 0.0, "below"),
    ]  # fmt: skip
    assert said[0]["words"] == {"zh": "没有变化的证据", "en": "no evidence of change"}


def test_people_read_a_range_beside_each_rank(tmp_path: Path) -> None:
    said = minyi("ranks", file(tmp_path, COUNTIES), *WORDS).stdout
    assert said.startswith("5 个地区 areas,平均 mean 0.854;真实名次以 95% 的把握同时在范围内")
    assert [" ".join(line.split()[:3]) for line in said.splitlines() if "–" in line] == [
        "柳河 1 1–3", "枣园 2 1–3", "青石 2 1–3", "白塔 4 4–4", "石桥 5 5–5",
    ]  # fmt: skip


def test_a_covariance_tells_apart_what_shares_its_calibration(tmp_path: Path) -> None:
    two = file(tmp_path, "area,estimate,se\na,0.6,0.1\nb,0.5,0.1\n")
    matrix = file(tmp_path, "area,b,a\nb,0.01,0.0099\na,0.0099,0.01\n", "协方差.csv")
    assert [row["worst"] for row in answer("ranks", two)] == [2, 2]
    assert [row["worst"] for row in answer("ranks", two, "--covariance", matrix)] == [1, 2]
    lacks = file(tmp_path, "area,a\na,0.01\n", "少.csv")
    assert "少.csv: b has no row or no column" in refusal("ranks", two, "--covariance", lacks)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "area,estimate,se\na,0.5,0.1\na,0.6,0.1\n",
            'line 3, area: "a" stands on line 2 already. Keep one row of the two.',
        ),
        ("area,estimate,se\na,0.5,-0.1\n", 'line 2, se: "-0.1" is no standard error'),
        ("area,estimate,se\na,85%,0.1\n", 'line 2, estimate: "85%" is no plain number, such as 0.87. Write'),
        ("area,estimate,se\na,,0.1\n", "line 2, estimate: an empty cell is no"),
        ("area,se\na,0.1\n", "no column for estimate. Name one of these: area, se."),
    ],
)
def test_a_file_that_cannot_be_ranked(tmp_path: Path, text: str, why: str) -> None:
    assert why in refusal("ranks", file(tmp_path, text))


def test_what_the_command_line_refuses(tmp_path: Path) -> None:
    one = file(tmp_path, COUNTIES)
    assert minyi("ranks", one, *WORDS, "--method", "naive").exit_code == 2
    assert minyi("ranks", one, *WORDS, "--before", "上季").exit_code == 2
    assert minyi("ranks", one, *WORDS, "--level", "1").exit_code == 2


def test_beyond_500_areas_joint_intervals_are_the_default(tmp_path: Path) -> None:
    heights = [n * 0.01 for n in range(501)]
    many = file(
        tmp_path, "area,estimate,se\n" + "\n".join(f"a{n},{height},0.3" for n, height in enumerate(heights))
    )
    best = [row["best"] for row in answer("ranks", many)]
    assert best == rank_sets(heights, [0.3] * 501, "kww").best.tolist()
    assert best != rank_sets(heights, [0.3] * 501, "holm").best.tolist()
