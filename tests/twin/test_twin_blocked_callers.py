"""Networks that have come to block a number of ours: its calls ring nobody from then on, and its texts are filtered."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from twin_service import MONDAY, OURS, goodbye, named

from survey.twin.accounts import GivenNumber
from survey.twin.serve import Options

CLEAN = "+8615400000090"
PEOPLE = [f"+86154000008{i:02d}" for i in range(40)]


@pytest.fixture
def options(options: Options) -> Options:
    return replace(options, numbers=(GivenNumber(OURS), GivenNumber(CLEAN)))


async def rings(bench: Any, numbers: list[str], from_: str = OURS) -> list[Any]:
    """Everybody is rung once, and would pick up; the rows of those calls."""
    before = len(bench.carrier.ledger.calls)
    for number in numbers:
        bench.plant(number, answers=["answered"], temper="patient")
        await bench.twilio.calls.create_async(
            to=number, from_=from_, url=f"{bench.service.url}/voice/0", timeout=30
        )
    await bench.clock.run_out()
    return (await bench.ledger())["calls"][before:]


async def test_calls_from_a_blocked_number_fail_and_ring_nobody(bench):
    assert await bench.control("callers", {"number": OURS, "blocked": True}) == {}
    calls = await rings(bench, PEOPLE)
    endings = Counter((call["status"], call["sip"]) for call in calls)
    assert set(endings) == {("failed", 603), ("failed", 607), ("failed", 608), ("no-answer", 487)}
    assert endings["failed", 607] >= 5
    assert set(named(calls, "blocked", "rang", "rang_from", "answered_at", "from_")) == {
        (True, 0, None, None, OURS)
    }


async def test_another_number_of_ours_still_gets_through(bench):
    await bench.control("callers", {"number": OURS, "blocked": True})
    calls = await rings(bench, PEOPLE[:5], from_=CLEAN)
    assert set(named(calls, "status", "blocked", "rang")) == {("completed", False, 1)}


async def test_a_share_is_blocked_and_it_is_always_the_same_calls(bench):
    await bench.control("callers", {"number": OURS, "blocked": 0.4})
    first = await rings(bench, PEOPLE)
    stopped = [call["to"] for call in first if call["blocked"]]
    assert 8 <= len(stopped) <= 24
    bench.carrier.residents.clear()
    bench.carrier.ledger.calls.clear()
    again = await rings(bench, PEOPLE[::-1])
    assert sorted(call["to"] for call in again if call["blocked"]) == sorted(stopped)


async def test_from_a_moment_on_until_it_is_lifted(bench):
    at = (MONDAY + timedelta(hours=1)).isoformat()
    await bench.control("callers", {"number": OURS, "blocked": True, "at": at, "end": "unwanted"})
    statuses = []
    for hour in (0, 2, 3):
        await bench.clock.run(hours=1 if hour == 3 else hour)
        if hour == 3:
            await bench.control("callers", {"number": OURS, "blocked": False})
        [call] = await rings(bench, PEOPLE[:1])
        statuses.append((call["status"], call["sip"]))
    assert statuses == [("completed", None), ("failed", 607), ("completed", None)]
    blocks = (await bench.ledger())["callers"]
    assert named(blocks, "number", "blocked", "end") == [(OURS, 1.0, "unwanted"), (OURS, 0.0, None)]
    assert blocks[0]["at"] == at


async def test_texts_from_it_are_filtered(bench):
    bench.plant(PEOPLE[0], text_temper="digits")
    await bench.control("callers", [{"number": OURS, "blocked": True}])
    await bench.text(PEOPLE[0], "您感觉当地安全吗?1安全2比较安全3不太安全4不安全")
    await bench.clock.run_out()
    texts = (await bench.ledger())["texts"]
    assert named(texts, "direction", "status", "error_code", "blocked", "delivered_at") == [
        ("out", "undelivered", 30007, True, None)
    ]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"number": "+8615400000001", "blocked": True}, "no such number of ours"),
        ({"number": OURS, "blocked": 2}, "less than or equal to 1"),
        ({"number": OURS}, "blocked"),
        ({"number": OURS, "blocked": True, "end": "thunder"}, "blocked_callers"),
        ({"number": OURS, "blocked": True, "at": "2026-03-09T10:00"}, "timezone"),
        ({"number": OURS, "blocked": True, "why": "spam"}, "why"),
    ],
)
async def test_a_block_that_cannot_be(bench, wish, said):
    status, text = await bench.control("callers", wish)
    assert status == 400 and said in text
    assert (await bench.ledger())["callers"] == []


async def test_when_a_telephone_rang_and_when_it_stopped(bench):
    bench.service.script = lambda path, params: goodbye()
    bench.plant(PEOPLE[0], answers=["answered"], temper="patient")
    bench.plant(PEOPLE[1], answers=["no_answer"])
    bench.plant(PEOPLE[2], answers=["busy"])
    for number in PEOPLE[:3]:
        await bench.call(number, timeout=30)
    await bench.clock.run_out()
    answered, missed, busy = (await bench.ledger())["calls"]
    assert answered["rang_from"] < answered["rang_until"] == answered["answered_at"] < answered["ended_at"]
    assert missed["rang_from"] < missed["rang_until"] == missed["ended_at"]
    assert (busy["rang_from"], busy["rang_until"]) == (None, None)
