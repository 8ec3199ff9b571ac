"""Each kind of question, answered in each mode: one meaning, one spelling."""

import pytest
from talks import FACTS, keys, small, talk

from survey.dialogue import Choice, Correct, Digits, Form, Input, Message, NoInput, Turn, Words, step
from survey.dialogue.effects import Answered, CallAt, Handover
from survey.questionnaire import DK, REFUSED, Answer, Mode, Questionnaire, from_yaml

NOW = {**FACTS, "now": "2026-03-09T10:00"}
"""A Monday morning."""


def question(keys_: str, rest: str = "") -> Questionnaire:
    """One question, A, of these keys."""
    return small(f'  - {{id: A, {keys_}, prompt: {{zh: "多少?"}}}}\n', rest)


def kept(q: Questionnaire, mode: Mode, *said: Input) -> Answer | None:
    return talk(q, mode, NOW, *said)[0].answers.get("A")


def in_every_mode(voice: str, text: str, web: str, operator: str) -> dict[Mode, Input]:
    return {
        "voice": Digits(voice),
        "text": Message(text),
        "web": Form({"A": web}),
        "operator": Choice(operator),
    }


@pytest.mark.parametrize(
    ("kind", "said", "code"),
    [
        ("kind: integer", in_every_mode("42#", "42", "42", "42"), "42"),
        ("kind: integer", in_every_mode("042#", "四十二个", "四十二", "042"), "42"),
        ("kind: integer", in_every_mode("8#", "8", "8", "8"), "8"),
        ("kind: integer", in_every_mode("0#", "零", "0", "0"), "0"),
        ("kind: decimal", in_every_mode("3*50#", "3.5", "3.50", "3.5"), "3.5"),
        ("kind: decimal", in_every_mode("3#", "3", "3.0", "3"), "3"),
        ("kind: scale, range: {low: 1, high: 5}", in_every_mode("4", "4", "4", "4"), "4"),
        ("kind: scale, range: {low: 1, high: 5}", in_every_mode("4", "四", "4", "4"), "4"),
        ("kind: scale, range: {low: 0, high: 10}", in_every_mode("10#", "10", "10", "10"), "10"),
        ("kind: scale, range: {low: 0, high: 10}", in_every_mode("0#", "0", "0", "0"), "0"),
        (
            "kind: date",
            in_every_mode("20260301#", "2026年3月1日", "2026-03-01", "2026-03-01"),
            "2026-03-01",
        ),
        (
            "kind: appointment",
            in_every_mode("03101530#", "3月10日下午3点半", "2026-03-10T15:30", "2026-03-10 15:30"),
            "2026-03-10T15:30",
        ),
    ],
)
def test_a_value_has_one_spelling_in_every_mode(kind: str, said: dict[Mode, Input], code: str) -> None:
    for mode, one in said.items():
        assert kept(question(kind), mode, one) == Answer(code), mode


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("kind: integer", in_every_mode("3*5#", "3.5", "3.5", "3.5")),
        (
            "kind: integer",
            in_every_mode("1234567890123456#", "1234567890123456", "1234567890123456", "1" * 16),
        ),
        ("kind: integer", in_every_mode("#", "三到五个", "3-5", "x")),
        ("kind: scale, range: {low: 1, high: 5}", in_every_mode("6", "6", "6", "6")),
        ("kind: scale, range: {low: 0, high: 10}", in_every_mode("11#", "11", "11", "11")),
        ("kind: date", in_every_mode("20260230#", "2月30日", "2026-02-30", "2026-02-30")),
        ("kind: appointment", in_every_mode("02300900#", "2月30日9点", "2026-02-30T09:00", "x")),
        ("kind: appointment", in_every_mode("13010900#", "昨天9点", "2026-03-08T09:00", "昨天9点")),
    ],
)
def test_what_is_no_such_value_is_asked_again(kind: str, said: dict[Mode, Input]) -> None:
    for mode, one in said.items():
        state, turn = talk(question(kind), mode, NOW, one)
        assert (state.answers, turn.reaction) == ({}, "asked_again"), mode


def test_a_constraint_says_itself_why_it_does_not_take_an_answer() -> None:
    q = question('kind: integer, constraint: ". < 20", constraint_message: {zh: "不到20才行。"}')
    _, turn = talk(q, "voice", NOW, Digits("20#"))
    assert turn.prompts[:2] == ("不到20才行。", "多少?")
    _, turn = talk(q, "text", NOW, Message("20"))
    assert turn.prompts == ("【遂澜民调中心】不到20才行。多少?请回数字",)
    _, turn = talk(q, "web", NOW, Form({"A": "20"}))
    assert turn.fields[-1].fault == "不到20才行。"
    _, turn = talk(q, "operator", NOW, Choice("20"))
    assert turn.prompts == ("不到20才行。", "多少?")


def test_a_constraint_holds_for_words_too() -> None:
    q = question('kind: text, constraint: "string-length(.) > 3"')
    assert kept(q, "text", Message("好")) is None
    assert kept(q, "text", Message("路灯坏了")) == Answer(None, "路灯坏了")


# -- the keys of a telephone


def voiced(kind: str, *said: Input) -> Turn:
    return talk(question(kind), "voice", NOW, *said)[1]


def test_a_number_waits_for_the_hash_and_a_key_does_not() -> None:
    digits = {
        "kind: integer": 0,
        "kind: decimal": 0,
        "kind: date": 0,
        "kind: appointment": 0,
        "kind: scale, range: {low: 1, high: 6}": 1,
        "kind: scale, range: {low: 0, high: 6}": 0,
        "kind: scale, range: {low: 1, high: 10}": 0,
    }
    for kind, wanted in digits.items():
        expects = voiced(kind).expects
        assert expects is not None and expects.num_digits == wanted, kind


def test_a_star_makes_a_key_reserved_where_a_number_is_wanted() -> None:
    assert voiced("kind: integer", Digits("*8#")).effects == (Answered("A", DK, None),)
    assert voiced("kind: integer", Digits("*7#")).effects == (Answered("A", REFUSED, None),)
    assert voiced("kind: integer", Digits("*0#")).effects == (Handover("asked_for"),)
    assert voiced("kind: integer", Digits("*9#")).reaction == "opted_out"
    assert voiced("kind: integer", Digits("*#")).reaction == "helped"


def test_a_reserved_key_that_is_no_possible_number_is_reserved() -> None:
    few = 'kind: integer, constraint: ". > 0 and . < 7"'
    assert voiced(few, Digits("0#")).effects == (Handover("asked_for"),)
    assert voiced(few, Digits("9#")).reaction == "opted_out"
    assert voiced(few, Digits("8#")).effects == (Answered("A", DK, None),)
    assert voiced(few, Digits("6#")).effects == (Answered("A", "6", None),)


# -- choices

SIZES = """\
choices:
  sizes: [{code: s, label: {zh: "小的"}}, {code: m, label: {zh: "中的"}}, {code: l, label: {zh: "大的"}}]
"""


def test_codes_that_are_words_are_pressed_and_written_by_their_place() -> None:
    q = question("kind: select_one, choices: sizes", SIZES)
    said = in_every_mode("2", "2", "m", "m")
    for mode, one in said.items():
        assert kept(q, mode, one) == Answer("m"), mode
    assert talk(q, "voice", NOW)[1].prompts[-1] == "小的请按1,中的请按2,大的请按3,说不清请按8。"
    assert kept(q, "text", Message("中的吧")) == Answer("m")
    assert kept(q, "operator", Words("大的")) == Answer("l")


def test_several_are_pressed_one_after_the_other() -> None:
    q = question("kind: select_multiple, choices: sizes", SIZES)
    for mode, one in in_every_mode("13#", "1,3", "l s", "l s").items():
        assert kept(q, mode, one) == Answer("s l"), mode
    assert kept(q, "voice", Digits("19#")) is None
    _, turn = talk(q, "voice", NOW)
    assert turn.expects is not None and (turn.expects.kind, turn.expects.num_digits) == ("choices", 0)


def test_other_asks_which() -> None:
    q = question("kind: select_one, choices: sizes, other: true", SIZES)
    for mode, one in in_every_mode("4", "4", "other", "other").items():
        state, turn = talk(q, mode, NOW, one)
        assert state.answers == {"A": Answer("other")}
        assert turn.expects is not None and turn.expects.question_id == "A_other", mode
    state, turn = talk(q, "text", NOW, Message("其他"), Message("特大的"))
    assert state.answers["A_other"] == Answer(None, "特大的")


FILTERED = """\
  - {id: A, kind: select_one, choices: sizes, prompt: {zh: "多大?"}}
  - {id: B, kind: select_one, choices: colours, choice_filter: "of = ${A}", prompt: {zh: "哪种?"}}
"""
COLOURS = """\
  colours:
    - {code: "1", label: {zh: "红的"}, attributes: {of: s}}
    - {code: "2", label: {zh: "绿的"}, attributes: {of: m}}
    - {code: "3", label: {zh: "蓝的"}, attributes: {of: m}}
"""


def test_a_filter_leaves_only_what_it_lets_through() -> None:
    q = small(FILTERED, SIZES + COLOURS)
    state, turn = talk(q, "operator", NOW, Choice("m"))
    assert turn.expects is not None and [one.code for one in turn.expects.options] == ["2", "3"]
    assert step(q, state, Choice("1"))[0].answers == {"A": Answer("m")}
    assert step(q, state, Choice("3"))[0].answers["B"] == Answer("3")
    state, turn = talk(q, "text", NOW, Message("2"))
    assert turn.prompts == ("【遂澜民调中心】哪种?2绿的3蓝的",)
    assert step(q, state, Message("1"))[1].reaction == "asked_again"


def test_a_question_of_which_the_filter_leaves_nothing_is_passed_over() -> None:
    q = small(FILTERED.replace("choices: colours,", "choices: colours, essential: true,"), SIZES + COLOURS)
    for mode, said in (("voice", Digits("3")), ("web", Form({"A": "l"})), ("operator", Choice("dk"))):
        state, turn = talk(q, mode, NOW, said)  # type: ignore[arg-type]
        assert (list(state.answers), state.status, turn.expects) == (["A"], "complete", None), mode


def test_options_from_a_fact_are_asked_where_there_are_some() -> None:
    q = small(
        '  - {id: A, kind: select_one, choices_from: towns, prompt: {zh: "哪里?"}}', "may_know: [towns]"
    )
    assert talk(q, "operator", NOW)[1].expects is None
    _, turn = talk(q, "operator", {**NOW, "towns": "1=城关镇;2=石寨镇"}, Choice("2"))
    assert turn.effects == (Answered("A", "2", None),)


def test_an_option_from_a_fact_is_said_by_its_words() -> None:
    q = small(
        '  - {id: A, kind: select_one, choices_from: towns, prompt: {zh: "哪里?"}}\n'
        '  - {id: B, kind: text, prompt: {zh: "${A}哪条路暗?"}}',
        "may_know: [towns]",
    )
    _, turn = talk(q, "operator", {**NOW, "towns": "1=城关镇;2=石寨镇"}, Choice("2"))
    assert turn.prompts == ("石寨镇哪条路暗?",)


# -- moments, and the bound


def test_a_moment_to_call_is_told_to_the_world() -> None:
    _, turn = talk(question("kind: appointment"), "text", NOW, Message("明天下午三点"))
    assert turn.effects == (Answered("A", "2026-03-10T15:00", None), CallAt("2026-03-10T15:00"))
    _, turn = talk(question("kind: appointment"), "text", NOW, Message("说不清"))
    assert turn.effects == (Answered("A", DK, None),)


def test_keys_name_the_next_time_that_it_is_so() -> None:
    assert kept(question("kind: appointment"), "voice", Digits("03090900#")) == Answer("2027-03-09T09:00")
    assert (
        talk(question("kind: appointment"), "voice", FACTS, Digits("03090900#"))[1].reaction == "asked_again"
    )


TWO = """\
  - {id: A, kind: text, prompt: {zh: "一?"}}
  - {id: B, kind: text, prompt: {zh: "二?"}}
"""


def test_past_its_bound_a_dialogue_takes_only_new_answers() -> None:
    q = small(TWO, "limits: {steps: 3, helps: 10}")
    asks = [Message("?")] * 2
    state, _ = talk(q, "text", NOW, *asks, Message("甲方"), Message("乙方"))
    assert (state.step, state.status) == (4, "complete")
    for mode, said in (
        ("text", [*asks, Message("?")]),
        ("operator", [Words("甲方"), Correct("A"), Words("乙方")]),
        ("web", [Correct("A"), Correct("A"), Form({"_button": "again"})]),
    ):
        _, turn = talk(q, mode, NOW, *said)  # type: ignore[arg-type]
        assert (turn.reaction, turn.effects[-1]) == ("handover", Handover("too_long")), mode


def test_a_question_of_two_silences_ends_a_call() -> None:
    _, turn = talk(small(TWO), "voice", NOW, NoInput(), NoInput())
    assert turn.prompts == ("没有收到您的回应,先不打扰您了。谢谢,再见。",)
    assert talk(small(TWO, "limits: {silences: 3}"), "voice", NOW, *[NoInput()] * 2)[0].status == "open"


def test_labels_that_end_in_a_digit_keep_their_distance_from_the_next_key() -> None:
    called = 'choices: {calls: [{code: "1", label: {zh: "打110"}}, {code: "2", label: {zh: "不打"}}]}'
    q = question("kind: select_one, choices: calls", called)
    assert talk(q, "text", NOW)[1].prompts == ("【遂澜民调中心】多少?1)打110 2)不打。回数字,0人工,退订回T",)


@pytest.mark.parametrize(
    ("rule", "chosen", "points"),
    [("sum", "s l", "1.5"), ("mean", "s l", "0.75"), ("sum", "", "0"), ("mean", "", "")],
)
def test_each_code_that_was_chosen_has_its_points(rule: str, chosen: str, points: str) -> None:
    scored = f"scores: [{{id: p, by: {rule}, points: {{A: {{s: 1, m: 5, l: 0.5}}}}}}]\n"
    closing = "scripts: {closing: [{say: {zh: '得${p}分。'}}]}\n"
    q = question("kind: select_multiple, choices: sizes", SIZES + scored + closing)
    assert talk(q, "web", NOW, Form({"A": chosen}))[1].prompts == (f"得{points}分。",)


def test_points_are_counted_by_a_rule_that_the_closing_names() -> None:
    _, turn = talk("fraud_selftest", "voice", FACTS, *keys("12318"))
    assert turn.prompts == (
        "您得了5分,满分10分:每题最稳妥的做法2分,其次1分,说不清不得分。遇到可疑电话,请打96110咨询。谢谢,再见。",
    )


def test_fifty_calculations_on_top_of_each_other_are_worked_out() -> None:
    """Each in forty brackets: none of it may go deep into the stack."""
    rows = ["  - {id: A, kind: integer, prompt: {zh: 多少?}}"]
    for place in range(50):
        before = "${A}" if place == 0 else f"${{c{place - 1}}}"
        rows.append(f'  - {{id: c{place}, kind: calculate, calculation: "{"(" * 40}{before} + 1{")" * 40}"}}')
    rows.append('  - {id: Z, kind: note, relevant: "${c49} > 10", prompt: {zh: "一共${c49}。"}}')
    document = "code: deep\nversion: 1\ntitle: {zh: 深}\nitems:\n" + "\n".join(rows) + "\n"
    assert talk(from_yaml(document, name="deep.yaml"), "voice", NOW, Digits("5#"))[1].prompts[0] == "一共55。"
