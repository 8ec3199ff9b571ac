"""What a dialogue does for named residents of Suilan."""

import pytest
from talks import Facts, keys, talk

from survey.dialogue import (
    Choice,
    Correct,
    Digits,
    Form,
    Hangup,
    Input,
    Message,
    MissingFacts,
    Never,
    NoInput,
    Words,
    disposition,
    start,
    step,
)
from survey.dialogue.effects import Answered, Flagged, Handover, OptOut, Told, WrongPerson
from survey.questionnaire import Answer, Mode, library


def test_chen_jianguo_hears_his_result_and_then_rates_it(facts: Facts) -> None:
    state, turn = talk("callback", "voice", facts, Digits("1"))
    assert turn.prompts[0] == "您反映的0037号事项,办理结果是:路灯已修好。"
    assert (state.told_text, turn.effects) == (None, (Answered("C0", "1", None),))
    state, turn = step(library("callback"), state, Digits("1"))
    assert turn.effects == (Told("路灯已修好"), Answered("C1", "1", None))
    assert state.told_text == "路灯已修好"


def test_whoever_asks_to_hear_it_again_hears_the_result_again(facts: Facts) -> None:
    result = "您反映的0037号事项,办理结果是:路灯已修好。"
    for once_more in (Digits("*"), NoInput()):
        _, turn = talk("callback", "voice", facts, Digits("1"), once_more)
        assert result in turn.prompts
    _, turn = talk("callback", "voice", facts, *keys("11"), Digits("*"))
    assert result not in turn.prompts


def test_words_that_no_database_takes_are_cleaned(facts: Facts) -> None:
    state, _ = talk("perception", "operator", facts, Choice("1"), Words("a\x00\ud800"))
    assert state.heard == ("a",)


@pytest.mark.parametrize("gone", [Hangup(), NoInput()])
def test_silence_after_the_result_does_not_count_as_told(facts: Facts, gone: Input) -> None:
    state, turn = talk("callback", "voice", facts, Digits("1"), gone)
    assert state.told_text is None
    assert not any(isinstance(effect, Told) for effect in turn.effects)


def test_a_stranger_hears_no_word_of_the_case(facts: Facts) -> None:
    opened = talk("callback", "voice", facts)[1]
    state, turn = talk("callback", "voice", facts, Digits("2"))
    said = "".join(opened.prompts + turn.prompts)
    assert "0037" not in said and "路灯" not in said
    assert turn.effects == (Answered("C0", "2", None), WrongPerson())
    assert (state.status, disposition(state, "voice"), state.told_text) == (
        "wrong_person",
        "wrong_person",
        None,
    )


def test_whoever_cannot_talk_now_gets_another_time(facts: Facts) -> None:
    state, _ = talk("callback", "operator", facts, Choice("3"))
    assert (state.status, disposition(state, "operator")) == ("unanswered", "appointment")
    state, _ = talk("perception", "operator", facts, Choice("later"))
    assert (state.status, disposition(state, "operator")) == ("unanswered", "appointment")


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ([Hangup()], "broken_off", "unknown_eligibility"),
        ([Digits("1"), Hangup()], "broken_off", "break_off"),
        ([*keys("12"), Hangup()], "partial", "partial"),
        ([*keys("12111131"), Hangup()], "complete", "complete"),
        ([*keys("12111131"), NoInput(), NoInput()], "complete", "complete"),
        ([Digits("2")], "screened_out", "ineligible"),
        ([Digits("9")], "refused", "opted_out"),
        ([Digits("0")], "handover", "handover_pending"),
        ([Digits("5"), Digits("5")], "handover", "handover_pending"),
        ([NoInput(), NoInput()], "broken_off", "unknown_eligibility"),
        ([*keys("12"), NoInput(), NoInput()], "partial", "partial"),
        ([*keys("12"), Digits("0")], "partial", "partial"),
        ([*keys("17"), Hangup()], "broken_off", "break_off"),
    ],
)
def test_a_call_is_worth_what_was_answered(facts: Facts, said: list[Input], status: str, code: str) -> None:
    state, turn = talk("perception", "voice", facts, *said)
    assert (state.status, turn.status, disposition(state, "voice")) == (status, status, code)


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ([Hangup()], "unanswered", "text_no_reply"),
        ([NoInput(), NoInput()], "unanswered", "text_no_reply"),
        ([Message("2"), Hangup()], "partial", "partial"),
        ([Message("2"), NoInput(), NoInput()], "partial", "partial"),
        ([Message("不想说"), Hangup()], "broken_off", "break_off"),
        ([Message("2"), Message("1"), Message("31")], "complete", "complete"),
        ([Message("没空")], "refused", "refusal_soft"),
        ([Message("T")], "refused", "opted_out"),
        ([Message("2"), Message("T")], "partial", "partial"),
    ],
)
def test_a_thread_is_worth_what_was_answered(facts: Facts, said: list[Input], status: str, code: str) -> None:
    state, _ = talk("perception", "text", facts, *said)
    assert (state.status, disposition(state, "text")) == (status, code)


@pytest.mark.parametrize(
    ("button", "code"), [("declined", "refusal_soft"), ("declined_hard", "refusal_hard")]
)
def test_an_operator_records_how_firmly_somebody_refused(facts: Facts, button: str, code: str) -> None:
    state, _ = talk("perception", "operator", facts, Choice(button))
    assert (state.status, disposition(state, "operator")) == ("refused", code)


@pytest.mark.parametrize(
    ("code", "mode", "said", "scope"),
    [
        ("perception", "voice", Digits("9"), "survey"),
        ("perception", "text", Message("退订"), "survey"),
        ("callback", "voice", Digits("9"), "case_call"),
        ("perception", "web", Never(), "survey"),
        ("perception", "web", Form({"_button": "stop"}), "survey"),
        ("callback", "text", Message("T"), "case_text"),
        ("callback", "web", Never(), "case_text"),
        ("callback", "text", Message("全部退订"), "all"),
        ("perception", "text", Message("不要再联系"), "all"),
        ("perception", "operator", Words("别再打了"), "all"),
        ("callback", "operator", Choice("stop"), "all"),
    ],
)
def test_never_again_reaches_as_far_as_it_was_meant(
    facts: Facts, code: str, mode: Mode, said: Input, scope: str
) -> None:
    _, turn = talk(code, mode, facts, said)
    assert turn.effects[-1] == OptOut(scope)  # type: ignore[arg-type]
    assert turn.reaction == "opted_out"
    assert len(turn.prompts) == 1


def test_a_second_stop_is_confirmed_only_if_it_reaches_further(facts: Facts) -> None:
    _, turn = talk("perception", "text", facts, Message("T"), Message("T"))
    assert (turn.prompts, turn.effects) == ((), ())
    _, turn = talk("perception", "text", facts, Message("T"), Message("全部退订"))
    assert turn.effects == (OptOut("all"),)


def test_a_reason_instead_of_a_number_reaches_the_person_who_calls(facts: Facts) -> None:
    state, turn = talk("callback", "text", facts, Message("没人管"))
    assert (turn.reaction, state.status) == ("asked_again", "open")
    _, turn = step(library("callback"), state, Message("三个月没人来"))
    assert turn.effects == (Handover("not_understood", "没人管 | 三个月没人来"),)


def test_what_was_not_understood_once_is_forgotten_with_the_next_answer(facts: Facts) -> None:
    state, _ = talk("perception", "text", facts, Message("还行"), Message("2"), Message("还行"))
    assert (state.status, state.not_understood, state.heard) == ("open", 1, ("还行",))


@pytest.mark.parametrize("key", ["7", "8"])
def test_who_somebody_is_must_be_answered(facts: Facts, key: str) -> None:
    for code in ("perception", "callback"):
        state, turn = talk(code, "voice", facts, Digits(key))
        assert (turn.reaction, state.answers) == ("asked_again", {})


def test_a_machine_is_asked_to_repeat_only_so_often(facts: Facts) -> None:
    state, turn = talk("perception", "voice", facts, *[Digits("*")] * 3)
    assert (turn.reaction, state.status) == ("helped", "open")
    state, turn = talk("perception", "voice", facts, *[Digits("*")] * 5)
    assert (turn.reaction, state.status) == ("handover", "handover")


def test_an_operator_goes_back_and_nothing_is_lost(facts: Facts) -> None:
    state, turn = talk("perception", "operator", facts, Choice("1"), Choice("1"), Correct("Q1"))
    assert turn.expects is not None and turn.expects.question_id == "Q1"
    assert state.answers["Q1"] == Answer("1")
    state, turn = step(library("perception"), state, Choice("4"))
    assert turn.effects == (Answered("Q1", "4", None), Flagged("unsafe"))
    assert state.answers["Q1"] == Answer("4")
    assert state.asking not in ("Q1", None)


def test_several_harms_are_one_answer_with_several_codes(facts: Facts) -> None:
    q = library("perception")
    state, turn = talk("perception", "operator", facts, Choice("1"), Choice("1"))
    while turn.expects is not None and turn.expects.question_id != "Q5":
        state, turn = step(q, state, Choice("1"))
    assert step(q, state, Choice("1 2"))[1].reaction == "asked_again"
    state, turn = step(q, state, Choice("3,2"))
    assert turn.effects == (Answered("Q5", "2 3", None),)
    assert q.label("Q5", "2 3", "zh") == "被偷、被骗"


def test_a_flag_is_raised_once_however_often_its_answer_is_given(facts: Facts) -> None:
    said: list[Input] = [Choice("1"), Choice("3"), Correct("Q1"), Choice("4")]
    state, turn = talk("perception", "operator", facts, *said)
    assert (turn.effects, state.flags) == ((Answered("Q1", "4", None),), ("unsafe",))


def test_the_opening_says_what_is_true_of_the_sample(facts: Facts) -> None:
    listed = "".join(talk("perception", "voice", facts)[1].prompts)
    drawn = "".join(talk("perception", "voice", {**facts, "frame": "random"})[1].prompts)
    assert "从本地居民名单中随机抽取" in listed and "电脑" not in listed
    assert "号码是电脑随机抽取的" in drawn and "名单" not in drawn
    assert "录音" not in listed + drawn


def test_recording_is_announced_before_anything_else_is_promised_and_only_where_it_happens(
    facts: Facts,
) -> None:
    recorded = "".join(talk("perception", "voice", {**facts, "recorded": "yes"})[1].prompts)
    assert recorded.index("录音") < recorded.index("回答只用于统计")
    assert "通话会录音" in "".join(talk("callback", "voice", {**facts, "recorded": "yes"})[1].prompts)
    assert "录音" not in "".join(talk("callback", "voice", facts)[1].prompts)


def test_a_second_case_in_the_same_call_does_not_ask_again_who_is_speaking(facts: Facts) -> None:
    turn = talk("callback", "voice", {**facts, "follows": "1"})[1]
    assert turn.expects is not None and turn.expects.question_id == "C1"
    assert "".join(turn.prompts).startswith("您还反映过另一件事项。")


@pytest.mark.parametrize("mode", ["voice", "text", "web", "operator"])
def test_an_interview_that_would_say_something_empty_does_not_begin(mode: Mode) -> None:
    with pytest.raises(MissingFacts, match="result"):
        start(library("callback"), mode=mode, lang="zh", seed=1, facts={"centre": "遂澜"})


def test_a_result_is_never_taken_for_a_template(facts: Facts) -> None:
    _, turn = talk("callback", "text", {**facts, "result": "按${signature}第3条{0}办结。"})
    assert "0037号事项:按${signature}第3条{0}办结。解决了吗?" in turn.prompts[0]


def test_a_promise_to_call_is_made_only_where_a_call_will_come(facts: Facts) -> None:
    said = [Message("1"), Message("没有"), Message("满意")]
    assert "24小时" not in talk("callback", "text", facts, *said)[1].prompts[0]
    assert "24小时" in talk("callback", "text", {**facts, "contact_claimed": "yes"}, *said)[1].prompts[0]
    unwanted = [Message("3"), Message("1"), Message("不满意"), Message("太慢"), Message("不用了")]
    assert "24小时" not in talk("callback", "text", facts, *unwanted)[1].prompts[0]
