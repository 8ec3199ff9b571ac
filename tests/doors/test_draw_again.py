"""A sample can be drawn again, person for person, from what was kept of its draw, whatever has happened since."""

from __future__ import annotations

from datetime import date

import pytest
from doors_bench import CENTRE, Bench, at
from test_planned_campaigns import listed, look, started, written

from survey import fielding
from survey.dialing import dial_due
from survey.fielding import Programme
from survey.frames import redraw
from survey.sampling.draw_record import CannotRedraw, DrawRecord
from survey.store import draws


async def again(bench: Bench, code: str, key_id: str | None = None) -> dict[str, object]:
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        record = DrawRecord.of(await draws.record(conn, CENTRE, code) or {})
        assert record is not None
        return dict(await redraw(conn, CENTRE, record, key_id or bench.ground.vault.key_id))


async def a_week_of_draws(bench: Bench) -> None:
    """A daily sample, a campaign and another daily sample, with opt-outs, a wrong number and new people in between."""
    bench.clock.moment = at("9 08:30")
    await listed(bench, 90)
    await fielding.build_day(bench.ground, CENTRE, date(2026, 3, 9), Programme(8, 4, 2), seed=1)
    await started(bench, written(sample={"size": 30, "replicate": 10}))
    await look(bench)
    bench.clock.moment = at("9 19:00")
    await dial_due(bench.ground, bench.line)
    await bench.run(
        "INSERT INTO survey.opt_out (person_id, scope, said_at, said_in) SELECT id, 'survey', $1, 'text'"
        " FROM survey.person WHERE id % 7 = 0",
        bench.clock.now(),
    )
    await bench.run("UPDATE survey.person SET unlinked_at = $1 WHERE id % 11 = 0", bench.clock.now())
    bench.clock.moment = at("10 08:30")
    await fielding.build_day(bench.ground, CENTRE, date(2026, 3, 10), Programme(6, 3, 1), seed=1)


@pytest.mark.parametrize(
    ("code", "people"),
    [("perception-20260309-voice", 14), ("night-noise", 30), ("perception-20260310-text", 10)],
)
async def test_each_draw_of_the_week_comes_out_the_same(bench: Bench, code: str, people: int) -> None:
    await a_week_of_draws(bench)
    said = await again(bench, code)
    assert {name: said[name] for name in ("same", "people", "missing", "strange")} == {
        "same": True,
        "people": people,
        "missing": 0,
        "strange": 0,
    }


async def test_people_who_were_listed_later_change_no_draw_that_was_made(bench: Bench) -> None:
    """Not even if their list says that it was brought before: it was not there for that draw."""
    await a_week_of_draws(bench)
    bench.clock.moment = at("9 08:00")
    await listed(bench, 40, "more.csv")
    assert (await again(bench, "night-noise"))["same"]
    bench.clock.moment = at("11 08:30")
    await fielding.build_day(bench.ground, CENTRE, date(2026, 3, 11), Programme(20, 0, 0), seed=1)
    for code in (
        "perception-20260309-voice",
        "night-noise",
        "perception-20260310-text",
        "perception-20260311-voice",
    ):
        assert (await again(bench, code))["same"]
    lists = await bench.rows(
        "SELECT DISTINCT ON (draw_number) draw -> 'lists' FROM survey.campaign WHERE draw_number > 0 ORDER BY draw_number"
    )
    assert [row[0] for row in lists] == [[1], [1], [1], [1, 2]]


async def test_an_opt_out_that_is_taken_back_behind_it_is_named(bench: Bench) -> None:
    await a_week_of_draws(bench)
    await bench.run("DELETE FROM survey.opt_out")
    with pytest.raises(
        CannotRedraw, match="opt-outs, wrong numbers or earlier samples were changed behind it"
    ):
        await again(bench, "perception-20260310-text")


async def test_somebody_smuggled_in_or_taken_out_is_seen(bench: Bench) -> None:
    await a_week_of_draws(bench)
    await bench.run("DELETE FROM survey.drawn_unit WHERE position = 29")
    said = await again(bench, "night-noise")
    assert (said["same"], said["missing"], said["strange"]) == (False, 1, 0)


async def test_another_list_or_another_key_is_named(bench: Bench) -> None:
    await a_week_of_draws(bench)
    with pytest.raises(CannotRedraw, match="permanent random numbers come of key"):
        await again(bench, "night-noise", key_id="0123456789abcdef")
    await bench.run(
        "UPDATE survey.frame_entry SET area_code = '991721101200' WHERE area_code = '991721100200'"
    )
    with pytest.raises(CannotRedraw, match="people were added, moved or deleted behind it"):
        await again(bench, "night-noise")


async def test_who_was_drawn_rests(bench: Bench) -> None:
    await a_week_of_draws(bench)
    twice = await bench.one(
        "SELECT count(*) FROM (SELECT person_id FROM survey.sample_unit GROUP BY 1 HAVING count(*) > 1) t"
    )
    assert twice == 0
