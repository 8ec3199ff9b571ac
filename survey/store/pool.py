"""Connections to Postgres: jsonb as Python values, no reset on release, a name that an operator can read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg


async def open_pool(
    database_url: str, *, application_name: str = "minyi", min_size: int = 2, max_size: int = 10
) -> asyncpg.Pool:
    """An open pool; the caller closes it.

    Releasing a connection does not reset it (that would be one more round trip per request), so no code may
    leave session state behind: no SET, no session advisory lock, no LISTEN on a pooled connection.
    Raises asyncpg's and the operating system's connection errors unchanged.
    """
    return await asyncpg.create_pool(
        database_url,
        min_size=min_size,
        max_size=max_size,
        init=_make_ready,
        reset=_leave_as_it_is,
        server_settings=_session(application_name),
    )


@asynccontextmanager
async def connection(
    database_url: str, *, application_name: str = "minyi"
) -> AsyncIterator[asyncpg.Connection]:
    """One connection of its own, for a command that needs no pool; closed at the end."""
    conn = await asyncpg.connect(database_url, server_settings=_session(application_name))
    try:
        await _teach_jsonb(conn)
        yield conn
    finally:
        await conn.close()


def _session(application_name: str) -> dict[str, str]:
    """What holds for a session. Tables lie in memory or on flash, where a page from anywhere costs no more than the next one. At
    Postgres's own 4 a plan made while a table is small reads all of it, and is kept while the first wave fills the table: the
    plans of foreign keys too, so that each attempt looked through all contacts."""
    return {"application_name": application_name, "random_page_cost": "1.1"}


KINDS_OF_LISTS = """
SELECT NULL::bigint[], NULL::int[], NULL::bool[], NULL::float8[], NULL::timestamptz[], NULL::date[],
       NULL::jsonb[], NULL::bytea[]"""
"""The driver looks a kind of list up when a connection first meets it, which takes longer than most statements."""


async def _make_ready(conn: asyncpg.Connection) -> None:
    """A pooled connection learns beforehand what its first request would wait for."""
    await _teach_jsonb(conn)
    await conn.prepare(KINDS_OF_LISTS)


async def _teach_jsonb(conn: asyncpg.Connection) -> None:
    await conn.set_type_codec("jsonb", schema="pg_catalog", encoder=_encode, decoder=_decode, format="text")


def _encode(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _decode(text: str) -> Any:
    """Most columns of most rows are empty objects: those need no parser."""
    return {} if text == "{}" else json.loads(text)


async def _leave_as_it_is(conn: asyncpg.Connection) -> None:
    """Instead of asyncpg's reset, which costs a round trip."""
