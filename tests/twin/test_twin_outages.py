"""A carrier whose REST is out for a while: 5xx, silence, or broken connections; what is under way goes on."""

import asyncio
from typing import Any

import aiohttp
import pytest
from twin_service import SAFETY, gather, goodbye, named

LI = "+8615400000911"


def a_call_to(bench: Any) -> dict[str, str]:
    return {"To": LI, "From": "+8615400000000", "Url": f"{bench.service.url}/voice/0"}


async def test_for_some_minutes_every_request_is_answered_503_and_nothing_is_made(bench):
    outage = await bench.control("outage", {"minutes": 10, "kind": "5xx"})
    assert (outage["at"], outage["until"]) == ("2026-03-09T02:00:00+00:00", "2026-03-09T02:10:00+00:00")
    for method, path, more in (
        ("POST", "Calls.json", {"data": a_call_to(bench)}),
        ("GET", "Messages.json", {}),
    ):
        status, body, _ = await bench.raw(method, path, **more)
        assert (status, body["code"]) == (503, 20503)
    ledger = await bench.ledger()
    assert (ledger["calls"], named(ledger["outages"], "kind", "requests")) == ([], [("5xx", 2)])
    await bench.clock.run(minutes=10)
    status, _, _ = await bench.raw("POST", "Calls.json", data=a_call_to(bench))
    assert status == 201


async def test_a_carrier_that_hangs_takes_the_request_and_never_answers(bench):
    await bench.control("outage", {"minutes": 10, "kind": "hang"})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await bench.raw("POST", "Calls.json", data=a_call_to(bench))
    await bench.clock.run_out()
    assert (await bench.ledger())["calls"] == []


async def test_a_carrier_that_breaks_connections_off(bench):
    await bench.control("outage", {"minutes": 10, "kind": "refuse"})
    with pytest.raises(aiohttp.ClientConnectionError):
        await bench.raw("POST", "Calls.json", data=a_call_to(bench))
    assert (await bench.ledger())["calls"] == []


async def test_a_call_under_way_goes_on(bench):
    bench.plant(LI, temper="patient", answers=["answered"], opinions={"safety": "安全"})
    bench.service.script = lambda path, params: (
        gather(SAFETY, "/voice/1") if path == "/voice/0" else goodbye()
    )
    await bench.call(LI)
    await bench.control("outage", {"minutes": 60, "kind": "5xx"})
    await bench.clock.run_out()
    [call] = (await bench.ledger())["calls"]
    assert (call["status"], [key["digits"] for key in call["keys"]]) == ("completed", ["1"])


async def test_an_outage_that_is_ordered_for_later(bench):
    await bench.control("outage", {"minutes": 5, "kind": "5xx", "at": "2026-03-09T11:00:00+08:00"})
    statuses = []
    for _ in range(3):
        statuses.append((await bench.raw("GET", "Calls.json"))[0])
        await bench.clock.run(minutes=60)
    assert statuses == [200, 503, 200]


@pytest.mark.parametrize(
    "wish", [{"minutes": 0, "kind": "5xx"}, {"minutes": 5, "kind": "fire"}, {"kind": "5xx"}]
)
async def test_an_outage_that_cannot_be(bench, wish):
    assert (await bench.control("outage", wish))[0] == 400
    assert (await bench.raw("GET", "Calls.json"))[0] == 200
