"""docs/estimation.md: its example is typed, its table is what comes out, its keys and schema are those of today."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from survey.questionnaire.reference import (
    BEGIN,
    END,
    ESTIMATE_MODELS,
    ESTIMATE_PAGE,
    ESTIMATE_SCHEMA,
    schema,
    tables,
)
from survey.statistics.estimate_spec import EstimateSpec
from workers.cli import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / ESTIMATE_PAGE).read_text("utf-8")
SPEC = PAGE.split("```yaml\n")[1].split("```")[0]
DATA = ROOT / "docs/estimation-example.csv"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    (tmp_path / "安全感.yaml").write_text(SPEC, "utf-8")
    return tmp_path / "安全感.yaml"


def test_the_example_comes_out_as_it_stands_there(spec: Path) -> None:
    done = CliRunner().invoke(app, ["estimate", str(DATA), "--spec", str(spec)])
    assert (done.exit_code, done.stderr) == (0, "")
    printed = [line.rstrip() for line in done.stdout.splitlines() if line.strip()]
    assert printed == PAGE.split("```text\n")[1].split("\n```")[0].splitlines()


def test_its_sentences_say_what_comes_out(spec: Path, tmp_path: Path) -> None:
    weights = tmp_path / "权重.csv"
    options = ["--spec", str(spec), "--json", "--weights-out", str(weights)]
    cells = json.loads(CliRunner().invoke(app, ["estimate", str(DATA), *options]).stdout)
    found = {(cell["estimate"][-4:], cell["by"], str(cell["category"])): cell for cell in cells}
    rate, difference = found["rate", "overall", "None"], found["ndex", "镇", "['青石乡', '柳河镇']"]
    shares = [f"{rate[figure] * 100:.1f}" for figure in ("value", "low", "high")]
    points = [f"{difference[figure]:.1f}".replace("-", "−") for figure in ("value", "low", "high")]
    page = " ".join(PAGE.split())
    assert "The safety rate is {} %, with an interval from {} to {} %".format(*shares) in page
    assert "A difference of {} points with an interval from {} to {}".format(*points) in page
    assert f"{rate['n']} of {len(DATA.read_text('utf-8').splitlines()) - 1} cases answered" in PAGE
    with weights.open(encoding="utf-8") as file:
        first = next(row for row in csv.DictReader(file) if float(row["weight"]) > 0)
    assert float(first["base"]) == 9000 / 150


def test_the_keys_and_the_schema_are_those_of_the_model() -> None:
    assert PAGE.split(BEGIN)[1].split(END)[0].strip() == tables(ESTIMATE_MODELS).strip(), (
        "run `make reference`"
    )
    written = (ROOT / ESTIMATE_SCHEMA).read_text("utf-8")
    assert written == schema(EstimateSpec, "Minyi estimate"), "run `make reference`"


def test_an_editor_finds_nothing_wrong_with_the_example_and_marks_a_slip() -> None:
    validator = Draft202012Validator(json.loads(schema(EstimateSpec, "Minyi estimate")))
    body = json.loads(json.dumps(yaml.safe_load(SPEC)))
    assert [error.message for error in validator.iter_errors(body)] == []
    body["estimates"][0]["codess"] = [1]
    assert [list(error.absolute_path) for error in validator.iter_errors(body)] == [["estimates", 0]]
