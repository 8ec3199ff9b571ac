"""The line's window in a real Chromium, beside the desk: with the carrier's own script as far as the network's edge, and with one
in its place that is called as the carrier would call it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest
from browsing import fits
from playwright.async_api import Browser, BrowserContext, Page, Route, async_playwright

from survey import linked_calls, linked_dialling, linked_operators
from survey.browser_lines import address_of
from survey.caller_settings import BrowserKey
from tests.access.access_bench import GOOD, House, open_house
from tests.doors.doors_bench import Bench

pytestmark = pytest.mark.browser

KEY = BrowserKey("AC" + "0" * 32, "SK" + "1" * 32, "a secret that is long enough to sign with")
IN_ITS_PLACE = """
"use strict";
class Speaker {
  #heard = {};
  on(name, f) { (this.#heard[name] ??= []).push(f); }
  emit(name, ...more) { for (const f of this.#heard[name] ?? []) f(...more); }
}
class Call extends Speaker {
  #muted = false;
  accept() { setTimeout(() => this.emit("accept"), 0); }
  reject() { this.emit("reject"); }
  isMuted() { return this.#muted; }
  mute(is) { this.#muted = is; this.emit("mute", is); }
}
globalThis.Twilio = {Device: class extends Speaker {
  static isSupported = true;
  constructor(token, options) { super(); Object.assign(globalThis, {device: this, token, options}); }
  async register() { if (globalThis.away) throw Object.assign(new Error("away"), {code: 53000}); }
  updateToken(token) { globalThis.token = token; }
  destroy() { globalThis.destroyed = true; globalThis.call?.emit("disconnect"); }
}};
globalThis.ring = () => { globalThis.call = new Call(); globalThis.device.emit("incoming", globalThis.call); };
"""
"""What the window uses of the carrier's script: `ring()` is a call that comes in."""


@pytest.fixture
async def house(bench: Bench, conn: asyncpg.Connection, database: str) -> AsyncIterator[House]:
    async with open_house(bench.ground, bench.clock, conn, database, browser_key=KEY) as one:  # type: ignore[arg-type]
        await one.settled("1021", "李秀英", "surveyor:991721")
        yield one


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """With a microphone plugged in."""
    async with async_playwright() as playwright:
        one = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--use-fake-device-for-media-stream",
            ],
        )
        yield one
        await one.close()


async def open_desk(
    house: House, chromium: Browser, *, lang: str = "zh", heard: bool = True, real: bool = False
) -> Page:
    """The desk of 1021. `heard`: the microphone is allowed; `real`: with the carrier's own script."""
    context: BrowserContext = await chromium.new_context(
        viewport={"width": 1366, "height": 768}, permissions=["microphone"] if heard else []
    )
    if not real:
        await context.route("**/desk/line/*.js", _in_its_place)
    await context.add_init_script(
        "globalThis.violations = [];"
        "addEventListener('securitypolicyviolation', (e) => violations.push(`${e.effectiveDirective} ${e.blockedURI}`));"
    )
    page = await context.new_page()
    await page.goto(str(house.server.make_url("/desk")) + ("?lang=en" if lang == "en" else ""))
    await page.fill("#name", "1021")
    await page.fill("#password", GOOD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk*")
    return page


async def _in_its_place(route: Route) -> None:
    await route.fulfill(content_type="text/javascript", body=IN_ITS_PLACE)


async def open_line(desk: Page) -> Page:
    async with desk.expect_popup() as coming:
        await desk.click("[data-line-open]")
    window = await coming.value
    await window.set_viewport_size({"width": 390, "height": 560})
    await window.wait_for_selector("#begin")
    return window


async def says(page: Page, selector: str, words: str) -> None:
    await page.wait_for_function(
        "([s, w]) => document.querySelector(s)?.innerText.includes(w)", arg=[selector, words], timeout=5_000
    )


async def comes(true: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(100):
        if await true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come")


async def on_the_line(window: Page, bench: Bench) -> str:
    """The window goes on duty, is called, and picks up; the id of its call."""
    await window.keyboard.press("Enter")
    await window.wait_for_selector("[data-when='calling']:not([hidden])")
    await linked_operators.link(bench.ground, bench.line)
    room, sid = (await bench.rows("SELECT ref, sid FROM survey.linked_operator"))[0]
    await window.evaluate("ring()")
    assert await linked_operators.answered(bench.ground, room, sid)
    await window.wait_for_selector("[data-when='on']:not([hidden])")
    return str(sid)


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_window_is_called_instead_of_a_telephone_and_ends_with_its_keys(
    house: House, bench: Bench, chromium: Browser, lang: str
) -> None:
    desk = await open_desk(house, chromium, lang=lang)
    await fits(desk)
    window = await open_line(desk)
    await fits(window)
    sid = await on_the_line(window, bench)
    await fits(window)
    assert bench.carrier.numbers() == [address_of(bench.ground.vault, "1021")]
    await desk.reload()
    await fits(desk)
    await desk.keyboard.press("u")  # at the desk, though the line is in its window
    await says(window, "#muted", "Muted" if lang == "en" else "已静音")
    await says(desk, "[data-line='muted']", "muted" if lang == "en" else "已静音")
    await fits(window)
    await window.keyboard.press("u")
    await desk.wait_for_selector("[data-line='muted']", state="hidden")
    assert not await window.evaluate("call.isMuted()")

    wang = await bench.resident("王秀英")
    await bench.survey(wang, "operator")
    await bench.run("UPDATE survey.campaign SET operator_dialling = 'progressive'")
    await linked_dialling.dial_linked(bench.ground, bench.line, lambda: None)
    await linked_calls.picked_up(bench.ground, await bench.attempt_ref(wang), await bench.sid(wang))
    await says(
        window,
        "[data-when='with']",
        "Speaking with a resident" if lang == "en" else "正在与居民通话",
    )
    await desk.wait_for_selector(
        ".keys [data-key='1']"
    )  # the desk shows who it is, loaded anew: the line stands
    assert not await window.evaluate("globalThis.destroyed ?? false")
    await fits(desk)
    await desk.keyboard.press("Shift+K")
    await window.wait_for_selector("[data-when='ended']:not([hidden])")
    assert await window.evaluate("destroyed")
    await linked_operators.over(bench.ground, "ref-0001", sid, "answered")
    assert await window.evaluate("violations") == await desk.evaluate("violations") == []


async def test_closing_the_window_goes_off_duty(house: House, bench: Bench, chromium: Browser) -> None:
    window = await open_line(await open_desk(house, chromium))
    await on_the_line(window, bench)
    asked: list[str] = []

    async def leave(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        await dialog.accept()  # type: ignore[attr-defined]

    window.on("dialog", leave)
    await window.close(run_before_unload=True)

    async def leaving() -> bool:
        return await linked_operators.state_of(bench.ground, "1021") == "leaving"

    await comes(leaving)
    assert asked == ["beforeunload"]


async def test_a_line_that_breaks_off_says_so_and_can_be_begun_again(
    house: House, bench: Bench, chromium: Browser
) -> None:
    desk = await open_desk(house, chromium)
    window = await open_line(desk)
    sid = await on_the_line(window, bench)
    await window.evaluate("call.emit('disconnect')")
    await says(window, "h1", "线路已断,您已下线")
    room = await bench.one("SELECT ref FROM survey.linked_operator")
    await linked_operators.over(bench.ground, room, sid, "answered")
    await window.evaluate("call = undefined")
    assert await on_the_line(window, bench) != sid


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_microphone_that_is_refused_is_explained_and_no_token_is_asked_for(
    house: House, chromium: Browser, lang: str
) -> None:
    window = await open_line(await open_desk(house, chromium, lang=lang, heard=False))
    await window.keyboard.press("Enter")
    await says(window, ".fault:not([hidden])", "microphone" if lang == "en" else "麦克风改成“允许”")
    await fits(window)
    assert await window.is_visible("#begin")
    assert "line_token" not in [kind for _, kind in await house.events()]


async def test_a_carrier_that_is_away_and_a_call_that_does_not_come_are_explained(
    house: House, bench: Bench, chromium: Browser
) -> None:
    window = await open_line(await open_desk(house, chromium))
    await window.evaluate("away = true")
    await window.keyboard.press("Enter")
    await says(window, ".fault:not([hidden])", "连不上运营商")
    await says(window, "#code", "53000")
    assert await linked_operators.state_of(bench.ground, "1021") == "off"
    await window.evaluate("away = false")
    await window.keyboard.press("Enter")
    await window.wait_for_selector("[data-when='calling']:not([hidden])")
    await linked_operators.link(bench.ground, bench.line)
    room, sid = (await bench.rows("SELECT ref, sid FROM survey.linked_operator"))[0]
    await linked_operators.over(bench.ground, room, sid, "no_answer")
    await says(window, ".fault:not([hidden])", "呼叫没有到达这个窗口")


async def test_a_token_that_is_about_to_end_is_followed_by_another(
    house: House, bench: Bench, chromium: Browser
) -> None:
    window = await open_line(await open_desk(house, chromium))
    await on_the_line(window, bench)
    first = await window.evaluate("token")
    bench.real = bench.real.replace(minute=14)
    await window.evaluate("device.emit('tokenWillExpire')")
    await window.wait_for_function("(first) => token !== first", arg=first)
    assert [kind for _, kind in await house.events()][-2:] == ["line_token", "line_token"]


async def test_whoever_signs_in_again_at_the_desk_goes_on_with_the_window_that_is_open(
    house: House, bench: Bench, chromium: Browser
) -> None:
    desk = await open_desk(house, chromium)
    window = await open_line(desk)
    await bench.run("DELETE FROM survey.account_session")
    await window.keyboard.press("Enter")
    await says(window, ".fault:not([hidden])", "登录已过期")
    await desk.goto(str(house.server.make_url("/desk")))
    await desk.fill("#name", "1021")
    await desk.fill("#password", GOOD)
    await desk.keyboard.press("Enter")
    await desk.wait_for_url("**/desk")
    await on_the_line(window, bench)
    await bench.run("DELETE FROM survey.account_session")
    await says(window, "#signed-out", "线路还通着")
    await fits(window)


async def test_a_window_that_is_opened_beside_a_telephone_on_duty_leaves_that_alone(
    house: House, bench: Bench, chromium: Browser
) -> None:
    window = await open_line(await open_desk(house, chromium))
    await linked_operators.go_on_duty(bench.ground, "1021", "+8615499000021")
    await linked_operators.link(bench.ground, bench.line)
    room, sid = (await bench.rows("SELECT ref, sid FROM survey.linked_operator"))[0]
    assert await linked_operators.answered(bench.ground, room, sid)
    await window.keyboard.press("Enter")
    await says(window, ".fault:not([hidden])", "另一个窗口")
    assert await linked_operators.state_of(bench.ground, "1021") == "ready"


async def test_the_carriers_own_script_runs_under_our_policy_up_to_the_networks_edge(
    house: House, chromium: Browser
) -> None:
    desk = await open_desk(house, chromium, real=True)
    errors: list[str] = []
    window = await open_line(desk)
    window.on("pageerror", lambda error: errors.append(str(error)))
    assert (
        await window.evaluate("Twilio.Device.isSupported && Twilio.Device.packageName") == "@twilio/voice-sdk"
    )
    await window.keyboard.press("Enter")
    await window.wait_for_selector("[data-when='registering']:not([hidden]), .fault:not([hidden])")
    await window.wait_for_timeout(3_000)
    assert (await window.evaluate("violations"), errors) == ([], [])
    assert await linked_operators.state_of(house.ground, "1021") == "off"
