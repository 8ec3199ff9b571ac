"""Refusals asked once more by another person, appointments first, and the next number of a person."""

from __future__ import annotations

from doors_bench import Bench, at

from survey import operating
from survey.concluding import conclude
from survey.dialing import dial_due, record_progress
from survey.enrolling import NewPerson, enrol_persons
from survey.store import contacts


async def test_another_operator_asks_once_more_after_a_week(bench: Bench) -> None:
    bench.clock.moment = at("9 10:00")
    wang = await bench.resident("王秀英")
    unit = await bench.survey(wang, "operator", closes_at=at("27 20:30"))
    task = await operating.next_task(bench.ground, "1001")
    assert task is not None
    await bench.run("UPDATE survey.interview SET state = NULL")  # she says no before the first question
    await bench.run("UPDATE survey.interview SET outcome = NULL")
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        attempt = await contacts.attempt(conn, task.ref)
        assert attempt is not None
        await conclude(bench.ground, conn, attempt, "refusal_soft")
    assert await bench.unit_is(unit) == "waiting, refusal_soft, operator"

    bench.clock.moment = at("16 20:00")
    assert await operating.next_task(bench.ground, "1001") is None
    again = await operating.next_task(bench.ground, "1002")
    assert again is not None
    await operating.unanswered(bench.ground, again.ref, "no_answer")
    assert await bench.unit_is(unit) in ("waiting, no_answer, operator", "waiting, refusal_soft, operator")


async def test_an_appointment_comes_before_everybody_else_at_its_moment(bench: Bench) -> None:
    bench.clock.moment = at("9 10:00")
    li, zhao = await bench.resident("李建国"), await bench.resident("赵敏")
    promised = await bench.survey(zhao, "voice", closes_at=at("27 20:30"))
    await dial_due(bench.ground, bench.line)
    ref = await bench.attempt_ref(zhao)
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        attempt = await contacts.attempt(conn, ref)
        assert attempt is not None
        await contacts.agree(conn, attempt.id, at("10 15:00"))
        await conclude(bench.ground, conn, attempt, "appointment")
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
