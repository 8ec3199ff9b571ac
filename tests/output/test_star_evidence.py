"""What moves stars, over many months drawn from a truth that is known: chance does not, a change does, however slow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from numpy.random import Generator

from followup.assessment.star_policy import star_policy
from followup.indicators import IndicatorReport
from followup.reports.monthly_facts import MonthlyFacts, Window
from followup.reports.star_places import Graded, county_star, graded, looked_at, places_of, said_of_all
from survey.statistics.indicator_definitions import Share, shipped_indicators
from survey.statistics.indicator_estimates import CodeCounts
from survey.statistics.indicator_table import Cell, make_table

POLICY = star_policy()
INDICATORS = shipped_indicators()


def report(good: Mapping[str, float], n: int, dice: Generator | None) -> IndicatorReport:
    """Townships whose residents give the good answer to every question with their own probability; without dice, exactly so. What
    is said of cases goes together wholly: whoever finds a case unsolved is dissatisfied with it, and it was late."""
    definitions = INDICATORS.named(POLICY.indicators)
    counts = {}
    drawn = {
        survey: [int(dice.binomial(n, p)) if dice else round(n * p) for p in good.values()]
        for survey in (True, False)
    }
    for one in definitions:
        assert not hasattr(one, "parts")
        worst = (
            one.valid[-1] if isinstance(one, Share) else min(one.points, key=lambda code: one.points[code])
        )
        best = one.codes[0] if isinstance(one, Share) else max(one.points, key=lambda code: one.points[code])
        few = drawn[one.id in POLICY.parts.survey]
        numbers = np.array([x for k in few for x in (k, n - k)], np.float64)
        places = np.arange(len(few)).repeat(2)
        counts[one.of] = CodeCounts(
            [best, worst], places, np.tile([0, 1], len(few)), numbers, numbers, numbers
        )
    areas = [SimpleNamespace(code=code, name_zh=code, name_en=code) for code in good]
    table = make_table(INDICATORS, definitions, [Cell(area=code) for code in good], counts)
    return cast(
        IndicatorReport, SimpleNamespace(table=table, ground=SimpleNamespace(policy=INDICATORS, areas=areas))
    )


def month(
    truth: Mapping[str, float],
    held: Mapping[str, int],
    n: int = 150,
    dice: Generator | None = None,
    **more: Any,
) -> list[Graded]:
    """The board of one month."""
    now = report(truth, n, dice)
    window = Window(now, more.get("before", report(truth, n, dice)))
    facts = cast(
        MonthlyFacts,
        SimpleNamespace(windows={"township": window}, held=held, sanctions=more.get("sanctions", [])),
    )
    found = places_of(facts, "township", POLICY)
    return graded(found, said_of_all(looked_at(found, "township", POLICY), POLICY), POLICY)


def codes(count: int) -> list[str]:
    return [f"9917210{place:02d}" for place in range(1, count + 1)]


def stars(board: Sequence[Graded]) -> dict[str, int]:
    return {one.place.code: one.standing.stars for one in board if one.standing.stars is not None}


@pytest.mark.parametrize("seed", [1, 2])
def test_where_nothing_changes_twenty_months_of_twenty_townships_move_a_star_in_one_at_most(
    seed: int,
) -> None:
    """Their true points lie just below the edge of their band, where chance moves most: graded by the points alone, every other
    township would have another star each month."""
    dice, moved, alone = np.random.default_rng(seed), 0, 0
    truth = dict.fromkeys(codes(20), 0.8499)
    for _ in range(20):
        board = month(truth, dict.fromkeys(truth, 3), dice=dice)
        moved += any(one.standing.moved for one in board)
        alone += sum(one.standing.reason == "chance" for one in board)
    assert moved <= 1
    assert alone >= 160


def test_what_is_plainly_worse_falls_by_one_a_month_until_it_stands_where_it_belongs() -> None:
    dice, held = np.random.default_rng(3), dict.fromkeys(codes(20), 4)
    truth = {**dict.fromkeys(held, 0.88), codes(1)[0]: 0.58}
    seen = []
    for _ in range(4):
        board = month(truth, held, 600, dice)
        held = stars(board)
        seen.append(held[codes(1)[0]])
    assert seen == [3, 2, 1, 1]
    assert [held[code] for code in codes(20)[1:]] == [4] * 19


def test_a_decline_of_a_point_a_month_moves_the_star_although_no_month_differs_from_the_last() -> None:
    held, reasons = {"991721001": 4}, []
    for lost in range(12):
        truth = {"991721001": 0.88 - lost / 100}
        before = report({"991721001": 0.88 - (lost - 1) / 100}, 300, None)
        (one,) = month(truth, held, 300, before=before)
        assert one.said.zh == "无明显变化"
        held = stars([one])
        reasons.append(one.standing.reason)
    assert (reasons.count("fell"), held) == (1, {"991721001": 3})
    assert reasons.index("chance") < reasons.index("fell")


def test_with_more_places_looked_at_the_same_points_need_to_lie_further_out() -> None:
    """All claims of a document are one family: what moves a star alone does not among forty others that lie outside of their band
    by half a point."""
    below = {"991721050": 0.67}
    assert [one.standing.reason for one in month(below, {"991721050": 3})] == ["fell"]
    many = {**dict.fromkeys(codes(40), 0.745), **below}
    board = month(many, dict.fromkeys(many, 3))
    assert {one.standing.reason for one in board if one.place.code == "991721050"} == {"chance"}


def test_a_place_that_is_graded_for_the_first_time_begins_where_the_county_stands() -> None:
    truth = {**dict.fromkeys(codes(9), 0.80), "991721050": 0.97}
    board = month(truth, {})
    assert {one.place.base for one in board} == {3}
    assert stars(board) == {**dict.fromkeys(codes(9), 3), "991721050": 4}
    window = Window(report(truth, 150, None), report(truth, 150, None))
    assert (county_star(window, "township", POLICY), county_star(window, "village", POLICY)) == (3, 4)


def test_points_on_the_very_edge_of_a_band_are_no_evidence() -> None:
    edge = POLICY.levels["township"].from_[3]
    (one,) = month({"991721001": edge / 100}, {"991721001": 3}, 100_000)
    assert one.place.points is not None and round(one.place.points.value, 1) == edge
    assert (one.standing.moved, one.standing.reason) == (0, "chance")


def test_places_inside_of_their_band_and_villages_do_not_stand_in_the_way_of_a_township() -> None:
    """Of what a summary may claim each kind of claim has a share set apart (policy `stars`); who cannot move is no test."""
    clear = {**dict.fromkeys(codes(19), 0.80), "991721050": 0.64}
    now = report(clear, 150, None)
    facts = cast(
        MonthlyFacts,
        SimpleNamespace(windows={"township": Window(now, now)}, held=dict.fromkeys(clear, 3), sanctions=[]),
    )
    found = places_of(facts, "township", POLICY)
    kinds = looked_at(found, "township", POLICY)
    assert list(kinds["stars.township"]) == ["991721050.star"]
    village = next(iter(kinds["stars.township"].values()))
    near = (village[0], village[0]._replace(low=village[0].low - 4, high=village[0].high + 4))
    crowd = {f"99172100120{n:03d}.star": near for n in range(230)}
    kinds |= {"stars.village": crowd, "changes.village": dict(crowd), "county": {}}
    moved = [
        one.place.code for one in graded(found, said_of_all(kinds, POLICY), POLICY) if one.standing.moved
    ]
    assert moved == ["991721050"]
    alike = {kind: 1 / len(kinds) for kind in kinds} | {"stars.village": 0.999, "stars.township": 0.001}
    drowned = said_of_all(kinds, POLICY.model_copy(update={"shares": alike}))
    assert not any(one.standing.moved for one in graded(found, drowned, POLICY))
