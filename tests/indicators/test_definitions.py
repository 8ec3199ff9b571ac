"""Definitions of indicators: what is refused, and that those that are shipped fit the questions that they are of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from survey.policies import packaged
from survey.questionnaire import library
from survey.questionnaire.reference import BEGIN, END, schema
from survey.statistics.indicator_definitions import Composite, IndicatorError, Indicators, shipped_indicators
from survey.statistics.indicators_page import PAGE, SCHEMA, TITLE, body
from survey.statistics.proportions import MISSING

ROOT = Path(__file__).resolve().parents[2]

WORDS = {"zh": "安全感", "en": "safety"}
SAFE: dict[str, Any] = {
    "id": "safe", "version": 1, "kind": "share", "title": WORDS, "base": WORDS, "of": "perception.Q1",
    "codes": ["1", "2"], "valid": ["1", "2", "3", "4"],
}  # fmt: skip
INDEX: dict[str, Any] = {
    "id": "index", "version": 1, "kind": "mean", "title": WORDS, "base": WORDS, "of": "perception.Q1",
    "points": {"1": 100, "2": 75, "3": 25, "4": 0}, "scale": [0, 100],
}  # fmt: skip
BOTH: dict[str, Any] = {
    "id": "both", "version": 1, "kind": "composite", "title": WORDS, "base": WORDS,
    "parts": {"safe": 0.6, "index": 0.4},
}  # fmt: skip


def policy(*indicators: dict[str, Any]) -> Indicators:
    words = dict.fromkeys(("complementary", "part", "quota"), WORDS)
    return Indicators.model_validate({"level": 0.95, "words": words, "indicators": list(indicators)})


@pytest.mark.parametrize(
    ("indicators", "why"),
    [
        ([SAFE, INDEX, {**BOTH, "parts": {"safe": 0.6, "index": 0.3}}],
         "both: the weights sum to 0.9, and must to 1; change safe, index"),
        ([SAFE, {**BOTH, "parts": {"safe": 0.6, "trust": 0.4}}],
         r"both: \['trust'\] are no shares or means that are defined here"),
        ([SAFE, INDEX, BOTH, {**BOTH, "id": "more", "parts": {"both": 0.5, "safe": 0.5}}],
         r"more: \['both'\] are no shares or means"),
        ([SAFE, SAFE], r"indicators \['safe'\] are defined twice"),
        ([{**SAFE, "codes": ["1", "5"]}], r"safe: codes \['5'\] count and are not valid; add them to valid"),
        ([{**SAFE, "outside": ["4"]}], r"safe: codes \['4'\] are given two meanings"),
        ([{**SAFE, "valid": ["1", "2", "dk"]}], r"safe: codes \['dk'\] are given two meanings"),
        ([{**INDEX, "scale": [0, 50]}], r"index: points .* do not lie on scale \(0.0, 50.0\)"),
        ([{**SAFE, "weight": 2}], "weight\n  Extra inputs are not permitted"),
        ([{**SAFE, "of": "Q1"}], "of\n  String should match pattern"),
        ([], "at least 1 item"),
    ],
)  # fmt: skip
def test_what_is_no_policy_is_refused_and_why(indicators: list[dict[str, Any]], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        policy(*indicators)


def test_weights_may_be_rounded_by_the_machine_and_no_more() -> None:
    parts = {"safe": 0.1 + 0.2, "index": 0.7}
    (_, _, both) = policy(SAFE, INDEX, {**BOTH, "parts": parts}).indicators
    assert isinstance(both, Composite)


def test_indicators_are_named_in_the_order_of_the_policy() -> None:
    one = policy(SAFE, INDEX, BOTH)
    assert [found.id for found in one.named(["index", "safe"])] == ["safe", "index"]
    assert [found.id for found in one.of_codes(one.named(["both"]))] == ["safe", "index"]
    with pytest.raises(IndicatorError, match="there is no indicator trust; there are: safe, index, both"):
        one.named(["trust"])


def test_every_indicator_that_was_asked_for_is_shipped() -> None:
    assert [one.id for one in shipped_indicators().indicators] == [
        "safety_rate", "safety_rate_top3", "safety_index", "safe_after_dark",
        "police_satisfaction_strict", "police_satisfaction_half", "police_satisfaction_broad",
        "problems_settled", "police_visibility", "procuratorate_satisfaction", "court_satisfaction",
        "justice_satisfaction", "awareness", "participation", "composite",
        "callback_coverage", "response_rate", "solved_strict", "solved_broad",
        "satisfaction_strict", "satisfaction_half", "satisfaction_broad", "answered_in_time",
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["perception", "callback"])
def test_every_code_of_a_question_has_a_meaning(code: str) -> None:
    document = library(code)
    items = {item.id: item for item in document.items}
    policy = shipped_indicators()
    own = [
        one for one in policy.of_codes(policy.indicators) if one.source == code and one.question != "reached"
    ]
    assert len(own) > 5
    for one in own:
        choices = items[one.question].choices
        assert choices is not None
        said = {option.code for option in document.choices[choices]}
        assert said == set(one.points) | set(one.outside), one.id
        assert not said & MISSING


def test_the_page_and_the_schema_are_those_of_today() -> None:
    page, written = (ROOT / PAGE).read_text("utf-8"), (ROOT / SCHEMA).read_text("utf-8")
    assert f"{BEGIN}\n\n{body()}\n{END}" in page, "run `make reference`"
    assert written == schema(Indicators, TITLE), "run `make reference`"


def test_the_schema_takes_what_is_shipped_and_refuses_a_key_that_is_none() -> None:
    whole = json.loads((ROOT / SCHEMA).read_text("utf-8"))
    shipped = json.loads(json.dumps(packaged("survey.statistics", "indicators").body))
    Draft202012Validator(whole).validate(shipped)
    shipped["indicators"][0]["weight"] = 2
    assert not Draft202012Validator(whole).is_valid(shipped)
