"""The shipped instruments: nothing in them is an error, they are as long as was settled, and the lint measures what
the dialogue really says."""

import pytest

from survey.dialogue import start
from survey.questionnaire import Mode, library, shipped
from survey.questionnaire.lint import estimate, lint_yaml, render
from survey.questionnaire.lint.said import Sayer
from survey.questionnaire.lint.view import View
from survey.questionnaire.loader import LIBRARY

LANGUAGES = ("zh", "en")
EACH = pytest.mark.parametrize("code", shipped())


@EACH
@pytest.mark.parametrize("frame", ["list", "random"])
def test_no_shipped_instrument_has_an_error(code: str, frame: str) -> None:
    body = (LIBRARY / f"{code}.yaml").read_text("utf-8")
    found = lint_yaml(body, f"{code}.yaml", frame=frame, shipped=[library(one) for one in shipped()])

    assert render([one for one in found if one.severity == "error"]) == ""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_perception_is_as_long_as_was_settled(lang: str) -> None:
    by_voice, by_text = (estimate(library("perception"), mode, lang) for mode in ("voice", "text"))

    assert by_voice.prompts == 10 and by_voice.seconds <= 180
    assert by_text.messages == 5


@EACH
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("mode", ["voice", "text", "operator"])
def test_what_is_measured_is_what_the_dialogue_says(code: str, mode: Mode, lang: str) -> None:
    """The first turn, for a respondent who hears options in the order of the document."""
    q = library(code)
    sayer = Sayer(View(q), mode, lang)
    first = View(q).units[mode][0]
    turns = (start(q, mode=mode, lang=lang, seed=seed, facts=sayer.facts) for seed in range(500))
    codes = q.codes[first.items[0].id]
    dealt = first.items[0].options_order != "fixed"
    turn = next(
        turn
        for state, turn in turns
        if not state.flipped and (not dealt or state.dealt[first.items[0].id] == codes)
    )

    if mode == "text":
        assert turn.prompts == (sayer.message(first, True),)
    else:
        assert turn.prompts == (*sayer.script("opening"), *sayer.notes(first), *sayer.question(first))
