"""Every page on a large database: how long the server takes, and whether any of its statements reads a large table to its end.

Each role goes where links lead, two clicks from home. The statements that the pages ran are planned again with the values that
they ran with; a sequential scan of a table of many rows is a fault, whoever opens the page.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

import aiohttp
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

from survey.access.roles import Grant, roles_policy
from survey.access.signing_in import hash_of
from survey.clock import RealClock
from survey.ground import Ground
from survey.settings import Settings
from survey.store import accounts, sessions
from survey.store.pool import connection, open_pool
from survey.vault import Vault
from workers.bench.dialogue import Progress
from workers.bench.many_answers import CENTRE, Sizes, lay_answers
from workers.bench.many_cases import lay_cases
from workers.bench.servers import own_servers
from workers.page_routes import application, path_of
from workers.policy_rows import seed_policies

NOW: Final = datetime(2026, 3, 10, 2, 30, tzinfo=UTC)
CLICKS: Final = 2
TIMES: Final = 3
LARGE: Final = 50_000
"""Rows of a table that no page may read to its end."""
LINK: Final = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)"')
SEATS: Final = {"supervision_officer": "991721-dcs-gov", "unit_liaison": "991721-u1"}

LINK_UNIT = """
INSERT INTO followup.unit_account (account_id, unit_code, linked_at, linked_by) VALUES ($1, $2, $3, 'bench')"""

SELECT_LARGE = """
SELECT n.nspname || '.' || c.relname AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname IN ('survey', 'followup') AND c.reltuples >= $1"""


@dataclass(frozen=True)
class Opened:
    """A page as one role opened it. `seconds`: median of the server's answers; `longest`: the statement that took most of it, and
    its seconds. `scans`: large tables read to their end, each with the statement that did."""

    route: str
    role: str
    status: int
    seconds: float
    size: int
    statements: int
    longest: tuple[float, str]
    scans: tuple[tuple[str, str], ...]


class _SetClock(RealClock):
    def now(self) -> datetime:
        return NOW


@dataclass
class _Site:
    """The web process, and what it asks of the database."""

    ground: Ground
    app: web.Application
    server: BaseTestServer
    asked: list[Any] = field(default_factory=list)
    """asyncpg's own records of statements."""


async def open_all(sizes: Sizes, cases: int, folder: Path, show: Progress) -> list[Opened]:
    """Lay the database and open every page, slowest first."""
    async with (
        own_servers(folder) as services,
        connection(services.database_url, application_name="bench") as conn,
    ):
        await seed_policies(conn, NOW)
        await lay_answers(conn, sizes, lambda what: show(f"answers: {what}", 0, 1))
        await lay_cases(conn, cases, lambda what: show(f"cases: {what}", 0, 1))
        large = {row["name"] for row in await conn.fetch(SELECT_LARGE, LARGE)}
        opened: dict[str, Opened] = {}
        roles = sorted(roles_policy().roles)
        async with _site(services.database_url) as site:
            for number, role in enumerate(roles):
                show(role, number, len(roles))
                async for page in _walk(site, conn, role, large, set(opened)):
                    opened[page.route] = page
    return sorted(opened.values(), key=lambda one: -one.seconds)


@asynccontextmanager
async def _site(database_url: str) -> AsyncIterator[_Site]:
    pool = await open_pool(database_url, application_name="bench", min_size=2, max_size=2)
    ground = Ground(pool, Vault(bytes(range(32))), _SetClock())
    settings = Settings(
        carrier_account_sid="AC" + "0" * 32,
        database_url=database_url,
        public_url="http://127.0.0.1",
        centre=CENTRE,
    )
    app = await application(settings, ground)
    async with TestServer(app) as server:
        site = _Site(ground, app, server)
        held = [await pool.acquire() for _ in range(2)]
        for conn in held:
            conn.add_query_logger(site.asked.append)
        for conn in held:
            await pool.release(conn)
        yield site
    await pool.close()


async def _walk(site: _Site, conn: Any, role: str, large: set[str], known: set[str]) -> AsyncIterator[Opened]:
    """What a role comes to that nobody came to before."""
    token = await _person(site.ground, role)
    jar = aiohttp.CookieJar(unsafe=True)
    jar.update_cookies({"minyi": token}, site.server.make_url("/"))
    seen: set[str] = set()
    async with aiohttp.ClientSession(cookie_jar=jar) as browser:
        ahead = ["/home"]
        for click in range(CLICKS + 1):
            links: list[str] = []
            for address in ahead:
                route = await path_of(site.app, address)
                if not route or route in seen or "lang=en" in address:
                    continue
                seen.add(route)
                page, body = await _open(site, conn, browser, route, role, address, large)
                links += [unescape(link) for link in LINK.findall(body)] if click < CLICKS else []
                if route not in known:
                    yield page
            ahead = list(dict.fromkeys(links))


async def _open(
    site: _Site, conn: Any, browser: Any, route: str, role: str, address: str, large: set[str]
) -> tuple[Opened, str]:
    took = []
    for _ in range(TIMES):
        site.asked.clear()
        begun = perf_counter()
        async with browser.get(site.server.make_url(address), allow_redirects=False) as answer:
            body = await answer.read()
        took.append(perf_counter() - begun)
    asked = list(site.asked)
    scans = {
        (table, _short(one.query))
        for one in asked
        for table in await _scanned(conn, one.query, tuple(one.args or ())) & large
    }
    longest = max(((one.elapsed, _short(one.query)) for one in asked), default=(0.0, ""))
    page = Opened(
        route, role, answer.status, median(took), len(body), len(asked), longest, tuple(sorted(scans))
    )
    return page, body.decode(errors="replace") if answer.content_type == "text/html" else ""


def _short(statement: str) -> str:
    return " ".join(statement.split())[:160]


async def _scanned(conn: Any, query: str, values: tuple[Any, ...]) -> set[str]:
    """The tables that a statement reads to their end, by Postgres's own plan."""
    if not re.match(r"\s*(SELECT|WITH|UPDATE|DELETE|INSERT)\b", query):
        return set()
    plan = await conn.fetchval(
        f"EXPLAIN (FORMAT JSON, VERBOSE) {query}", *values
    )  # what the page has just run
    return set(_sequential(json.loads(plan)[0]["Plan"]))


def _sequential(node: dict[str, Any]) -> list[str]:
    found = [f"{node['Schema']}.{node['Relation Name']}"] if node.get("Node Type") == "Seq Scan" else []
    return found + [name for one in node.get("Plans", []) for name in _sequential(one)]


async def _person(ground: Ground, role: str) -> str:
    """The token of a session of somebody with this role."""
    token, name = secrets.token_urlsafe(32), role.replace("_", "-")
    async with ground.pool.acquire() as conn:
        made = await accounts.insert(conn, name, "李秀英", "staff", "-", "bench", NOW)
        assert made is not None
        await accounts.set_password(conn, made, "-", must_change=False, now=NOW)
        await accounts.set_second_factor(conn, made, ground.vault.seal("A" * 32), 0, [])
        await accounts.set_roles(conn, made, [Grant(role, CENTRE)])
        await sessions.insert(conn, hash_of(token), made, NOW)
        await sessions.renew(conn, hash_of(token), hash_of(token), NOW, NOW)
        if role in SEATS:
            await conn.execute(LINK_UNIT, made, SEATS[role], NOW)
    return token
