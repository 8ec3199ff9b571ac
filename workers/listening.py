"""Hears of work that another process has just made due, so that nobody waits for the next look.

Nothing depends on it: what is not heard, because the connection was lost or nobody listened yet, the sweep finds within a second.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog

from survey.store.outage import DOWN
from survey.store.pool import connection
from survey.store.waking import DUE_NOW

log = structlog.get_logger()
AWAY_S = 1.0
"""Real seconds until a lost connection is opened anew."""


@asynccontextmanager
async def listening(database_url: str, heard: Callable[[], None]) -> AsyncIterator[None]:
    """Calls `heard` whenever somebody commits a unit that is due at once, while the context lasts."""
    task = asyncio.create_task(_listen(database_url, heard), name="listening")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _listen(database_url: str, heard: Callable[[], None]) -> None:
    while True:
        try:
            await _until_lost(database_url, heard)
        except DOWN as error:
            log.warning("not listening; connecting again", error=type(error).__name__)
        await asyncio.sleep(AWAY_S)


async def _until_lost(database_url: str, heard: Callable[[], None]) -> None:
    lost = asyncio.Event()
    async with connection(database_url, application_name="minyi worker listening") as conn:
        conn.add_termination_listener(lambda _: lost.set())
        await conn.add_listener(DUE_NOW, lambda *_: heard())
        heard()  # of what was committed while nobody listened
        await lost.wait()
