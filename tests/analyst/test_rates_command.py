"""`minyi rates`: of counts that are typed and of files, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from analyst_bench import answer, file, minyi, refusal
from openpyxl import Workbook

from survey.statistics.outcome_rates import RATES

DAY = "I=40,P=5,R=25,NC=10,O=5,UH=90,UO=10,NE=15"
CASES = """编号,结果代码,基础权重,放出日,未完
1,complete,1.5,2026-03-01,否
2,2.112,2,2026-03-01,是
3,UH,1,2026-03-02,是
4,4.51,1,2026-03-02,
"""


def test_counts_come_to_every_rate_with_e_its_bounds_and_the_bases() -> None:
    said = answer("rates", "--counts", DAY)
    assert list(said)[:17] == [*RATES, "e"]
    assert {name: round(said[name], 4) for name in [*RATES, "e"]} == {
        "RR1": 0.2162, "RR2": 0.2432, "RR3": 0.2353, "RR4": 0.2647, "RR5": 0.4706, "RR6": 0.5294,
        "COOP1": 0.5333, "COOP2": 0.6, "COOP3": 0.5714, "COOP4": 0.6429,
        "REF1": 0.1351, "REF2": 0.1471, "REF3": 0.2941, "CON1": 0.4054, "CON2": 0.4412, "CON3": 0.8824,
        "e": 0.85,
    }  # fmt: skip
    assert said["e_from"] == "K/(K+NE)"
    assert said["bounds"]["e=0"]["RR3"] == said["RR5"]
    assert said["bounds"]["e=1"]["RR3"] == said["RR1"]
    assert (said["base"]["RR1"], said["base"]["RR3"], said["base"]["COOP3"], said["cases"]) == (
        185,
        170,
        70,
        200,
    )
    assert answer("rates", "--counts", DAY, "--e", "0.5")["RR3"] == pytest.approx(40 / (85 + 50))


def test_a_rate_without_a_denominator_is_null() -> None:
    nobody = answer("rates", "--counts", "I=0")
    assert [nobody[name] for name in [*RATES, "e"]] == [None] * 17
    silence = answer("rates", "--counts", "UH=12")
    assert (silence["RR1"], silence["RR3"], silence["e"], silence["RR5"]) == (0.0, None, None, None)
    assert answer("rates", "--counts", "UH=12", "--e", "0.5")["RR3"] == 0.0
    assert answer("rates", "--counts", "UH=12", "--e", "0")["RR3"] is None


def test_unknown_eligibility_may_stay_undivided() -> None:
    divided, undivided = answer("rates", "--counts", "I=4,UH=3,UO=2"), answer("rates", "--counts", "i=4, u=5")
    assert [divided[name] for name in RATES] == [undivided[name] for name in RATES]
    assert answer("rates", "--counts", "I=2.5,R=7.5")["RR1"] == 0.25  # sums of weights are counts, too


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        ("X=5", "no group"), ("I=-1", "no count"), ("I=many", "no count"), ("I=nan", "no count"), ("I", "no count"),
        ("I=1,I=2", "stands there twice"), ("I=1,U=2,UO=1", "write U alone"), ("", "nothing is counted"),
    ],
)  # fmt: skip
def test_counts_that_are_none(counts: str, why: str) -> None:
    done = minyi("rates", "--counts", counts)
    assert (done.exit_code, why in " ".join(done.stderr.replace("│", "").split())) == (2, True)


def test_what_the_command_line_refuses(tmp_path: Path) -> None:
    cases = file(tmp_path, CASES)
    assert minyi("rates", "--counts", DAY, "--e", "1.5").exit_code == 2
    assert minyi("rates", "--counts", DAY, "--e", "-0.1").exit_code == 2
    assert minyi("rates").exit_code == 2
    assert minyi("rates", cases, "--counts", DAY).exit_code == 2
    assert minyi("rates", "--counts", DAY, "--weight", "基础权重").exit_code == 2


def test_a_file_by_groups_codes_and_numbers_weighted_and_not_by_release_day(tmp_path: Path) -> None:
    said = answer(
        "rates", file(tmp_path, CASES), "--weight", "基础权重", "--cohort", "放出日", "--open", "未完"
    )
    assert said["counts"] == {"I": 1.5, "P": 0, "R": 2, "NC": 0, "O": 0, "UH": 1, "UO": 0, "NE": 1}
    assert (said["RR1"], said["unweighted"]["RR1"]) == pytest.approx((1.5 / 4.5, 1 / 3))
    assert [(one["cohort"], one["cases"], one["open"], one["RR5"], one["e"]) for one in said["cohorts"]] == [
        ("2026-03-01", 2, 0.5, pytest.approx(1.5 / 3.5), 1.0),
        ("2026-03-02", 2, 0.5, None, 0.0),
    ]


def test_a_workbook_in_which_the_spreadsheet_cut_a_zero_off(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["aapor"], [1.1], [2.1], [2.2], [2.31], [3.1], [3.2], [3.9], [4.2], ["4.70"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    said = answer("rates", str(tmp_path / "a.xlsx"))
    assert said["counts"] == {"I": 1, "P": 0, "R": 1, "NC": 1, "O": 1, "UH": 1, "UO": 2, "NE": 2}


def test_a_line_that_is_wrong_is_named_with_its_remedy(tmp_path: Path) -> None:
    assert refusal("rates", file(tmp_path, "disposition\nI\ndone\n")) == (
        'minyi rates: 表.csv: line 3, disposition: "done": this is no disposition. Write a group (I, P, R, NC, O, UH, UO, NE), '
        "a code of dispositions.yaml such as complete or no_answer, or AAPOR's number such as 2.112.\n"
    )
    assert "line 2, disposition: what stands there" in refusal(
        "rates", file(tmp_path, "disposition\n15400001234\n")
    )
    assert "line 3, d: the cell is empty" in refusal(
        "rates", file(tmp_path, "d,w\nI,1\n,1\n"), "--column", "d"
    )
    assert 'line 2, w: "x" is no weight' in refusal(
        "rates", file(tmp_path, "d,w\nI,x\n"), "--column", "d", "--weight", "w"
    )
    assert 'no column "e"' in refusal("rates", file(tmp_path, "d,w\nI,1\n"), "--column", "e")
    assert "no column for disposition" in refusal("rates", file(tmp_path, "d,w\nI,1\n"))
    assert "there is no row below the headings" in refusal("rates", file(tmp_path, "disposition\n"))


def test_people_read_a_table_in_which_no_percentage_stands_without_its_base() -> None:
    said = minyi("rates", "--counts", DAY).stdout
    assert "e = 0.850(按比例 K/(K+NE))" in said
    assert " RR3      23.5        170  21.6 … 47.1" in said
    assert " RR1      –          0" in minyi("rates", "--counts", "NE=3").stdout
