"""An inbound text, from the signed webhook to the reply after the commit, beside the bare endpoint and the naive build."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Final

from survey.channels.twilio import twiml
from survey.settings import Settings
from survey.store.migrate import migrate, migrations_of
from survey.store.pool import connection
from workers.bench import inbound_naive
from workers.bench.dialogue import Progress
from workers.bench.folder import bench_folder
from workers.bench.inbound_load import Count, Order
from workers.bench.inbound_requests import BODIES, PUBLIC_URL, TOKEN
from workers.bench.inbound_servers import HELLO, SERVERS
from workers.bench.inbound_threads import Miscounted, check_kept, lay_threads
from workers.bench.outcome import Bar, Outcome, Series
from workers.embedded import Services, embedded_services
from workers.runtime import MIGRATIONS, open_ground

ANSWERS_PER_SECOND: Final = 7000
"""More than any of the three serves on the machines we know; where more is served, a round ends early."""
WARM_UP: Final = (60.0, 200)
"""Seconds at the most, and threads: until each question was asked and answered often enough for all that is made once."""
WORDS: Final = {"ours": "民意 Minyi", "hello": "空端点 bare endpoint", "naive": "朴素实现 naive build"}

BARS: Final = (
    Bar("cpu_to_hello", "处理器时间 CPU, 民意 Minyi : 空端点 bare endpoint", "ours_cpu", "hello_cpu", "at_most", 2.5),
    Bar("rate_to_naive", "每秒答数 rate, 民意 Minyi : 朴素实现 naive build", "ours_rate", "naive_rate", "at_least", 3.0),
)  # fmt: skip


class Child:
    """A process of the bench that answers each line by a line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def line(self) -> str:
        """Its next line. Raises Miscounted if it has ended."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise Miscounted("a process of the bench ended early; what it said stands above.")
        return line.decode()

    async def ask(self, words: str = "") -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{words}\n".encode())
        return await self.line()


@dataclass(slots=True)
class Bench:
    """One run. `threads`: residents who answer in each measurement, at the most; `beside`: so many further threads are open."""

    rounds: int
    seconds: float
    connections: int
    show: Progress
    beside: int = 0
    sent: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SERVERS, 0))
    measured: dict[str, list[float]] = field(default_factory=dict)

    @property
    def threads(self) -> int:
        return max(self.connections, int(self.seconds * ANSWERS_PER_SECOND / len(BODIES)))

    @property
    def laid(self) -> int:
        """All threads: those of the warm-up, those of the rounds, and those beside."""
        return WARM_UP[1] + self.rounds * self.threads + self.beside

    async def run(self, services: Services) -> Outcome:
        """On an empty database. Raises Miscounted where what was kept is not what was sent."""
        async with AsyncExitStack() as stack:
            settings = Settings(
                database_url=services.database_url, data_dir=services.data_dir, public_url=PUBLIC_URL
            )
            self.show("threads", 0, (self.rounds + 1) * len(SERVERS))
            replies = await self._lay(settings)
            load = await stack.enter_async_context(child({}, "workers.bench.inbound_load"))
            environment = _environment(services, settings)
            servers = {
                name: await stack.enter_async_context(
                    child(environment, "workers.bench.inbound_servers", name)
                )
                for name in SERVERS
            }
            await self._measure(load, servers, replies)
            async with connection(services.database_url) as conn:
                await check_kept(conn, self.sent["ours"])
        return self._outcome()

    async def _lay(self, settings: Settings) -> dict[str, Sequence[str]]:
        async with connection(settings.database_url or "") as conn:
            await migrate(conn, migrations_of(MIGRATIONS))
            await inbound_naive.make_tables(conn, self.laid)
        async with open_ground(settings, "bench", pool_size=2) as ground:
            ours = await lay_threads(ground, settings.centre, self.laid)
        texts = len(BODIES)
        return {
            "ours": ours,
            "hello": [HELLO] * texts,
            "naive": [twiml.message(inbound_naive.THANKS)] * texts,
        }

    async def _measure(
        self, load: Child, servers: dict[str, Child], replies: dict[str, Sequence[str]]
    ) -> None:
        ports = {name: int(await server.line()) for name, server in servers.items()}
        for number in range(self.rounds + 1):
            for place, name in enumerate(SERVERS):
                self.show(WORDS[name], number * len(SERVERS) + place, (self.rounds + 1) * len(SERVERS))
                seconds, threads = (self.seconds, self.threads) if number else WARM_UP
                first = WARM_UP[1] + (number - 1) * self.threads if number else 0
                order = Order(ports[name], self.connections, seconds, first, threads, replies[name])
                before = float(await servers[name].ask())
                count = Count(**json.loads(await load.ask(json.dumps(asdict(order)))))
                cpu = float(await servers[name].ask()) - before
                if count.wrong is not None:
                    raise Miscounted(f"{name} gave another reply than it should: {count.wrong}")
                self.sent[name] += count.answers
                if number:  # the warm-up does not count
                    self.measured.setdefault(f"{name}_cpu", []).append(cpu / count.served * 1e6)
                    self.measured.setdefault(f"{name}_rate", []).append(count.served / count.seconds)

    def _outcome(self) -> Outcome:
        series = {
            f"{name}_{kind}": Series(words, unit, tuple(self.measured[f"{name}_{kind}"]))
            for kind, unit in (("cpu", "us CPU"), ("rate", "1/s"))
            for name, words in WORDS.items()
        }
        sizes = {"connections": self.connections, "threads": self.laid, "answers": self.sent["ours"]}
        return Outcome.of("inbound", sizes, series, BARS)


@asynccontextmanager
async def child(environment: dict[str, str], module: str, *arguments: str) -> AsyncIterator[Child]:
    """Started, and ended on leaving."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **environment}, limit=1 << 20,
    )  # fmt: skip
    try:
        yield Child(process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _environment(services: Services, settings: Settings) -> dict[str, str]:
    return {
        "DATABASE_URL": services.database_url,
        "REDIS_URL": services.redis_url,
        "MINYI_DATA_DIR": str(settings.data_dir),
        "MINYI_PUBLIC_URL": PUBLIC_URL,
        "MINYI_CARRIER_AUTH_TOKEN": TOKEN,
        "MINYI_CARRIER_ACCOUNT_SID": "AC00000000000000000000000000000000",
        "MINYI_LOG_LEVEL": "WARNING",
    }


async def inbound(
    rounds: int, seconds: float, connections: int, show: Progress, *, ten_times: bool = False
) -> Outcome:
    """On servers of its own, which are gone afterwards; `ten_times`: again among ten times as many open threads."""
    outcome = await _alone(Bench(rounds, seconds, connections, show))
    if not ten_times:
        return outcome
    bench = Bench(rounds, seconds, connections, show)
    bench.beside = 9 * bench.laid
    larger = await _alone(bench)
    return replace(outcome, larger=larger)


async def _alone(bench: Bench) -> Outcome:
    with bench_folder() as folder:
        async with embedded_services(Settings(data_dir=folder), purpose="tests") as services:
            return await bench.run(services)
