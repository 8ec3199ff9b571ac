"""What must reach a person: raised with a due time, taken by one, resolved with a note, every step of it on record."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from doors_bench import CENTRE, Bench, Resident, at
from pydantic import ValidationError

from survey import dialing, handing, interviewing
from survey.handing import (
    NameMissing,
    NoteMissing,
    NotTaken,
    Raised,
    ResolvedBefore,
    TakenByAnother,
    UnknownHandover,
)
from survey.handover_policy import HandoverPolicy, Within, handover_policy
from survey.store.handovers import HandoverRow


async def raise_(bench: Bench, raised: Raised) -> str:
    """The reference under which it stands in the queue."""
    async with bench.ground.pool.acquire() as conn, conn.transaction():
        await handing.raise_(bench.ground, conn, raised)
    ref: str = await bench.one("SELECT ref FROM survey.handover ORDER BY id DESC LIMIT 1")
    return ref


async def asked_for_a_person(bench: Bench, person: Resident) -> str:
    """`person` wrote 人工 in answer to the invitation; the reference."""
    await bench.survey(person, "text")
    await dialing.dial_due(bench.ground, bench.line)
    reply = await interviewing.take_text(bench.ground, person.number, f"SM-{person.name}", "人工", bench.real)
    assert reply.over
    ref: str = await bench.one("SELECT ref FROM survey.handover ORDER BY id DESC LIMIT 1")
    return ref


async def queued(bench: Bench, *, resolved: bool = False) -> list[str]:
    """The queue as `reason status due`, urgent ones with an exclamation mark."""
    rows = await handing.queue(bench.ground, CENTRE, resolved=resolved)
    return [
        f"{'! ' if row.urgent else ''}{row.reason} {row.status} {row.due_at - at('9 10:00')}" for row in rows
    ]


async def events(bench: Bench, ref: str) -> list[tuple[object, ...]]:
    return await bench.rows(
        """SELECT e.from_status, e.to_status, e.by, e.note, e.at FROM survey.handover_event e
           JOIN survey.handover h ON h.id = e.handover_id WHERE h.ref = $1 ORDER BY e.id""",
        ref,
    )


async def test_whoever_asks_for_a_person_stands_in_the_queue_with_place_and_campaign(bench: Bench) -> None:
    zhou_jie = await bench.resident("周杰")
    ref = await asked_for_a_person(bench, zhou_jie)

    assert await handing.queue(bench.ground, CENTRE) == [
        HandoverRow(
            ref=ref,
            status="waiting",
            urgent=False,
            reason="asked_for",
            words=None,
            recording=None,
            raised_at=at("9 10:00"),
            due_at=at("10 10:00"),
            centre_code=CENTRE,
            purpose="survey",
            campaign="平安建设调查",
            mode="text",
            area="王庄村",
            taken_by=None,
            taken_at=None,
            resolved_by=None,
            resolved_at=None,
            resolution=None,
        )
    ]
    assert await bench.rows("SELECT person_id FROM survey.handover") == [(zhou_jie.id,)]


async def test_what_was_not_understood_stands_there_in_the_residents_words(bench: Bench) -> None:
    li_na = await bench.resident("李娜")
    await bench.survey(li_na, "text")
    await dialing.dial_due(bench.ground, bench.line)
    for sid, body in (("SM1", "蓝色"), ("SM2", "打我15400001234")):
        await interviewing.take_text(bench.ground, li_na.number, sid, body, bench.real)

    (row,) = await handing.queue(bench.ground, CENTRE)
    assert (row.reason, row.words) == ("not_understood", "蓝色 | 打我〔号码〕")
    assert await bench.one("SELECT words FROM survey.handover") == "蓝色 | 打我15400001234"


async def test_urgent_ones_first_then_by_due_time(bench: Bench) -> None:
    he_ping = await bench.resident("何平")
    await raise_(bench, Raised(he_ping.id, None, "asked_for"))
    await raise_(bench, Raised(he_ping.id, None, "recording", recording="RE1"))
    bench.later(hours=23)
    await raise_(bench, Raised(he_ping.id, None, "not_understood"))
    bench.later(hours=14)  # eleven at night
    await raise_(bench, Raised(None, None, "distress_self_harm", urgent=True, words="不想活了"))
    bench.later(minutes=1)
    await raise_(bench, Raised(he_ping.id, None, "distress_violence", urgent=True))

    assert await queued(bench) == [
        "! distress_self_harm waiting 1 day, 13:10:00",
        "! distress_violence waiting 1 day, 13:11:00",
        "asked_for waiting 1 day, 0:00:00",
        "not_understood waiting 1 day, 23:00:00",
        "recording waiting 2 days, 0:00:00",
    ]


async def test_what_belongs_to_no_centre_is_seen_by_all_and_the_rest_by_its_own(bench: Bench) -> None:
    await asked_for_a_person(bench, await bench.resident("周杰"))
    await raise_(bench, Raised(None, None, "distress_emergency", urgent=True, words="着火了"))

    elsewhere = await handing.queue(bench.ground, "991722")
    assert [(row.reason, row.centre_code, row.mode) for row in elsewhere] == [
        ("distress_emergency", None, None)
    ]
    assert len(await handing.queue(bench.ground, CENTRE)) == 2


async def test_from_waiting_to_taken_to_resolved(bench: Bench) -> None:
    ref = await asked_for_a_person(bench, await bench.resident("周杰"))
    took = bench.later(minutes=5)
    taken = await handing.take(bench.ground, ref, " 王芳 ")
    assert (taken.status, taken.taken_by, taken.taken_at) == ("taken", "王芳", took)
    assert await queued(bench) == ["asked_for taken 1 day, 0:00:00"]

    done = bench.later(minutes=20)
    ended = await handing.resolve(bench.ground, ref, "王芳", "已回电,改打15400009999")
    assert (ended.status, ended.resolved_by, ended.resolved_at) == ("resolved", "王芳", done)
    assert ended.resolution == "已回电,改打〔号码〕"
    assert await queued(bench) == []
    assert await queued(bench, resolved=True) == ["asked_for resolved 1 day, 0:00:00"]
    assert await events(bench, ref) == [
        (None, "waiting", None, None, at("9 10:00")),
        ("waiting", "taken", "王芳", None, took),
        ("taken", "resolved", "王芳", "已回电,改打〔号码〕", done),
    ]
    assert await bench.rows("SELECT resolution FROM survey.handover") == [("已回电,改打〔号码〕",)]


async def test_taking_twice_is_the_same_as_once(bench: Bench) -> None:
    ref = await asked_for_a_person(bench, await bench.resident("周杰"))
    first = await handing.take(bench.ground, ref, "王芳")
    bench.later(minutes=5)
    assert await handing.take(bench.ground, ref, "王芳") == first
    assert await handing.take(bench.ground, ref, "王芳", holder="王芳") == first
    assert len(await events(bench, ref)) == 2


async def test_one_of_many_who_take_at_once_has_it_and_the_others_hear_who(bench: Bench) -> None:
    ref = await asked_for_a_person(bench, await bench.resident("周杰"))
    staff = ["王芳", "李强", "赵敏", "陈静"]
    outcomes = await asyncio.gather(
        *(handing.take(bench.ground, ref, name) for name in staff), return_exceptions=True
    )

    (holder,) = {one.taken_by for one in outcomes if isinstance(one, HandoverRow)}
    refusals = [str(one) for one in outcomes if isinstance(one, TakenByAnother)]
    assert refusals == [
        f"编号 {ref} 由 {holder} 接手。Handover {ref} is with {holder}. "
        f"To take it over: `minyi handover take {ref} --by … --from {holder}`"
    ] * (len(staff) - 1)
    assert len(await events(bench, ref)) == 2


async def test_a_colleague_takes_over_by_naming_who_has_it(bench: Bench) -> None:
    ref = await asked_for_a_person(bench, await bench.resident("周杰"))
    await handing.take(bench.ground, ref, "王芳")
    with pytest.raises(TakenByAnother, match="is with 王芳"):
        await handing.take(bench.ground, ref, "李强", holder="赵敏")
    moment = bench.later(minutes=5)
    assert (await handing.take(bench.ground, ref, "李强", holder="王芳")).taken_by == "李强"
    assert (await events(bench, ref))[-1] == ("taken", "taken", "李强", "from 王芳", moment)
    with pytest.raises(TakenByAnother, match="is with 李强"):
        await handing.resolve(bench.ground, ref, "王芳", "已回电")


async def test_what_is_refused_changes_nothing(bench: Bench) -> None:
    ref, ground = await asked_for_a_person(bench, await bench.resident("周杰")), bench.ground

    with pytest.raises(NotTaken) as not_taken:
        await handing.resolve(ground, ref, "王芳", "已回电")
    assert str(not_taken.value) == (
        f"编号 {ref} 还没有人接手。Handover {ref} is waiting. "
        f"Take it first, so that others see who is on it: `minyi handover take {ref} --by …`"
    )
    with pytest.raises(UnknownHandover) as unknown:
        await handing.take(ground, "nope", "王芳")
    assert str(unknown.value) == (
        "没有编号 nope。There is no handover nope. `minyi handover list --all` shows the references."
    )
    with pytest.raises(UnknownHandover):
        await handing.resolve(ground, "nope", "王芳", "已回电")
    with pytest.raises(NameMissing):
        await handing.take(ground, ref, " ")
    with pytest.raises(NameMissing):
        await handing.resolve(ground, ref, "", "已回电")
    with pytest.raises(NoteMissing):
        await handing.resolve(ground, ref, "王芳", "  ")
    assert await queued(bench) == ["asked_for waiting 1 day, 0:00:00"]
    assert len(await events(bench, ref)) == 1


async def test_what_is_resolved_stays_as_it_is(bench: Bench) -> None:
    ref = await asked_for_a_person(bench, await bench.resident("周杰"))
    await handing.take(bench.ground, ref, "王芳")
    await handing.resolve(bench.ground, ref, "王芳", "已回电")

    again = (
        lambda: handing.resolve(bench.ground, ref, "王芳", "没人接"),
        lambda: handing.take(bench.ground, ref, "王芳"),
        lambda: handing.take(bench.ground, ref, "李强", holder="王芳"),
    )
    for act in again:
        with pytest.raises(ResolvedBefore, match="was resolved by 王芳: 已回电"):
            await act()
    assert await bench.rows("SELECT resolved_by, resolution FROM survey.handover") == [("王芳", "已回电")]


async def test_a_handover_is_raised_with_the_callers_write_or_not_at_all(bench: Bench) -> None:
    he_ping = await bench.resident("何平")
    with pytest.raises(RuntimeError):
        async with bench.ground.pool.acquire() as conn, conn.transaction():
            await handing.raise_(bench.ground, conn, Raised(he_ping.id, None, "asked_for"))
            raise RuntimeError
    assert await queued(bench) == []
    assert await bench.one("SELECT count(*) FROM survey.handover_event") == 0


@pytest.mark.parametrize(
    "wrong",
    [
        "taken_by = '王芳'",
        "taken_at = raised_at",
        "resolved_at = raised_at, resolved_by = '王芳'",
        "resolved_at = raised_at, resolution = '已回电'",
        "ref = NULL",
    ],
)
async def test_the_database_refuses_half_a_state(bench: Bench, wrong: str) -> None:
    he_ping = await bench.resident("何平")
    await raise_(bench, Raised(he_ping.id, None, "asked_for"))
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await bench.run(f"UPDATE survey.handover SET {wrong}")


def test_due_times_of_the_policy() -> None:
    policy, raised = handover_policy(), at("9 23:30")
    due = {reason: policy.due(reason, False, raised) - raised for reason in policy.reasons}
    assert due == {
        "asked_for": timedelta(hours=24),
        "not_understood": timedelta(hours=24),
        "too_long": timedelta(hours=24),
        "distress_violence": timedelta(minutes=10),
        "distress_self_harm": timedelta(minutes=10),
        "distress_emergency": timedelta(minutes=10),
        "recording": timedelta(hours=48),
        "call_at": timedelta(hours=24),
    }
    assert {policy.due(reason, True, raised) - raised for reason in policy.reasons} == {timedelta(minutes=10)}
    assert policy.due("something new", False, raised) - raised == timedelta(hours=4)


def test_what_is_urgent_is_never_later_than_without() -> None:
    policy = HandoverPolicy(
        urgent=Within(minutes=10),
        reasons={"now": Within(minutes=2)},
        otherwise=Within(hours=4),
        hotline="12356",
    )
    assert policy.due("now", True, at("9 10:00")) == at("9 10:02")


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="give hours or minutes above 0"):
        Within()
