"""王芳 looks up her matter by its query code, objects, and checks a number that rang her."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import asyncpg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from desk_bench import words_of
from flag_bench import closed_elsewhere

from followup.web.resident_pages import ResidentPages, policy
from tests.doors.doors_bench import Bench, at
from tests.followup.followup_residents import state

SOLVED = "C2=1 C1=1 C3=1"


@dataclass
class Visitor:
    """A telephone at the page; `seconds`: of the clock by which asking too often is measured."""

    client: TestClient[web.Request, web.Application]
    clock: list[float]
    page: str = field(default="")
    status: int = 0

    async def look(self, path: str = "/q") -> str:
        response = await self.client.get(path)
        self.page, self.status = await response.text(), response.status
        return words_of(self.page)

    async def send(self, form: str, **fields: str) -> str:
        response = await self.client.post(f"/q/{form}", data=fields, allow_redirects=False)
        self.page, self.status = await response.text(), response.status
        assert (
            not response.url.query and response.url.path == f"/q/{form}"
        )  # what was sent stands in no address
        return words_of(self.page)


@pytest.fixture
async def visitor(bench: Bench) -> AsyncIterator[Visitor]:
    clock = [0.0]
    app = web.Application()
    app.add_routes(ResidentPages(bench.ground, lambda request: "192.0.2.7", lambda: clock[0]).routes())
    async with TestClient(TestServer(app)) as client:
        yield Visitor(client, clock)


async def code_of(conn: asyncpg.Connection, number: str) -> str:
    code: str = await conn.fetchval("SELECT query_code FROM followup.case_file WHERE number = $1", number)
    return code


async def test_where_a_matter_stands_and_an_objection_once(
    visitor: Visitor, bench: Bench, conn: asyncpg.Connection
) -> None:
    number, _ = await closed_elsewhere(bench, conn, "voice", SOLVED)
    code = await code_of(conn, number)
    bench.clock.moment = at("12 09:00")
    told = await visitor.send("matter", code=f" {code[:4].lower()} {code[4:]}")
    assert told.startswith("0001号事项 0001号事项已办结。")
    assert "不认可这个结果?请写下您的意见" in told
    assert "王芳" not in visitor.page and "路灯" not in visitor.page and "15400000001" not in visitor.page
    assert "请写下您的意见。" in await visitor.send("objection", code=code, words="  ")
    assert await state(conn, number) == "closed, round 1, closed"
    said = await visitor.send("objection", code=code, words="灯又不亮了,打我15400000001")
    assert said.startswith("您的异议已收到。 中心会重新看这件事")
    assert await state(conn, number) == "redispatch_review, round 1"
    kept = await conn.fetchrow("SELECT channel, words FROM followup.objection")
    assert kept["channel"] == "query_code" and "15400000001" not in kept["words"]
    assert "已经提过" in await visitor.send("objection", code=code, words="再说一遍")
    assert await conn.fetchval("SELECT count(*) FROM followup.objection") == 1


async def test_after_thirty_days_it_is_too_late_and_that_is_said(
    visitor: Visitor, bench: Bench, conn: asyncpg.Connection
) -> None:
    number, _ = await closed_elsewhere(bench, conn, "voice", SOLVED)
    bench.clock.moment = at("31 09:00").replace(month=5)
    said = await visitor.send("objection", code=await code_of(conn, number), words="灯又不亮了")
    assert "已过提出异议的期限。可以重新反映。" in said and "灯又不亮了" in said
    assert await state(conn, number) == "closed, round 1, closed"


@pytest.mark.parametrize("code", ["", "K7Q2M9XA", "' OR 1=1", "x" * 400, "\0\0\0\0\0\0\0\0", "<b>12345"])
async def test_any_other_code_is_unknown(visitor: Visitor, code: str) -> None:
    assert (await visitor.send("matter", code=code)).startswith("没有这个查询码。")
    assert visitor.status == 200 and "<b>12345" not in visitor.page


async def test_codes_are_not_found_by_trying(visitor: Visitor) -> None:
    for _ in range(policy().at_once):
        await visitor.send("matter", code="K7Q2M9XA")
    assert (await visitor.send("matter", code="K7Q2M9XA")).startswith("问得太快了")
    assert visitor.status == 429
    assert (await visitor.send("number", number="10086")).startswith("问得太快了")
    visitor.clock[0] += 60 / policy().per_minute
    assert (await visitor.send("matter", code="K7Q2M9XA")).startswith("没有这个查询码。")
    await visitor.look()
    assert visitor.status == 200  # looking is free


async def test_whether_a_number_is_ours(visitor: Visitor, bench: Bench) -> None:
    await bench.run(
        "INSERT INTO survey.caller (number, account, position, rate, going_since, look_at, configured)"
        " VALUES ('+8615499990000', 'AC1', 0, 1.0, now(), now(), true)"
    )
    assert "这是本中心的号码。号码也可能被冒用:我们从不问钱" in await visitor.send(
        "number", number="１５４ 9999 0000"
    )
    assert "这不是本中心的号码。" in await visitor.send("number", number="13800000000")
    assert "这不是一个完整的电话号码。" in await visitor.send("number", number="12")


async def test_looking_needs_no_script_and_no_cookie(visitor: Visitor) -> None:
    for path in ("/q", "/q?lang=en"):
        await visitor.look(path)
        assert visitor.status == 200
        assert "<script" not in visitor.page
        assert not list(visitor.client.session.cookie_jar)
