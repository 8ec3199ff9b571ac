"""A whole interview whose prompts are files: the resident hears them as the carrier fetches them, and answers."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from twin_service import TOKEN

from survey import dialing, voicing
from survey.channels.twilio.carrier import TwilioCarrier
from survey.dialing import Line
from survey.enrolling import NewPerson, enrol_persons
from survey.ground import Ground
from survey.questionnaire import from_json, library
from survey.store import campaigns, units
from survey.store.campaigns import NewCampaign
from survey.store.units import NewUnit
from survey.twin.audio import tone
from survey.voicing import Sheet
from survey.web.audio import audio_routes
from survey.web.inbound_calls import inbound_routes
from survey.web.webhooks import Webhooks, activity_middleware

SID = "AC" + "0" * 32
CENTRE = "991721"
WANG = "+8615400000083"
OPINIONS = {"eligible": "是", "safety": "比较安全", "police": "满意"}


@dataclass
class Service:
    """Our web process beside the twin, and what a test does with it."""

    ground: Ground
    line: Line

    async def ring(self) -> None:
        assert await dialing.dial_due(self.ground, self.line) == 1

    async def sheet(self) -> Sheet:
        return await voicing.sheet(self.ground, library("perception"), "zh", CENTRE)

    async def answers(self) -> dict[str, str]:
        async with self.ground.pool.acquire() as conn:
            rows = await conn.fetch(
                "SELECT question_id, coalesce(code, recording) AS said FROM survey.answer"
            )
        return {row["question_id"]: row["said"] for row in rows}


@pytest.fixture
async def minyi(bench: Any, pool: Any, vault: Any) -> AsyncIterator[Service]:
    numbers = count(1)
    ground = Ground(pool, vault, bench.clock, tokens=lambda: f"ref-{next(numbers):04}")
    port = unused_port()
    url = f"http://127.0.0.1:{port}"
    app = web.Application(middlewares=[activity_middleware(ground)])
    webhooks = Webhooks(ground, auth_token=TOKEN, public_url=url)
    app.add_routes(webhooks.routes())
    app.add_routes(inbound_routes(ground, verify=webhooks.verified, public_url=url, centre=CENTRE))
    app.add_routes(audio_routes(ground))
    server = TestServer(app, port=port)
    await server.start_server()
    carrier = TwilioCarrier(
        account_sid=SID,
        auth_token=TOKEN,
        numbers=("+8615400000000",),
        base_url=bench.base,
        timeout_s=10,
        ring_s=30,
        longest_s=1800,
    )
    await _one_resident_in_a_sample(ground)
    yield Service(ground, Line(carrier, url, 1.0, 1.0, 10.0))
    await carrier.close()
    await server.close()


async def _one_resident_in_a_sample(ground: Ground) -> None:
    body = {**json.loads(library("perception").to_json()), "voice": {"audio": ["zh"]}, "version": 90}
    instrument, now = from_json(body), ground.clock.now()
    async with ground.pool.acquire() as conn:
        await conn.executemany(
            "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES ($1, $2, $3, $4, $4)",
            [("9917", None, "city", "安澜市"), (CENTRE, "9917", "county", "遂澜县")],
        )
        await conn.execute(
            "INSERT INTO survey.centre (code, area_code, name_zh, short_zh, name_en) VALUES ($1, $1, $2, '遂澜', $2)",
            CENTRE,
            "遂澜县社情民意调查中心",
        )
        pinned = await campaigns.freeze(
            conn,
            instrument.code,
            instrument.version,
            instrument.sha256,
            json.loads(instrument.to_json()),
            now,
        )
        opened = NewCampaign(CENTRE, "daily", "调查", "survey", pinned, ("voice",), 7, now, None, {})
        campaign, _ = await campaigns.open_campaign(conn, opened)
        (person,) = await enrol_persons(conn, ground.vault, [NewPerson(WANG, "王秀英", 1970, False, "zh")])
        unit = NewUnit("unit-1", person, CENTRE, "key-1", ground.vault.prn(WANG), 1.0, {}, "voice", now)
        assert await units.release(conn, CENTRE, campaign, now, [unit])


async def heard_by_wang(bench: Any, minyi: Service) -> dict[str, Any]:
    """Wang Xiuying picks up; the twin's book of the call."""
    bench.plant(WANG, temper="patient", answers=["answered"], opinions=OPINIONS)
    await minyi.ring()
    await bench.clock.run_out()
    (call,) = (await bench.ledger())["calls"]
    return dict(call)


async def test_an_interview_in_files_is_answered_like_one_that_is_spoken(bench: Any, minyi: Service) -> None:
    sheet = await minyi.sheet()
    for row in sheet.missing:
        assert row.number is not None
        seconds = 2 + row.number % 7
        done = await voicing.add(
            minyi.ground, sheet, row.sentence.text, "x.wav", tone(seconds), by="录音室", source="recorded"
        )
        assert done == "added"

    call = await heard_by_wang(bench, minyi)

    assert (await bench.control("errors")) == {"errors": [], "puzzled": []}
    assert [one["text"] for one in call["played"]] == call[
        "said"
    ]  # nothing was spoken, everything understood
    assert call["said"][0] == "您好,这里是遂澜社情民意调查中心,正在做平安建设民意调查。"
    assert call["said"][-1] == "问题问完了,谢谢您的支持,再见。"
    answers = await minyi.answers()
    assert (answers["S1"], answers["Q1"], answers["Q3"]) == ("1", "2", "1")


async def test_an_interview_half_in_files(bench: Any, minyi: Service) -> None:
    sheet = await minyi.sheet()
    for row in sheet.missing[::2]:
        await voicing.add(
            minyi.ground, sheet, row.sentence.text, "x.wav", tone(5), by="录音室", source="recorded"
        )

    call = await heard_by_wang(bench, minyi)

    assert (await bench.control("errors")) == {"errors": [], "puzzled": []}
    assert 0 < len(call["played"]) < len(call["said"])
    assert (await minyi.answers())["Q1"] == "2"
