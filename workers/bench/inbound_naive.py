"""What `minyi bench inbound` is measured beside: the same endpoint as one would write it first. It keeps less: no input is kept
once only, no dialogue is stepped, and every reply is the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

import asyncpg
from aiohttp import web
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

from workers.bench.inbound_requests import PUBLIC_URL, TOKEN, number

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.Response]]

THANKS: Final = "谢谢。Thank you."

MAKE_TABLES = """
CREATE SCHEMA bench;
CREATE TABLE bench.thread (number text PRIMARY KEY, asked int NOT NULL);
CREATE TABLE bench.answer (
    number text NOT NULL REFERENCES bench.thread, question int NOT NULL, body text NOT NULL, at timestamptz NOT NULL
)"""


async def make_tables(conn: Any, threads: int) -> None:
    """A row for each thread."""
    await conn.execute(MAKE_TABLES)
    records = [(number(n), 0) for n in range(threads)]
    await conn.copy_records_to_table("thread", schema_name="bench", records=records)


COUNT_ANSWERS = """
SELECT count(*) FROM bench.answer"""


async def stored(conn: Any) -> int:
    """Answers that were kept, repeated ones each time."""
    found: int = await conn.fetchval(COUNT_ANSWERS)
    return found


LOCK_THREAD = """
SELECT asked FROM bench.thread WHERE number = $1 FOR UPDATE"""

INSERT_ANSWER = """
INSERT INTO bench.answer (number, question, body, at) VALUES ($1, $2, $3, now())"""

ASK_NEXT = """
UPDATE bench.thread SET asked = $2 WHERE number = $1"""


@asynccontextmanager
async def naive(database_url: str) -> AsyncIterator[Handler]:
    """As one would write it first: the package's validator, a transaction of three statements by the pool as it comes, and
    the package's reply."""
    pool = await asyncpg.create_pool(database_url, min_size=2, max_size=10)

    async def text(request: web.Request) -> web.Response:
        form = await request.post()
        signature = request.headers.get("X-Twilio-Signature", "")
        if not RequestValidator(TOKEN).validate(PUBLIC_URL + request.path_qs, form, signature):
            raise web.HTTPForbidden
        number = str(form["From"])
        async with pool.acquire() as conn, conn.transaction():
            asked = await conn.fetchval(LOCK_THREAD, number)
            await conn.execute(INSERT_ANSWER, number, asked, str(form["Body"]))
            await conn.execute(ASK_NEXT, number, asked + 1)
        reply = MessagingResponse()
        reply.message(THANKS)
        return web.Response(text=str(reply), content_type="text/xml")

    async with pool:
        yield text
