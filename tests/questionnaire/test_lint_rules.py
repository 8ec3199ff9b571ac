"""Each rule by a questionnaire with just that fault, and all that is said of it."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from lint_page import FROM, rules_as_page

from survey.questionnaire import library
from survey.questionnaire.lint import lint_yaml, render, rules

HERE = Path(__file__).parent
CLEAN = (HERE / "lint_clean.yaml").read_text("utf-8")
CASES: list[dict[str, Any]] = yaml.safe_load((HERE / "lint_cases.yaml").read_text("utf-8"))
SHIPPED = (library("perception"), library("callback"))
PAGE = HERE.parents[1] / "docs" / "lint.md"
ELSEWHERE = {"deep-calculation"}
"""Rules whose example is too long to be read: test_lint_hostile.py."""


def test_a_clean_questionnaire_has_no_findings() -> None:
    assert render(lint_yaml(CLEAN, "lamps.yaml", shipped=SHIPPED)) == ""


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_fault_is_told_with_its_place_and_remedy(case: dict[str, Any]) -> None:
    assert render(lint_yaml(changed(case), "lamps.yaml", shipped=SHIPPED)) == case["shows"]


def changed(case: dict[str, Any]) -> str:
    body: str = case.get("body", CLEAN)
    for old, new in case.get("change", ()):
        assert old in body, old
        body = body.replace(old, new, 1)
    return body


def test_every_rule_and_every_sentence_of_it_has_a_case() -> None:
    told = "\n".join(case["shows"] for case in CASES)
    untold = {
        f"{name}: {says}"
        for name, rule in rules().items()
        for says, said in rule.says.items()
        if name not in ELSEWHERE and not re.search(f"{name}: .* / {_any(said.en)}\n", told)
    }

    assert untold == set()


def _any(sentence: str) -> str:
    """A pattern for a sentence whatever its places are filled with."""
    parts = re.split(r"(?<!\{)\{\w+\}(?!\})|\{\{|\}\}|\{\w+\}", sentence)
    return ".*".join(re.escape(part) for part in parts)


@pytest.mark.parametrize(("frame", "errors"), [("random", 0), ("list", 2), (None, 2)])
def test_an_opening_is_held_against_the_frame_that_is_given(frame: str | None, errors: int) -> None:
    guard = "    - when: \"${frame} = 'random'\"\n      say"
    unguarded = CLEAN.replace(guard, "    - say", 1)

    found = lint_yaml(unguarded, "lamps.yaml", frame=frame)

    assert [one.rule for one in found] == ["opening-frame"] * errors


def test_findings_come_in_the_order_of_the_file() -> None:
    body = CLEAN.replace('{code: "2", label: {zh: 年长', '{code: "9", label: {zh: 年长', 1)
    body = body.replace("goodbye: later", "goodbye: farewell", 1).replace("en: Thank you.", "fr: Merci.", 1)

    found = lint_yaml(body, "lamps.yaml")

    assert [(str(one.place), one.rule, one.path) for one in found] == [
        ("lamps.yaml:21:14", "reserved-key", "choices.age.1.code"),
        ("lamps.yaml:50:70", "unknown-script", "ends.0.goodbye"),
        ("lamps.yaml:63:12", "missing-language", "scripts.closing.0.say"),
    ]


def test_the_page_lists_the_rules_as_they_are() -> None:
    """If this fails, put what `rules_as_page` gives behind the heading of the page."""
    assert PAGE.read_text("utf-8").partition(FROM)[2] == rules_as_page()
