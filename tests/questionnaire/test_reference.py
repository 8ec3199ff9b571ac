"""docs/questionnaire.md and its JSON Schema say what the model takes; the page's own example is a clean questionnaire."""

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from survey.field.campaign_document import CampaignDocument
from survey.questionnaire import from_yaml, library, shipped
from survey.questionnaire.lint import lint_yaml
from survey.questionnaire.loader import LIBRARY
from survey.questionnaire.reference import (
    BEGIN,
    CAMPAIGN_MODELS,
    CAMPAIGN_PAGE,
    CAMPAIGN_SCHEMA,
    END,
    ESTIMATE_MODELS,
    ESTIMATE_PAGE,
    MODELS,
    PAGE,
    SCHEMA,
    main,
    schema,
    tables,
)

ROOT = Path(__file__).parents[2]
WRITTEN = (ROOT / PAGE).read_text("utf-8")


def test_the_page_has_every_key_of_today() -> None:
    assert WRITTEN.split(BEGIN)[1].split(END)[0].strip() == tables().strip(), "run `make reference`"


def test_the_schema_is_that_of_today() -> None:
    assert (ROOT / SCHEMA).read_text("utf-8") == schema(), "run `make reference`"


def test_every_key_is_explained() -> None:
    unexplained = [
        f"{model.__name__}.{name}"
        for _, model in (*MODELS, *CAMPAIGN_MODELS, *ESTIMATE_MODELS)
        for name, field in model.model_fields.items()
        if not field.description
    ]
    assert unexplained == []


@pytest.mark.parametrize("code", shipped())
def test_an_editor_finds_nothing_wrong_with_a_shipped_one(code: str) -> None:
    body = yaml.safe_load((LIBRARY / f"{code}.yaml").read_text("utf-8"))
    assert [error.message for error in Draft202012Validator(json.loads(schema())).iter_errors(body)] == []


def test_an_editor_marks_a_key_that_there_is_not() -> None:
    body = json.loads(library("fraud_selftest").to_json())
    body["items"][0]["colour"] = "red"
    errors = list(Draft202012Validator(json.loads(schema())).iter_errors(body))
    assert [list(error.absolute_path) for error in errors] == [["items", 0]]
    assert "colour" in errors[0].message


def test_the_example_of_the_page_is_clean() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", WRITTEN, re.DOTALL)
    assert from_yaml(example, name="street_lamps.yaml").essential == ("A1",)
    assert [finding.rule for finding in lint_yaml(example, "street_lamps.yaml")] == []


def test_a_page_without_its_marks_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / PAGE).write_text("# Questionnaires\n", "utf-8")
    (tmp_path / CAMPAIGN_PAGE).write_text("# Campaigns\n", "utf-8")
    (tmp_path / ESTIMATE_PAGE).write_text("# Estimates\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main() == 1
    assert "put them back" in capsys.readouterr().err
    assert (tmp_path / PAGE).read_text("utf-8") == "# Questionnaires\n"


def test_the_campaigns_page_and_schema_are_those_of_the_model() -> None:
    page = (ROOT / CAMPAIGN_PAGE).read_text("utf-8")
    assert page.split(BEGIN)[1].split(END)[0].strip() == tables(CAMPAIGN_MODELS).strip(), (
        "run `make reference`"
    )
    expected = schema(CampaignDocument, "Minyi campaign")
    assert (ROOT / CAMPAIGN_SCHEMA).read_text("utf-8") == expected, "run `make reference`"


def test_the_example_of_the_campaigns_page_is_one() -> None:
    page = (ROOT / CAMPAIGN_PAGE).read_text("utf-8")
    example = yaml.safe_load(page.split("```yaml\n")[1].split("```")[0])
    assert CampaignDocument.model_validate(example).targets.total == 300
    Draft202012Validator(json.loads((ROOT / CAMPAIGN_SCHEMA).read_text("utf-8"))).validate(
        json.loads(json.dumps(example, default=str))
    )
