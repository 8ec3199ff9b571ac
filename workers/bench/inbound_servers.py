"""The three servers of `minyi bench inbound`, each a process of its own with one event loop.

`python -m workers.bench.inbound_servers NAME` serves on a free loopback port, which it writes as its first line; to each line
that it then reads it writes the seconds of processor time, user and system, that it has used since it began.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final

import uvloop
from aiohttp import web

from survey.settings import load_settings
from workers.bench.inbound_naive import naive
from workers.bench.inbound_requests import PATH
from workers.runtime import database_url, open_service
from workers.web import app_runner

Runner = AbstractAsyncContextManager[web.AppRunner]

HELLO: Final = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@asynccontextmanager
async def ours() -> AsyncIterator[web.AppRunner]:
    """The web process as it is."""
    async with open_service(load_settings(), "web") as service:
        yield await app_runner(service)


@asynccontextmanager
async def hello() -> AsyncIterator[web.AppRunner]:
    """The bare endpoint: the form is read, and nothing is done with it."""

    async def text(request: web.Request) -> web.Response:
        await request.post()
        return web.Response(text=HELLO, content_type="text/xml")

    yield _runner(text)


@asynccontextmanager
async def written_first() -> AsyncIterator[web.AppRunner]:
    """The naive build."""
    async with naive(database_url(load_settings())) as text:
        yield _runner(text)


def _runner(handler: Callable[[web.Request], Any]) -> web.AppRunner:
    app = web.Application()
    app.router.add_post(PATH, handler)
    return web.AppRunner(app, access_log=None)


SERVERS: Final[Mapping[str, Callable[[], Runner]]] = {"ours": ours, "hello": hello, "naive": written_first}


async def serve(name: str) -> None:
    """Until nothing more can be read."""
    async with SERVERS[name]() as runner:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        _say(runner.addresses[0][1])
        loop = asyncio.get_running_loop()
        while await loop.run_in_executor(None, sys.stdin.readline):
            _say(time.process_time())
        await runner.cleanup()


def _say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1]))
