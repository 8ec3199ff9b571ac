"""docs/xlsform.md says what the code does: the same tables, and names that no sentence of an interview may lose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

import survey.dialogue
from survey.questionnaire.xlsform.dropped import EFFECTS
from survey.questionnaire.xlsform.features import CARRIED, FEATURES, OURS
from survey.questionnaire.xlsform.naming import RESERVED

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "xlsform.md").read_text("utf-8")
EACH = "(told at each place)"


def table(heading: str) -> dict[str, tuple[str, ...]]:
    """The table below a heading: its rows by their first cell."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("|")][2:]
    return {first.strip(): tuple(cell.strip() for cell in rest) for first, *rest in rows}


@pytest.mark.parametrize(("heading", "told"), [("Carried over", CARRIED), ("What XLSForm cannot say", OURS)])
def test_the_page_lists_what_the_code_carries_and_what_it_leaves(
    heading: str, told: Mapping[str, str]
) -> None:
    assert table(heading) == {key: (text,) for key, text in told.items()}


def test_the_page_lists_every_feature_with_what_becomes_of_it() -> None:
    assert table("What a phone cannot do") == {
        name: (EFFECTS[one.effect], one.why or EACH, one.remedy or EACH) for name, one in FEATURES.items()
    }


def test_no_question_is_called_like_something_that_an_interview_says() -> None:
    phrases = (Path(survey.dialogue.__file__).parent / "phrases.yaml").read_text("utf-8")

    assert set(re.findall(r"\$\{(\w+)\}", phrases)) <= RESERVED
