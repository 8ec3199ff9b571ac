"""The client of the twin's control API against the twin itself."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from survey.clock import RealClock
from survey.twin.api import application
from survey.twin.serve import Options, carrier_of
from workers.agreement.ledger import Ledger, LedgerMalformed
from workers.rehearsal.twin_control import (
    DeskReply,
    Matter,
    Truth,
    TwinControl,
    TwinErrors,
    TwinHealth,
    TwinRefused,
)

LIU, HE = "+8615400000006", "+8615400000008"
PATIENT = {"temper": "patient", "answers": ["answered"]}


@pytest.fixture
async def url() -> AsyncIterator[str]:
    options = Options(account_sid="AC" + "0" * 32, auth_token="secret", token="control")
    async with carrier_of(options, RealClock()) as carrier:
        server = TestServer(application(carrier, options.token))
        await server.start_server()
        yield str(server.make_url("/"))
        await server.close()


@pytest.fixture
async def control(url: str) -> AsyncIterator[TwinControl]:
    async with aiohttp.ClientSession() as session:
        yield TwinControl(url, "control", session)


async def test_a_talk_at_the_desk_and_its_place_in_the_ledger(control: TwinControl) -> None:
    await control.residents([{"number": LIU, **PATIENT, "opinions": {"safety": "安全"}}])
    call = await control.desk_call(LIU, "a-liu")
    reply = await control.desk_say(call.id, "您感觉安全吗?安全、比较安全、不太安全,还是不安全?")
    await control.desk_hangup(call.id)
    await control.desk_hangup(call.id)

    assert call.outcome == "answered"
    assert reply == DeskReply(reply.heard, "安全", "answer", hung_up=False, takes_s=reply.takes_s)
    assert "安全" in str(reply.heard)
    (row,) = (await control.ledger()).calls
    assert (row.key, row.kind, row.reference, row.status, row.rang) == (
        call.id,
        "desk",
        "a-liu",
        "completed",
        1,
    )
    assert [(one.prompt, one.heard, one.meant) for one in row.spoken] == [
        ("您感觉安全吗?安全、比较安全、不太安全,还是不安全?", reply.heard, "安全")
    ]


async def test_what_really_happened_to_a_case_is_what_its_resident_thinks(control: TwinControl) -> None:
    await control.residents([{"number": LIU, **PATIENT}, {"number": HE, **PATIENT}])
    await control.matters(
        [
            Matter(LIU, "0037", 1, worked_on=False, contacted=True),
            Matter(HE, "0038", 1, worked_on=True, contacted=True),
        ]
    )
    call = await control.desk_call(LIU, "a-liu")
    reply = await control.desk_say(call.id, "您反映的0037号事项,问题解决了吗?已解决、部分解决,还是未解决?")

    assert reply.meant in ("已解决", "部分解决", "未解决")


async def test_the_planted_truth(control: TwinControl) -> None:
    await control.residents(
        [
            {"number": LIU, **PATIENT, "opinions": {"safety": "safe"}},
            {"number": HE, **PATIENT, "opinions": {"safety": "unsafe"}},
        ]
    )

    assert await control.truth([LIU, HE]) == Truth(safe=0.5, n=2)


async def test_nothing_happened_yet(control: TwinControl) -> None:
    await control.matters([])
    await control.residents([])

    assert await control.ledger() == Ledger((), (), ())
    assert await control.errors() == TwinErrors((), ())
    assert await control.health() == TwinHealth(ok=True)


async def test_a_wrong_token_is_refused_by_name(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(TwinRefused, match="the twin refused GET /twin/ledger with HTTP 401"):
            await TwinControl(url, "wrong", session).ledger()


def test_a_ledger_of_another_shape_is_refused_with_its_place() -> None:
    row = {"number": LIU, "at": "2026-03-09T01:30:00", "said": "9", "via": "CA1"}

    with pytest.raises(
        LedgerMalformed, match=r"opt_outs\[0\]: ValueError the ledger's moment .* has no time zone"
    ):
        Ledger.from_json({"calls": [], "texts": [], "opt_outs": [row]})
    with pytest.raises(LedgerMalformed, match="calls"):
        Ledger.from_json({})
