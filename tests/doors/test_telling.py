"""Texts that tell and ask nothing: told at most once whoever dies, by the pace of all texts, never against anybody's wish."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from doors_bench import Asked, Bench, Resident, at

from survey import dialing, interviewing, staff_addresses, telling
from survey.channels.base import Accepted, CarrierAway, Placed, Progress, Refused, Throttled, Unknown
from survey.staff_addresses import NotAnAddress
from survey.telling import NewTelling

WORDS = "【遂澜民调中心】0037号事项将于3月16日18:00到期,请抓紧办理并反馈。"
LIAISON = "+8615400000901"


@dataclass
class Desk:
    """Owes texts to one liaison, and looks at what became of them."""

    bench: Bench
    address: int

    async def owe(
        self, cause: str = "c1", body: str = WORDS, *, person: Resident | None = None, until: str = "9 12:00"
    ) -> None:
        address = self.address if person is None else None
        new = NewTelling(
            cause, person.id if person else None, address, body, self.bench.clock.now(), at(until)
        )
        async with self.bench.ground.pool.acquire() as conn:
            await telling.owe(conn, new, self.bench.ground.tokens)

    async def tell(self) -> int:
        return await telling.tell_due(self.bench.ground, self.bench.line)

    async def reconcile(self) -> int:
        return await telling.reconcile(self.bench.ground, self.bench.line)

    async def said(self, word: str, ref: str = "", sid: str = "") -> bool:
        ref = ref or await self.bench.one("SELECT ref FROM survey.telling ORDER BY id LIMIT 1")
        sid = sid or await self.bench.one("SELECT sid FROM survey.telling WHERE ref = $1", ref)
        return await telling.record_progress(self.bench.ground, ref, sid, word, None, {})

    async def states(self) -> list[str]:
        rows = await self.bench.rows("SELECT status, outcome FROM survey.telling ORDER BY id")
        return [" ".join(word for word in row if word) for row in rows]


@pytest.fixture
async def desk(bench: Bench) -> Desk:
    await bench.run(
        "UPDATE survey.pace SET batch_s = 0, burst_s = 60, tokens = 60, filled_at = $1", bench.clock.now()
    )
    async with bench.ground.pool.acquire() as conn:
        address, shown = await staff_addresses.keep(conn, bench.ground.vault, "phone", LIAISON, "fictional")
    assert shown == "…0901"
    return Desk(bench, address)


async def test_it_is_committed_as_sending_before_the_carrier_is_asked(bench: Bench, desk: Desk) -> None:
    seen: list[tuple[Any, ...]] = []

    async def look(asked: Asked) -> None:
        seen.extend(await bench.rows("SELECT status, sid, lease_real FROM survey.telling"))

    bench.carrier.on_request = look
    await desk.owe()
    assert await desk.tell() == 1
    assert seen == [("sending", None, bench.real + timedelta(seconds=12))]
    ref = await bench.one("SELECT ref FROM survey.telling")
    assert bench.carrier.asked == [
        Asked(LIAISON, WORDS, (f"https://minyi.example/twilio/told/{ref}#rc=5&rp=all&ct=2000&rt=8000",))
    ]
    assert await desk.states() == ["accepted"]
    assert await desk.said("sent") and await desk.said("delivered") and await desk.said("sent")
    assert await desk.states() == ["ended delivered"]
    assert await desk.tell() == 0


async def test_owed_twice_it_is_told_once(bench: Bench, desk: Desk) -> None:
    await desk.owe("the same cause")
    await desk.owe("the same cause")
    assert (await desk.tell(), await desk.tell()) == (1, 0)
    assert bench.carrier.numbers() == [LIAISON]


async def test_two_workers_at_once_tell_each_once(bench: Bench, desk: Desk) -> None:
    for n in range(20):
        await desk.owe(f"c{n}", f"{WORDS}{n}")
    assert sum(await asyncio.gather(*(desk.tell() for _ in range(4)))) == 20
    assert sorted(asked.body for asked in bench.carrier.asked) == sorted(f"{WORDS}{n}" for n in range(20))


@pytest.mark.parametrize("listed", [True, False], ids=["the carrier has it", "the carrier has it not"])
async def test_a_worker_that_dies_while_it_asks(bench: Bench, desk: Desk, listed: bool) -> None:
    """What the carrier has is never sent again; what it does not list a minute later is."""
    await desk.owe()
    asking = asyncio.Event()

    async def hang() -> Placed:
        asking.set()
        await asyncio.Event().wait()
        raise AssertionError("this carrier never answers")

    bench.carrier.answers[LIAISON] = hang
    dying = asyncio.create_task(desk.tell())
    await asking.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert await desk.states() == ["sending"]
    assert (await desk.tell(), await desk.reconcile()) == (0, 0)  # its worker may be alive

    bench.real += timedelta(seconds=13)
    del bench.carrier.answers[LIAISON]
    if listed:
        bench.carrier.texts = [
            Progress("SM7", LIAISON, "delivered", None, bench.clock.now(), WORDS),
            Progress("SM6", LIAISON, "sent", None, bench.clock.now(), "something else"),
        ]
        assert await desk.reconcile() == 1
        assert await desk.states() == ["ended delivered"]
        assert await bench.one("SELECT sid FROM survey.telling") == "SM7"
    else:
        assert await desk.reconcile() == 1
        assert await desk.states() == ["unknown"]
        bench.later(seconds=61)
        assert await desk.reconcile() == 1
        assert await desk.states() == ["waiting"]
    assert await desk.tell() == (0 if listed else 1)
    assert bench.carrier.numbers() == [LIAISON] * (1 if listed else 2)


async def test_no_answer_leaves_it_unknown_while_the_carrier_is_away(bench: Bench, desk: Desk) -> None:
    await desk.owe()
    bench.carrier.answers[LIAISON] = Unknown("no answer from the carrier: TimeoutError")
    await desk.tell()
    assert await desk.states() == ["unknown"]

    async def away(since: datetime) -> list[Progress]:
        raise CarrierAway("the carrier answered 503")

    bench.carrier.texts_since = away  # type: ignore[method-assign]
    for _ in range(5):
        bench.later(minutes=2)
        await desk.reconcile()
    assert (await desk.states(), bench.carrier.numbers()) == (["unknown"], [LIAISON])


async def test_a_carrier_that_is_away_is_asked_about_one_silent_text_and_not_about_all(
    bench: Bench, desk: Desk
) -> None:
    for cause in ("c1", "c2", "c3"):
        await desk.owe(cause)
    while await desk.tell():
        pass
    asked: list[str] = []

    async def away(sid: str) -> Progress | None:
        asked.append(sid)
        raise CarrierAway("no answer from the carrier: TimeoutError")

    bench.carrier.look_up_text = away  # type: ignore[method-assign]
    bench.later(minutes=16)
    assert await desk.reconcile() == 3
    assert await desk.reconcile() == 0
    assert len(asked) == 1


async def test_the_webhook_of_one_that_is_being_settled_wins(bench: Bench, desk: Desk) -> None:
    await desk.owe()
    bench.carrier.answers[LIAISON] = Unknown("no answer from the carrier: TimeoutError")
    await desk.tell()
    await desk.said("delivered", sid="SM9")
    bench.later(minutes=2)
    await desk.reconcile()
    assert (await desk.states(), await bench.one("SELECT sid FROM survey.telling")) == (
        ["ended delivered"],
        "SM9",
    )


async def test_an_unknown_text_of_a_survey_is_not_taken_for_a_notice(bench: Bench, desk: Desk) -> None:
    """Both went to one person in the same minute; the carrier lists the notice last."""
    wang_fang = await bench.resident("王芳")
    await desk.owe(person=wang_fang)
    await desk.tell()
    sid = await bench.one("SELECT sid FROM survey.telling")
    await bench.survey(wang_fang, "text")
    bench.carrier.answers[wang_fang.number] = Unknown("no answer from the carrier: TimeoutError")
    await dialing.dial_due(bench.ground, bench.line)
    now = bench.clock.now()
    bench.carrier.texts = [
        Progress("SM8", wang_fang.number, "sent", None, now),
        Progress(sid, wang_fang.number, "sent", None, now, WORDS),
    ]
    await dialing.reconcile(bench.ground, bench.line)
    assert await bench.sid(wang_fang) == "SM8"


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Throttled(30.0), "waiting"),
        (Refused("unassigned", 21211), "ended unassigned"),
        (Refused("landline", 21614), "ended landline"),
        (Accepted("SM1"), "accepted"),
    ],
)
async def test_what_the_carrier_answers(bench: Bench, desk: Desk, answer: Placed, state: str) -> None:
    await desk.owe()
    bench.carrier.answers[LIAISON] = answer
    await desk.tell()
    assert await desk.states() == [state]
    bench.later(seconds=29)
    assert await desk.tell() == 0


async def test_it_goes_by_the_pace_of_all_texts(bench: Bench, desk: Desk) -> None:
    """One segment a second; what a text of two segments took too much is waited for."""
    await bench.run("UPDATE survey.pace SET burst_s = 2, tokens = 2, filled_at = $1", bench.clock.now())
    for n in range(2):
        await desk.owe(f"c{n}")
    await desk.owe("long", WORDS + "," * 40)
    await desk.owe("last")
    handed = [await desk.tell()]
    for _ in range(5):
        bench.later(seconds=0.7)
        handed.append(await desk.tell())
    assert handed == [2, 0, 1, 0, 0, 1]
    assert len(bench.carrier.asked) == 4


async def test_a_receipt_that_never_comes(bench: Bench, desk: Desk) -> None:
    """Asked about ever more seldom; after a day it did not arrive."""
    await desk.owe()
    await desk.tell()
    asked = 0
    while await desk.states() == ["accepted"]:
        bench.clock.moment = await bench.one("SELECT check_at FROM survey.telling")
        asked += await desk.reconcile()
    assert await desk.states() == ["ended no_receipt"]
    assert (asked, bench.clock.moment) == (8, at("10 10:00"))


@pytest.mark.parametrize("scope", ["case_text", "text_channel", "all"])
async def test_who_wants_no_texts_gets_none(bench: Bench, desk: Desk, scope: str) -> None:
    li_na = await bench.resident("李娜")
    await desk.owe(person=li_na)
    await bench.run(
        "INSERT INTO survey.opt_out VALUES ($1, $2, $3, 'text', NULL)", li_na.id, scope, bench.clock.now()
    )
    assert (await desk.tell(), await desk.states(), bench.carrier.asked) == (0, ["ended opted_out"], [])


async def test_never_after_its_window_and_never_during_another_contact(bench: Bench, desk: Desk) -> None:
    li_na = await bench.resident("李娜")
    await bench.survey(li_na, "text")
    await dialing.dial_due(bench.ground, bench.line)
    await desk.owe(person=li_na)
    assert await desk.tell() == 0
    assert await bench.one("SELECT due_at FROM survey.telling") == at("9 10:15")
    bench.later(hours=2)
    assert (await desk.tell(), await desk.states()) == (0, ["ended too_late"])


async def test_an_address_that_was_taken_back_gets_nothing(bench: Bench, desk: Desk) -> None:
    await desk.owe()
    async with bench.ground.pool.acquire() as conn:
        await staff_addresses.take_back(conn, desk.address)
    assert (await desk.tell(), await desk.states(), bench.carrier.asked) == (0, ["ended no_address"], [])


async def test_the_carrier_blocks_a_resident_for_us(bench: Bench, desk: Desk) -> None:
    li_na = await bench.resident("李娜")
    await desk.owe(person=li_na)
    bench.carrier.answers[li_na.number] = Refused("opted_out", 21610, opted_out=True)
    await desk.tell()
    assert await bench.opt_outs(li_na) == {"survey": "carrier", "text_channel": "carrier"}


async def test_t_in_reply_to_a_notice_is_about_case_texts(bench: Bench, desk: Desk) -> None:
    """Although the last conversation was a survey."""
    li_na = await bench.resident("李娜")
    await bench.survey(li_na, "text")
    await dialing.dial_due(bench.ground, bench.line)
    await bench.run("UPDATE survey.contact SET closed_at = $1", bench.clock.now())
    bench.later(minutes=20)
    await desk.owe(person=li_na)
    assert await desk.tell() == 1
    await interviewing.take_text(bench.ground, li_na.number, "SM77", "T", bench.real)
    assert await bench.opt_outs(li_na) == {"case_text": "text"}


@pytest.mark.parametrize("typed", ["12345", "+8613812345678", "0396-2123456", "nobody"])
async def test_what_is_no_number_of_the_plan_is_not_kept(bench: Bench, desk: Desk, typed: str) -> None:
    async with bench.ground.pool.acquire() as conn:
        with pytest.raises(NotAnAddress) as no:
            await staff_addresses.keep(conn, bench.ground.vault, "phone", typed, "fictional")
    assert typed not in str(no.value)
    assert await bench.one("SELECT count(*) FROM survey.staff_address") == 1


async def test_campaigns_that_go_in_batches_do_not_lose_theirs_to_a_notice(bench: Bench, desk: Desk) -> None:
    """Both are due at ten; the notice is first, and the campaign's text goes with the same batch."""
    await bench.run("UPDATE survey.pace SET batch_s = 60, next_at = $1", bench.clock.now())
    wang_fang = await bench.resident("王芳")
    await bench.survey(wang_fang, "text")
    await desk.owe()
    assert await desk.tell() == 1
    await dialing.dial_due(bench.ground, bench.line)
    assert bench.carrier.numbers() == [LIAISON, wang_fang.number]
