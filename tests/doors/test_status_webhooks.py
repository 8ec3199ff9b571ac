"""What the carrier says of a call or a text, in any order and any number of times, comes to the same row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from doors_bench import Bench, Resident
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey import dialing

QUIET = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

FINAL_ROW = """
SELECT a.status, a.carrier_word, a.disposition, a.counts, a.answered_at, a.ended_at, k.closed_at,
       u.status, u.disposition, u.next_mode,
       (SELECT count(*) FROM survey.unit_event e WHERE e.unit_id = u.id),
       (SELECT count(*) FROM survey.outbox o WHERE o.unit_id = u.id)
FROM survey.attempt a JOIN survey.contact k ON k.id = a.contact_id JOIN survey.sample_unit u ON u.id = a.unit_id
WHERE a.person_id = $1"""


def any_order(words: Sequence[str]) -> st.SearchStrategy[list[str]]:
    """All the words, some of them several times, in any order."""
    return st.lists(st.sampled_from(words), max_size=4).flatmap(
        lambda extra: st.permutations([*words, *extra])
    )


async def hear(bench: Bench, mode: str, words: Sequence[str]) -> tuple[Any, ...]:
    """A new resident is contacted, the carrier says these words; the rows it comes to."""
    person = await bench.resident("居民")
    await bench.survey(person, mode)
    await bench.run("UPDATE survey.pace SET next_at = $1, tokens = 60", bench.clock.now())
    await dialing.dial_due(bench.ground, bench.line)
    start = bench.clock.now()
    ref, sid = await bench.attempt_ref(person), await bench.sid(person)
    for word in words:
        assert await dialing.record_progress(bench.ground, ref, sid, word, None, {})
    (row,) = await bench.rows(FINAL_ROW, person.id)
    await leave_nothing_due(bench, person)
    return tuple("now" if value == start else value for value in row)


async def leave_nothing_due(bench: Bench, person: Resident) -> None:
    """No leftover of an example is due in the next."""
    await bench.run(
        "UPDATE survey.sample_unit SET status = 'done', due_at = NULL, next_mode = NULL, done_at = $2"
        " WHERE person_id = $1",
        person.id,
        bench.clock.now(),
    )


@pytest.mark.parametrize(
    "final", ["answered", "busy", "no_answer", "off", "unassigned", "cancelled", "failed"]
)
@QUIET
@given(data=st.data())
async def test_a_call(bench: Bench, final: str, data: st.DataObject) -> None:
    talked = ["in_progress"] if final == "answered" else []
    words = ["queued", "ringing", *talked, final]
    said = data.draw(any_order(words))
    assert await hear(bench, "voice", said) == await hear(bench, "voice", words)


@QUIET
@given(data=st.data())
async def test_a_text_that_arrives(bench: Bench, data: st.DataObject) -> None:
    words = ["queued", "sent", "delivered"]
    row = await hear(bench, "text", data.draw(any_order(words)))
    assert row[:3] == ("accepted", "delivered", None)
    assert row == await hear(bench, "text", words)


@QUIET
@given(data=st.data())
async def test_a_text_that_does_not_arrive(bench: Bench, data: st.DataObject) -> None:
    words = ["queued", "sent", "unreachable"]
    row = await hear(bench, "text", data.draw(any_order(words)))
    assert row[:3] == ("ended", "unreachable", "text_unreachable")
    assert row == await hear(bench, "text", words)


async def test_the_first_of_two_final_words_stands(bench: Bench) -> None:
    assert (await hear(bench, "voice", ["busy", "no_answer"]))[:3] == ("ended", "busy", "busy")


@QUIET
@given(
    said=st.lists(
        st.sampled_from(["queued", "ringing", "in_progress", "answered", "busy", "no_answer"]), max_size=6
    )
)
async def test_nothing_ever_goes_backwards(bench: Bench, said: list[str]) -> None:
    """After each word the attempt is as far along as before, or further."""
    order = ["accepted", "ringing", "answered", "ended"]
    reached = 0
    for n in range(len(said) + 1):
        status = (await hear(bench, "voice", said[:n]))[0]
        assert order.index(status) >= reached
        reached = order.index(status)


async def test_a_word_that_nothing_maps_is_parked_and_changes_nothing(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    await bench.survey(li_na, "voice")
    await dialing.dial_due(bench.ground, bench.line)
    ref, sid = await bench.attempt_ref(li_na), await bench.sid(li_na)
    signal = {"CallSid": sid, "CallStatus": "teleported"}
    assert await dialing.record_progress(bench.ground, ref, sid, None, None, signal)
    assert await bench.attempts(li_na) == ["voice accepted"]
    assert await bench.rows("SELECT kind, body FROM survey.parked_signal") == [("status", signal)]


async def test_the_status_of_something_that_is_not_ours_is_parked(bench: Bench) -> None:
    signal = {"CallSid": "CA1", "CallStatus": "completed"}
    assert not await dialing.record_progress(bench.ground, "no-such-ref", "CA1", "answered", None, signal)
    assert await bench.rows("SELECT kind, body FROM survey.parked_signal") == [("status", signal)]


async def test_a_word_about_another_call_does_not_move_this_one(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    await bench.survey(li_na, "voice")
    await dialing.dial_due(bench.ground, bench.line)
    ref = await bench.attempt_ref(li_na)
    assert await dialing.record_progress(bench.ground, ref, "CA-of-somebody-else", "busy", None, {})
    assert await bench.attempts(li_na) == ["voice accepted"]
