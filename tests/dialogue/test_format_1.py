"""Documents and interviews of format 1, as databases still hold them: read, asked and gone on with as they were."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from survey.dialogue import Answered, Choice, Digits, Message, State, Told, Turn, step
from survey.questionnaire import DK, REFUSED, Answer, Known, from_json, library
from survey.questionnaire.expressions import compile_expression
from survey.questionnaire.upgrade import expression

STORED = Path(__file__).parent / "stored"
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
        ({"question": "Q1", "in": []}, False),
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
def test_a_stored_condition_of_format_1_still_means_the_same(
    condition: Mapping[str, object], holds: bool
) -> None:
    known = Known(library("perception"), ANSWERS, {"frame": "list"})
    assert compile_expression(expression(condition)).holds(known) is holds


def stored(name: str) -> str:
    """What the first build wrote into a database: a document, or the state of an interview under it."""
    return (STORED / f"{name}.json").read_text("utf-8").strip()


def test_stored_documents_of_format_1_are_read_as_they_were_asked() -> None:
    perception, callback = from_json(stored("perception_format1")), from_json(stored("callback_format1"))
    assert (perception.code, perception.version, perception.format) == ("perception", 1, 2)
    assert perception.asked_in("voice") == ("S1", "Q1", "Q2", "Q3", "Q5", "Q6", "Q10_age", "Q10_sex")
    assert perception.asked_in("web") == ()
    assert callback.asked_in("text") == ("R", "C2", "C1", "C3", "C5", "C7")
    assert callback.asked_in("voice") == ("C0", "R", "C1", "C2", "C3", "C6", "C7")
    assert [end.status for end in callback.ends] == ["wrong_person", "unanswered"]
    assert perception.by_id["Q12"].relevant == compile_expression("${Q11} != ''")


def gone_on(code: str, state: str, *said: Choice | Digits | Message) -> tuple[State, Turn]:
    """The interview that was stored under the first build, after these further inputs."""
    q = from_json(stored(f"{code}_format1"))
    held = State.from_json(stored(state))
    for one in said:
        held, turn = step(q, held, one)
        held = State.from_json(held.to_json())
    return held, turn


def test_a_call_that_began_under_format_1_goes_on_by_its_own_words() -> None:
    state, turn = gone_on("perception", "perception_voice_at_format1", Digits("4"))
    assert turn.effects == (Answered("Q5", "4", None),)
    assert turn.prompts == (
        "您家附近的矛盾纠纷、治安问题能及时解决吗?",
        "能请按1,基本能请按2,不能请按3,没遇到请按4,说不清请按8。",
    )
    assert [f"{name}={answer.code}" for name, answer in state.answers.items()] == [
        "S1=1",
        "Q1=3",
        "Q3=2",
        "Q5=4",
    ]


def test_what_took_one_key_under_format_1_still_takes_one() -> None:
    q = from_json(stored("perception_format1"))
    held = State.from_json(stored("perception_voice_at_format1"))
    assert held.asking == "Q5"
    _, turn = step(q, held, Digits("*"))
    assert turn.expects is not None and (turn.expects.kind, turn.expects.num_digits) == ("choice", 1)
    assert not any("井号" in prompt for prompt in turn.prompts)


def test_a_text_thread_of_format_1_remembers_what_was_not_understood() -> None:
    _, turn = gone_on("perception", "perception_text_at_format1", Message("嗨嗨嗨"))
    assert turn.reaction == "handover"
    state, turn = gone_on("perception", "perception_text_at_format1", Message("2"), Message("31"))
    assert (state.status, turn.prompts[0][8:19]) == ("open", "还有什么治安方面的问题")


def test_a_result_that_was_sent_under_format_1_is_told_with_the_reply() -> None:
    _, turn = gone_on("callback", "callback_text_at_format1", Message("3"))
    assert turn.effects == (Told("路灯已修好"), Answered("C2", "3", None))


def test_an_operator_still_notes_several_answers_under_format_1() -> None:
    said = [Choice(code) for code in ("1", "2", "2 3")]
    state, _ = gone_on("perception", "perception_operator_at_format1", *said)
    assert state.answers["Q5"] == Answer("2 3")
