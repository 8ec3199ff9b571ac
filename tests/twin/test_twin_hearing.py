"""What residents make of prompts: the question, the keys, the case."""

import pytest

from survey.dialogue import Choice, Digits, Message, Words, start, step
from survey.questionnaire import library
from survey.twin.hearing import Heard, hear_speech, hear_text, hear_voice, normal
from survey.twin.mind import OPEN_TOPICS, Conversation, Resident, think
from survey.twin.person import meet
from survey.twin.town import town


def read(heard: Heard) -> list[tuple[str | None, dict[str, str]]]:
    return [(question.topic, {o.key: o.label for o in question.options}) for question in heard.questions]


SCALE = {"1": "安全", "2": "比较安全", "3": "不太安全", "4": "不安全"}


def test_spoken_options_and_the_reserved_ones_beside_them():
    heard = hear_voice(
        "您好,这里是民调中心。回答只用于统计。您感觉安全吗?安全请按1,比较安全请按2,不太安全请按3,不安全请按4。"
        "说不清请按8,不想说请按7,转人工请按0,再听一遍请按星号,不想再接到调查请按9。"
    )
    assert read(heard) == [("safety", SCALE)]
    assert heard.reserved == {"unsure": "8", "unwilling": "7", "person": "0", "again": "*", "never": "9"}


def test_a_scale_read_from_its_other_end():
    assert read(hear_text("您感觉安全吗?4不安全3不太安全2比较安全1安全")) == [("safety", SCALE)]


def test_full_width_punctuation_and_digits_are_read_like_the_others():
    text = "您感觉安全吗\uff1f\uff11安全\uff12比较安全\uff13不太安全\uff14不安全"
    assert read(hear_text(text)) == [("safety", SCALE)]


@pytest.mark.parametrize(
    ("heard", "topic"),
    [
        (hear_voice("Do you feel safe here? Press 1 for safe, press 2 for fairly safe."), "safety"),
        (
            hear_voice("Walking home after dark, do you feel safe? safe, press 1; fairly safe, press 2."),
            "dark",
        ),
        (
            hear_text(
                "Safety survey (1/3): do you feel safe? 1 safe 2 fairly safe. Reply a digit, 0 a person"
            ),
            "safety",
        ),
    ],
)
def test_english_prompts(heard, topic):
    assert (read(heard), heard.lang) == ([(topic, {"1": "safe", "2": "fairly safe"})], "en")


def test_digits_inside_a_result_are_not_options():
    heard = hear_text(
        "您反映的0037号事项:3月5日已换路灯2盏,共1处。解决了吗?1已解决2部分3未解决。回数字,0人工,退订回T"
    )
    assert read(heard) == [("solved", {"1": "已解决", "2": "部分", "3": "未解决"})]
    assert (heard.case, heard.reserved) == ("0037", {"person": "0"})


def test_two_questions_in_one_text():
    heard = hear_text("您的年龄段:1)18-29 2)30-44 3)45-59 4)60以上;性别:1)男 2)女。回两位数字,如31")
    assert read(heard) == [
        ("age", {"1": "18-29", "2": "30-44", "3": "45-59", "4": "60以上"}),
        ("sex", {"1": "男", "2": "女"}),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "已收到,我们会在24小时内与您电话核实。查询码K7Q2M9XA",
        "您的问题我们会登记。谢谢您的参与。",
        "您已退订。",
    ],
)
def test_texts_that_ask_nothing(text):
    assert not hear_text(text).asks


def test_what_an_operator_says():
    assert read(hear_speech("在目前的社会治安环境下,您感觉安全吗?\n安全、比较安全,还是不安全?")) == [
        ("safety", {})
    ]
    assert not hear_speech("好的,记下了。").asks


def test_age_bands_are_the_same_in_figures_and_in_words():
    assert normal("十八到二十九岁") == normal("18-29") == normal("18至29岁") == "18-29"


# -- the shipped instruments, as they are really worded --------------------------------------------

FACTS = {
    "centre": "遂澜", "staff_no": "1021", "frame": "list", "case_short": "0037", "signature": "遂澜民调中心",
    "result": "3月5日已更换路灯2盏", "townships": "1=安平镇;2=河口乡",
}  # fmt: skip
OPEN = "路灯不亮"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("mode", ["voice", "text", "operator"])
@pytest.mark.parametrize("code", ["perception", "callback"])
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("second_time", [False, True])
def test_every_question_of_the_shipped_instruments_is_understood(code, mode, lang, seed, second_time):
    """They always find an answer, and what they mean is what the instrument calls that code."""
    questionnaire, policy = library(code), town()
    resident = Resident(meet(policy, 7, "+8615400000001"))
    hear = {"voice": hear_voice, "text": hear_text, "operator": hear_speech}[mode]
    state, turn = start(questionnaire, mode=mode, lang=lang, seed=seed, facts=FACTS)
    conversation = Conversation()
    asked = 0
    while turn.expects is not None:
        question = turn.expects.question_id
        if second_time and mode != "operator" and turn.expects.kind != "open":
            nonsense = Digits("55") if mode == "voice" else Message("哈哈哈")
            state, turn = step(questionnaire, state, nonsense)
        heard = hear("\n".join(turn.prompts))
        meant = [think(policy, resident, conversation, asked_, lang) for asked_ in heard.questions]
        conversation.topics += [m.topic for m in meant if m is not None]
        if turn.expects.kind == "open":
            assert heard.questions and heard.questions[0].topic in OPEN_TOPICS, turn.prompts
            state, turn = step(questionnaire, state, Message(OPEN) if mode == "text" else Words(OPEN))
            continue
        if heard.questions and heard.questions[0].topic == "township":
            state, turn = step(questionnaire, state, Choice("1"))
            continue
        assert meant and all(meant), f"not understood: {turn.prompts}"
        for word, item in zip([m.label for m in meant if m], [question, "Q10_sex"], strict=False):
            labels = {questionnaire.label(item, own, lang): own for own in questionnaire.codes[item]}
            assert word in labels, f"{item}: the resident means {word!r}, the instrument knows {list(labels)}"
        keys = "".join(m.option.key for m in meant if m and m.option)
        word = {"voice": Digits(keys), "text": Message(keys)}.get(mode) or Choice(labels[meant[0].label])
        state, turn = step(questionnaire, state, word)
        asked += 1
    assert asked >= 3
    assert state.status == "complete" or (mode, second_time) != ("voice", False)
