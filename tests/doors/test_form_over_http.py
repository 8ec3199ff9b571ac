"""The web form over HTTP: what a browser gets, what it may send, and what is in no header and no log."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO

import pytest
from aiohttp import ClientResponse, ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from doors_bench import Bench
from forms_bench import Thread, everything, invited
from structlog.testing import capture_logs

from survey.questionnaire import library
from survey.settings import Settings
from survey.web.form import form_routes, sent_page
from survey.web.webhooks import activity_middleware
from workers.runtime import Service
from workers.web import app_runner


@dataclass
class Browser:
    """Fetches and sends pages as a browser does."""

    client: TestClient[web.Request, web.Application]

    async def get(self, thread: Thread) -> str:
        response = await self.client.get(f"/f/{thread.token}")
        assert (response.status, response.content_type) == (200, "text/html")
        return await response.text()

    async def post(self, thread: Thread, fields: dict[str, str], step: int | None = None) -> ClientResponse:
        """Sends the page that is shown now, or one of another step."""
        shown = str((await thread.look()).step) if step is None else str(step)
        return await self.client.post(
            f"/f/{thread.token}", data={"_step": shown, **fields}, allow_redirects=False
        )


@pytest.fixture
async def browser(bench: Bench) -> AsyncIterator[Browser]:
    app = web.Application(middlewares=[activity_middleware(bench.ground)])
    app.add_routes(form_routes(bench.ground))
    async with TestClient(TestServer(app)) as client:
        yield Browser(client)


async def test_the_page_is_in_the_language_of_the_respondent_and_without_any_script(
    bench: Bench, browser: Browser
) -> None:
    page = await browser.get(await invited(bench, "何平"))
    assert '<html lang="zh">' in page and "请问您是否年满18周岁" in page and "第 1 题,共 10 题" in page
    bench.later(minutes=1)
    page = await browser.get(await invited(bench, "Ann", lang="en"))
    assert '<html lang="en">' in page and "Are you 18 or older" in page and "Question 1 of 10" in page
    assert "<script" not in page and " style=" not in page and "onclick" not in page


async def test_the_headers_hand_nothing_on(bench: Bench, browser: Browser) -> None:
    thread = await invited(bench, "何平")
    shown = await browser.client.get(f"/f/{thread.token}")
    nonce = re.search(r"style-src 'nonce-([\w-]+)'", shown.headers["Content-Security-Policy"])
    assert nonce is not None and f'<style nonce="{nonce[1]}">' in await shown.text()
    for response in (shown, await browser.post(thread, {"S1": "1"})):
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "form-action 'self'" in policy
        assert "script-src" not in policy and "frame-ancestors 'none'" in policy
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "Set-Cookie" not in response.headers


async def test_fetching_changes_nothing(bench: Bench, browser: Browser) -> None:
    thread = await invited(bench, "何平")
    before = await everything(bench)
    for question in ("", "?_step=0&S1=1", "?_button=stop", "?_button=person"):
        assert (await browser.client.get(f"/f/{thread.token}{question}")).status == 200
        assert (await browser.client.head(f"/f/{thread.token}{question}")).status == 200
    assert await everything(bench) == before


async def test_a_page_is_answered_by_a_redirect_to_the_next(bench: Bench, browser: Browser) -> None:
    thread = await invited(bench, "何平")
    sent = await browser.post(thread, {"S1": "1"})
    assert (sent.status, sent.headers["Location"]) == (
        303,
        thread.token,
    )  # beside itself, whatever the path before
    assert "请问您住在哪个乡镇或街道?" in await browser.get(thread)
    again = await browser.post(thread, {"S1": "2"}, step=0)
    assert (again.status, again.headers["Location"]) == (303, thread.token)
    assert await bench.answers(thread.person) == {"S1": "1"}


async def test_a_fault_stands_at_its_field(bench: Bench, browser: Browser) -> None:
    thread = await invited(bench, "王芳", instrument=library("fraud_selftest"))
    await browser.post(thread, {})
    page = await browser.get(thread)
    (fieldset,) = re.findall(r"<fieldset [^>]*>", page)
    assert 'aria-describedby="q1-fault"' in fieldset and 'aria-invalid="true"' in fieldset
    assert '<p class="fault" id="q1-fault" role="alert">请回答这一题。</p>' in page
    assert re.search(r'<input type="radio" name="F1" value="\d" autofocus>', page)


async def test_what_residents_write_comes_back_as_words_only(bench: Bench, browser: Browser) -> None:
    thread = await invited(bench, "何平")
    while await thread.asking() != ["Q11"]:
        await thread.send("991721100" if await thread.asking() == ["S2"] else "1")
    words = '</textarea><script>alert("x")</script>'
    await browser.post(thread, {"Q11": words})
    await browser.post(thread, {"_back": "Q11"})
    page = await browser.get(thread)
    assert "<script" not in page
    assert "&lt;/textarea&gt;&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;</textarea>" in page


async def test_links_that_lead_nowhere_say_so_in_both_languages_and_nothing_else(
    bench: Bench, browser: Browser
) -> None:
    thread = await invited(bench, "何平")
    bench.later(hours=72)
    for path, status, zh, en in [
        (f"/f/{thread.token}", 410, "链接已过期", "This link has expired"),
        ("/f/ref-0003ref-0009", 404, "没有这个链接", "No such link"),
        ("/f/%00", 404, "没有这个链接", "No such link"),
    ]:
        for response in (
            await browser.client.get(path),
            await browser.client.post(path, data={"_step": "0"}),
        ):
            page = await response.text()
            assert response.status == status
            assert zh in page and en in page and '<html lang="zh">' in page and '<div lang="en">' in page
            assert "遂澜" not in page and "平安" not in page
            assert response.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"_step=",
        b"_step=-1&S1=1",
        b"_step=%D9%A1&S1=1",
        b"_step=" + b"9" * 400,
        b"\xff\xfe\x00",
        b"_step=1&_back=%00",
        b"&".join(b"a=1" for _ in range(7000)),
        b'{"S1": "1"}',
    ],
)
async def test_what_is_no_page_of_ours_stores_nothing(bench: Bench, browser: Browser, body: bytes) -> None:
    thread = await invited(bench, "何平")
    before = await everything(bench)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    sent = await browser.client.post(f"/f/{thread.token}", data=body, headers=form, allow_redirects=False)
    assert sent.status == 303
    assert await everything(bench) == before


async def test_a_page_larger_than_any_form_is_refused(bench: Bench, browser: Browser) -> None:
    thread = await invited(bench, "何平")
    page = BytesIO(b"_step=0&S1=" + b"1" * 2_000_000)
    sent = await browser.client.post(f"/f/{thread.token}", data=page)
    assert sent.status == 413
    assert await bench.answers(thread.person) == {}


def test_a_page_as_the_browser_writes_it() -> None:
    sent = sent_page("_step=3&P2=1&P2=other&P5=&P5%3Amissing=dk&_button=again&_back=P1")
    assert (sent.step, dict(sent.values), dict(sent.missing), sent.button, sent.back) == (
        3,
        {"P2": ["1", "other"], "P5": [""]},
        {"P5": "dk"},
        "again",
        "P1",
    )


async def test_a_form_that_has_ended_says_so_however_often_its_last_page_is_sent(
    bench: Bench, browser: Browser
) -> None:
    thread = await invited(bench, "王芳", instrument=library("fraud_selftest"))
    for question in ("F1", "F2", "F3", "F4"):
        await browser.post(thread, {question: "1"})
    await browser.post(thread, {"F5": "1"})
    await browser.post(thread, {"F5": "1"})
    assert "您得了10分,满分10分" in await browser.get(thread)


async def test_the_web_process_serves_the_form_and_writes_the_address_into_no_log(
    bench: Bench, redis_url: str, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    thread = await invited(bench, "何平")
    service = Service(Settings(redis_url=redis_url, database_url=database), bench.ground, bench.line)
    caplog.set_level(logging.DEBUG)
    runner = await app_runner(service)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    ((host, port, *_),) = runner.addresses
    with capture_logs() as ours:
        async with ClientSession(f"http://{host}:{port}") as client:
            assert (await client.get(f"/f/{thread.token}")).status == 200
            await client.post(f"/f/{thread.token}", data={"_step": "0", "S1": "1"})
            await bench.run("ALTER TABLE survey.form_link RENAME TO elsewhere")  # now every request fails
            assert (await client.get(f"/f/{thread.token}")).status == 500
            await bench.run("ALTER TABLE survey.elsewhere RENAME TO form_link")
    await runner.cleanup()
    assert await bench.answers(thread.person) == {"S1": "1"}
    assert [
        record for record in caplog.records if record.name == "aiohttp.server"
    ]  # the fault itself is logged
    assert not [line for line in ours if thread.token in repr(line)]
    assert thread.token not in caplog.text
