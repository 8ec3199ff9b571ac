"""A county with people who sign in, a browser for each of them, and a clock set by hand."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import asyncpg
import pyotp
from aiohttp import ClientResponse, CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from followup.reports.board import case_matters
from followup.web.appeal_pages import APPEAL, AppealPages
from followup.web.callback_pages import CallbackPages
from followup.web.chart_pages import ChartPages
from followup.web.flag_pages import FlagPages
from followup.web.month_pages import MONTH, MonthPages
from followup.web.office_pages import OfficePages
from followup.web.report_pages import ReportPages
from followup.web.unit_desk_pages import UnitDeskPages
from followup.web.unit_quality_page import UnitQualityPage
from survey import desk_shift
from survey.access import granting
from survey.access.granting import Employment
from survey.access.openid import OpenId
from survey.access.passwords import Passwords
from survey.access.roles import Grant
from survey.access.sign_in_policy import Argon2
from survey.access.signed_in import SignedIn
from survey.access.signing_in import SigningIn
from survey.caller_settings import BrowserKey
from survey.channels.base import Caller
from survey.clock import RealClock
from survey.ground import Ground
from survey.web.appointment_pages import APPOINTMENTS, AppointmentPages
from survey.web.board_pages import BoardPages
from survey.web.call_sheet_pages import SHEET, CallSheetPages
from survey.web.caller_pages import CallerPages
from survey.web.campaign_pages import CampaignPages
from survey.web.day_page import day_routes
from survey.web.desk_pages import DeskPages
from survey.web.gate import Gate
from survey.web.handover_pages import HandoverPages
from survey.web.home_page import Step, home_routes
from survey.web.line_pages import LinePages
from survey.web.openid_pages import OpenIdPages
from survey.web.people_pages import PeoplePages
from survey.web.quality_pages import QualityPages
from survey.web.sign_in_pages import sign_in_routes
from tests.doors.doors_bench import ScriptedCarrier

CENTRE = "991721"
AREAS = [
    ("9917", None, "city", "安澜市", "Anlan City"),
    (CENTRE, "9917", "county", "遂澜县", "Suilan County"),
    ("991722", "9917", "county", "平岗县", "Pinggang County"),
]
GOOD = "河边的旧钟楼敲了十二下吧"
"""A password that does."""
CHEAP = Argon2(time_cost=1, memory_kib=64, parallelism=1, at_once=2)
STEPS = (
    Step(
        "desk.work",
        "拨打下一位",
        "Call the next person",
        "一次一位",
        "one at a time",
        path="/desk",
    ),
    Step("day.read", "看今天的情况", "See the day", "队列与通话", "queues and calls", path="/"),
)


class SetClock(RealClock):
    """Stands where it is put."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


@dataclass
class Browser:
    """One person's browser: keeps cookies, sends forms with what the page put into them."""

    client: TestClient[web.Request, web.Application]
    page: str = ""
    origin: str | None = None
    sent: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **options: Any) -> ClientResponse:
        response = await self.client.get(path, allow_redirects=False, **options)
        self.page = await response.text()
        return response

    async def send(
        self, path: str, *, origin: str | None = "own", form_token: str | None = "own", **fields: str
    ) -> ClientResponse:
        """Post a form as the page that is open would."""
        if form_token == "own":
            found = re.search(r'name="form_token" value="(\w+)"', self.page)
            form_token = found[1] if found else None
        if form_token is not None:
            fields["form_token"] = form_token
        own = str(self.client.make_url("/")).rstrip("/")
        headers = {} if origin is None else {"Origin": own if origin == "own" else origin}
        response = await self.client.post(path, data=fields, headers=headers, allow_redirects=False)
        self.page = await response.text()
        return response

    async def sign_in(self, name: str, password: str, path: str = "/sign-in") -> ClientResponse:
        await self.get(path)
        return await self.send(path, name=name, password=password)

    @property
    def cookie(self) -> str:
        """What the cookie holds now."""
        jar = {one.key: one.value for one in self.client.session.cookie_jar}
        return jar.get("minyi", "")


@dataclass
class House:
    """The pages, and who may open them."""

    ground: Ground
    clock: SetClock
    conn: asyncpg.Connection
    server: TestServer
    signing: SigningIn
    passwords: Passwords
    browsers: list[TestClient[web.Request, web.Application]] = field(default_factory=list)

    async def account(self, name: str, called: str, *roles: str, employment: Employment = "staff") -> str:
        """An account as `minyi user add` makes it; its first password."""
        grants = [Grant(*one.split(":")) for one in roles]
        made = await granting.add(
            self.ground,
            self.passwords,
            name,
            called=called,
            employment=employment,
            grants=grants,
            by="李局长",
        )
        return made.password

    async def settled(self, name: str, called: str, *roles: str, employment: Employment = "staff") -> None:
        """An account whose holder has chosen their own password, GOOD."""
        await self.account(name, called, *roles, employment=employment)
        hashed = await self.passwords.hash(GOOD)
        await self.conn.execute(
            "UPDATE survey.account SET password_hash = $2, must_change = false WHERE name = $1", name, hashed
        )

    async def with_telephone(self, name: str) -> pyotp.TOTP:
        """The account also has a second factor; the telephone that shows its codes."""
        secret = pyotp.random_base32()
        await self.conn.execute(
            "UPDATE survey.account SET totp_cipher = $2 WHERE name = $1", name, self.ground.vault.seal(secret)
        )
        return pyotp.TOTP(secret)

    def browser(self) -> Browser:
        client = TestClient(self.server, cookie_jar=CookieJar(unsafe=True))
        self.browsers.append(client)
        return Browser(client)

    def later(self, **time: float) -> None:
        self.clock.moment += timedelta(**time)

    async def events(self) -> list[tuple[str | None, str]]:
        """Whose account, and what happened to it, oldest first."""
        rows = await self.conn.fetch(
            "SELECT a.name, e.kind FROM survey.access_event e LEFT JOIN survey.account a ON a.id = e.account_id ORDER BY e.id"
        )
        return [(row["name"], row["kind"]) for row in rows if row["kind"] != "added"]


@asynccontextmanager
async def open_house(
    ground: Ground,
    clock: SetClock,
    conn: asyncpg.Connection,
    database: str = "",
    carrier: Caller | None = None,
    browser_key: BrowserKey | None = None,
    openid: OpenId | None = None,
    **gate_options: Any,
) -> AsyncIterator[House]:
    """The pages of 遂澜县, served. `browser_key`: with it operators' browsers can be called."""
    passwords = Passwords(CHEAP)
    signing = SigningIn(ground, passwords)
    gate = Gate(signing, **{"public_url": "http://127.0.0.1:8080", **gate_options})

    async def take(request: web.Request, who: SignedIn) -> web.StreamResponse:
        who.require("cases.decide", CENTRE)
        return web.Response(text=f"{who.called} decided")

    app = web.Application()
    other = OpenIdPages(ground, gate, openid)
    app.add_routes(other.routes())
    app.add_routes(sign_in_routes(gate, [partial(desk_shift.leave, ground)], other.button))
    app.add_routes(home_routes(gate, STEPS))
    app.add_routes(ReportPages(ground, CENTRE, gate, database).routes())
    app.add_routes(ChartPages(ground, CENTRE, gate, database).routes())
    app.add_routes(CallbackPages(ground, CENTRE, gate, carrier or ScriptedCarrier()).routes())
    app.add_routes(FlagPages(ground, CENTRE, gate).routes())
    app.add_routes(PeoplePages(ground, CENTRE, gate, passwords).routes())
    app.add_routes(QualityPages(ground, CENTRE, gate, carrier or ScriptedCarrier(), lambda: 7).routes())
    app.add_routes(OfficePages(ground, CENTRE, gate).routes())
    app.add_routes(UnitQualityPage(ground, CENTRE, gate).routes())
    app.add_routes(UnitDeskPages(ground, CENTRE, gate).routes())
    board = BoardPages(ground, CENTRE, gate, [case_matters(CENTRE)])
    app.add_routes(board.routes())
    app.on_shutdown.append(board.close)
    app.add_routes(CampaignPages(ground, CENTRE, gate, caller_known=True).routes())
    app.add_routes(HandoverPages(ground, CENTRE, gate).routes())
    app.add_routes(CallerPages(ground, CENTRE, gate).routes())
    line = LinePages(ground, CENTRE, gate, browser_key)
    app.add_routes(line.routes())
    app.add_routes(
        DeskPages(ground, CENTRE, "fictional", gate, line, [APPEAL], [APPOINTMENTS, MONTH, SHEET]).routes()
    )
    app.add_routes(AppealPages(ground, CENTRE, gate).routes())
    app.add_routes(MonthPages(ground, CENTRE, gate).routes())
    app.add_routes(AppointmentPages(ground, CENTRE, gate).routes())
    app.add_routes(CallSheetPages(ground, CENTRE, gate).routes())
    app.add_routes(day_routes(ground.pool, clock, CENTRE, gate))
    app.add_routes([web.post("/decide", gate.open_to("cases.decide", take))])
    async with TestServer(app) as server:
        house = House(ground, clock, conn, server, signing, passwords)
        yield house
        for one in house.browsers:
            await one.session.close()


def at(text: str) -> datetime:
    """A moment of 2026-03-09 in the county's own time."""
    return datetime.fromisoformat(f"2026-03-09T{text}:00+08:00")
