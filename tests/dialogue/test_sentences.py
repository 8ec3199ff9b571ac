"""What there is to record for the telephone: nothing that a call says is missing from it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.dialogue import Digits, Hangup, Input, Never, NoInput, Recorded, Speech, State, Turn, start, step
from survey.dialogue.sentences import Sentence, voice_sentences
from survey.questionnaire import Lang, Questionnaire, from_yaml, library, shipped
from survey.questionnaire.wording import PLACE

FIXED = {"centre": "遂澜"}
FACTS = {
    **FIXED,
    "frame": "list",
    "case_short": "0037",
    "result": "路灯已修好",
    "recorded": "yes",
    "hotline": "12356",
    "staffed_again": "明天上午九点",
    "now": "2026-03-09T10:00:00+08:00",
}

FAIR = """
code: fair
version: 1
title: {zh: "庙会", en: "Fair"}
may_know: [stall, when]
choices:
  days: &five
    - {code: "1", label: {zh: "初一", en: "first day"}}
    - {code: "2", label: {zh: "初二", en: "second day"}}
    - {code: "3", label: {zh: "初三", en: "third day"}}
    - {code: "4", label: {zh: "初四", en: "fourth day"}}
    - {code: "5", label: {zh: "都没有", en: "none of them"}, on_scale: false}
  sides:
    - {code: east, label: {zh: "东边", en: "east"}}
    - {code: west, label: {zh: "西边", en: "west"}}
  gates:
    - {code: e1, label: {zh: "东一门", en: "east gate one"}, attributes: {side: east}}
    - {code: e2, label: {zh: "东二门", en: "east gate two"}, attributes: {side: east}}
    - {code: w1, label: {zh: "西门", en: "west gate"}, attributes: {side: west}}
  liked:
    - {code: "1", label: {zh: "戏", en: "opera"}}
    - {code: "2", label: {zh: "${stall}的面", en: "noodles of ${stall}"}}
  stalls:
    - {code: a, label: {zh: "面", en: "noodles"}}
    - {code: b, label: {zh: "饼", en: "cakes"}}
    - {code: c, label: {zh: "茶", en: "tea"}}
    - {code: d, label: {zh: "糖", en: "sweets"}}
    - {code: e, label: {zh: "酒", en: "wine"}}
items:
  - {id: here, kind: note, prompt: {zh: "庙会开始了。", en: "The fair has begun."}}
  - {id: seen, kind: note, modes: [text], prompt: {zh: "短信里才有。", en: "In texts only."}}
  - {id: typed, kind: text, relevant: "${mode} = 'web'", prompt: {zh: "网页上才问。", en: "On pages only."}}
  - {id: late, kind: note, relevant: "today() > '2026-02-01'", prompt: {zh: "已过元月。", en: "January is over."}}
  - id: day
    kind: select_one
    choices: days
    options_order: rotated
    prompt: {zh: "您哪天去的?", en: "Which day did you go?"}
    again: {zh: {voice: "哪一天?", text: "几号?"}, en: "On which day?"}
  - {id: side, kind: select_one, choices: sides, speech: true, prompt: {zh: "从哪边进的?", en: "From which side?"}}
  - id: gate
    kind: select_one
    choices: gates
    choice_filter: "side = ${side} or ${side} = ''"
    prompt: {zh: "哪个门?", en: "By which gate?"}
  - {id: liked, kind: select_multiple, choices: liked, prompt: {zh: "喜欢什么?", en: "What did you like?"}}
  - id: stall_first
    kind: select_one
    choices: stalls
    options_order: random
    missing: []
    prompt: {zh: "先去了哪个摊?", en: "Which stall first?"}
  - id: marks
    kind: scale
    range: {low: 0, high: 10, low_label: {zh: "很差", en: "bad"}, high_label: {zh: "很好", en: "good"}}
    prompt: {zh: "打几分?", en: "How many points?"}
  - id: paid
    kind: decimal
    constraint: ". <= 100 or ${day} = '1'"
    constraint_message: {zh: "${day}不会花这么多。", en: "Not so much on the ${day}."}
    prompt: {zh: "花了多少钱?", en: "What did you spend?"}
  - {id: next, kind: date, prompt: {zh: "下次哪天来?", en: "When will you come again?"}}
  - {id: call, kind: appointment, prompt: {zh: "什么时候给您打电话?", en: "When may we call?"}}
  - {id: age, kind: integer, is_age: true, prompt: {zh: "您多大?", en: "How old are you?"}}
  - {id: words, kind: text, prompt: {zh: "还想说什么?", en: "Anything else?"}}
  - {id: more, kind: text, speech: true, prompt: {zh: "${words},还有呢?", en: "${words}: and what else?"}}
complete: "replied(${day})"
ends:
  - {when: "${day} = '5'", status: screened_out, reason: not_there, goodbye: not_there}
scripts:
  opening:
    - {say: {zh: "您好。", en: "Hello."}}
    - {when: "${mode} = 'text'", say: {zh: "这是短信。", en: "This is a text."}}
  help:
    - {say: {zh: "这是庙会的调查。", en: "This is about the fair."}}
  not_there:
    - {say: {zh: "下次再来。", en: "Come another time."}}
"""
SPOKEN = {
    "没空": "declined",
    "打错了": "not_me",
    "我才15岁": "minor",
    "他又要打我了,救命": "distress_violence",
    "我不想活了": "distress_self_harm",
    "着火了,快来": "distress_emergency",
    "转人工": "asked_for",
    "全部退订": "stop",
    "什么意思": None,
    "嗯": None,
}
"""What is said to a machine that listens, and why the call ends then; None: it goes on."""
EVERY = [library(code) for code in shipped()] + [from_yaml(FAIR, name="fair.yaml")]

keys = st.one_of(
    st.sampled_from(["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "*", "#", "12#", "*8", "*9", "7.5"]),
    st.sampled_from(["300#", "20260309#", "03101500#", "16#", "35#", ""]),
)
words = st.sampled_from(
    ["满意", "东边", "没有", "转人工", "什么意思", "没空", "打错了", "我才15岁", "他又要打我了,救命"]
)
said = st.one_of(
    st.builds(Digits, st.sampled_from("123")), st.builds(Digits, keys), st.just(NoInput()), words
)


def calls(
    q: Questionnaire, lang: Lang, seed: int, said: Sequence[Input | str], begun: State | None
) -> Iterator[Turn]:
    """The turns of a call; words are said where the telephone listens, recorded where it records, else a key is pressed."""
    state, turn = start(q, mode="voice", lang=lang, seed=seed, facts=FACTS, begun=begun)
    yield turn
    for number, one in enumerate(said):
        if turn.expects is None:
            return
        state, turn = step(q, state, _through_the_telephone(one, turn, number))
        yield turn


def _through_the_telephone(one: Input | str, turn: Turn, number: int) -> Input:
    assert turn.expects is not None
    if isinstance(one, str):
        if turn.expects.speech:
            return Speech(one)
        return Digits("1") if turn.expects.record_s == 0 else Recorded(f"RE{number}", 5)
    if turn.expects.record_s and one == Digits("1"):
        return Recorded(f"RE{number}", 5, key="#")
    return one


def is_known(heard: str, sentences: Sequence[Sentence]) -> bool:
    """Whether a sentence is one of those to be recorded, or one that pipes something in and fits its pattern."""
    return any(_fits(heard, one.text) if one.piped else heard == one.text for one in sentences)


def _fits(heard: str, pattern: str) -> bool:
    if PLACE.search(pattern):
        return re.fullmatch(".*".join(map(re.escape, PLACE.split(pattern)[::2])), heard, re.S) is not None
    options = (Counter(re.split(r"[,。] ?|; |\.", told)) for told in (heard, pattern))
    return next(options) == next(options)  # in another order


@settings(max_examples=200, deadline=None)
@given(
    q=st.sampled_from(EVERY),
    lang=st.sampled_from(["zh", "en"]),
    seed=st.integers(0, 2**63 - 1),
    said=st.lists(st.one_of(said, st.just("安全")), max_size=40),
    goes_on=st.booleans(),
)
def test_a_call_says_nothing_that_is_not_listed(
    q: Questionnaire, lang: Lang, seed: int, said: Sequence[Input | str], goes_on: bool
) -> None:
    sentences = voice_sentences(q, lang, FIXED)
    begun = None
    if goes_on:  # begun by an operator, who got as far as the first answer
        begun, turn = start(q, mode="voice", lang=lang, seed=seed, facts={**FACTS, "staff_no": "1021"})
        begun, _ = step(q, begun, Digits("1"))
        begun, _ = step(q, begun, Hangup())
    for turn in calls(q, lang, seed, said, begun):
        for heard in turn.prompts:
            assert is_known(heard, sentences), heard


@pytest.mark.parametrize("q", EVERY, ids=lambda q: q.code)
def test_every_order_and_ending_of_a_plain_call_is_listed(q: Questionnaire) -> None:
    """Six hundred respondents, all orders of questions and options; each way to leave at once."""
    sentences = {one.text for one in voice_sentences(q, "zh", FIXED) if not one.piped}
    patterns = [one for one in voice_sentences(q, "zh", FIXED) if one.piped]
    endings: list[Input] = [Never(), Digits("0"), Digits("5"), NoInput(), Digits("*")]
    heard: set[str] = set()
    for seed in range(600):
        said = [Digits("1")] * (seed % 18) + [endings[seed % 5]] * 2
        for turn in calls(q, "zh", seed, said, None):
            heard.update(turn.prompts)
    assert {
        one for one in heard if one not in sentences and not any(_fits(one, p.text) for p in patterns)
    } == set()


@pytest.mark.parametrize("said", SPOKEN)
def test_what_words_bring_about_is_listed(said: str) -> None:
    q = from_yaml(FAIR.replace("version: 1", "version: 1\npurpose: case"), name="fair.yaml")
    state, _ = start(q, mode="voice", lang="zh", seed=1, facts=FACTS)
    state, _ = step(q, state, Digits("1"))
    state, turn = step(q, state, Speech(said))
    assert state.ended == SPOKEN[said] and turn.prompts
    assert [heard for heard in turn.prompts if not is_known(heard, voice_sentences(q, "zh", FIXED))] == []


def of(code: str, lang: Lang = "zh", fixed: Mapping[str, str] = FIXED) -> dict[str, list[str]]:
    """{place: what is recorded there}; what is piped in brackets."""
    q = library(code) if code in shipped() else from_yaml(FAIR, name="fair.yaml")
    found: dict[str, list[str]] = {}
    for one in voice_sentences(q, lang, fixed):
        for where in one.where:
            found.setdefault(where, []).append(f"({one.text})" if one.piped else one.text)
    return found


def test_the_callback_as_a_studio_gets_it() -> None:
    places = of("callback")
    assert {
        where: told for where, told in places.items() if where in ("C0", "C0.again", "C0.options", "R")
    } == {
        "C0": ["请问是反映人本人吗?"],
        "C0.again": ["我们只能和反映人本人说。请问是您本人吗?"],
        "C0.options": ["是请按1,不是请按2,不方便请按3。"],
        "R": ["(您反映的${case_short}号事项,办理结果是:${result}。)"],
    }
    assert places["scripts.opening"] == [
        "您好,这里是遂澜社情民意调查中心。",
        "通话会录音。",
        "转人工请按0。",
        "您还反映过另一件事项。",
    ]
    assert places["C3.options"] == [
        "满意请按1,基本满意请按2,不满意请按3,说不清请按8。",
        "不满意请按3,基本满意请按2,满意请按1,说不清请按8。",
    ]
    assert places["scripts.stopped_case_call"] == ["好的,今后不再就事项给您打电话。再见。"]
    assert "scripts.stopped_survey" not in places and "scripts.stopped_case_text" not in places
    assert "C4" not in places  # for operators alone


def test_what_is_the_same_for_everybody_can_be_recorded() -> None:
    assert of("callback")["scripts.opening"][0] == "您好,这里是遂澜社情民意调查中心。"
    assert of("callback", fixed={})["scripts.opening"][0] == "(您好,这里是${centre}社情民意调查中心。)"


def test_options_in_every_order_that_can_be_heard() -> None:
    places = of("fair", "en")
    assert [told.partition(",")[0] for told in places["day.options"]] == [
        "first day",
        "second day",
        "third day",
        "fourth day",
    ]
    assert all(told.endswith("none of them, press 5; don't know, press 8.") for told in places["day.options"])
    assert len(set(of("special_poll")["P4.options"])) == 24
    assert places["gate.options"] == [  # what every answer to the question before leaves, and no answer
        "east gate one, press 1; east gate two, press 2; west gate, press 3; don't know, press 8.",
        "east gate one, press 1; east gate two, press 2; don't know, press 8.",
        "west gate, press 1; don't know, press 8.",
    ]


def test_what_differs_from_call_to_call_is_left_to_the_voice_of_the_carrier() -> None:
    places = of("fair")
    assert places["liked.options"] == ["(戏请按1,${stall}的面请按2,说不清请按8。)"]
    assert places["stall_first.options"] == ["(面请按1,饼请按2,茶请按3,糖请按4,酒请按5。)"]  # 120 orders
    assert places["paid.constraint_message"] == ["(${day}不会花这么多。)"]
    assert places["more"] == ["(${words},还有呢?)"]


def test_what_no_call_says_is_not_asked_of_the_studio() -> None:
    places = of("fair")
    assert {"seen", "typed"} & set(places) == set()
    assert places["scripts.opening"] == ["您好。"]
    assert places["late"] == ["已过元月。"]  # may hold tomorrow
    assert places["day.again"] == ["哪一天?"]


def test_a_sentence_of_several_places_is_recorded_once() -> None:
    q = library("special_poll")
    (once,) = [one for one in voice_sentences(q, "zh") if "提示音" in one.text]
    assert once.where == ("P2_other.how", "P7.how")


def test_a_questionnaire_that_no_call_asks_needs_no_recording() -> None:
    q = from_yaml(
        "code: web\nversion: 1\ntitle: {zh: 网页}\nitems: [{id: a, kind: text, modes: [web], prompt: {zh: 说?}}]",
        name="web.yaml",
    )
    assert voice_sentences(q, "zh") == ()
