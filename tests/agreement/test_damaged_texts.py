"""A text or a result that was not sent, or sent otherwise, is found and called by its name."""

from __future__ import annotations

from agreement_day import RESULT, Day

from workers.agreement import Agreement, Difference


def kinds_of(agreement: Agreement) -> list[str]:
    return [difference.kind for difference in agreement.differences]


async def test_a_result_that_was_never_sent(day: Day) -> None:
    del day.world.book.texts["SM20"]
    agreement = await day.compared()

    assert kinds_of(agreement) == ["text_never_sent", "result_not_told"]
    assert agreement.differences[1].expected == RESULT


async def test_an_invitation_that_says_something_else(day: Day) -> None:
    day.world.book.texts["SM10"].body += "!"

    assert kinds_of(await day.compared()) == ["text_sent_otherwise"]


async def test_an_invitation_to_another_person(day: Day) -> None:
    day.world.book.texts["SM10"].to = day.world.people["赵伟"][1]

    assert kinds_of(await day.compared()) == ["text_to_another_person"]


async def test_a_reply_that_never_went_out(day: Day) -> None:
    del day.world.book.texts["SM31-r"]

    assert (await day.compared()).differences == (
        Difference(
            "text_never_sent",
            "reply to text SM31",
            "【遂澜民调中心】已为您退订,今后不再发送。",
            "no such text",
        ),
    )


async def test_a_reply_that_went_out_twice(day: Day) -> None:
    first = day.world.book.texts["SM31-r"]
    day.world.book.texts["SM77"] = type(first)(
        "SM77", "out", first.to, first.from_, first.body, first.at, "delivered"
    )

    assert (await day.compared()).differences == (
        Difference("text_sent_twice", "text SM77", "not sent", "【遂澜民调中心】已为您退订,今后不再发送。"),
    )


async def test_a_text_that_the_database_does_not_know(day: Day) -> None:
    day.world.book.texts["SM77"] = type(day.world.book.texts["SM10"])(
        "SM77", "out", day.world.people["赵伟"][1], "+8615400000000", "中奖了", day.zhao.at, "delivered"
    )

    assert (await day.compared()).differences == (
        Difference("text_without_row", "text SM77", "not sent", "中奖了"),
    )


async def told(day: Day, body: str = "【遂澜民调中心】您反映的0037号事项办理时间延长到3月23日。") -> str:
    """A notice by text to 赵伟, as both sides have it; its sid."""
    person, number = day.world.people["赵伟"]
    first = day.world.book.texts["SM31-r"]
    sent = type(first)("SM80", "out", number, first.from_, body, first.at, "delivered")
    day.world.book.texts["SM80"] = sent
    await day.world.put(
        "survey.telling",
        ref="t1", cause="notice:1", person_id=person, body=body, segments=1, status="ended", due_at=first.at,
        until_at=first.at, sid="SM80", ended_at=first.at, outcome="delivered",
    )  # fmt: skip
    return "SM80"


async def test_a_text_that_only_tells_is_on_both_sides(day: Day) -> None:
    await told(day)
    assert kinds_of(await day.compared()) == []


async def test_a_text_that_only_tells_and_is_damaged(day: Day) -> None:
    sid = await told(day)
    day.world.book.texts[sid].body += "!"
    assert kinds_of(await day.compared()) == ["text_sent_otherwise"]
    sent = day.world.book.texts.pop(sid)
    assert kinds_of(await day.compared()) == ["text_never_sent"]
    sent.sid = "SM81"
    day.world.book.texts["SM81"] = sent
    assert kinds_of(await day.compared()) == ["text_never_sent", "text_without_row"]
