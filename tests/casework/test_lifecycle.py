"""The life of a case: what leads where, and that every way out of it is an honest one."""

import pytest

from followup.casework.lifecycle import (
    CLOSED,
    OPEN,
    Event,
    Refusal,
    allowed,
    event_of,
    is_open,
    move,
    target,
    transition,
    transitions,
)  # fmt: skip
from followup.casework.verdict import verdict, verdict_table

HELD = {"major_hold", "wrong_person"}
STATES = {row.to for row in transitions()}


def walk(*events: str, round_: int = 1) -> list[str]:
    """The states that a case comes through, from its beginning."""
    state, path = None, []
    for event in events:
        step = move(state, event, round_)
        assert isinstance(step, str), step
        state = step
        path.append(step)
        round_ += event in ("redispatch", "meeting_dispatch")
    return path


def test_a_case_from_a_survey_call_to_a_satisfied_resident() -> None:
    assert walk(
        "register", "accept", "submit", "dispatch", "sign",
        "submit_result", "accept_result", "callback_closed", "archive",
    ) == [
        "registered", "accepted", "submitted", "dispatched", "in_progress",
        "result_review", "callback_pending", "closed", "archived",
    ]  # fmt: skip


def test_an_imported_case_is_called_back_and_sent_out_again() -> None:
    assert walk(
        "import", "callback_flagged", "redispatch", "sign", "submit_result", "accept_result",
        "callback_closed_partly",
    ) == [
        "callback_pending", "redispatch_review", "dispatched", "in_progress", "result_review",
        "callback_pending", "closed_partly",
    ]  # fmt: skip


def test_what_is_flagged_in_the_third_round_goes_to_the_meeting() -> None:
    assert allowed("redispatch_review", 2) == ["redispatch", "hand_up", "reject", "withdraw"]
    assert allowed("redispatch_review", 3) == ["hand_up", "reject", "to_meeting", "withdraw"]
    assert (
        walk("import", "callback_flagged", "to_meeting", "meeting_dispatch", "sign", round_=3)[-1]
        == "in_progress"
    )


def test_a_move_that_does_not_exist_is_refused_with_those_that_do() -> None:
    assert move("registered", "dispatch") == Refusal(
        "'dispatch' does not exist from 'registered' in round 1; "
        "possible there: refuse, answer, accept, report_major, withdraw"
    )
    assert move("archived", "object") == Refusal(
        "'object' does not exist from 'archived' in round 1; possible there: nothing"
    )
    assert move(None, "sign") == Refusal(
        "'sign' does not exist from the beginning; possible there: register, import"
    )


@pytest.mark.parametrize(
    "ending", [line.verdict for line in verdict_table().lines if line.verdict != "flagged"]
)
def test_every_ending_of_the_verdict_is_a_state_of_its_name(ending: str) -> None:
    assert move("callback_pending", f"callback_{ending}") == ending


def test_a_verdict_is_an_event() -> None:
    flagged = verdict({"C2": "3"}, claimed_contact=True, reached=True)
    closed = verdict({"C2": "1", "C3": "2"}, claimed_contact=True, reached=True)
    stranger = verdict({"C0": "2"}, claimed_contact=True, reached=False)
    assert [event_of(one) for one in (flagged, closed, stranger)] == [
        Event.CALLBACK_FLAGGED, Event.CALLBACK_CLOSED, Event.CALLBACK_WRONG_PERSON,
    ]  # fmt: skip
    assert target("callback_pending", event_of(flagged)) == "redispatch_review"


def test_a_stranger_at_the_phone_leads_to_another_number_or_to_not_reached() -> None:
    assert walk("import", "callback_wrong_person", "new_number")[-1] == "callback_pending"
    assert walk("import", "callback_wrong_person", "no_new_number")[-1] == "closed_unreached"
    assert is_open("wrong_person")


def test_every_event_has_its_row_and_every_row_its_number() -> None:
    assert {row.event for row in transitions()} == set(Event)
    numbers = [row.row for row in transitions()]
    assert len(numbers) == len(set(numbers))
    assert {number.rstrip("abcdef") for number in numbers} == {str(n) for n in range(1, 25)}


def test_no_state_has_two_ways_for_one_event() -> None:
    for state in STATES:
        for round_ in (1, 3):
            assert len(allowed(state, round_)) == len(set(allowed(state, round_)))


def test_every_state_can_be_reached_and_left_and_every_case_can_end() -> None:
    assert {state for row in transitions() for state in row.from_states} <= STATES
    assert STATES - {"archived"} == {state for row in transitions() for state in row.from_states}
    assert set(OPEN) | HELD | set(CLOSED) | {"answered", "not_accepted", "archived"} == STATES
    ends, before = set(CLOSED), 0
    while len(ends) > before:
        before = len(ends)
        ends |= {state for row in transitions() if row.to in ends for state in row.from_states}
    assert set(OPEN) | HELD <= ends


def test_whatever_is_open_can_be_withdrawn_and_whatever_is_closed_objected_to() -> None:
    for state in STATES:
        assert (target(state, Event.WITHDRAW) == "closed_withdrawn") == is_open(state)
        assert (target(state, Event.OBJECT) == "redispatch_review") == (state in CLOSED)


def test_only_people_reject_and_dispatch_again() -> None:
    for event in (Event.REDISPATCH, Event.REJECT):
        row = transition("redispatch_review", event)
        assert row and row.actor == "supervisor"
