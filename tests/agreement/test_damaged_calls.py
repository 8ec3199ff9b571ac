"""A call rung twice, lost, invented or ended otherwise is found and called by its name, nothing else is."""

from __future__ import annotations

from agreement_day import Day

from workers.agreement import Agreement, Difference


def kinds_of(agreement: Agreement) -> list[str]:
    return [difference.kind for difference in agreement.differences]


async def test_a_call_that_rang_twice(day: Day) -> None:
    day.world.book.calls["CA2"].rang = 2

    assert (await day.compared()).differences == (
        Difference("rung_twice", "call CA2, voice attempt a-zhao", "rang once", "rang 2 times"),
    )


async def test_two_calls_for_one_attempt(day: Day) -> None:
    day.world.call("刘洋", "DK2", "completed", day.liu.at, answered=True, ref="a-liu")

    assert (await day.compared()).differences == (
        Difference("rung_twice", "operator attempt a-liu", "one call", "2 calls"),
    )


async def test_an_attempt_without_a_call(day: Day) -> None:
    del day.world.book.calls["CA2"]

    assert (await day.compared()).differences == (
        Difference("attempt_without_call", "voice attempt a-zhao", "one call", "no call"),
    )


async def test_a_call_without_an_attempt(day: Day) -> None:
    day.world.call("何军", "CA9", "no-answer", day.he.at)

    assert (await day.compared()).differences == (
        Difference("call_without_attempt", "call CA9", "one attempt", "no attempt"),
    )


async def test_a_desk_call_without_an_attempt(day: Day) -> None:
    day.world.call("何军", "DK9", "no-answer", day.he.at, ref="a-nobody")

    assert kinds_of(await day.compared()) == ["call_without_attempt"]


async def test_a_call_to_another_person(day: Day) -> None:
    day.world.book.calls["CA2"].to = day.world.people["何军"][1]

    assert kinds_of(await day.compared()) == ["call_to_another_person"]


async def test_an_attempt_that_was_never_settled(day: Day) -> None:
    await day.conn.execute("UPDATE survey.attempt SET status = 'unknown', ended_at = NULL WHERE ref = 'a-he'")

    assert kinds_of(await day.compared()) == ["attempt_not_settled"]


async def test_a_call_that_is_over_with_its_attempt_left_open(day: Day) -> None:
    await day.conn.execute(
        "UPDATE survey.attempt SET status = 'ringing', ended_at = NULL WHERE ref = 'a-zhao'"
    )

    assert kinds_of(await day.compared()) == ["attempt_left_open"]


async def test_an_ending_that_differs(day: Day) -> None:
    await day.conn.execute(
        "UPDATE survey.attempt SET carrier_word = 'no_answer', disposition = 'no_answer' WHERE ref = 'a-zhao'"
    )

    assert kinds_of(await day.compared()) == ["call_ended_otherwise", "disposition_disagrees"]


async def test_somebody_answered_who_counts_as_not_there(day: Day) -> None:
    await day.conn.execute("UPDATE survey.attempt SET disposition = 'no_answer' WHERE ref = 'a-zhang'")

    assert (await day.compared()).differences == (
        Difference(
            "disposition_disagrees", "call CA1, voice attempt a-zhang", "somebody answered", "no_answer"
        ),
    )
