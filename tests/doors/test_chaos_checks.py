"""The checkers of a chaos run see each kind of breach when it is planted, and nothing where nothing is wrong."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from doors_bench import Bench, Resident, at, heard

from survey.dialing import dial_due, record_progress
from survey.interviewing import take_call, take_text
from survey.store import quotas
from workers.chaos.checking import check, checks

KEYS = ("1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "2")
"""Keys enough to answer a perception interview by voice to its end."""
LEFT = 3
"""Seats of the one quota."""


class Day:
    """One call in which 王秀英 answers everything, one text thread of 李建国, and the ledger that the carrier has of it."""

    def __init__(self, bench: Bench, wang: Resident, li: Resident, ledger: dict[str, Any]) -> None:
        self.bench, self.wang, self.li, self.ledger = bench, wang, li, ledger

    async def found(self) -> list[str]:
        """The kinds that the checker finds."""
        async with self.bench.ground.pool.acquire() as conn:
            return sorted({one.kind for one in await check(conn, self.ledger, self.bench.ground.vault.token)})

    def call(self, **instead: Any) -> dict[str, Any]:
        """One more call like the first."""
        return {**copy.deepcopy(self.ledger["calls"][0]), "keys": [], **instead}


@pytest.fixture
async def day(bench: Bench) -> Day:
    bench.clock.moment = at("9 10:00")
    wang, li = await bench.resident("王秀英"), await bench.resident("李建国")
    await bench.survey(wang, "voice", closes_at=at("11 20:30"))
    await bench.survey(li, "text", closes_at=at("11 20:30"))
    await bench.run("UPDATE survey.campaign SET kind = 'poll', has_seats = true")
    async with bench.ground.pool.acquire() as conn:
        for (campaign,) in await bench.rows("SELECT id FROM survey.campaign"):
            await quotas.lay_cells(conn, campaign, [("total", "all", LEFT)])
    await dial_due(bench.ground, bench.line)
    ref, sid = await bench.attempt_ref(wang), await bench.sid(wang)
    keys = []
    for step, key in enumerate((None, *KEYS)):
        reply = await take_call(bench.ground, ref, sid, step, heard(key), bench.real)
        assert reply is not None
        if step:
            keys.append(_key(ref, step, key, bench))
        if reply.waits == "nothing":
            break
    await record_progress(bench.ground, ref, sid, "answered", None, {})
    texts = [_text(await bench.sid(li), "out", li.number, bench)]
    for n, said in enumerate(("1", "1", "2,1")):
        await take_text(bench.ground, li.number, f"SM-in-{n}", said, bench.real)
        texts.append(_text(f"SM-in-{n}", "in", li.number, bench))
    call = {
        "sid": sid, "kind": "api", "reference": None, "to": wang.number, "from_": "+8615400000000", "status": "completed",
        "created_at": bench.clock.now().isoformat(), "answered_at": bench.clock.now().isoformat(),
        "ended_at": at("9 10:02").isoformat(), "rang": 1, "keys": keys,
    }  # fmt: skip
    return Day(bench, wang, li, {"calls": [call], "texts": texts, "opt_outs": []})


def _key(ref: str, step: int, key: str | None, bench: Bench) -> dict[str, Any]:
    return {
        "url_path": f"/twilio/voice/{ref}/{step}",
        "digits": key,
        "delivered": "yes",
        "at": bench.clock.now().isoformat(),
    }


def _text(sid: str, direction: str, number: str, bench: Bench) -> dict[str, Any]:
    ends = (
        {"to": number, "from_": "+8615400000000"}
        if direction == "out"
        else {"to": "+8615400000000", "from_": number}
    )
    return {
        "sid": sid, "direction": direction, **ends, "at": bench.clock.now().isoformat(), "status": "delivered",
        "delivered": "yes",
    }  # fmt: skip


async def test_nothing_is_found_where_nothing_is_wrong(day: Day) -> None:
    assert await day.bench.one("SELECT count(*) FROM survey.sample_unit WHERE disposition = 'complete'") == 2
    assert await day.found() == []


Plant = Callable[[Day], Awaitable[None]]


async def a_second_call(day: Day) -> None:
    day.ledger["calls"].append(
        day.call(sid="CA-other", created_at=at("9 15:00").isoformat(), ended_at=at("9 15:01").isoformat())
    )


async def the_same_attempt_rings_twice(day: Day) -> None:
    day.ledger["calls"][0]["rang"] = 2


async def a_call_at_noon(day: Day) -> None:
    day.ledger["calls"][0] |= {"created_at": at("9 12:30").isoformat(), "ended_at": at("9 12:31").isoformat()}


async def a_text_at_night(day: Day) -> None:
    day.ledger["texts"][0]["at"] = at("9 21:00").isoformat()


async def asked_on_tomb_sweeping_day(day: Day) -> None:
    await more_attempts(day, ["9 10:00"])
    await day.bench.run(
        "UPDATE survey.attempt SET dialing_at = $1 WHERE ref = 'more-0'",
        datetime(2026, 4, 5, 10, tzinfo=ZoneInfo("Asia/Shanghai")),
    )


async def a_text_out_of_nowhere(day: Day) -> None:
    day.ledger["texts"].append(_text("SM-x", "out", day.wang.number, day.bench))


async def called_after_stop(day: Day) -> None:
    day.ledger["opt_outs"].append(
        {"number": day.wang.number, "at": at("9 09:30").isoformat(), "said": "9", "via": "x"}
    )


async def called_a_quarter_after_a_lost_stop(day: Day) -> None:
    lose_a_stop(day, "9 09:45")


def lose_a_stop(day: Day, moment: str) -> None:
    """王秀英 wrote TD, and its webhook did not arrive."""
    said_at = at(moment).isoformat()
    text = _text("SM-stop", "in", day.wang.number, day.bench)
    day.ledger["texts"].append({**text, "at": said_at, "delivered": "no"})
    day.ledger["opt_outs"].append({"number": day.wang.number, "at": said_at, "said": "TD", "via": "SM-stop"})


async def more_attempts(day: Day, moments: list[str]) -> None:
    for n, moment in enumerate(moments):
        await day.bench.run(
            "INSERT INTO survey.attempt (ref, contact_id, person_id, unit_id, purpose, mode, status, dialing_at, ended_at, day,"
            " day_part, disposition) SELECT 'more-' || $1::int, contact_id, person_id, unit_id, purpose, mode, 'ended', $2, $2,"
            " ($2 AT TIME ZONE 'Asia/Shanghai')::date, 'morning', 'busy' FROM survey.attempt WHERE mode = 'voice'"
            " ORDER BY id LIMIT 1",
            n,
            at(moment),
        )


async def three_in_a_day(day: Day) -> None:
    await more_attempts(day, ["9 14:30", "9 19:00"])


async def five_in_a_wave(day: Day) -> None:
    await more_attempts(day, ["10 09:00", "11 09:00", "12 09:00", "13 09:00"])


async def eleven_in_a_month(day: Day) -> None:
    await more_attempts(day, [f"{n} 09:00" for n in range(10, 20)])


async def one_hour_apart(day: Day) -> None:
    await more_attempts(day, ["9 11:00"])


async def two_calls_at_once(day: Day) -> None:
    await more_attempts(day, ["10 10:01"])
    await day.bench.run("UPDATE survey.attempt SET sid = 'CA-z' WHERE ref = 'more-0'")
    day.ledger["calls"].append(
        day.call(sid="CA-z", created_at=at("9 10:01").isoformat(), ended_at=at("9 10:03").isoformat())
    )


async def a_key_is_gone(day: Day) -> None:
    await day.bench.run(
        "DELETE FROM survey.answer WHERE input_id IN (SELECT id FROM survey.input WHERE step = 2)"
    )
    await day.bench.run("DELETE FROM survey.input WHERE step = 2")


async def a_text_is_gone(day: Day) -> None:
    gone = "(SELECT id FROM survey.input WHERE message_sid = 'SM-in-1')"
    await day.bench.run(f"DELETE FROM survey.answer WHERE input_id IN {gone}")
    await day.bench.run(f"DELETE FROM survey.text_out WHERE input_id IN {gone}")
    await day.bench.run("DELETE FROM survey.input WHERE message_sid = 'SM-in-1'")


async def an_input_twice(day: Day) -> None:
    await day.bench.run("ALTER TABLE survey.input DROP CONSTRAINT input_message_sid_key")
    await day.bench.run(
        "INSERT INTO survey.input (person_id, contact_id, interview_id, channel, message_sid, said, effect, reply, arrived_at,"
        " arrived_real) SELECT person_id, contact_id, interview_id, channel, message_sid, said, 'ignored', reply, arrived_at,"
        " arrived_real FROM survey.input WHERE message_sid = 'SM-in-0'"
    )


async def an_answer_is_gone(day: Day) -> None:
    await day.bench.run("DELETE FROM survey.answer WHERE question_id = 'Q1'")


async def an_answer_twice(day: Day) -> None:
    await day.bench.run(
        "INSERT INTO survey.answer (interview_id, question_id, revision, code, words, input_id, at)"
        " SELECT interview_id, question_id, revision + 1, code, words, input_id, at FROM survey.answer WHERE question_id = 'Q1'"
    )


async def a_complete_out_of_nothing(day: Day) -> None:
    zhao = await day.bench.resident("赵敏")
    ref = await day.bench.survey(zhao, "voice", closes_at=at("11 20:30"))
    await day.bench.run(
        "UPDATE survey.sample_unit SET status = 'done', disposition = 'complete', due_at = NULL, next_mode = NULL, done_at = $2"
        " WHERE ref = $1",
        ref,
        day.bench.clock.now(),
    )


async def one_complete_too_many(day: Day) -> None:
    await day.bench.run("UPDATE survey.quota_cell SET target = 0, held = 0, filled = 0")
    await day.bench.run("DELETE FROM survey.quota_seat")


async def a_day_too_full(day: Day) -> None:
    await day.bench.run("UPDATE survey.campaign SET daily_target = 1")
    await day.bench.run(
        "INSERT INTO survey.quota_cell (campaign_id, quota, cell, target, filled)"
        " SELECT id, 'day', '2026-03-09', 9, 2 FROM survey.campaign ORDER BY id LIMIT 1"
    )
    await day.bench.run(
        "INSERT INTO survey.quota_seat (unit_id, campaign_id, quota, cell, held_at, filled_at)"
        " SELECT u.id, (SELECT min(id) FROM survey.campaign), 'day', '2026-03-09', $1, $1 FROM survey.sample_unit u",
        day.bench.clock.now(),
    )


async def a_seat_that_nobody_holds(day: Day) -> None:
    await day.bench.run("UPDATE survey.quota_cell SET held = 1")


async def more_calls_than_paid_for(day: Day) -> None:
    await day.bench.run(
        "INSERT INTO survey.campaign_budget (campaign_id, most_calls, calls)"
        " SELECT campaign_id, 5, 0 FROM survey.sample_unit WHERE person_id = $1",
        day.wang.id,
    )


async def a_unit_that_is_stuck(day: Day) -> None:
    await day.bench.run(
        "UPDATE survey.sample_unit SET status = 'in_contact', done_at = NULL WHERE person_id = $1",
        day.wang.id,
    )


async def an_attempt_that_is_stuck(day: Day) -> None:
    await day.bench.run("UPDATE survey.attempt SET status = 'answered', ended_at = NULL WHERE mode = 'voice'")


PLANTED: list[tuple[Plant, set[str]]] = [
    (a_second_call, {"call_nobody_asked_for", "rung_more_often_than_attempted"}),
    (the_same_attempt_rings_twice, {"attempt_rung_twice"}),
    (a_call_at_noon, {"rung_outside_the_window"}),
    (a_text_at_night, {"texted_outside_the_window"}),
    (asked_on_tomb_sweeping_day, {"surveyed_on_a_day_off"}),
    (a_text_out_of_nowhere, {"text_nobody_asked_for"}),
    (called_after_stop, {"contacted_after_never_again"}),
    (called_a_quarter_after_a_lost_stop, {"contacted_after_never_again"}),
    (three_in_a_day, {"more_than_two_a_day"}),
    (five_in_a_wave, {"more_than_four_in_a_wave"}),
    (eleven_in_a_month, {"more_than_ten_in_thirty_days", "more_than_four_in_a_wave"}),
    (one_hour_apart, {"less_than_four_hours_apart"}),
    (two_calls_at_once, {"two_contacts_at_once"}),
    (a_key_is_gone, {"key_lost"}),
    (a_text_is_gone, {"text_lost"}),
    (an_input_twice, {"input_doubled"}),
    (an_answer_is_gone, {"answer_lost"}),
    (an_answer_twice, {"answer_doubled"}),
    (a_complete_out_of_nothing, {"complete_without_answers"}),
    (one_complete_too_many, {"quota_over_its_target"}),
    (a_day_too_full, {"daily_target_passed"}),
    (a_seat_that_nobody_holds, {"seats_do_not_add_up"}),
    (more_calls_than_paid_for, {"over_the_budget"}),
    (a_unit_that_is_stuck, {"unit_neither_final_nor_due"}),
    (an_attempt_that_is_stuck, {"attempt_never_settled"}),
]


@pytest.mark.parametrize(("plant", "kinds"), PLANTED, ids=lambda value: getattr(value, "__name__", ""))
async def test_what_is_planted_is_found(day: Day, plant: Plant, kinds: set[str]) -> None:
    await plant(day)
    assert kinds <= set(await day.found())


async def test_a_stop_that_was_lost_on_the_way_is_known_ten_minutes_later(day: Day) -> None:
    lose_a_stop(day, "9 09:55")
    assert "contacted_after_never_again" not in await day.found()


def test_every_check_has_been_made_to_fail() -> None:
    assert {kind for _, kinds in PLANTED for kind in kinds} == set(checks())
