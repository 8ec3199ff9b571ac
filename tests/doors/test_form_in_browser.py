"""The web form in a real browser: filled in by keyboard alone, without script, on a phone's width, under its own policy."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from doors_bench import Bench
from forms_bench import Thread, invited
from playwright.async_api import Browser, Page, async_playwright

from survey.questionnaire import library
from survey.web.form import form_routes

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
CONTRAST = """() => {
  const parts = c => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => { for (; e; e = e.parentElement) {
    const c = parts(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; }
    return [255, 255, 255]; };
  const found = [];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility() || e.closest('.unseen')) continue;
    const [a, b] = [light(parts(getComputedStyle(e).color)), light(ground(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push(`${e.textContent.trim()}: ${ratio.toFixed(2)}`);
  }
  return found;
}"""


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        one = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield one
        await one.close()


@pytest.fixture
async def site(bench: Bench) -> AsyncIterator[TestServer]:
    app = web.Application()
    app.add_routes(form_routes(bench.ground))
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()


async def opened(chromium: Browser, site: TestServer, thread: Thread, **context: object) -> Page:
    """The form on a phone without script; what its policy refuses fails the test."""
    surroundings = {"viewport": {"width": 375, "height": 812}, "java_script_enabled": False, **context}
    page = await (await chromium.new_context(**surroundings)).new_page()  # type: ignore[arg-type]
    page.on("console", lambda message: pytest.fail(message.text))
    await page.goto(str(site.make_url(f"/f/{thread.token}")))
    return page


async def focused(page: Page) -> str:
    """Name and value of what the keyboard is at, as the browser's own accessibility tree may name it."""
    at = page.locator(":focus")
    if not await at.count():
        return ""
    name = await at.get_attribute("name") or ""
    return f"{name}={await at.get_attribute('value')}" if name else (await at.inner_text()).strip()


async def tab_to(page: Page, *wanted: str) -> str:
    """Presses Tab until one of these has the focus."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        if (at := await focused(page)) in wanted:
            return at
    raise AssertionError(f"{wanted} is nowhere on the way of the Tab key")


async def enter(page: Page) -> None:
    """Presses Enter where that sends the page, and waits for the next."""
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def test_the_whole_perception_form_by_keyboard_alone(
    bench: Bench, chromium: Browser, site: TestServer
) -> None:
    thread = await invited(bench, "何平")
    page = await opened(chromium, site, thread)
    while await page.locator("form").count():
        assert not await page.locator("body").evaluate(
            "e => e.scrollWidth > document.documentElement.clientWidth"
        )
        (question,) = await thread.asking()
        if question == "Q11":
            await tab_to(page, "Q11=None")
            await page.keyboard.type("巷口的路灯坏了")
        elif question == "Q5":  # boxes: past "no", and two of the others
            for code in ("2", "3"):
                await tab_to(page, f"Q5={code}")
                await page.keyboard.press("Space")
        else:  # one of several: Tab reaches the first, an arrow moves on and chooses
            await page.keyboard.press("Tab")
            first = await focused(page)
            assert first.startswith(f"{question}=")
            await page.keyboard.press("Space" if question in ("S1", "Q12") else "ArrowDown")
        await tab_to(page, "下一步", "提交")
        await enter(page)
    assert await page.locator(".words h2").inner_text() == "完成了"
    answers = await bench.answers(thread.person)
    assert answers | {"Q3": "", "Q2": "", "Q6": ""} == {
        "S1": "1", "S2": "991721101", "Q1": answers["Q1"], "Q2": "", "Q3": "", "Q5": "2 3", "Q6": "", "Q10_age": "2",
        "Q10_sex": "2", "Q11": "巷口的路灯坏了", "Q12": "1",
    }  # fmt: skip
    assert await bench.attempts(thread.person) == ["text ended complete"]


async def test_the_keyboard_is_put_at_the_first_fault_and_hears_what_it_is(
    bench: Bench, chromium: Browser, site: TestServer
) -> None:
    thread = await invited(bench, "王芳", instrument=library("fraud_selftest"))
    page = await opened(chromium, site, thread)
    await tab_to(page, "下一步")
    await enter(page)
    assert (await focused(page)).startswith("F1=")
    group = page.get_by_role("radiogroup", name="有人自称警察,要您把钱转到“安全账户”,您怎么办?")
    described = await group.get_attribute("aria-describedby")
    assert await page.locator(f"#{described}").inner_text() == "请回答这一题。"


async def test_back_and_never_again_by_keyboard(bench: Bench, chromium: Browser, site: TestServer) -> None:
    thread = await invited(bench, "何平")
    page = await opened(chromium, site, thread)
    await tab_to(page, "S1=1")
    await page.keyboard.press("Space")
    await enter(page)  # as in any form: Enter in a field sends the page
    assert await thread.asking() == ["S2"]
    await tab_to(page, "_back=S1")
    await enter(page)
    assert await page.locator("input:checked").get_attribute("value") == "1"
    assert not await page.get_by_role("button", name="确定,不再参加").is_visible()
    await tab_to(page, "以后不再参加调查")
    await page.keyboard.press("Enter")
    await tab_to(page, "_button=stop")
    await enter(page)
    assert await bench.opt_outs(thread.person) == {"survey": "web"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_word_stands_out_from_its_ground(
    bench: Bench, chromium: Browser, site: TestServer, scheme: str
) -> None:
    thread = await invited(bench, "王芳", instrument=library("special_poll"))
    page = await opened(chromium, site, thread, color_scheme=scheme, java_script_enabled=True)
    faint: list[str] = []
    for codes in ([], ["2"], ["1", "other"], ["烧烤摊"], ["1"], ["1"], ["50"], ["3"], ["2"], ["早点收摊"]):
        for summary in await page.locator("summary").all():
            await summary.click()
        faint += await page.evaluate(CONTRAST)
        for box in await page.locator("form input:not([type=hidden])").all():
            if await box.get_attribute("type") != "text" and await box.get_attribute("value") in codes:
                await box.check()
        for line in await page.locator("textarea, input[type=text]").all():
            await line.fill("".join(codes))
        faint += await page.evaluate(CONTRAST)
        await page.locator("button.next").click()
    assert await page.locator(".words").count()
    assert faint + await page.evaluate(CONTRAST) == []
