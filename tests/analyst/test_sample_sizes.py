"""`minyi sample allocate` and `minyi sample size`: from a plain file, without a database."""

from __future__ import annotations

from pathlib import Path

import pytest
from analyst_bench import answer, file, minyi, refusal

TOWNS = """层,人数,sd,cv,x,cost
柳河,600,0.25,0.3,600,1
青石,300,0.5,0.3,300,4
枣园,100,0.5,0.3,100,1
"""


def split(*arguments: str) -> dict[str, int]:
    return {row["stratum"]: row["n"] for row in answer("sample", "allocate", *arguments)}


def test_the_three_ways_and_with_costs(tmp_path: Path) -> None:
    towns = file(tmp_path, TOWNS)
    assert split(towns, "--n", "100") == {"柳河": 60, "青石": 30, "枣园": 10}
    assert split(towns, "--n", "70", "--method", "neyman") == {"柳河": 30, "青石": 30, "枣园": 10}
    assert split(towns, "--n", "100", "--method", "power") == {"柳河": 47, "青石": 34, "枣园": 19}
    assert split(towns, "--n", "99", "--method", "power", "--power", "0") == {
        "柳河": 33,
        "青石": 33,
        "枣园": 33,
    }
    # 600·.25 : 300·.5/√4 : 100·.5
    assert split(towns, "--n", "55", "--method", "cost") == {"柳河": 30, "青石": 15, "枣园": 10}


def test_each_row_has_its_weight(tmp_path: Path) -> None:
    assert answer("sample", "allocate", file(tmp_path, TOWNS), "--n", "100")[0] == {
        "stratum": "柳河", "population": 600, "n": 60, "fraction": 0.1, "weight": 10.0,
    }  # fmt: skip
    said = minyi("sample", "allocate", file(tmp_path, TOWNS), "--n", "100").stdout
    assert said.startswith("proportional: 100 / 1,000")
    assert ["柳河", "600", "60", "10"] in [line.split() for line in said.splitlines()]


def test_whole_numbers_by_largest_remainder_with_ties_by_code(tmp_path: Path) -> None:
    thirds = file(tmp_path, "stratum,population\nc,100\nb,100\na,100\n")
    assert split(thirds, "--n", "100") == {"c": 33, "b": 33, "a": 34}


def test_limits_of_all_and_of_one(tmp_path: Path) -> None:
    own = file(tmp_path, "stratum,population,min,max\na,10,,\nb,90,,20\nc,900,,\nd,5,5,\n")
    assert split(own, "--n", "100") == {"a": 2, "b": 8, "c": 85, "d": 5}
    assert split(own, "--n", "300", "--min", "8") == {"a": 8, "b": 20, "c": 267, "d": 5}
    assert split(own, "--n", "12", "--min", "0", "--cooling-off", "5") == {"a": 0, "b": 1, "c": 10, "d": 1}
    no = refusal("sample", "allocate", own, "--n", "500", "--cooling-off", "10")
    assert "with 10 days of cooling-off at most 100 of 1005 can be drawn" in no


def test_an_sd_is_taken_as_it_is_unless_a_floor_is_asked_for(tmp_path: Path) -> None:
    of_one_mind = file(tmp_path, "stratum,population,sd\na,100,0.1\nb,100,0.4\n")
    done = minyi("sample", "allocate", of_one_mind, "--n", "50", "--method", "neyman", "--json")
    assert '"n": 10' in done.stdout and "add --least-sd 0.218" in done.stderr
    assert split(of_one_mind, "--n", "50", "--method", "neyman", "--least-sd", "0.218") == {"a": 18, "b": 32}
    yuan = file(tmp_path, "stratum,population,sd\na,100,0.1\nb,100,12\n")
    assert minyi("sample", "allocate", yuan, "--n", "50", "--method", "neyman").stderr == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("stratum,population\na,12.5\n", 'line 2, population: "12.5" is no number of people'),
        ("stratum,population\na,5\na,6\n", 'line 3, stratum: "a" stands on line 2 already'),
        ("stratum,population,sd\na,5,\n", "line 2, sd: an empty cell is no number, 0 or more"),
        ("stratum,population\na,50\n", "no column for sd"),
        ("stratum,population,sd,min\na,50,1,x\n", 'line 2, min: "x" is no number of people'),
    ],
)
def test_a_file_that_cannot_be_split(tmp_path: Path, text: str, why: str) -> None:
    assert why in refusal("sample", "allocate", file(tmp_path, text), "--n", "4", "--method", "neyman")


def test_sizes_that_are_known() -> None:
    """PracTools' nPropMoe gives 384.146 and 305.987; Wilson's is the third (statistics.md §2)."""
    large, small = (
        answer("sample", "size", "--p", "0.9", "--d", "0.03"),
        answer("sample", "size", "--p", "0.9", "--d", "0.03", "--N", "1500"),
    )
    assert (large["n"], round(large["exact"], 3)) == (385, 384.146)
    assert (small["n"], round(small["exact"], 3), small["feasible"]) == (306, 305.987, True)
    assert round(answer("sample", "size", "--share", "0.95", "--margin", "0.03")["wilson"], 1) == 214.1
    whole = answer(
        "sample",
        "size",
        "--p",
        "0.9",
        "--d",
        "0.03",
        "--weight-cv",
        "0.5",
        "--cluster",
        "5",
        "--rho",
        "0.1",
        "--contact",
        "0.5",
    )
    assert (whole["deff"], whole["release"]) == (pytest.approx(1.75), 1345)
    never = minyi("sample", "size", "--p", "0.9", "--d", "0.03", "--N", "300", "--contact", "0.5")
    assert never.stdout.endswith("总体只有 only 300 人 people: 做不到 it cannot be had\n")
    assert minyi("sample", "size", "--p", "1.2", "--d", "0.03").exit_code == 2
