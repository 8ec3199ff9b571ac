"""Which interviews are checked, and what is said of a surveyor by those that were."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from survey.field.auditing import Verdict
from survey.field.quality import Checked, Held, Pick, chosen, error_rate, suspicions
from survey.field.quality_policy import quality_policy, quality_version

POLICY = quality_policy()


def held(n: int, operator: str | None = "1021", mode: str = "operator") -> list[Held]:
    """So many ordinary interviews, three minutes each."""
    return [Held(f"{operator or mode}-{i}", operator, mode, f"1:{mode}", 180.0, 9, 0, 4, 1) for i in range(n)]


def test_a_tenth_of_everybody_and_one_at_the_least() -> None:
    all_ = held(40) + held(7, "1022") + held(60, None, "voice") + held(3, None, "text")
    picks = chosen(all_, 7, POLICY)
    assert Counter(one.stratum for one in picks) == {"1021": 4, "1022": 1, "mode:text": 1, "mode:voice": 2}
    assert all(one.by_lot for one in picks)
    assert [one.ring for one in picks if one.stratum == "1021"] == [True, True, False, False]
    assert not any(one.ring for one in picks if one.stratum.startswith("mode:"))


def test_the_same_seed_draws_the_same_in_whatever_order_they_come() -> None:
    all_ = held(40) + held(40, "1022")
    assert chosen(all_, 7, POLICY) == chosen(all_[::-1], 7, POLICY)
    assert {one.ref for one in chosen(all_, 7, POLICY)} != {one.ref for one in chosen(all_, 8, POLICY)}


def test_each_is_drawn_as_often_as_the_others() -> None:
    """Of twenty two are drawn: over 2,000 seeds each about 200 times (sd 13.4)."""
    times = Counter(one.ref for seed in range(2_000) for one in chosen(held(20), seed, POLICY))
    assert len(times) == 20 and all(140 < n < 260 for n in times.values())


ODD = {
    "too_quick": replace(held(1)[0], seconds=17.0),
    "same_second": replace(held(1)[0], at_once=3),
    "straight_lined": replace(held(1)[0], codes=1),
    "mostly_missing": replace(held(1)[0], missing=5),
}


@pytest.mark.parametrize("suspicion", ODD)
def test_what_is_odd_is_found(suspicion: str) -> None:
    assert suspicions([ODD[suspicion]], POLICY) == {"1021-0": (suspicion,)}


def test_much_quicker_is_against_others_of_its_kind() -> None:
    quick = replace(held(1)[0], ref="quick", seconds=50.0)
    assert suspicions([quick, *held(2)], POLICY)["quick"] == ()  # three say nothing of what is usual
    assert suspicions([quick, *held(6)], POLICY)["quick"] == ("much_quicker",)
    assert suspicions([quick, *held(6, None, "voice")], POLICY)["quick"] == ()


def test_a_text_that_answers_everything_at_once_is_not_odd() -> None:
    quick = replace(held(1, None, "text")[0], seconds=1.0, at_once=5)
    assert suspicions([quick], POLICY)[quick.ref] == ()


def test_the_most_suspicious_are_checked_besides() -> None:
    all_ = held(100)
    all_[50:60] = [replace(one, seconds=5.0, at_once=3) for one in all_[50:60]]
    picks = chosen(all_, 7, POLICY)
    besides = [one for one in picks if not one.by_lot]
    assert len([one for one in picks if one.by_lot]) == 10
    assert len(besides) == 5  # a twentieth of all, though nine or ten are odd
    assert {one.findings for one in besides} == {("too_quick", "much_quicker", "same_second")}
    assert besides[0] == Pick(besides[0].ref, "1021", 100, False, True, besides[0].findings)


def checked(stratum: str, of: int, verdicts: list[Verdict | None]) -> list[Checked]:
    return [Checked("1", stratum, of, one) for one in verdicts]


def test_one_stratum_is_the_plain_share() -> None:
    found = error_rate(checked("1021", 40, ["pass", "pass", "void", "corrected", None]))
    assert (found.held, found.drawn, found.checked, found.wrong, found.void) == (40, 5, 4, 2, 1)
    assert found.rate == 0.5 and found.limits is not None
    assert [round(one, 3) for one in found.limits] == [0.068, 0.932]  # Clopper-Pearson of 2 in 4


def test_over_surveyors_each_interview_counts_for_as_many_as_it_stands_for() -> None:
    """Of 90 one in three is wrong, of 10 none: three tenths, not one in six, and less sure than six would be."""
    found = error_rate(checked("1021", 90, ["void", "pass", "pass"]) + checked("1022", 10, ["pass"] * 3))
    assert found.rate == pytest.approx(0.3) and found.limits is not None
    even = error_rate(checked("1021", 6, ["void", "void", "pass", "pass", "pass", "pass"]))
    assert even.limits is not None
    assert found.limits.high - found.limits.low > even.limits.high - even.limits.low


def test_nothing_checked_is_no_rate() -> None:
    found = error_rate(checked("1021", 40, [None, None]))
    assert (found.drawn, found.checked, found.rate, found.limits) == (2, 0, None, None)


def test_the_policy_is_the_first() -> None:
    assert quality_version() == 1
