"""What every database needs beside its schema before a worker can do its rounds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from survey.dispatch_policy import dispatch_policy
from survey.store import text_poll

IS_POLLED = """
SELECT EXISTS (SELECT FROM survey.text_poll)"""


async def begin_polling(conn: Any, now: datetime) -> None:
    """From now on texts whose webhook was lost are fetched from the carrier; a database that polls stays as it is."""
    if await conn.fetchval(IS_POLLED):
        return
    every = timedelta(seconds=dispatch_policy().poll_texts_every_s)
    await text_poll.polled(conn, now, now + every)
