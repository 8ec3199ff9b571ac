"""Fifty operators at once on the desk's own pages: how long the next person takes to come, beside the bare claim; and, though the
web process is killed in the middle, nobody given twice and nothing lost. docs/benchmarks.md says what is in it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, Final

import aiohttp

from survey.access import granting
from survey.access.passwords import Passwords, first_password
from survey.access.roles import Grant
from survey.store import accounts
from survey.store.pool import connection, open_pool
from workers.bench import tick_reference
from workers.bench.desk_check import Found, check
from workers.bench.desk_seat import Book, Seat
from workers.bench.dialogue import Progress
from workers.bench.outcome import Bar, Outcome, Series
from workers.bench.sending import quantile
from workers.bench.sending_world import Sending, open_sending
from workers.bench.tick_town import CENTRE, SETTLE

ANY_PACE: Final = 100.0
CONNECTIONS: Final = 10
"""Of the bare claims: as many as the web process has."""
SIGN_IN_AT_ONCE: Final = 4
BARS: Final = (
    Bar("next", "下一位/裸领取 p99 next person : bare claim", "next_p99", "bare_p99", "at_most", 3.0),
    Bar("given_twice", "给了两次 given twice", "given_twice", None, "at_most", 0.0),
    Bar("lost", "丢失 lost", "lost", None, "at_most", 0.0),
    Bar("doubled", "重复 doubled", "doubled", None, "at_most", 0.0),
    Bar("left_open", "没有结束 left open", "left_open", None, "at_most", 0.0),
)


@dataclass
class Bench:
    """One run. `pause_s`: how long an operator takes for a stroke; `kills`: how often the web process is killed meanwhile."""

    operators: int
    minutes: float
    pause_s: float
    people: int
    kills: int
    show: Progress
    book: Book = field(default_factory=Book)

    async def run(self) -> Outcome:
        """On servers of its own, which are gone afterwards. Raises DeskRefused, SupervisorError."""
        self.show("启动 starting", 0, 1)
        async with open_sending(self.people, ANY_PACE, 1, mode="operator", line="assigned") as world:
            await self._lay(world)
            async with self._seats(world) as seats:
                try:
                    await self._work(world, seats)
                except BaseExceptionGroup as group:
                    raise group.exceptions[0] from None
            calls = (await world.twin.raw_ledger())["calls"]
            async with connection(_url(world), application_name="bench") as conn:
                found = await check(conn, self.book, calls)
            return self._outcome(found, world.supervisor.restarts["web"])

    async def _lay(self, world: Sending) -> None:
        """Everybody is due, and as many rows of the bare claim."""
        due = world.ground.clock.now()
        moments = [due - timedelta(seconds=1200 * n / self.people) for n in range(self.people, 0, -1)]
        await world.release(world.people, moments)
        async with connection(_url(world), application_name="bench") as conn:
            await conn.execute(SETTLE)
            await tick_reference.lay(conn, self.people)

    @asynccontextmanager
    async def _seats(self, world: Sending) -> AsyncIterator[list[Seat]]:
        async with AsyncExitStack() as stack:
            pool = await open_pool(_url(world), application_name="bench", max_size=CONNECTIONS)
            stack.push_async_callback(pool.close)
            password = first_password()
            names = await _hire(world, self.operators, password)
            seats = []
            for name in names:
                jar = aiohttp.CookieJar(unsafe=True)
                session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
                url = world.settings.public_url
                seat = Seat(
                    name, password, url, world.twin, pool, self.book, self.pause_s, Random(name), session
                )
                seats.append(seat)
            for begin in range(0, len(seats), SIGN_IN_AT_ONCE):
                await asyncio.gather(*(seat.sign_in() for seat in seats[begin : begin + SIGN_IN_AT_ONCE]))
            yield seats

    async def _work(self, world: Sending, seats: list[Seat]) -> None:
        """All at once until the time is up; the web process is killed at even distances."""
        lasts = self.minutes * 60
        began = time.monotonic()
        strikes = [began + lasts * (n + 1) / (self.kills + 1) for n in range(self.kills)]
        async with asyncio.TaskGroup() as group:
            for seat in seats:
                group.create_task(seat.work(began + lasts))
            while (now := time.monotonic()) < began + lasts:
                self.show("拨打 at work", round(now - began), round(lasts))
                if strikes and now >= strikes[0]:
                    strikes.pop(0)
                    os.kill(world.supervisor.pid("web"), signal.SIGKILL)
                await asyncio.sleep(min(1.0, (strikes[0] if strikes else began + lasts) - now))

    def _outcome(self, found: Found, killed: int) -> Outcome:
        book = self.book
        series = {
            f"{name}_{share}": Series(f"{words} {share}", "ms", (quantile(figures, part),))
            for name, words, figures in (
                ("bare", "裸领取 bare claim", book.bare_ms),
                ("next", "下一位 next person", book.next_ms),
                ("page", "下一位,到页面 until the page is there", book.page_ms),
            )
            for share, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
        }
        series["away"] = Series("断开最久 longest away", "s", (book.away_s,))
        for name, words, n in (
            ("given_twice", "给了两次 given twice", found.given_twice),
            ("lost", "丢失 lost", found.lost),
            ("doubled", "重复 doubled", found.doubled),
            ("left_open", "没有结束 left open", found.left_open),
        ):
            series[name] = Series(words, "", (float(n),))
        sizes = {
            "operators": self.operators,
            "people": self.people,
            "calls": len(book.given),
            "outcomes": len(book.outcomes),
            "inputs": len(book.inputs),
            "interrupted": book.interrupted,
            "web_killed": killed,
        }
        return Outcome.of("desk", sizes, series, BARS)


async def _hire(world: Sending, operators: int, password: str) -> list[str]:
    """So many operators with an account and one password that they need not change."""
    passwords = Passwords()
    hashed = await passwords.hash(password)
    names = [f"{1001 + n}" for n in range(operators)]
    for name in names:
        made = await granting.add(
            world.ground, passwords, name, called=name, employment="staff",
            grants=[Grant("surveyor", CENTRE)], by="bench",
        )  # fmt: skip
        async with world.ground.pool.acquire() as conn:
            now = world.ground.clock.now()
            await accounts.set_password(conn, made.account.id, hashed, must_change=False, now=now)
    return names


def _url(world: Sending) -> Any:
    assert world.settings.database_url is not None
    return world.settings.database_url


async def desk(
    operators: int, minutes: float, pause_s: float, people: int, kills: int, show: Progress
) -> Outcome:
    """Measure it once. Raises DeskRefused, SupervisorError where the service does not come up."""
    return await Bench(operators, minutes, pause_s, people, kills, show).run()
