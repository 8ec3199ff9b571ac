"""The web process as it is served, on a fresh database, and people in it by a session alone."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from aiohttp import ClientResponse, CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from survey.access.roles import roles_policy
from survey.access.signing_in import form_token, hash_of
from survey.ground import Ground
from survey.settings import Settings
from survey.store import accounts, sessions
from tests.access.access_bench import AREAS
from workers.page_routes import application

CENTRE = "991721"
PARAMETER = re.compile(r"\{(\w+)(?::[^}]*)?\}")


async def found(conn: asyncpg.Connection) -> None:
    """遂澜县, with nobody in it."""
    await conn.executemany(
        "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES ($1, $2, $3, $4, $5)",
        AREAS,
    )
    await conn.execute(
        "INSERT INTO survey.centre (code, area_code, name_zh, short_zh, name_en) VALUES ($1, $1, $2, $3, $4)",
        CENTRE, "遂澜县社情民意调查中心", "遂澜民调中心", "Suilan Survey Centre",
    )  # fmt: skip


async def whole_app(ground: Ground, database: str) -> web.Application:
    """Everything that the web process serves."""
    return await application(
        Settings(
            carrier_account_sid="AC" + "0" * 32,
            database_url=database,
            public_url="http://127.0.0.1:8080",
            centre=CENTRE,
        ),
        ground,
    )


@dataclass(frozen=True)
class Address:
    """A route of ours as a browser asks for it. `behind`: only for people who work here."""

    method: str
    path: str
    behind: bool

    def filled(self, word: str = "x1") -> str:
        """With this in the place of every parameter."""
        return PARAMETER.sub(word, self.path)


@dataclass
class Site:
    """The pages, and who is in front of them."""

    ground: Ground
    conn: asyncpg.Connection
    server: TestServer
    app: web.Application
    centre: str
    clients: list[TestClient[Any, Any]] = field(default_factory=list)

    def addresses(self, *methods: str) -> list[Address]:
        """Every route of people and residents, by these methods."""
        found = {
            Address(route.method, route.resource.canonical, getattr(route.handler, "behind_gate", False))
            for route in self.app.router.routes()
            if route.resource is not None
            and route.method in methods
            and not route.resource.canonical.startswith(("/twilio/", "/audio/", "/api/", "/open311/"))
        }
        return sorted(found, key=lambda one: (one.path, one.method))

    def stranger(self) -> TestClient[Any, Any]:
        """A browser that nobody has signed in with."""
        client: TestClient[Any, Any] = TestClient(self.server, cookie_jar=CookieJar(unsafe=True))
        self.clients.append(client)
        return client

    async def person(self, role: str) -> tuple[TestClient[Any, Any], str]:
        """A browser in which somebody with this role has signed in, and the token of its forms."""
        now, token = self.ground.clock.now(), secrets.token_urlsafe(32)
        name = f"{role.replace('_', '-')}-{len(self.clients)}"
        async with self.ground.pool.acquire() as conn:
            made = await accounts.insert(conn, name, "李秀英", "staff", "-", "李局长", now)
            assert made is not None
            await accounts.set_password(conn, made, "-", must_change=False, now=now)
            await accounts.set_second_factor(conn, made, self.ground.vault.seal("A" * 32), 0, [])
            await accounts.set_roles(conn, made, [accounts.Grant(role, self.centre)])
            await sessions.insert(conn, hash_of(token), made, now)
            await sessions.renew(conn, hash_of(token), hash_of(token), now, now)
        client = self.stranger()
        client.session.cookie_jar.update_cookies({"minyi": token}, self.server.make_url("/"))
        return client, form_token(token)

    @property
    def origin(self) -> str:
        return str(self.server.make_url("/")).rstrip("/")


async def body_of(answer: ClientResponse) -> bytes:
    """What came; of a stream, which has no end, the first event."""
    if answer.content_type != "text/event-stream":
        return await answer.read()
    first = await answer.content.readuntil(b"\n\n")
    answer.close()
    return first


ROLES = sorted(roles_policy().roles)


async def digests(conn: Any) -> dict[str, str]:
    """{table: what is in it, as one number} of every table of ours."""
    tables = await conn.fetch(
        "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('survey', 'followup')"
    )
    return {
        row["name"]: await conn.fetchval(
            f"SELECT concat(count(*), ' ', coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)) FROM {row['name']} AS t"
        )
        for row in tables
    }


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """The tables in which something was written."""
    return {name for name in after if before.get(name) != after[name]}
