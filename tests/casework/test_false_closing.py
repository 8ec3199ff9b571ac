"""How far a closing looks like a false one: what speaks for it, in which order, and that no evidence works backwards."""

from __future__ import annotations

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from followup.casework.false_closing import History, Policy, in_order, policy, suspicion
from followup.casework.false_closing_evidence import evidence, said_in
from workers.policy_rows import PACKAGED

CHANNELS = ("text", "web", "voice", "operator")
some_evidence = st.fixed_dictionaries(
    {name: st.sampled_from(list(item.values)) for name, item in policy().evidence.items()}
)
histories = st.builds(
    lambda closings, share: History(closings, closings * share), st.integers(0, 400), st.floats(0, 1)
)

FROM_BAD_TO_GOOD = (
    # 群众说没联系、没解决、没人来过; 一小时就反馈, 没有凭证; 这个单位以前也有
    ({"C1": "2", "C2": "3", "C3": "3"}, "根本没人来过", "bare", 1.0, History(60, 20.0)),
    # the same of a unit that nothing is known about
    ({"C1": "2", "C2": "3", "C3": "3"}, "根本没人来过", "bare", 1.0, History()),
    # a day later, with a date
    ({"C1": "2", "C2": "3", "C3": "3"}, None, "dated", 9.0, History()),
    # denied, yet all is well
    ({"C1": "2", "C2": "1", "C3": "1"}, None, "dated", 9.0, History()),
    # said to have been contacted, out of politeness perhaps: nothing is solved
    ({"C1": "1", "C2": "3", "C3": "3"}, None, "dated", 9.0, History()),
    # contacted, solved, content
    ({"C1": "1", "C2": "1", "C3": "1"}, None, "dated", 9.0, History()),
    # and the centre itself connected the call
    ({"C1": "1", "C2": "1", "C3": "1"}, None, "bridged", 9.0, History(200, 4.0)),
)


def test_closings_are_ordered_from_bad_to_good() -> None:
    found = [
        suspicion(evidence(answers, words=words, proof=proof, working_hours=hours), "voice", history)
        for answers, words, proof, hours, history in FROM_BAD_TO_GOOD
    ]

    probabilities = [one.probability for one in found]
    assert probabilities == sorted(probabilities, reverse=True)
    assert len(set(probabilities)) == len(probabilities)
    assert [one.listed for one in found] == [p >= policy().threshold["voice"] for p in probabilities]
    assert (found[0].listed, found[-1].listed) == (True, False)


def test_it_says_why_the_heaviest_first() -> None:
    known = evidence(
        {"C1": "2", "C2": "3", "C3": "3", "C6": "1"},
        words="说办好了,其实没人来过。",
        proof="bare",
        working_hours=1.5,
    )
    found = suspicion(known, "text", History(100, 30.0))

    assert found.reasons[0].zh == "群众说办理单位: 没有联系"
    assert found.reasons[0].en == "The resident says that the unit: did not contact them"
    assert {term.item for term in found.reasons} >= {"contacted", "solved", "words", "proof", "pace", "unit"}
    assert "承办单位以往办结: 约 27 % 存疑" in [term.zh for term in found.terms]
    weights = [abs(term.weight) for term in found.terms]
    assert weights == sorted(weights, reverse=True)


def test_the_sum_of_what_it_says_is_what_it_finds() -> None:
    known = evidence({"C1": "2", "C2": "2", "C6": "2"}, working_hours=20)
    found = suspicion(known, "operator", History(10, 3.0))

    assert found.log_odds == pytest.approx(policy().intercept + sum(term.weight for term in found.terms))
    assert found.probability == pytest.approx(1 / (1 + exp(-found.log_odds)))


def test_what_is_not_known_says_nothing() -> None:
    unknown = evidence({"C1": "dk", "C2": "refused", "C3": None, "C6": "no_answer"})

    assert {item: value for item, value in unknown.items() if value != "missing"} == {"round": "first"}
    assert suspicion(unknown, "text").terms == suspicion({"round": "first"}, "text").terms


@pytest.mark.parametrize(
    ("words", "group"),
    [
        ("根本没人来过。", "nobody"),
        ("没有人联系过我,怎么就办结了。", "nobody"),
        ("没联系", "nobody"),
        ("从头到尾没接到电话。", "nobody"),
        ("没人管,还是老样子。", "nobody"),
        ("来看了一眼就走了。", "came"),
        ("只打了个电话,问题还在那儿。", "came"),
        ("还是老样子", "unchanged"),
        ("Nobody came, as always", "nobody"),
        ("让我自己去找别的部门。", "came"),
        ("拖得太久,态度也不好。", "missing"),
        ("", "missing"),
        (None, "missing"),
    ],
)
def test_what_words_say(words: str | None, group: str) -> None:
    assert said_in(words) == group


@given(some_evidence, st.sampled_from(CHANNELS), histories, st.data())
def test_a_worse_sign_never_lowers_the_suspicion(
    known: dict[str, str], channel: str, history: History, data: st.DataObject
) -> None:
    item = data.draw(st.sampled_from(sorted(policy().evidence)))
    values = list(policy().evidence[item].values)
    worse = data.draw(st.sampled_from(values[values.index(known[item]) :]))

    before = suspicion(known, channel, history)  # type: ignore[arg-type]
    after = suspicion(known | {item: worse}, channel, history)  # type: ignore[arg-type]

    assert 0 < before.probability <= after.probability < 1
    assert before.listed <= after.listed


@given(some_evidence, histories, st.integers(1, 50))
def test_a_unit_with_more_false_closings_is_suspected_more(
    known: dict[str, str], history: History, more: int
) -> None:
    worse = History(history.closings + more, history.false + more)
    better = History(history.closings + more, history.false)

    assert suspicion(known, "voice", better).probability <= suspicion(known, "voice", worse).probability
    assert suspicion(known, "voice", better).log_odds <= suspicion(known, "voice", history).log_odds + 1e-9


def test_little_is_made_of_little_history() -> None:
    rules = policy()

    once = History(1, 1.0).rate(rules.base, rules.history_weight)
    often = History(100, 100.0).rate(rules.base, rules.history_weight)

    assert rules.base < once < 0.2 < often < 1


def test_a_bad_name_does_not_feed_itself() -> None:
    """Thirty denied closings of one unit: each enters its history as if nothing were known of the unit."""
    denied = evidence({"C1": "2", "C2": "3", "C3": "3"}, proof="dated", working_hours=9)
    alone = suspicion(denied, "voice")

    *_, last = in_order([("991721-water", denied, "voice")] * 30)

    known = suspicion(denied, "voice", History(29, 29 * alone.probability))
    assert last.probability == pytest.approx(known.probability)
    assert last.probability > alone.probability
    (other,) = in_order([("991721-police", denied, "voice")])
    assert other == alone


def test_only_the_latest_closings_are_held_against_a_unit() -> None:
    denied = evidence({"C1": "2", "C2": "3", "C3": "3"}, proof="dated", working_hours=9)
    said = evidence({"C1": "1", "C2": "1", "C3": "1"}, proof="dated", working_hours=9)
    rules = policy().model_copy(update={"history_closings": 5})

    runs = [("991721-water", denied, "voice")] * 9 + [("991721-water", said, "voice")] * 5
    *_, last = in_order([*runs, ("991721-water", denied, "voice")], rules)

    (unknown, *_, fifth) = in_order([*runs[9:], ("991721-water", denied, "voice")], rules)
    assert last == fifth and unknown.probability < last.probability


def test_a_policy_whose_weights_fall_is_refused() -> None:
    body = policy().model_dump()
    body["evidence"]["pace"]["values"]["quick"]["weight"] = -9.0

    with pytest.raises(ValidationError, match=r"the weights of pace are .* in channel any"):
        Policy.model_validate(body)

    body = policy().model_dump() | {"channels": {"text": {"contacted": {"said": 9.0}}}}
    with pytest.raises(ValidationError, match=r"contacted .* in channel text"):
        Policy.model_validate(body)


def test_an_unknown_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        suspicion({"contacted": "perhaps"}, "voice")


def test_it_is_a_policy_with_a_version() -> None:
    assert any(package == "followup.casework" and "false_closing" in names for package, names in PACKAGED)


def test_every_channel_has_its_threshold() -> None:
    body = policy().model_dump()
    del body["threshold"]["web"]
    with pytest.raises(ValueError, match="no threshold for web"):
        Policy.model_validate(body)
