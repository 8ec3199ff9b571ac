"""scripts/seed_city.py: the command and the files it writes."""

import csv
import json
from pathlib import Path

from typer.testing import CliRunner

from scripts.seed_city import app
from workers import city

SMALL = ["--seed", "7", "--residents", "40", "--cases", "20"]


def test_it_writes_five_files_and_says_what_is_in_them(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--out", str(tmp_path), *SMALL, "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "out": str(tmp_path),
        "residents.csv": {
            "good": 40,
            "dirty": dict(city.residents(7, "991721", 40).dirty_counts),
        },
        "closed_cases.csv": {
            "good": 20,
            "dirty": dict(city.closed_cases(7, "991721", 20).dirty_counts),
        },
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "areas.csv",
        "closed_cases.csv",
        "planted.json",
        "residents.csv",
        "units.csv",
    ]
    assert (tmp_path / "residents.csv").read_bytes() == city.residents(7, "991721", 40).csv()


def test_the_tables_hold_the_whole_city(tmp_path: Path) -> None:
    CliRunner().invoke(app, ["--out", str(tmp_path), *SMALL])
    with (tmp_path / "areas.csv").open(newline="", encoding="utf-8") as file:
        areas = list(csv.DictReader(file))
    assert len(areas) == 28_500
    assert areas[1] == {
        "code": "991702",
        "parent_code": "9917",
        "level": "county",
        "name_zh": "驿东区",
        "name_en": "Yidong District",
        "tz": "Asia/Shanghai",
        "pop_adult": "720000",
    }
    with (tmp_path / "units.csv").open(newline="", encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == sum(len(city.units(county)) for county in city.counties())


def test_the_planted_truth_names_cases_and_no_numbers(tmp_path: Path) -> None:
    CliRunner().invoke(app, ["--out", str(tmp_path), *SMALL])
    text = (tmp_path / "planted.json").read_text("utf-8")
    truth = json.loads(text)
    assert sorted(truth["planted_results"].values()) == sorted(city.PLANTED_RESULTS)
    assert len(truth["cases"]) == 20
    assert all(f'"{row.facts["number"]}"' not in text for row in city.closed_cases(7, "991721", 20).good)
    assert "+86154" not in text


def test_a_county_that_is_not_there_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--out", str(tmp_path / "city"), "--county", "991700"])
    assert done.exit_code == 2
    assert "991700 is no county of the city" in done.output
    assert not (tmp_path / "city").exists()


def test_help_teaches_by_an_example() -> None:
    done = CliRunner().invoke(app, ["--help"])
    assert done.exit_code == 0
    assert "python -m scripts.seed_city --out city" in done.stdout
