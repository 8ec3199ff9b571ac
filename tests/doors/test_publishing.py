"""After the field: a closed campaign is audited, published by another person, and put away."""

from __future__ import annotations

import pytest
from doors_bench import CENTRE, Bench, at, heard
from test_planned_campaigns import BOSS, listed, look, started, written

from survey import campaigning, interviewing, publishing
from survey.campaigning import CampaignRefused
from survey.dialing import dial_due, record_progress
from survey.field.auditing import Audit
from survey.store.reports import field_counts

AUDITOR, CODE = "王芳复核员", "night-noise"


async def asked(bench: Bench) -> None:
    """One resident is called in a campaign of one interview."""
    bench.clock.moment = at("9 08:30")
    await listed(bench, 60)
    await started(bench, written(targets={"total": 1}))
    await look(bench)
    await bench.run("UPDATE survey.sample_unit SET due_at = $1", at("9 19:00"))
    bench.clock.moment = at("9 19:00")
    assert await dial_due(bench.ground, bench.line) == 1


async def answered(bench: Bench, seconds: float = 60.0) -> None:
    """They press 1 to every question, each after so long, and hang up."""
    ((ref, sid),) = await bench.rows("SELECT ref, sid FROM survey.attempt")
    step, keys, waits = 0, None, "keys"
    while waits == "keys":
        reply = await interviewing.take_call(bench.ground, ref, sid, step, heard(keys), bench.real)
        assert reply is not None
        bench.later(seconds=seconds)
        step, keys, waits = step + 1, "1", reply.waits
    await record_progress(bench.ground, ref, sid, "answered", None, {})


async def closed(bench: Bench) -> None:
    bench.later(minutes=10)
    await look(bench)


async def audited(bench: Bench) -> Audit:
    return await publishing.audit(bench.ground, CENTRE, CODE)


async def test_from_closed_to_put_away(bench: Bench) -> None:
    await asked(bench)
    await answered(bench)
    await closed(bench)
    begun = await publishing.begin_audit(bench.ground, CENTRE, CODE, by=AUDITOR)
    assert begun.status == "auditing"
    (drawn,) = (await audited(bench)).to_check
    assert (drawn.drawn, drawn.findings, drawn.interview.verdict) == (True, (), None)

    with pytest.raises(CampaignRefused, match="1 of 1 interviews that must be looked at have no verdict"):
        await publishing.publish(bench.ground, CENTRE, CODE, by=BOSS)
    await publishing.judge(
        bench.ground, CENTRE, CODE, drawn.interview.ref, verdict="pass", method="listen", by=AUDITOR, why="一致"
    )  # fmt: skip
    with pytest.raises(CampaignRefused, match=f"{AUDITOR} had a hand in its audit"):
        await publishing.publish(bench.ground, CENTRE, CODE, by=AUDITOR)
    assert (await publishing.publish(bench.ground, CENTRE, CODE, by=BOSS)).status == "published"
    put_away = await publishing.archive(bench.ground, CENTRE, CODE, by=BOSS, why="结题")
    assert (put_away.status, put_away.look_at) == ("archived", None)

    state = await campaigning.state(bench.ground, CENTRE, CODE)
    assert [(e.event, e.from_status, e.to_status, e.by_whom, e.why) for e in state.events[-4:]] == [
        ("close", "running", "closed", "service", "target reached 达到目标"),
        ("audit", "closed", "auditing", AUDITOR, "audit begun"),
        ("publish", "auditing", "published", BOSS, "published"),
        ("archive", "published", "archived", BOSS, "结题"),
    ]
    with pytest.raises(CampaignRefused, match=r"archived \(归档\) has no move 'pause'. Nothing leaves that"):
        await campaigning.pause(bench.ground, CENTRE, CODE, by=BOSS, why="")


async def test_no_audit_while_somebody_is_talking(bench: Bench) -> None:
    await asked(bench)
    await campaigning.close(bench.ground, CENTRE, CODE, by=BOSS, why="够了")
    with pytest.raises(CampaignRefused, match="an interview of it is still open"):
        await publishing.begin_audit(bench.ground, CENTRE, CODE, by=AUDITOR)


async def test_the_last_verdict_on_an_interview_stands(bench: Bench) -> None:
    await asked(bench)
    await answered(bench)
    await closed(bench)
    await publishing.begin_audit(bench.ground, CENTRE, CODE, by=AUDITOR)
    ref = (await audited(bench)).to_check[0].interview.ref
    for verdict in ("void", "pass"):
        state = await publishing.judge(
            bench.ground, CENTRE, CODE, ref, verdict=verdict, method="recontact", by=AUDITOR, why="再问"
        )  # type: ignore[arg-type]  # fmt: skip
        assert (state.left, state.wrong) == (0, int(verdict == "void"))
    assert await bench.rows("SELECT verdict, method FROM survey.audit_item ORDER BY id") == [
        ("void", "recontact"),
        ("pass", "recontact"),
    ]


async def test_a_void_interview_is_in_no_rate(bench: Bench) -> None:
    """And in it again when a second look takes the word back."""
    await asked(bench)
    await answered(bench)
    await closed(bench)
    await publishing.begin_audit(bench.ground, CENTRE, CODE, by=AUDITOR)
    ref = (await audited(bench)).to_check[0].interview.ref
    counted = [await answers_counted(bench)]
    for verdict in ("void", "pass"):
        await publishing.judge(
            bench.ground, CENTRE, CODE, ref, verdict=verdict, method="listen", by=AUDITOR, why="录音里没有人"
        )  # type: ignore[arg-type]  # fmt: skip
        counted.append(await answers_counted(bench))
    assert counted[0] > 0
    assert counted == [counted[0], 0, counted[0]]


async def answers_counted(bench: Bench) -> int:
    async with bench.ground.pool.acquire() as conn:
        return sum(row.answers for row in await field_counts.codes(conn, CENTRE))


async def test_whoever_held_an_interview_does_not_judge_it(bench: Bench) -> None:
    await asked(bench)
    await answered(bench)
    await closed(bench)
    await bench.run("UPDATE survey.attempt SET operator = '1021'")
    await publishing.begin_audit(bench.ground, CENTRE, CODE, by=AUDITOR)
    ref = (await audited(bench)).to_check[0].interview.ref
    with pytest.raises(CampaignRefused, match=f"1021 held interview {ref}"):
        await publishing.judge(
            bench.ground, CENTRE, CODE, ref, verdict="pass", method="listen", by="1021", why=""
        )  # fmt: skip
    with pytest.raises(CampaignRefused, match=f"{CODE} has no finished interview nobody's"):
        await publishing.judge(
            bench.ground, CENTRE, CODE, "nobody's", verdict="pass", method="listen", by=AUDITOR, why=""
        )  # fmt: skip


async def test_only_what_is_in_its_audit_is_looked_at(bench: Bench) -> None:
    await asked(bench)
    with pytest.raises(CampaignRefused, match="is running, and only what is in its audit is looked at"):
        await audited(bench)


async def test_keys_pressed_too_quickly_are_found(bench: Bench) -> None:
    await asked(bench)
    await answered(bench, seconds=1.0)
    await closed(bench)
    await publishing.begin_audit(bench.ground, CENTRE, CODE, by=AUDITOR)
    (found,) = (await audited(bench)).to_check
    assert found.findings == ("too_quick",)
