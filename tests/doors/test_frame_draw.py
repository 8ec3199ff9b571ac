"""A draw inside the database takes whom the draw on arrays takes, in the same order, and begins where the last one left off."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from doors_bench import CENTRE, Bench, at
from test_draw_again import a_week_of_draws
from test_planned_campaigns import listed

from survey.frames import frame_of
from survey.sampling.draw import draw
from survey.sampling.frame_hash import Township, frame_sha256, townships
from survey.store import draws, frame_draw
from survey.store.frame_draw import View

LIUHE, QINGSHI = "991721100", "991721101"


async def a_view(
    bench: Bench, areas: tuple[str, ...] = (), number: int = 1000, moment: datetime | None = None
) -> View:
    moment = moment or bench.clock.now()
    return View(CENTRE, moment - timedelta(days=180), areas, moment, number)


async def a_second_list(bench: Bench) -> None:
    """A fifth of the people came with a list of Monday at 20."""
    batch = await bench.one(
        "INSERT INTO survey.import_batch (centre_code, kind, file_name, sha256, brought_by, reason, ground, imported_at,"
        " rows_read, rows_kept, rows_refused) VALUES ($1, 'residents', 'more.csv', 'more', 'y', 'z', 'g', $2, 0, 0, 0)"
        " RETURNING id",
        CENTRE,
        at("9 20:00"),
    )
    await bench.run("UPDATE survey.frame_entry SET batch_id = $1 WHERE person_id % 5 = 0", batch)


async def on_arrays(bench: Bench, view: View) -> list[draws.FrameRow]:
    async with bench.ground.pool.acquire() as conn:
        return await draws.frame(conn, view.centre, view.rested_since, view.areas, view.at, view.number)


async def sizes_of(bench: Bench, view: View) -> dict[str, int]:
    async with bench.ground.pool.acquire() as conn:
        listed_now, out = await frame_draw.listed(conn, view), await frame_draw.left_out(conn, view)
    return {one.stratum: one.size - out.get(one.stratum, 0) for one in listed_now}


@pytest.mark.parametrize("areas", [(), ("991721100",), ("99172110",), ("991721100200", "991721101")])
@pytest.mark.parametrize(
    ("number", "moment"),
    [(0, "10 08:30"), (2, "10 08:30"), (1000, "10 08:30"), (1000, "9 12:00"), (2, "8 12:00")],
)
async def test_both_ways_see_the_same_people(
    bench: Bench, areas: tuple[str, ...], number: int, moment: str
) -> None:
    """After opt-outs, wrong numbers, daily samples and a campaign under way; also as an earlier draw saw it, before a second list
    was brought, and before any was."""
    await a_week_of_draws(bench)
    await a_second_list(bench)
    await bench.run(
        "UPDATE survey.drawn_unit SET released_at = $1 WHERE released_at IS NULL AND position % 3 = 0",
        at("9 15:00"),
    )
    view = await a_view(bench, areas, number, at(moment))
    rows = await on_arrays(bench, view)
    frame = frame_of(rows)
    sizes = {str(code): int((frame.stratum == code).sum()) for code in np.unique(frame.stratum)}
    assert {code: size for code, size in (await sizes_of(bench, view)).items() if size > 0} == sizes

    for start in (0.0, 0.3, 0.97):
        pointer = dict.fromkeys(sizes, start)
        for share in (0.2, 1.0):
            wanted = {code: int(share * size) for code, size in sizes.items()}
            async with bench.ground.pool.acquire() as conn:
                taken = await frame_draw.clockwise(conn, view, wanted, pointer)
            expected = [rows[i] for i in draw(frame, wanted, pointer).index]
            assert [(one.stratum, one.person_id, one.area_code, one.prn) for one in taken] == [
                (row.stratum, row.person_id, row.area_code, row.prn) for row in expected
            ]


async def test_the_week_left_somebody_out(bench: Bench) -> None:
    """Else the test above would compare two whole lists."""
    await a_week_of_draws(bench)
    async with bench.ground.pool.acquire() as conn:
        out = await frame_draw.left_out(conn, await a_view(bench))
    assert sum(out.values()) > 60


async def test_equal_numbers_are_told_apart_by_the_person(bench: Bench) -> None:
    await listed(bench, 12)
    await bench.run("UPDATE survey.person SET prn = 0.5")
    view = await a_view(bench)
    rows = await on_arrays(bench, view)
    async with bench.ground.pool.acquire() as conn:
        taken = await frame_draw.clockwise(conn, view, {LIUHE: 4, QINGSHI: 2}, {LIUHE: 0.5})
    expected = draw(frame_of(rows), {LIUHE: 4, QINGSHI: 2}, {LIUHE: 0.5}).index
    assert [one.person_id for one in taken] == [rows[i].person_id for i in expected]


async def test_the_fingerprint_is_that_of_the_arrays(bench: Bench) -> None:
    await listed(bench, 30)
    rows = frame_of(await on_arrays(bench, await a_view(bench)))
    async with bench.ground.pool.acquire() as conn:
        stored = await frame_draw.listed(conn, await a_view(bench))
    of_database = [Township(one.stratum, one.size, one.digest) for one in stored]
    assert sorted(of_database, key=lambda one: one.stratum) == townships(rows.stratum, rows.prn)
    assert frame_sha256(of_database) == frame_sha256(townships(rows.stratum, rows.prn))


async def test_a_new_key_moves_people_on_the_circle(bench: Bench) -> None:
    """Whoever writes the list leaves the number out; it follows the person's."""
    await listed(bench, 3)
    await bench.run("UPDATE survey.person SET prn = prn / 2")
    apart = "SELECT count(*) FROM survey.frame_entry f JOIN survey.person p ON p.id = f.person_id WHERE f.prn <> p.prn"
    assert await bench.one(apart) == 0
    assert await bench.one("SELECT count(*) FROM survey.frame_entry WHERE prn < 0.5") == 3


async def test_a_draw_begins_where_the_last_one_of_that_township_left_off(bench: Bench) -> None:
    await a_week_of_draws(bench)
    for number, pointer in (
        (101, {LIUHE: 0.1, QINGSHI: 0.2}),
        (102, {LIUHE: 0.30000000000000004}),
        (103, {LIUHE: 0.9}),
    ):
        await bench.run(
            "UPDATE survey.campaign SET draw_number = $1, draw = jsonb_build_object('pointer', $2::jsonb)"
            " WHERE id = (SELECT min(id) FROM survey.campaign WHERE centre_code = $3 AND draw_number < 100)",
            number,
            pointer,
            CENTRE,
        )
    async with bench.ground.pool.acquire() as conn:
        assert await frame_draw.pointers(conn, CENTRE, 103) == {LIUHE: 0.30000000000000004, QINGSHI: 0.2}
        assert await frame_draw.pointers(conn, "elsewhere", 103) == {}
