"""Refusals asked once more by another person, appointments first, and the next number of a person."""

from __future__ import annotations

from datetime import datetime

import pytest
from doors_bench import Bench, at

from survey import operating
from survey.concluding import conclude
from survey.dialing import dial_due, record_progress
from survey.enrolling import NewPerson, enrol_persons
from survey.fielding import close_waves
from survey.store import attempts, people
from survey.store.reports import field_counts


async def test_another_operator_asks_once_more_after_a_week(bench: Bench) -> None:
    bench.clock.moment = at("9 10:00")
    wang = await bench.resident("王秀英")
    unit = await bench.survey(wang, "operator", closes_at=at("27 20:30"))
    task = await operating.next_task(bench.ground, "1001")
    assert task is not None
    await bench.run("UPDATE survey.interview SET state = NULL")  # she says no before the first question
    await bench.run("UPDATE survey.interview SET outcome = NULL")
    await came_to(bench, task.ref, "refusal_soft")
    assert await bench.unit_is(unit) == "waiting, refusal_soft, operator"

    bench.clock.moment = at("16 20:00")
    assert await operating.next_task(bench.ground, "1001") is None
    again = await operating.next_task(bench.ground, "1002")
    assert again is not None
    await operating.unanswered(bench.ground, again.ref, "no_answer")
    # she refused, and that nobody answered later does not hide it
    assert await bench.unit_is(unit) == "waiting, refusal_soft, operator"
    async with bench.ground.pool.acquire() as conn:
        (counted,) = await field_counts.dispositions(conn, None)
    assert (counted.disposition, counted.units) == ("refusal_soft", 1)


@pytest.mark.parametrize("found", ["the number is another's", "she wants no more surveys"])
async def test_what_is_found_out_later_does_not_overwrite_a_refusal(bench: Bench, found: str) -> None:
    bench.clock.moment = at("9 10:00")
    wang = await bench.resident("王秀英")
    unit = await bench.survey(wang, "voice", closes_at=at("27 20:30"))
    await bench.survey(never_tried := await bench.resident("李建国"), "operator", due=at("16 10:00"))
    await dial_due(bench.ground, bench.line)
    await came_to(bench, await bench.attempt_ref(wang), "refusal_soft")
    for person in (wang, never_tried):
        async with bench.ground.pool.acquire() as conn:
            if found == "the number is another's":
                await people.unlink(conn, person.id, bench.clock.now())
            else:
                await people.opt_out(conn, person.id, "survey", bench.clock.now(), "text", None)
    bench.clock.moment = at("16 20:00")
    assert await operating.next_task(bench.ground, "1002") is None
    codes = await bench.rows("SELECT disposition FROM survey.sample_unit WHERE status = 'done' ORDER BY id")
    assert await bench.unit_is(unit) in ("done, refusal_soft", "done, opted_out")
    assert codes == (
        [("refusal_soft",), ("wrong_person",)] if "number" in found else [("opted_out",), ("opted_out",)]
    )


async def came_to(bench: Bench, ref: str, code: str, appointment: datetime | None = None) -> None:
    """The attempt ends with this code, perhaps with an appointment."""
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        attempt = await attempts.attempt(conn, ref)
        assert attempt is not None
        if appointment is not None:
            await attempts.agree(conn, attempt.id, appointment)
        await conclude(bench.ground, conn, attempt, code)


async def test_an_appointment_comes_before_everybody_else_at_its_moment(bench: Bench) -> None:
    bench.clock.moment = at("9 10:00")
    li, zhao = await bench.resident("李建国"), await bench.resident("赵敏")
    promised = await bench.survey(zhao, "voice", closes_at=at("27 20:30"))
    await dial_due(bench.ground, bench.line)
    await came_to(bench, await bench.attempt_ref(zhao), "appointment", at("10 15:00"))
    assert (await bench.unit(promised))["due_at"] == at("10 15:00")

    bench.clock.moment = at("10 15:00")
    await bench.survey(li, "voice", due=at("10 14:00"), closes_at=at("27 20:30"))
    await bench.run("UPDATE survey.pace SET next_at = $1, tokens = 60", bench.clock.now())
    asked_before = len(bench.carrier.asked)
    await dial_due(bench.ground, bench.line)
    order = await bench.rows(
        "SELECT person_id FROM survey.attempt WHERE dialing_at = $1 ORDER BY id", bench.clock.now()
    )
    assert {person for (person,) in order} == {zhao.id, li.id}
    assert len(bench.carrier.asked) == asked_before + 2


async def test_a_second_number_that_was_never_rung_is_not_said_to_be_dead(bench: Bench) -> None:
    bench.clock.moment = at("9 20:00")
    async with bench.ground.pool.acquire() as conn:
        numbers = NewPerson("+8615400000081", "王秀英", 1980, spares=("+8615400000082",))
        (person,) = await enrol_persons(conn, bench.ground.vault, [numbers])
    unit = await bench.survey(await bench.resident("王秀英"), "voice", closes_at=at("10 20:30"))
    await bench.run("UPDATE survey.sample_unit SET person_id = $1", person)
    await dial_due(bench.ground, bench.line)
    (ref, sid) = (await bench.rows("SELECT ref, sid FROM survey.attempt"))[0]
    assert await record_progress(bench.ground, ref, sid, "unassigned", None, {})
    assert await bench.unit_is(unit) == "waiting, not_attempted, voice"
    bench.clock.moment = at("10 20:30")
    assert await close_waves(bench.ground) == 1
    assert await bench.unit_is(unit) == "done, not_attempted"


async def test_the_next_number_is_rung_when_the_first_is_dead(bench: Bench) -> None:
    bench.clock.moment = at("9 10:00")
    async with bench.ground.pool.acquire() as conn:
        (person,) = await enrol_persons(
            conn,
            bench.ground.vault,
            [NewPerson("+8615400000081", "王秀英", 1980, spares=("+8615400000082",))],
        )
    wang = await bench.resident("王秀英")
    unit = await bench.survey(wang, "voice", closes_at=at("27 20:30"))
    await bench.run("UPDATE survey.sample_unit SET person_id = $1", person)
    await dial_due(bench.ground, bench.line)
    (ref, sid) = (await bench.rows("SELECT ref, sid FROM survey.attempt"))[0]
    assert await record_progress(bench.ground, ref, sid, "unassigned", None, {})
    assert (await bench.unit(unit))["status"] == "waiting"

    bench.clock.moment = (await bench.unit(unit))["due_at"]
    await dial_due(bench.ground, bench.line)
    assert bench.carrier.numbers() == ["+8615400000081", "+8615400000082"]
    (ref, sid) = (await bench.rows("SELECT ref, sid FROM survey.attempt ORDER BY id DESC LIMIT 1"))[0]
    assert await record_progress(bench.ground, ref, sid, "unassigned", None, {})
    assert await bench.unit_is(unit) == "done, unassigned"  # no number is left
