"""The carrier's requests about connected calls, over HTTP: signed, answered in its language, and no number in any of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from doors_bench import Bench
from multidict import MultiDict
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator

from survey import linked_dialling, linked_operators
from survey.browser_lines import address_of
from survey.channels.base import Progress, Unknown
from survey.web.linked import linked_routes
from survey.web.webhooks import Webhooks, activity_middleware

TOKEN, PUBLIC = "0123456789abcdef0123456789abcdef", "https://minyi.example"
HEAD = '<?xml version="1.0" encoding="UTF-8"?><Response>'
DESK = "+8615499000021"
Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client(bench: Bench) -> AsyncIterator[Client]:
    webhooks = Webhooks(bench.ground, auth_token=TOKEN, public_url=PUBLIC)
    app = web.Application(middlewares=[activity_middleware(bench.ground)])
    app.add_routes([*webhooks.routes(), *linked_routes(bench.ground, verify=webhooks.verified)])
    async with TestClient(TestServer(app)) as client:
        yield client


async def post(client: Client, path: str, sid: str, **more: str) -> ClientResponse:
    form = {"CallSid": sid, "AccountSid": "AC1", "From": "+8615400000000", "To": DESK, **more}
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, MultiDict(form))
    return await client.post(path, data=form, headers={"X-Twilio-Signature": signature})


async def test_an_operator_and_a_resident_are_connected_and_parted(bench: Bench, client: Client) -> None:
    li_na = await bench.resident("李娜")
    await bench.survey(li_na, "operator")
    await bench.run("UPDATE survey.campaign SET operator_dialling = 'progressive'")
    await linked_operators.go_on_duty(bench.ground, "1021", DESK)
    await linked_operators.link(bench.ground, bench.line)
    room, own = (await bench.rows("SELECT ref, sid FROM survey.linked_operator"))[0]
    said: list[str] = []
    with capture_logs() as logs:
        said.append(await (await post(client, f"/twilio/operators/{room}", own)).text())
        await linked_dialling.dial_linked(bench.ground, bench.line, lambda: None)
        ref, sid = await bench.attempt_ref(li_na), await bench.sid(li_na)
        said.append(await (await post(client, f"/twilio/linked/{ref}", sid)).text())
        said.append(await (await post(client, f"/twilio/status/{ref}", sid, CallStatus="completed")).text())
        gone = f"/twilio/operators/{room}/status"
        said.append(await (await post(client, gone, own, CallStatus="completed")).text())
        said.append(await (await post(client, f"/twilio/linked/{ref}", sid)).text())
        unknown = await post(client, "/twilio/linked/another", sid)
    assert said == [
        f'{HEAD}<Dial><Conference beep="false" endConferenceOnExit="true">{room}</Conference></Dial></Response>',
        f'{HEAD}<Dial><Conference beep="onEnter" endConferenceOnExit="false">{room}</Conference></Dial>'
        '<Say language="zh-CN">非常抱歉,调查员的线路中断了。再见。</Say><Hangup/></Response>',
        f"{HEAD[:-10]}<Response/>",
        f"{HEAD[:-10]}<Response/>",
        f'{HEAD}<Say language="zh-CN">非常抱歉,调查员的线路中断了。再见。</Say><Hangup/></Response>',
    ]
    assert unknown.status == 404
    assert not any(number in str(logs) + str(bench.carrier.asked[0].urls) for number in (li_na.number, DESK))


async def test_an_operator_in_a_browser_waits_in_the_same_room_and_one_who_is_not_there_goes_off_duty(
    bench: Bench, client: Client
) -> None:
    await linked_operators.go_on_duty(bench.ground, "1021", in_browser=True)
    await linked_operators.go_on_duty(bench.ground, "1022", in_browser=True)
    await linked_operators.link(bench.ground, bench.line)
    (one, at_one), (two, at_two) = await bench.rows("SELECT ref, sid FROM survey.linked_operator ORDER BY 1")
    browsers = {address_of(bench.ground.vault, name) for name in ("1021", "1022")}
    assert set(bench.carrier.numbers()) == browsers
    said = await (await post(client, f"/twilio/operators/{one}", at_one, To=browsers.pop())).text()
    assert said == (
        f'{HEAD}<Dial><Conference beep="false" endConferenceOnExit="true">{one}</Conference></Dial></Response>'
    )
    gone = {"CallStatus": "no-answer", "SipResponseCode": "480"}
    await post(client, f"/twilio/operators/{two}/status", at_two, **gone)
    assert dict(await bench.rows("SELECT ref, state FROM survey.linked_operator")) == {
        one: "ready",
        two: "off",
    }  # type: ignore[arg-type]


async def test_a_browser_is_never_called_twice_though_the_carrier_gave_no_answer(bench: Bench) -> None:
    browser = address_of(bench.ground.vault, "1021")
    bench.carrier.answers[browser] = Unknown("no answer")
    await linked_operators.go_on_duty(bench.ground, "1021", in_browser=True)
    await linked_operators.link(bench.ground, bench.line)
    bench.carrier.calls = [Progress("CA7", browser, "ringing", None, bench.clock.now())]
    bench.later(minutes=2)
    await linked_operators.link(bench.ground, bench.line)
    assert bench.carrier.numbers() == [browser]
    assert await bench.rows("SELECT state, sid FROM survey.linked_operator") == [("unknown", "CA7")]


@pytest.mark.parametrize("path", ["/twilio/operators/{room}", "/twilio/operators/{room}/status"])
async def test_what_the_carrier_did_not_sign_changes_nothing(bench: Bench, client: Client, path: str) -> None:
    await linked_operators.go_on_duty(bench.ground, "1021", DESK)
    await linked_operators.link(bench.ground, bench.line)
    room, sid = (await bench.rows("SELECT ref, sid FROM survey.linked_operator"))[0]
    form = {"CallSid": sid, "CallStatus": "completed"}
    assert (await client.post(path.format(room=room), data=form)).status == 403
    assert await linked_operators.state_of(bench.ground, "1021") == "calling"
