"""Every answer satisfies Twilio's own description and its package; every refusal has Twilio's code."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import pytest
from openapi_schema_validator import OAS30Validator
from twilio.base.exceptions import TwilioRestException

OURS = "+8615400000000"
LI, ZHAO = "+8615400000021", "+8615400000022"
SERVICE = "MG" + "1" * 32


class Described:
    """The description's schema of an answer, by path, verb and status."""

    def __init__(self, description: dict[str, Any]) -> None:
        self._description = description

    def check(self, path: str, verb: str, status: int, body: Any) -> None:
        operation = self._description["paths"]["/2010-04-01/Accounts/{AccountSid}/" + path][verb]
        schema = operation["responses"][str(status)]["content"]["application/json"]["schema"]
        whole = {**schema, "components": self._description["components"]}
        OAS30Validator(whole).validate(body)


@pytest.fixture
def described(openapi) -> Described:
    return Described(openapi)


async def test_calls_satisfy_the_description(bench, described, openapi):
    bench.plant(LI, temper="patient", answers=["answered"])
    form = [
        ("To", LI), ("From", OURS), ("Url", f"{bench.service.url}/voice/0"),
        ("StatusCallback", f"{bench.service.url}/status"),
        *(("StatusCallbackEvent", event) for event in ("initiated", "answered", "completed")),
    ]  # fmt: skip
    status, queued, _ = await bench.raw("POST", "Calls.json", data=form)
    described.check("Calls.json", "post", status, queued)
    await bench.clock.run_out()
    status, call, _ = await bench.raw("GET", f"Calls/{queued['sid']}.json")
    described.check("Calls/{Sid}.json", "get", status, call)
    assert set(openapi["components"]["schemas"]["api.v2010.account.call"]["properties"]) == set(call)
    status, listed, _ = await bench.raw("GET", "Calls.json?PageSize=1")
    described.check("Calls.json", "get", status, listed)
    status, events, _ = await bench.raw("GET", f"Calls/{call['sid']}/Events.json")
    described.check("Calls/{CallSid}/Events.json", "get", status, events)
    assert [p["CallStatus"] for p in bench.service.at("/status")] == ["initiated", "in-progress", "completed"]
    assert parsedate_to_datetime(call["date_created"]) == bench.clock.now().replace(
        hour=2, minute=0, second=0
    )


async def test_messages_satisfy_the_description(bench, described):
    bench.plant(LI, text_temper="ignores")
    form = {"To": LI, "From": OURS, "Body": "您好", "StatusCallback": f"{bench.service.url}/status"}
    status, queued, _ = await bench.raw("POST", "Messages.json", data=form)
    described.check("Messages.json", "post", status, queued)
    await bench.clock.run_out()
    status, text, _ = await bench.raw("GET", f"Messages/{queued['sid']}.json")
    described.check("Messages/{Sid}.json", "get", status, text)
    status, listed, _ = await bench.raw("GET", "Messages.json")
    described.check("Messages.json", "get", status, listed)
    assert text["status"] == "delivered"


async def test_twilios_package_reads_lists_page_by_page(bench):
    for i in range(5):
        number = f"+861540000003{i}"
        bench.plant(number, answers=["busy" if i % 2 else "off"])
        await bench.call(number)
        await bench.clock.run_out()
    calls = await bench.twilio.calls.list_async(page_size=2)
    assert [call.to for call in calls] == [f"+861540000003{i}" for i in (4, 3, 2, 1, 0)]
    assert [c.to for c in await bench.twilio.calls.list_async(status="busy")] == [
        "+8615400000033",
        "+8615400000031",
    ]
    assert [c.status for c in await bench.twilio.calls.list_async(to="+8615400000030")] == ["failed"]
    third = parsedate_to_datetime((await bench.raw("GET", "Calls.json"))[1]["calls"][2]["date_created"])
    after = await bench.twilio.calls.list_async(start_time_after=third)
    before = await bench.twilio.calls.list_async(start_time_before=third - timedelta(seconds=1))
    assert ([c.to[-1] for c in after], [c.to[-1] for c in before]) == (["4", "3", "2"], ["1", "0"])
    assert await bench.twilio.calls.list_async(start_time=datetime(2026, 3, 8, tzinfo=UTC).date()) == []


async def test_new_rows_between_two_pages_shift_nothing(bench):
    for i in range(4):
        await bench.text(f"+861540000004{i}", "您好")
    _, first, _ = await bench.raw("GET", "Messages.json?PageSize=2")
    await bench.text("+8615400000049", "您好")
    next_page = first["next_page_uri"].split("/Messages.json?")[1]
    _, second, _ = await bench.raw("GET", f"Messages.json?{next_page}")
    assert [text["to"][-1] for text in first["messages"] + second["messages"]] == ["3", "2", "1", "0"]
    assert second["next_page_uri"] is None


async def test_inbound_texts_are_listed_by_whom_they_went_to(bench):
    bench.plant(LI, text_temper="digits", opinions={"safety": "安全"})
    bench.service.script = lambda path, params: "<Response/>"
    await bench.text(LI, "您感觉当地安全吗?1安全2比较安全3不太安全4不安全")
    await bench.clock.run_out()
    [inbound] = await bench.twilio.messages.list_async(to=OURS)
    assert (inbound.direction, inbound.status, inbound.from_) == ("inbound", "received", LI)


async def test_a_scheduled_message_can_be_cancelled_and_no_other(bench):
    bench.plant(LI, text_temper="ignores")
    later = bench.clock.now() + timedelta(hours=1)
    scheduled = await bench.text(
        LI, "您好", messaging_service_sid=SERVICE, schedule_type="fixed", send_at=later
    )
    assert (scheduled.status, scheduled.messaging_service_sid) == ("scheduled", SERVICE)
    cancelled = await bench.twilio.messages(scheduled.sid).update_async(status="canceled")
    assert cancelled.status == "canceled"
    queued = await bench.text(LI, "您好")
    with pytest.raises(TwilioRestException) as refused:
        await bench.twilio.messages(queued.sid).update_async(status="canceled")
    assert (refused.value.status, refused.value.code) == (409, 30409)
    await bench.clock.run_out()
    assert (await bench.twilio.messages(scheduled.sid).fetch_async()).status == "canceled"


CALL = {"To": LI, "From": OURS, "Url": "http://127.0.0.1:1/voice"}
TEXT = {"To": LI, "From": OURS, "Body": "您好"}


@pytest.mark.parametrize(
    ("path", "form", "code"),
    [
        ("Calls.json", CALL | {"To": ""}, 21201),
        ("Calls.json", CALL | {"To": "15400000021"}, 21211),
        ("Calls.json", CALL | {"To": "+13051416799"}, 21215),
        ("Calls.json", CALL | {"From": ""}, 21213),
        ("Calls.json", CALL | {"From": "us"}, 21212),
        ("Calls.json", CALL | {"Url": ""}, 21205),
        ("Calls.json", CALL | {"Url": "/relative"}, 21205),
        ("Calls.json", CALL | {"Url": "http://127.0.0.1:1/voice#rc=9"}, 21205),
        ("Calls.json", CALL | {"StatusCallback": "ftp://x"}, 21609),
        ("Calls.json", CALL | {"StatusCallbackEvent": "exploded"}, 21626),
        ("Calls.json", CALL | {"Timeout": "0"}, 20001),
        ("Calls.json", CALL | {"Twiml": "<Response/>" * 400}, 21263),
        ("Messages.json", TEXT | {"To": ""}, 21604),
        ("Messages.json", TEXT | {"To": "154"}, 21211),
        ("Messages.json", TEXT | {"To": "+447400000000"}, 21408),
        ("Messages.json", TEXT | {"From": ""}, 21603),
        ("Messages.json", TEXT | {"Body": ""}, 21602),
        ("Messages.json", TEXT | {"Body": "好" * 1601}, 21617),
    ],
)
async def test_bad_requests_are_refused_with_twilios_code(bench, path, form, code):
    status, body, _ = await bench.raw("POST", path, data=form)
    assert (status, body["code"], body["status"]) == (400, code, 400)
    assert body["more_info"] == f"https://www.twilio.com/docs/errors/{code}"
    assert (await bench.ledger())["calls"] == [] == (await bench.ledger())["texts"]


async def test_a_body_that_is_no_form_is_refused(bench):
    status, body, _ = await bench.raw("POST", "Calls.json", json=CALL)
    assert (status, body["code"]) == (400, 20001)


async def test_wrong_credentials_and_unknown_things(bench):
    status, body, _ = await bench.raw("GET", "Calls.json", auth=aiohttp.BasicAuth("AC1", "x"))
    assert (status, body["code"], body["message"]) == (401, 20003, "Authenticate")
    status, body, _ = await bench.raw("GET", "Calls.json", auth=None)
    assert (status, body["code"]) == (401, 20003)
    for path in ("Calls/CA1.json", "Messages/SM1.json", "Recordings/RE1.json", "../AC1/Calls.json"):
        status, body, _ = await bench.raw("GET", path)
        assert (status, body["code"]) == (404, 20404), path


async def test_numbers_that_no_text_reaches(bench):
    refused = []
    for i in range(1500):
        form = TEXT | {"To": f"+8615400{i:06d}"}
        status, body, _ = await bench.raw("POST", "Messages.json", data=form)
        if status == 400:
            refused.append(body["code"])
    assert set(refused) == {21612}
    assert 1 <= len(refused) <= 20


async def test_past_the_calls_a_second_comes_429_with_the_time_to_wait(bench):
    bench.carrier.rate = type(bench.carrier.rate)(0.5)
    form = CALL | {"Url": f"{bench.service.url}/voice/0"}

    async def create() -> tuple[int, str | None]:
        status, body, headers = await bench.raw("POST", "Calls.json", data=form)
        assert status == 201 or body["code"] == 20429
        return status, headers.get("Retry-After")

    assert [await create() for _ in range(3)] == [(201, None), (201, None), (429, "1")]
    await bench.clock.run(seconds=10)
    assert (await create())[0] == 201


async def test_an_unanswered_call_keeps_its_sip_response_in_its_events(bench):
    bench.plant(ZHAO, answers=["off"])
    call = await bench.call(ZHAO)
    await bench.clock.run_out()
    [event] = await bench.twilio.calls(call.sid).events.list_async()
    assert event.request["parameters"]["sip_response_code"] == "480"
    assert json.dumps(event.response)
