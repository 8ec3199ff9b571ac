"""The carrier as a process: on loopback unless told otherwise, on a free port if none is given, until it is told to stop."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from survey.clock import Clock, open_clock

from .accounts import (
    CALLS_PER_SECOND,
    NUMBER,
    SEGMENTS_PER_SECOND,
    Account,
    GivenAccount,
    GivenNumber,
    accounts_of,
)
from .api import application
from .carrier import Carrier
from .clients import Clients
from .faults import Faults, parse_faults
from .limits import Rate
from .town import town
from .webhooks import Poster

_LINGER_S = 1.0
_log = logging.getLogger("survey.twin")


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says. `port` 0 takes a free one; `clock` None is the wall clock. `account_sid` is the first
    account and `accounts` are the others; `number` is its number where `numbers` says nothing else. `queue_s`: how many
    seconds of calls and texts may wait; None refuses calls that come too fast, and sends texts at once. `town`: what differs
    from town.yaml, a JSON object. `api_keys`: sid and secret of the keys that sign access tokens of browsers."""

    account_sid: str
    auth_token: str
    token: str
    inbound_url: str | None = None
    inbound_voice_url: str | None = None
    inbound_status_url: str | None = None
    number: str = NUMBER
    numbers: tuple[GivenNumber, ...] = ()
    accounts: tuple[GivenAccount, ...] = ()
    host: str = "127.0.0.1"
    port: int = 0
    port_file: Path | None = None
    seed: int = 1
    faults: str = "off"
    town: str = ""
    clock: str | None = None
    calls_per_second: float = CALLS_PER_SECOND
    segments_per_second: float = SEGMENTS_PER_SECOND
    queue_s: float | None = None
    api_keys: tuple[tuple[str, str], ...] = ()

    def customers(self) -> tuple[Account, ...]:
        """The accounts, the first being `account_sid`. Raises ValueError where they and the numbers do not fit."""
        first = GivenAccount(self.account_sid, self.auth_token)
        return accounts_of(
            (first, *self.accounts),
            self.numbers or (GivenNumber(self.number),),
            self.inbound_url,
            self.inbound_voice_url,
            self.inbound_status_url,
        )


@contextlib.asynccontextmanager
async def carrier_of(options: Options, clock: Clock) -> AsyncIterator[Carrier]:
    """A carrier ready to be served. Raises ValueError for faults it does not know, and a town or accounts that do not fit."""
    faults: Faults = parse_faults(options.faults, options.seed)
    first, *rest = options.customers()
    async with contextlib.AsyncExitStack() as posting:
        posters = {one.sid: Poster(one.sid, one.auth_token) for one in (first, *rest)}
        for poster in posters.values():
            posting.push_async_callback(poster.close)
        carrier = Carrier(
            clock=clock,
            town=town(options.town),
            seed=options.seed,
            account=first,
            poster=posters[first.sid],
            rate=Rate(first.calls_per_second or options.calls_per_second),
            faults=faults,
            others={one.sid: one for one in rest},
            posters=posters,
            rates={one.sid: Rate(one.calls_per_second or options.calls_per_second) for one in rest},
            queue_s=options.queue_s,
            segments_per_second=options.segments_per_second,
            clients=Clients(dict(options.api_keys)),
        )
        try:
            yield carrier
        finally:
            await carrier.stop()


async def serve(options: Options) -> None:
    """Serve until SIGTERM or SIGINT; calls under way end with the process."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    clock = await open_clock(options.clock, "twin")
    async with carrier_of(options, clock) as carrier:
        runner = web.AppRunner(
            application(carrier, options.token), access_log=None, shutdown_timeout=_LINGER_S
        )
        await runner.setup()
        try:
            port = await _listen(runner, options.host, options.port)
            _tell(options.port_file, port)
            _log.info("the carrier listens on %s:%d", options.host, port)
            await stop.wait()
        finally:
            await runner.cleanup()
    await clock.close()


async def _listen(runner: web.AppRunner, host: str, port: int) -> int:
    site = web.TCPSite(runner, host, port)
    await site.start()
    address: tuple[str, int] = runner.addresses[0]
    return address[1]


def _tell(port_file: Path | None, port: int) -> None:
    """Write the port whole or not at all, for whoever waits for the file."""
    if port_file is None:
        return
    partial = port_file.with_name(port_file.name + ".partial")
    partial.write_text(str(port), encoding="utf-8")
    partial.replace(port_file)
