"""A draw inside the database takes whom the draw on arrays takes of those who may be drawn, in the same order."""

from __future__ import annotations

import hashlib
import struct
from collections import Counter, defaultdict
from datetime import datetime, timedelta

import numpy as np
import pytest
from doors_bench import CENTRE, Bench, at
from test_draw_again import a_week_of_draws
from test_planned_campaigns import listed

from survey.frames import draw_from_list, people_to_draw
from survey.sampling.allocation import allocate
from survey.sampling.draw import Frame, draw
from survey.sampling.draw_record import DrawRecord
from survey.sampling.frame_hash import Seal
from survey.store import circles, frame_draw, frame_seals
from survey.store.frame_draw import Taken, View

LIUHE, QINGSHI = "991721100", "991721101"


async def a_view(
    bench: Bench, areas: tuple[str, ...] = (), number: int = 1000, moment: datetime | None = None
) -> View:
    moment = moment or bench.clock.now()
    async with bench.ground.pool.acquire() as conn:
        lists = await frame_seals.lists(conn, CENTRE, moment)
    return View(CENTRE, lists, moment - timedelta(days=180), moment, number, areas)


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


# written apart from the store's statements: everything is read, and people are told apart one by one
FACTS = {
    "listed": "SELECT f.person_id, f.area_code, f.prn, f.batch_id FROM survey.frame_entry f WHERE f.centre_code = '991721'",
    "unlinked": "SELECT id, unlinked_at FROM survey.person WHERE unlinked_at IS NOT NULL",
    "opted out": "SELECT person_id, scope, said_at FROM survey.opt_out",
    "sampled": "SELECT u.person_id, u.released_at, c.purpose, coalesce(c.draw_number, 0) FROM survey.sample_unit u"
    " JOIN survey.campaign c ON c.id = u.campaign_id",
    "drawn": "SELECT d.person_id, d.released_at, c.draw_number FROM survey.drawn_unit d"
    " JOIN survey.campaign c ON c.id = d.campaign_id",
}


async def drawable(bench: Bench, view: View) -> list[Taken]:
    """Everybody who may be drawn."""
    facts = {name: await bench.rows(statement) for name, statement in FACTS.items()}
    resting = {who for who, when in facts["unlinked"] if when <= view.at}
    resting |= {who for who, scope, when in facts["opted out"] if scope != "case_text" and when <= view.at}
    resting |= {
        who
        for who, when, purpose, number in facts["sampled"]
        if purpose == "survey" and view.rested_since < when <= view.at and number < view.number
    }
    resting |= {
        who
        for who, released, number in facts["drawn"]
        if number < view.number and (released is None or released > view.at)
    }
    return [
        Taken(area[:9], who, area, prn)
        for who, area, prn, batch in facts["listed"]
        if batch in view.lists and who not in resting and (not view.areas or area.startswith(view.areas))
    ]


def frame_of(people: list[Taken]) -> Frame:
    return Frame(
        np.array([one.stratum for one in people], dtype=np.str_),
        np.array([one.prn for one in people], dtype=np.float64),
        np.array([one.person_id for one in people], dtype=np.int64),
    )


AREAS = [(), ("991721100",), ("99172110",), ("991721100200", "991721101")]


@pytest.mark.parametrize("areas", AREAS)
@pytest.mark.parametrize(
    ("number", "moment"),
    [(0, "10 08:30"), (2, "10 08:30"), (1000, "10 08:30"), (1000, "9 12:00"), (2, "8 12:00")],
)
async def test_it_takes_whom_the_draw_on_arrays_takes(
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
    people = await drawable(bench, view)
    frame = frame_of(people)
    sizes = Counter(one.stratum for one in people)
    for start in (0.0, 0.3, 0.97):
        pointer = dict.fromkeys(sizes, start)
        for share in (0.2, 1.0):
            wanted = {code: int(share * size) for code, size in sizes.items()}
            async with bench.ground.pool.acquire() as conn:
                taken = await frame_draw.clockwise(conn, view, wanted, pointer)
            assert taken == [people[i] for i in draw(frame, wanted, pointer).index]


@pytest.mark.parametrize("areas", AREAS)
async def test_a_whole_draw_is_that_of_the_arrays_and_the_next_one_begins_where_it_left_off(
    bench: Bench, areas: tuple[str, ...]
) -> None:
    await a_week_of_draws(bench)
    moment = bench.clock.now()
    since = moment - timedelta(days=180)
    people = await drawable(bench, await a_view(bench, areas))
    frame, sizes = frame_of(people), dict(sorted(Counter(one.stratum for one in people).items()))
    async with bench.ground.pool.acquire() as conn:
        pointers = await circles.pointers(conn, CENTRE)
        async with conn.transaction():
            assert await people_to_draw(conn, CENTRE, since, moment, areas) == len(people)
        assert min(pointers.values()) > 0
        for n in (3, 5, len(people)):
            start = {code: pointers[code] for code in sizes}
            wanted = allocate(sizes, n)
            expected = draw(frame, wanted, start)
            async with conn.transaction():
                found = await draw_from_list(
                    conn, CENTRE, size=n, rested_since=since, at=moment, key_id="k", areas=areas, replicate=10
                )
            assert found is not None
            taken, record = found
            assert taken == [people[i] for i in expected.index]
            assert (record.frame, record.wanted, record.start) == (sizes, wanted, start)
            assert record.pointer == expected.pointer
            assert [record.base_weight(one.stratum) for one in taken] == expected.base_weight.tolist()
            pointers = await circles.pointers(conn, CENTRE)
            assert pointers == pointers | expected.pointer
        async with conn.transaction():
            none = await draw_from_list(
                conn, CENTRE, size=len(people) + 1, rested_since=since, at=moment, key_id="k", areas=areas,
                replicate=10,
            )  # fmt: skip
        assert none is None


async def test_the_week_left_somebody_out(bench: Bench) -> None:
    """Else the tests above would compare whole lists."""
    await a_week_of_draws(bench)
    async with bench.ground.pool.acquire() as conn:
        out = await frame_draw.left_out(conn, await a_view(bench))
    assert sum(out.values()) == 90 - len(await drawable(bench, await a_view(bench))) > 60


async def test_equal_numbers_are_told_apart_by_the_person(bench: Bench) -> None:
    await listed(bench, 12)
    await bench.run("UPDATE survey.frame_entry SET prn = 0.5")
    view = await a_view(bench)
    people = await drawable(bench, view)
    async with bench.ground.pool.acquire() as conn:
        taken = await frame_draw.clockwise(conn, view, {LIUHE: 4, QINGSHI: 2}, {LIUHE: 0.5})
    expected = draw(frame_of(people), {LIUHE: 4, QINGSHI: 2}, {LIUHE: 0.5}).index
    assert taken == [people[i] for i in expected]


async def test_the_seals_are_those_of_the_bytes_that_are_promised(bench: Bench) -> None:
    await listed(bench, 30)
    await a_second_list(bench)
    bench.clock.moment = at("10 08:30")
    view = await a_view(bench)
    rows = await bench.rows("SELECT batch_id, stratum, prn, area_code FROM survey.frame_entry ORDER BY prn")
    entries: dict[tuple[int, str], list[tuple[float, str]]] = defaultdict(list)
    for batch, stratum, prn, area in rows:
        entries[batch, stratum].append((prn, area))
    expected = set()
    for (batch, stratum), some in entries.items():
        numbers = b"".join(struct.pack(">d", prn) for prn, _ in some)
        areas = " ".join(area for _, area in some)
        digest = hashlib.sha256(numbers + areas.encode()).digest()
        expected.add(Seal(batch, stratum, len(some), digest))
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        await frame_seals.seal(conn, CENTRE, view.lists, bench.clock.now())
        assert set(await frame_seals.seals(conn, view.lists)) == expected
        await frame_seals.seal(conn, CENTRE, view.lists, bench.clock.now())
        assert set(await frame_seals.seals(conn, view.lists)) == expected
    assert len(expected) == 4


async def test_the_list_carries_each_persons_own_number(bench: Bench) -> None:
    await listed(bench, 5)
    apart = "SELECT count(*) FROM survey.frame_entry f JOIN survey.person p ON p.id = f.person_id WHERE f.prn <> p.prn"
    assert await bench.one(apart) == 0


async def test_a_record_of_an_earlier_version_is_told_apart(bench: Bench) -> None:
    with pytest.raises(ValueError, match="drawn by version 1 of the method; this program has version 2"):
        DrawRecord.of({"method": "rotation", "version": 1})
    assert DrawRecord.of({}) is None
