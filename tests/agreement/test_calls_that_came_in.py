"""Residents who ring the centre: the interview that is held in their call is compared like any other; when they ring is their own
choice."""

from __future__ import annotations

from agreement_day import Day
from test_damaged_calls import kinds_of

from survey.twin import ledger as twin
from workers.agreement import broken_promises


async def zhang_rings_the_centre(day: Day) -> None:
    """张敏's interview was held in a call of her own, after a key at the menu; at 12:16, when nobody is called."""
    call = day.zhang_call
    call.kind, call.to, call.from_ = "inbound", call.from_, call.to
    at_the_menu = twin.KeyPress(
        0, "/twilio/inbound/voice/1", "1", "", None, call.created_at, "answer", False, "yes", 1
    )
    call.keys.insert(0, at_the_menu)
    await day.conn.execute(
        "UPDATE survey.attempt SET inbound = true, dialing_at = '2026-03-09 04:16Z' WHERE ref = 'a-zhang'"
    )


async def test_an_interview_in_a_call_that_came_in_agrees(day: Day) -> None:
    await zhang_rings_the_centre(day)
    agreement = await day.compared()

    assert (agreement.differences, agreement.intent_mismatches) == ((), ())
    assert (agreement.counts["calls"], agreement.counts["intents"]) == (3, 9)


async def test_whoever_has_opted_out_may_ring_the_centre_at_any_hour(day: Day) -> None:
    await zhang_rings_the_centre(day)
    await day.world.put(
        "survey.opt_out",
        person_id=day.world.people["张敏"][0],
        scope="survey",
        said_at=day.zhang.at,
        said_in="text",
    )

    assert "contact_after_opt_out" not in kinds_of(await day.compared())
    assert await broken_promises(day.conn) == ()
    await day.conn.execute("UPDATE survey.attempt SET inbound = false WHERE ref = 'a-zhang'")
    assert [breach.promise for breach in await broken_promises(day.conn)] == [
        "opt_outs_kept",
        "calling_hours_kept",
    ]


async def test_whoever_gets_no_further_than_the_menu_makes_no_attempt(day: Day) -> None:
    call = day.world.call("何军", "CA9", "completed", day.he.at, answered=True)
    call.kind, call.to, call.from_ = "inbound", call.from_, call.to

    assert (await day.compared()).differences == ()


async def test_an_interview_in_a_call_that_never_came_in(day: Day) -> None:
    await zhang_rings_the_centre(day)
    del day.world.book.calls["CA1"]

    assert kinds_of(await day.compared()) == ["attempt_without_call", *["input_nobody_made"] * 5]


async def test_an_interview_with_somebody_else_than_the_one_who_rang(day: Day) -> None:
    await zhang_rings_the_centre(day)
    day.zhang_call.from_ = day.world.people["何军"][1]

    assert set(kinds_of(await day.compared())) == {"call_to_another_person", "input_of_another_person"}


async def test_a_key_in_a_call_that_came_in_and_is_not_stored(day: Day) -> None:
    await zhang_rings_the_centre(day)
    await day.world.key(day.zhang, day.zhang_call, 6, "1", meant="男", delivered="no")
    day.zhang_call.keys[-1].delivered = "yes"

    assert kinds_of(await day.compared()) == ["key_not_stored"]
