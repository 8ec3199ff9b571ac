"""The doors for other systems on loopback: the real applications over a real database, and keys to open them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import asyncpg
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from followup_county import CENTRE, POLICE, VILLAGE

from followup import appeals, cases
from followup.api import keys
from followup.api.document import document
from followup.api.scopes import Scope
from followup.api.serving import Served, api_app
from followup.api.table import OPERATIONS
from followup.appeals import NewAppeal
from followup.open311.serving import Open311
from survey.clock import DueSource, LookAgain, OnDue
from survey.ground import Ground
from survey.vault import Vault

T = TypeVar("T")
Client = TestClient[web.Request, web.Application]
Tokens = Callable[[], str]
LAMPS = "村口没有路灯,天黑后不敢出门"


class HandClock:
    """Stands where it is put."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def activity(self) -> AbstractContextManager[None]:
        return contextlib.nullcontext()

    async def sleep_until(self, when: datetime) -> None:
        self.moment = max(self.moment, when)

    def spawn(self, coro: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        return asyncio.create_task(coro, name=name)

    def watch(self, due: DueSource, on_due: OnDue) -> LookAgain:
        raise AssertionError("no door watches the clock")

    async def close(self) -> None:
        return None


@dataclass
class Systems:
    """Both doors, a clock set by hand, and the database behind them."""

    client: Client
    ground: Ground
    clock: HandClock
    conn: asyncpg.Connection

    async def key(self, *scopes: Scope, unit: str | None = None, name: str = "12345热线平台") -> str:
        made = await keys.create(
            self.conn, CENTRE, name=name, scopes=scopes, unit_code=unit, by="主任", now=self.clock.now()
        )
        return made.secret

    @property
    def url(self) -> str:
        return str(self.client.make_url("")).rstrip("/")


def applications(ground: Ground, monotonic: Callable[[], float] = lambda: 0.0) -> web.Application:
    """As the web process mounts them."""
    app = web.Application()
    app.add_subapp(
        "/api/v1", api_app(Served(ground, "fictional", monotonic), OPERATIONS, document(OPERATIONS))
    )
    app.add_subapp("/open311/v2", Open311(ground, "fictional", CENTRE, monotonic).app())
    return app


@contextlib.asynccontextmanager
async def open_systems(
    conn: asyncpg.Connection,
    pool: asyncpg.Pool,
    vault: Vault,
    now: datetime,
    tokens: Tokens,
    monotonic: Callable[[], float] = lambda: 0.0,
) -> Any:
    clock = HandClock(now)
    ground = Ground(pool, vault, clock, tokens=tokens)
    async with TestClient(TestServer(applications(ground, monotonic))) as client:
        yield Systems(client, ground, clock, conn)


async def registered(
    conn: asyncpg.Connection, person: int | None, now: datetime, tokens: Tokens, **more: Any
) -> str:
    """An appeal about street lamps; its case number."""
    appeal: dict[str, Any] = {
        "centre_code": CENTRE,
        "source": "inbound",
        "person_id": person,
        "content": LAMPS,
        "place": "王庄村口",
        "area_code": VILLAGE,
        "category": "0106",
        "consent": True,
        "first_handler": "调查员-0102",
    }
    made = await appeals.register(
        conn, NewAppeal(**(appeal | more)), by="调查员-0102", now=now, tokens=tokens
    )
    return made.number


async def dispatched(
    conn: asyncpg.Connection, person: int | None, now: datetime, tokens: Tokens, **more: Any
) -> str:
    """The same, dispatched to the police."""
    number = await registered(conn, person, now, tokens, **more)
    await cases.accept(conn, number, by="审核员", now=now)
    await cases.submit(conn, number, by="审核员", now=now, office="government")
    await cases.dispatch(conn, number, lead=POLICE, by="督查室", now=now)
    return number
