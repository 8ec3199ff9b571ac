"""Sanctions on townships and villages: decided by somebody else, never altered, lifted visibly, on a chain that is sealed."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import asyncpg
import pytest
from followup_chains import alter_each, faults
from followup_county import CENTRE, VILLAGE, at

from followup import chain, sanctioning
from followup.refusals import CaseRefusal
from followup.sanctioning import SanctionRow
from followup.store import chain as stored
from survey.periods import period
from survey.store import accounts

LIUHE = "991721100"
MARCH, APRIL, MAY = period("2026-03"), period("2026-04"), period("2026-05")


async def impose(conn: asyncpg.Connection, area: str = LIUHE, **facts: Any) -> SanctionRow:
    """A veto on 柳河镇 from the 5th of March on, but for what is said otherwise."""
    usual: dict[str, Any] = {
        "kind": "veto", "what": "发生重大群体性事件", "from_day": date(2026, 3, 5), "to_day": None, "concerned": ["镇长张某"],
        "by": "政法委书记李某", "reason": "县委会议决定", "now": at("9 10:00"),
    }  # fmt: skip
    return await sanctioning.impose(conn, CENTRE, area, **{**usual, **facts})


async def lift(conn: asyncpg.Connection, number: str = f"{LIUHE}-1", **facts: Any) -> SanctionRow:
    usual: dict[str, Any] = {
        "from_day": date(2026, 4, 10), "by": "政法委书记李某", "reason": "整改到位", "now": at("20 10:00"),
    }  # fmt: skip
    return await sanctioning.lift(conn, CENTRE, number, **{**usual, **facts})


async def test_a_sanction_stays_on_record_with_who_decided_and_why(
    conn: asyncpg.Connection, county: str
) -> None:
    made = await impose(conn)
    assert (made.number, made.area_zh, made.kind, made.what) == (
        f"{LIUHE}-1",
        "柳河镇",
        "veto",
        "发生重大群体性事件",
    )
    assert (made.concerned, made.actor, made.reason) == (("镇长张某",), "政法委书记李某", "县委会议决定")
    await impose(conn, VILLAGE, kind="yellow_card", what="隐瞒不报", to_day=date(2026, 3, 31))
    assert [row.number for row in await sanctioning.sanctions(conn, CENTRE, at("9 10:00"))] == [
        f"{LIUHE}-1",
        f"{VILLAGE}-1",
    ]
    assert await sanctioning.sanctions(conn, CENTRE, at("9 09:59")) == []


async def test_it_is_in_force_from_its_first_day_until_it_ends_or_is_lifted(
    conn: asyncpg.Connection, county: str
) -> None:
    ends = await impose(
        conn, VILLAGE, kind="yellow_card", from_day=date(2026, 3, 31), to_day=date(2026, 4, 1)
    )
    assert [ends.in_force(month) for month in (period("2026-02"), MARCH, APRIL, MAY)] == [
        False,
        True,
        True,
        False,
    ]
    await impose(conn)
    lifted = await lift(conn)
    assert [lifted.in_force(month) for month in (MARCH, APRIL, MAY)] == [True, True, False]
    assert (lifted.lifted_by, lifted.lifted_why) == ("政法委书记李某", "整改到位")
    before = await sanctioning.sanctions(conn, CENTRE, at("19 10:00"))
    assert [row.lifted_from for row in before] == [None, None]  # as it stood the day before


async def test_what_is_lifted_from_its_first_day_on_was_never_in_force(
    conn: asyncpg.Connection, county: str
) -> None:
    await impose(conn)
    assert not (await lift(conn, from_day=date(2026, 3, 5))).in_force(MARCH)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"area": "991721"}, "991721 is no township or village of centre 991721"),
        ({"area": "991722100"}, "991722100 is no township or village of centre 991721"),
        ({"kind": "red_card"}, "red_card is no sanction. Choose from yellow_card 黄牌警告, key_management"),
        ({"concerned": [" "]}, "Name whom the sanction on 991721100 concerns"),
        ({"reason": " "}, "needs what happened, a reason and who decides"),
        ({"what": ""}, "needs what happened, a reason and who decides"),
        ({"to_day": date(2026, 3, 4)}, "would end on 2026-03-04, before it begins on 2026-03-05"),
        ({"what": "举报人15400000001"}, "with a phone or identity number in it"),
        ({"concerned": ["镇长张某 15400000001"]}, "with a phone or identity number in it"),
        ({"by": "镇长张某"}, "镇长张某 is one of those whom the sanction on 991721100 concerns"),
        ({"by": "  镇长张某 "}, "镇长张某 is one of those whom the sanction on 991721100 concerns"),
        ({"by": "柳河镇人民政府"}, "柳河镇人民政府 is one of those"),
        ({"by": "991721100-gov"}, "991721100-gov is one of those"),
    ],
)  # fmt: skip
async def test_what_is_refused_says_why_and_leaves_no_trace(
    conn: asyncpg.Connection, county: str, facts: dict[str, Any], why: str
) -> None:
    with pytest.raises(CaseRefusal, match=why):
        await impose(conn, **facts)
    assert await stored.sanction_events(conn) == []


async def test_an_account_of_the_place_does_not_decide_on_it(conn: asyncpg.Connection, county: str) -> None:
    account = await accounts.insert(conn, "3001", "赵某", "staff", "x", "主任", at("9 08:00"))
    await conn.execute(
        "INSERT INTO survey.account_role (account_id, role, area_code) VALUES ($1, 'unit_liaison', $2)", account, VILLAGE
    )  # fmt: skip
    for name in ("3001", "赵某"):
        with pytest.raises(CaseRefusal, match=f"{name} is one of those"):
            await impose(conn, VILLAGE, by=name)
    assert (await impose(conn, "991721100201", by="赵某")).actor == "赵某"  # another village


async def test_it_is_lifted_once_by_somebody_else_and_not_before_it_began(
    conn: asyncpg.Connection, county: str
) -> None:
    await impose(conn)
    for facts, why in (
        ({"number": f"{LIUHE}-7"}, "has no sanction 991721100-7"),
        ({"by": "镇长张某"}, "镇长张某 is one of those"),
        ({"reason": ""}, "needs what happened, a reason"),
        ({"reason": "电话15400000001"}, "with a phone or identity number in it"),
        ({"from_day": date(2026, 3, 4)}, "began on 2026-03-05; it cannot be lifted from 2026-03-04 on"),
    ):
        with pytest.raises(CaseRefusal, match=why):
            await lift(conn, **facts)
    await lift(conn)
    with pytest.raises(CaseRefusal, match="lifted already, from 2026-04-10 on"):
        await lift(conn)


async def test_of_two_who_lift_at_once_one_is_told_so(
    pool: asyncpg.Pool, conn: asyncpg.Connection, county: str
) -> None:
    await impose(conn)

    async def try_to() -> str:
        async with pool.acquire() as one:
            try:
                return (await lift(one)).number
            except CaseRefusal as no:
                return type(no).__name__

    assert sorted(await asyncio.gather(try_to(), try_to())) == [f"{LIUHE}-1", "LiftedAlready"]


async def test_each_place_has_a_chain_of_its_own_that_python_computes_too(
    conn: asyncpg.Connection, county: str
) -> None:
    await impose(conn, to_day=date(2026, 5, 1))
    await impose(conn, VILLAGE, kind="yellow_card")
    await lift(conn)
    events = await stored.sanction_events(conn)
    assert [(one.subject, one.seq, one.lifts) for one in events] == [
        (f"sanction:{LIUHE}", 1, None), (f"sanction:{LIUHE}", 2, 1), (f"sanction:{VILLAGE}", 1, None),
    ]  # fmt: skip
    assert all(one.hash == one.computed() for one in events)
    assert events[1].prev_hash == events[0].hash
    sealed = await chain.seal_days(conn, now=at("21 00:10"))
    assert [(one.day.day, one.chains, one.events) for one in sealed if one.events] == [(9, 2, 2), (20, 1, 1)]
    assert await faults(conn) == []


@pytest.mark.parametrize(
    "change", ["UPDATE followup.{} SET reason = ''", "DELETE FROM followup.{}", "TRUNCATE followup.{}"]
)
async def test_what_is_on_record_is_not_changed(conn: asyncpg.Connection, county: str, change: str) -> None:
    await impose(conn)
    with pytest.raises(asyncpg.RestrictViolationError, match=r"of followup.sanction_event refused"):
        await conn.execute(change.format("sanction_event"))


async def test_who_is_concerned_cannot_decide_past_the_door_either(
    conn: asyncpg.Connection, county: str
) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await conn.execute(
            "INSERT INTO followup.sanction_event (centre_code, area_code, kind, what, from_day, concerned, actor, reason, at, "
            "policy_version) VALUES ($1, $2, 'veto', 'x', '2026-03-05', '[\"甲\"]', '甲', 'x', now(), 1)",
            CENTRE,
            LIUHE,
        )


async def test_a_changed_byte_of_any_column_names_its_row(conn: asyncpg.Connection, county: str) -> None:
    """By an administrator who passes the triggers by; in a sealed row, and in one that no seal covers yet."""
    await impose(conn, to_day=date(2026, 5, 1))
    await chain.seal_days(conn, now=at("10 00:10"))
    await lift(conn)
    await conn.execute("SET session_replication_role = replica")
    await conn.execute("ALTER TABLE followup.sanction_event ALTER COLUMN id DROP IDENTITY")
    for one in await conn.fetch(
        "SELECT conname FROM pg_constraint WHERE conrelid = 'followup.sanction_event'::regclass AND contype = 'c'"
    ):
        await conn.execute(f"ALTER TABLE followup.sanction_event DROP CONSTRAINT {one['conname']}")
    for row in (1, 2):
        found = await alter_each(conn, "sanction_event", f"seq = {row}")
        assert len(found) == 17
        assert {column: lines[0].split(" ")[:2] for column, lines in found.items()} == {
            column: ["sanction_event", str(row + 1000) if column == "id" else str(row)] for column in found
        }
    await conn.execute("DELETE FROM followup.sanction_event")
    assert await faults(conn) == [
        f"sanction_event 0 sanction:{LIUHE} #1-1 sealed 2026-03-09",
        f"sanction_event 0 sanction:{LIUHE} #2 tail unsealed",
    ]
