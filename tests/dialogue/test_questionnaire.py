"""The document: the shipped instruments as they were settled, and the formats in which a questionnaire is kept."""

import json
from pathlib import Path

import pytest

from survey.questionnaire import (
    DK,
    NO_ANSWER,
    REFUSED,
    MalformedQuestionnaire,
    Questionnaire,
    from_json,
    from_yaml,
    library,
    shipped,
)
from survey.questionnaire.parts import Line
from survey.questionnaire.wording import MODES, Wording, say
from survey.questionnaire.writing import to_yaml

SHIPPED = ["callback", "fraud_selftest", "perception", "revisit", "special_poll"]
STORED = Path(__file__).parent / "stored"
LABELS = {
    ("perception", "Q1"): "安全 比较安全 不太安全 不安全",
    ("perception", "Q2"): "安全 比较安全 不太安全 不安全 天黑后不独自出门",
    ("perception", "Q3"): "满意 基本满意 不满意 没打过交道",
    ("perception", "Q4"): "变好 差不多 变差",
    ("perception", "Q5"): "没有 被偷 被骗 被打",
    ("perception", "Q6"): "能 基本能 不能 没遇到",
    ("perception", "Q7"): "见过 没见过",
    ("perception", "Q8a"): "满意 基本满意 不满意 没打过交道",
    ("perception", "Q8b"): "满意 基本满意 不满意 没打过交道",
    ("perception", "Q8c"): "满意 基本满意 不满意 没打过交道",
    ("perception", "Q9a"): "知道 不知道",
    ("perception", "Q9b"): "参与过 没参与过",
    ("perception", "Q10_age"): "18-29 30-44 45-59 60以上",
    ("perception", "Q10_sex"): "男 女",
    ("perception", "Q12"): "要 不要",
    ("callback", "C0"): "是 不是 不方便",
    ("callback", "C1"): "联系过 没有",
    ("callback", "C2"): "已解决 部分解决 未解决",
    ("callback", "C3"): "满意 基本满意 不满意",
    ("callback", "C4"): "满意 基本满意 不满意",
    ("callback", "C6"): "没有 有",
    ("callback", "C7"): "需要 不需要",
}
BEST = {"安全", "满意", "变好", "能", "已解决", "很满意", "平稳", "落实了"}
"""The words with which a scale may begin: 1 is the best answer wherever a resident presses a key."""


def test_these_instruments_are_shipped() -> None:
    assert list(shipped()) == SHIPPED


@pytest.mark.parametrize(("code", "question_id"), LABELS)
def test_labels_are_the_settled_words(code: str, question_id: str) -> None:
    q = library(code)
    labels = [q.label(question_id, one, "zh") for one in q.codes[question_id]]
    assert " ".join(labels) == LABELS[code, question_id]
    assert q.codes[question_id] == tuple(str(number) for number in range(1, len(labels) + 1))


def asked(code: str, mode: str) -> str:
    """The ids of what a mode says and asks, in the order of the document."""
    return " ".join(library(code).asked_in(mode))  # type: ignore[arg-type]


def test_perception_asks_in_each_mode_what_was_settled() -> None:
    everything = "S1 S2 Q1 Q2 Q3 Q4 Q5 Q6 Q7 Q8a Q8b Q8c Q9a Q9b Q10_age Q10_sex Q11 Q12"
    assert asked("perception", "voice") == "S1 Q1 Q2 Q3 Q5 Q6 Q10_age Q10_sex Q11 Q12"
    assert asked("perception", "text") == "Q1 Q3 Q10_age Q10_sex Q11 Q12"
    assert asked("perception", "web") == "S1 S2 Q1 Q2 Q3 Q5 Q6 Q10_age Q10_sex Q11 Q12"
    assert asked("perception", "operator") == everything
    assert library("perception").essential == ("Q1", "Q3", "Q10_age", "Q10_sex")


def test_perception_has_ten_prompts_on_the_telephone_and_five_messages_in_writing() -> None:
    q = library("perception")
    together = {page.items: len(page.items) - 1 for page in q.pages if "text" in page.modes}
    assert len(q.asked_in("voice")) == 10
    assert len(q.asked_in("text")) - sum(together.values()) == 5


def test_a_callback_asks_in_each_mode_what_was_settled() -> None:
    assert asked("callback", "voice") == "C0 CT R C1 C2 C3 C5 C6 C7"
    assert asked("callback", "text") == "R C2 C1 C3 C5 C7"
    assert asked("callback", "web") == "C0 CT R C1 C2 C3 C5 C6 C7"
    assert asked("callback", "operator") == "C0 CT R C1 C2 C3 C4 C5 C6 C7"
    assert library("callback").essential == ("C2", "C3")


def test_the_examples_are_asked_alike_in_every_mode() -> None:
    for mode in MODES:
        assert asked("special_poll", mode) == "P1 P2 P2_other P3 P4 P5 P6 P7"
        assert asked("fraud_selftest", mode) == "F1 F2 F3 F4 F5"


@pytest.mark.parametrize("code", SHIPPED)
def test_one_is_the_best_answer_everywhere(code: str) -> None:
    """Every scale that is dealt in two directions begins with its good end, no key is a reserved one, and where points
    are given 1 has most of them."""
    q = library(code)
    for item in q.questions:
        options = q.options(item.id)
        assert not {option.code for option in options} & {"0", "7", "8", "9", "*"}
        if item.two_directions:
            assert say(options[0].label, "zh", "voice") in BEST
        if item.range is not None:
            assert item.range.low == 1 and say(item.range.low_label, "zh", "voice") in BEST
    for score in q.scores:
        for points in score.points.values():
            assert points["1"] == max(points.values())


@pytest.mark.parametrize("code", SHIPPED)
def test_everything_said_is_there_in_both_languages(code: str) -> None:
    """And what a mode leaves unsaid in one language it leaves unsaid in the other."""
    q = library(code)
    assert q.spoken_languages == ("zh", "en")
    for wording in wordings(q):
        assert set(wording) == {"zh", "en"}
        for mode in MODES:
            assert bool(say(wording, "zh", mode)) == bool(say(wording, "en", mode))


def wordings(q: Questionnaire) -> list[Wording]:
    """Every wording that is not left out."""
    items = (one for i in q.items for one in (i.prompt, i.again, i.hint, i.constraint_message))
    ranges = (one for i in q.items if i.range for one in (i.range.low_label, i.range.high_label))
    options = (one for choices in q.choices.values() for o in choices for one in (o.label, o.short))
    lines: list[Line] = [line for script in q.scripts.values() for line in script]
    scripts = (line.say for line in lines)
    rest = (q.title, *(page.prompt for page in q.pages), *(score.title for score in q.scores))
    return [one for one in (*items, *ranges, *options, *scripts, *rest) if one]


def test_health_is_never_asked() -> None:
    for code in SHIPPED:
        for term in ("健康", "疾病", "看病", "health", "illness"):
            assert term not in library(code).to_json()


# -- kept and read again


@pytest.mark.parametrize("code", SHIPPED)
def test_a_questionnaire_survives_json_and_keeps_its_fingerprint(code: str) -> None:
    q = library(code)
    for body in (q.to_json(), json.loads(q.to_json())):
        again = from_json(body)
        assert again == q
        assert again.sha256 == q.sha256
    changed = {**json.loads(q.to_json()), "version": 99}
    assert from_json(changed).sha256 != q.sha256


@pytest.mark.parametrize("code", SHIPPED)
def test_a_questionnaire_survives_yaml(code: str) -> None:
    q = library(code)
    again = from_yaml(to_yaml(q), name="again.yaml")
    assert (again, again.sha256) == (q, q.sha256)


def test_a_default_that_is_written_out_changes_no_fingerprint() -> None:
    short = from_yaml(DOCUMENT, name="short.yaml")
    long = from_yaml(DOCUMENT + "purpose: survey\nlimits: {silences: 2}\n", name="long.yaml")
    assert (short, short.sha256) == (long, long.sha256)


def test_missing_codes_have_labels_of_their_own() -> None:
    q = library("perception")
    assert [q.label("Q1", code, "zh") for code in (DK, REFUSED, NO_ANSWER)] == ["说不清", "不想说", "未回答"]
    assert [q.label("Q1", code, "en") for code in (DK, "2", "1 2")] == [
        "don't know",
        "fairly safe",
        "safe, fairly safe",
    ]
    assert q.label("Q1", "99", "zh") == "99"
    assert library("special_poll").label("P2", "1 other", "zh") == "施工、其他"


# -- a small one

DOCUMENT = """\
code: small
version: 1
title: {zh: "小问卷", en: "a small one"}
choices:
  yes_no:
    - {code: "1", label: {zh: "好", en: "yes"}}
    - {code: "2", label: {zh: "不好", en: "no"}}
items:
  - id: A1
    kind: select_one
    choices: yes_no
    prompt: {zh: "好吗?", en: "Is it good?"}
"""


def test_a_small_questionnaire_is_enough() -> None:
    q = from_yaml(DOCUMENT, name="small.yaml")
    assert [item.id for item in q.questions] == ["A1"]
    assert q.by_id["A1"].modes == MODES
    assert (q.spoken_languages, q.most_steps, q.misunderstandings("text")) == (("zh", "en"), 24, 2)


def test_an_instrument_that_is_not_shipped_is_named_with_those_that_are() -> None:
    with pytest.raises(KeyError, match="callback, fraud_selftest, perception, revisit, special_poll"):
        library("census")


def test_json_that_is_none_is_told() -> None:
    with pytest.raises(MalformedQuestionnaire, match="stored questionnaire: not JSON"):
        from_json("{")
