"""An interview that was begun in one contact goes on in another, in the same mode or a different one."""

from collections.abc import Mapping, Sequence

import pytest
from talks import FACTS, Facts, keys, pages, small, talk

from survey.dialogue import Choice, Digits, Form, Hangup, Input, Message, State, Turn, start, step
from survey.dialogue.effects import Answered, Handover, Told
from survey.questionnaire import Answer, Lang, Mode, library


def gone_on(
    code: str, begun: State, mode: Mode, facts: Facts = FACTS, lang: Lang = "zh"
) -> tuple[State, Turn]:
    """The interview as it opens in the next contact."""
    stored = State.from_json(begun.to_json())
    return start(library(code), mode=mode, lang=lang, seed=7, facts=facts, begun=stored)


def test_a_call_that_broke_off_goes_on_by_text(facts: Facts) -> None:
    begun, _ = talk("perception", "voice", facts, *keys("12"), Hangup())
    state, turn = gone_on("perception", begun, "text")
    assert turn.prompts == (
        "【遂澜民调中心】接着上次的问题:您对当地公安工作满意吗?1满意2基本满意3不满意4没打过交道。"
        "回数字,0人工,退订回T",
    )
    assert (state.status, state.answers) == ("open", {"S1": Answer("1"), "Q1": Answer("2")})


def test_a_thread_goes_on_by_its_link(facts: Facts) -> None:
    begun, _ = talk("perception", "text", facts, Message("2"))
    state, turn = gone_on("perception", begun, "web")
    assert [field.question_id for field in turn.fields] == ["said_0", "S1"]
    state, turn = step(library("perception"), state, Form({"S1": "1"}))
    assert state.asking == "Q3"


@pytest.mark.parametrize("mode", ["voice", "text", "web"])
def test_any_goes_on_by_an_operator(mode: Mode, facts: Facts) -> None:
    said: Mapping[Mode, Sequence[Input]] = {
        "voice": keys("12"),
        "text": [Message("2")],
        "web": pages("S1=1", "Q1=2"),
    }
    begun, _ = talk("perception", mode, facts, *said[mode], Hangup())
    state, turn = gone_on("perception", begun, "operator")
    assert turn.prompts[0] == "您好,我是遂澜社情民意调查中心的调查员,工号1021,想接着上次没问完的几个问题。"
    assert "Q1" not in (turn.expects.question_ids if turn.expects else ())
    assert state.answers["Q1"] == Answer("2")


def test_who_is_speaking_is_asked_anew_in_each_contact(facts: Facts) -> None:
    begun, _ = talk("callback", "voice", facts, *keys("111"), Hangup())
    state, turn = gone_on("callback", begun, "voice")
    assert turn.expects is not None and turn.expects.question_id == "C0"
    assert not any("0037" in prompt or "路灯" in prompt for prompt in turn.prompts)
    state, turn = step(library("callback"), state, Digits("1"))
    assert turn.expects is not None and turn.expects.question_id == "C3"
    assert state.answers == {"C1": Answer("1"), "C2": Answer("1"), "C0": Answer("1")}


def test_a_result_that_was_heard_is_not_told_again(facts: Facts) -> None:
    begun, _ = talk("callback", "text", facts, Message("3"), Hangup())
    _, turn = gone_on("callback", begun, "text")
    assert turn.prompts == (
        "【遂澜民调中心】您反映的0037号事项,接着上次的问题:办理单位联系过您吗?1联系过2没有。回数字,0人工,退订回T",
    )


def test_a_result_that_may_not_have_been_heard_is_told_again(facts: Facts) -> None:
    begun, _ = talk("callback", "voice", facts, *keys("1"), Hangup())
    state, _ = gone_on("callback", begun, "voice")
    _, turn = step(library("callback"), state, Digits("1"))
    assert turn.prompts[0] == "您反映的0037号事项,办理结果是:路灯已修好。"
    assert not any(isinstance(effect, Told) for effect in turn.effects)


def test_a_second_text_to_somebody_who_never_replied_is_the_reminder(facts: Facts) -> None:
    begun, _ = talk("perception", "text", facts, Hangup())
    state, turn = gone_on("perception", begun, "text")
    assert turn.prompts[0].startswith("【遂澜民调中心】还想听听您的意见:您感觉当地安全吗?")
    assert state.reminders == 1
    _, turn = gone_on("perception", begun, "voice")
    assert turn.prompts[0].startswith("您好,这里是遂澜社情民意调查中心")


def test_an_interview_goes_on_in_another_language(facts: Facts) -> None:
    begun, _ = talk("perception", "voice", facts, *keys("12"), Hangup())
    _, turn = gone_on("perception", begun, "text", lang="en")
    assert turn.prompts == (
        "【遂澜民调中心】Where we stopped: Happy with the police? 1yes 2mostly 3no 4no dealings. 0 human,T stop",
    )


def test_orders_and_directions_stay_those_of_the_first_contact(facts: Facts) -> None:
    begun, _ = talk("fraud_selftest", "voice", facts, Digits("1"))
    later = begun._replace(flipped=not begun.flipped, dealt={**begun.dealt, "F2": ("2", "3", "1")})
    _, turn = gone_on("fraud_selftest", later, "voice")
    assert turn.prompts[-1] == "只给客服请按2,要就给请按3,谁也不给请按1,说不清请按8。"


def test_flags_are_not_raised_again_in_another_contact(facts: Facts) -> None:
    begun, turn = talk("perception", "text", facts, Message("4"))
    state, _ = gone_on("perception", begun, "operator")
    for code in ("1", "1"):
        state, turn = step(library("perception"), state, Choice(code))
        assert all(isinstance(effect, Answered) for effect in turn.effects)
    assert state.flags == ("unsafe",)


def test_what_another_version_does_not_ask_is_left_out(facts: Facts) -> None:
    begun, _ = talk("perception", "voice", facts, *keys("12"))
    q = small('  - {id: Q9, kind: text, prompt: {zh: "还有吗?"}}')
    state, _ = start(q, mode="text", lang="zh", seed=7, facts=facts, begun=begun)
    assert (state.answers, state.asking) == ({}, "Q9")


def test_an_interview_with_nothing_left_to_ask_says_goodbye(facts: Facts) -> None:
    begun, _ = talk("perception", "text", facts, Message("2"), Message("1"), Message("31"))
    state, turn = gone_on("perception", begun, "text")
    assert (state.status, turn.expects) == ("complete", None)


# -- what has changed in the world since


def staffed(until: Mapping[str, str]) -> tuple[str, ...]:
    q = library("perception")
    state, _ = start(q, mode="text", lang="zh", seed=7, facts=FACTS)
    return step(q, state, Message("人工"), facts=until)[1].prompts


def test_a_person_is_promised_for_when_there_is_one() -> None:
    assert staffed({}) == ("【遂澜民调中心】好的,工作人员会给您回电话。",)
    assert staffed({"staffed_again": "明天上午9点"}) == (
        "【遂澜民调中心】现在没有值班人员,我们明天上午9点给您回电话。",
    )


def test_facts_that_come_with_a_step_stay_known() -> None:
    q = library("perception")
    state, _ = start(q, mode="text", lang="zh", seed=7, facts=FACTS)
    state, _ = step(q, state, Message("2"), facts={"staffed_again": "明天上午9点"})
    _, turn = step(q, state, Message("人工"))
    assert turn.effects == (Handover("asked_for"),)
    assert "明天上午9点" in turn.prompts[0]


def test_a_page_whose_questions_are_no_longer_asked_is_over() -> None:
    early = "relevant: \"${now} = ''\""
    q = small(f'  - {{id: A, kind: text, {early}, prompt: {{zh: "如何?"}}}}', "web: {layout: one_page}")
    state, _ = start(q, mode="web", lang="zh", seed=7, facts=FACTS)
    state, turn = step(q, state, Form({"A": "很好"}), facts={"now": "2026-03-09T10:00"})
    assert (state.answers, state.status, turn.expects) == ({}, "broken_off", None)
