"""A carrier on a virtual clock, a fake service, and the real `twilio` package as their client."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from twilio.rest import Client
from twin_clock import VirtualClock
from twin_service import MONDAY, OURS, SID, TOKEN, FakeService, TwinHttpClient

from survey.twin.api import application
from survey.twin.carrier import Carrier
from survey.twin.serve import Options, carrier_of


class Bench:
    """Everything a test of the carrier needs, with short words for what it does often."""

    def __init__(
        self, clock: VirtualClock, carrier: Carrier, service: FakeService, base: str, http: Any
    ) -> None:
        self.clock = clock
        self.carrier = carrier
        self.service = service
        self.base = base
        self.http = http
        self.twilio = Client(SID, TOKEN, http_client=http)
        self.session = aiohttp.ClientSession()

    def plant(self, number: str, **traits: Any) -> str:
        self.carrier.plant(number, traits)
        return number

    async def call(self, to: str, events: list[str] | None = None, **more: Any) -> Any:
        """Create a call whose document is at /voice/0."""
        wishes = {
            "url": f"{self.service.url}/voice/0",
            "status_callback": f"{self.service.url}/status",
        } | more
        return await self.twilio.calls.create_async(
            to=to, from_=OURS, status_callback_event=events or ["answered", "completed"], **wishes
        )

    async def text(self, to: str, body: str, **more: Any) -> Any:
        return await self.twilio.messages.create_async(to=to, from_=OURS, body=body, **more)

    async def control(self, path: str, body: Any = None, token: str = "control") -> Any:
        """Ask the control API: GET without a body, else POST."""
        method = "GET" if body is None else "POST"
        async with self.session.request(
            method, f"{self.base}/twin/{path}", json=body, headers={"X-Twin-Token": token}
        ) as response:
            if response.status != 200:
                return response.status, await response.text()
            return await response.json()

    async def ledger(self) -> Any:
        return await self.control("ledger")

    async def raw(self, method: str, path: str, **more: Any) -> tuple[int, Any, Any]:
        """A request to Twilio's REST without its package: status, JSON and headers."""
        auth = more.pop("auth", aiohttp.BasicAuth(SID, TOKEN))
        url = f"{self.base}/2010-04-01/Accounts/{SID}/{path}"
        async with self.session.request(method, url, auth=auth, **more) as response:
            return response.status, await response.json(), response.headers

    async def close(self) -> None:
        await self.session.close()
        await self.http.close()


@pytest.fixture
async def service() -> AsyncIterator[FakeService]:
    fake = FakeService()
    server = TestServer(fake.app())
    await server.start_server()
    fake.url = str(server.make_url("")).rstrip("/")
    yield fake
    await server.close()


@pytest.fixture
def options(service: FakeService) -> Options:
    return Options(
        account_sid=SID,
        auth_token=TOKEN,
        token="control",
        inbound_url=f"{service.url}/text",
        seed=7,
        calls_per_second=100.0,
    )


@pytest.fixture
def changes() -> str:
    """What differs from town.yaml."""
    return ""


@pytest.fixture
def faults() -> str:
    """What goes wrong on the way; a test module or class overrides it."""
    return "off"


@pytest.fixture
async def bench(service: FakeService, options: Options, faults: str, changes: str) -> AsyncIterator[Bench]:
    clock = VirtualClock(MONDAY)
    async with carrier_of(replace(options, faults=faults, town=changes), clock) as carrier:
        server = TestServer(application(carrier, "control"))
        await server.start_server()
        base = str(server.make_url("")).rstrip("/")
        own = Bench(clock, carrier, service, base, TwinHttpClient(base))
        yield own
        await own.close()
        await clock.close()
        await server.close()


@pytest.fixture(scope="session")
def openapi(shared_data: Path) -> Iterator[dict[str, Any]]:
    """Twilio's own description of its calls and messages."""
    path = shared_data / "carrier" / "twilio-openapi.json"
    yield json.loads(path.read_text(encoding="utf-8"))
