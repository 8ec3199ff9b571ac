"""The actors of the case side: they act in office hours, through the doors, and the same way every time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest
from followup_county import CENTRE, POLICE, TOWN, at
from followup_residents import answers, is_never_reached, said_in_survey, state, unit_of, verification_of

from followup import callbacks, imports, reading
from survey.clock import RealClock
from survey.importing import Brought
from survey.vault import Vault
from workers.rehearsal import case_draws
from workers.rehearsal.clerks import Clerks, next_look, tell_imported_matters

SEED = 11
Tokens = Callable[[], str]

LIST = """工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,承办单位,办结时间,办理结果,是否联系群众
GD1,王芳,15400000001,自来水发黄,城乡建设,柳河镇,自来水公司,2026-03-06 16:20,管道已换,是
GD2,李强,15400000002,水压太低,城乡建设,柳河镇,自来水公司,2026-03-06 16:20,已加泵,是
GD3,赵敏,15400000003,路灯不亮,社会治安,柳河镇,公安局,2026-03-06 16:20,路灯已修,是
GD4,周涛,15400000004,有人赌博,社会治安,柳河镇,公安局,2026-03-06 16:20,已查处,是"""


class StandingClock(RealClock):
    """A clock that a test sets."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.moment = now

    def now(self) -> datetime:
        return self.moment


class Town:
    """Remembers what it was told, and what was known of each case by then."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    async def matters(self, matters: list[dict[str, Any]]) -> None:
        self.told.extend(matters)


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def office(pool: asyncpg.Pool, vault: Vault, town: Town, tokens: Tokens) -> Clerks:
    clock = StandingClock(at("9 08:20"))
    return Clerks(clock=clock, pool=pool, vault=vault, twin=town, seed=SEED, tokens=tokens)


@pytest.fixture
async def imported(conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens) -> Sequence[str]:
    """Four closed cases, imported on Monday morning; their numbers."""
    report = await imports.import_closed_cases(
        conn,
        vault,
        CENTRE,
        LIST.encode(),
        Brought("closed.csv", "审核员", "结果回访", "法定职责"),
        plan="fictional",
        now=at("9 08:20"),
        tokens=tokens,
        seed=SEED,
    )
    return report.numbers


async def look_until(
    office: Clerks, last: datetime, meanwhile: Callable[[datetime], Awaitable[object]] | None = None
) -> None:
    """Every look of the clerks up to a moment; `meanwhile` is what else happens before each."""
    clock = office.clock
    assert isinstance(clock, StandingClock)
    while (moment := next_look(clock.moment)) <= last:
        clock.moment = moment
        if meanwhile is not None:
            await meanwhile(moment)
        await office.look()


async def complains(conn: asyncpg.Connection, number: str, at: datetime, mode: str = "voice") -> None:
    """The resident of a case says that nothing is solved and wants it handled again."""
    await answers(conn, await unit_of(conn, number, 1), at, "C2=3 C1=1 C3=3 C7=1", mode=mode)


async def take(conn: asyncpg.Connection, tokens: Tokens, now: datetime) -> callbacks.Taken:
    return await callbacks.take_finished(conn, now=now, real_now=lambda: now, tokens=tokens)


@pytest.mark.parametrize(
    ("now", "look"),
    [
        ("9 08:20", "9 08:30"),
        ("9 08:30", "9 09:00"),
        ("9 11:30", "9 14:30"),
        ("9 11:59", "9 14:30"),
        ("9 17:30", "10 08:30"),
        ("13 18:00", "16 08:30"),
    ],
)
def test_they_look_every_half_hour_of_office_time(now: str, look: str) -> None:
    assert next_look(at(now)) == at(look)


async def test_an_appeal_goes_its_way_to_the_callback(
    conn: asyncpg.Connection, wang_fang: int, office: Clerks, town: Town, tokens: Tokens
) -> None:
    await said_in_survey(conn, wang_fang, at("9 09:30"), "村里赌博的多,晚上有人打架", wants=True)
    await take(conn, tokens, at("9 09:30"))
    (line,) = await reading.case_list(conn, CENTRE)
    await look_until(office, at("9 11:30"))
    shown = await reading.passport(conn, line.number)
    assert [(e.event, e.at) for e in shown.events] == [
        ("register", at("9 09:30")),
        ("accept", at("9 10:00")),
        ("submit", at("9 10:30")),
        ("dispatch", at("9 11:00")),
        ("sign", at("9 11:30")),
    ]
    assert [(a.unit_code, a.role) for a in shown.assignments] == [(POLICE, "lead"), (TOWN, "assist")]
    assert town.told == []

    await look_until(office, at("12 09:00"))
    (told,) = town.told
    assert (told["number"], told["matter"], told["round"]) == ("+8615400000001", "0001", 1)
    assert await state(conn, line.number) == "callback_pending, round 1"
    reported = (await reading.passport(conn, line.number)).results[0].reported_at
    assert at("10 11:30") <= reported <= at("11 14:30")  # one to two working days after Monday 11:30


async def test_one_flag_is_left_waiting_and_the_others_are_decided(
    conn: asyncpg.Connection, imported: Sequence[str], office: Clerks, tokens: Tokens
) -> None:
    for number in imported:
        await complains(conn, number, at("9 10:00"))
    await take(conn, tokens, at("9 10:00"))
    await look_until(office, at("9 10:30"))
    assert len(await reading.flagged(conn, CENTRE, waiting_only=True)) == 4  # nobody decides within an hour

    await look_until(office, at("9 16:00"))
    waiting = await reading.flagged(conn, CENTRE, waiting_only=True)
    assert [line.external_number for line in waiting] == ["GD1"]
    await look_until(office, at("20 17:00"))
    assert await state(conn, imported[0]) == "redispatch_review, round 1"
    assert {await state(conn, number) for number in imported[1:]} == {"callback_pending, round 2"}


async def test_the_order_of_what_happens_at_one_moment_changes_nothing(
    pool: asyncpg.Pool, conn: asyncpg.Connection, imported: Sequence[str], office: Clerks, tokens: Tokens
) -> None:
    """Answers that arrive at the very moment of a look, before it or after it, give the same decisions."""

    async def flag_before(moment: datetime) -> None:
        if moment == at("9 10:00"):
            for number in imported[:2]:
                await complains(conn, number, moment)
            await take(conn, tokens, moment)

    await look_until(office, at("9 10:00"), flag_before)
    for number in reversed(imported[2:]):
        await complains(conn, number, at("9 10:00"))
    await take(conn, tokens, at("9 10:00"))
    await look_until(office, at("9 16:00"))
    decided = {line.external_number: line.decision for line in await reading.flagged(conn, CENTRE)}
    assert decided == {"GD1": None, "GD2": "redispatch", "GD3": "redispatch", "GD4": "redispatch"}


async def test_the_town_knows_what_was_done_before_anybody_calls(
    pool: asyncpg.Pool, imported: Sequence[str], vault: Vault, town: Town
) -> None:
    assert await tell_imported_matters(pool, vault, town, SEED) == 4
    assert [(told["number"], told["matter"], told["round"]) for told in town.told] == [
        ("+8615400000001", "0001", 1),
        ("+8615400000002", "0002", 1),
        ("+8615400000003", "0003", 1),
        ("+8615400000004", "0004", 1),
    ]
    assert all(set(told) == {"number", "matter", "round", "worked_on", "contacted"} for told in town.told)


async def test_clerks_come_through_the_whole_circle_within_a_fortnight(
    conn: asyncpg.Connection, imported: Sequence[str], office: Clerks, tokens: Tokens
) -> None:
    """Residents who are never content: every case but one is decided or before the meeting."""

    async def never_content(moment: datetime) -> None:
        open_units = (
            "SELECT ref FROM survey.sample_unit WHERE status = 'waiting' AND due_at <= $1 ORDER BY ref"
        )
        for row in await conn.fetch(open_units, moment - timedelta(minutes=10)):
            await answers(conn, row["ref"], moment, "C2=3 C1=1 C3=3 C7=1")
        await take(conn, tokens, moment)

    await look_until(office, at("27 17:00"), never_content)
    assert await state(conn, imported[0]) == "redispatch_review, round 1"
    others = [await state(conn, number) for number in imported[1:]]
    assert set(others) <= {"adjudication, round 3"} | {
        f"closed_explained, round {n}, closed_explained" for n in (1, 2, 3)
    }
    circle = await reading.circle(conn, CENTRE)
    assert all(identity.holds for identity in circle.identities), circle.identities
    assert circle.rounds.third_callbacks > 0


@pytest.fixture
async def flagged_by_text(conn: asyncpg.Connection, imported: Sequence[str], tokens: Tokens) -> Sequence[str]:
    """All four residents complained on Monday at ten, the first by voice and the others by text; their cases."""
    await complains(conn, imported[0], at("9 10:00"))
    for number in imported[1:]:
        await complains(conn, number, at("9 10:05"), mode="text")
    await take(conn, tokens, at("9 10:05"))
    return imported[1:]


async def test_the_supervisor_waits_for_the_verification_call(
    conn: asyncpg.Connection, flagged_by_text: Sequence[str], office: Clerks, tokens: Tokens
) -> None:
    called, later, _ = flagged_by_text
    await look_until(office, at("9 15:00"))
    assert {await state(conn, number) for number in flagged_by_text} == {"redispatch_review, round 1"}
    ref = await verification_of(conn, called, 1)
    assert ref is not None
    await answers(conn, ref, at("9 15:20"), "C0=1 C1=1 C2=3 C3=3 C7=1", mode="operator", operator="1001")
    await take(conn, tokens, at("9 15:20"))
    await look_until(office, at("9 16:00"))
    assert await state(conn, called) == "redispatch_review, round 1"  # nobody decides within an hour of it

    await look_until(office, at("10 09:30"))
    assert await state(conn, called) != "redispatch_review, round 1"
    assert await state(conn, later) == "redispatch_review, round 1"


async def test_where_nobody_is_reached_the_text_alone_is_decided_on(
    conn: asyncpg.Connection, flagged_by_text: Sequence[str], office: Clerks, tokens: Tokens
) -> None:
    for number in flagged_by_text:
        ref = await verification_of(conn, number, 1)
        assert ref is not None
        await conn.execute("UPDATE survey.sample_unit SET due_at = $2 WHERE ref = $1", ref, at("10 19:00"))
    await look_until(office, at("10 11:00"))
    assert {await state(conn, number) for number in flagged_by_text} == {"redispatch_review, round 1"}
    await look_until(office, at("10 17:30"))
    waiting = await reading.flagged(conn, CENTRE, waiting_only=True)
    assert [line.external_number for line in waiting] == ["GD1"]  # the one that is left to stand
    left = await conn.fetchval(
        "SELECT count(*) FROM survey.sample_unit WHERE external_key LIKE 'verify:%' AND status <> 'done'"
    )
    assert left == 0  # nobody is called about what is decided


async def test_nobody_decides_while_the_operator_is_on_the_telephone(
    conn: asyncpg.Connection, flagged_by_text: Sequence[str], office: Clerks
) -> None:
    """Due at this very moment, in a call, or just out of one: each order of events gives the same."""
    in_queue, calling, just_over = flagged_by_text
    later = "UPDATE survey.sample_unit SET due_at = $2 WHERE external_key = $1"
    await conn.execute(later, f"verify:{in_queue}:1", at("10 17:00"))
    await conn.execute(
        "UPDATE survey.sample_unit SET status = 'in_contact', due_at = NULL, next_mode = NULL "
        "WHERE external_key = $1",
        f"verify:{calling}:1",
    )
    await conn.execute(later, f"verify:{just_over}:1", at("11 10:00"))
    await conn.execute(
        "INSERT INTO survey.unit_event (unit_id, at, to_status, why, disposition) "
        "SELECT id, $2, 'waiting', 'contact ended', 'busy' FROM survey.sample_unit WHERE external_key = $1",
        f"verify:{just_over}:1",
        at("10 17:00"),
    )
    assert isinstance(office.clock, StandingClock)
    office.clock.moment = at("10 17:00")
    await office.look()
    assert {await state(conn, number) for number in flagged_by_text} == {"redispatch_review, round 1"}
    office.clock.moment = at("10 17:30")
    await office.look()
    assert await state(conn, calling) == "redispatch_review, round 1"
    assert await state(conn, just_over) != "redispatch_review, round 1"


async def test_a_call_that_never_gets_through_does_not_hold_the_decision(
    conn: asyncpg.Connection, flagged_by_text: Sequence[str], office: Clerks, tokens: Tokens
) -> None:
    """The number turns out to be dead at once: the supervisor need not wait the whole day."""
    number = flagged_by_text[0]
    ref = await verification_of(conn, number, 1)
    assert ref is not None
    await is_never_reached(conn, ref, at("9 10:40"), "unassigned")
    await take(conn, tokens, at("9 10:40"))
    await look_until(office, at("9 17:30"))
    assert await state(conn, number) != "redispatch_review, round 1"


def test_a_contented_resident_is_rejected_more_often_than_not() -> None:
    keys = [f"GD{n}" for n in range(1000)]
    plain = sum(case_draws.confirms(SEED, key, 1) for key in keys)
    contented = sum(case_draws.confirms(SEED, key, 1, contented=True) for key in keys)
    assert 870 < plain < 930 and 200 < contented < 300
    drawn = case_draws.reject_reason(SEED, "GD1", 1, contented=True)
    assert drawn == ("facts_differ", "经电话核实，问题已解决，群众表示满意")
