"""The day's sample: once a day, over all townships, with weights that add up; and the wave's end, where everybody has a code."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import polars as pl
import pytest
from doors_bench import CENTRE, LIUHE, QINGSHI, Bench, at

from survey import dialing, enrolling, fielding
from survey.dialing import record_progress
from survey.enrolling import ImportRecord, NewPerson
from survey.fielding import Programme
from survey.questionnaire import library
from survey.store import frame

MONDAY = date(2026, 3, 9)


async def list_of(bench: Bench, people: dict[str, int], *, born: int = 1980) -> None:
    """So many people on the centre's list, by village."""
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        known = await conn.fetchval("SELECT count(*) FROM survey.person")
        areas = [area for area, n in people.items() for _ in range(n)]
        persons = [NewPerson(f"+86154{known + n:08}", None, born) for n in range(len(areas))]
        ids = await enrolling.enrol_persons(conn, bench.ground.vault, persons)
        batch = await enrolling.record_import(
            conn,
            ImportRecord(
                CENTRE, "residents", "名单.csv", f"{known:064}", "张主任", "日常调查", "统计法", at("9 08:00"),
                len(ids), len(ids), [],
            ),
        )  # fmt: skip
        assert batch is not None
        entries = pl.DataFrame(
            {
                "person_id": ids,
                "area_code": areas,
                "prn": [bench.ground.vault.prn(person.number) for person in persons],
            }
        )
        nothing_more = pl.lit(None, pl.Binary).alias("given_cipher"), pl.lit("{}").alias("attributes")
        await frame.add(conn, frame.written(CENTRE, batch, entries.with_columns(nothing_more)))


async def build(bench: Bench, programme: Programme, day: date = MONDAY) -> int:
    return await fielding.build_day(bench.ground, CENTRE, day, programme, seed=7)


async def test_the_days_list_is_built_once_whoever_asks_for_it(bench: Bench) -> None:
    await list_of(bench, {LIUHE: 40, QINGSHI: 20})
    built = await asyncio.gather(*(build(bench, Programme(10, 10, 10)) for _ in range(4)))
    assert sorted(built) == [0, 0, 0, 30]
    assert await build(bench, Programme(10, 10, 10)) == 0
    assert await bench.rows(
        """SELECT c.code, count(*) FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id
           GROUP BY c.code ORDER BY c.code"""
    ) == [
        ("perception-20260309-operator", 10),
        ("perception-20260309-text", 10),
        ("perception-20260309-voice", 10),
    ]


async def test_base_weights_add_up_to_the_list_in_each_township(bench: Bench) -> None:
    await list_of(bench, {LIUHE: 41, QINGSHI: 17})
    assert await build(bench, Programme(8, 4, 3)) == 15
    rows = await bench.rows(
        "SELECT substr(area_code, 1, 9), count(*), sum(base_weight) FROM survey.sample_unit GROUP BY 1 ORDER BY 1"
    )
    assert [(town, n, pytest.approx(weight)) for town, n, weight in rows] == [
        ("991721100", 11, 41),
        ("991721101", 4, 17),
    ]
    for n, size in await bench.rows("SELECT draw -> 'wanted', draw -> 'frame' FROM survey.campaign"):
        assert (n, size) == (
            {"991721100": 11, "991721101": 4},
            {"991721100": 41, "991721101": 17},
        )


async def test_everybody_is_first_tried_inside_the_days_calling_hours(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await list_of(bench, {LIUHE: 60})
    await build(bench, Programme(20, 20, 20))
    due = [moment for (moment,) in await bench.rows("SELECT due_at FROM survey.sample_unit")]
    assert min(due) >= at("9 09:00")
    assert max(due) < at("9 20:30")
    assert not [moment for moment in due if at("9 12:00") <= moment < at("9 14:00")]


async def test_people_of_sixty_and_over_are_never_texted_first(bench: Bench) -> None:
    await list_of(bench, {LIUHE: 30}, born=1950)
    await list_of(bench, {QINGSHI: 30})
    await build(bench, Programme(4, 40, 4))
    modes = await bench.rows(
        """SELECT p.birth_year, u.next_mode, count(*) > 0 FROM survey.sample_unit u
           JOIN survey.person p ON p.id = u.person_id GROUP BY 1, 2 ORDER BY 1, 2"""
    )
    assert (1950, "text", True) not in modes
    assert (1980, "text", True) in modes
    assert (1950, "voice", True) in modes


async def test_nobody_is_drawn_who_was_asked_in_the_last_half_year_or_wants_no_surveys(bench: Bench) -> None:
    await list_of(bench, {LIUHE: 10})
    (stop,) = (await bench.rows("SELECT id FROM survey.person ORDER BY id LIMIT 1"))[0]
    await bench.run("INSERT INTO survey.opt_out VALUES ($1, 'survey', $2, 'voice')", stop, bench.clock.now())
    assert await build(bench, Programme(4, 0, 0)) == 4
    bench.later(days=1)
    assert await build(bench, Programme(20, 0, 0), date(2026, 3, 10)) == 5
    drawn = [person for (person,) in await bench.rows("SELECT person_id FROM survey.sample_unit")]
    assert len(set(drawn)) == 9
    assert stop not in drawn
    bench.later(days=1)
    assert await build(bench, Programme(20, 0, 0), date(2026, 3, 11)) == 0
    bench.later(days=180)
    assert await build(bench, Programme(20, 0, 0), date(2026, 9, 7)) == 9


async def test_nothing_is_drawn_on_a_statutory_holiday(bench: Bench) -> None:
    await list_of(bench, {LIUHE: 10})
    assert await build(bench, Programme(5, 0, 0), date(2026, 4, 5)) == 0  # 清明节
    assert await bench.one("SELECT count(*) FROM survey.campaign") == 0


async def test_when_the_wave_ends_everybody_has_a_code_and_the_codes_sum_to_the_sample(bench: Bench) -> None:
    await list_of(bench, {LIUHE: 20})
    await build(bench, Programme(20, 0, 0))
    words = ["busy", "no_answer", "unassigned", "answered", "off"]
    for n in range(5):
        bench.clock.moment = await bench.one(
            "SELECT min(due_at) FROM survey.sample_unit WHERE disposition = 'not_attempted' AND status = 'waiting'"
        )
        await bench.run("UPDATE survey.pace SET next_at = $1, tokens = 60", bench.clock.now())
        await dialing.dial_due(bench.ground, bench.line)
        for ref, sid in await bench.rows("SELECT ref, sid FROM survey.attempt WHERE status <> 'ended'"):
            await record_progress(bench.ground, ref, sid, words[n], None, {})

    bench.clock.moment = at("9 20:29")
    assert await fielding.close_waves(bench.ground) == 0
    bench.clock.moment = at("9 20:30")
    waiting = await bench.one("SELECT count(*) FROM survey.sample_unit WHERE status = 'waiting'")
    assert await fielding.close_waves(bench.ground) == waiting > 0
    assert await fielding.close_waves(bench.ground) == 0
    assert await bench.one("SELECT count(*) FROM survey.sample_unit WHERE status <> 'done'") == 0
    codes = dict(await bench.rows("SELECT disposition, count(*) FROM survey.sample_unit GROUP BY 1"))  # type: ignore[arg-type]
    assert sum(codes.values()) == 20  # type: ignore[arg-type]
    assert codes.keys() == {"busy", "no_answer", "unassigned", "unknown_eligibility", "off", "not_attempted"}
    assert await bench.rows("SELECT DISTINCT status FROM survey.campaign") == [("closed",)]


async def test_a_call_under_way_when_the_wave_ends_gets_its_code_when_it_is_over(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    unit = await bench.survey(li_na, "voice", closes_at=at("9 10:05"))
    await dialing.dial_due(bench.ground, bench.line)
    bench.clock.moment = at("9 10:05")
    assert await fielding.close_waves(bench.ground) == 0
    assert await bench.unit_is(unit) == "in_contact, not_attempted"
    ref, sid = await bench.attempt_ref(li_na), await bench.sid(li_na)
    await record_progress(bench.ground, ref, sid, "busy", None, {})
    assert await bench.unit_is(unit) == "done, busy"


async def test_closing_a_wave_and_dialling_it_at_once_leaves_nobody_both_called_and_untried(
    bench: Bench,
) -> None:
    for n in range(20):
        await bench.survey(await bench.resident(f"居民{n}"), "voice", closes_at=at("9 10:00"))
    await asyncio.gather(
        fielding.close_waves(bench.ground), *(dialing.dial_due(bench.ground, bench.line) for _ in range(3))
    )
    assert (
        await bench.rows(
            """SELECT u.id FROM survey.sample_unit u WHERE u.status = 'done'
           AND EXISTS (SELECT FROM survey.attempt a WHERE a.unit_id = u.id AND a.status <> 'ended')"""
        )
        == []
    )


# -- callbacks ------------------------------------------------------------------------------------------------------


async def put_in(bench: Bench, person: int, key: str, **more: object) -> str | None:
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        campaign = await fielding.standing_campaign(conn, CENTRE, now=bench.clock.now(), seed=7)
        return await fielding.put_in(
            conn,
            campaign_id=campaign,
            person_id=person,
            area_code=LIUHE,
            external_key=key,
            facts={"case_short": "0037", "result": "已修复"},
            earliest=bench.clock.now(),
            ref=bench.ground.tokens(),
            prn=0.25,
            **more,  # type: ignore[arg-type]
        )


async def test_the_same_case_is_put_in_once(bench: Bench) -> None:
    wang_fang = await bench.resident("王芳")
    ref = await put_in(bench, wang_fang.id, "case:JB-2026-0037:1")
    assert ref is not None
    assert await put_in(bench, wang_fang.id, "case:JB-2026-0037:1") is None
    assert await put_in(bench, wang_fang.id, "case:JB-2026-0037:2") is not None
    assert await bench.one("SELECT count(*) FROM survey.sample_unit") == 2
    assert await bench.unit_is(ref) == "waiting, not_attempted, text"


async def test_after_an_upgrade_a_standing_campaign_asks_by_the_new_version(bench: Bench) -> None:
    """A campaign that stands for years was opened with the questions of its first year."""
    wang_fang = await bench.resident("王芳")
    await put_in(bench, wang_fang.id, "case:JB-2026-0037:1")
    now = library("callback").version
    await bench.run("UPDATE survey.questionnaire SET version = version - 1, sha256 = 'of the year before'")
    for round_ in (2, 3):
        await put_in(bench, wang_fang.id, f"case:JB-2026-0037:{round_}")
    asked = "SELECT q.version FROM survey.campaign c JOIN survey.questionnaire q ON q.id = c.questionnaire_id"
    assert await bench.rows(asked) == [(now,)]
    assert await bench.rows(
        "SELECT event, from_status, to_status, by_whom, why FROM survey.campaign_event"
    ) == [("questionnaire", "running", "running", "service", f"callback version {now - 1} -> {now}")]


async def test_many_at_once_put_it_in_once(bench: Bench) -> None:
    wang_fang = await bench.resident("王芳")
    refs = await asyncio.gather(*(put_in(bench, wang_fang.id, "case:JB-2026-0037:1") for _ in range(5)))
    assert sum(ref is not None for ref in refs) == 1
    assert await bench.one("SELECT count(*) FROM survey.campaign") == 1


@pytest.mark.parametrize(
    ("born", "landline", "modes", "mode"),
    [
        (1980, False, None, "text"),
        (None, False, None, "text"),
        (1966, False, None, "voice"),
        (1967, False, None, "text"),
        (1980, True, None, "voice"),
        (1980, False, ["voice"], "voice"),
        (1980, False, ["operator"], "operator"),
    ],
)
async def test_how_a_person_is_told_first(
    bench: Bench, born: int | None, landline: bool, modes: list[str] | None, mode: str
) -> None:
    wang_fang = await bench.resident("王芳", born=born, landline=landline)
    ref = await put_in(bench, wang_fang.id, "case:JB-2026-0037:1", modes=modes)
    assert ref is not None
    assert (await bench.unit(ref))["next_mode"] == mode


async def test_a_result_accepted_at_night_is_told_in_the_morning(bench: Bench) -> None:
    bench.clock.moment = at("9 23:00")
    wang_fang = await bench.resident("王芳")
    ref = await put_in(bench, wang_fang.id, "case:JB-2026-0037:1")
    assert ref is not None
    due = (await bench.unit(ref))["due_at"]
    assert at("10 09:00") <= due < at("10 12:00")
    assert due - bench.clock.now() > timedelta(hours=10)
