"""The town as a whole: its rates, its opinions, its being the same every time."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from survey.twin.opinions import Matter, opinion, safe_share
from survey.twin.person import meet, picks_up, plant
from survey.twin.town import town
from survey.twin.utterance import spoken_s

SEED, N = 20260309, 6000
MORNING = datetime(2026, 3, 9, 2, tzinfo=UTC)
EVENING = datetime(2026, 3, 9, 11, tzinfo=UTC)


def people(digit: str):
    return [meet(town(), SEED, f"+86154{digit}{i:07d}") for i in range(N)]


def shares(digit: str, when: datetime) -> dict[str, float]:
    counts = Counter(picks_up(town(), person, 1, when) for person in people(digit))
    return {outcome: count / N for outcome, count in counts.items()}


def test_first_calls_to_the_residents_list():
    first = shares("0", MORNING)
    assert 0.35 <= first["answered"] <= 0.41
    assert 0.03 <= first["unassigned"] <= 0.05
    assert 0.01 <= first["suspended"] <= 0.03
    assert 0.05 <= first["off"] <= 0.07
    assert 0.10 <= first["busy"] + first["rejected"] <= 0.14
    assert shares("0", EVENING)["answered"] > first["answered"] + 0.05


def test_people_who_have_appealed_are_easier_to_reach():
    assert shares("5", MORNING)["answered"] > 0.48


def test_about_three_in_five_of_those_who_pick_up_go_through_with_it():
    tempers = Counter(person.voice_temper for person in people("0"))
    assert 0.55 <= sum(tempers[t] for t in ("patient", "hurried", "wrong_keys", "again")) / N <= 0.68


def test_nine_in_ten_feel_safe():
    n, share = safe_share(town(), people("0"))
    assert 0.92 * N < n < 0.96 * N
    assert share == pytest.approx(0.90, abs=0.015)


def test_the_same_person_every_time_and_another_by_another_seed():
    ours = people("0")[:500]
    assert ours == people("0")[:500]
    others = [meet(town(), SEED + 1, person.number) for person in ours]
    assert sum(a.voice_temper != b.voice_temper for a, b in zip(ours, others, strict=True)) > 200
    assert [opinion(town(), p, "safety") for p in ours] == [opinion(town(), p, "safety") for p in ours]


def test_nobody_is_in_distress_or_a_minor_by_chance():
    assert not any(person.distress or person.minor for person in people("0"))


def test_words_of_distress_are_long_enough_to_be_transcribed():
    """Otherwise a rehearsal would show nobody how a recording in distress is met."""
    shortest, _ = town().recordings.transcribed_s
    for words in (*town().distress["zh"], *town().distress["en"]):
        assert spoken_s(town(), words) > shortest, words


def test_a_dead_line_stays_dead_and_a_busy_one_does_not():
    dead = next(person for person in people("0") if person.line == "unassigned")
    assert {picks_up(town(), dead, n, MORNING) for n in range(1, 9)} == {"unassigned"}
    alive = people("0")[0]
    assert len({picks_up(town(), alive, n, MORNING) for n in range(1, 30)}) > 3


@pytest.mark.parametrize(("worked_on", "solved"), [(True, (0.85, 0.93)), (False, (0.02, 0.09))])
def test_cases_are_found_solved_as_they_were_worked_on(worked_on, solved):
    matter = Matter("0037", 1, worked_on, worked_on)
    said = Counter(opinion(town(), person, "solved", matter).value for person in people("5"))
    assert solved[0] <= said["yes"] / N <= solved[1]
    contacted = Counter(opinion(town(), person, "contacted", matter).value for person in people("5"))
    assert (contacted["yes"] > contacted["no"]) is worked_on


def test_another_round_is_another_draw():
    unhappy = [
        p for p in people("5") if opinion(town(), p, "solved", Matter("0037", 1, False, True)).value == "no"
    ]
    second = Counter(opinion(town(), p, "solved", Matter("0037", 2, True, True)).value for p in unhappy)
    assert second["yes"] / len(unhappy) > 0.8


def test_who_was_not_satisfied_was_mostly_not_served():
    both = Counter(
        (opinion(town(), p, "solved", m).value, opinion(town(), p, "satisfied", m).value)
        for m in [Matter("0037", 1, False, True)]
        for p in people("5")
    )
    assert both["no", "no"] > 5 * both["no", "yes"]


@pytest.mark.parametrize(
    ("wishes", "fault"),
    [
        ({"mood": "sunny"}, "unknown trait 'mood'"),
        ({"voice_temper": "sunny"}, "voice_temper cannot be 'sunny'"),
        ({"opinions": {"weather": "安全"}}, "topic cannot be 'weather'"),
        ({"opinions": {"safety": "蓝"}}, "no opinion '蓝' about 'safety'"),
        ({"answers": ["maybe"]}, "answers cannot be 'maybe'"),
        ({"line": "cut"}, "line cannot be 'cut'"),
        ({"speaks": "often"}, "speaks cannot be 'often'; known: False, None, True"),
        ({"record_ends": "never"}, "record_ends cannot be 'never'; known: None, hangs_up, key, waits"),
        ({"distress": 5}, "distress is words, or true for words of the town"),
        ({"minor": None}, "minor is words, or true for words of the town"),
    ],
)
def test_a_resident_cannot_be_planted_with_traits_that_do_not_exist(wishes, fault):
    with pytest.raises(ValueError, match=fault):
        plant(town(), SEED, "+8615400000001", wishes)
