"""A supervisor at the queue of flags: what the resident says beside what the unit claims, and the decision."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from html import unescape

import asyncpg
import pytest
from desk_bench import words_of
from flag_bench import closed_elsewhere

from followup import reading, routes
from tests.access.access_bench import GOOD, Browser, House
from tests.doors.doors_bench import Bench, at
from tests.followup.followup_residents import state


@dataclass
class Supervisor:
    """Somebody who decides, in a browser of their own."""

    house: House
    name: str
    browser: Browser = field(init=False)

    async def sign_in(self, called: str, role: str) -> Supervisor:
        self.browser = self.house.browser()
        await self.house.settled(self.name, called, role)
        assert (await self.browser.sign_in(self.name, GOOD)).status == 303
        return self

    async def look(self, path: str) -> str:
        response = await self.browser.get(path)
        assert response.status in (200, 404), self.browser.page
        return words_of(self.browser.page)

    async def decide(self, form: str, **fields: str) -> str:
        found = [one for one in re.findall(r'action="([^"]+)"', self.browser.page) if one.endswith(form)]
        response = await self.browser.send(unescape(found[0]), **fields)
        if response.status == 303:
            await self.browser.get(response.headers["Location"])
        return words_of(self.browser.page)


@pytest.fixture
async def numbers(bench: Bench, conn: asyncpg.Connection) -> list[str]:
    return await closed_elsewhere(bench, conn, "voice")


@pytest.fixture
async def wang(house: House, numbers: list[str]) -> Supervisor:
    return await Supervisor(house, "0102").sign_in("王督导", "supervisor:991721")


async def test_both_sides_stand_beside_each_other(wang: Supervisor, numbers: list[str]) -> None:
    queue = await wang.look("/flags")
    assert queue.startswith("待决定 2 件 0001 柳河镇 · 遂澜县公安局 未联系(待核实) 未解决 不满意")
    shown = await wang.look(f"/flags/{numbers[0]}")
    for words in (
        "群众怎么说 语音 03-09 10:00 “没人来过,打我〔号码〕”",
        "办理单位联系过您吗? 没有",
        "问题解决了吗? 未解决",
        "单位怎么说 遂澜县公安局 03-06 16:20 “路灯已修” 说联系过群众 是",
        "单位没有经中心打过电话。",
        "待核实:存疑程度 >99%",
        "属实:再次交办 第2轮 → 遂澜县公安局,时限减半:",
        "不属实:解释办结",
    ):
        assert words in shown, shown
    assert "虚假办结" not in shown.replace("是否虚假办结,要等单位申辩后由两人决定。", "")
    assert "15400000001" not in wang.browser.page and "王芳" not in wang.browser.page


async def test_confirmed_it_goes_out_again_and_the_next_one_comes(
    wang: Supervisor, numbers: list[str], conn: asyncpg.Connection
) -> None:
    await wang.look(f"/flags/{numbers[0]}")
    assert 'value="群众反映:未联系(待核实)、未解决、不满意"' in wang.browser.page
    after = await wang.decide("confirm", reason="群众反映:未解决")
    assert after.startswith("已再次交办。 0002 ")
    assert await state(conn, numbers[0]) == "dispatched, round 2"
    event = (await reading.passport(conn, numbers[0])).events[-1]
    assert (event.event, event.actor, event.reason) == ("redispatch", "督办员-0102", "群众反映:未解决")
    assert "没有事项等您决定。" not in after
    await wang.decide("confirm", reason="群众反映:未解决")
    assert "没有事项等您决定。" in words_of(wang.browser.page)


async def test_without_a_reason_nothing_is_done_and_it_is_said(
    wang: Supervisor, numbers: list[str], conn: asyncpg.Connection
) -> None:
    await wang.look(f"/flags/{numbers[0]}")
    assert "请写理由,写得让本人也看得懂。" in await wang.decide("confirm", reason="  ")
    said = await wang.decide("propose", ground="facts_differ", words="打15400000001问过")
    assert "请不要写电话或证件号码" in said and "打15400000001问过" in said  # what was typed is not lost
    assert await state(conn, numbers[0]) == "redispatch_review, round 1"


async def test_two_confirm_at_once_and_one_is_told(
    wang: Supervisor, house: House, numbers: list[str], conn: asyncpg.Connection
) -> None:
    zhao = await Supervisor(house, "0103").sign_in("赵督导", "supervisor:991721")
    for one in (wang, zhao):
        await one.look(f"/flags/{numbers[0]}")
    said = await asyncio.gather(*(one.decide("confirm", reason="属实") for one in (wang, zhao)))
    assert sorted("已再次交办。" in one for one in said) == [False, True]
    late = next(one for one in said if "已再次交办。" not in one)
    assert "请再看一遍" in late or "已不在待决定的状态" in late or "已有决定" in late
    assert await state(conn, numbers[0]) == "dispatched, round 2"


async def test_a_rejection_takes_two_people_each_at_their_own_desk(
    wang: Supervisor, house: House, numbers: list[str], conn: asyncpg.Connection
) -> None:
    zhao = await Supervisor(house, "0103").sign_in("赵督导", "supervisor:991721")
    number = numbers[0]
    await wang.look(f"/flags/{number}")
    assert "驳回已提出,等第二人签字。" in await wang.decide(
        "propose", ground="facts_differ", words="现场灯亮,有照片"
    )
    assert await state(conn, number) == "redispatch_review, round 1"  # nothing has moved
    own = await wang.look(f"/flags/{number}")
    assert "由您提出,要另一个人签字。" in own and "同意,签字驳回" not in own
    response = await wang.browser.send(f"/flags/{number}/sign")
    assert "要由另一个人签字。" in words_of(await response.text())
    assert "驳回待第二人签字" in await zhao.look("/flags")
    assert "事实不符 · 督办员-0102" in await zhao.look(f"/flags/{number}")
    assert (await zhao.decide("sign")).startswith("已驳回,解释将告诉本人。")
    assert await state(conn, number) == "closed_explained, round 1, closed_explained"
    events = [(one.event, one.actor) for one in (await reading.passport(conn, number)).events][-2:]
    assert ("rejection_proposed", "督办员-0102") in events and events[-1][0] in ("reject", "explanation_owed")
    signed = await conn.fetchrow("SELECT signed_by, second_by FROM followup.explanation")
    assert tuple(signed) == ("督办员-0102", "督办员-0103")
    drafts = await conn.fetch("SELECT outcome, proposed_by, ended_by FROM followup.rejection_draft")
    assert [tuple(one) for one in drafts] == [("signed", "督办员-0102", "督办员-0103")]


async def test_a_rejection_is_sent_back_or_overtaken(
    wang: Supervisor, house: House, numbers: list[str], conn: asyncpg.Connection
) -> None:
    zhao = await Supervisor(house, "0103").sign_in("赵督导", "supervisor:991721")
    for _ in range(2):
        await wang.look(f"/flags/{numbers[0]}")
        await wang.decide("propose", ground="facts_differ", words="现场灯亮")
        await zhao.look(f"/flags/{numbers[0]}")
        await zhao.decide("send-back", why="照片是别处的")
    await wang.look(f"/flags/{numbers[0]}")
    await wang.decide("propose", ground="facts_differ", words="现场灯亮")
    await zhao.look(f"/flags/{numbers[0]}")
    await zhao.decide("confirm", reason="群众反映属实")
    outcomes = await conn.fetch("SELECT outcome, ended_by FROM followup.rejection_draft ORDER BY id")
    assert [tuple(one) for one in outcomes] == [
        ("sent_back", "督办员-0103"), ("sent_back", "督办员-0103"), ("overtaken", "督办员-0103"),
    ]  # fmt: skip
    assert await state(conn, numbers[0]) == "dispatched, round 2"


async def test_of_a_text_the_promised_call_comes_first(
    house: House, bench: Bench, conn: asyncpg.Connection
) -> None:
    number, _ = await closed_elsewhere(bench, conn, "text")
    wang = await Supervisor(house, "0102").sign_in("王督导", "supervisor:991721")
    assert "先打承诺的电话,最迟 03-10 10:00" in await wang.look("/flags")
    assert "再次交办" not in await wang.look(f"/flags/{number}")
    response = await wang.browser.send(f"/flags/{number}/confirm", reason="属实")
    assert "先等承诺的电话打完" in words_of(await response.text()) or response.status == 403


@pytest.mark.parametrize(
    "role", ["surveyor:991721", "auditor:991721", "supervisor:991722", "unit_liaison:991721"]
)
async def test_nobody_else_reads_or_decides(
    house: House, numbers: list[str], conn: asyncpg.Connection, role: str
) -> None:
    await conn.execute(
        "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES ('991722', '9917', 'county', '平岗县', '')"
    )
    browser = house.browser()
    await house.settled("2001", "钱进", role)
    await browser.sign_in("2001", GOOD)
    await browser.get("/home")
    for path in ("/flags", f"/flags/{numbers[0]}"):
        assert (await browser.get(path)).status == 403
        assert "路灯" not in browser.page
    await browser.get("/home")
    for form in ("confirm", "propose", "sign", "send-back"):
        response = await browser.send(
            f"/flags/{numbers[0]}/{form}", reason="属实", words="不实", ground="facts_differ", why="x"
        )
        assert response.status == 403
    assert await state(conn, numbers[0]) == "redispatch_review, round 1"


async def test_who_is_party_to_a_matter_does_not_see_it(
    wang: Supervisor, numbers: list[str], conn: asyncpg.Connection
) -> None:
    await routes.declare_party(
        conn, numbers[0], party="督办员-0102", reason="是邻居", by="主任-0001", now=at("9 10:00")
    )
    said = await wang.look(f"/flags/{numbers[0]}")
    assert said.startswith("看不到这件事项 这件事项不由您看或决定") and "路灯" not in said
    response = await wang.browser.get("/flags/991721-20260309-99999-9")
    assert response.status == 404


async def test_looking_changes_nothing(
    wang: Supervisor, numbers: list[str], conn: asyncpg.Connection
) -> None:
    async def counts() -> dict[str, int]:
        tables = await conn.fetch(
            "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('survey', 'followup')"
        )
        return {row["name"]: await conn.fetchval(f"SELECT count(*) FROM {row['name']}") for row in tables}

    before = await counts()
    for path in ("/flags", f"/flags/{numbers[0]}", "/flags?lang=en", f"/flags/{numbers[1]}?lang=en"):
        await wang.look(path)
    assert await counts() == before
