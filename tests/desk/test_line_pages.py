"""The line in a browser, as its window asks for it: only where it is configured, only for who works the queue, and on record."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from hashlib import sha256

import asyncpg
import jwt
import pytest
from desk_bench import Desk
from structlog.testing import capture_logs

from survey import linked_operators
from survey.browser_lines import address_of
from survey.caller_settings import BrowserKey
from tests.access.access_bench import House, open_house
from tests.doors.doors_bench import Bench

KEY = BrowserKey("AC" + "0" * 32, "SK" + "1" * 32, "a secret that is long enough to sign with")


@pytest.fixture
async def house(bench: Bench, conn: asyncpg.Connection, database: str) -> AsyncIterator[House]:
    """With a key of the carrier's: browsers can be called."""
    async with open_house(bench.ground, bench.clock, conn, database, browser_key=KEY) as one:  # type: ignore[arg-type]
        yield one


async def handed_out(desk: Desk) -> dict[str, object]:
    """What the token says that the window of the line gets."""
    await desk.browser.get("/desk/line")
    response = await desk.browser.send("/desk/line/token")
    assert (response.status, response.headers["Cache-Control"]) == (200, "no-store")
    token = json.loads(desk.browser.page)["token"]
    assert jwt.get_unverified_header(token)["cty"] == "twilio-fpa;v=1"
    said: dict[str, object] = jwt.decode(
        token, KEY.secret, algorithms=["HS256"], options={"verify_exp": False}
    )
    return said


async def test_the_token_lets_this_browser_be_called_for_a_quarter_of_an_hour_and_call_nobody(
    desk: Desk, bench: Bench
) -> None:
    with capture_logs() as logs:
        said = await handed_out(desk)
    name = address_of(bench.ground.vault, "1021").removeprefix("client:")
    assert said == {
        "jti": said["jti"],
        "iss": KEY.sid,
        "sub": KEY.account_sid,
        "exp": int(bench.real.timestamp()) + 900,
        "grants": {"identity": name, "voice": {"incoming": {"allow": True}}},
    }
    assert name.startswith("op_") and "1021" not in name and logs == []


async def test_each_token_is_on_record_with_whose_browser_it_was_for(desk: Desk, house: House) -> None:
    await handed_out(desk)
    await handed_out(desk)
    assert (await house.events())[-2:] == [("1021", "line_token"), ("1021", "line_token")]


async def test_a_contractor_who_sees_no_number_has_a_line_in_the_browser_too(
    bench: Bench, house: House
) -> None:
    desk = Desk(bench, house)
    await desk.sign_in("wb07", "外包小刘", employment="contractor")
    assert "在本浏览器上线" in await desk.look()
    assert (await handed_out(desk))["sub"] == KEY.account_sid


async def test_the_name_at_the_carrier_is_of_the_account_and_of_the_vault(bench: Bench) -> None:
    vault = bench.ground.vault
    assert address_of(vault, "1021") == address_of(vault, "1021") != address_of(vault, "1022")


async def test_on_duty_in_this_browser_the_browser_is_called_and_closing_it_goes_off_duty(
    desk: Desk, bench: Bench
) -> None:
    assert "在本浏览器上线" in await desk.look()
    await desk.browser.get("/desk/line")
    await desk.browser.send("/desk/line/duty")
    assert json.loads(desk.browser.page) == {"duty": "wanted"}
    await linked_operators.link(bench.ground, bench.line)
    assert bench.carrier.numbers() == [address_of(bench.ground.vault, "1021")]
    room, sid = (await bench.rows("SELECT ref, sid FROM survey.linked_operator"))[0]
    assert await linked_operators.answered(bench.ground, room, sid)
    words = await desk.look()
    assert "本浏览器的线路" in words and "等待接通下一位" in words and "在本浏览器上线" not in words
    await desk.browser.get("/desk/line")
    await desk.browser.send("/desk/line/off")
    await linked_operators.link(bench.ground, bench.line)
    assert bench.carrier.ended == [sid]


async def test_a_window_that_closes_late_leaves_a_telephone_on_duty(desk: Desk, bench: Bench) -> None:
    await linked_operators.go_on_duty(bench.ground, "1021", "+8615499000021")
    await desk.browser.get("/desk/line")
    await desk.browser.send("/desk/line/off")
    assert await linked_operators.state_of(bench.ground, "1021") == "wanted"


async def test_the_telephone_that_was_given_once_is_still_known_after_a_day_in_the_browser(
    bench: Bench, desk: Desk
) -> None:
    ground = bench.ground
    for in_browser in (False, True, False):
        number = "+8615499000021" if not in_browser and not bench.carrier.asked else None
        await linked_operators.go_on_duty(ground, "1021", number, in_browser=in_browser)
        await linked_operators.link(ground, bench.line)
        room, sid = (await bench.rows("SELECT ref, sid FROM survey.linked_operator"))[0]
        await linked_operators.over(ground, room, sid, "answered")
    browser = address_of(ground.vault, "1021")
    assert bench.carrier.numbers() == ["+8615499000021", browser, "+8615499000021"]


async def test_whoever_only_had_a_browser_is_asked_for_a_telephone(bench: Bench, desk: Desk) -> None:
    await linked_operators.go_on_duty(bench.ground, "1021", in_browser=True)
    await linked_operators.leave(bench.ground, "1021")
    await desk.look()
    assert "还不知道您的电话" in await desk.press("duty", number="")


async def test_only_the_window_of_the_line_may_reach_the_carrier(desk: Desk) -> None:
    window = await desk.browser.get("/desk/line")
    policy = window.headers["Content-Security-Policy"]
    assert (
        "connect-src 'self' wss://voice-js.roaming.twilio.com https://sdk.twilio.com; "
        "img-src 'self' data:; media-src mediastream: https://sdk.twilio.com;"
    ) in policy
    assert "script-src 'nonce-" in policy and "unsafe" not in policy
    desk_itself = await desk.browser.get("/desk")
    assert "twilio" not in desk_itself.headers["Content-Security-Policy"]
    assert "twilio" not in desk.browser.page and len(desk.browser.page.encode()) < 200_000


async def test_the_carriers_script_is_the_one_of_its_package(desk: Desk) -> None:
    response = await desk.browser.get("/desk/line/twilio-voice-2.18.5.js")
    digest = "35d3cb1b22e309f9884724a89250aecd2de4f1556ad7b67a7bc5e06c73dcb74a"  # of dist/twilio.min.js
    assert sha256(desk.browser.page.encode()).hexdigest() == digest
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert (
        response.headers["Content-Encoding"] == "deflate" and 'RELEASE_VERSION="2.18.5"' in desk.browser.page
    )


async def test_without_a_key_there_is_no_line_in_the_browser(
    bench: Bench, conn: asyncpg.Connection, database: str
) -> None:
    async with open_house(bench.ground, bench.clock, conn, database) as house:  # type: ignore[arg-type]
        desk = Desk(bench, house)
        await desk.sign_in("1021", "李秀英")
        assert "本浏览器" not in await desk.look()
        assert (await desk.browser.get("/desk/line")).status == 404
        await desk.look()
        for form in ("token", "duty"):
            assert (await desk.browser.send(f"/desk/line/{form}", form_token=None)).status == 403
            await desk.look()
            assert (await desk.browser.send(f"/desk/line/{form}")).status == 404
            await desk.look()
        assert await linked_operators.state_of(bench.ground, "1021") == "off"
