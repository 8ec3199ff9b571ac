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

from .api import application
from .carrier import Account, Carrier
from .faults import Faults, parse_faults
from .limits import CallRate
from .town import town
from .webhooks import Poster

_LINGER_S = 1.0
_log = logging.getLogger("survey.twin")


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says. `port` 0 takes a free one; `clock` None is the wall clock."""

    account_sid: str
    auth_token: str
    token: str
    inbound_url: str | None = None
    inbound_voice_url: str | None = None
    inbound_status_url: str | None = None
    number: str = "+8615400000000"
    host: str = "127.0.0.1"
    port: int = 0
    port_file: Path | None = None
    seed: int = 1
    faults: str = "off"
    clock: str | None = None
    calls_per_second: float = 1.0


@contextlib.asynccontextmanager
async def carrier_of(options: Options, clock: Clock) -> AsyncIterator[Carrier]:
    """A carrier ready to be served. Raises ValueError for faults it does not know."""
    faults: Faults = parse_faults(options.faults, options.seed)
    account = Account(
        options.account_sid,
        options.auth_token,
        options.inbound_url,
        options.number,
        options.inbound_voice_url,
        options.inbound_status_url,
    )
    poster = Poster(options.account_sid, options.auth_token)
    try:
        carrier = Carrier(
            clock=clock,
            town=town(),
            seed=options.seed,
            account=account,
            poster=poster,
            rate=CallRate(options.calls_per_second),
            faults=faults,
        )
        try:
            yield carrier
        finally:
            await carrier.stop()
    finally:
        await poster.close()


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
