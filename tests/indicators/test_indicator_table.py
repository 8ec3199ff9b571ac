"""Figures from counts: worked out by hand, person by person, and what is not printed of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray
from test_definitions import BOTH, INDEX, SAFE, policy

from survey.statistics.indicator_definitions import IndicatorError
from survey.statistics.indicator_estimates import CodeCounts
from survey.statistics.indicator_table import Cell, IndicatorTable, make_table
from survey.statistics.interval_arrays import proportion_limits

POLICY = policy(SAFE, INDEX, BOTH)
A, B, C = (Cell(area=f"99172100{n}") for n in (1, 2, 3))
MONDAY, TUESDAY = date(2026, 3, 9), date(2026, 3, 10)
Floats = NDArray[np.float64]


def counted(
    *rows: tuple[int, str, int], weight: float = 1.0, persons: Sequence[int] | None = None
) -> CodeCounts:
    """(cell, code, answers)."""
    codes = sorted({code for _, code, _ in rows})
    n = np.array([float(n) for *_, n in rows])
    return CodeCounts(
        codes,
        np.array([cell for cell, *_ in rows]),
        np.array([codes.index(code) for _, code, _ in rows]),
        n,
        n * weight,
        n * weight**2,
        None if persons is None else np.array(persons),
    )


def table(cells: Sequence[Cell], counts: CodeCounts, *names: str, quota: bool = False) -> IndicatorTable:
    return make_table(POLICY, POLICY.named(names or ["safe"]), cells, {"perception.Q1": counts}, quota=quota)


def shown(one: IndicatorTable) -> list[tuple[float | None, int | None, str | None]]:
    """Value, base, and why there is none, of each row; the whole is the last."""
    return [(None if r.value is None else round(r.value, 4), r.n, r.suppressed) for r in one.rows()]


def test_a_share_with_everything_that_stands_beside_it() -> None:
    counts = counted((0, "1", 60), (0, "2", 30), (0, "3", 8), (0, "4", 2), (0, "dk", 12), (0, "refused", 8))
    one = table([], counts).total("safe")
    assert (one.value, one.n, one.asked, one.version, one.suppressed) == (0.9, 100, 120, 1, None)
    assert {code: (m.n, m.share) for code, m in (one.missing or {}).items()} == {
        "dk": (12, 0.1), "refused": (8, pytest.approx(8 / 120)), "no_answer": (0, 0.0),
    }  # fmt: skip
    low, high = proportion_limits("korn_graubard", 0.9, 100, variance=0.9 * 0.1 / 99, df=99)
    assert (one.low, one.high) == (pytest.approx(float(low)), pytest.approx(float(high)))


def test_weights_and_variance_are_those_of_the_people_one_by_one() -> None:
    rng = np.random.default_rng(4)
    w, safe = rng.uniform(0.4, 3, 80), rng.random(80) < 0.8
    codes = np.where(safe, 0, 1)
    counts = CodeCounts(["1", "3"], np.zeros(80, np.int64), codes, np.ones(80), w, w**2)
    one = table([], counts)
    p = float(w @ safe / w.sum())
    z = w * (safe - p) / w.sum()
    variance = float(z @ z) * 80 / 79
    assert one.total("safe").value == pytest.approx(p, rel=1e-12)
    assert one.estimates["safe"].variance[0] == pytest.approx(variance, rel=1e-12)
    low, high = proportion_limits("korn_graubard", p, 80, variance=variance, df=79)
    assert (one.total("safe").low, one.total("safe").high) == (pytest.approx(low), pytest.approx(high))


def test_cases_of_one_person_belong_together() -> None:
    rng = np.random.default_rng(5)
    whose, y = np.repeat(np.arange(30), 2), rng.random(60) < 0.7
    y[1::2] = y[::2]  # both cases of a person went alike
    counts = CodeCounts(
        ["1", "3"], np.zeros(60, np.int64), np.where(y, 0, 1), *(np.ones(60) for _ in range(3)), whose
    )
    p = y.mean()
    of_person = np.array([(y[whose == k] - p).sum() for k in range(30)]) / 60
    one = table([], counts).estimates["safe"]
    assert one.variance[0] == pytest.approx(float(of_person @ of_person) * 30 / 29, rel=1e-12)
    apart = table([], replace(counts, cluster=None)).estimates["safe"]
    assert one.high[0] - one.low[0] > 1.3 * (apart.high[0] - apart.low[0])


def test_an_index_and_a_composite_of_known_parts() -> None:
    counts = counted((0, "1", 40), (0, "2", 40), (0, "3", 10), (0, "4", 10))
    one = table([], counts, "safe", "index", "both")
    assert one.total("index").value == pytest.approx(0.4 * 100 + 0.4 * 75 + 0.1 * 25)
    assert one.total("both").value == pytest.approx(0.6 * 80 + 0.4 * 72.5)
    errors = [
        100 * np.sqrt(one.estimates["safe"].variance[0]),
        np.sqrt(one.estimates["index"].variance[0]),
    ]
    assert np.sqrt(one.estimates["both"].variance[0]) == pytest.approx(0.6 * errors[0] + 0.4 * errors[1])
    both = one.total("both")
    assert both.low is not None and both.high is not None and both.low < 77 < both.high
    assert (both.n, both.asked, both.missing) == (100, None, None)


def test_everybody_agrees_and_there_is_still_an_interval() -> None:
    one = table([], counted((0, "1", 60)), "safe", "index")
    assert (one.total("safe").value, one.total("safe").high) == (1.0, 1.0)
    assert one.total("safe").low == pytest.approx(0.025 ** (1 / 60))
    assert one.total("index").low == pytest.approx(100 * 0.025 ** (1 / 60))


def test_a_cell_of_three_people_is_nowhere() -> None:
    counts = counted((0, "1", 3), (1, "1", 50), (1, "3", 10), (2, "1", 40), (2, "3", 12), (0, "dk", 1))
    one = table([A, B, C], counts, "safe", "index", "both")
    for name in ("safe", "index", "both"):
        hidden = one.estimates[name]
        assert np.isnan([hidden.value[0], hidden.variance[0], hidden.low[0], hidden.high[0]]).all()
        assert (hidden.n[0], hidden.missing[:, 0].tolist()) == (0, [0, 0, 0])
    first = next(iter(one.rows(unsuppressed=True)))
    assert (first.value, first.low, first.n, first.asked, first.missing, first.outside) == (None,) * 6
    assert first.suppressed == "private"
    assert next(r for r in one.rows() if r.indicator == "both").suppressed == "part"


def test_nor_can_it_be_worked_out_from_the_whole() -> None:
    counts = counted((0, "1", 3), (1, "1", 50), (1, "3", 10), (2, "1", 40), (2, "3", 12))
    assert shown(table([A, B, C], counts)) == [
        (None, None, "private"),
        (round(50 / 60, 4), 60, None),
        (
            None,
            None,
            "complementary",
        ),  # the smallest of the others: the whole less what is shown is these two
        (round(93 / 115, 4), 115, None),
    ]


def test_two_small_cells_that_are_few_people_together_take_a_third_along() -> None:
    counts = counted((0, "1", 3), (1, "1", 4), (2, "1", 60))
    assert [r.suppressed for r in table([A, B, C], counts).rows()] == [
        "private", "private", "complementary", None,
    ]  # fmt: skip


def test_areas_of_another_parent_do_not_hide_a_small_one() -> None:
    here, there = Cell(area="991721001001"), Cell(area="991721002001")
    beside = Cell(area="991721001002")
    counts = counted((0, "1", 3), (1, "1", 40), (2, "1", 60))
    assert [r.suppressed for r in table([here, there, beside], counts).rows()] == [
        "private", None, "complementary", None,
    ]  # fmt: skip


def test_neither_by_days_nor_by_areas_can_it_be_worked_out() -> None:
    cells = [Cell(day, area) for day in (MONDAY, TUESDAY) for area in (A.area, B.area, C.area)]
    counts = counted((0, "1", 3), (1, "1", 40), (2, "1", 41), (3, "1", 42), (4, "1", 43), (5, "1", 44))
    assert [r.suppressed for r in table(cells, counts).rows()] == [
        "private", "complementary", None, "complementary", "complementary", None, None,
    ]  # fmt: skip


def test_nobody_answered_and_the_table_says_so() -> None:
    one = make_table(POLICY, POLICY.indicators, [A], {})
    assert {(r.value, r.n, r.suppressed) for r in one.rows()} == {(None, 0, "empty")}
    asked = table([], counted((0, "dk", 12)))
    (row,) = asked.rows()
    assert (row.value, row.n, row.asked, row.suppressed) == (None, 0, 12, "empty")
    few = table([], counted((0, "dk", 3)))
    assert next(few.rows()).asked is None


def test_what_is_too_unsure_is_told_to_who_asks_for_it() -> None:
    one = table([], counted((0, "1", 15), (0, "3", 5)))
    (row,), (told,) = one.rows(), one.rows(unsuppressed=True)
    assert (row.value, row.n, row.suppressed) == (None, 20, "few")
    assert (told.value, told.suppressed) == (0.75, "few")
    wide = table([], counted((0, "1", 20), (0, "3", 20)))
    assert next(wide.rows()).suppressed == "wide"


def test_a_quota_sample_has_no_interval() -> None:
    one = table([], counted((0, "1", 60), (0, "3", 20)), "safe", "index", quota=True)
    for row in one.rows():
        assert (row.low, row.high, row.quota, row.suppressed) == (None, None, True, None)
        assert row.value is not None
    assert np.isnan(one.estimates["safe"].variance).all()


def test_a_code_without_meaning_is_no_answer_that_is_left_out_silently() -> None:
    with pytest.raises(IndicatorError, match=r"safe \(version 1\) does not say what codes \['5'\] of percep"):
        table([], counted((0, "1", 60), (0, "5", 20)))
