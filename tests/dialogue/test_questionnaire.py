"""The document: the shipped instruments, their conditions, and what a malformed one is told."""

import json
from collections.abc import Mapping

import pytest
from pydantic import TypeAdapter

from survey.questionnaire import (
    DK,
    NO_ANSWER,
    REFUSED,
    Answer,
    MalformedQuestionnaire,
    Questionnaire,
    from_json,
    from_yaml,
    library,
)
from survey.questionnaire.relevance import Condition
from survey.questionnaire.wording import say

SHIPPED = ["perception", "callback"]
LABELS = {
    ("perception", "Q1"): "安全 比较安全 不太安全 不安全",
    ("perception", "Q2"): "安全 比较安全 不太安全 不安全 天黑后不独自出门",
    ("perception", "Q3"): "满意 基本满意 不满意 没打过交道",
    ("perception", "Q4"): "变好 差不多 变差",
    ("perception", "Q5"): "没有 被偷 被骗 被打",
    ("perception", "Q6"): "能 基本能 不能 没遇到",
    ("perception", "Q7"): "见过 没见过",
    ("perception", "Q8a"): "满意 基本满意 不满意 没打过交道",
    ("perception", "Q10_age"): "18-29 30-44 45-59 60以上",
    ("perception", "Q10_sex"): "男 女",
    ("perception", "Q12"): "要 不要",
    ("callback", "C0"): "是 不是 不方便",
    ("callback", "C1"): "联系过 没有",
    ("callback", "C2"): "已解决 部分解决 未解决",
    ("callback", "C3"): "满意 基本满意 不满意",
    ("callback", "C6"): "没有 有",
    ("callback", "C7"): "需要 不需要",
}


@pytest.mark.parametrize(("code", "question_id"), LABELS)
def test_labels_are_the_settled_words(code: str, question_id: str) -> None:
    q = library(code)
    labels = [q.label(question_id, one, "zh") for one in q.codes[question_id]]
    assert " ".join(labels) == LABELS[code, question_id]
    assert q.codes[question_id] == tuple(str(number) for number in range(1, len(labels) + 1))


def test_each_mode_asks_what_was_settled() -> None:
    perception, callback = library("perception"), library("callback")
    assert perception.asked_in("voice") == ("S1", "Q1", "Q2", "Q3", "Q5", "Q6", "Q10_age", "Q10_sex")
    assert perception.asked_in("text") == ("Q1", "Q3", "Q10_age", "Q10_sex", "Q11", "Q12")
    assert len(perception.asked_in("operator")) == len(perception.items)
    assert callback.asked_in("voice") == ("C0", "R", "C1", "C2", "C3", "C6", "C7")
    assert callback.asked_in("text") == ("R", "C2", "C1", "C3", "C5", "C7")
    assert callback.asked_in("operator") == ("C0", "R", "C1", "C2", "C3", "C4", "C5", "C6", "C7")
    assert perception.essential == ("Q1", "Q3", "Q10_age", "Q10_sex")
    assert callback.essential == ("C2", "C3")


@pytest.mark.parametrize("code", SHIPPED)
def test_one_is_the_best_answer_everywhere(code: str) -> None:
    """Every scale that is dealt in two directions begins with its good end, and no key is a reserved one."""
    q = library(code)
    good = {"安全", "满意", "变好", "能", "已解决"}
    for item in q.questions:
        options = q.options(item.id)
        assert not {option.code for option in options} & {"0", "7", "8", "9", "*"}
        if item.two_directions:
            assert say(options[0].label, "zh", "voice") in good


@pytest.mark.parametrize("code", SHIPPED)
def test_everything_said_is_there_in_both_languages(code: str) -> None:
    q = library(code)
    wordings = [item.prompt for item in q.items] + [
        line.say for lines in q.scripts.values() for line in lines
    ]
    wordings += [option.label for options in q.choices.values() for option in options]
    assert all(set(wording) == {"zh", "en"} for wording in wordings)


@pytest.mark.parametrize("code", SHIPPED)
def test_a_questionnaire_survives_json_and_keeps_its_fingerprint(code: str) -> None:
    q = library(code)
    for body in (q.to_json(), json.loads(q.to_json())):
        again = from_json(body)
        assert again == q
        assert again.sha256 == q.sha256
    changed = {**json.loads(q.to_json()), "version": 2}
    assert from_json(changed).sha256 != q.sha256


def test_missing_codes_have_labels_of_their_own() -> None:
    q = library("perception")
    assert [q.label("Q1", code, "zh") for code in (DK, REFUSED, NO_ANSWER)] == ["说不清", "不想说", "未回答"]
    assert q.label("Q1", "99", "zh") == "99"


ANSWERS: Mapping[str, Answer] = {
    "Q1": Answer("3"),
    "Q3": Answer(DK),
    "Q4": Answer(REFUSED),
    "Q5": Answer("2 3"),
    "Q11": Answer(None, "路灯坏了"),
}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"question": "Q1", "is": "3"}, True),
        ({"question": "Q1", "is": "4"}, False),
        ({"question": "Q1", "in": ["3", "4"]}, True),
        ({"question": "Q1", "at_least": 3}, True),
        ({"question": "Q1", "at_least": 4}, False),
        ({"question": "Q3", "at_least": 0}, False),
        ({"question": "Q3", "is": "dk"}, False),
        ({"question": "Q3", "replied": True}, True),
        ({"question": "Q3", "valid": True}, False),
        ({"question": "Q4", "replied": True}, False),
        ({"question": "Q5", "is": "3"}, True),
        ({"question": "Q9", "is": "1"}, False),
        ({"question": "Q9", "replied": False}, True),
        ({"question": "Q11", "valid": True}, True),
        ({"question": "Q11", "is": ""}, False),
        ({"fact": "frame", "is": "list"}, True),
        ({"fact": "frame", "in": ["random"]}, False),
        ({"fact": "query_code", "given": False}, True),
        ({"all": [{"question": "Q1", "is": "3"}, {"fact": "frame", "is": "list"}]}, True),
        ({"any": [{"question": "Q1", "is": "1"}, {"question": "Q9", "is": "1"}]}, False),
        ({"not": {"question": "Q1", "is": "1"}}, True),
        ({"all": []}, True),
        ({"any": []}, False),
    ],
)
def test_a_condition_holds_or_does_not(condition: Mapping[str, object], holds: bool) -> None:
    parsed: Condition = TypeAdapter(Condition).validate_python(condition)
    assert parsed.holds(ANSWERS, {"frame": "list"}) is holds


def document(**changes: object) -> str:
    """A small questionnaire as JSON (which is YAML too), with one part changed."""
    item = {
        "id": "A1",
        "kind": "select_one",
        "modes": ["voice"],
        "choices": "yes_no",
        "prompt": {"zh": "好吗?"},
    }
    body: dict[str, object] = {
        "code": "small",
        "version": 1,
        "purpose": "survey",
        "title": {"zh": "小问卷"},
        "facts": {"voice": []},
        "choices": {"yes_no": [{"code": "1", "label": {"zh": "好"}}, {"code": "2", "label": {"zh": "不好"}}]},
        "items": [item],
        "partial": {"question": "A1", "replied": True},
        "scripts": {},
        "limits": {"not_understood": {"voice": 2}, "silences": 2, "helps": 2, "steps": 20},
    }
    return json.dumps({**body, **changes}, ensure_ascii=False)


def test_a_small_questionnaire_is_enough() -> None:
    q = from_yaml(document(), name="small.yaml")
    assert isinstance(q, Questionnaire)
    assert [item.id for item in q.questions] == ["A1"]


TWICE = [{"code": "1", "label": {"zh": "好"}}, {"code": "1", "label": {"zh": "不好"}}]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("a: [1", r"small.yaml: not YAML"),
        ("[]", r"small.yaml: document"),
        (document(colour="red"), r"colour: Extra inputs are not permitted"),
        (document(partial={"question": "A9", "is": "1"}), r"partial names A9, which is no item"),
        (document(partial={"question": "A1"}), r"exactly one of is, in, at_least"),
        (document(partial={"colour": "red"}), r"a condition begins with all, any, not, question or fact"),
        (document(random_blocks=[["A1", "A7"]]), r"random_blocks names A7"),
        (document(choices={}), r"item A1: there are no choices yes_no"),
        (document(choices={"yes_no": TWICE}), r"choices yes_no: a code stands twice"),
        (
            document(
                items=[{"id": "A1", "kind": "text", "modes": ["text"], "choices": "yes_no", "prompt": {}}]
            ),
            r"item A1 \(text\): closed questions, and only they",
        ),
    ],
)
def test_a_malformed_document_is_told_its_place_and_fault(body: str, complaint: str) -> None:
    with pytest.raises(MalformedQuestionnaire, match=complaint):
        from_yaml(body, name="small.yaml")


def test_an_instrument_that_is_not_shipped_is_named_with_those_that_are() -> None:
    with pytest.raises(KeyError, match="callback, perception"):
        library("census")
