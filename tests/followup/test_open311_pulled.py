"""Closed requests of another Open311 endpoint become closed cases that are called back, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from followup_county import CENTRE, VILLAGE, WATER, at
from systems_bench import HandClock, Tokens

from followup import reading
from followup.door_refusals import AddressNotAllowed, EndpointAway
from followup.open311.pulling import Endpoint, Pulled, pull
from followup.webhooks.guard import Guard
from survey.ground import Ground
from survey.importing import Brought
from survey.vault import Vault

REQUEST: dict[str, Any] = {
    "service_request_id": 638344,
    "status": "closed",
    "status_notes": "管道已换",
    "service_name": "城乡建设",
    "service_code": "006",
    "description": "自来水发黄",
    "agency_responsible": "Water Board",
    "requested_datetime": "2026-03-02T08:00:00Z",
    "updated_datetime": "2026-03-06T08:20:00Z",
    "address": "王庄村,柳河镇,遂澜县",
    "phone": "15400000001",
    "first_name": "芳",
    "last_name": "王",
    "lat": 32.9,
    "long": 113.9,
}


@dataclass
class Remote:
    """Another city's endpoint, with the requests that it has."""

    url: str = ""
    requests: Any = field(default_factory=list)
    status: int = 200
    asked: list[dict[str, str]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(dict(request.query))
        return web.json_response(self.requests, status=self.status)


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    one = Remote()
    app = web.Application()
    app.router.add_get("/v2/requests.json", one.answer)
    async with TestServer(app) as server:
        one.url = str(server.make_url("/v2"))
        yield one


@pytest.fixture
def ground(county: str, pool: asyncpg.Pool, vault: Vault, tokens: Tokens) -> Ground:
    return Ground(pool, vault, HandClock(at("9 10:00")), tokens=tokens)


async def pulled(ground: Ground, remote: Remote, *, days: int = 30, guard: Guard | None = None) -> Pulled:
    return await pull(
        ground,
        guard or Guard(loopback=True),
        Endpoint(remote.url, WATER, "city.gov", "their-key"),
        CENTRE,
        Brought("city.json", by="审核员", reason="回访", ground="结果反馈制度"),
        plan="fictional",
        days=days,
    )


async def test_a_closed_request_is_called_back_and_taken_once(
    conn: asyncpg.Connection, ground: Ground, remote: Remote
) -> None:
    nobody = {name: value for name, value in REQUEST.items() if name != "phone"} | {
        "service_request_id": "638345"
    }
    remote.requests = [REQUEST, nobody, REQUEST | {"service_request_id": "638346", "status": "open"}]
    done = await pulled(ground, remote)
    assert (done.closed, done.known) == (2, 0) and done.report is not None
    assert (done.report.kept, done.report.refused) == (1, 1)
    assert [(r.line, r.field) for r in done.report.refusals] == [(3, "number")]
    assert remote.asked == [
        {
            "status": "closed",
            "start_date": "2026-02-07T02:00:00Z",
            "end_date": "2026-03-09T02:00:00Z",
            "page": "1",
            "page_size": "1000",
            "jurisdiction_id": "city.gov",
            "api_key": "their-key",
        }
    ]
    case = await reading.passport(conn, done.report.numbers[0])
    assert (case.case.external_number, case.case.area_code, case.case.status) == (
        "638344",
        VILLAGE,
        "callback_pending",
    )
    assert (case.results[0].result_summary, case.results[0].reported_at) == ("管道已换", at("6 16:20"))
    remote.requests = [REQUEST]
    again = await pulled(ground, remote)
    assert (again.closed, again.known, again.report) == (1, 1, None)
    assert await conn.fetchval("SELECT count(*) FROM followup.callback") == 1


async def test_a_long_span_is_asked_for_in_parts(ground: Ground, remote: Remote) -> None:
    done = await pulled(ground, remote, days=200)
    assert (done.closed, done.report) == (0, None)
    assert [one["start_date"] for one in remote.asked] == [
        "2025-08-21T02:00:00Z",
        "2025-11-19T02:00:00Z",
        "2026-02-17T02:00:00Z",
    ]


@pytest.mark.parametrize(
    ("requests", "status", "why"),
    [
        ([], 503, "it answered 503"),
        ({"no": "list"}, 200, "no list of requests"),
        ([{"id": 1}], 200, "no list"),
    ],
)
async def test_an_endpoint_that_is_away_or_says_something_else_is_named(
    ground: Ground, remote: Remote, requests: Any, status: int, why: str
) -> None:
    remote.requests, remote.status = requests, status
    with pytest.raises(EndpointAway, match=why) as refused:
        await pulled(ground, remote)
    assert "their-key" not in str(refused.value)


async def test_inner_addresses_are_not_asked(ground: Ground, remote: Remote) -> None:
    with pytest.raises(AddressNotAllowed):
        await pulled(ground, remote, guard=Guard())
    assert remote.asked == []
