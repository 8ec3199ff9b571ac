"""The page of the day, served: what it shows, in which language, under which policy."""

import re
from datetime import datetime

import asyncpg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from small_cases import MOBILE
from small_day import CENTRE, SmallDay, at

from followup.reports.live import flag_tiles
from survey.clock import RealClock
from survey.web.day_page import day_routes
from survey.web.gate import Gate


class StoppedClock(RealClock):
    """Half past two, whatever happens."""

    def now(self) -> datetime:
        return at(14, 30)


@pytest.fixture
async def client(small_day: SmallDay, pool: asyncpg.Pool, gate: Gate) -> TestClient:
    await small_day.waiting("daily-text", "text", at(9))
    await small_day.waiting("daily-operator", "operator", at(16))
    ringing = "UPDATE survey.attempt SET status = 'ringing', ended_at = NULL WHERE contact_id = $1"
    await small_day.conn.execute(ringing, small_day.contacts["midway"])
    app = web.Application()
    app.add_routes(day_routes(pool, StoppedClock(), CENTRE, gate, [flag_tiles(CENTRE)]))
    async with TestClient(TestServer(app)) as one:
        yield one


def words(html: str) -> list[str]:
    """The page's words without its tags, the English ones left out."""
    chinese = re.sub(r'<span class="en".*?</span>', "", html, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", chinese).split()


async def test_what_it_shows(client: TestClient) -> None:
    shown = " ".join(words(await (await client.get("/day/now")).text()))
    assert "14:30:00 2026年3月9日 星期一 · Asia/Shanghai" in shown
    assert "语音呼叫 24 接通 7 · 完成 5" in shown  # the calls of later days are there, because the rows are
    assert "标记待决定 1 逾时 0" in shown
    assert "平安调查 短信 1 0" in shown
    assert "平安调查 调查员 0 1 03-09 16:00" in shown
    assert "语音 振铃中 1" in shown
    assert "短信 放学照样堵 已记录" in shown


async def test_no_number_is_shown(client: TestClient, small_day: SmallDay) -> None:
    await small_day.put(
        "survey.input", channel="text", message_sid="SMx", said=f"打我{MOBILE}", effect="unknown_sender",
        reply="", arrived_at=at(14, 29), arrived_real=at(14, 29),
    )  # fmt: skip
    page = await (await client.get("/")).text()
    assert "打我〔号码〕" in page and MOBILE[3:] not in page


async def test_urgent_handovers_are_counted_first(client: TestClient, small_day: SmallDay) -> None:
    for ref, urgent, due in (("a", True, at(14, 40)), ("b", False, at(14)), ("c", False, at(20))):
        await small_day.put(
            "survey.handover", ref=ref, urgent=urgent, reason="asked_for", raised_at=at(13), due_at=due
        )
    page = await (await client.get("/day/now")).text()
    assert "等人联系 3 紧急 1 · 超时 1" in " ".join(words(page))
    assert "1 urgent, 1 overdue" in page


async def test_only_its_own_script_and_style_may_run(client: TestClient) -> None:
    first, second = await client.get("/"), await client.get("/")
    policy = first.headers["Content-Security-Policy"]
    nonce = re.search(r"script-src 'nonce-([^']+)'", policy)
    assert nonce is not None
    page = await first.text()
    assert f'<script nonce="{nonce[1]}">' in page and f'<style nonce="{nonce[1]}">' in page
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert 'style="' not in page  # an inline style would be refused
    assert second.headers["Content-Security-Policy"] != policy


async def test_chinese_first_and_english_on_request(client: TestClient) -> None:
    chinese, english = await (await client.get("/")).text(), await (await client.get("/?lang=en")).text()
    assert '<html lang="zh">' in chinese and "?lang=en" in chinese
    assert '<html lang="en">' in english and "Suilan Public Opinion Survey Centre</title>" in english


async def test_without_script_the_browser_refreshes_it(client: TestClient) -> None:
    assert (
        '<noscript><meta http-equiv="refresh" content="5"></noscript>' in await (await client.get("/")).text()
    )


async def test_a_centre_that_is_not_set_up_yet(
    conn: asyncpg.Connection, pool: asyncpg.Pool, gate: Gate
) -> None:
    app = web.Application()
    app.add_routes(day_routes(pool, StoppedClock(), "990000", gate))
    async with TestClient(TestServer(app)) as client:
        page = await (await client.get("/")).text()
    assert "990000" in page and "没有人在等待" in page and "今天还没有人回答" in page
