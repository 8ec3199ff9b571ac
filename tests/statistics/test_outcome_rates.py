"""AAPOR's formulas on a sample small enough to reckon by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.field.dispositions import Group
from survey.statistics.cohorts import cohort_rates
from survey.statistics.outcome_rates import count_groups, eligibility_bounds, outcome_rates
from survey.statistics.outcome_words import UnknownOutcome, group_of

DAY: dict[Group, float] = {"I": 40, "P": 5, "R": 25, "NC": 10, "O": 5, "UH": 90, "UO": 10, "NE": 15}
GROUPS = ["I", "P", "R", "NC", "O", "UH", "UO", "NE"]


def test_a_day_by_hand() -> None:
    rates = outcome_rates(DAY)
    assert rates.sample == 200
    assert rates.e == pytest.approx(85 / 100)
    # K = 85, U = 100, e = .85
    assert (rates.rr1, rates.rr2) == pytest.approx((40 / 185, 45 / 185))
    assert (rates.rr3, rates.rr4) == pytest.approx((40 / 170, 45 / 170))
    assert (rates.rr5, rates.rr6) == pytest.approx((40 / 85, 45 / 85))
    assert (rates.coop1, rates.coop2) == pytest.approx((40 / 75, 45 / 75))
    assert (rates.coop3, rates.coop4) == pytest.approx((40 / 70, 45 / 70))
    assert (rates.ref1, rates.ref2, rates.ref3) == pytest.approx((25 / 185, 25 / 170, 25 / 85))
    assert (rates.con1, rates.con2, rates.con3) == pytest.approx((75 / 185, 75 / 170, 75 / 85))


def test_e_one_and_e_zero_are_the_bounds() -> None:
    assert outcome_rates(DAY, e=1).rr3 == outcome_rates(DAY).rr1
    assert outcome_rates(DAY, e=0).rr3 == outcome_rates(DAY).rr5


def test_an_empty_denominator_is_none_and_not_zero() -> None:
    nobody = outcome_rates({})
    assert (nobody.e, nobody.rr1, nobody.rr3, nobody.rr5, nobody.coop1, nobody.ref1, nobody.con1) == (
        None,
    ) * 7
    silence = outcome_rates({"UH": 12.0})
    assert (silence.rr1, silence.e, silence.rr3, silence.rr5, silence.coop1) == (0.0, None, None, None, None)


def test_final_codes_are_counted_by_their_group() -> None:
    codes = ["complete", "no_answer", "busy", "refusal_hard", "opted_out", "unassigned", "text_no_reply"]
    assert count_groups(codes) == {"I": 1, "P": 0, "R": 2, "NC": 0, "O": 0, "UH": 2, "UO": 1, "NE": 1}
    assert count_groups(["complete", "busy"], [2.5, 4.0])["UH"] == 4.0


@given(st.fixed_dictionaries({group: st.integers(0, 500) for group in GROUPS}))
def test_rates_are_shares_in_their_known_order(counts: dict[Group, float]) -> None:
    rates = outcome_rates(counts)
    shares = [value for name, value in vars(rates).items() if name != "sample" and value is not None]
    assert all(0 <= value <= 1 for value in shares)
    if rates.rr1 is not None and rates.rr3 is not None and rates.rr5 is not None:
        assert rates.rr1 <= rates.rr3 <= rates.rr5
    if rates.coop1 is not None and rates.coop3 is not None:
        assert rates.coop1 <= rates.coop3


def test_bounds_and_what_is_no_count() -> None:
    none, every = eligibility_bounds(DAY)
    assert (none.rr3, every.rr3) == (outcome_rates(DAY).rr5, outcome_rates(DAY).rr1)
    with pytest.raises(ValueError, match=r"e = 1\.5 is no share"):
        outcome_rates(DAY, e=1.5)
    with pytest.raises(ValueError, match=r"I = -1\.0 is no count"):
        outcome_rates({"I": -1.0})


def test_cohorts_are_release_days_with_what_is_still_open() -> None:
    groups: list[Group] = ["I", "UH", "R", "NE"]
    found = cohort_rates(
        ["03-02", "03-01", "03-01", "03-01"],
        groups,
        weights=[1, 2, 1, 1],
        still_open=[False, True, False, False],
    )
    assert [(one.name, one.cases, one.open, one.rates.rr1, one.rates.e) for one in found] == [
        ("03-01", 3, pytest.approx(1 / 3), 0.0, 0.5),
        ("03-02", 1, 0.0, 1.0, 1.0),
    ]
    assert found[0].rates.ref2 == pytest.approx(1 / (1 + 0.5 * 2))
    assert cohort_rates(["a"], ["I"])[0].open is None
    with pytest.raises(ValueError, match="give one per case"):
        cohort_rates(["a", "b"], ["I"])


def test_words_for_a_disposition() -> None:
    words = [
        "I",
        "uh",
        " complete ",
        "Refusal_Hard",
        "2.112",
        "2.1",
        "3.90",
        "4",
        "4.53",
        "1.20",
        "2.35",
        "U",
    ]
    assert [group_of(word) for word in words] == [
        "I",
        "UH",
        "I",
        "R",
        "R",
        "R",
        "UO",
        "NE",
        "NE",
        "P",
        "O",
        "UH",
    ]
    for word in ("1", "1.0", "2.0", "3.0", "5.1", "2.12a", "done", ""):
        with pytest.raises(UnknownOutcome, match="this is no disposition"):
            group_of(word)
