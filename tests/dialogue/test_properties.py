"""What holds for every dialogue, whatever comes in."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.dialogue import (
    Choice,
    Correct,
    Digits,
    Hangup,
    Input,
    Message,
    NoInput,
    State,
    Turn,
    Words,
    disposition,
    start,
    step,
)
from survey.dialogue import inputs as wire
from survey.dialogue.effects import Answered, OptOut
from survey.questionnaire import MISSING, Lang, Mode, Questionnaire, library

FACTS = {
    "centre": "遂澜",
    "staff_no": "1021",
    "frame": "list",
    "signature": "遂澜民调中心",
    "case_short": "0037",
    "result": "路灯已修好",
    "townships": "991721100=城关镇;991721101=石寨镇",
}
DISPOSITIONS = {
    "complete",
    "partial",
    "refusal_hard",
    "refusal_soft",
    "break_off",
    "ineligible",
    "appointment",
    "wrong_person",
    "unknown_eligibility",
    "opted_out",
    "text_no_reply",
    "handover_pending",
    "other",
}

codes: st.SearchStrategy[Lang] = st.sampled_from(["zh", "en"])
instruments = st.sampled_from([library("perception"), library("callback")])
modes: st.SearchStrategy[Mode] = st.sampled_from(["voice", "text", "operator"])
seeds = st.integers(0, 2**63 - 1)
likely = [
    "1",
    "2",
    "3",
    "4",
    "31",
    "不满意",
    "安全",
    "好的",
    "T",
    "0",
    "?",
    "还行",
    "没有",
    "路灯坏了",
    "全部退订",
]
said = st.one_of(st.sampled_from(likely), st.text(max_size=12))
anything: st.SearchStrategy[Input] = st.one_of(
    st.builds(Digits, st.text("0123456789*#", max_size=3)),
    st.just(NoInput()),
    st.just(Hangup()),
    st.builds(Message, said),
    st.builds(Words, said),
    st.builds(
        Choice, st.one_of(st.sampled_from(["1", "2", "3", "dk", "refused", "2 3", "later", "stop"]), said)
    ),
    st.builds(Correct, st.sampled_from(["Q1", "Q3", "C1", "C2", "nothing"])),
)
conversation = st.lists(
    st.one_of(anything, st.builds(Digits, st.sampled_from("123")), st.builds(Choice, st.sampled_from("123"))),
    max_size=30,
)


def known_codes(q: Questionnaire, question_id: str) -> set[str]:
    townships = {"991721100", "991721101"} if question_id == "S2" else set()
    return set(q.codes[question_id]) | MISSING | townships


@settings(max_examples=150, deadline=None)
@given(q=instruments, mode=modes, lang=codes, seed=seeds, said=conversation)
def test_nothing_that_comes_in_breaks_a_dialogue(
    q: Questionnaire, mode: Mode, lang: Lang, seed: int, said: Sequence[Input]
) -> None:
    state, turn = start(q, mode=mode, lang=lang, seed=seed, facts=FACTS)
    for number, one in enumerate(said, 1):
        before = state
        stored = State.from_json(state.to_json())
        assert stored == state
        state, turn = step(q, stored, wire.from_json(wire.to_json(one)))
        assert step(q, before, one) == (state, turn)
        assert Turn.from_json(turn.to_json()) == turn
        assert state.step == number
        assert turn.status == state.status
        assert (turn.expects is None) == (state.status != "open") == (state.asking is None)
        _nothing_is_lost(q, before, state, turn)
    found = disposition(state, mode)
    assert found is None if state.status == "open" else found in DISPOSITIONS


def _nothing_is_lost(q: Questionnaire, before: State, after: State, turn: Turn) -> None:
    assert set(before.answers) <= set(after.answers)
    answered = {effect.question_id for effect in turn.effects if isinstance(effect, Answered)}
    for question_id, answer in after.answers.items():
        if question_id not in answered:
            assert before.answers[question_id] == answer
        if answer.code is not None:
            assert set(answer.code.split()) <= known_codes(q, question_id)
        else:
            assert q.by_id[question_id].kind == "text" and answer.text


@settings(max_examples=60, deadline=None)
@given(q=instruments, mode=modes, seed=seeds, again=st.lists(anything, min_size=1, max_size=4))
def test_every_dialogue_ends_within_its_bound(
    q: Questionnaire, mode: Mode, seed: int, again: Sequence[Input]
) -> None:
    """Even one that goes round and round in the same few inputs, whichever they are."""
    patient = [one for one in again if not isinstance(one, Hangup)] or [Digits("*")]
    state, _ = start(q, mode=mode, lang="zh", seed=seed, facts=FACTS)
    bound = 2 * (q.limits.steps + len(q.items)) + 1
    for number in range(bound):
        if state.status != "open":
            return
        state, _ = step(q, state, patient[number % len(patient)])
    raise AssertionError(f"still open after {bound} steps of {patient}")


@settings(max_examples=60, deadline=None)
@given(
    q=instruments,
    seed=seeds,
    chosen=st.dictionaries(st.text(max_size=3), st.integers(0, 20)),
    base=st.integers(0, 99),
)
def test_the_same_codes_give_the_same_answers_in_every_mode(
    q: Questionnaire, seed: int, chosen: Mapping[str, int], base: int
) -> None:
    def code(question_id: str) -> str:
        own = q.codes[question_id]
        return own[(base + chosen.get(question_id[:3], 0)) % len(own)] if own else ""

    answers = [_answered_by(q, mode, seed, code) for mode in ("voice", "text", "operator")]
    for one in answers:
        for other in answers:
            assert all(one[question_id] == other[question_id] for question_id in one.keys() & other.keys())


def _answered_by(q: Questionnaire, mode: Mode, seed: int, code) -> Mapping[str, str | None]:  # type: ignore[no-untyped-def]
    facts = {name: value for name, value in FACTS.items() if name != "townships"}
    state, turn = start(q, mode=mode, lang="zh", seed=seed, facts=facts)
    while turn.expects is not None:
        asked = "".join(code(question_id) for question_id in turn.expects.question_ids) or "路灯坏了"
        state, turn = step(q, state, _in_mode(mode, asked, turn.expects.kind == "open"))
        assert turn.reaction == "answered"
    return {question_id: answer.code for question_id, answer in state.answers.items()}


def _in_mode(mode: Mode, asked: str, open_question: bool) -> Input:
    if mode == "voice":
        return Digits(asked)
    if mode == "text":
        return Message(asked)
    return Words(asked) if open_question else Choice(asked)


@given(q=instruments, seed=seeds)
def test_the_same_seed_gives_the_same_order_in_every_mode(q: Questionnaire, seed: int) -> None:
    opened = {
        mode: start(q, mode=mode, lang="zh", seed=seed, facts=FACTS)[0] for mode in ("voice", "operator")
    }
    voice, operator = opened["voice"], opened["operator"]
    assert voice.flipped == operator.flipped
    assert voice.order == tuple(one for one in operator.order if one in voice.order)
    assert voice == start(q, mode="voice", lang="zh", seed=seed, facts=FACTS)[0]


def test_orders_and_directions_are_dealt_evenly() -> None:
    q = library("perception")
    opened = [start(q, mode="voice", lang="zh", seed=seed, facts=FACTS)[0] for seed in range(600)]
    firsts = [state.order[state.order.index("Q1") + 1] for state in opened]
    assert {first: 100 <= firsts.count(first) <= 200 for first in firsts} == dict.fromkeys(
        ["Q2", "Q3", "Q5", "Q6"], True
    )
    assert 250 <= sum(state.flipped for state in opened) <= 350


@pytest.mark.parametrize("mode", ["voice", "text", "operator"])
@given(said=conversation, code=st.sampled_from(["perception", "callback"]))
@settings(max_examples=50, deadline=None)
def test_never_again_is_heard_at_any_moment(mode: Mode, said: Sequence[Input], code: str) -> None:
    q = library(code)
    state, turn = start(q, mode=mode, lang="zh", seed=5, facts=FACTS)
    for one in said:
        state, turn = step(q, state, one)
        if state.stopped or state.status != "open":
            break
    else:
        stops: dict[Mode, Input] = {"voice": Digits("9"), "text": Message("退订"), "operator": Choice("stop")}
        state, turn = step(q, state, stops[mode])
        assert [type(effect) for effect in turn.effects][-1] is OptOut
        assert turn.reaction == "opted_out" and turn.prompts
    if mode == "text" and not state.stopped:
        _, turn = step(q, state, Message("T"))
        assert turn.effects == (OptOut("survey" if code == "perception" else "case_text"),)
