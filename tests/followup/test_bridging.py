"""Masked calls between a unit and a resident: asked for, used once and in time, and then the proof that they spoke."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import asyncpg
import pytest
from followup_appeals import REVIEWER, Says
from followup_county import CENTRE, POLICE, WATER, at

from followup import addresses, bridging, cases, moves, reading
from followup.move_refusals import NoBridgedCall
from followup.refusals import BridgeNotUsable, NobodyToAsk, NotItsCase, NoUnitTelephone, UseTheRelay
from followup.working import Contact
from survey.vault import Vault

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
        ("bridge_talk", POLICE, {"seconds": 75, "proof": True, "outcome": "talked"}),
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


TELEPHONE = "+8615499000031"


async def bureau_has_a_telephone(conn: asyncpg.Connection, vault: Vault) -> None:
    await addresses.keep(
        conn, vault, f"unit:{POLICE}", "liaison", "text", TELEPHONE, centre=CENTRE, plan="fictional", by="主任",
        now=at("9 08:00"),
    )  # fmt: skip


async def test_a_call_rings_the_unit_and_what_came_of_it_is_the_proof(
    conn: asyncpg.Connection, vault: Vault, with_police: With, wang_fang: int, tokens: Tokens
) -> None:
    """The carrier's side: tests/doors/test_masked_calls.py."""
    number = await with_police()
    await bureau_has_a_telephone(conn, vault)
    made = await bridging.call(conn, number, unit=POLICE, now=at("9 14:00"), tokens=tokens)
    owed = await conn.fetchrow("SELECT * FROM survey.masked_call")
    assert (owed["ref"], owed["person_id"], vault.open(owed["asker_cipher"])) == (
        made.ref,
        wang_fang,
        TELEPHONE,
    )
    assert owed["asker_words"] == (
        "这里是遂澜县社情民意调查中心。你单位申请了与0001号事项反映人的隐号通话，双方都看不到对方的号码。通话满15秒，作为已联系"
        "群众的凭据。准备好请按1，取消请按2。"
    )
    assert owed["person_words"] == (
        "您好，这里是遂澜县社情民意调查中心。有单位想和您通话，双方都看不到对方的号码。接通请按1，不接请按2。以后不想再接到这类电话，"
        "请按9。"
    )
    await conn.execute(
        "UPDATE survey.masked_call SET state = 'over', called_at = $1, joined_at = $2, over_at = $3, outcome = 'talked',"
        " seconds = 75",
        at("9 14:01"),
        at("9 14:02"),
        at("9 14:03"),
    )
    assert [await bridging.hear(conn), await bridging.hear(conn)] == [1, 0]
    assert await bridging.proof(conn, await moves.read(conn, number), POLICE) == at("9 14:03")
    told = (await reading.passport(conn, number)).events[-1]
    assert (told.event, told.actor, told.detail) == (
        "bridge_talk",
        POLICE,
        {"seconds": 75, "proof": True, "outcome": "talked"},
    )
    await cases.sign(conn, number, by=POLICE, now=at("9 14:30"))
    done = await cases.report_result(conn, number, by=POLICE, summary="路灯已修好", now=at("9 15:00"))
    assert (done.proof, done.returned) == ("bridged", None)


@pytest.mark.parametrize(("called_at", "outcome"), [("9 14:01", "declined"), (None, "expired")])
async def test_a_call_that_did_not_come_about_proves_nothing(
    conn: asyncpg.Connection,
    vault: Vault,
    with_police: With,
    tokens: Tokens,
    called_at: str | None,
    outcome: str,
) -> None:
    number = await with_police()
    await bureau_has_a_telephone(conn, vault)
    await bridging.call(conn, number, unit=POLICE, now=at("9 14:00"), tokens=tokens)
    await conn.execute(
        "UPDATE survey.masked_call SET state = 'over', called_at = $1, over_at = $2, outcome = $3, seconds = 0",
        at(called_at) if called_at else None,
        at("9 14:31"),
        outcome,
    )
    assert await bridging.hear(conn) == 1
    assert await bridging.proof(conn, await moves.read(conn, number), POLICE) is None
    told = [one.detail for one in (await reading.passport(conn, number)).events if one.event == "bridge_talk"]
    assert told == ([{"seconds": 0, "proof": False, "outcome": outcome}] if called_at else [])


async def test_a_unit_without_a_telephone_cannot_be_connected(
    conn: asyncpg.Connection, with_police: With, tokens: Tokens
) -> None:
    number = await with_police()
    with pytest.raises(NoUnitTelephone, match=f"No mobile number of unit {POLICE} is known"):
        await bridging.call(conn, number, unit=POLICE, now=at("9 14:00"), tokens=tokens)
    assert await conn.fetchval("SELECT count(*) FROM followup.bridge") == 0
