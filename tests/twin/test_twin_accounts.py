"""Several accounts, each with its own token, numbers, pace and rows; none sees the others'."""

from typing import Any

import aiohttp
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twin_service import OURS, SAFETY, SID, TOKEN, TwinHttpClient, gather, goodbye, named, record

from survey.twin.__main__ import options_of
from survey.twin.accounts import GivenAccount, GivenNumber, given_account, given_number
from survey.twin.serve import Options

OTHER = "AC" + "b" * 32
OTHER_TOKEN = "the other secret"
SECOND, THEIRS = "+8615400000090", "+8615400000091"
LI, WANG = "+8615400000611", "+8615400000612"


@pytest.fixture
def options(service: Any) -> Options:
    service.tokens[OTHER] = OTHER_TOKEN
    return Options(
        account_sid=SID, auth_token=TOKEN, token="control", seed=7, calls_per_second=100.0,
        inbound_url=f"{service.url}/text",
        accounts=(GivenAccount(OTHER, OTHER_TOKEN, 0.2),),
        numbers=(GivenNumber(OURS), GivenNumber(SECOND), GivenNumber(THEIRS, account_sid=OTHER)),
    )  # fmt: skip


@pytest.fixture
async def other(bench: Any) -> Any:
    http = TwinHttpClient(bench.base)
    yield Client(OTHER, OTHER_TOKEN, http_client=http)
    await http.close()


async def test_each_account_calls_from_its_own_numbers_alone(bench, other):
    url = f"{bench.service.url}/voice/0"
    for from_ in (OURS, SECOND):
        assert (await bench.twilio.calls.create_async(to=LI, from_=from_, url=url)).account_sid == SID
    assert (await other.calls.create_async(to=LI, from_=THEIRS, url=url)).account_sid == OTHER
    for client, from_ in ((bench.twilio, THEIRS), (other, OURS), (bench.twilio, "+8615400000099")):
        with pytest.raises(TwilioRestException) as call:
            await client.calls.create_async(to=LI, from_=from_, url=url)
        with pytest.raises(TwilioRestException) as text:
            await client.messages.create_async(to=LI, from_=from_, body="您好")
        assert [(one.status, one.code) for one in (call.value, text.value)] == [(400, 21212), (400, 21606)]
    assert named((await bench.ledger())["calls"], "account", "from_") == [
        (SID, OURS),
        (SID, SECOND),
        (OTHER, THEIRS),
    ]


async def test_a_text_that_names_no_sender_comes_from_the_accounts_first_number(bench, other):
    service = {"messaging_service_sid": "MG" + "1" * 32}
    ours = await bench.twilio.messages.create_async(to=LI, body="您好", **service)
    theirs = await other.messages.create_async(to=LI, body="您好", **service)
    assert (ours.from_, theirs.from_) == (OURS, THEIRS)


async def test_webhooks_are_signed_with_the_token_of_their_account(bench, other):
    bench.plant(LI, temper="patient", answers=["answered"], problem="路灯不亮", text_temper="digits")
    reports = 'recordingStatusCallback="/recording" transcribeCallback="/transcript"'
    bench.service.script = lambda path, params: {
        "/voice/0": gather(SAFETY, "/voice/1"), "/voice/1": record("什么问题?请说,说完按井号键。", "/voice/2", reports),
    }.get(path, goodbye() if path.startswith("/voice") else "<Response><Message>谢谢。</Message></Response>")  # fmt: skip
    base = bench.service.url
    await other.calls.create_async(
        to=LI, from_=THEIRS, url=f"{base}/voice/0", status_callback=f"{base}/status"
    )
    await other.messages.create_async(
        to=LI,
        from_=THEIRS,
        body="您感觉当地安全吗?1安全2比较安全3不太安全4不安全",
        status_callback=f"{base}/status",
    )
    await bench.clock.run_out()
    paths = {path for path, _ in bench.service.received}
    assert paths == {"/voice/0", "/voice/1", "/voice/2", "/status", "/recording", "/transcript", "/text"}
    assert {params["AccountSid"] for _, params in bench.service.received} == {OTHER}
    assert (await bench.control("errors"))["errors"] == []
    assert {text["account"] for text in (await bench.ledger())["texts"]} == {OTHER}


async def test_no_account_sees_the_rows_of_another(bench, other):
    bench.plant(LI, answers=["busy"], text_temper="ignores")
    call = await other.calls.create_async(to=LI, from_=THEIRS, url=f"{bench.service.url}/voice/0")
    text = await other.messages.create_async(to=LI, from_=THEIRS, body="您好")
    await bench.clock.run_out()
    assert await bench.twilio.calls.list_async() == [] == await bench.twilio.messages.list_async()
    assert [c.sid for c in await other.calls.list_async()] == [call.sid]
    assert [t.sid for t in await other.messages.list_async()] == [text.sid]
    for path in (f"Calls/{call.sid}.json", f"Messages/{text.sid}.json", f"Calls/{call.sid}/Events.json"):
        status, body, _ = await bench.raw("GET", path)
        assert (status, body["code"]) == (404, 20404), path


async def test_the_token_of_one_account_does_not_open_another(bench):
    for login, password in ((OTHER, TOKEN), (SID, OTHER_TOKEN), ("", TOKEN), ("AC" + "c" * 32, TOKEN)):
        status, body, _ = await bench.raw("GET", "Calls.json", auth=aiohttp.BasicAuth(login, password))
        assert (status, body["code"]) == (401, 20003)
    status, body, _ = await bench.raw("GET", "Calls.json", auth=aiohttp.BasicAuth(OTHER, OTHER_TOKEN))
    assert (status, body["code"]) == (404, 20404)


async def test_each_account_has_its_own_pace(bench, other):
    url = f"{bench.service.url}/voice/0"
    await other.calls.create_async(to=LI, from_=THEIRS, url=url)
    with pytest.raises(TwilioRestException) as refused:
        await other.calls.create_async(to=WANG, from_=THEIRS, url=url)
    assert refused.value.code == 20429
    assert (await bench.call(WANG)).status == "queued"


def test_accounts_and_numbers_on_the_command_line(monkeypatch):
    monkeypatch.setenv("MINYI_TWIN_TOKEN", "t")
    monkeypatch.delenv("MINYI_CARRIER_AUTH_TOKEN", raising=False)
    monkeypatch.setenv("MINYI_TWIN_ACCOUNTS", f"{OTHER}:b@2")
    options = options_of(
        [
            "--account",
            f"{SID}:a",
            "--number",
            OURS,
            "--number",
            f"{SECOND}@3",
            "--number",
            f"{OTHER}={THEIRS}",
        ]
    )
    first, second = options.customers()
    assert (first.sid, first.auth_token, first.number, first.calls_per_second) == (SID, "a", OURS, None)
    assert (second.sid, second.auth_token, second.number, second.calls_per_second) == (
        OTHER,
        "b",
        THEIRS,
        2.0,
    )
    assert (first.segments_per_second(SECOND), first.segments_per_second(OURS)) == (3.0, None)
    assert (first.owns(SECOND), first.owns(THEIRS), second.owns(THEIRS)) == (True, False, True)


def test_the_queue_on_the_command_line(monkeypatch):
    for name in ("MINYI_CARRIER_AUTH_TOKEN", "MINYI_TWIN_TOKEN"):
        monkeypatch.setenv(name, "t")
    waits = [
        options_of(["--account-sid", SID, *more]).queue_s for more in ([], ["--queue"], ["--queue", "600"])
    ]
    assert waits == [None, 36000.0, 600.0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--account-sid", SID, "--account", f"{OTHER}:b"], f"account {OTHER} has no number"),
        (
            ["--account-sid", SID, "--number", f"{OTHER}={THEIRS}"],
            f"is of account {OTHER}, which is not among",
        ),
        (["--account-sid", SID, "--number", OURS, "--number", OURS], f"{OURS} stands twice"),
        (["--account-sid", SID, "--account", f"{SID}:b"], "an account stands twice"),
        ([], "--account-sid is needed"),
    ],
)
def test_accounts_that_do_not_fit_are_told_before_anything_starts(monkeypatch, capsys, arguments, said):
    for name in ("MINYI_CARRIER_AUTH_TOKEN", "MINYI_TWIN_TOKEN"):
        monkeypatch.setenv(name, "t")
    with pytest.raises(SystemExit):
        options_of(arguments)
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("text", ["AC1:b", SID, f"{SID}:", f"{SID}:b@0", f"{SID}:b@fast"])
def test_what_is_no_account_is_refused_without_its_token(text):
    with pytest.raises(ValueError, match=r"SID:TOKEN|the pace after @"):
        given_account(text)


@pytest.mark.parametrize("text", ["154", f"AC1={OURS}", f"{OURS}@-1", ""])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match=r"is not a number like|the pace after @"):
        given_number(text)
