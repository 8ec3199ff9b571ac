"""The recordings of the REST API: as Twilio describes them, and as its own package reads them."""

import io
import wave
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from test_twin_wire import Described
from twilio.base.exceptions import TwilioRestException
from twin_service import OPEN, goodbye, record

NUMBERS = [f"+861540000009{i}" for i in range(4)]
LAMPS = "村口路灯不亮,晚上出门一片漆黑。"


@pytest.fixture
def described(openapi) -> Described:
    return Described(openapi)


async def recordings(bench, count: int = 1):
    """So many calls with one recording each; their sids, oldest first."""
    bench.service.script = lambda path, params: record(OPEN, "/voice/1") if path == "/voice/0" else goodbye()
    sids = []
    for number in NUMBERS[:count]:
        bench.plant(number, temper="patient", answers=["answered"], problem=LAMPS)
        await bench.call(number)
        await bench.clock.run_out()
        sids.append((await bench.ledger())["calls"][-1]["recordings"][0]["sid"])
    return sids


async def test_recordings_satisfy_the_description(bench, described, openapi):
    [sid] = await recordings(bench)
    status, one, _ = await bench.raw("GET", f"Recordings/{sid}.json")
    described.check("Recordings/{Sid}.json", "get", status, one)
    assert set(openapi["components"]["schemas"]["api.v2010.account.recording"]["properties"]) == set(one)
    assert (one["status"], one["duration"], one["source"]) == ("completed", "4", "RecordVerb")
    status, listed, _ = await bench.raw("GET", "Recordings.json")
    described.check("Recordings.json", "get", status, listed)
    assert listed["recordings"] == [one]

    call = one["call_sid"]
    status, of_call, _ = await bench.raw("GET", f"Calls/{call}/Recordings/{sid}.json")
    described.check("Calls/{CallSid}/Recordings/{Sid}.json", "get", status, of_call)
    own = openapi["components"]["schemas"]["api.v2010.account.call.call_recording"]["properties"]
    assert set(own) == set(of_call)
    status, listed, _ = await bench.raw("GET", f"Calls/{call}/Recordings.json")
    described.check("Calls/{CallSid}/Recordings.json", "get", status, listed)
    assert listed["recordings"] == [of_call]


async def test_the_sound_is_a_wav_of_the_right_length_behind_the_password(bench):
    [sid] = await recordings(bench)
    account = f"{bench.base}/2010-04-01/Accounts/{bench.carrier.account.sid}"
    assert (await bench.twilio.recordings(sid).fetch_async()).media_url == f"{account}/Recordings/{sid}"
    for ending in ("", ".wav", ".mp3"):
        url = f"{account}/Recordings/{sid}{ending}"
        async with bench.session.get(url) as refused:
            assert refused.status == 401
        auth = aiohttp.BasicAuth(bench.carrier.account.sid, bench.carrier.account.auth_token)
        async with bench.session.get(url, auth=auth) as response:
            assert (response.status, response.content_type) == (200, "audio/x-wav")
            with wave.open(io.BytesIO(await response.read())) as file:
                assert file.getnframes() / file.getframerate() == 4.0


async def test_it_is_being_processed_until_the_file_is_there(bench):
    bench.plant(NUMBERS[0], temper="patient", answers=["answered"], problem=LAMPS)
    seen = []

    def script(path: str, params: dict[str, str]) -> str:
        if path == "/voice/0":
            return record(OPEN, "/voice/1")
        seen.append(params["RecordingSid"])
        return '<Response><Pause length="60"/></Response>'

    bench.service.script = script
    await bench.call(NUMBERS[0])
    while not seen:
        await bench.clock.run(seconds=5)
    status, one, _ = await bench.raw("GET", f"Recordings/{seen[0]}.json")
    assert (status, one["status"], one["duration"]) == (200, "processing", None)
    assert (await bench.raw("GET", f"Recordings/{seen[0]}.wav"))[0] == 404
    await bench.clock.run_out()
    assert (await bench.twilio.recordings(seen[0]).fetch_async()).status == "completed"


async def test_lists_are_filtered_and_read_page_by_page(bench):
    sids = await recordings(bench, 4)
    listed = await bench.twilio.recordings.list_async(page_size=2)
    assert [one.sid for one in listed] == sids[::-1]
    [second] = await bench.twilio.recordings.list_async(call_sid=listed[2].call_sid)
    assert second.sid == sids[1]
    [own] = await bench.twilio.calls(listed[2].call_sid).recordings.list_async()
    assert own.sid == sids[1]
    at = listed[1].date_created
    after = await bench.twilio.recordings.list_async(date_created_after=at)
    before = await bench.twilio.recordings.list_async(date_created_before=at - timedelta(seconds=1))
    assert ([one.sid for one in after], [one.sid for one in before]) == (sids[:1:-1], sids[1::-1])
    assert await bench.twilio.recordings.list_async(date_created=datetime(2026, 3, 8, tzinfo=UTC)) == []


async def test_a_deleted_recording_is_gone_but_for_those_who_ask_for_it(bench):
    sid, other = await recordings(bench, 2)
    assert await bench.twilio.recordings(sid).delete_async()
    with pytest.raises(TwilioRestException) as gone:
        await bench.twilio.recordings(sid).fetch_async()
    assert (gone.value.status, gone.value.code) == (404, 20404)
    assert (await bench.raw("GET", f"Recordings/{sid}.wav"))[0] == 404
    assert (await bench.raw("DELETE", f"Recordings/{sid}.json"))[0] == 404
    assert [one.sid for one in await bench.twilio.recordings.list_async()] == [other]
    kept = await bench.twilio.recordings.list_async(include_soft_deleted=True)
    assert [(one.sid, one.status) for one in kept] == [(other, "completed"), (sid, "deleted")]
    assert (await bench.twilio.recordings(sid).fetch_async(include_soft_deleted=True)).status == "deleted"
    call = kept[0].call_sid
    assert await bench.twilio.calls(call).recordings(other).delete_async()
    assert await bench.twilio.calls(call).recordings.list_async() == []


async def test_what_is_not_there_is_not_found(bench):
    [sid] = await recordings(bench)
    for path in (
        "Recordings/RE1.json", "Recordings/RE1.wav", "Recordings/RE1", "Calls/CA1/Recordings.json",
        f"Calls/CA1/Recordings/{sid}.json",
    ):  # fmt: skip
        status, body, _ = await bench.raw("GET", path)
        assert (status, body["code"]) == (404, 20404), path
    assert (await bench.raw("GET", "Recordings.json?DateCreated=soon"))[0] == 400
