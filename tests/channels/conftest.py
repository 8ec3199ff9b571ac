"""A small carrier and the adapter that speaks to it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from small_carrier import ACCOUNT, OURS, SmallCarrier

from survey.channels.twilio.carrier import TwilioCarrier


@pytest.fixture
def small_carrier() -> SmallCarrier:
    return SmallCarrier()


@pytest.fixture
async def adapter(small_carrier: SmallCarrier) -> AsyncIterator[TwilioCarrier]:
    """Our adapter, patient enough for a machine that does much else: real seconds."""
    async for carrier in _speaking_to(small_carrier, timeout_s=30):
        yield carrier


@pytest.fixture
async def impatient_adapter(small_carrier: SmallCarrier) -> AsyncIterator[TwilioCarrier]:
    """Our adapter, which waits half a second: for a carrier that never answers."""
    async for carrier in _speaking_to(small_carrier, timeout_s=0.5):
        yield carrier


async def _speaking_to(small_carrier: SmallCarrier, *, timeout_s: float) -> AsyncIterator[TwilioCarrier]:
    async with TestServer(small_carrier.application()) as server:
        carrier = TwilioCarrier(
            account_sid=ACCOUNT,
            auth_token="t" * 32,
            numbers=[OURS],
            base_url=str(server.make_url("/")),
            timeout_s=timeout_s,
            ring_s=30,
            longest_s=1800,
        )
        yield carrier
        small_carrier.stop.set()
        await carrier.close()


@pytest.fixture(scope="session")
def description(shared_data: Path) -> dict[str, Any]:
    """Twilio's own description of its calls and messages."""
    path = shared_data / "carrier" / "twilio-openapi.json"
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document
