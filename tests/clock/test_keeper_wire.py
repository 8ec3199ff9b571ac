"""The keeper of time, spoken to by hand: it believes nobody who speaks of an earlier moment or who worked meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from workers.timekeeper import Timekeeper

START = datetime(2026, 3, 9, 0, 30, tzinfo=UTC)
NOON = START.timestamp()


class Hand:
    """A process played by hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    def say(self, **message: object) -> None:
        self.writer.write(json.dumps(message).encode() + b"\n")

    async def hear(self) -> dict[str, Any]:
        async with asyncio.timeout(30):
            message: dict[str, Any] = json.loads(await self._reader.readline())
        return message

    async def hears_nothing(self) -> bool:
        try:
            async with asyncio.timeout(0.2):
                await self._reader.readline()
        except TimeoutError:
            return True
        return False


@pytest.fixture
async def hand() -> AsyncIterator[Hand]:
    """The only process of a rehearsal; it has said hello and been told the time."""
    keeper = Timekeeper(START, frozenset({"web"}))
    parts = urlsplit(await keeper.serve())
    running = asyncio.create_task(keeper.run())
    hand = Hand(*await asyncio.open_connection(parts.hostname, parts.port))
    hand.say(hello="web")
    assert await hand.hear() == {"now": NOON, "step": 0}
    yield hand
    hand.writer.close()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await keeper.close()


async def test_an_idle_process_is_asked_once_more_and_then_time_moves(hand: Hand) -> None:
    assert await hand.hears_nothing()
    hand.say(idle=3, step=0)
    assert await hand.hear() == {"confirm": 1}
    hand.say(confirm=1, idle=True, count=3, due=NOON + 61)
    assert await hand.hear() == {"now": NOON + 65, "step": 1}


async def test_idle_said_of_an_earlier_moment_does_not_count(hand: Hand) -> None:
    hand.say(idle=0, step=0)
    await hand.hear()
    hand.say(confirm=1, idle=True, count=0, due=NOON + 60)
    assert await hand.hear() == {"now": NOON + 60, "step": 1}
    hand.say(idle=0, step=0)
    assert await hand.hears_nothing()
    hand.say(idle=1, step=1)
    assert await hand.hear() == {"confirm": 2}


async def test_whoever_worked_between_the_two_answers_is_asked_again(hand: Hand) -> None:
    hand.say(idle=0, step=0)
    assert await hand.hear() == {"confirm": 1}
    hand.say(confirm=1, idle=True, count=5, due=NOON + 60)  # five activities have begun and ended meanwhile
    assert await hand.hear() == {"confirm": 2}
    hand.say(idle=5, step=0)
    hand.say(confirm=2, idle=True, count=5, due=NOON + 90)
    while "confirm" in (heard := await hand.hear()):
        hand.say(confirm=heard["confirm"], idle=True, count=5, due=NOON + 90)
    assert heard == {"now": NOON + 90, "step": 1}


async def test_whoever_is_at_work_when_asked_is_waited_for(hand: Hand) -> None:
    hand.say(idle=0, step=0)
    assert await hand.hear() == {"confirm": 1}
    hand.say(confirm=1, idle=False, count=1, due=NOON + 60)
    assert await hand.hears_nothing()
    hand.say(idle=1, step=0)
    assert await hand.hear() == {"confirm": 2}
