"""Operators who are connected to whoever answers: how many are dialled, who gets whom, and what happens when something breaks."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from doors_bench import Bench, Resident

from survey import desk_shift, dialing, linked_calls, linked_dialling, linked_operators, operating
from survey.channels.base import Placed, Progress, Refused, Unknown
from survey.dialogue.inputs import Choice
from survey.dispatch_policy import dispatch_policy
from survey.field.attempt_policy import attempt_policy
from survey.field.operator_pacing import Lately, Today, predictive
from survey.linked_calls import BROKE_OFF, LinkedReply
from survey.linked_operators import NoTelephone
from survey.store import people

DESK = "+86154990000{:02}"


async def due(bench: Bench, n: int, dialling: str = "progressive") -> list[Resident]:
    """`n` residents in a campaign whose operators are connected."""
    residents = [await bench.resident(f"居民{k}") for k in range(n)]
    for resident in residents:
        await bench.survey(resident, "operator")
    await bench.run("UPDATE survey.campaign SET operator_dialling = $1", dialling)
    return residents


async def wants_duty(bench: Bench, operator: str) -> str:
    """The operator goes on duty and is called; the room in which they will wait."""
    await linked_operators.go_on_duty(bench.ground, operator, DESK.format(int(operator) % 100))
    await linked_operators.link(bench.ground, bench.line)
    room: str = await bench.one("SELECT ref FROM survey.linked_operator WHERE operator = $1", operator)
    return room


async def on_duty(bench: Bench, *operators: str) -> list[str]:
    """They have picked up and wait; their rooms."""
    rooms = [await wants_duty(bench, operator) for operator in operators]
    for operator, room in zip(operators, rooms, strict=True):
        assert await linked_operators.answered(bench.ground, room, await line_of(bench, operator))
    bench.carrier.asked.clear()
    return rooms


async def line_of(bench: Bench, operator: str) -> str:
    sid: str = await bench.one("SELECT sid FROM survey.linked_operator WHERE operator = $1", operator)
    return sid


async def tick(bench: Bench) -> list[str]:
    """A tick of the next minute; whom the carrier was asked to call."""
    bench.carrier.asked.clear()
    bench.later(minutes=1)
    await linked_dialling.dial_linked(bench.ground, bench.line, lambda: None)
    return bench.carrier.numbers()


async def picks_up(bench: Bench, resident: Resident) -> LinkedReply:
    reply = await linked_calls.picked_up(
        bench.ground, await bench.attempt_ref(resident), await bench.sid(resident)
    )
    assert reply is not None
    return reply


async def hangs_up(bench: Bench, resident: Resident) -> None:
    await says(bench, resident, "answered")


async def says(bench: Bench, resident: Resident, word: str) -> None:
    """The carrier's word about a resident's line."""
    ref, sid = await bench.attempt_ref(resident), await bench.sid(resident)
    assert await dialing.record_progress(bench.ground, ref, sid, word, None, {})


async def states(bench: Bench) -> dict[str, str]:
    return dict(await bench.rows("SELECT operator, state FROM survey.linked_operator ORDER BY operator"))  # type: ignore[arg-type]


async def history(bench: Bench, operator: str) -> list[tuple[Any, ...]]:
    return await bench.rows(
        "SELECT left_state, state FROM survey.linked_operator_event WHERE operator = $1 ORDER BY id", operator
    )


def called(bench: Bench) -> list[tuple[str, tuple[str, ...]]]:
    return [(asked.number, asked.urls) for asked in bench.carrier.asked]


# -- going on duty --------------------------------------------------------------------------------------------------


async def test_an_operator_is_called_once_and_waits_in_a_room_without_a_number(bench: Bench) -> None:
    room = await wants_duty(bench, "1021")
    await linked_operators.go_on_duty(bench.ground, "1021")  # a second desk, or the same one started again
    await linked_operators.link(bench.ground, bench.line)
    at = f"https://minyi.example/twilio/operators/{room}"
    assert called(bench) == [(DESK.format(21), (at + dialing.OVERRIDES, f"{at}/status{dialing.OVERRIDES}"))]
    assert bench.carrier.asked[0].longest_s == dispatch_policy().duty_s
    sid = await line_of(bench, "1021")
    assert await linked_operators.answered(bench.ground, room, sid)
    assert await linked_operators.answered(bench.ground, room, sid)  # the carrier asks again
    assert not await linked_operators.answered(bench.ground, room, "CA of another call")
    assert await history(bench, "1021") == [
        (None, "wanted"), ("wanted", "calling"), ("calling", "ready"),
    ]  # fmt: skip


async def test_nobody_is_called_whose_telephone_is_not_known(bench: Bench) -> None:
    with pytest.raises(NoTelephone, match="1021"):
        await linked_operators.go_on_duty(bench.ground, "1021")
    assert await states(bench) == {}


async def test_the_number_is_kept_sealed_for_the_next_day(bench: Bench) -> None:
    (room,) = await on_duty(bench, "1021")
    await linked_operators.over(bench.ground, room, await line_of(bench, "1021"), "answered")
    assert await linked_operators.go_on_duty(bench.ground, "1021") == "wanted"
    await linked_operators.link(bench.ground, bench.line)
    assert bench.carrier.numbers() == [DESK.format(21)]
    sealed = await bench.one("SELECT number_cipher FROM survey.linked_operator")
    assert DESK.format(21).encode() not in sealed
    assert await bench.one("SELECT ref FROM survey.linked_operator") != room


async def test_a_refused_call_leaves_the_operator_off_duty(bench: Bench) -> None:
    bench.carrier.answers[DESK.format(21)] = Refused("unassigned", 21211)
    await wants_duty(bench, "1021")
    assert await states(bench) == {"1021": "off"}


@pytest.mark.parametrize(("listed", "state"), [(True, "ready"), (False, "off")])
async def test_an_operator_is_never_called_twice_though_the_carrier_gave_no_answer(
    bench: Bench, listed: bool, state: str
) -> None:
    number = DESK.format(21)
    bench.carrier.answers[number] = Unknown("no answer")
    room = await wants_duty(bench, "1021")
    assert await states(bench) == {"1021": "unknown"}
    if listed:
        bench.carrier.calls = [Progress("CA7", number, "ringing", None, bench.clock.now())]
    bench.later(minutes=2)
    await linked_operators.link(bench.ground, bench.line)
    assert await linked_operators.answered(bench.ground, room, "CA7") is listed
    assert await states(bench) == {"1021": state}
    assert bench.carrier.numbers() == [number]


async def test_a_worker_that_died_while_it_asked_for_an_operator_has_called_them_once(bench: Bench) -> None:
    async def dies() -> Placed:
        raise asyncio.CancelledError

    bench.carrier.answers[DESK.format(21)] = dies
    with pytest.raises(asyncio.CancelledError):
        await wants_duty(bench, "1021")
    assert await states(bench) == {"1021": "calling"}
    bench.real += timedelta(minutes=1)
    bench.later(minutes=2)
    await linked_operators.link(bench.ground, bench.line)
    assert (await states(bench), bench.carrier.numbers()) == ({"1021": "off"}, [DESK.format(21)])


async def test_an_operator_who_leaves_has_their_line_ended(bench: Bench) -> None:
    (room,) = await on_duty(bench, "1021")
    sid = await line_of(bench, "1021")
    await linked_operators.leave(bench.ground, "1021")
    bench.carrier.calls = [Progress(sid, DESK.format(21), "in_progress", None, bench.clock.now())]
    await linked_operators.link(bench.ground, bench.line)
    assert (bench.carrier.ended, await states(bench)) == ([sid], {"1021": "leaving"})
    await linked_operators.over(bench.ground, room, sid, "answered")
    assert await states(bench) == {"1021": "off"}


async def test_a_line_whose_end_was_not_told_is_asked_about(bench: Bench) -> None:
    await on_duty(bench, "1021")
    bench.later(seconds=dispatch_policy().check_call_after_s + 1)
    await linked_operators.link(bench.ground, bench.line)  # the carrier lists no such call any more
    assert await states(bench) == {"1021": "off"}


# -- how many are dialled -------------------------------------------------------------------------------------------


async def test_as_many_are_dialled_as_operators_wait(bench: Bench) -> None:
    residents = await due(bench, 5)
    assert await tick(bench) == []
    await on_duty(bench, "1021", "1022")
    assert len(await tick(bench)) == 2
    assert await tick(bench) == []
    dialled = [resident for resident in residents if await bench.attempts(resident)]
    assert [await bench.attempts(resident) for resident in dialled] == [["operator accepted"]] * 2
    await says(bench, dialled[0], "busy")
    assert await bench.attempts(dialled[0]) == ["operator ended busy"]
    assert len(await tick(bench)) == 1


async def test_ticks_at_the_same_moment_place_no_call_too_many(bench: Bench) -> None:
    await due(bench, 12)
    await on_duty(bench, "1021", "1022", "1023")
    bench.carrier.asked.clear()
    bench.later(minutes=1)
    await asyncio.gather(
        *(linked_dialling.dial_linked(bench.ground, bench.line, lambda: None) for _ in range(6))
    )
    assert len(set(bench.carrier.numbers())) == len(bench.carrier.numbers()) == 3


async def experience(bench: Bench, ended: int, answered: int, abandoned: int = 0) -> None:
    """So many calls of a predictive campaign ended today, so many of them answered, so many of those found nobody free."""
    person = await bench.resident("某人")
    await bench.survey(person, "operator", code="ahead")
    now = bench.clock.now()
    await bench.run("UPDATE survey.campaign SET operator_dialling = 'predictive'")
    await bench.run(
        "INSERT INTO survey.contact (person_id, purpose, mode, opened_at, closed_at)"
        " VALUES ($1, 'survey', 'operator', $2, $2)",
        person.id,
        now,
    )
    await bench.run(
        """INSERT INTO survey.attempt (ref, contact_id, person_id, unit_id, purpose, mode, status, dialing_at, ended_at, day,
                                       day_part, linked, sid, line_over_at, disposition, counts, answered_at)
           SELECT 'past-' || n, k.id, $1, u.id, 'survey', 'operator', 'ended', $2::timestamptz, $2, $3, 'morning', true,
                  'CA-past-' || n, $2, CASE WHEN n <= $6 THEN 'abandoned' WHEN n <= $5 THEN 'break_off' ELSE 'no_answer' END,
                  true, CASE WHEN n <= $5 THEN $2 END
           FROM survey.contact k JOIN survey.sample_unit u USING (person_id) CROSS JOIN generate_series(1, $4::int) n""",
        person.id, now, now.date(), ended, answered, abandoned,
    )  # fmt: skip
    await bench.run("UPDATE survey.sample_unit SET due_at = due_at + interval '9 days'")


async def due_ahead(bench: Bench, n: int) -> None:
    """`n` more in the predictive campaign."""
    for k in range(n):
        await bench.survey(await bench.resident(f"另{k}"), "operator", code="ahead")


async def test_predictive_dialling_places_more_calls_where_few_answer(bench: Bench) -> None:
    await experience(bench, 400, 100)
    await due_ahead(bench, 30)
    await on_duty(bench, *(f"10{n}" for n in range(20, 30)))
    assert len(await tick(bench)) == 10
    ahead = predictive(10, 10, Lately(400, 100), Today(100, 0))
    assert ahead > 0
    assert len(await tick(bench)) == ahead
    assert await tick(bench) == []


async def test_predictive_dialling_is_progressive_on_a_day_that_is_over_its_cap(bench: Bench) -> None:
    await experience(bench, 400, 100, abandoned=4)
    await due_ahead(bench, 30)
    await on_duty(bench, *(f"10{n}" for n in range(20, 30)))
    assert len(await tick(bench)) == 10
    assert await tick(bench) == []


async def test_nothing_is_dialled_ahead_of_people_who_must_find_an_operator(bench: Bench) -> None:
    await experience(bench, 400, 100)
    await due(bench, 4)
    await bench.run("UPDATE survey.campaign SET operator_dialling = 'predictive' WHERE code = 'ahead'")
    await due_ahead(bench, 20)
    await on_duty(bench, *(f"10{n}" for n in range(20, 30)))
    assert len(await tick(bench)) == 10
    assert await bench.one(
        "SELECT count(*) FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id"
        " JOIN survey.campaign c ON c.id = u.campaign_id WHERE a.status <> 'ended' AND c.operator_dialling = 'progressive'"
    )
    assert await tick(bench) == []


async def test_a_resident_is_dialled_by_a_url_that_names_the_attempt_alone(bench: Bench) -> None:
    (li_na,) = await due(bench, 1)
    await on_duty(bench, "1021")
    await tick(bench)
    ref = await bench.attempt_ref(li_na)
    assert called(bench) == [
        (
            li_na.number,
            (
                f"https://minyi.example/twilio/linked/{ref}{dialing.OVERRIDES}",
                f"https://minyi.example/twilio/status/{ref}{dialing.OVERRIDES}",
            ),
        )
    ]


async def test_campaigns_by_hand_and_linked_ones_do_not_take_each_others_people(bench: Bench) -> None:
    await due(bench, 1)
    assert await operating.next_task(bench.ground, "1050") is None
    await on_duty(bench, "1021")
    await bench.run("UPDATE survey.campaign SET operator_dialling = 'by_hand'")
    assert await tick(bench) == []
    assert await operating.next_task(bench.ground, "1021") is None  # theirs are connected to them
    assert await operating.next_task(bench.ground, "1050") is not None


async def test_whoever_opted_out_is_not_dialled(bench: Bench) -> None:
    (li_na,) = await due(bench, 1)
    await on_duty(bench, "1021")
    async with bench.ground.pool.acquire() as conn:
        await people.opt_out(conn, li_na.id, "survey", bench.clock.now(), "text", None)
    assert await tick(bench) == []


# -- the call -------------------------------------------------------------------------------------------------------


async def connected(bench: Bench, operator: str = "1021") -> Resident:
    """A resident who has answered and is in the operator's room."""
    (li_na,) = await due(bench, 1)
    (room,) = await on_duty(bench, operator)
    await tick(bench)
    assert await picks_up(bench, li_na) == LinkedReply(room, BROKE_OFF["zh"], "zh")
    return li_na


async def test_an_interview_in_which_the_operator_closes_the_call(bench: Bench) -> None:
    li_na = await connected(bench)
    task = await operating.next_task(bench.ground, "1021")
    assert task is not None and task.linked and task.talk is None
    reply = await operating.answered(bench.ground, task.ref, "1021")
    assert reply.turn.prompts[0].startswith("您好,我是遂澜社情民意调查中心的调查员,工号1021。")
    while not reply.over:
        expects = reply.turn.expects
        assert expects is not None
        given = Choice("dk") if expects.kind == "open" else Choice(expects.options[0].code)
        reply = await operating.say(bench.ground, task.ref, "1021", given)
    await operating.hang_up(bench.ground, task.ref)
    assert await bench.attempts(li_na) == ["operator ended complete"]
    assert await states(bench) == {"1021": "in_call"}  # she is still in the room
    assert await tick(bench) == []
    sid = await bench.sid(li_na)
    bench.carrier.calls = [Progress(sid, li_na.number, "in_progress", None, bench.clock.now())]
    await linked_calls.end_lines(bench.ground, bench.carrier)
    assert bench.carrier.ended == [sid]
    await hangs_up(bench, li_na)
    assert await states(bench) == {"1021": "ready"}
    assert (await history(bench, "1021"))[-2:] == [("ready", "in_call"), ("in_call", "ready")]


async def test_whoever_was_insulted_in_a_connected_call_is_given_nobody_in_the_pause(bench: Bench) -> None:
    """The line is over in the middle of the pause, and the next resident is not rung until she says that she goes on."""
    li_na = await connected(bench)
    task = await operating.next_task(bench.ground, "1021")
    assert task is not None
    await operating.answered(bench.ground, task.ref, "1021")
    await desk_shift.insulted(bench.ground, task.ref, "1021")
    sid = await bench.sid(li_na)
    bench.carrier.calls = [Progress(sid, li_na.number, "in_progress", None, bench.clock.now())]
    await linked_calls.end_lines(bench.ground, bench.carrier)
    await hangs_up(bench, li_na)
    assert await states(bench) == {"1021": "ready"}
    (wang_min,) = await due(bench, 1)
    assert await tick(bench) == []
    await desk_shift.ready(bench.ground, "1021")
    assert await tick(bench) == [wang_min.number]


async def test_a_resident_who_hangs_up_leaves_the_operator_time_to_key_the_rest(bench: Bench) -> None:
    li_na = await connected(bench)
    task = await operating.next_task(bench.ground, "1021")
    assert task is not None
    await operating.answered(bench.ground, task.ref, "1021")
    await hangs_up(bench, li_na)
    assert await states(bench) == {"1021": "wrap_up"}
    await operating.say(bench.ground, task.ref, "1021", Choice("1"))
    await operating.hang_up(bench.ground, task.ref)
    assert (await states(bench), bench.carrier.ended) == ({"1021": "ready"}, [])
    assert await bench.attempts(li_na) == ["operator ended break_off"]


async def test_an_operator_who_keys_nothing_more_is_ready_after_a_while(bench: Bench) -> None:
    li_na = await connected(bench)
    await hangs_up(bench, li_na)
    assert await operating.release_abandoned(bench.ground) == 0
    bench.later(seconds=dispatch_policy().wrap_up_s)
    assert await operating.release_abandoned(bench.ground) == 1
    assert await states(bench) == {"1021": "ready"}
    assert await bench.attempts(li_na) == ["operator ended unknown_eligibility"]


async def test_the_same_requests_again_and_in_another_order_change_nothing(bench: Bench) -> None:
    li_na = await connected(bench)
    again = await picks_up(bench, li_na)
    assert again.room == await bench.one("SELECT ref FROM survey.linked_operator")
    await hangs_up(bench, li_na)
    await hangs_up(bench, li_na)
    await says(bench, li_na, "ringing")
    assert await states(bench) == {"1021": "wrap_up"}
    assert (await history(bench, "1021"))[-2:] == [("ready", "in_call"), ("in_call", "wrap_up")]


async def test_the_end_may_be_told_before_the_answer_and_nobody_is_connected_then(bench: Bench) -> None:
    (li_na,) = await due(bench, 1)
    await on_duty(bench, "1021")
    await tick(bench)
    await hangs_up(bench, li_na)
    assert await bench.attempts(li_na) == ["operator ended abandoned"]
    assert (await picks_up(bench, li_na)).room is None
    assert await states(bench) == {"1021": "ready"}


async def test_people_who_answer_at_the_same_moment_get_different_operators(bench: Bench) -> None:
    residents = await due(bench, 3)
    rooms = await on_duty(bench, "1021", "1022", "1023")
    await tick(bench)
    replies = await asyncio.gather(*(picks_up(bench, resident) for resident in residents))
    assert sorted(reply.room or "" for reply in replies) == sorted(rooms)
    assert await bench.one("SELECT count(DISTINCT operator) FROM survey.attempt") == 3


# -- when something breaks ------------------------------------------------------------------------------------------


async def test_whoever_answers_and_finds_nobody_hears_who_called_and_is_left_in_peace(bench: Bench) -> None:
    (li_na,) = await due(bench, 1)
    (room,) = await on_duty(bench, "1021")
    await tick(bench)
    await linked_operators.over(bench.ground, room, await line_of(bench, "1021"), "answered")
    reply = await picks_up(bench, li_na)
    assert reply == await picks_up(bench, li_na)
    assert reply == LinkedReply(
        None,
        "您好,这里是遂澜社情民意调查中心。给您打电话的调查员暂时都在通话中,打扰您了,非常抱歉。"
        "如不愿再接到调查电话,请发短信T到本号码。再见。",
        "zh",
    )
    await hangs_up(bench, li_na)
    assert await bench.attempts(li_na) == ["operator ended abandoned"]
    ((code, due_at, dialled),) = await bench.rows(
        "SELECT u.disposition, u.due_at, a.dialing_at FROM survey.sample_unit u JOIN survey.attempt a ON a.unit_id = u.id"
    )
    assert code == "abandoned"
    assert due_at >= dialled + timedelta(hours=attempt_policy().abandoned_hours)


async def test_an_operator_whose_telephone_hangs_up_keeps_the_person_and_gets_no_other(bench: Bench) -> None:
    li_na = await connected(bench)
    room = await bench.one("SELECT ref FROM survey.linked_operator")
    await linked_operators.over(bench.ground, room, await line_of(bench, "1021"), "answered")
    assert (await picks_up(bench, li_na)) == LinkedReply(None, BROKE_OFF["zh"], "zh")
    await hangs_up(bench, li_na)
    (next_one,) = await due_beside(bench)
    await on_duty(bench, "1021")
    assert await tick(bench) == []  # what she said is still to be keyed
    task = await operating.next_task(bench.ground, "1021")
    assert task is not None
    await operating.hang_up(bench.ground, task.ref)
    assert await tick(bench) == [next_one.number]


async def due_beside(bench: Bench) -> list[Resident]:
    resident = await bench.resident("何平")
    await bench.survey(resident, "operator")
    return [resident]


async def test_a_worker_that_died_while_it_dialled_has_rung_nobody_twice(bench: Bench) -> None:
    (li_na,) = await due(bench, 1)
    await on_duty(bench, "1021")

    async def dies() -> Placed:
        raise asyncio.CancelledError

    bench.carrier.answers[li_na.number] = dies
    with pytest.raises(asyncio.CancelledError):
        await tick(bench)
    assert await bench.attempts(li_na) == ["operator dialing"]
    bench.real += timedelta(minutes=1)
    assert await tick(bench) == []  # it counts as under way until the carrier has said what became of it
    bench.carrier.calls = [Progress("CA7", li_na.number, "ringing", None, bench.clock.now())]
    await dialing.reconcile(bench.ground, bench.line)
    assert await bench.attempts(li_na) == ["operator ringing"]
    assert (await picks_up(bench, li_na)).room is not None


async def test_a_lost_end_of_a_residents_line_is_asked_about(bench: Bench) -> None:
    li_na = await connected(bench)
    sid = await bench.sid(li_na)
    bench.later(seconds=dispatch_policy().check_call_after_s + 1)
    bench.carrier.calls = [Progress(sid, li_na.number, "answered", None, bench.clock.now())]
    assert await dialing.check_silent(bench.ground, bench.line) == 1
    assert await states(bench) == {"1021": "wrap_up"}


async def test_a_call_that_the_carrier_refuses_leaves_the_operator_waiting(bench: Bench) -> None:
    first, second = await due(bench, 2)
    await on_duty(bench, "1021")
    for resident in (first, second):
        bench.carrier.answers[resident.number] = Refused("unassigned", 21211)
    (number,) = await tick(bench)
    bench.carrier.answers.clear()
    (other,) = await tick(bench)
    assert {number, other} == {first.number, second.number}
