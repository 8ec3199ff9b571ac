"""The web form: one question a page or all in one, what is wrong in a field, and the way back."""

import pytest
from talks import FACTS, Facts, pages, small, talk

from survey.dialogue import Correct, Digits, Form, Hangup, Message, NoInput, Turn, step
from survey.dialogue.effects import Answered, Handover, Told
from survey.questionnaire import NO_ANSWER, REFUSED, Answer, library


def shown(turn: Turn) -> list[str]:
    """The page as its reader sees it: notes as words, questions by their id, with what stands in them and is wrong."""
    return [
        field.prompt
        if field.kind == "note"
        else f"{field.question_id}{'*' if field.required else ''}"
        + (f" = {field.value}" if field.value else "")
        + (f" × {field.fault}" if field.fault else "")
        for field in turn.fields
    ]


def test_a_page_shows_what_a_screen_reader_needs(facts: Facts) -> None:
    _, turn = talk("special_poll", "web", facts)
    field = turn.fields[-1]
    assert (field.question_id, field.kind, field.required) == ("P1", "select_one", True)
    assert field.prompt == "最近一个月,您晚上十点以后被噪声吵到过吗?"
    assert [(option.code, option.label) for option in field.options] == [
        ("1", "没有"),
        ("2", "偶尔"),
        ("3", "经常"),
    ]
    assert [one.kind for one in turn.fields[:-1]] == ["note"] * 3


def test_who_somebody_is_must_be_filled_in(facts: Facts) -> None:
    for empty in (Form({}), Form({"S1": " "}), Form({"S1": NO_ANSWER}), Form({"S1": "refused"})):
        state, turn = talk("perception", "web", facts, empty)
        assert (turn.reaction, state.answers) == ("asked_again", {})
    assert shown(turn) == ["S1* × 这一项填得不对,请改一下。"]
    assert shown(talk("callback", "web", facts, Form({}))[1]) == ["C0* × 请回答这一题。"]


def test_an_empty_field_is_no_answer_where_the_question_may_be_passed_over(facts: Facts) -> None:
    _, turn = talk("special_poll", "web", facts, *pages("P1=1", "P4="))
    assert turn.effects == (Answered("P4", NO_ANSWER, None),)


def test_what_is_rather_not_said_is_said_so(facts: Facts) -> None:
    _, turn = talk("perception", "web", facts, *pages("S1=1", "Q1=refused"))
    assert turn.effects == (Answered("Q1", REFUSED, None),)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("很多", "请填一个整数,例如 3。"),
        ("2.5", "请填一个整数,例如 3。"),
        ("21", "请报1到20之间的人数。"),
        ("0", "请报1到20之间的人数。"),
    ],
)
def test_a_field_says_what_is_wrong_in_it(facts: Facts, written: str, fault: str) -> None:
    before = pages("P1=1", "P4=1", "P3=1")
    state, turn = talk("special_poll", "web", facts, *before, Form({"P5": written}))
    assert (shown(turn), "P5" in state.answers) == ([f"P5 × {fault}"], False)


def test_none_of_these_goes_with_none_of_them(facts: Facts) -> None:
    before = pages("S1=1", "Q1=1", "Q3=1")
    for chosen, kept in (("1 2", None), ("2 1", None), ("3 2", "2 3"), ("1", "1")):
        state, _ = talk("perception", "web", facts, *before, Form({"Q5": chosen}))
        assert state.answers.get("Q5") == (Answer(kept) if kept else None)


def test_fields_of_other_questions_are_left_aside(facts: Facts) -> None:
    state, _ = talk("perception", "web", facts, Form({"S1": "1", "Q1": "4", "gone": "1"}))
    assert state.answers == {"S1": Answer("1")}


def test_the_way_back_shows_what_was_answered(facts: Facts) -> None:
    state, turn = talk("perception", "web", facts, *pages("S1=1", "Q1=2"), Correct("Q1"))
    assert shown(turn) == ["Q1* = 2"]
    state, turn = step(library("perception"), state, Form({"Q1": "1"}))
    assert (state.answers["Q1"], state.asking) == (Answer("1"), "Q3")
    _, turn = talk("perception", "web", facts, *pages("S1=1"), Correct("Q12"))
    assert shown(turn) == ["Q1*"]


def test_the_buttons_of_a_page(facts: Facts) -> None:
    _, turn = talk("perception", "web", facts, Form({"_button": "again"}))
    assert shown(turn) == [
        "我们是遂澜社情民意调查中心,做平安建设调查,回答只用于统计。不收费,不问密码和验证码。",
        "S1*",
    ]
    _, turn = talk("perception", "web", facts, Form({"_button": "person", "S1": "1"}))
    assert turn.effects == (Handover("asked_for"),)


def test_the_result_counts_as_told_with_the_next_page(facts: Facts) -> None:
    state, turn = talk("callback", "web", facts, Form({"C0": "1"}))
    assert shown(turn) == ["您反映的0037号事项,办理结果是:路灯已修好。", "C1"]
    assert state.told_text is None
    _, turn = step(library("callback"), state, Form({"C1": "1"}))
    assert turn.effects == (Told("路灯已修好"), Answered("C1", "1", None))
    assert talk("callback", "web", facts, Form({"C0": "1"}), Hangup())[1].effects == ()


def test_a_page_that_is_left_keeps_its_answers(facts: Facts) -> None:
    state, turn = talk("perception", "web", facts, *pages("S1=1", "Q1=2"), Hangup())
    assert (state.status, turn.prompts) == ("partial", ())


def test_other_inputs_find_their_way(facts: Facts) -> None:
    """What a page never sends is taken in the nearest way, and breaks nothing."""
    assert talk("perception", "web", facts, Message("是"))[0].answers == {"S1": Answer("1")}
    assert talk("perception", "web", facts, Digits("1"))[0].answers == {"S1": Answer("1")}
    state, turn = talk("perception", "web", facts, NoInput())
    assert (state.status, turn.reaction) == ("open", "acknowledged")


# -- all in one page

ALL = """\
  - {id: before, kind: note, prompt: {zh: "先问住处。"}}
  - {id: town, kind: select_one, choices: towns, required: true, prompt: {zh: "住在哪里?"}}
  - {id: between, kind: note, relevant: "${town} != 'x'", prompt: {zh: "再问家里。"}}
  - {id: people, kind: integer, constraint: ". < 20", prompt: {zh: "几口人?"}}
  - {id: name, kind: text, relevant: "${town} = '2'", required: true, prompt: {zh: "哪个村?"}}
"""
ONE_PAGE = """\
choices: {towns: [{code: "1", label: {zh: "镇上"}}, {code: "2", label: {zh: "村里"}}]}
web: {layout: one_page}
"""


def on_one_page(*said: Form):  # type: ignore[no-untyped-def]
    return talk(small(ALL, ONE_PAGE), "web", FACTS, *said)


def test_one_page_holds_all_questions_and_the_notes_between_them() -> None:
    _, turn = on_one_page()
    assert shown(turn) == ["先问住处。", "town*", "再问家里。", "people"]
    assert turn.expects is not None and turn.expects.question_ids == ("town", "people")


def test_one_page_is_done_when_all_of_it_is() -> None:
    state, turn = on_one_page(Form({"town": "1", "people": "4"}))
    assert state.answers == {"town": Answer("1"), "people": Answer("4")}
    assert (state.status, turn.prompts) == ("complete", ("问题问完了,谢谢您。",))


def test_what_can_be_taken_from_a_page_is_kept_and_the_rest_asked_again() -> None:
    state, turn = on_one_page(Form({"town": "9", "people": "4"}))
    assert turn.effects == (Answered("people", "4", None),)
    assert shown(turn) == ["town* × 这一项填得不对,请改一下。"]
    assert (state.answers, state.status) == ({"people": Answer("4")}, "open")


def test_a_question_that_an_answer_of_the_page_opens_comes_on_the_next() -> None:
    state, turn = on_one_page(Form({"town": "2", "people": "40", "name": "石寨"}))
    assert shown(turn) == ["people × 这一项填得不对,请改一下。", "name*"]
    assert state.answers == {"town": Answer("2")}
    state, turn = step(small(ALL, ONE_PAGE), state, Form({"people": "3", "name": "石寨"}))
    assert state.status == "complete"


PAGES = """\
pages:
  - {items: [between, people, name], modes: [web], prompt: {zh: "家里"}}
choices: {towns: [{code: "1", label: {zh: "镇上"}}, {code: "2", label: {zh: "村里"}}]}
"""


def test_a_page_of_several_questions_passes_over_those_that_are_not_asked() -> None:
    q = small(ALL, PAGES)
    state, turn = talk(q, "web", FACTS, Form({"town": "1"}))
    assert shown(turn) == ["再问家里。", "家里", "people"]
    state, turn = step(q, state, Form({"people": "3"}))
    assert (state.answers, state.status) == ({"town": Answer("1"), "people": Answer("3")}, "complete")
    _, turn = talk(q, "web", FACTS, Form({"town": "2"}), Form({"people": "3"}))
    assert shown(turn) == ["家里", "name* × 请回答这一题。"]
