"""What holds for every dialogue with a shipped instrument, whatever comes in."""

from collections.abc import Mapping, Sequence

import pytest
from coming_in import Move, anything, moves
from hypothesis import given, settings
from hypothesis import strategies as st
from keeping import nothing_is_lost
from replying import KNOWN, answered, held, taken
from talks import FACTS, small

from survey.dialogue import (
    Choice,
    Correct,
    Digits,
    Form,
    Hangup,
    Input,
    Message,
    Never,
    NoInput,
    OptOut,
    Recorded,
    Speech,
    State,
    Turn,
    Words,
    disposition,
    start,
    step,
)
from survey.dialogue import inputs as wire
from survey.questionnaire import Lang, Mode, Questionnaire, library, shipped
from survey.questionnaire.wording import MODES

DISPOSITIONS = {
    "complete",
    "partial",
    "refusal_hard",
    "refusal_soft",
    "break_off",
    "ineligible",
    "quota_full",
    "appointment",
    "wrong_person",
    "unknown_eligibility",
    "opted_out",
    "text_no_reply",
    "handover_pending",
    "other",
}

languages: st.SearchStrategy[Lang] = st.sampled_from(["zh", "en"])
instruments = st.sampled_from([library(code) for code in shipped()])
modes: st.SearchStrategy[Mode] = st.sampled_from(MODES)
seeds = st.integers(0, 2**63 - 1)


@settings(max_examples=100, deadline=None)
@given(q=instruments, mode=modes, lang=languages, seed=seeds, said=moves)
def test_nothing_that_comes_in_breaks_a_dialogue(
    q: Questionnaire, mode: Mode, lang: Lang, seed: int, said: Sequence[Move]
) -> None:
    state, turn = start(q, mode=mode, lang=lang, seed=seed, facts=KNOWN)
    for number, move in enumerate(said, 1):
        given_ = taken(q, state, turn, move)
        before, stored = state, State.from_json(state.to_json())
        assert stored == before
        state, turn = step(q, stored, wire.from_json(wire.to_json(given_)))
        assert step(q, before, given_) == (state, turn)
        assert Turn.from_json(turn.to_json()) == turn
        assert (state.step, turn.status) == (number, state.status)
        assert (turn.expects is None) == (state.status != "open") == (state.asking is None)
        nothing_is_lost(q, before, state, turn)
    found = disposition(state, mode)
    assert found is None if state.status == "open" else found in DISPOSITIONS


@settings(max_examples=60, deadline=None)
@given(q=instruments, mode=modes, seed=seeds, again=st.lists(anything, min_size=1, max_size=4))
def test_every_dialogue_ends_within_its_bound(
    q: Questionnaire, mode: Mode, seed: int, again: Sequence[Input]
) -> None:
    """Even one that goes round and round in the same few inputs, whichever they are."""
    state, _ = start(q, mode=mode, lang="zh", seed=seed, facts=KNOWN)
    bound = q.most_steps + len(q.questions)
    for number in range(bound):
        if state.status != "open":
            return
        state, _ = step(q, state, again[number % len(again)])
    assert state.status != "open", f"still open after {bound} steps of {again}"


@settings(max_examples=60, deadline=None)
@given(q=instruments, seed=seeds, index=st.lists(st.integers(0, 99), min_size=24, max_size=24))
def test_the_same_answers_are_the_same_in_every_mode(
    q: Questionnaire, seed: int, index: Sequence[int]
) -> None:
    """Of the questions that the modes share; a mode may ask more, and an answer may end it sooner."""
    meant = dict(zip(q.by_id, index, strict=False))
    given_ = [answered(held(q, mode, seed, meant)) for mode in MODES]
    for one in given_:
        for other in given_:
            assert all(one[name] == other[name] for name in one.keys() & other.keys())


@given(q=instruments, seed=seeds)
def test_the_same_seed_gives_the_same_order_in_every_mode(q: Questionnaire, seed: int) -> None:
    opened = {mode: start(q, mode=mode, lang="zh", seed=seed, facts=KNOWN)[0] for mode in MODES}
    for mode, state in opened.items():
        assert (state.flipped, state.dealt) == (opened["operator"].flipped, opened["operator"].dealt)
        assert state == start(q, mode=mode, lang="zh", seed=seed, facts=KNOWN)[0]
        if mode not in q.order:
            assert state.order == tuple(one for one in opened["operator"].order if one in state.order)


ROUND = "".join(
    f'  - {{id: {name}, kind: text, block: round, modes: [{modes}], prompt: {{zh: "{name}?"}}}}\n'
    for name, modes in (
        ("A", "voice, operator"),
        ("B", "operator"),
        ("C", "voice, operator"),
        ("D", "voice, operator"),
    )
)


@pytest.mark.parametrize("order", ["random", "rotated"])
def test_a_mode_that_asks_less_keeps_the_order_of_the_others(order: str) -> None:
    q = small(ROUND, f"blocks: [{{id: round, order: {order}}}]")
    firsts = set()
    for seed in range(40):
        voice, operator = (
            "".join(start(q, mode=mode, lang="zh", seed=seed, facts=FACTS)[0].order)
            for mode in ("voice", "operator")
        )
        assert voice == operator.replace("B", "")
        assert order == "random" or operator in "ABCDABCD"
        firsts.add(operator[0])
    assert firsts == set("ABCD")


def dealt_evenly(drawn: Mapping[str, int], least: int, most: int) -> bool:
    return all(least <= times <= most for times in drawn.values())


def test_orders_and_directions_are_dealt_evenly() -> None:
    perception, test, poll = (library(code) for code in ("perception", "fraud_selftest", "special_poll"))
    firsts = dict.fromkeys(["Q2", "Q3", "Q5", "Q6"], 0)
    options = dict.fromkeys("123", 0)
    judgement = dict.fromkeys(["P3", "P4"], 0)
    flipped = {True: 0, False: 0}
    for seed in range(600):
        state, _ = start(perception, mode="voice", lang="zh", seed=seed, facts=FACTS)
        firsts[state.order[state.order.index("Q1") + 1]] += 1
        flipped[state.flipped] += 1
        options[start(test, mode="voice", lang="zh", seed=seed, facts=FACTS)[0].dealt["F1"][0]] += 1
        order = start(poll, mode="voice", lang="zh", seed=seed, facts=FACTS)[0].order
        judgement[order[order.index("P2_other") + 1]] += 1
    assert dealt_evenly(firsts, 110, 190)
    assert dealt_evenly(options, 150, 250)
    assert dealt_evenly(judgement, 250, 350)
    assert 250 <= flipped[True] <= 350


STOPS: Mapping[Mode, Input] = {
    "voice": Digits("*9"),
    "text": Message("退订"),
    "web": Form({"_button": "stop"}),
    "operator": Choice("stop"),
}


@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=25, deadline=None)
@given(said=moves, q=instruments)
def test_never_again_is_heard_at_any_moment(mode: Mode, said: Sequence[Move], q: Questionnaire) -> None:
    state, turn = start(q, mode=mode, lang="zh", seed=5, facts=KNOWN)
    for move in said:
        if isinstance(move, Hangup):
            break
        state, turn = step(q, state, taken(q, state, turn, move))
        if state.status != "open":
            break
    if state.status == "open":
        state, turn = step(q, state, STOPS[mode])
        assert isinstance(turn.effects[-1], OptOut)
        assert turn.reaction == "opted_out" and turn.prompts
    if mode == "text" and not state.stopped:
        _, turn = step(q, state, Message("T"))
        assert turn.effects == (OptOut("survey" if q.purpose == "survey" else "case_text"),)


# -- inputs as lines and as JSON


@given(given_=anything)
def test_an_input_goes_through_json_unchanged(given_: Input) -> None:
    assert wire.from_json(wire.to_json(given_)) == given_


@given(given_=st.builds(Form, st.dictionaries(st.text(), st.text())))
def test_a_page_goes_through_its_line_unchanged(given_: Form) -> None:
    assert "\n" not in wire.to_line(given_)
    assert wire.from_line(wire.to_line(given_)) == given_


@pytest.mark.parametrize(
    ("line", "given_"),
    [
        ("digits:13#", Digits("13#")),
        ("speech:比较安全", Speech("比较安全")),
        ("speech:比较安全 (0.4)", Speech("比较安全", 0.4)),
        ("speech:是 (大概) (1)", Speech("是 (大概)")),
        ("recording:RE1 12", Recorded("RE1", 12)),
        ("recording:RE1 12 路灯 坏了", Recorded("RE1", 12, "路灯 坏了")),
        ("recording:RE1 12 key=9", Recorded("RE1", 12, None, "9")),
        ("recording:RE1 12 key=# 路灯坏了", Recorded("RE1", 12, "路灯坏了", "#")),
        ("silence", NoInput()),
        ("hangup", Hangup()),
        ("stop", Never()),
        ("text:1,3", Message("1,3")),
        ('web:{"Q5": "2 3", "Q11": "乱: 很\\n乱"}', Form({"Q5": "2 3", "Q11": "乱: 很\n乱"})),
        ("choice:2 3", Choice("2 3")),
        ("words:以后再说", Words("以后再说")),
        ("correct:Q1", Correct("Q1")),
    ],
)
def test_an_input_is_written_as_a_line(line: str, given_: Input) -> None:
    assert wire.to_line(given_) == line
    assert wire.from_line(line) == given_


def test_a_line_may_leave_out_what_is_not_known() -> None:
    assert wire.from_line("recording:") == Recorded("recording")
    assert wire.from_line("recording:RE1 路灯坏了") == Recorded("RE1", 0, "路灯坏了")
    assert wire.from_line('web:{"Q5": ["2", "3"], "Q6": null, "Q7": 1}') == Form(
        {"Q5": "2 3", "Q6": "", "Q7": "1"}
    )
