"""What holds for every questionnaire that the lint accepts, whatever comes in."""

from collections.abc import Sequence

from coming_in import Move, anything, moves
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keeping import nothing_is_lost
from made import questionnaires
from replying import answered, held, opened, reply, taken

from survey.dialogue import (
    Field,
    Hangup,
    Input,
    State,
    Turn,
    step,
)
from survey.dialogue import inputs as wire
from survey.questionnaire import Mode, Questionnaire, from_json, from_yaml
from survey.questionnaire.wording import MODES
from survey.questionnaire.writing import to_yaml

TAKES_LONG = [HealthCheck.too_slow, HealthCheck.filter_too_much]

modes: st.SearchStrategy[Mode] = st.sampled_from(MODES)
seeds = st.integers(0, 2**63 - 1)
indices = st.integers(0, 99)
"""Where a test says which of the possible answers is meant."""


# -- whatever comes in


@settings(max_examples=100, deadline=None, suppress_health_check=TAKES_LONG)
@given(q=questionnaires(), mode=modes, seed=seeds, said=moves)
def test_nothing_that_comes_in_breaks_a_dialogue(
    q: Questionnaire, mode: Mode, seed: int, said: Sequence[Move]
) -> None:
    """It never raises, goes through JSON unchanged, and a process that has seen nothing yet comes to the same."""
    state, turn = opened(q, mode, seed)
    came: list[Input] = []
    for number, move in enumerate(said, 1):
        came.append(taken(q, state, turn, move))
        before, stored = state, State.from_json(state.to_json())
        assert stored == before
        state, turn = step(q, stored, wire.from_json(wire.to_json(came[-1])))
        assert Turn.from_json(turn.to_json()) == turn
        assert (state.step, turn.status) == (number, state.status)
        assert (turn.expects is None) == (state.status != "open") == (state.asking is None)
        assert bool(turn.fields) <= (mode == "web")
        nothing_is_lost(q, before, state, turn)
    fresh = from_json(q.to_json())
    again = opened(fresh, mode, seed)
    for one in came:
        again = step(fresh, again[0], one)
    assert again == (state, turn)


@settings(max_examples=30, deadline=None, suppress_health_check=TAKES_LONG)
@given(q=questionnaires(), mode=modes, seed=seeds, said=st.lists(anything | indices, min_size=1, max_size=4))
def test_every_dialogue_ends_within_its_bound(
    q: Questionnaire, mode: Mode, seed: int, said: Sequence[Move]
) -> None:
    """However long somebody goes on: past `most_steps` each input answers a question that had no answer, or ends it."""
    state, turn = opened(q, mode, seed)
    bound = q.most_steps + len(q.questions)
    for number in range(bound):
        if state.status != "open":
            return
        state, turn = step(q, state, taken(q, state, turn, said[number % len(said)]))
    assert state.status != "open"


# -- the same in every mode


@settings(max_examples=40, deadline=None, suppress_health_check=TAKES_LONG)
@given(q=questionnaires(lively=False), seed=seeds, index=st.lists(indices, min_size=16, max_size=16))
def test_the_same_answers_are_the_same_in_every_mode(
    q: Questionnaire, seed: int, index: Sequence[int]
) -> None:
    meant = dict(zip(q.by_id, index, strict=False))
    ends = {mode: held(q, mode, seed, meant) for mode in MODES}
    assert (
        answered(ends["voice"])
        == answered(ends["text"])
        == answered(ends["web"])
        == answered(ends["operator"])
    )
    assert len({state.status for state in ends.values()}) == 1


@settings(max_examples=40, deadline=None, suppress_health_check=TAKES_LONG)
@given(q=questionnaires(), seed=seeds)
def test_the_same_seed_gives_the_same_order_in_every_mode(q: Questionnaire, seed: int) -> None:
    """Of questions and of options; a mode that asks less leaves out, and changes nothing else."""
    begun = {mode: opened(q, mode, seed)[0] for mode in MODES}
    for one in begun.values():
        assert sorted(one.order) == sorted(item.id for item in q.flow if one.mode in item.modes)
        for other in begun.values():
            shared = set(one.order) & set(other.order)
            assert [i for i in one.order if i in shared] == [i for i in other.order if i in shared]
            assert (one.flipped, one.dealt) == (other.flipped, other.dealt)
        assert opened(from_json(q.to_json()), one.mode, seed)[0] == one
    for item in q.questions:
        if item.options_order != "fixed":
            assert sorted(begun["voice"].dealt[item.id]) == sorted(q.codes[item.id])


@settings(max_examples=40, deadline=None, suppress_health_check=TAKES_LONG)
@given(q=questionnaires(), seed=seeds)
def test_a_block_stays_together_whatever_its_order(q: Questionnaire, seed: int) -> None:
    order = opened(q, "operator", seed)[0].order
    for block in q.blocks:
        around = [block.id in _blocks(q, item_id) for item_id in order]
        assert "".join("x" if one else " " for one in around).strip().count(" ") == 0


def _blocks(q: Questionnaire, item_id: str) -> list[str]:
    name, found = q.by_id[item_id].block, []
    while name is not None:
        found.append(name)
        name = q.blocks_by_id[name].block
    return found


# -- in another contact


@settings(max_examples=40, deadline=None, suppress_health_check=TAKES_LONG)
@given(q=questionnaires(), seed=seeds, first=modes, then=modes, said=moves, later=moves)
def test_going_on_asks_nothing_twice_and_loses_nothing(
    q: Questionnaire,
    seed: int,
    first: Mode,
    then: Mode,
    said: Sequence[Move],
    later: Sequence[Move],
) -> None:
    state, turn = opened(q, first, seed)
    for move in said:
        state, turn = step(q, state, taken(q, state, turn, move))
    begun, _ = step(q, state, Hangup())
    kept = {name: one for name, one in begun.answers.items() if not q.by_id[name].each_contact}
    assert opened(q, then, seed, begun, same_contact=True)[0].answers == begun.answers
    state, turn = opened(q, then, seed, begun)
    assert state.answers == kept
    assert (state.flipped, state.dealt) == (begun.flipped, begun.dealt)
    for move in later:
        asked = turn.expects.question_ids if turn.expects is not None else ()
        assert not set(asked) & set(kept)
        if not isinstance(move, int):
            continue
        before = state
        state, turn = step(q, state, taken(q, state, turn, move))
        nothing_is_lost(q, before, state, turn)


# -- kept and read again


@settings(max_examples=40, deadline=None, suppress_health_check=TAKES_LONG)
@given(q=questionnaires())
def test_a_questionnaire_survives_json_and_yaml(q: Questionnaire) -> None:
    for again in (from_json(q.to_json()), from_yaml(to_yaml(q), name="made.yaml")):
        assert (again, again.sha256) == (q, q.sha256)


def page_of(turn: Turn) -> Sequence[Field]:
    return [field for field in turn.fields if field.kind != "note"]


@settings(max_examples=40, deadline=None, suppress_health_check=TAKES_LONG)
@given(q=questionnaires(), seed=seeds, index=indices)
def test_a_page_shows_each_question_that_it_asks_once(q: Questionnaire, seed: int, index: int) -> None:
    state, turn = opened(q, "web", seed)
    while turn.expects is not None:
        shown = page_of(turn)
        assert tuple(field.question_id for field in shown) == turn.expects.question_ids
        assert len({field.question_id for field in turn.fields}) == len(turn.fields)
        assert all(field.prompt for field in turn.fields)
        state, turn = step(q, state, reply(q, state, turn, dict.fromkeys(q.by_id, index)))
