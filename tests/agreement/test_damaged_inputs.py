"""A key or text lost, doubled, invented or altered is found and called by its name; and nothing else is."""

from __future__ import annotations

from agreement_day import Day

from workers.agreement import Agreement, Difference


def kinds_of(agreement: Agreement) -> list[str]:
    return [difference.kind for difference in agreement.differences]


async def test_a_key_that_is_not_stored(day: Day) -> None:
    await day.conn.execute("DELETE FROM survey.answer WHERE question_id = 'S1'")
    await day.conn.execute("DELETE FROM survey.input WHERE call_sid = 'CA1' AND step = 1")

    assert (await day.compared()).differences == (
        Difference("key_not_stored", "call CA1 step 1", "“1”", "no input"),
    )


async def test_a_text_that_is_not_stored(day: Day) -> None:
    await day.conn.execute("DELETE FROM survey.inbox_text")
    await day.conn.execute("DELETE FROM survey.input WHERE message_sid = 'SM14'")

    assert (await day.compared()).differences == (
        Difference("text_not_stored", "text SM14", "“路灯不亮”", "no input"),
    )


async def test_a_text_stored_twice(day: Day) -> None:
    await day.conn.execute(
        "INSERT INTO survey.input (person_id, contact_id, channel, message_sid, said, effect, reply, "
        "arrived_at, arrived_real) "
        "SELECT person_id, contact_id, channel, 'SM99', said, 'acknowledged', reply, arrived_at, "
        "arrived_real FROM survey.input WHERE message_sid = 'SM13'"
    )

    assert (await day.compared()).differences == (
        Difference("input_stored_twice", "text SM99", "nothing in the ledger", "“2 1”"),
    )


async def test_an_input_nobody_made(day: Day) -> None:
    await day.world.key(day.zhang, day.zhang_call, 6, "9", effect="helped")
    day.zhang_call.keys.pop()

    assert (await day.compared()).differences == (
        Difference("input_nobody_made", "voice CA1 step 6", "nothing in the ledger", "“9”"),
    )


async def test_a_conversation_typed_without_a_call(day: Day) -> None:
    call = day.world.book.calls["DK1"]
    call.answered_at, call.status = None, "no-answer"
    await day.conn.execute(
        "UPDATE survey.attempt SET answered_at = NULL, carrier_word = 'no_answer', disposition = 'no_answer' "
        "WHERE ref = 'a-liu'"
    )

    assert set(kinds_of(await day.compared())) == {"input_nobody_made"}


async def test_a_key_that_never_arrived_is_stored(day: Day) -> None:
    day.zhang_call.keys[1].delivered = "no"

    assert (await day.compared()).differences == (
        Difference("input_never_delivered", "call CA1 step 2", "no input", "nothing"),
    )


async def test_another_key_is_stored_than_was_pressed(day: Day) -> None:
    await day.conn.execute("UPDATE survey.input SET said = '3' WHERE call_sid = 'CA1' AND step = 3")

    assert (await day.compared()).differences == (
        Difference("input_said_otherwise", "call CA1 step 3", "“2”", "“3”"),
    )


async def test_a_text_stored_under_another_person(day: Day) -> None:
    await day.conn.execute(
        "UPDATE survey.input SET person_id = $1 WHERE message_sid = 'SM14'", day.world.people["陈静"][0]
    )

    assert kinds_of(await day.compared()) == ["input_of_another_person"]


async def test_a_late_text_that_nobody_will_read(day: Day) -> None:
    await day.conn.execute("DELETE FROM survey.inbox_text")

    assert (await day.compared()).differences == (
        Difference("late_text_not_in_inbox", "text SM14", "in the inbox: too_late", "not in the inbox"),
    )


async def test_an_input_without_a_known_effect(day: Day) -> None:
    await day.conn.execute("UPDATE survey.input SET effect = 'shrugged' WHERE call_sid = 'CA1' AND step = 2")

    assert kinds_of(await day.compared()) == ["effect_unknown"]
