"""`minyi estimate`: nobody works out a cell of three people from the others and the whole."""

from __future__ import annotations

import csv
from pathlib import Path

from survey.statistics.estimate_spec import EstimateSpec
from survey.statistics.estimating import estimate
from survey.statistics.weighing import Weighing
from workers.commands.estimate_files import columns_of, read_table

SAFE = {"name": "safe", "kind": "mean", "of": "q1", "recode": {"1": 100, "2": 0}}
TOWNS = {"青石乡": 3, "柳河镇": 40, "枣园镇": 60}


def reasons(
    tmp_path: Path,
    towns: dict[str, int],
    pairs: list[list[str]] | None = None,
    by: tuple[str, ...] = ("overall", "town"),
) -> dict[object, str | None]:
    """{category: why it is not published}."""
    file = tmp_path / "answers.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["town", "q1"])
        for town, n in towns.items():
            rows.writerows([town, 1 + (at % 4 == 0)] for at in range(n))
    compare = [{"by": "town", "pairs": pairs}] if pairs else []
    spec = EstimateSpec.model_validate({"estimates": [SAFE], "by": list(by), "compare": compare})
    table, _ = read_table(file, columns_of(spec))
    return {cell.category: cell.suppressed for cell in estimate(Weighing(table, spec))}


def test_the_smallest_neighbour_of_three_people_is_kept_back_with_them(tmp_path: Path) -> None:
    assert reasons(tmp_path, TOWNS) == {
        None: None, "青石乡": "private", "柳河镇": "complementary", "枣园镇": None,
    }  # fmt: skip


def test_without_the_whole_there_is_nothing_to_subtract_from(tmp_path: Path) -> None:
    assert reasons(tmp_path, TOWNS, by=("town",)) == {"青石乡": "private", "柳河镇": None, "枣园镇": None}


def test_where_nobody_is_private_all_are_printed(tmp_path: Path) -> None:
    assert reasons(tmp_path, TOWNS | {"青石乡": 30}) == {
        None: None, "青石乡": None, "柳河镇": None, "枣园镇": None,
    }  # fmt: skip


def test_a_neighbour_that_is_not_published_anyway_is_enough(tmp_path: Path) -> None:
    assert reasons(tmp_path, TOWNS | {"柳河镇": 20}) == {
        None: None, "青石乡": "private", "柳河镇": "few", "枣园镇": None,
    }  # fmt: skip


def test_three_people_of_no_town_cannot_be_worked_out_either(tmp_path: Path) -> None:
    assert reasons(tmp_path, {"": 3, "柳河镇": 40, "枣园镇": 60}) == {
        None: None, "柳河镇": "complementary", "枣园镇": None,
    }  # fmt: skip


def test_a_difference_to_what_is_kept_back_is_kept_back(tmp_path: Path) -> None:
    found = reasons(tmp_path, TOWNS, [["枣园镇", "柳河镇"]])
    assert found["枣园镇", "柳河镇"] == "complementary"
