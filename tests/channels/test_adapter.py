"""The adapter on the wire: what each answer of the carrier comes to, and that every request is one the carrier describes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator
from small_carrier import ACCOUNT, OURS, Request, SmallCarrier

from survey.channels.base import (
    Accepted,
    CarrierAway,
    InboundText,
    Placed,
    Progress,
    Refused,
    Throttled,
    Unknown,
)
from survey.channels.twilio.carrier import TwilioCarrier
from survey.field.who_answered import Detection

LI_NA = "+8615400000021"
ANSWER_URL = "https://minyi.example/twilio/voice/ref-1/0#rc=5&rp=all&ct=2000&rt=8000"
STATUS_URL = "https://minyi.example/twilio/status/ref-1#rc=5&rp=all&ct=2000&rt=8000"
SINCE = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
CALL_SID, TEXT_SID = "CA" + "1" * 32, "SM" + "2" * 32

CALL = {
    "sid": CALL_SID, "to": LI_NA, "from": OURS, "status": "no-answer", "direction": "outbound-api",
    "start_time": "Mon, 09 Mar 2026 02:00:05 +0000",
}  # fmt: skip
TEXT = {
    "sid": TEXT_SID, "to": LI_NA, "from": OURS, "status": "undelivered", "error_code": 30005, "body": "您好",
    "direction": "outbound-api", "date_created": "Mon, 09 Mar 2026 02:00:05 +0000",
}  # fmt: skip
INBOUND = {
    **TEXT,
    "sid": "SM" + "3" * 32,
    "to": OURS,
    "from": LI_NA,
    "status": "received",
    "direction": "inbound",
}


async def call(adapter: TwilioCarrier) -> Placed:
    return await adapter.call(LI_NA, answer_url=ANSWER_URL, status_url=STATUS_URL)


async def text(adapter: TwilioCarrier) -> Placed:
    return await adapter.text(LI_NA, "【遂澜民调中心】您好", status_url=STATUS_URL, valid_s=5400)


def error(code: int, status: int = 400) -> tuple[int, Any, dict[str, str]]:
    body = {"code": code, "message": "no", "more_info": "https://example.invalid", "status": status}
    return status, body, {}


# -- placing ----------------------------------------------------------------------------------------------------------


async def test_a_call_that_is_taken(adapter: TwilioCarrier, small_carrier: SmallCarrier) -> None:
    assert await call(adapter) == Accepted(CALL_SID)
    (request,) = small_carrier.asked
    assert (request.verb, request.path, request.query) == ("post", "Calls.json", [])
    assert sorted(request.form) == [
        ("From", OURS),
        ("Method", "POST"),
        ("StatusCallback", STATUS_URL),
        ("StatusCallbackEvent", "completed"),
        ("StatusCallbackMethod", "POST"),
        ("TimeLimit", "1800"),
        ("Timeout", "30"),
        ("To", LI_NA),
        ("Url", ANSWER_URL),
    ]


@pytest.mark.parametrize(
    ("detection", "asked"),
    [
        ("before", [("MachineDetection", "Enable")]),
        ("beside", [
            ("AsyncAmd", "true"), ("AsyncAmdStatusCallback", STATUS_URL), ("AsyncAmdStatusCallbackMethod", "POST"),
            ("MachineDetection", "Enable"),
        ]),
    ],
)  # fmt: skip
async def test_a_call_in_which_machines_are_to_be_found_out(
    adapter: TwilioCarrier,
    small_carrier: SmallCarrier,
    detection: Detection,
    asked: list[tuple[str, str]],
) -> None:
    await adapter.call(
        LI_NA, answer_url=ANSWER_URL, status_url=STATUS_URL, detection=detection, machine_url=STATUS_URL
    )
    (request,) = small_carrier.asked
    assert sorted(pair for pair in request.form if "Machine" in pair[0] or "Amd" in pair[0]) == asked


async def test_a_text_that_is_taken(adapter: TwilioCarrier, small_carrier: SmallCarrier) -> None:
    small_carrier.answer = (201, {"sid": TEXT_SID}, {})
    assert await text(adapter) == Accepted(TEXT_SID)
    (request,) = small_carrier.asked
    assert (request.verb, request.path) == ("post", "Messages.json")
    assert sorted(request.form) == [
        ("Body", "【遂澜民调中心】您好"),
        ("From", OURS),
        ("StatusCallback", STATUS_URL),
        ("To", LI_NA),
        ("ValidityPeriod", "5400"),
    ]


@pytest.mark.parametrize(
    ("header", "wait"), [({"Retry-After": "7"}, 7.0), ({"Retry-After": "2.5"}, 2.5), ({}, 1.0),
                         ({"Retry-After": "Mon, 09 Mar 2026 02:00:05 GMT"}, 1.0)],
)  # fmt: skip
async def test_too_many_requests(
    adapter: TwilioCarrier, small_carrier: SmallCarrier, header: dict[str, str], wait: float
) -> None:
    status, body, _ = error(20429, 429)
    small_carrier.answer = (status, body, header)
    assert await call(adapter) == Throttled(wait)


@pytest.mark.parametrize(
    ("code", "word"),
    [(21211, "unassigned"), (21217, "unassigned"), (13223, "unassigned"), (21215, "refused_by_carrier")],
)
async def test_a_call_that_is_refused(
    adapter: TwilioCarrier, small_carrier: SmallCarrier, code: int, word: str
) -> None:
    small_carrier.answer = error(code)
    assert await call(adapter) == Refused(word, code)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "word", "opted_out"),
    [
        (21610, "opted_out", True),
        (21211, "unassigned", False),
        (21614, "landline", False),
        (30007, "filtered", False),
        (21602, "refused_by_carrier", False),
    ],
)
async def test_a_text_that_is_refused(
    adapter: TwilioCarrier, small_carrier: SmallCarrier, code: int, word: str, opted_out: bool
) -> None:
    small_carrier.answer = error(code)
    assert await text(adapter) == Refused(word, code, opted_out)  # type: ignore[arg-type]


async def test_a_wrong_token_is_a_refusal(adapter: TwilioCarrier, small_carrier: SmallCarrier) -> None:
    small_carrier.answer = error(20003, 401)
    assert await call(adapter) == Refused("refused_by_carrier", 20003)


async def test_a_refusal_in_the_newer_form_of_problem_details(
    adapter: TwilioCarrier, small_carrier: SmallCarrier
) -> None:
    body = {"type": "https://example.invalid/21211", "title": "Invalid", "status": 400, "code": 21211}
    small_carrier.answer = (400, body, {})
    assert await call(adapter) == Refused("unassigned", 21211)


@pytest.mark.parametrize(
    "answer",
    [
        (500, {"message": "fault"}, {}),
        (503, "<html>busy</html>", {}),
        (302, "", {"Location": "/elsewhere"}),
        (201, "<html>a proxy's page</html>", {}),
        (201, "", {}),
        (201, {"status": "queued"}, {}),
    ],
    ids=["500", "503", "302", "201 that is no JSON", "201 without a body", "201 without an id"],
)
async def test_an_answer_that_does_not_say_whether_it_was_done_is_unknown_and_asked_once(
    adapter: TwilioCarrier, small_carrier: SmallCarrier, answer: Any
) -> None:
    small_carrier.answer = answer
    assert isinstance(await call(adapter), Unknown)
    assert len(small_carrier.asked) == 1


async def test_no_answer_in_time_is_unknown_and_asked_once(
    impatient_adapter: TwilioCarrier, small_carrier: SmallCarrier
) -> None:
    small_carrier.answer = None
    assert await text(impatient_adapter) == Unknown("no answer from the carrier: TimeoutError")
    assert len(small_carrier.asked) == 1


async def test_nobody_there_is_unknown() -> None:
    nowhere = TwilioCarrier(
        account_sid="AC1",
        auth_token="t",
        numbers=[OURS],
        base_url="http://127.0.0.1:1",
        timeout_s=5,
        ring_s=30,
        longest_s=1800,
    )
    assert isinstance(await call(nowhere), Unknown)
    await nowhere.close()


# -- asking -----------------------------------------------------------------------------------------------------------


async def test_what_became_of_a_call(adapter: TwilioCarrier, small_carrier: SmallCarrier) -> None:
    small_carrier.answer = (200, CALL, {})
    started = datetime(2026, 3, 9, 2, 0, 5, tzinfo=UTC)
    assert await adapter.look_up_call(CALL_SID) == Progress(CALL_SID, LI_NA, "no_answer", None, started)
    assert [(r.verb, r.path) for r in small_carrier.asked] == [("get", f"Calls/{CALL_SID}.json")]


async def test_what_became_of_a_text(adapter: TwilioCarrier, small_carrier: SmallCarrier) -> None:
    small_carrier.answer = (200, TEXT, {})
    created = datetime(2026, 3, 9, 2, 0, 5, tzinfo=UTC)
    assert await adapter.look_up_text(TEXT_SID) == Progress(
        TEXT_SID, LI_NA, "unassigned", 30005, created, TEXT["body"]
    )
    assert [(r.verb, r.path) for r in small_carrier.asked] == [("get", f"Messages/{TEXT_SID}.json")]


async def test_something_the_carrier_does_not_know(
    adapter: TwilioCarrier, small_carrier: SmallCarrier
) -> None:
    small_carrier.answer = error(20404, 404)
    assert await adapter.look_up_call(CALL_SID) is None
    assert await adapter.look_up_text(TEXT_SID) is None


@pytest.mark.parametrize("answer", [error(20500, 503), None])
async def test_a_question_without_an_answer_says_that_the_carrier_is_away(
    impatient_adapter: TwilioCarrier, small_carrier: SmallCarrier, answer: object
) -> None:
    small_carrier.answer = answer
    for ask in (
        impatient_adapter.calls_since,
        impatient_adapter.texts_since,
        impatient_adapter.inbound_texts_since,
    ):
        with pytest.raises(CarrierAway):
            await ask(SINCE)
    for look_up, sid in (
        (impatient_adapter.look_up_call, CALL_SID),
        (impatient_adapter.look_up_text, TEXT_SID),
    ):
        with pytest.raises(CarrierAway):
            await look_up(sid)


async def test_the_lists(adapter: TwilioCarrier, small_carrier: SmallCarrier) -> None:
    small_carrier.answer = (200, {"calls": [CALL], "next_page_uri": None}, {})
    assert [p.sid for p in await adapter.calls_since(SINCE)] == [CALL_SID]
    small_carrier.answer = (200, {"messages": [TEXT], "next_page_uri": None}, {})
    assert [p.sid for p in await adapter.texts_since(SINCE)] == [TEXT_SID]
    small_carrier.answer = (200, {"messages": [TEXT, INBOUND], "next_page_uri": None}, {})
    assert await adapter.inbound_texts_since(SINCE) == [InboundText(INBOUND["sid"], LI_NA, "您好")]
    assert [sorted(name for name, _ in request.query) for request in small_carrier.asked] == [
        ["PageSize", "StartTime>"],
        ["DateSent>", "From", "PageSize"],
        ["DateSent>", "PageSize", "To"],
    ]


async def test_a_list_is_read_to_its_last_page(adapter: TwilioCarrier, small_carrier: SmallCarrier) -> None:
    second = {**CALL, "sid": "CA" + "a" * 32}
    next_page = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json?Page=1&PageSize=1000&PageToken=x"
    small_carrier.pages = [
        (200, {"calls": [CALL], "next_page_uri": next_page}, {}),
        (200, {"calls": [second], "next_page_uri": None}, {}),
    ]
    assert [p.sid for p in await adapter.calls_since(SINCE)] == [CALL_SID, second["sid"]]
    assert ("PageToken", "x") in small_carrier.asked[1].query


async def test_a_call_is_cancelled(adapter: TwilioCarrier, small_carrier: SmallCarrier) -> None:
    small_carrier.answer = (200, CALL, {})
    assert await adapter.cancel_call(CALL_SID)
    assert small_carrier.asked == [Request("post", f"Calls/{CALL_SID}.json", [], [("Status", "canceled")])]


@pytest.mark.parametrize(
    ("status", "heard"), [(400, True), (404, True), (429, False), (500, False), (503, False)]
)
async def test_a_recall_that_comes_too_late_is_heard_and_one_that_fails_is_not(
    adapter: TwilioCarrier, small_carrier: SmallCarrier, status: int, heard: bool
) -> None:
    small_carrier.answer = error(20001, status)
    assert await adapter.cancel_text(TEXT_SID) is heard


async def test_a_recall_without_an_answer_is_not_heard(
    impatient_adapter: TwilioCarrier, small_carrier: SmallCarrier
) -> None:
    small_carrier.answer = None
    assert not await impatient_adapter.cancel_call(CALL_SID)


async def test_a_call_is_ended(adapter: TwilioCarrier, small_carrier: SmallCarrier) -> None:
    small_carrier.answer = (200, CALL, {})
    await adapter.end_call(CALL_SID)
    assert small_carrier.asked == [Request("post", f"Calls/{CALL_SID}.json", [], [("Status", "completed")])]


async def test_a_recording_is_fetched_as_it_is(adapter: TwilioCarrier, small_carrier: SmallCarrier) -> None:
    sid, sound = "RE" + "1" * 32, bytes(range(256))  # no text in any encoding
    small_carrier.answer = (200, sound, {"Content-Type": "audio/mpeg"})
    assert await adapter.recording(sid) == sound
    assert small_carrier.asked == [Request("get", f"Recordings/{sid}.mp3", [], [])]
    small_carrier.answer = (404, {"code": 20404, "message": "no"}, {})
    assert await adapter.recording(sid) is None
    small_carrier.answer = (503, "busy", {})
    with pytest.raises(CarrierAway, match="the carrier answered 503"):
        await adapter.recording(sid)


# -- by Twilio's own description ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "gone"), [(204, True), (404, True), (500, False), (401, False)])
async def test_a_recording_is_deleted(
    adapter: TwilioCarrier, small_carrier: SmallCarrier, status: int, gone: bool
) -> None:
    """Gone, or never there: both are well. Anything else is asked again."""
    small_carrier.answer = (status, "" if status == 204 else {"code": 20404, "message": "no"}, {})
    assert await adapter.delete_recording("RE" + "1" * 32) is gone
    assert [(one.verb, one.path) for one in small_carrier.asked] == [
        ("delete", f"Recordings/RE{'1' * 32}.json")
    ]


async def test_every_request_is_one_that_twilio_describes(
    adapter: TwilioCarrier, small_carrier: SmallCarrier, description: dict[str, Any]
) -> None:
    await call(adapter)
    await text(adapter)
    small_carrier.answer = (200, CALL, {})
    await adapter.look_up_call(CALL_SID)
    await adapter.cancel_call(CALL_SID)
    small_carrier.answer = (200, TEXT, {})
    await adapter.look_up_text(TEXT_SID)
    small_carrier.answer = (200, {"calls": [], "next_page_uri": None}, {})
    await adapter.calls_since(SINCE)
    small_carrier.answer = (200, {"messages": [], "next_page_uri": None}, {})
    await adapter.texts_since(SINCE)
    await adapter.inbound_texts_since(SINCE)
    assert len(small_carrier.asked) == 8
    for request in small_carrier.asked:
        check(description, request)


def check(description: dict[str, Any], request: Request) -> None:
    path = "/2010-04-01/Accounts/{AccountSid}/" + re.sub(r"/(CA|SM)\w{32}", "/{Sid}", request.path)
    operation = description["paths"][path][request.verb]
    parameters = {p["name"]: p["schema"] for p in operation.get("parameters", []) if p["in"] == "query"}
    for name, value in request.query:
        valid(description, parameters[name], typed(parameters[name], value))
    if request.verb == "post":
        schema = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        known = schema["properties"]
        assert {name for name, _ in request.form} <= known.keys()
        body = {name: typed(known[name], value) for name, value in request.form}
        valid(description, schema, body)


def typed(schema: dict[str, Any], value: str) -> Any:
    """A form's field as the type that the description gives it."""
    if schema.get("type") == "integer":
        return int(value)
    return [value] if schema.get("type") == "array" else value


def valid(description: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    OAS30Validator({**schema, "components": description["components"]}).validate(value)
