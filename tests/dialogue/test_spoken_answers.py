"""Answers that are spoken on the telephone: recorded, recognised, or not heard at all."""

import pytest
from talks import Facts, keys, talk

from survey.dialogue import Digits, Input, NoInput, Recorded, Speech, step
from survey.dialogue.effects import Answered, Handover, OptOut
from survey.questionnaire import NO_ANSWER, Answer, library

AT_Q11 = keys("11213132")
"""What leads to the open question of the perception survey."""


def at_the_open_question(facts: Facts, *said: Input):  # type: ignore[no-untyped-def]
    return talk("perception", "voice", facts, *AT_Q11, *said)


def test_wang_guilan_is_recorded_and_somebody_will_listen(facts: Facts) -> None:
    state, turn = at_the_open_question(facts)
    assert turn.expects is not None and (turn.expects.kind, turn.expects.record_s) == ("open", 60)
    state, turn = step(library("perception"), state, Recorded("RE1", 14, None, "#"))
    assert turn.effects == (
        Answered("Q11", None, None, "RE1"),
        Handover("recording", recording="RE1"),
    )
    assert state.answers["Q11"] == Answer(None, None, "RE1")
    assert turn.expects is not None and turn.expects.question_id == "Q12"


def test_a_recording_whose_words_are_known_waits_for_nobody(facts: Facts) -> None:
    state, turn = at_the_open_question(facts, Recorded("RE1", 14, "路灯坏了"))
    assert turn.effects == (Answered("Q11", None, "路灯坏了", "RE1"),)
    assert state.answers["Q11"] == Answer(None, "路灯坏了", "RE1")


@pytest.mark.parametrize("pressed", ["#", ""])
def test_nothing_to_say_is_an_answer_too(facts: Facts, pressed: str) -> None:
    state, turn = at_the_open_question(facts, Digits(pressed))
    assert state.answers["Q11"] == Answer(NO_ANSWER)
    assert (state.status, turn.prompts) == ("complete", ("问题问完了,谢谢您的支持,再见。",))


@pytest.mark.parametrize(
    ("key", "effect", "status"),
    [("9", OptOut("survey"), "complete"), ("0", Handover("asked_for"), "complete")],
)
def test_what_was_said_before_a_reserved_key_is_kept(
    facts: Facts, key: str, effect: object, status: str
) -> None:
    state, turn = at_the_open_question(facts, Recorded("RE1", 9, None, key))
    assert turn.effects == (
        Answered("Q11", None, None, "RE1"),
        Handover("recording", recording="RE1"),
        effect,
    )
    assert (state.answers["Q11"], state.status) == (Answer(None, None, "RE1"), status)


def test_the_star_after_a_recording_asks_once_more_and_loses_nothing(facts: Facts) -> None:
    state, turn = at_the_open_question(facts, Recorded("RE1", 3, None, "*"))
    assert (turn.reaction, state.asking, state.answers["Q11"].recording) == ("helped", "Q11", "RE1")
    state, _ = step(library("perception"), state, Recorded("RE2", 9, None, "#"))
    assert state.answers["Q11"].recording == "RE2"


def test_a_key_that_means_nothing_is_no_recording(facts: Facts) -> None:
    state, turn = at_the_open_question(facts, Digits("5"))
    assert (turn.reaction, "Q11" in state.answers) == ("asked_again", False)
    assert turn.prompts[0] == "对不起,没有听清。"


def test_a_recording_where_a_key_is_wanted_counts_by_its_words(facts: Facts) -> None:
    state, _ = talk("special_poll", "voice", facts, Recorded("RE1", 2, "经常"))
    assert state.answers == {"P1": Answer("3")}
    state, turn = talk("special_poll", "voice", facts, Recorded("RE1", 2))
    assert (turn.reaction, state.heard) == ("asked_again", ("(RE1)",))


def test_an_answer_may_be_spoken_or_pressed(facts: Facts) -> None:
    _, turn = talk("special_poll", "voice", facts)
    assert turn.expects is not None and (turn.expects.speech, turn.expects.num_digits) == (True, 1)
    for said in (Speech("偶尔"), Speech("偶尔吧", 0.8), Digits("2")):
        assert talk("special_poll", "voice", facts, said)[0].answers == {"P1": Answer("2")}


def test_what_was_hardly_understood_is_asked_again(facts: Facts) -> None:
    state, turn = talk("special_poll", "voice", facts, Speech("偶尔", 0.3))
    assert (turn.reaction, state.answers, state.heard) == ("asked_again", {}, ("偶尔",))
    assert turn.prompts[1] == "最近一个月的夜里,有没有噪声影响您休息?"


def test_silence_is_told_as_what_was_missing(facts: Facts) -> None:
    assert talk("perception", "voice", facts, NoInput())[1].prompts[0] == "没有收到您的按键。"
    assert talk("special_poll", "voice", facts, NoInput())[1].prompts[0] == "没有听到您的回答。"
    assert at_the_open_question(facts, NoInput())[1].prompts[0] == "没有听到您的回答。"


def test_silence_at_the_open_question_keeps_a_complete_interview(facts: Facts) -> None:
    state, turn = at_the_open_question(facts, NoInput(), NoInput())
    assert (state.status, state.ended) == ("complete", "silent")
    assert turn.prompts == ("没有收到您的回应,先不打扰您了。谢谢,再见。",)


def test_somebody_says_on_the_telephone_that_they_want_a_person(facts: Facts) -> None:
    for said in ("转人工", "我要找人工"):
        _, turn = talk("special_poll", "voice", facts, Speech(said))
        assert turn.effects == (Handover("asked_for"),), said
