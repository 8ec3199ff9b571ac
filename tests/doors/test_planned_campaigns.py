"""A campaign of one's own: written down, approved, started; drawn, released by expected yield, paused, closed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from doors_bench import CENTRE, LIUHE, QINGSHI, Bench, at

from survey import campaigning, releasing
from survey.caller_health import NONE_LEFT
from survey.campaigning import CampaignRefused
from survey.concluding import conclude
from survey.dialing import dial_due, record_progress
from survey.field.campaign_document import CampaignDocument
from survey.questionnaire import library
from survey.recalling import recall
from survey.store import attempts, callers, campaign_life

BOSS = "李主任"


def written(**instead: Any) -> CampaignDocument:
    """A poll by voice of 40 people for 5 interviews, in the week from Monday the 9th."""
    return CampaignDocument.model_validate(
        {
            "code": "night-noise",
            "name": {"zh": "夜间噪声专项调查", "en": "Noise at night"},
            "kind": "poll",
            "questionnaire": "special_poll",
            "opens": date(2026, 3, 9),
            "closes": date(2026, 3, 13),
            "modes": ["voice"],
            "sample": {"size": 40, "replicate": 10},
            "targets": {"total": 5},
            "scoring": "P1 的 2、3 之和占有效回答的比例",
            "notice": "县民调中心调查,回答只用于统计,保存两年",
            **instead,
        }
    )


async def listed(bench: Bench, n: int, file: str = "list.csv") -> None:
    """`n` residents on a list, half in each township."""
    batch = await bench.one(
        "INSERT INTO survey.import_batch (centre_code, kind, file_name, sha256, brought_by, reason, ground, imported_at,"
        " rows_read, rows_kept, rows_refused) VALUES ($1, 'residents', $3, $3, 'y', 'z', 'g', $2, 0, 0, 0)"
        " RETURNING id",
        CENTRE,
        bench.clock.now(),
        file,
    )
    for at_ in range(n):
        person = await bench.resident(f"居民{at_}", born=1950 + at_ % 50)
        await bench.run(
            "INSERT INTO survey.frame_entry (centre_code, person_id, area_code, batch_id, prn)"
            " SELECT $1, p.id, $3, $4, p.prn FROM survey.person p WHERE p.id = $2",
            CENTRE,
            person.id,
            (LIUHE, QINGSHI)[at_ % 2],
            batch,
        )


async def created(bench: Bench, document: CampaignDocument) -> None:
    await campaigning.create(bench.ground, CENTRE, document, library("special_poll"), by="张督导")


async def started(bench: Bench, document: CampaignDocument) -> None:
    await created(bench, document)
    await campaigning.approve(bench.ground, CENTRE, document.code, by=BOSS, caller_known=True)
    await campaigning.start(bench.ground, CENTRE, document.code, by="张督导")


async def look(bench: Bench) -> None:
    await releasing.look_at_campaigns(bench.ground)


async def stands(bench: Bench, code: str = "night-noise") -> tuple[str, int, int]:
    """(status, drawn, released)."""
    state = await campaigning.state(bench.ground, CENTRE, code)
    return state.campaign.status, state.drawn, state.released


async def test_it_is_drawn_when_its_hour_has_come_and_no_more_is_released_than_needed(bench: Bench) -> None:
    bench.clock.moment = at("9 07:00")
    await listed(bench, 60)
    await started(bench, written())
    await look(bench)
    assert await stands(bench) == ("scheduled", 0, 0)

    bench.clock.moment = at("9 08:30")
    await look(bench)
    assert await stands(bench) == ("running", 40, 25)  # 5 interviews at the prior yield of one in five

    shares = await bench.rows(
        "SELECT replicate_no, stratum, count(*)::int FROM survey.drawn_unit GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert shares == [(n, s, 5) for n in range(4) for s in ("991721100", "991721101")]
    weights = await bench.rows("SELECT DISTINCT stratum, base_weight FROM survey.sample_unit ORDER BY 1")
    released = dict(await bench.rows("SELECT stratum, count(*)::int FROM survey.sample_unit GROUP BY 1"))  # type: ignore[arg-type]
    assert weights == [(s, 30 / released[s]) for s in ("991721100", "991721101")]


async def test_it_closes_when_the_target_is_reached_and_nobody_waits_in_it_any_more(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    await started(bench, written())
    await look(bench)
    await bench.run(
        "UPDATE survey.sample_unit SET status = 'done', disposition = 'complete', due_at = NULL, next_mode = NULL,"
        " done_at = $1 WHERE id IN (SELECT id FROM survey.sample_unit ORDER BY id LIMIT 5)",
        bench.clock.now(),
    )
    bench.later(hours=1)
    await look(bench)
    state = await campaigning.state(bench.ground, CENTRE, "night-noise")
    assert state.campaign.status == "closed"
    assert state.codes == {"complete": 5, "not_attempted": 20}
    assert (state.waiting, state.in_contact) == (0, 0)
    assert [(e.event, e.by_whom, e.why) for e in state.events] == [
        ("create", "张督导", "created from its document"),
        ("approve", BOSS, "approved"),
        ("start", "张督导", "started"),
        ("open", "service", "its hour has come"),
        ("close", "service", releasing.REACHED),
    ]


async def all_done(bench: Bench, code: str = "no_answer", most: int = 1000) -> None:
    """Everybody released is done with this code, at the most so many."""
    await bench.run(
        "UPDATE survey.sample_unit SET status = 'done', disposition = $2, due_at = NULL, next_mode = NULL, done_at = $1"
        " WHERE id IN (SELECT id FROM survey.sample_unit WHERE status <> 'done' ORDER BY id LIMIT $3)",
        bench.clock.now(),
        code,
        most,
    )


async def closed_because(bench: Bench, code: str = "night-noise") -> str:
    state = await campaigning.state(bench.ground, CENTRE, code)
    assert state.campaign.status == "closed"
    assert (state.waiting, state.in_contact) == (0, 0)
    assert (state.events[-1].event, state.events[-1].by_whom) == ("close", "service")
    return state.events[-1].why


async def test_it_closes_when_its_sample_is_used_up(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    await started(bench, written())
    await look(bench)
    for released in (25, 40):  # the yield sinks, and the rest is released
        assert await stands(bench) == ("running", 40, released)
        await all_done(bench)
        bench.later(hours=1)
        await look(bench)
    assert await closed_because(bench) == releasing.WORKED


async def test_a_wave_at_its_target_closes_when_its_replicates_are_worked_to_their_end(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    await started(bench, written(code="wave-1", kind="wave", calibration=["township"], targets={"total": 3}))
    await look(bench)
    await all_done(bench, "complete", most=3)
    bench.later(hours=1)
    await look(bench)
    assert await stands(bench, "wave-1") == ("running", 40, 20)  # 17 of its people are still open
    await all_done(bench)
    bench.later(hours=1)
    await look(bench)
    assert await closed_because(bench, "wave-1") == releasing.REACHED


async def test_one_that_is_used_up_closes_and_is_not_paused_for_want_of_money(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    await started(bench, written(sample={"size": 10, "replicate": 10}, budget={"calls": 10}))
    await look(bench)
    await all_done(bench)
    await bench.run("UPDATE survey.campaign_budget SET calls = 10")
    bench.later(hours=1)
    await look(bench)
    assert await closed_because(bench) == releasing.WORKED


async def test_a_paused_one_closes_when_the_last_contact_under_way_leaves_nobody(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    await started(bench, written(sample={"size": 10, "replicate": 10}))
    await look(bench)
    await all_done(bench, most=9)
    await bench.run("UPDATE survey.sample_unit SET due_at = $1 WHERE status = 'waiting'", at("9 19:00"))
    bench.clock.moment = at("9 19:00")
    assert await dial_due(bench.ground, bench.line) == 1
    ref = await bench.one("SELECT ref FROM survey.attempt")
    await campaigning.pause(bench.ground, CENTRE, "night-noise", by="张督导", why="投诉")
    await look(bench)
    assert (await stands(bench))[0] == "paused"
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        attempt = await attempts.attempt(conn, ref)
        assert attempt is not None
        await conclude(bench.ground, conn, attempt, "refusal_hard")
    bench.later(minutes=10)
    await look(bench)
    assert await closed_because(bench) == releasing.WORKED


async def test_what_lies_at_the_carrier_is_recalled_when_the_campaign_pauses(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    await started(bench, written())
    await look(bench)
    bench.clock.moment = at("9 19:00")
    await bench.run("UPDATE survey.sample_unit SET due_at = $1", bench.clock.now())
    assert await dial_due(bench.ground, bench.line) == 5  # as many as there are seats
    sids = [sid for (sid,) in await bench.rows("SELECT sid FROM survey.attempt ORDER BY id")]
    (answered,) = await bench.rows("SELECT ref, sid FROM survey.attempt ORDER BY id LIMIT 1")
    assert await record_progress(bench.ground, *answered, "in_progress", None, {})

    await campaigning.pause(bench.ground, CENTRE, "night-noise", by="张督导", why="投诉")
    await look(bench)
    assert await recall(bench.ground, bench.carrier) == 4
    assert bench.carrier.cancelled == sids[1:]  # who is talking is let talk

    bench.later(minutes=20)
    assert await dial_due(bench.ground, bench.line) == 0
    await campaigning.resume(bench.ground, CENTRE, "night-noise", by="张督导")
    await look(bench)
    assert (await stands(bench))[0] == "running"


async def test_a_wave_releases_whole_replicates(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    wave = written(code="wave-1", kind="wave", calibration=["township"], targets={"total": 3})
    await started(bench, wave)
    await look(bench)
    assert await stands(bench, "wave-1") == ("running", 40, 20)  # 15 are needed; a replicate is never cut


async def test_the_budget_stops_it(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    await started(bench, written(budget={"calls": 3}))
    await look(bench)
    bench.clock.moment = at("9 19:00")
    await bench.run("UPDATE survey.sample_unit SET due_at = $1", bench.clock.now())
    assert await dial_due(bench.ground, bench.line) == 3
    state = await campaigning.state(bench.ground, CENTRE, "night-noise")
    assert state.campaign.status == "paused"  # with the claim that found no money for the fourth
    assert state.events[-1].why == "budget used 预算用完"
    assert state.campaign.look_at == bench.clock.now()
    as_they_were = "SELECT count(*) FROM survey.sample_unit WHERE due_at = $1"
    assert await bench.one(as_they_were, bench.clock.now()) == 2  # of the five who had a seat
    await look(bench)
    assert state.budget is not None and state.budget.calls == 3
    assert [(cell.held, cell.filled) for cell in state.cells] == [(3, 0)]  # two seats went back


async def test_a_campaign_may_leave_soft_refusals_alone(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    await started(bench, written(convert_refusals=False, closes=date(2026, 3, 27)))
    await look(bench)
    bench.clock.moment = at("9 19:00")
    await bench.run("UPDATE survey.sample_unit SET due_at = $1", bench.clock.now())
    assert await dial_due(bench.ground, bench.line) == 5
    ref = await bench.one("SELECT ref FROM survey.attempt ORDER BY id LIMIT 1")
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        attempt = await attempts.attempt(conn, ref)
        assert attempt is not None
        await conclude(bench.ground, conn, attempt, "refusal_soft")
    assert await bench.rows("SELECT status FROM survey.sample_unit WHERE disposition = 'refusal_soft'") == [
        ("done",)
    ]


async def test_nobody_drawn_for_one_campaign_is_drawn_for_another(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    await started(bench, written())
    await look(bench)
    with pytest.raises(CampaignRefused) as refused:
        await created(bench, written(code="second"))
    assert [(f.path, f.why) for f in refused.value.faults if f.severity == "error"] == [
        (("sample", "size"), "40 people are to be drawn, and 20 on the list may be")
    ]


async def test_guards(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    await created(bench, written(scoring=None))
    with pytest.raises(CampaignRefused, match="how its result will be computed is not written down"):
        await campaigning.approve(bench.ground, CENTRE, "night-noise", by=BOSS, caller_known=True)
    with pytest.raises(
        CampaignRefused, match=r"has no move 'start'. From there it can be moved by: approve, cancel"
    ):
        await campaigning.start(bench.ground, CENTRE, "night-noise", by=BOSS)
    await created(bench, written())
    with pytest.raises(CampaignRefused, match="no caller id is configured"):
        await campaigning.approve(bench.ground, CENTRE, "night-noise", by=BOSS, caller_known=False)
    await campaigning.approve(bench.ground, CENTRE, "night-noise", by=BOSS, caller_known=True)
    with pytest.raises(CampaignRefused, match="it is no draft"):
        await created(bench, written())
    bench.clock.moment = at("14 08:30")
    with pytest.raises(CampaignRefused, match="is over; create it anew"):
        await campaigning.start(bench.ground, CENTRE, "night-noise", by=BOSS)


async def test_the_history_names_each_state_once(bench: Bench) -> None:
    """Two who press pause at once: one moves it, the other is told."""
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    await started(bench, written())
    await look(bench)
    await campaigning.pause(bench.ground, CENTRE, "night-noise", by="张督导", why="投诉")
    with pytest.raises(CampaignRefused, match=r"paused \(暂停\) has no move 'pause'"):
        await campaigning.pause(bench.ground, CENTRE, "night-noise", by="王督导", why="投诉")
    async with bench.ground.pool.acquire() as conn:
        campaign = await campaign_life.planned(conn, CENTRE, "night-noise")
        assert campaign is not None
        events = [e.event for e in await campaign_life.events(conn, campaign.id)]
    assert events == ["create", "approve", "start", "open", "pause"]


async def test_it_pauses_by_itself_when_too_many_people_want_no_more(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 120)
    await started(bench, written(sample={"size": 100, "replicate": 10}, targets={"total": 90}))
    await look(bench)
    bench.clock.moment = at("9 19:00")
    await bench.run("UPDATE survey.sample_unit SET due_at = $1", bench.clock.now())
    for _ in range(2):
        await dial_due(bench.ground, bench.line)
        await bench.run("UPDATE survey.pace SET next_at = $1, tokens = 60", bench.clock.now())
    await bench.run(
        "UPDATE survey.attempt SET status = 'ended', ended_at = $1, disposition = CASE WHEN id % 3 = 0 THEN 'opted_out'"
        " ELSE 'no_answer' END",
        bench.clock.now(),
    )
    bench.later(minutes=11)
    await look(bench)
    state = await campaigning.state(bench.ground, CENTRE, "night-noise")
    assert state.campaign.status == "paused"
    assert state.events[-1].why == "too many people want no more 退订过多: 30 of 90 attempts, at most 8% may"


async def test_who_is_talking_when_it_is_closed_is_not_tried_again(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    await started(bench, written())
    await look(bench)
    bench.clock.moment = at("9 19:00")
    await bench.run("UPDATE survey.sample_unit SET due_at = $1", bench.clock.now())
    assert await dial_due(bench.ground, bench.line) == 5
    await campaigning.close(bench.ground, CENTRE, "night-noise", by="张督导", why="够了")
    await look(bench)
    assert (await campaigning.state(bench.ground, CENTRE, "night-noise")).in_contact == 5
    for ref, sid in await bench.rows("SELECT ref, sid FROM survey.attempt ORDER BY id"):
        assert await record_progress(bench.ground, ref, sid, "no_answer", None, {})
    bench.later(minutes=10)
    await look(bench)
    state = await campaigning.state(bench.ground, CENTRE, "night-noise")
    assert (state.waiting, state.in_contact, state.codes) == (0, 0, {"no_answer": 5, "not_attempted": 20})
    assert state.campaign.look_at is None


async def test_a_paused_one_closes_when_its_days_have_gone_by(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    await started(bench, written())
    await look(bench)
    await campaigning.pause(bench.ground, CENTRE, "night-noise", by="张督导", why="投诉")
    await look(bench)
    bench.clock.moment = at("13 20:30")
    await look(bench)
    state = await campaigning.state(bench.ground, CENTRE, "night-noise")
    assert (state.campaign.status, state.waiting, state.codes) == ("closed", 0, {"not_attempted": 25})


async def test_what_a_document_may_say_of_calls(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    with pytest.raises(CampaignRefused) as no:
        await created(bench, written(operator_dialling="predictive", modes=["voice"]))
    assert [fault.path for fault in no.value.faults if fault.severity == "error"] == [("operator_dialling",)]
    with pytest.raises(CampaignRefused) as no:
        await created(bench, written(machine_detection="beside", modes=["operator"]))
    assert [fault.path for fault in no.value.faults if fault.severity == "error"] == [("machine_detection",)]
    await created(bench, written(machine_detection="beside", weight=2.5))
    assert await bench.rows("SELECT machine_detection, weight FROM survey.campaign WHERE code = 'night-noise'") == [
        ("beside", 2.5)
    ]  # fmt: skip


async def test_it_pauses_when_no_number_of_ours_is_left(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    await started(bench, written())
    await look(bench)
    async with bench.ground.pool.acquire() as conn:
        await callers.keep(conn, [("+8615400000000", "AC1", 1.0)], bench.clock.now())
        assert await callers.pause(conn, "+8615400000000", bench.clock.now(), BOSS, "被标记")
    bench.clock.moment = at("9 10:00")
    await look(bench)
    assert (await stands(bench))[0] == "paused"
    assert await bench.one("SELECT why FROM survey.campaign_event ORDER BY id DESC LIMIT 1") == NONE_LEFT


async def test_an_opening_says_so_where_numbers_were_drawn_at_random(bench: Bench) -> None:
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    await bench.run(
        "UPDATE survey.frame_entry SET attributes = $1 WHERE person_id % 2 = 0", {"号段": "1540001"}
    )
    await started(bench, written(targets={"total": 10}))
    await look(bench)
    found = await bench.rows(
        "SELECT person_id % 2 = 0, facts, count(*) > 0 FROM survey.sample_unit GROUP BY 1, 2 ORDER BY 1"
    )
    assert found == [(False, {}, True), (True, {"frame": "random"}, True)]
