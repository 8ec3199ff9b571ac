"""Two people are put through to each other over the carrier's wire, and neither sees the other's number."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from doors_bench import Bench, Resident, at
from multidict import MultiDict
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator

from survey import masked_calls
from survey.channels.base import Progress, Refused, Unknown
from survey.dispatch_policy import dispatch_policy
from survey.masked_calls import NewMaskedCall
from survey.store import past_attempts
from survey.web.masked import masked_routes
from survey.web.webhooks import Webhooks, activity_middleware

TOKEN, PUBLIC = "0123456789abcdef0123456789abcdef", "https://minyi.example"
HEAD = '<?xml version="1.0" encoding="UTF-8"?><Response>'
BUREAU = "+8615499000031"
Client = TestClient[web.Request, web.Application]


@dataclass
class Line:
    """A masked call between the bureau and 李娜, and the carrier's requests about it."""

    bench: Bench
    client: Client
    li_na: Resident
    ref: str = "m1"

    async def ask(self, ref: str = "m1", own: tuple[time, time] | None = None) -> None:
        self.ref, now = ref, self.bench.ground.clock.now()
        async with self.bench.ground.pool.acquire() as conn:
            await masked_calls.owe(
                conn,
                NewMaskedCall(
                    ref, self.li_na.id, self.bench.ground.vault.seal(BUREAU), "公安局请按1", "有单位想和您通话,接通请按1",
                    "zh", "Asia/Shanghai", own, now, now + timedelta(minutes=30),
                ),
            )  # fmt: skip

    async def work(self, **later: float) -> list[str]:
        """A look of the worker; whom the carrier was asked to call."""
        self.bench.carrier.asked.clear()
        if later:
            self.bench.later(**later)
        await masked_calls.join_lines(self.bench.ground, self.bench.line)
        return [one.number for one in self.bench.carrier.asked]

    async def post(self, what: str, **form: str) -> str:
        leg = what.split("/")[0]
        path = f"/twilio/masked/{self.ref}/{what}"
        sid = form.pop("CallSid", None) or await self.sid(leg)
        full = {"CallSid": sid, "AccountSid": "AC1", **form}
        signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, MultiDict(full))
        answer = await self.client.post(path, data=full, headers={"X-Twilio-Signature": signature})
        assert answer.status == 200, answer.status
        return (await answer.text()).removeprefix(HEAD).removesuffix("</Response>")

    async def sid(self, leg: str) -> str:
        column = "asker_sid" if leg == "asker" else "person_sid"
        return str(await self.bench.one(f"SELECT {column} FROM survey.masked_call WHERE ref = $1", self.ref))

    async def stands(self) -> tuple[Any, ...]:
        (row,) = await self.bench.rows(
            "SELECT state, outcome, seconds FROM survey.masked_call WHERE ref = $1", self.ref
        )
        return tuple(row)

    async def open_contacts(self) -> int:
        return int(await self.bench.one("SELECT count(*) FROM survey.contact WHERE closed_at IS NULL"))

    async def bureau_is_here(self) -> str:
        await self.ask()
        assert await self.work() == [BUREAU]
        await self.post("asker")
        return await self.post("asker/keys", Digits="1")

    async def both_are_joined(self) -> None:
        await self.bureau_is_here()
        assert await self.work() == [self.li_na.number]
        await self.post("person")
        await self.post("person/keys", Digits="1")


@pytest.fixture
async def line(bench: Bench) -> AsyncIterator[Line]:
    webhooks = Webhooks(bench.ground, auth_token=TOKEN, public_url=PUBLIC)
    app = web.Application(middlewares=[activity_middleware(bench.ground)])
    app.add_routes(masked_routes(bench.ground, public_url=PUBLIC, verify=webhooks.verified))
    async with TestClient(TestServer(app)) as client:
        yield Line(bench, client, await bench.resident("李娜"))


async def test_they_speak_and_part(line: Line) -> None:
    said = []
    with capture_logs() as logs:
        await line.ask()
        assert await line.work() == [BUREAU]
        said.append(await line.post("asker"))
        said.append(await line.post("asker/keys", Digits="1"))
        assert await line.work() == [line.li_na.number]
        said.append(await line.post("person"))
        line.bench.later(seconds=8)
        said.append(await line.post("person/keys", Digits="1"))
        assert await line.stands() == ("joined", None, None)
        line.bench.later(seconds=75)
        await line.post("person/status", CallStatus="completed")
    assert await line.stands() == ("over", "talked", 75)
    assert said[1] == '<Dial><Conference beep="false" endConferenceOnExit="true">m1</Conference></Dial>'
    assert "公安局请按1" in said[0] and 'action="https://minyi.example/twilio/masked/m1/asker/keys' in said[0]
    assert "有单位想和您通话,接通请按1" in said[2] and "/twilio/masked/m1/person/keys" in said[2]
    assert said[3].startswith(
        '<Dial><Conference beep="onEnter" endConferenceOnExit="false">m1</Conference></Dial>'
    )
    assert not any(number in str((logs, said)) for number in (BUREAU, line.li_na.number))
    assert await line.open_contacts() == 0

    line.bench.carrier.calls = [_going(await line.sid("asker"), BUREAU, line.bench)]
    await line.work()
    assert line.bench.carrier.ended == [await line.sid("asker")]  # they are not left alone in the room
    line.bench.carrier.calls = []
    await line.work(seconds=dispatch_policy().ask_again_after_s)
    assert await line.bench.one("SELECT check_at FROM survey.masked_call") is None
    async with line.bench.ground.pool.acquire() as conn:
        (told,) = await masked_calls.take_finished(conn)
        assert (told.ref, told.outcome, told.seconds) == ("m1", "talked", 75)
        assert await masked_calls.take_finished(conn) == []


def _going(sid: str, number: str, bench: Bench) -> Progress:
    return Progress(sid, number, "in_progress", None, bench.ground.clock.now())


async def test_the_same_request_again_gets_the_same_reply(line: Line) -> None:
    first = await line.bureau_is_here()
    assert await line.post("asker/keys", Digits="1") == first
    assert await line.work() == [line.li_na.number]
    assert await line.work() == []
    await line.post("person")
    joined = await line.post("person/keys", Digits="1")
    assert await line.post("person/keys", Digits="1") == joined
    await line.post("asker/status", CallStatus="completed")
    await line.post("asker/status", CallStatus="completed")
    await line.post("person/status", CallStatus="completed")
    assert await line.stands() == ("over", "talked", 0)


async def test_two_workers_ring_each_once(line: Line) -> None:
    await line.ask()
    await asyncio.gather(*(line.work() for _ in range(4)))
    await line.post("asker")
    await line.post("asker/keys", Digits="1")
    await asyncio.gather(*(line.work() for _ in range(4)))
    assert [one.number for one in line.bench.carrier.asked].count(line.li_na.number) <= 1
    assert await line.bench.one("SELECT count(*) FROM survey.masked_call WHERE person_sid IS NOT NULL") == 1


@pytest.mark.parametrize("keys", ["2", ""])
async def test_nobody_at_the_bureau_presses_the_key_and_the_resident_is_never_rung(
    line: Line, keys: str
) -> None:
    await line.ask()
    await line.work()
    await line.post("asker")
    assert (
        await line.post("asker/keys", Digits=keys)
        == '<Say language="zh-CN">好的,不接通。再见。</Say><Hangup/>'
    )
    assert await line.stands() == ("over", "asker_not_there", 0)
    assert await line.work(minutes=5) == []


@pytest.mark.parametrize(
    ("keys", "words", "scopes"),
    [
        ("2", "好的,不接通。再见。", []),
        ("", "好的,不接通。再见。", []),
        ("9", "好的,以后不再为您反映的事给您打电话。再见。", ["case_call"]),
    ],
)
async def test_the_resident_declines(line: Line, keys: str, words: str, scopes: list[str]) -> None:
    await line.bureau_is_here()
    await line.work()
    await line.post("person")
    assert await line.post("person/keys", Digits=keys) == f'<Say language="zh-CN">{words}</Say><Hangup/>'
    assert await line.stands() == ("over", "declined", 0)
    assert await line.open_contacts() == 0
    assert [scope for (scope,) in await line.bench.rows("SELECT scope FROM survey.opt_out")] == scopes


async def test_a_machine_that_answers_is_nobody(line: Line) -> None:
    """It picks up, presses nothing, and is not put through: no seconds."""
    await line.bureau_is_here()
    await line.work()
    await line.post("person")
    await line.post("person/keys")
    assert await line.stands() == ("over", "declined", 0)


@pytest.mark.parametrize("word", ["no-answer", "busy", "failed"])
async def test_the_resident_does_not_answer(line: Line, word: str) -> None:
    await line.bureau_is_here()
    await line.work()
    await line.post("person/status", CallStatus=word)
    assert await line.stands() == ("over", "not_reached", 0)
    assert await line.open_contacts() == 0


@pytest.mark.parametrize(
    ("before", "outcome", "words"),
    [
        (
            "INSERT INTO survey.opt_out VALUES ($1, 'case_call', now(), 'voice', NULL)",
            "opted_out",
            "对方不愿接到这类电话",
        ),
        (
            "INSERT INTO survey.opt_out VALUES ($1, 'all', now(), 'voice', NULL)",
            "opted_out",
            "对方不愿接到这类电话",
        ),
        ("UPDATE survey.person SET unlinked_at = now() WHERE id = $1", "no_number", "对方的号码已经不用了"),
        (
            "INSERT INTO survey.contact (person_id, purpose, mode, opened_at) VALUES ($1, 'survey', 'text', now())",
            "in_another",
            "对方正在和中心通话或短信往来",
        ),
    ],
)
async def test_who_may_not_be_rung_is_not(line: Line, before: str, outcome: str, words: str) -> None:
    await line.bench.run(before, line.li_na.id)
    assert words in await line.bureau_is_here()
    assert await line.stands() == ("over", outcome, 0)
    assert await line.work(minutes=5) == []


async def test_nobody_is_rung_at_night_or_outside_their_own_hours(line: Line) -> None:
    line.bench.ground.clock.moment = at("9 20:31")
    assert "现在不是可以给对方打电话的时间" in await line.bureau_is_here()
    line.bench.ground.clock.moment = at("10 10:00")
    await line.ask("m2", own=(time(14), time(16)))
    await line.work()
    await line.post("asker")
    assert "现在不是可以给对方打电话的时间" in await line.post("asker/keys", Digits="1")
    assert await line.stands() == ("over", "outside_hours", 0)


async def test_a_masked_call_counts_as_a_contact_and_they_are_few(line: Line) -> None:
    async with line.bench.ground.pool.acquire() as conn:
        for n in range(10):
            await line.ask(f"m{n}")
            await line.work()
            await line.post("asker")
            await line.post("asker/keys", Digits="1")
            assert await line.work() == [line.li_na.number]
            await line.post("person/status", CallStatus="no-answer")
        since = line.bench.ground.clock.now() - timedelta(days=30)
        assert len((await past_attempts.recent_of(conn, [line.li_na.id], since))[line.li_na.id]) == 10
    await line.ask("m10")
    await line.work()
    await line.post("asker")
    assert "最近给对方打的电话已经够多了" in await line.post("asker/keys", Digits="1")


async def test_not_begun_in_time_it_is_over(line: Line) -> None:
    await line.ask()
    assert await line.work(minutes=31) == []
    assert await line.stands() == ("over", "expired", 0)


async def test_the_carrier_refuses_a_line(line: Line) -> None:
    line.bench.carrier.answers[line.li_na.number] = Refused("unassigned", None)
    await line.bureau_is_here()
    await line.work()
    assert await line.stands() == ("over", "not_reached", 0)


async def test_a_lost_answer_is_asked_about_and_nobody_is_rung_twice(line: Line) -> None:
    line.bench.carrier.answers[line.li_na.number] = Unknown("timeout")
    await line.bureau_is_here()
    assert await line.work() == [line.li_na.number]
    rung = Progress("CA-lost", line.li_na.number, "in_progress", None, line.bench.ground.clock.now())
    line.bench.carrier.calls = [_going(await line.sid("asker"), BUREAU, line.bench), rung]
    assert await line.work() == []
    assert await line.sid("person") == "CA-lost"
    await line.post("person")
    await line.post("person/keys", Digits="1")
    assert await line.stands() == ("joined", None, None)


async def test_a_line_that_was_never_placed_ends_the_call(line: Line) -> None:
    line.bench.carrier.answers[BUREAU] = Unknown("timeout")
    await line.ask()
    await line.work()
    await line.work()
    assert await line.stands() == ("calling_asker", None, None)
    await line.work(seconds=dispatch_policy().ask_again_after_s + 1)
    assert await line.stands() == ("over", "asker_not_there", 0)


async def test_a_lost_webhook_of_the_end_is_asked_for(line: Line) -> None:
    await line.both_are_joined()
    sid = await line.sid("person")
    line.bench.carrier.calls = [
        _going(await line.sid("asker"), BUREAU, line.bench),
        Progress(sid, line.li_na.number, "answered", None, line.bench.ground.clock.now()),
    ]
    await line.work(seconds=dispatch_policy().check_call_after_s + 1)
    state, outcome, seconds = await line.stands()
    assert (state, outcome) == ("over", "talked") and seconds >= dispatch_policy().check_call_after_s


async def test_another_call_gets_nothing(line: Line) -> None:
    await line.bureau_is_here()
    await line.work()
    assert "room" not in await line.post("person", CallSid="CA-other")
    assert "Conference" not in await line.post("person/keys", CallSid="CA-other", Digits="1")
    assert await line.stands() == ("calling_person", None, None)


async def test_stop_said_while_the_telephone_rings_is_heard(line: Line) -> None:
    await line.bureau_is_here()
    await line.work()
    await line.post("person")
    await line.bench.run("INSERT INTO survey.opt_out VALUES ($1, 'all', now(), 'text', NULL)", line.li_na.id)
    assert "Conference" not in await line.post("person/keys", Digits="1")
    assert await line.stands() == ("over", "opted_out", 0)


async def test_a_lost_answer_is_never_matched_to_another_call_of_the_same_telephone(line: Line) -> None:
    """The bureau's telephone rang for another matter a moment ago; that call goes on."""
    await line.bureau_is_here()
    other = await line.sid("asker")
    line.bench.carrier.answers[BUREAU] = Unknown("timeout")
    await line.ask("m2")
    await line.work()
    older = Progress(
        "CA-older", BUREAU, "in_progress", None, line.bench.ground.clock.now() - timedelta(minutes=5)
    )
    line.bench.carrier.calls = [older, _going(other, BUREAU, line.bench)]
    await line.work()
    assert await line.stands() == ("calling_asker", None, None)
    assert await line.bench.one("SELECT asker_sid FROM survey.masked_call WHERE ref = 'm2'") is None
    await line.work(seconds=dispatch_policy().ask_again_after_s + 1)
    assert await line.stands() == ("over", "asker_not_there", 0)
    assert line.bench.carrier.ended == []
