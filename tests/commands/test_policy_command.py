"""`minyi policy` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import asyncpg
import pytest
import yaml
from commands_bench import CENTRE, Minyi

from workers import city

OURS = ("--centre", CENTRE)
CENSUS = ("--by", "李主任", "--reason", "第七次人口普查")
TOWNS = {"991721100": 30_000, "991721101": 20_000}


@pytest.fixture
async def towns(county: str, conn: asyncpg.Connection) -> None:
    """Every town of 遂澜县 that a population may name."""
    await conn.execute(
        "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en)"
        " VALUES ('991721101', '991721', 'township', '青溪镇', 'Qingxi') ON CONFLICT DO NOTHING"
    )


def written(folder: Path, version: int = 1, **more: object) -> Path:
    """The population of two towns as a file."""
    body = {
        "method": "raking",
        "questionnaire": "perception",
        "area": "township",
        "questions": {"sex": "Q10_sex", "age": "Q10_age"},
        "totals": {"area": TOWNS, "sex": {"1": 26_000, "2": 24_000}},
        "source": {"zh": "七普", "en": "the seventh census"},
    }
    file = folder / "population.yaml"
    row = {"key": "population", "version": version, "valid_from": "2026-01-01", "body": body} | more
    text = yaml.safe_dump(row, allow_unicode=True).replace("'2026-01-01'", "2026-01-01")
    file.write_text(text, "utf-8")
    return file


async def test_a_population_is_entered_listed_and_shown_in_the_form_it_was_entered_in(
    towns: None, minyi: Minyi, tmp_path: Path
) -> None:
    file = str(written(tmp_path))
    ours = yaml.safe_load(written(tmp_path).read_text("utf-8"))
    checked = await minyi("policy", "check", file)
    assert (checked.exit_code, checked.stdout) == (0, f"{file}: population v1 可以生效 can be put in force\n")
    done = await minyi("policy", "set", file, *OURS, *CENSUS)
    assert (done.exit_code, done.stdout) == (
        0,
        f"population v1 已生效 in force: {CENTRE}, 2026-01-01 起 on\n",
    ), done.output

    (line,) = (await minyi("policy", "list", *OURS)).stdout.splitlines()
    assert line.startswith(f"★ population v1  {CENTRE}  2026-01-01 起 on  李主任: 第七次人口普查 (")
    (row,) = json.loads((await minyi("policy", "list", *OURS, "--json")).stdout)
    assert (row["key"], row["version"], row["by"], row["in_force"]) == ("population", 1, "李主任", True)
    assert row["body"]["totals"]["area"] == TOWNS

    shown = (await minyi("policy", "show", "population", *OURS)).stdout
    assert yaml.safe_load(shown) == ours


async def test_a_version_that_stands_is_never_altered(towns: None, minyi: Minyi, tmp_path: Path) -> None:
    first = str(written(tmp_path))
    await minyi("policy", "set", first, *OURS, *CENSUS)
    for version in (1, 3):
        again = await minyi("policy", "set", str(written(tmp_path, version)), *OURS, *CENSUS)
        assert again.exit_code == 3
        assert f"version: {version}, but the next of population for {CENTRE} is 2" in again.stderr
    assert (await minyi("policy", "set", str(written(tmp_path, 2)), *OURS, *CENSUS)).exit_code == 0
    lines = (await minyi("policy", "list", *OURS)).stdout.splitlines()
    assert [line[:16] for line in lines] == ["  population v1 ", "★ population v2 "]


async def test_a_later_version_does_not_begin_before_an_earlier_one(
    towns: None, minyi: Minyi, tmp_path: Path
) -> None:
    await minyi("policy", "set", str(written(tmp_path)), *OURS, *CENSUS)
    file = written(tmp_path, 2)
    file.write_text(file.read_text("utf-8").replace("2026-01-01", "2025-06-01"), "utf-8")
    done = await minyi("policy", "set", str(file), *OURS, *CENSUS)
    assert done.exit_code == 3
    assert "valid_from: 2025-06-01 is before 2026-01-01, from when version 1 holds" in done.stderr


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("key: population\n  version: 1\n", ", line 2: "),
        ("- population\n", "list, not a mapping; `minyi policy show population` prints the form"),
        ("key: population\nversion: 1\n", "body, valid_from missing, unknown or wrongly typed"),
        (
            "key: roles\nversion: 1\nvalid_from: 2026-01-01\nbody: {}\n",
            "key: roles is not entered by centre; these are: daily_programme, indicators, limits, population",
        ),
        (
            "key: daily_programme\nversion: 1\nvalid_from: 2026-01-01\nbody: {voice: -1, text: 0, operator: 0}\n",
            "body.voice: Input should be greater than or equal to 0",
        ),
    ],
)
async def test_what_is_no_policy_is_named_by_its_place(
    minyi: Minyi, tmp_path: Path, text: str, why: str
) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(text, "utf-8")
    done = await minyi("policy", "check", str(file))
    assert done.exit_code == 3
    assert f"minyi policy check: {file}" in done.stderr and why in done.stderr


async def test_margins_are_of_one_population(minyi: Minyi, tmp_path: Path) -> None:
    file = written(tmp_path)
    file.write_text(file.read_text("utf-8").replace("24000", "34000"), "utf-8")
    done = await minyi("policy", "check", str(file))
    assert done.exit_code == 3
    assert "area sums to 50,000 people and sex to 60,000" in done.stderr


async def test_a_town_of_another_county_is_refused_and_nothing_kept(
    county: str, conn: asyncpg.Connection, minyi: Minyi, tmp_path: Path
) -> None:
    file = written(tmp_path)
    file.write_text(file.read_text("utf-8").replace("991721101", "991722101"), "utf-8")
    done = await minyi("policy", "set", str(file), *OURS, *CENSUS)
    assert done.exit_code == 3
    assert f"body.totals.area: 991722101 are no areas of centre {CENTRE}" in done.stderr
    assert await conn.fetchval("SELECT count(*) FROM survey.policy WHERE key = 'population'") == 0


async def test_before_one_is_entered_the_form_is_shown(county: str, minyi: Minyi) -> None:
    shown = await minyi("policy", "show", "population", *OURS)
    assert shown.exit_code == 0 and yaml.safe_load(shown.stdout)["body"]["totals"] == {}
    none = await minyi("policy", "show", "daily_programme", *OURS)
    assert none.exit_code == 3 and "no version of daily_programme is in force on that day" in none.stderr


def test_the_city_s_own_population_is_one() -> None:
    totals = city.population("991721")["totals"]
    assert {name: round(sum(one.values())) for name, one in totals.items()} == dict.fromkeys(  # type: ignore[attr-defined]
        ("area", "sex", "age"), 560_000
    )
