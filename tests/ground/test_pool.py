"""Connections: jsonb as Python values, and no round trip that nobody asked for."""

from __future__ import annotations

from survey.store.pool import open_pool


async def test_jsonb_goes_in_and_comes_out_as_python_values(conn):
    words = {"回答": ["安全", None, 1.5, True]}

    assert await conn.fetchval("SELECT $1::jsonb", words) == words
    assert await conn.fetchval("SELECT $1::jsonb ->> '回答'", words) == '["安全", null, 1.5, true]'


async def test_a_connection_has_a_name_and_is_not_reset_on_release(database):
    pool = await open_pool(database, application_name="minyi-web", min_size=1, max_size=1)
    async with pool.acquire() as conn:
        assert await conn.fetchval("SHOW application_name") == "minyi-web"
        await conn.execute("SET statement_timeout = '123s'")
    async with pool.acquire() as conn:
        assert await conn.fetchval("SHOW statement_timeout") == "123s"
    await pool.close()
