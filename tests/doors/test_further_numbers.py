"""A person with several numbers: known by each of them, and tried on the next when one is dead."""

from __future__ import annotations

from doors_bench import Bench, at

from survey import operating
from survey.dialogue.inputs import Choice
from survey.enrolling import NewPerson, enrol_persons
from survey.interviewing import take_text
from survey.store import people

FIRST, SECOND, THIRD = "+8615400000011", "+8615400000012", "+8639612345678"


async def wang(bench: Bench) -> int:
    async with bench.ground.pool.acquire() as conn:
        (person,) = await enrol_persons(
            conn, bench.ground.vault, [NewPerson(FIRST, "王秀英", 1980, spares=(SECOND, THIRD))]
        )
    return person


async def in_use(bench: Bench, person: int) -> tuple[str, bool]:
    ((sealed, landline),) = await bench.rows(
        "SELECT number_cipher, landline FROM survey.person WHERE id = $1", person
    )
    return bench.ground.vault.open(sealed), landline


async def test_a_text_from_any_of_the_numbers_is_theirs(bench: Bench) -> None:
    bench.clock.moment = at("9 10:00")
    person = await wang(bench)
    for n, number in enumerate((FIRST, SECOND)):
        await take_text(bench.ground, number, f"SM{n}", "不要再联系", bench.real)
    assert await bench.rows("SELECT DISTINCT person_id FROM survey.input") == [(person,)]
    assert await bench.rows("SELECT person_id, scope FROM survey.opt_out") == [(person, "all")]


async def test_the_next_number_takes_the_place_of_a_dead_one_until_none_is_left(bench: Bench) -> None:
    bench.clock.moment = at("9 10:00")
    person = await wang(bench)
    async with bench.ground.pool.acquire() as conn:
        assert await people.next_number(conn, person, bench.clock.now())
        assert await in_use(bench, person) == (SECOND, False)
        assert (
            await people.find(conn, bench.ground.vault.token(FIRST)) is None
        )  # it leads to nobody of ours any more
        assert await people.find(conn, bench.ground.vault.token(SECOND)) == person
        assert await people.next_number(conn, person, bench.clock.now())
        assert await in_use(bench, person) == (THIRD, True)
        assert not await people.next_number(conn, person, bench.clock.now())
    assert await bench.rows(
        "SELECT position, unlinked_at IS NOT NULL FROM survey.person_number ORDER BY 1"
    ) == [
        (1, True),
        (2, True),
    ]


async def test_a_number_that_is_somebody_s_already_is_not_taken_from_them(bench: Bench) -> None:
    li = await bench.resident("李建国")
    async with bench.ground.pool.acquire() as conn:
        await enrol_persons(conn, bench.ground.vault, [NewPerson(FIRST, "王秀英", spares=(li.number,))])
        assert await people.find(conn, bench.ground.vault.token(li.number)) == li.id
    assert await bench.one("SELECT count(*) FROM survey.person_number") == 0


async def test_whoever_put_a_case_in_settles_that_it_was_not_this_person(bench: Bench) -> None:
    bench.clock.moment = at("9 10:00")
    person = await wang(bench)
    case = await bench.case(await bench.resident("李建国"), "operator")
    await bench.run("UPDATE survey.sample_unit SET person_id = $1", person)
    task = await operating.next_task(bench.ground, "1021")
    assert task is not None
    await operating.answered(bench.ground, task.ref, "1021")
    await operating.say(bench.ground, task.ref, "1021", Choice("2"))
    await operating.hang_up(bench.ground, task.ref)
    assert await bench.unit_is(case) == "done, wrong_person"
    assert len(await bench.announced()) == 1
    assert await in_use(bench, person) == (FIRST, False)
