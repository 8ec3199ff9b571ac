"""A shift in a browser, the whole way: our doors and webhooks on one side, the carrier's twin on the other, and between them the
carrier's own wire over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import asyncpg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from doors_bench import Bench, Resident, at

from survey import browser_lines, linked_calls, linked_dialling, linked_operators, operating
from survey.access.signed_in import SignedIn
from survey.caller_settings import BrowserKey
from survey.channels.guarded import GuardedCarrier
from survey.channels.twilio.carrier import TwilioCarrier
from survey.dialing import Line
from survey.dialogue.inputs import Choice
from survey.ground import Ground
from survey.twin.api import application
from survey.twin.serve import Options, carrier_of
from survey.vault import Vault
from survey.web.linked import linked_routes
from survey.web.webhooks import Webhooks, activity_middleware
from tests.twin.twin_clock import VirtualClock

SID, TOKEN = "AC" + "0" * 32, "0123456789abcdef0123456789abcdef"
KEY = BrowserKey(SID, "SK" + "1" * 32, "a secret that is long enough to sign with")
LI = SignedIn(None, "1021", "李秀英", contractor=False, grants=())
SAFETY = "在目前的社会治安环境下,您感觉安全吗?安全请说一,比较安全请说二。"


@dataclass
class Wire:
    """Both sides, with short words for what a test does often."""

    bench: Bench
    clock: VirtualClock
    twin: str
    session: aiohttp.ClientSession

    async def control(self, path: str, body: Any) -> Any:
        headers = {"X-Twin-Token": "control"}
        async with self.session.post(f"{self.twin}/twin/{path}", json=body, headers=headers) as response:
            return await response.json()

    async def ledger(self) -> dict[str, tuple[str, str | None, int | None]]:
        """Of each call to whom: how it ended, who put the receiver down, and the SIP response."""
        headers = {"X-Twin-Token": "control"}
        async with self.session.get(f"{self.twin}/twin/ledger", headers=headers) as response:
            calls = (await response.json())["calls"]
        return {call["to"]: (call["status"], call["hung_up_by"], call["sip"]) for call in calls}

    async def registers(self) -> str:
        """李秀英's browser registers with a token of ours; under which name."""
        token = await browser_lines.hand_out(self.bench.ground, KEY, LI, "127.0.0.1")
        name: str = (await self.control("clients", {"token": token}))["name"]
        return name

    async def works(self, minutes: int = 3) -> None:
        """The worker does what is due, minute by minute."""
        for _ in range(minutes):
            await linked_operators.link(self.bench.ground, self.bench.line)
            await linked_dialling.dial_linked(self.bench.ground, self.bench.line, lambda: None)
            await linked_calls.end_lines(self.bench.ground, self.bench.line.carrier)
            await self.clock.run(minutes=1)

    async def duty(self) -> str:
        return await linked_operators.state_of(self.bench.ground, "1021")

    async def history(self) -> list[str]:
        rows = await self.bench.rows("SELECT state FROM survey.linked_operator_event ORDER BY id")
        return [state for (state,) in rows]

    async def resident(self) -> Resident:
        """王秀英 is due for an operator, patient, and will answer."""
        wang = await self.bench.resident("王秀英")
        await self.control(
            "residents", [{"number": wang.number, "temper": "patient", "answers": ["answered"]}]
        )
        await self.bench.survey(wang, "operator")
        await self.bench.run("UPDATE survey.campaign SET operator_dialling = 'progressive'")
        return wang


@pytest.fixture
async def wire(pool: asyncpg.Pool, vault: Vault) -> AsyncIterator[Wire]:
    clock, public = VirtualClock(at("9 10:00")), f"http://127.0.0.1:{unused_port()}"
    ground = Ground(pool, vault, clock)  # type: ignore[arg-type]
    options = Options(
        account_sid=SID, auth_token=TOKEN, token="control", seed=7, calls_per_second=100.0,
        api_keys=((KEY.sid, KEY.secret),),
    )  # fmt: skip
    webhooks = Webhooks(ground, auth_token=TOKEN, public_url=public)
    app = web.Application(middlewares=[activity_middleware(ground)])
    app.add_routes([*webhooks.routes(), *linked_routes(ground, verify=webhooks.verified)])
    async with (
        carrier_of(options, clock) as twin,  # type: ignore[arg-type]
        TestServer(application(twin, "control")) as there,
        TestServer(app, port=int(public.rsplit(":", 1)[1])),
        aiohttp.ClientSession() as session,
    ):
        base = str(there.make_url("")).rstrip("/")
        ours = TwilioCarrier(
            account_sid=SID, auth_token=TOKEN, numbers=["+8615400000000"], base_url=base, timeout_s=10, ring_s=30,
            longest_s=1800,
        )  # fmt: skip
        line = Line(GuardedCarrier(ours, "fictional"), public, 100.0, 100.0, 10.0)
        bench = Bench(ground, clock, None, line)  # type: ignore[arg-type]
        await bench.found_centre()
        yield Wire(bench, clock, base, session)
        await clock.close()
        await ours.close()


async def test_a_resident_is_connected_to_a_browser_and_interviewed(wire: Wire) -> None:
    wang, name = await wire.resident(), await wire.registers()
    assert await linked_operators.go_on_duty(wire.bench.ground, "1021", in_browser=True) == "wanted"
    await wire.works()
    assert await wire.duty() == "in_call"
    task = await operating.task_in_hand(wire.bench.ground, "1021")
    assert task is not None and task.linked
    said = await wire.control(f"desk/calls/{await wire.bench.sid(wang)}/say", {"text": SAFETY})
    assert said["meant"] is not None and not said["hung_up"]
    reply = await operating.answered(wire.bench.ground, task.ref, "1021")
    reply = await operating.say(wire.bench.ground, task.ref, "1021", Choice("1"))
    assert not reply.over
    await operating.hang_up(wire.bench.ground, task.ref)
    await wire.works()
    assert await wire.duty() == "ready"
    await wire.control(f"clients/{name}/gone", {})  # the window is closed
    await wire.works()
    assert await wire.history() == ["wanted", "calling", "ready", "in_call", "ready", "off"]
    assert await wire.ledger() == {
        f"client:{name}": ("completed", "resident", None),
        wang.number: ("completed", "service", None),
    }


async def test_a_window_that_is_closed_in_a_call_ends_it_and_the_operator_is_off_duty(wire: Wire) -> None:
    wang, name = await wire.resident(), await wire.registers()
    await linked_operators.go_on_duty(wire.bench.ground, "1021", in_browser=True)
    await wire.works()
    await wire.control(f"clients/{name}/gone", {})
    await linked_operators.leave(wire.bench.ground, "1021")
    await wire.works()
    assert await wire.history() == ["wanted", "calling", "ready", "in_call", "off"]
    assert (await wire.ledger())[wang.number][0] == "completed"


async def test_going_off_duty_at_the_desk_puts_the_browsers_receiver_down(wire: Wire) -> None:
    name = await wire.registers()
    await linked_operators.go_on_duty(wire.bench.ground, "1021", in_browser=True)
    await wire.works()
    await linked_operators.leave(wire.bench.ground, "1021")
    await wire.works()
    assert await wire.history() == ["wanted", "calling", "ready", "leaving", "off"]
    assert await wire.ledger() == {f"client:{name}": ("completed", "service", None)}


async def test_a_browser_that_is_not_registered_does_not_ring_and_nobody_is_dialled_for_it(
    wire: Wire,
) -> None:
    await wire.resident()
    await linked_operators.go_on_duty(wire.bench.ground, "1021", in_browser=True)
    await wire.works()
    browser = browser_lines.address_of(wire.bench.ground.vault, "1021")
    assert await wire.history() == ["wanted", "calling", "off"]
    assert await wire.ledger() == {browser: ("no-answer", None, 480)}
