"""Masked calls between a unit and a resident: asked for, used once and in time, and then the proof that they spoke."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import asyncpg
import pytest
from followup_appeals import REVIEWER, Says
from followup_county import POLICE, WATER, at

from followup import bridging, cases, moves, reading
from followup.move_refusals import NoBridgedCall
from followup.refusals import BridgeNotUsable, NobodyToAsk, NotItsCase, UseTheRelay
from followup.working import Contact

Tokens = Callable[[], str]
With = Callable[..., Awaitable[str]]


@pytest.fixture
def with_police(conn: asyncpg.Connection, says: Says) -> With:
    """A case of 王芳's that the bureau leads."""

    async def dispatched(**fields: object) -> str:
        number = (await says(**fields)).number
        await cases.accept(conn, number, by=REVIEWER, now=at("9 10:00"))
        await cases.submit(conn, number, by=REVIEWER, now=at("9 10:10"))
        await cases.dispatch(conn, number, lead=POLICE, by="督查室", now=at("9 11:00"))
        return number

    return dispatched


async def test_a_talk_over_the_bridge_is_the_proof(
    conn: asyncpg.Connection, with_police: With, tokens: Tokens
) -> None:
    number = await with_police()
    case = await moves.read(conn, number)
    call = await bridging.request(conn, number, unit=POLICE, now=at("9 14:00"), tokens=tokens)
    assert call.expires_at == at("9 14:30")
    assert await bridging.proof(conn, case, POLICE) is None
    await bridging.begin(conn, call.ref, now=at("9 14:10"))
    assert await bridging.end(conn, call.ref, seconds=75, now=at("9 14:12"))
    assert await bridging.end(conn, call.ref, seconds=3, now=at("9 14:13"))  # the first word stands
    assert await bridging.proof(conn, case, POLICE) == at("9 14:12")
    assert await bridging.proof(conn, case, WATER) is None
    events = (await reading.passport(conn, number)).events
    assert [(one.event, one.actor, one.detail) for one in events[-2:]] == [
        ("bridge_request", POLICE, {"expires_at": "2026-03-09T06:30:00+00:00"}),
        ("bridge_talk", POLICE, {"seconds": 75, "proof": True}),
    ]


@pytest.mark.parametrize("seconds", [0, 14])
async def test_a_call_that_nobody_answered_proves_nothing(
    conn: asyncpg.Connection, with_police: With, tokens: Tokens, seconds: int
) -> None:
    number = await with_police()
    call = await bridging.request(conn, number, unit=POLICE, now=at("9 14:00"), tokens=tokens)
    await bridging.begin(conn, call.ref, now=at("9 14:10"))
    assert not await bridging.end(conn, call.ref, seconds=seconds, now=at("9 14:11"))
    assert await bridging.proof(conn, await moves.read(conn, number), POLICE) is None


async def test_each_call_is_used_once_and_in_time(
    conn: asyncpg.Connection, with_police: With, tokens: Tokens
) -> None:
    number = await with_police()
    ask_again = "Ask for another one; each can be used once, and soon."
    first = await bridging.request(conn, number, unit=POLICE, now=at("9 14:00"), tokens=tokens)
    with pytest.raises(BridgeNotUsable) as early:
        await bridging.end(conn, first.ref, seconds=60, now=at("9 14:01"))
    assert str(early.value) == f"This call between unit and resident never began. {ask_again}"
    await bridging.begin(conn, first.ref, now=at("9 14:29"))
    with pytest.raises(BridgeNotUsable) as twice:
        await bridging.begin(conn, first.ref, now=at("9 14:29"))
    assert str(twice.value) == f"This call between unit and resident was used. {ask_again}"
    second = await bridging.request(conn, number, unit=POLICE, now=at("9 14:30"), tokens=tokens)
    with pytest.raises(BridgeNotUsable) as late:
        await bridging.begin(conn, second.ref, now=at("9 15:00"))
    assert str(late.value) == f"This call between unit and resident has expired. {ask_again}"
    with pytest.raises(BridgeNotUsable) as unknown:
        await bridging.begin(conn, "no-such-call", now=at("9 15:00"))
    assert str(unknown.value) == f"This call between unit and resident is not known. {ask_again}"


@pytest.mark.parametrize(
    ("fields", "unit", "kind", "message"),
    [
        ({}, WATER, NotItsCase,
         "Case {number} is not with 991721-tap-water in round 1. "
         "Only its lead and its assisting units speak with the resident."),
        ({"anonymity": "confidential"}, POLICE, UseTheRelay,
         "Case {number}: the resident stays unknown to units, so there is no call. Ask through the centre."),
        ({"category": "0601", "criticised_unit": WATER}, POLICE, UseTheRelay,
         "Case {number}: the resident stays unknown to units, so there is no call. Ask through the centre."),
        ({"anonymity": "anonymous", "person_id": None}, POLICE, NobodyToAsk,
         "Case {number} is anonymous: nobody can be asked or rung. "
         "Work with what was said; its query code tells the result."),
    ],
)  # fmt: skip
async def test_who_gets_no_call(
    conn: asyncpg.Connection,
    with_police: With,
    tokens: Tokens,
    fields: dict[str, object],
    unit: str,
    kind: type[Exception],
    message: str,
) -> None:
    number = await with_police(**fields)
    with pytest.raises(kind) as refused:
        await bridging.request(conn, number, unit=unit, now=at("9 14:00"), tokens=tokens)
    assert str(refused.value) == message.format(number=number)
    assert await conn.fetchval("SELECT count(*) FROM followup.bridge") == 0


async def test_a_result_claims_a_masked_call_only_where_one_is_on_record(
    conn: asyncpg.Connection, with_police: With, tokens: Tokens
) -> None:
    number = await with_police()
    await cases.sign(conn, number, by=POLICE, now=at("9 11:30"))
    said = {"by": POLICE, "summary": "已装路灯两盏", "contact": Contact(at("9 14:12"), "bridged")}
    with pytest.raises(NoBridgedCall) as refused:
        await cases.report_result(conn, number, **said, now=at("10 11:00"))
    assert str(refused.value) == (
        f"Case {number}, round 1: there is no masked call of this unit that lasted long enough. Ask the "
        "centre for one, or say how else the unit spoke with the resident."
    )
    call = await bridging.request(conn, number, unit=POLICE, now=at("9 14:00"), tokens=tokens)
    await bridging.begin(conn, call.ref, now=at("9 14:10"))
    await bridging.end(conn, call.ref, seconds=75, now=at("9 14:12"))
    assert (await cases.report_result(conn, number, **said, now=at("10 11:00"))).proof == "bridged"
