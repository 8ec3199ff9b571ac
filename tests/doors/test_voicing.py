"""Voice prompts as files: what is missing, adding and replacing, how they are fetched, and what a call plays of them."""

from __future__ import annotations

import hashlib
import io
import json
import wave
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from doors_bench import CENTRE, Bench, Resident, at, heard
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from survey import dialing, interviewing, voicing
from survey.dialogue.inputs import Recorded
from survey.questionnaire import Questionnaire, from_json, library
from survey.sounds import SoundRefused
from survey.store import campaigns
from survey.store.campaigns import NewCampaign
from survey.voicing import Sheet, Shelf
from survey.web.audio import audio_routes, prompts
from survey.web.webhooks import Webhooks

OPENING = "您好,这里是遂澜社情民意调查中心,正在做平安建设民意调查。"
SCREENER = "请问您是否年满18周岁,并且在本县居住半年以上?"
PUBLIC = "https://minyi.example"
TOKEN = "0123456789abcdef0123456789abcdef"


def silence(seconds: float = 1.0) -> bytes:
    """A WAV file in which nobody speaks."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(round(16000 * seconds)))
    return out.getvalue()


def with_audio(code: str, *languages: str) -> Questionnaire:
    """A shipped instrument whose recordings are played in these languages."""
    return from_json(
        {**json.loads(library(code).to_json()), "voice": {"audio": list(languages)}, "version": 90}
    )


async def sheet_of(bench: Bench, code: str = "perception", lang: str = "zh") -> Sheet:
    return await voicing.sheet(bench.ground, library(code), lang, CENTRE)


async def record(bench: Bench, sheet: Sheet, sentence: str, data: bytes, by: str = "录音室") -> str:
    return await voicing.add(bench.ground, sheet, sentence, "one.wav", data, by=by, source="recorded")


async def record_all(bench: Bench, sheet: Sheet, but: Sequence[str] = ()) -> None:
    for row in sheet.missing:
        if row.sentence.text not in but:
            await record(bench, sheet, row.sentence.text, silence(1 + (row.number or 0) / 100))


# -- the sheet and its recordings


async def test_everything_is_missing_at_first_and_what_pipes_something_in_never_is(bench: Bench) -> None:
    sheet = await sheet_of(bench, "callback")
    result = next(row for row in sheet.rows if row.sentence.where == ("R",))
    assert (result.number, result.missing) == (None, False)
    assert [row.number for row in sheet.missing] == list(range(1, len(sheet.missing) + 1))
    assert len(sheet.missing) + sum(row.sentence.piped for row in sheet.rows) == len(sheet.rows)
    assert (
        sheet.rows[0].sentence.text == "您好,这里是遂澜社情民意调查中心。"
    )  # the centre's name is the same in every call


async def test_a_centre_that_is_not_there_has_no_name_to_be_recorded(bench: Bench) -> None:
    sheet = await voicing.sheet(bench.ground, library("callback"), "zh", "000000")
    assert (sheet.rows[0].number, sheet.rows[0].sentence.piped) == (None, True)


async def test_a_recording_is_added_once_and_counts_for_every_questionnaire_that_says_it(
    bench: Bench,
) -> None:
    sheet = await sheet_of(bench)
    silent = "没有收到您的按键。"
    assert await record(bench, sheet, silent, silence(2)) == "added"
    assert await record(bench, sheet, silent, silence(2)) == "unchanged"
    for code in ("perception", "callback"):
        row = (await sheet_of(bench, code)).row(silent)
        assert row is not None and row.audio is not None and not row.missing
        told = (
            row.audio.media_type,
            row.audio.seconds,
            row.audio.source,
            row.audio.added_by,
            row.audio.added_at,
        )
        assert told == ("audio/wav", 2.0, "recorded", "录音室", at("9 10:00"))
    english = await sheet_of(bench, lang="en")
    assert len(english.missing) == len([row for row in english.rows if row.number])


async def test_a_replacement_is_on_record_and_what_it_replaced_is_kept(bench: Bench) -> None:
    sheet = await sheet_of(bench)
    await record(bench, sheet, SCREENER, silence(1))
    bench.later(hours=1)
    assert await record(bench, sheet, SCREENER, silence(2), by="王芳") == "replaced"
    row = (await sheet_of(bench)).row(SCREENER)
    assert row is not None and row.audio is not None
    assert (row.audio.seconds, row.audio.added_by) == (2.0, "王芳")
    bench.later(hours=1)
    assert await record(bench, sheet, SCREENER, silence(1)) == "replaced"  # back to the first: one more act
    assert await bench.rows(
        "SELECT seconds, added_by, added_at, superseded_at FROM survey.voice_audio ORDER BY id"
    ) == [
        (1.0, "录音室", at("9 10:00"), at("9 11:00")),
        (2.0, "王芳", at("9 11:00"), at("9 12:00")),
        (1.0, "录音室", at("9 12:00"), None),
    ]


async def test_nothing_is_stored_of_what_is_refused(bench: Bench) -> None:
    sheet = await sheet_of(bench, "callback")
    with pytest.raises(SoundRefused, match=r"^one.wav: it lasts 61.0 s"):
        await record(bench, sheet, "问题解决了吗?", silence(61))
    with pytest.raises(
        SoundRefused, match=r"^one.wav: callback never says “您好。” in zh .*export the list again$"
    ):
        await record(bench, sheet, "您好。", silence())
    pattern = "您反映的${case_short}号事项,办理结果是:${result}。"
    with pytest.raises(SoundRefused, match="in the same words to everybody"):
        await record(bench, sheet, pattern, silence())
    assert await bench.one("SELECT count(*) FROM survey.voice_audio") == 0


# -- fetched over HTTP


@pytest.fixture
async def client(bench: Bench) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    app = web.Application()
    app.add_routes(audio_routes(bench.ground))
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_a_recording_is_fetched_and_may_be_kept_for_good(
    bench: Bench, client: TestClient[web.Request, web.Application]
) -> None:
    await record(bench, await sheet_of(bench), SCREENER, silence(2))
    (path,) = await Shelf(bench.ground).files("zh", [SCREENER])
    assert path is not None
    response = await client.get(f"/audio/{path}")
    assert (response.status, response.content_type, await response.read()) == (200, "audio/wav", silence(2))
    name = path.removesuffix(".wav")
    assert name == hashlib.sha256(b"zh\0" + SCREENER.encode() + b"\0" + silence(2)).hexdigest()
    assert response.headers["ETag"] == f'"{name}"'
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (
        response.headers["X-Prompt-Text"].isascii() and unquote(response.headers["X-Prompt-Text"]) == SCREENER
    )

    unchanged = await client.get(f"/audio/{path}", headers={"If-None-Match": f'"{name}"'})
    assert (unchanged.status, await unchanged.read()) == (304, b"")
    assert (await client.get(f"/audio/{path}", headers={"If-None-Match": '"another"'})).status == 200
    assert (await client.head(f"/audio/{path}")).headers["Content-Length"] == str(len(silence(2)))


async def test_what_is_not_there(bench: Bench, client: TestClient[web.Request, web.Application]) -> None:
    await record(bench, await sheet_of(bench), SCREENER, silence(2))
    (path,) = await Shelf(bench.ground).files("zh", [SCREENER])
    assert path is not None
    name = path.removesuffix(".wav")
    elsewhere = [
        f"{name}.mp3",
        f"{name}.ogg",
        name,
        f"{name[:-1]}.wav",
        f"{name.upper()}.wav",
        f"{'0' * 64}.wav",
        "../health",
    ]
    assert [(await client.get(f"/audio/{path}")).status for path in elsewhere] == [404] * len(elsewhere)


async def test_a_call_under_way_still_gets_what_has_been_replaced(
    bench: Bench, client: TestClient[web.Request, web.Application]
) -> None:
    sheet, shelf = await sheet_of(bench), Shelf(bench.ground)
    await record(bench, sheet, SCREENER, silence(1))
    (before,) = await shelf.files("zh", [SCREENER])
    await record(bench, sheet, SCREENER, silence(2))
    assert await (await client.get(f"/audio/{before}")).read() == silence(1)


# -- played in calls


async def test_a_process_looks_for_recordings_now_and_then_and_not_at_each_call(bench: Bench) -> None:
    shelf = Shelf(bench.ground)
    assert await shelf.files("zh", [SCREENER, OPENING]) == [None, None]
    await record(bench, await sheet_of(bench), SCREENER, silence())
    bench.real += timedelta(seconds=29)
    assert await shelf.files("zh", [SCREENER]) == [None]
    bench.real += timedelta(seconds=1)
    played, spoken = await shelf.files("zh", [SCREENER, OPENING])
    assert played is not None and spoken is None
    assert await shelf.files("en", [SCREENER]) == [None]


async def in_a_recorded_survey(bench: Bench, name: str, *languages: str, lang: str = "zh") -> Resident:
    """Somebody in a voice sample whose questionnaire plays recordings in these languages."""
    instrument = with_audio("perception", *languages)
    now = bench.clock.now()
    async with bench.ground.pool.acquire() as conn:
        pinned = await campaigns.freeze(
            conn,
            instrument.code,
            instrument.version,
            instrument.sha256,
            json.loads(instrument.to_json()),
            now,
        )
        opened = NewCampaign(CENTRE, "survey: voice", "调查", "survey", pinned, ("voice",), 7, now, None, {})
        await campaigns.open_campaign(conn, opened)
    person = await bench.resident(name, lang=lang)
    await bench.survey(person, "voice")
    return person


async def spoken_in(bench: Bench, person: Resident, *said: object) -> list[list[str]]:
    """What each turn of a call says: an address where it is played."""
    await dialing.dial_due(bench.ground, bench.line)
    ref, sid, shelf = await bench.attempt_ref(person), await bench.sid(person), Shelf(bench.ground)
    turns = []
    for step, one in enumerate([heard(None), *said]):
        reply = await interviewing.take_call(bench.ground, ref, sid, step, one, bench.real)  # type: ignore[arg-type]
        assert reply is not None
        turns.append(
            [one if isinstance(one, str) else one.url for one in await prompts(shelf, PUBLIC, reply)]
        )
    return turns


async def test_what_is_recorded_is_played_and_the_rest_is_spoken(bench: Bench) -> None:
    await record(bench, await sheet_of(bench), SCREENER, silence())
    (file,) = await Shelf(bench.ground).files("zh", [SCREENER])
    opening, refusal = await spoken_in(bench, await in_a_recorded_survey(bench, "李娜", "zh"), heard("2"))
    assert opening[-2:] == [f"{PUBLIC}/audio/{file}", "是请按1,不是请按2。"]
    assert refusal == ["谢谢您。这次调查只请18周岁以上、在本县住满半年的居民参加。再见。"]


async def test_a_whole_call_is_played_but_for_what_is_piped(bench: Bench) -> None:
    await record_all(bench, await sheet_of(bench))
    person = await in_a_recorded_survey(bench, "李娜", "zh")
    turns = await spoken_in(bench, person, *[heard("1")] * 8, Recorded("RE1", 9), heard("1"))
    assert [one for turn in turns for one in turn if not one.startswith(f"{PUBLIC}/audio/")] == []
    assert len(turns) == 11 and all(turns)


@pytest.mark.parametrize("languages", [(), ("en",)])
async def test_a_questionnaire_that_does_not_ask_for_recordings_is_spoken(
    bench: Bench, languages: tuple[str, ...]
) -> None:
    await record_all(bench, await sheet_of(bench))
    (opening,) = await spoken_in(bench, await in_a_recorded_survey(bench, "李娜", *languages))
    assert opening[0] == OPENING and not [one for one in opening if one.startswith("http")]


async def test_each_language_has_recordings_of_its_own(bench: Bench) -> None:
    await record_all(bench, await sheet_of(bench, lang="en"))
    mary = await in_a_recorded_survey(bench, "Mary", "zh", "en", lang="en")
    (opening,) = await spoken_in(bench, mary)
    assert opening and all(one.startswith(f"{PUBLIC}/audio/") for one in opening)


async def test_the_webhook_plays_what_is_recorded(bench: Bench) -> None:
    """<Play> for what is recorded, <Say> for the rest, in their order; at the end of the call too."""
    goodbye = "谢谢您。这次调查只请18周岁以上、在本县住满半年的居民参加。再见。"
    for sentence in (SCREENER, goodbye):
        await record(bench, await sheet_of(bench), sentence, silence())
    person = await in_a_recorded_survey(bench, "李娜", "zh")
    await dialing.dial_due(bench.ground, bench.line)
    ref, sid = await bench.attempt_ref(person), await bench.sid(person)
    app = web.Application()
    app.add_routes(Webhooks(bench.ground, auth_token=TOKEN, public_url=f"{PUBLIC}/").routes())
    async with TestClient(TestServer(app)) as client:
        documents = []
        for step, keys in enumerate(["", "2"]):
            path, form = f"/twilio/voice/{ref}/{step}", {"CallSid": sid, "Digits": keys}
            signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, MultiDict(form))
            answer = await client.post(path, data=form, headers={"X-Twilio-Signature": signature})
            documents.append(ElementTree.fromstring(await answer.text()))
    (gather,) = documents[0]
    assert [element.tag for element in gather] == ["Say", "Say", "Say", "Play", "Say"]
    play, hangup = documents[1]
    (file,) = await Shelf(bench.ground).files("zh", [goodbye])
    assert (play.tag, play.text, hangup.tag) == ("Play", f"{PUBLIC}/audio/{file}", "Hangup")
