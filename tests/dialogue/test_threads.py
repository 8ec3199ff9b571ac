"""Text threads over time: a reminder, the end of a thread, what comes late, and several answers in one message."""

import pytest
from talks import FACTS, Facts, small, talk

from survey.dialogue import Choice, Hangup, Message, Never, NoInput, Words, step
from survey.dialogue.effects import Answered, Handover, OptOut, WrongPerson
from survey.questionnaire import Answer, library

FIRST = "您感觉当地安全吗?1安全2比较安全3不太安全4不安全。回数字,0人工,退订回T"


def test_sun_li_is_reminded_once_and_then_left_alone(facts: Facts) -> None:
    state, turn = talk("perception", "text", facts, NoInput())
    assert (turn.reaction, turn.prompts) == ("reminded", (f"【遂澜民调中心】还想听听您的意见:{FIRST}",))
    state, turn = step(library("perception"), state, NoInput())
    assert (turn.reaction, turn.prompts, state.status) == ("ended", (), "unanswered")


def test_one_reminder_is_one_in_the_whole_thread(facts: Facts) -> None:
    state, turn = talk("perception", "text", facts, NoInput(), Message("2"), NoInput())
    assert (turn.reaction, state.status, state.ended) == ("ended", "partial", "expired")


def test_a_reminder_repeats_the_result_before_its_question(facts: Facts) -> None:
    q = library("callback").model_copy(update={"limits": library("special_poll").limits})
    _, turn = talk(q, "text", facts, NoInput())
    assert turn.prompts == (
        "【遂澜民调中心】还想听听您的意见:您反映的0037号事项:路灯已修好。解决了吗?1已解决2部分3未解决。"
        "回数字,0人工,退订回T",
    )


def test_a_thread_that_is_over_by_its_time_says_nothing(facts: Facts) -> None:
    state, turn = talk("perception", "text", facts, Message("2"), Hangup())
    assert (turn.prompts, state.status, state.ended) == ((), "partial", "expired")


@pytest.mark.parametrize(
    "late", [Message("1"), Message("谢谢"), NoInput(), Hangup(), Words("1"), Choice("1")]
)
def test_what_comes_late_changes_nothing(facts: Facts, late: Message) -> None:
    before, _ = talk("perception", "text", facts, Message("2"), Hangup())
    after, turn = step(library("perception"), before, late)
    assert after == before._replace(step=before.step + 1)
    assert (turn.prompts, turn.expects, turn.effects, turn.reaction) == ((), None, (), "ended")


def test_whoever_finds_out_late_that_the_text_was_not_for_them_is_unlinked(facts: Facts) -> None:
    _, turn = talk("callback", "text", facts, Hangup(), Message("发错人了"))
    assert turn.effects == (WrongPerson(),)
    _, turn = talk("perception", "text", facts, Hangup(), Message("发错人了"))
    assert turn.effects == ()


def test_danger_is_heard_after_the_end_too(facts: Facts) -> None:
    _, turn = talk("perception", "text", facts, Message("T"), Message("救命,他正在打我"))
    assert turn.effects == (Handover("distress_violence", "救命,他正在打我", urgent=True),)


def test_never_again_after_the_end_reaches_as_far_as_it_was_meant(facts: Facts) -> None:
    assert talk("perception", "text", facts, Hangup(), Never())[1].effects == (OptOut("survey"),)
    assert talk("callback", "operator", facts, Choice("later"), Choice("stop"))[1].effects == (OptOut("all"),)
    assert talk("callback", "operator", facts, Hangup(), Words("别再打了"))[1].effects == (OptOut("all"),)


def test_mr_zhou_answers_everything_at_once(facts: Facts) -> None:
    state, turn = talk("perception", "text", facts, Message("安全,对公安满意,45岁男"))
    assert turn.effects == (
        Answered("Q1", "1", None),
        Answered("Q3", "1", None),
        Answered("Q10_age", "3", None),
        Answered("Q10_sex", "1", None),
    )
    assert state.status == "complete"


def test_several_sources_of_noise_in_one_reply(facts: Facts) -> None:
    for reply in ("1,3", "13", "1和3", "施工、商铺", "１、３。谢谢"):
        state, _ = talk("special_poll", "text", facts, Message("3"), Message(reply))
        assert state.answers["P2"] == Answer("1 3"), reply


BRANCHES = """\
  - {id: A, kind: select_one, choices: fruit, prompt: {zh: "苹果还是梨?"}}
  - {id: B, kind: select_one, choices: colour, relevant: "${A} != 'pear'", prompt: {zh: "红还是绿?"}}
  - {id: C, kind: select_one, choices: size, prompt: {zh: "大还是小?"}}
"""
CHOICES = """\
choices:
  fruit: [{code: apple, label: {zh: "苹果"}}, {code: pear, label: {zh: "梨子"}}]
  colour: [{code: red, label: {zh: "红色"}}, {code: green, label: {zh: "绿色"}}]
  size: [{code: big, label: {zh: "大的"}}, {code: little, label: {zh: "小的"}}]
"""


def test_a_question_that_hangs_on_another_is_not_answered_in_one_breath_with_it() -> None:
    """Whether a pear has a colour is not known before the pear is."""
    q = small(BRANCHES, CHOICES)
    state, _ = talk(q, "text", FACTS, Message("梨子,小的"))
    assert state.answers == {"A": Answer("pear"), "C": Answer("little")}
    state, _ = talk(q, "text", FACTS, Message("梨子,红色,小的"))
    assert "B" not in state.answers
