"""The pure rules of a campaign: who has a seat, how much is released, why a queue is empty, which move leads where."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.field.emptiness import Situation, why_empty
from survey.field.lifecycle import MOVES, STATUSES, NotAllowed, move
from survey.field.releasing import Standing, expected_yield, to_release, whole_replicates
from survey.sampling.quotas import BESIDE, Cell, Condition, Known, Quota, Seats, answer_quotas, cells_of, seat

TOTAL = ("total", "all")
YOUNG, OLD = ("age", "18-44"), ("age", "45+")

AGE = Quota("age", (Cell("18-44", 6, Condition(ages=(18, 44))), Cell("45+", 4, Condition(ages=(45, 120)))))
TOWN = Quota("town", (Cell("柳河", 5, Condition(areas=("991721100",))),))


def test_a_person_belongs_to_the_first_cell_that_fits_of_each_quota() -> None:
    wang = Known("991721100200", age=30)
    assert cells_of((AGE, TOWN), wang) == {"age": "18-44", "town": "柳河"}
    assert cells_of((AGE, TOWN), Known("991721101200", age=None)) == {"age": BESIDE, "town": BESIDE}


def test_a_column_of_the_list_may_decide() -> None:
    rural = Quota("kind", (Cell("rural", 5, Condition(attributes={"户口": ("农业", "农村")})),))
    assert cells_of((rural,), Known("99", attributes={"户口": "农村"})) == {"kind": "rural"}
    assert cells_of((rural,), Known("99", attributes={"户口": "城镇"})) == {"kind": BESIDE}


def test_an_answer_tells_the_cell_once_all_of_its_questions_have_one() -> None:
    stored = {
        "年龄和性别": [
            ["年轻女性", {"age": ["1", "2"], "sex": ["2"]}],
            ["其他女性", {"age": ["3", "4"], "sex": ["2"]}],
            ["男性", {"age": ["1", "2", "3", "4"], "sex": ["1"]}],
        ]
    }
    (quota,) = answer_quotas(stored)
    assert quota.questions == {"age", "sex"}
    assert quota.cell_of({"sex": "2", "P1": "3"}) is None
    assert quota.cell_of({"sex": "2", "age": "2"}) == "年轻女性"
    assert quota.cell_of({"sex": "1", "age": "2"}) == "男性"
    assert quota.cell_of({"sex": "refused", "age": "2"}) == BESIDE


def test_who_needs_a_seat_in_a_full_cell_gets_none_for_good() -> None:
    seats = {TOTAL: Seats(5, 0, 0), YOUNG: Seats(2, 0, 2), OLD: Seats(3, 1, 1)}
    given_out = seat(
        [(1, (TOTAL, YOUNG)), (2, (TOTAL, OLD)), (3, (TOTAL, OLD)), (4, (TOTAL, ("age", BESIDE)))], seats
    )
    assert (given_out.seated, given_out.waiting, given_out.without) == ((2,), (3,), (1, 4))


@given(
    targets=st.dictionaries(st.sampled_from("abc"), st.integers(0, 6), min_size=1),
    total=st.integers(0, 10),
    batches=st.lists(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=8), max_size=12),
)
def test_no_order_of_contacts_and_answers_overshoots(
    targets: dict[str, int], total: int, batches: list[list[tuple[str, bool]]]
) -> None:
    """Batch after batch is seated; each contact of it completes or not; nothing ever passes its target."""
    held: dict[tuple[str, str], int] = {}
    filled: dict[tuple[str, str], int] = {}
    target = {TOTAL: total} | {("q", cell): n for cell, n in targets.items()}
    for batch in batches:
        seats = {p: Seats(t, held.get(p, 0), filled.get(p, 0)) for p, t in target.items()}
        wishes = [(n, (TOTAL, ("q", cell))) for n, (cell, _) in enumerate(batch)]
        given_out = seat(wishes, seats)
        assert sorted((*given_out.seated, *given_out.waiting, *given_out.without)) == list(range(len(batch)))
        for who in given_out.seated:
            for place in wishes[who][1]:
                held[place] = held.get(place, 0) + 1
                assert held[place] + filled.get(place, 0) <= target[place]
        for who in given_out.seated[::2]:  # the other half is still talking when the next batch is claimed
            for place in wishes[who][1]:
                held[place] -= 1
                filled[place] = filled.get(place, 0) + batch[who][1]


def test_near_the_end_only_a_few_more_are_released() -> None:
    assert to_release(Standing(100, 0, 0, 0, 2000)) == 500  # at the prior yield of one in five
    assert to_release(Standing(100, 60, 480, 20, 1500)) == 293  # yield has shown itself to be one in eight
    assert to_release(Standing(100, 97, 776, 0, 1000)) == 24
    assert to_release(Standing(100, 97, 776, 24, 1000)) == 0  # those still open will do
    assert to_release(Standing(100, 100, 800, 0, 1000)) == 0
    assert to_release(Standing(None, 3, 10, 0, 70)) == 70  # no target: the whole sample is wanted


@given(
    st.builds(
        Standing,
        st.none() | st.integers(1, 500),
        *(st.integers(0, most) for most in (500, 5000, 500, 5000)),
    )
)
def test_release_never_passes_what_is_there_and_stops_at_the_target(standing: Standing) -> None:
    n = to_release(standing)
    assert 0 <= n <= standing.unreleased
    if standing.target is not None:
        if standing.completes >= standing.target:
            assert n == 0
        elif n < standing.unreleased:
            rate = expected_yield(standing)
            assert standing.completes + rate * (standing.open + n) >= standing.target - 1e-9


def test_replicates_are_never_cut() -> None:
    assert whole_replicates(0, [10, 10]) == 0
    assert whole_replicates(1, [10, 10]) == 10
    assert whole_replicates(15, [10, 10, 10]) == 20
    assert whole_replicates(99, [10, 10]) == 20
    assert whole_replicates(5, []) == 0


NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)


def situation(**instead: object) -> Situation:
    values = {
        "status": "running", "now": NOW, "closes_at": NOW + timedelta(days=3), "waiting": 5, "in_contact": 2,
        "unreleased": 10, "next_due": NOW, "opens": None, "free_seats": 3, "held": 2, "day_left": 4, "total_left": 9,
        "can_pay": True,
    }  # fmt: skip
    return Situation(**(values | instead))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("instead", "why"),
    [
        ({}, ["something_due"]),
        ({"status": "paused"}, ["not_running"]),
        ({"closes_at": NOW}, ["over"]),
        ({"total_left": 0, "can_pay": False}, ["target_reached", "budget_used"]),
        ({"opens": NOW + timedelta(hours=2)}, ["outside_hours"]),
        ({"day_left": 0}, ["day_full"]),
        ({"free_seats": 0}, ["seats_held"]),
        ({"next_due": NOW + timedelta(minutes=4)}, ["later"]),
        ({"waiting": 0}, ["all_in_contact"]),
        ({"waiting": 0, "in_contact": 0}, ["none_released"]),
        ({"waiting": 0, "in_contact": 0, "unreleased": 0}, ["worked"]),
        ({"waiting": 0, "in_contact": 0, "unreleased": 0, "standing": True}, ["nobody_put_in"]),
    ],
)
def test_an_empty_queue_says_why(instead: dict[str, object], why: list[str]) -> None:
    assert [reason.why for reason in why_empty(situation(**instead))] == why


def test_every_state_is_left_only_as_the_table_says() -> None:
    events = {row.event for row in MOVES}
    reached = {"draft"} | {row.enters for row in MOVES}
    assert reached == set(STATUSES)
    for status in STATUSES:
        for event in events:
            rows = [row for row in MOVES if row.event == event and status in row.leaves]
            if rows:
                assert move(event, status) == rows[0]
                assert len(rows) == 1
            else:
                with pytest.raises(NotAllowed, match=f"has no move '{event}'"):
                    move(event, status)
