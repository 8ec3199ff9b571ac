"""A unit without an account works by a link: what it sees, what it can do, how often, and until when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from followup_appeals import DARK, REVIEWER, Says
from followup_county import CENTRE, POLICE, TOWN, at

from followup import addresses, cases, unit_links
from followup.refusals import LinkDuration, NotTheLead
from followup.unit_links import Made
from followup.web.unit_pages import unit_routes
from survey.clock import RealClock
from survey.ground import Ground
from survey.vault import Vault

WORDS = "村口路灯坏了半个月,我叫王芳,电话15400000001"
RESULT = {
    "summary": "路灯已更换,3月10日亮灯",
    "contact_at": "2026-03-10T09:30",
    "contact_way": "phone",
    "resident_view": "满意",
    "actions": "更换灯具两盏",
}


class StandingClock(RealClock):
    """A clock that a test sets."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = at("9 12:00")

    def now(self) -> datetime:
        return self.moment


@dataclass
class Phone:
    """A unit's telephone with the page open."""

    client: TestClient[web.Request, web.Application]
    conn: asyncpg.Connection
    clock: StandingClock
    number: str
    made: Made

    async def get(self, path: str | None = None) -> tuple[int, str]:
        response = await self.client.get(path or self.made.path)
        return response.status, await response.text()

    async def post(self, act: str, form: dict[str, str] | None = None) -> ClientResponse:
        return await self.client.post(f"{self.made.path}/{act}", data=form or {}, allow_redirects=False)

    async def status(self) -> str:
        status: str = await self.conn.fetchval(
            "SELECT status FROM followup.case_file WHERE number = $1", self.number
        )
        return status

    async def uses(self) -> list[tuple[str, str]]:
        rows = await self.conn.fetch("SELECT act, outcome FROM followup.unit_link_use ORDER BY id")
        return [(row["act"], row["outcome"]) for row in rows]


Links = Callable[..., Awaitable[Made]]


@pytest.fixture
async def number(conn: asyncpg.Connection, says: Says) -> str:
    """A case of 王芳's that the bureau leads."""
    number = (await says(appeal=DARK, content=WORDS)).number
    await cases.accept(conn, number, by=REVIEWER, now=at("9 10:00"))
    await cases.submit(conn, number, by=REVIEWER, now=at("9 10:10"))
    await cases.dispatch(conn, number, lead=POLICE, assists=[TOWN], by="督查室", now=at("9 11:00"))
    return number


@pytest.fixture
async def phone(
    pool: asyncpg.Pool, conn: asyncpg.Connection, vault: Vault, number: str, tokens: Callable[[], str]
) -> AsyncIterator[Phone]:
    clock = StandingClock()
    made = await unit_links.make(
        conn, vault, number, unit=POLICE, hours=48, by=REVIEWER, now=clock.moment, tokens=tokens
    )
    app = web.Application()
    app.add_routes(unit_routes(Ground(pool, vault, clock)))
    async with TestClient(TestServer(app)) as client:
        yield Phone(client, conn, clock, number, made)


async def test_a_unit_sees_its_case_without_what_leads_to_the_resident(phone: Phone) -> None:
    status, page = await phone.get()
    assert status == 200
    assert "村口路灯坏了半个月" in page and "遂澜县公安局" in page and "签收" in page
    assert "15400000001" not in page
    assert await phone.status() == "dispatched"


async def test_it_signs_and_reports(phone: Phone) -> None:
    signed = await phone.post("sign")
    assert (signed.status, signed.headers["Location"]) == (
        303,
        f"../{phone.made.path.rsplit('/', 1)[1]}?sign=done",
    )
    assert await phone.status() == "in_progress"
    phone.clock.moment = at("10 10:00")
    assert (await phone.post("report", RESULT)).status == 303
    assert await phone.status() == "result_review"
    (row,) = await phone.conn.fetch(
        "SELECT unit_code, result_summary, contact_at, contact_way, resident_view, actions FROM followup.result"
    )
    assert tuple(row) == (POLICE, RESULT["summary"], at("10 09:30"), "phone", "满意", "更换灯具两盏")
    assert await phone.uses() == [("sign", "done"), ("report", "done")]
    _, page = await phone.get()
    assert "已签收 2026-03-09 12:00" in page and "已报结果 2026-03-10 10:00" in page and "<form" not in page


async def test_submitting_twice_has_one_effect_and_a_clear_message(phone: Phone) -> None:
    await phone.post("sign")
    phone.clock.moment = at("10 10:00")
    await phone.post("report", RESULT)
    events = await phone.conn.fetchval("SELECT count(*) FROM followup.case_event")
    phone.clock.moment = at("10 10:05")
    again = await phone.post("report", {**RESULT, "summary": "另一个结果"})
    assert (again.status, again.headers["Location"].rsplit("?", 1)[1]) == (303, "report=again")
    assert (await phone.post("sign")).headers["Location"].endswith("?sign=again")
    assert await phone.conn.fetchval("SELECT count(*) FROM followup.case_event") == events
    assert await phone.conn.fetchval("SELECT result_summary FROM followup.result") == RESULT["summary"]
    assert "已报结果 2026-03-10 10:00" in (await phone.get())[1]


async def test_submitting_twice_at_once_has_one_effect(phone: Phone) -> None:
    await phone.post("sign")
    phone.clock.moment = at("10 10:00")
    answers = await asyncio.gather(*(phone.post("report", RESULT) for _ in range(5)))
    assert [answer.status for answer in answers] == [303] * 5
    said = sorted(answer.headers["Location"].rsplit("=", 1)[1] for answer in answers)
    assert said == ["again"] * 4 + ["done"]
    assert (
        await phone.conn.fetchval("SELECT count(*) FROM followup.case_event WHERE event = 'submit_result'")
        == 1
    )


@pytest.mark.parametrize("act", ["sign", "report", "view"])
async def test_a_link_used_after_expiry(phone: Phone, act: str) -> None:
    phone.clock.moment = at("11 12:00")
    if act == "view":
        status, page = await phone.get()
    else:
        response = await phone.post(act, RESULT)
        status, page = response.status, await response.text()
    assert status == 410
    assert "链接已失效" in page and "This link has expired" in page
    assert "链接已于2026-03-11 12:00失效" in page and "Ask the centre for a new one" in page
    assert "路灯" not in page
    assert (await phone.status(), await phone.uses()) == ("dispatched", [(act, "expired")])


async def test_a_link_that_was_taken_back(phone: Phone, vault: Vault) -> None:
    assert await unit_links.revoke(phone.conn, phone.number, unit=POLICE, now=at("9 12:30")) == 1
    phone.clock.moment = at("9 12:31")
    assert ((await phone.post("sign")).status, await phone.status()) == (410, "dispatched")


async def test_links_that_are_none(phone: Phone) -> None:
    """Altered by a letter, longer lived by somebody in the database, another's, none at all."""
    altered = phone.made.path[:-2] + ("AA" if not phone.made.path.endswith("AA") else "BB")
    for path in (altered, "/u/nothing", "/u/ref-0001", "/u/ref-0001.是", "/u/ref-0001."):
        status, page = await phone.get(path)
        assert (status, "没有这个链接" in page) == (404, True)
        assert (await phone.client.post(f"{path}/sign")).status == 404
    for change in ("expires_at = expires_at + interval '1 day'", "unit_code = $1", "round = 2"):
        await phone.conn.execute(
            f"UPDATE followup.unit_link SET {change}", *([TOWN] if "$1" in change else [])
        )
        assert (await phone.get())[0] == 404
    assert (await phone.status(), await phone.uses()) == ("dispatched", [])


async def test_a_form_that_is_refused_keeps_what_was_written(phone: Phone) -> None:
    await phone.post("sign")
    phone.clock.moment = at("10 10:00")
    response = await phone.post("report", {**RESULT, "summary": "已联系15400000001,路灯修好"})
    page = await response.text()
    assert response.status == 409
    assert "没有提交成功" in page and "no phone or identity number" in page
    assert "更换灯具两盏" in page
    assert await phone.status() == "in_progress"
    wrong = await phone.post("report", {**RESULT, "contact_at": "明天"})
    assert (wrong.status, "2026-03-09T10:00" in await wrong.text()) == (409, True)
    assert (await phone.post("report", RESULT)).status == 303  # a refused try does not use the link up
    assert await phone.uses() == [
        ("sign", "done"), ("report", "refused"), ("view", "done"), ("view", "done"), ("report", "done"),
    ]  # fmt: skip


async def test_a_result_without_contact_goes_back_and_says_so(phone: Phone) -> None:
    await phone.post("sign")
    phone.clock.moment = at("10 10:00")
    answer = await phone.post("report", {"summary": "已修好"})
    assert answer.headers["Location"].endswith("?report=returned")
    assert await phone.status() == "in_progress"
    assert "没有联系群众的日期" in (await phone.get(f"{phone.made.path}?report=returned"))[1]
    phone.clock.moment = at("10 11:00")
    await phone.post("report", RESULT)
    assert await phone.status() == "result_review"


async def test_a_result_that_the_centre_returns_needs_a_new_link(phone: Phone) -> None:
    await phone.post("sign")
    phone.clock.moment = at("10 10:00")
    await phone.post("report", RESULT)
    await cases.return_incomplete(
        phone.conn, phone.number, by=REVIEWER, reason="没写时间", now=at("10 10:30")
    )
    assert "请向民调中心索取新链接" in (await phone.get())[1]
    assert (await phone.post("report", RESULT)).headers["Location"].endswith("?report=again")
    assert await phone.status() == "in_progress"


async def test_get_changes_nothing(phone: Phone) -> None:
    """Whoever previews or prefetches the address."""
    for path in (f"{phone.made.path}/sign", f"{phone.made.path}/report"):
        assert (await phone.client.get(path)).status == 405
    for _ in range(3):
        await phone.get()
    assert await phone.status() == "dispatched"


async def test_another_unit_leads_now(phone: Phone) -> None:
    await cases.change_lead(
        phone.conn, phone.number, lead=TOWN, reason="属地", by="督查室", now=at("9 12:10")
    )
    phone.clock.moment = at("9 12:20")
    response = await phone.post("sign")
    assert (response.status, await phone.status()) == (410, "dispatched")
    assert f"{POLICE} does not lead it" in (page := await response.text()) and "路灯" not in page


async def test_links_that_are_not_made(
    conn: asyncpg.Connection, vault: Vault, number: str, tokens: Callable[[], str]
) -> None:
    make = {"by": REVIEWER, "now": at("9 12:00"), "tokens": tokens}
    with pytest.raises(NotTheLead):
        await unit_links.make(conn, vault, number, unit=TOWN, hours=24, **make)  # type: ignore[arg-type]
    for hours in (0, -1, 361):
        with pytest.raises(LinkDuration):
            await unit_links.make(conn, vault, number, unit=POLICE, hours=hours, **make)  # type: ignore[arg-type]
    assert await conn.fetchval("SELECT count(*) FROM followup.unit_link") == 0


async def test_the_address_is_in_no_table(phone: Phone) -> None:
    signature = phone.made.path.rsplit(".", 1)[1]
    assert signature not in str(await phone.conn.fetch("SELECT * FROM followup.unit_link"))
    page = await phone.client.get(phone.made.path)
    assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert "script" not in (await page.text())


async def test_a_masked_call_is_asked_for_by_the_link_one_at_a_time(phone: Phone, vault: Vault) -> None:
    await addresses.keep(
        phone.conn, vault, f"unit:{POLICE}", "liaison", "text", "+8615499000031", centre=CENTRE, plan="fictional",
        by="主任", now=at("9 08:00"),
    )  # fmt: skip
    assert "打隐号电话" in (await phone.get())[1]
    assert (await phone.post("call")).headers["Location"].endswith("?call=owed")
    page = (await phone.get())[1]
    assert "正在接通" in page and "打隐号电话" not in page
    again = await phone.post("call")
    assert again.status == 409 and "one at a time" in await again.text()
    await phone.conn.execute(
        "UPDATE survey.masked_call SET state = 'over', over_at = $1, outcome = 'talked', seconds = 75",
        at("9 12:05"),
    )
    page = (await phone.get())[1]
    assert "已通话" in page and "75 秒" in page and "打隐号电话" in page
    assert (await phone.post("call")).status == 303
    assert await phone.conn.fetchval("SELECT count(*) FROM survey.masked_call") == 2
    assert "15499000031" not in page and "15400000001" not in page
    assert [use for use in await phone.uses() if use[0] == "call"] == [
        ("call", "owed"),
        ("call", "refused"),
        ("call", "owed"),
    ]


async def test_without_a_telephone_the_page_says_so(phone: Phone) -> None:
    refused = await phone.post("call")
    assert refused.status == 409 and "No mobile number of unit" in await refused.text()
