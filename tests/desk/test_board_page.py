"""The live board: every figure with its base, one snapshot for all who watch, and reads that indexes lead."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from campaign_bench import Planner
from desk_bench import words_of
from quality_bench import held

from followup.reports.board import COUNT_FLAGS, COUNT_RED
from survey.store.reports import board
from survey.web import board_pages
from survey.web.board_pages import BoardPages
from survey.web.gate import Gate
from survey.web.webhooks import activity_middleware
from tests.access.access_bench import House
from tests.doors.doors_bench import CENTRE, Bench, HandClock, at

BIG = {
    "attempt", "sample_unit", "interview", "input", "answer", "contact", "handover", "inbox_text", "parked_signal",
    "case_file", "callback", "case_clock",
}  # fmt: skip
OF_WHAT_IS_OPEN = {
    "handover_open",
    "sample_unit_turn",
    "sample_unit_due",
    "inbox_text_unread",
    "parked_signal_waiting",
    "attempt_at_desk",
    "case_clock_red",
    "callback_waiting",
}
"""Indexes that hold only what is open."""


@pytest.fixture
async def monday(bench: Bench) -> Bench:
    """At ten 1021 has held two interviews, one did not pick up, five wait, and a text came back."""
    for name in ("王芳", "李强"):
        await held(bench, name, "1021")
    waits = [await bench.resident(name) for name in ("甲", "乙", "丙", "丁", "戊")]
    for resident in waits:
        await bench.survey(resident, "operator", code="daily")
    await held(bench, "张敏", "1021")
    await bench.run(
        "UPDATE survey.attempt SET disposition = 'no_answer' WHERE person_id = (SELECT max(person_id) FROM survey.attempt)"
    )
    await bench.run(
        "UPDATE survey.sample_unit SET due_at = $1 WHERE status = 'waiting' AND id ="
        " (SELECT max(id) FROM survey.sample_unit WHERE status = 'waiting')",
        at("9 15:00"),
    )
    await bench.run("UPDATE survey.campaign SET status = 'running'")
    await held(bench, "赵云", None)
    await bench.run(
        "UPDATE survey.attempt SET mode = 'text', sid = 'SM1', carrier_word = 'delivered' WHERE operator IS NULL"
    )
    return bench


async def test_every_figure_has_its_base(monday: Bench, house: House) -> None:
    zhang = await Planner(house, "2001").sign_in("张督导", "supervisor")
    said = await zhang.look("/board")
    assert said.startswith(
        "10:00:00 2026-03-09 · 上午 · 以下都是这一刻,率都从今天零点算起 等人联系 0 紧急 0 · 超时 0"
    )
    assert "排队的人 方式 已到时 今天上午 今天下午 今天晚上 以后 调查员 4 0 1 0 0" in said
    assert "调查员 3 100.0% 3/3 66.7% 2/3 100.0% 2/2 66.7% 2/3" in said
    assert "次 / 4 成功 1.1 75.0% 3/4" in said
    assert "已送达 / 已发 100.0% 1/1 有回复 / 已发 0.0% 0/1 完成 / 已发 100.0% 1/1" in said
    assert "空接 – 上限 3.0%" in said
    assert "没有配置主叫号码。" in said
    page = zhang.browser.page
    assert '<a href="/campaigns">' in page and '<a href="/flags">' in page and '<a href="/handovers">' in page
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in page
    await monday.run(
        "UPDATE survey.attempt SET status = 'answered', ended_at = NULL, disposition = NULL WHERE operator = '1021'"
    )
    await asyncio.sleep(board_pages.FRESH_S)
    assert "1021 通话中" in await zhang.look("/board")


async def test_what_waits_is_told_and_a_visitor_of_less_sees_no_link(monday: Bench, house: House) -> None:
    await monday.run(
        "INSERT INTO survey.parked_signal (kind, body, at) VALUES ('call', '{}', $1)", at("9 09:00")
    )
    await monday.run(
        "INSERT INTO survey.caller (number, account, position, rate, going_since, look_at, paused_at, paused_why)"
        " VALUES ('+8615400000000', 'AC1', 0, 1, $1, $1, $1, '被多家网络拦截')",
        at("9 09:00"),
    )
    lead = await Planner(house, "1100").sign_in("周班长", "team_lead")
    said = await lead.look("/board")
    assert (
        "未识别信号 1 运营商的话,没有对应 minyi parked list 停用的号码 1 共 1 个主叫号码 minyi pace show"
        in said
    )
    assert "154****0000 停用 被多家网络拦截" in said
    assert "/flags" not in lead.browser.page and 'href="/campaigns"' not in lead.browser.page
    assert "15400000000" not in lead.browser.page


async def events(planner: Planner) -> str:
    """The first event of a stream of its own."""
    async with planner.browser.client.get("/board/live") as response:
        assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        lines = []
        async for line in response.content:
            if line == b"\n":
                break
            lines.append(line.decode())
    assert lines[:2] == ["retry: 1000\n", "event: board\n"]
    return words_of("<main>" + "".join(one.removeprefix("data: ") for one in lines[2:]) + "</main>")


async def test_all_who_watch_are_shown_one_reading(
    monday: Bench, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = 0
    read = board_pages.read_board

    async def counted(*given: Any) -> Any:
        nonlocal readings
        readings += 1
        return await read(*given)

    monkeypatch.setattr(board_pages, "read_board", counted)
    zhang = await Planner(house, "2001").sign_in("张督导", "supervisor")
    li = await Planner(house, "2002").sign_in("李督导", "supervisor")
    shown = await asyncio.gather(*(events(one) for one in (zhang, li) * 10))
    assert len(set(shown)) == 1 and shown[0].startswith("10:00:00 2026-03-09")
    assert readings == 1


async def test_a_stream_is_for_whoever_may_see_the_day(monday: Bench, house: House) -> None:
    nobody = house.browser()
    assert (await nobody.get("/board/live")).status == 401
    surveyor = await Planner(house, "1021").sign_in("李秀英", "surveyor")
    assert (await surveyor.browser.get("/board/live")).status == 403


def scans(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if node.get("Relation Name") in BIG:
        yield node
    for inner in node.get("Plans", ()):
        yield from scans(inner)


@pytest.mark.parametrize(
    ("sql", "given"),
    [
        (board.SELECT_WAITING, [CENTRE, at("9 10:00"), [at("9 10:00"), at("10 00:00")]]),
        (board.SELECT_OUTCOMES, [CENTRE, at("9 00:00")]),
        (board.SELECT_TEXTS, [CENTRE, at("9 00:00")]),
        (board.SELECT_PEOPLE, [CENTRE]),
        (board.SELECT_NUMBERS, [at("9 00:00")]),
        (board.SELECT_OPEN_MATTERS, [at("9 10:00")]),
        (COUNT_RED, [CENTRE]),
        (COUNT_FLAGS, [CENTRE, at("9 10:00")]),
    ],
)
async def test_no_read_goes_through_all_there_ever_was(
    conn: asyncpg.Connection, sql: str, given: list[Any]
) -> None:
    """With whole scans forbidden as far as can be, one that is left means that no index leads to what is asked for."""
    await conn.execute("SET enable_seqscan = off")
    ((plan,),) = await conn.fetch("EXPLAIN (FORMAT JSON) " + sql, *given)
    led = list(scans((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))
    assert led
    for one in led:
        whole = (
            "Index Cond" not in one
            and "Recheck Cond" not in one
            and one.get("Index Name") not in OF_WHAT_IS_OPEN
        )
        assert not whole, (one.get("Index Name"), one)


class Counting(HandClock):
    """Knows whether anything holds it."""

    held = 0

    @contextmanager
    def activity(self) -> Iterator[None]:
        self.held += 1
        yield
        self.held -= 1


async def test_time_does_not_stand_still_for_who_watches(bench: Bench, house: House) -> None:
    clock = Counting(at("9 10:00"))
    ground = replace(bench.ground, clock=clock)
    pages = BoardPages(
        ground, CENTRE, Gate(house.signing, public_url="http://127.0.0.1:8080", fictional=True)
    )
    app = web.Application(middlewares=[activity_middleware(ground)])
    app.add_routes(pages.routes())
    app.on_shutdown.append(pages.close)
    async with TestServer(app) as server, TestClient(server) as client, client.get("/board/live") as response:
        assert await response.content.readline() == b"retry: 1000\n"
        assert clock.held == 0
        await pages.close(app)
        assert (await response.content.read()).endswith(b"\n\n")  # and it ends with its process
