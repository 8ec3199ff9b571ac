"""People in danger, and children: the questions stop, and a person is told or nothing is kept."""

from collections.abc import Sequence

import pytest
from talks import FACTS, Facts, keys, pages, small, talk

from survey.dialogue import (
    Choice,
    Digits,
    Form,
    Input,
    Message,
    Recorded,
    Speech,
    Turn,
    Words,
    disposition,
)
from survey.dialogue.effects import Answered, Forget, Handover
from survey.questionnaire import Answer, Mode

DANGER = {
    "violence": "救命,我老公正在打我",
    "self_harm": "我真的不想活了",
    "emergency": "我家着火了,快来人",
}
SENTENCES = {
    ("violence", "voice"): "您的话我们听到了。如果您现在有危险,请马上打110,有人受伤请打120。"
    "工作人员会马上给您回电话。",
    ("violence", "text"): "【遂澜民调中心】有危险请马上打110,有人受伤打120。工作人员会马上给您打电话。",
    ("violence", "operator"): "(停止提问)如果您现在有危险,请马上打110,有人受伤请打120。"
    "我们的负责人马上给您打电话。",
    ("self_harm", "voice"): "您的话我们听到了,您不是一个人。紧急时请马上打120或110。"
    "心理援助热线12356随时有人接听。工作人员会马上给您回电话。",
    (
        "self_harm",
        "text",
    ): "【遂澜民调中心】您不是一个人。紧急请打120或110。心理援助热线12356。我们马上给您打电话。",
    (
        "self_harm",
        "operator",
    ): "(停止提问)您不是一个人。紧急时请马上打120或110。心理援助热线12356随时有人接听。"
    "我们的负责人马上给您打电话。",
    (
        "emergency",
        "voice",
    ): "情况紧急,请马上打110报警,起火打119,有人受伤或生病打120。工作人员会马上给您回电话。",
    ("emergency", "text"): "【遂澜民调中心】请马上打110,起火119,急救120。工作人员会马上给您打电话。",
    ("emergency", "operator"): "(停止提问)请马上打110报警,起火打119,有人受伤或生病打120。"
    "我们的负责人马上给您打电话。",
}
WAYS = {"voice": Speech, "text": Message, "operator": Words}


@pytest.mark.parametrize(("kind", "mode"), SENTENCES)
def test_danger_stops_the_questions_at_once(kind: str, mode: Mode, facts: Facts) -> None:
    said = WAYS[mode](DANGER[kind])
    state, turn = talk("special_poll", mode, {**facts, "hotline": "12356"}, said)
    assert "".join(turn.prompts) == SENTENCES[kind, mode]
    assert turn.effects == (Handover(f"distress_{kind}", DANGER[kind], urgent=True),)
    assert (turn.expects, turn.reaction, state.status) == (None, "handover", "handover")
    assert disposition(state, mode) == "handover_pending"


def test_without_a_hotline_none_is_named(facts: Facts) -> None:
    _, turn = talk("special_poll", "text", facts, Message(DANGER["self_harm"]))
    assert turn.prompts == ("【遂澜民调中心】您不是一个人。紧急请打120或110。我们马上给您打电话。",)


@pytest.mark.parametrize("kind", DANGER)
def test_words_of_danger_in_an_open_answer_are_kept_with_it(kind: str, facts: Facts) -> None:
    words = DANGER[kind]
    effects = (Answered("C5", None, words), Handover(f"distress_{kind}", words, urgent=True))
    for mode, before, said in (
        ("text", [Message("3"), Message("1"), Message("3")], Message(words)),
        ("web", pages("C0=1", "C1=1", "C2=3", "C3=3"), Form({"C5": words})),
        ("operator", [Choice(code) for code in "11333"], Words(words)),
    ):
        state, turn = talk("callback", mode, facts, *before, said)  # type: ignore[arg-type]
        assert (turn.effects, turn.expects, state.status) == (effects, None, "complete"), mode
        assert state.answers["C5"] == Answer(None, words)


def test_a_recording_of_danger_is_handed_over_at_once(facts: Facts) -> None:
    words = DANGER["violence"]
    _, turn = talk("callback", "voice", facts, *keys("1133"), Recorded("RE1", 9, words))
    assert turn.effects == (
        Answered("C5", None, words, "RE1"),
        Handover("distress_violence", words, urgent=True, recording="RE1"),
    )


def test_what_an_option_says_is_no_alarm(facts: Facts) -> None:
    before = [Choice("1"), Choice("1"), Choice("1")]
    q5 = talk("perception", "operator", facts, *before, Choice("1"), Words("被打"))
    assert not any(isinstance(effect, Handover) for effect in q5[1].effects)


# -- minors

CHILD: Sequence[tuple[str, Mode, Sequence[Input], Input]] = [
    ("perception", "text", [Message("1"), Message("2")], Message("15岁,男")),
    ("perception", "text", [Message("1")], Message("我才上初中")),
    ("perception", "operator", [Choice("1"), Choice("2")], Choice("minor")),
    ("callback", "voice", keys("1133"), Recorded("RE1", 9, "我是小学生,爸爸不在家")),
    ("callback", "web", pages("C0=1", "C1=1", "C2=3", "C3=3"), Form({"C5": "我今年15岁,不懂这些"})),
    ("special_poll", "text", [Message(one) for one in "1214"], Message("16")),
    ("special_poll", "text", [Message(one) for one in "1214"], Message("16岁")),
    ("special_poll", "voice", [], Speech("我还没成年")),
]


@pytest.mark.parametrize(("code", "mode", "before", "said"), CHILD)
def test_a_child_is_thanked_and_nothing_is_kept(
    code: str, mode: Mode, before: Sequence[Input], said: Input, facts: Facts
) -> None:
    state, turn = talk(code, mode, facts, *before, said)
    assert turn.effects == (Forget(),)
    assert "".join(turn.prompts).removeprefix("【遂澜民调中心】").startswith("谢谢你。这次只请成年人参加,")
    assert (state.status, state.ended, turn.expects) == ("screened_out", "minor", None)
    assert (state.answers, state.flags, state.heard, state.told_text) == ({}, (), (), None)
    assert disposition(state, mode) == "ineligible"


AGE = '  - {id: years, kind: decimal, is_age: true, prompt: {zh: "您今年多大年纪?"}}\n'


def aged(mode: Mode, said: Input) -> Turn:
    return talk(small(AGE), mode, FACTS, said)[1]


@pytest.mark.parametrize("years", ["6", "15", "17", "17.5"])
def test_an_age_under_eighteen_ends_the_interview_in_every_mode(years: str) -> None:
    said: dict[Mode, Input] = {
        "voice": Digits(f"{years.replace('.', '*')}#"),
        "text": Message(f"{years}岁"),
        "web": Form({"years": years}),
        "operator": Choice(years),
    }
    for mode, one in said.items():
        assert aged(mode, one).effects == (Forget(),), mode


@pytest.mark.parametrize("years", ["18", "18.0", "80"])
def test_an_age_of_eighteen_and_over_is_an_answer(years: str) -> None:
    for mode, one in (("text", Message(years)), ("web", Form({"years": years})), ("operator", Choice(years))):
        assert aged(mode, one).effects == (Answered("years", years.removesuffix(".0"), None),)  # type: ignore[arg-type]


def test_a_number_that_is_a_key_is_no_age(facts: Facts) -> None:
    """12 is a key for each of two questions, 45 an age; 3 years old is nobody who writes."""
    before = [Message("1"), Message("2")]
    for reply, codes in (("12", "12"), ("11", "11"), ("45岁男", "31")):
        state, _ = talk("perception", "text", facts, *before, Message(reply))
        assert state.answers["Q10_age"].code == codes[0] and state.answers["Q10_sex"].code == codes[1]
    assert talk("special_poll", "text", facts, *[Message(one) for one in "12143"])[0].answers["P6"] == Answer(
        "3"
    )
