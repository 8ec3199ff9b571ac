"""The carrier's webhooks over HTTP: only what it signed, answered in its language, and no number in any URL."""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from xml.etree import ElementTree

import asyncpg
import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from doors_bench import Bench, Resident
from multidict import MultiDict
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator

from survey import dialing, telling
from survey.telling import NewTelling
from survey.web.webhooks import Webhooks, activity_middleware

TOKEN = "0123456789abcdef0123456789abcdef"
PUBLIC = "https://minyi.example"
OURS = "+8615400000000"


@dataclass
class Wire:
    """The carrier's side: it posts forms, signed with its own package."""

    client: TestClient[web.Request, web.Application]

    async def post(
        self, path: str, form: dict[str, str], *, token: str = TOKEN, signed_path: str | None = None
    ) -> ClientResponse:
        url = PUBLIC + (signed_path or path)
        signature = RequestValidator(token).compute_signature(url, MultiDict(form))
        return await self.client.post(path, data=form, headers={"X-Twilio-Signature": signature})

    async def xml(self, path: str, form: dict[str, str]) -> str:
        response = await self.post(path, form)
        assert (response.status, response.content_type) == (200, "text/xml")
        return await response.text()


@pytest.fixture
async def wire(bench: Bench) -> AsyncIterator[Wire]:
    app = web.Application(middlewares=[activity_middleware(bench.ground)])
    app.add_routes(Webhooks(bench.ground, auth_token=TOKEN, public_url=PUBLIC + "/").routes())
    async with TestClient(TestServer(app)) as client:
        yield Wire(client)


async def called(bench: Bench, name: str = "李娜") -> tuple[Resident, str, str]:
    """A resident whose phone rings: (who, the attempt's reference, the call's id)."""
    person = await bench.resident(name)
    await bench.survey(person, "voice")
    await dialing.dial_due(bench.ground, bench.line)
    return person, await bench.attempt_ref(person), await bench.sid(person)


def form(sid: str, person: Resident, **more: str) -> dict[str, str]:
    return {"CallSid": sid, "AccountSid": "AC1", "From": OURS, "To": person.number, **more}


@pytest.mark.parametrize("path", ["/twilio/voice/{ref}/0", "/twilio/status/{ref}", "/twilio/text"])
async def test_what_the_carrier_did_not_sign_is_refused_and_leaves_nothing(
    bench: Bench, wire: Wire, path: str
) -> None:
    person, ref, sid = await called(bench)
    path, body = (
        path.format(ref=ref),
        form(sid, person, CallStatus="completed", MessageSid="SM1", Body="退订"),
    )
    attempts = [
        await wire.client.post(path, data=body),
        await wire.client.post(path, data=body, headers={"X-Twilio-Signature": "是"}),
        await wire.post(path, body, token="another token"),
        await wire.post(path, body, signed_path="/twilio/voice/another/0"),
    ]
    assert [response.status for response in attempts] == [403] * 4
    assert await bench.attempts(person) == ["voice accepted"]
    for table in ("input", "opt_out", "parked_signal"):
        assert await bench.one(f"SELECT count(*) FROM survey.{table}") == 0


async def test_a_call_is_answered_in_twiml(bench: Bench, wire: Wire) -> None:
    person, ref, sid = await called(bench)
    spoken = ElementTree.fromstring(await wire.xml(f"/twilio/voice/{ref}/0", form(sid, person)))
    (gather,) = spoken
    assert gather.attrib == {
        "input": "dtmf", "numDigits": "1", "finishOnKey": "", "timeout": "5", "actionOnEmptyResult": "true",
        "method": "POST", "action": f"{PUBLIC}/twilio/voice/{ref}/1#rc=5&rp=all&ct=2000&rt=8000",
    }  # fmt: skip
    assert [say.text for say in gather][-1] == "是请按1,不是请按2。"
    after = ElementTree.fromstring(await wire.xml(f"/twilio/voice/{ref}/1", form(sid, person, Digits="2")))
    assert [element.tag for element in after] == ["Say", "Hangup"]


async def test_the_same_request_again_is_the_same_to_the_byte(bench: Bench, wire: Wire) -> None:
    person, ref, sid = await called(bench)
    first = await wire.xml(f"/twilio/voice/{ref}/0", form(sid, person))
    keyed = await wire.xml(f"/twilio/voice/{ref}/1", form(sid, person, Digits="1"))
    assert await wire.xml(f"/twilio/voice/{ref}/0", form(sid, person)) == first
    assert await wire.xml(f"/twilio/voice/{ref}/1", form(sid, person, Digits="1")) == keyed
    assert await bench.one("SELECT count(*) FROM survey.input") == 2


async def test_nobodys_call(bench: Bench, wire: Wire) -> None:
    person, ref, sid = await called(bench)
    assert (await wire.post("/twilio/voice/no-such-ref/0", form(sid, person))).status == 404
    assert (await wire.post(f"/twilio/voice/{ref}/first", form(sid, person))).status == 404


async def test_statuses(bench: Bench, wire: Wire) -> None:
    person, ref, sid = await called(bench)
    path = f"/twilio/status/{ref}"
    assert await wire.xml(path, form(sid, person, CallStatus="ringing")) == (
        '<?xml version="1.0" encoding="UTF-8"?><Response/>'
    )
    assert await bench.attempts(person) == ["voice ringing"]
    await wire.xml(path, form(sid, person, CallStatus="failed", SipResponseCode="404"))
    assert await bench.attempts(person) == ["voice ended unassigned"]


async def test_the_status_of_a_text(bench: Bench, wire: Wire) -> None:
    person = await bench.resident("何平")
    await bench.survey(person, "text")
    await dialing.dial_due(bench.ground, bench.line)
    ref, sid = await bench.attempt_ref(person), await bench.sid(person)
    body = {"MessageSid": sid, "MessageStatus": "undelivered", "ErrorCode": "30005", "To": person.number}
    await wire.xml(f"/twilio/status/{ref}", body)
    assert await bench.attempts(person) == ["text ended unassigned"]


async def test_what_nothing_maps_is_parked_without_the_number(bench: Bench, wire: Wire) -> None:
    person, ref, sid = await called(bench)
    await wire.xml(f"/twilio/status/{ref}", form(sid, person, CallStatus="teleported", SequenceNumber="3"))
    await wire.xml("/twilio/status/no-such-ref", form("CA9", person, CallStatus="completed"))
    assert await bench.rows("SELECT body FROM survey.parked_signal ORDER BY id") == [
        ({"CallSid": sid, "CallStatus": "teleported", "SequenceNumber": "3"},),
        ({"CallSid": "CA9", "CallStatus": "completed"},),
    ]


async def test_texts(bench: Bench, wire: Wire) -> None:
    person = await bench.resident("何平")
    await bench.survey(person, "text")
    await dialing.dial_due(bench.ground, bench.line)
    reply = await wire.xml(
        "/twilio/text", {"MessageSid": "SM1", "From": person.number, "To": OURS, "Body": "1"}
    )
    assert reply == (
        '<?xml version="1.0" encoding="UTF-8"?><Response><Message>'
        "【遂澜民调中心】您对当地公安工作满意吗?1满意2基本满意3不满意4没打过交道</Message></Response>"
    )
    silent = await wire.xml(
        "/twilio/text", {"MessageSid": "SM2", "From": "+8615499999999", "To": OURS, "Body": ""}
    )
    assert silent == '<?xml version="1.0" encoding="UTF-8"?><Response/>'


async def test_no_number_is_in_any_url_or_log_line(bench: Bench, wire: Wire) -> None:
    with capture_logs() as logs:
        person, ref, sid = await called(bench)
        twiml = await wire.xml(f"/twilio/voice/{ref}/0", form(sid, person))
        await wire.client.post(f"/twilio/voice/{ref}/1", data=form(sid, person))
        await wire.xml("/twilio/status/no-such-ref", form("CA9", person, CallStatus="completed"))
        await wire.xml("/twilio/text", {"MessageSid": "SM1", "From": person.number, "Body": "你好"})
    urls = [url for asked in bench.carrier.asked for url in asked.urls]
    urls += re.findall(r'action="([^"]+)"', twiml)
    urls += [route.resource.canonical for route in wire.client.app.router.routes() if route.resource]  # type: ignore[union-attr]
    assert len(urls) >= 6
    assert not [url for url in urls if re.search(r"\d{7}", url)]
    assert len(logs) == 2
    assert not [line for line in logs if "154" in repr(line)]


async def test_while_the_database_is_away_the_carrier_is_asked_to_try_again(
    bench: Bench, wire: Wire, database: str, conn: asyncpg.Connection
) -> None:
    """And what it then repeats, however often, is taken once."""
    he_ping = await bench.resident("何平")
    await bench.survey(he_ping, "text")
    await dialing.dial_due(bench.ground, bench.line)
    bench.later(minutes=1)
    li_na, ref, sid = await called(bench)
    await wire.xml(f"/twilio/voice/{ref}/0", form(sid, li_na))
    requests = [
        ("/twilio/text", {"MessageSid": "SM1", "From": he_ping.number, "Body": "1"}),
        (f"/twilio/voice/{ref}/1", form(sid, li_na, Digits="1")),
    ]
    await out_of_reach(bench.ground.pool, conn)
    for path, body in requests:
        response = await wire.post(path, body)
        assert (response.status, response.headers["Retry-After"]) == (503, "1")
    bench.ground.pool.set_connect_args(database)
    for path, body in requests:
        again = [await wire.xml(path, body) for _ in range(3)]
        assert again == again[:1] * 3
    assert await bench.rows(
        "SELECT channel, said, effect FROM survey.input WHERE step IS DISTINCT FROM 0"
    ) == [
        ("text", "1", "answered"),
        ("voice", "1", "answered"),
    ]
    assert await bench.answers(he_ping) == {"Q1": "1"}


async def out_of_reach(pool: asyncpg.Pool, conn: asyncpg.Connection) -> None:
    """End the pool's connections, and let it look where nobody listens."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
    pool.set_connect_args(f"postgresql://minyi:x@127.0.0.1:{port}/minyi")
    await conn.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


async def test_the_status_of_a_text_that_only_tells(bench: Bench, wire: Wire) -> None:
    """Signed like every other, at an address of its own; the last word stands."""
    person = await bench.resident("李娜")
    new = NewTelling(
        "c",
        person.id,
        None,
        "【遂澜民调中心】通知",
        bench.clock.now(),
        bench.clock.now() + timedelta(hours=1),
    )
    async with bench.ground.pool.acquire() as conn:
        await telling.owe(conn, new, bench.ground.tokens)
    await bench.run("UPDATE survey.pace SET batch_s = 0, tokens = 9, filled_at = $1", bench.clock.now())
    assert await telling.tell_due(bench.ground, bench.line) == 1
    ((ref, sid),) = await bench.rows("SELECT ref, sid FROM survey.telling")
    said = {"MessageSid": sid, "AccountSid": "AC1", "To": person.number, "From": OURS}
    path = f"/twilio/told/{ref}"
    assert (await wire.client.post(path, data=said)).status == 403
    await wire.xml(path, {**said, "MessageStatus": "undelivered", "ErrorCode": "30005"})
    await wire.xml(path, {**said, "MessageStatus": "sent"})
    assert await bench.rows("SELECT status, outcome, error_code FROM survey.telling") == [
        ("ended", "unassigned", 30005)
    ]
    await wire.xml("/twilio/told/nobody", {**said, "MessageStatus": "sent"})
    assert await bench.rows("SELECT kind, body ->> 'MessageSid' FROM survey.parked_signal") == [
        ("status", sid)
    ]
