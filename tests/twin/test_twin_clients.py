"""Browsers as telephones: registered with an access token as Twilio's own package makes it, called as `client:NAME`."""

from typing import Any

import pytest
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant
from twin_service import OURS, SID, TOKEN, FakeService, Params, named

from survey.twin.serve import Options

KEY, SECRET, NAME = "SK" + "1" * 32, "a secret of the key that is long enough for HS256", "op_7f3a"
ROOM = '<Response><Dial><Conference beep="false" endConferenceOnExit="true">room-1</Conference></Dial></Response>'


@pytest.fixture
def options(service: FakeService) -> Options:
    return Options(
        account_sid=SID, auth_token=TOKEN, token="control", seed=7, calls_per_second=100.0, api_keys=((KEY, SECRET),)
    )  # fmt: skip


def token(
    *, secret: str = SECRET, key: str = KEY, account: str = SID, incoming: bool = True, ttl: int = 600
) -> str:
    """Of the browser NAME."""
    made = AccessToken(account, key, secret, identity=NAME, ttl=ttl)
    made.add_grant(VoiceGrant(incoming_allow=incoming))
    return made.to_jwt()


def waits(path: str, params: Params) -> str:
    return ROOM


async def test_a_registered_browser_rings_picks_up_and_waits_until_its_page_closes(bench: Any) -> None:
    bench.service.script = waits
    assert await bench.control("clients", {"token": token()}) == {"name": NAME}
    call = await bench.call(f"client:{NAME}", ["initiated", "ringing", "answered", "completed"])
    await bench.clock.run(seconds=60)
    assert [status for status, _ in bench.service.statuses()] == ["initiated", "ringing", "in-progress"]
    assert [(p["To"], p["From"]) for p in bench.service.at("/voice/0")] == [(f"client:{NAME}", OURS)]
    assert (await bench.twilio.calls(call.sid).fetch_async()).to == f"client:{NAME}"
    await bench.control(f"clients/{NAME}/gone", {})
    await bench.clock.run(seconds=60)
    assert bench.service.at("/status")[-1]["CallStatus"] == "completed"
    assert named((await bench.ledger())["calls"], "status", "hung_up_by", "rang") == [
        ("completed", "resident", 1)
    ]
    await bench.call(f"client:{NAME}")
    await bench.clock.run(seconds=60)
    assert bench.service.at("/status")[-1]["CallStatus"] == "no-answer"


async def test_an_unregistered_browser_does_not_ring_and_is_answered_480_at_once(bench: Any) -> None:
    call = await bench.call(f"client:{NAME}", ["initiated", "ringing", "answered", "completed"])
    assert call.status == "queued"
    await bench.clock.run(seconds=20)
    assert bench.service.statuses() == [("initiated", "0"), ("no-answer", "1")]
    assert bench.service.at("/status")[-1]["SipResponseCode"] == "480"
    assert bench.service.at("/voice/0") == []
    await bench.clock.run(seconds=86_400)
    assert len((await bench.ledger())["calls"]) == 1  # nobody rings back


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"secret": "another secret that is long enough for HS256"}, 20107),
        ({"key": "SK" + "2" * 32}, 20101),
        ({"account": "AC" + "9" * 32}, 20101),
        ({"incoming": False}, 20106),
        ({"ttl": -1}, 20104),
    ],
)
async def test_a_token_that_opens_nothing_registers_nobody(
    bench: Any, wrong: dict[str, Any], code: int
) -> None:
    status, said = await bench.control("clients", {"token": token(**wrong)})
    assert (status, f'"code": {code}' in said) == (401, True)
    await bench.call(f"client:{NAME}")
    await bench.clock.run(seconds=60)
    assert bench.service.at("/status")[-1]["CallStatus"] == "no-answer"


@pytest.mark.parametrize("to", ["client:", "client:李秀英", "client:a b", "clients:a"])
async def test_what_is_no_name_of_a_browser_is_no_number_either(bench: Any, to: str) -> None:
    status, body, _ = await bench.raw(
        "POST", "Calls.json", data={"To": to, "From": OURS, "Url": f"{bench.service.url}/voice/0"}
    )
    assert (status, body["code"]) == (400, 21211)
