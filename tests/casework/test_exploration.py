"""Every state of a case to a stated depth: nothing is wrong in any, and what is spoilt on purpose is found."""

from dataclasses import replace
from functools import cache

import pytest

from followup.casework.abstract_case import AbstractCase, Act, effect, refusal
from followup.casework.exploration import Explored, Rules, explore
from followup.casework.lifecycle import Event, transitions
from followup.casework.states import states

DEPTH = 12


@cache
def as_it_is() -> Explored:
    return explore(depth=DEPTH)


def test_nothing_is_wrong_in_any_state() -> None:
    found = as_it_is()

    assert found.wrong == {}
    assert (found.cases, found.depth) == (18792, DEPTH)
    assert found.pairs > 100_000
    assert 0 < found.refused < found.pairs  # the second of two was too late wherever the first moved the case


def test_every_state_of_the_table_is_reached() -> None:
    assert as_it_is().reached == {row.to for row in transitions()}


def without(row: str) -> Rules:
    return Rules(table=[one for one in transitions() if one.row != row])


@pytest.mark.parametrize(
    ("row", "state", "depth"),
    [
        ("8", "dispatched", 14),
        ("5a", "major_hold", 4),
        ("15b", "promised", 11),
        ("10b", "return_review", 10),
        ("7", "submitted", 10),
    ],
)
def test_a_row_that_is_missing_leaves_a_state_without_a_way_out(row: str, state: str, depth: int) -> None:
    assert f"no way out of {state} but to withdraw" in explore(without(row), depth).wrong


def spoilt(event: Event, **changed: object) -> Rules:
    """The effect of one event goes wrong."""

    def wrong(case: AbstractCase, act: Act, to: str) -> AbstractCase:
        after = effect(case, act, to)
        return replace(after, **changed) if act.event is event else after  # type: ignore[arg-type]

    return Rules(effect=wrong)


def test_a_second_lead_is_found() -> None:
    def kept(case: AbstractCase, act: Act, to: str) -> AbstractCase:
        after = effect(case, act, to)
        return replace(after, leads=case.leads + after.leads) if act.event is Event.REASSIGN_LEAD else after

    assert "two leads" in explore(Rules(effect=kept), depth=7).wrong


def test_a_clock_that_is_missing_is_found() -> None:
    clocks = frozenset(states().waiting)
    wrong = explore(Rules(clocks=clocks - {"result_review"}), depth=7).wrong
    assert set(wrong) == {"no clock runs in result_review"}
    wrong = explore(Rules(clocks=clocks - {"redispatch_review"}), depth=4).wrong
    assert "a decision without a running clock" in wrong


def test_an_end_that_nobody_asked_about_is_found() -> None:
    closed_at_once = [replace(row, to="closed") if row.row == "15" else replace(row) for row in transitions()]

    def silent(case: AbstractCase, act: Act, to: str) -> AbstractCase:
        after = effect(case, act, to)
        return replace(after, callback="none", reason=False) if act.event is Event.ACCEPT_RESULT else after

    wrong = explore(Rules(table=closed_at_once, effect=silent), depth=8).wrong
    assert "closed without a callback or a stated reason" in wrong


def test_a_rating_that_a_later_call_changes_is_found() -> None:
    rules = spoilt(Event.OBJECT, published="satisfied")
    assert "a published rating was changed by a later call" in explore(rules, depth=8).wrong


def test_a_flag_that_nobody_decides_on_is_found() -> None:
    rules = spoilt(Event.REJECT, decided=0)
    assert "a dissatisfied answer without exactly one decision" in explore(rules, depth=5).wrong


def test_two_who_decide_at_once_without_a_guard_are_found() -> None:
    wrong = explore(Rules(guarded=False), depth=4).wrong
    assert "a dissatisfied answer without exactly one decision" in wrong


def test_a_guard_that_is_left_out_is_found() -> None:
    def lenient(case: AbstractCase, act: Act) -> object:
        if act.event in (Event.ALLOW_RETURN, Event.DENY_RETURN):
            return "never"  # neither is possible: the first return of a round is stuck
        return refusal(case, act)

    assert "no way out of return_review but to withdraw" in explore(Rules(refusal=lenient), depth=10).wrong
