"""A small centre with residents, a clock set by hand and a carrier that answers as its script says."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

import asyncpg

from survey.channels.base import Accepted, CarrierAway, InboundText, Placed, Progress
from survey.clock import DueSource, LookAgain, OnDue
from survey.dialing import Line
from survey.dialogue.inputs import Digits, NoInput
from survey.enrolling import NewPerson, enrol_persons
from survey.field.who_answered import Detection
from survey.ground import Ground
from survey.questionnaire import Questionnaire, library
from survey.store import campaigns, units
from survey.store.campaigns import NewCampaign
from survey.store.units import NewUnit

T = TypeVar("T")

CENTRE = "991721"
LIUHE, QINGSHI = "991721100200", "991721101200"
AREAS = [
    ("9917", None, "city", "安澜市", "Anlan City"),
    (CENTRE, "9917", "county", "遂澜县", "Suilan County"),
    ("991721100", CENTRE, "township", "柳河镇", "Liuhe Town"),
    (LIUHE, "991721100", "village", "王庄村", "Wangzhuang Village"),
    ("991721101", CENTRE, "township", "青石镇", "Qingshi Town"),
    (QINGSHI, "991721101", "village", "石桥村", "Shiqiao Village"),
]
FIXED = "水管已经更换,供水恢复正常"
"""The result of a case, as it is told."""


def at(text: str) -> datetime:
    """A moment of March 2026 in the county's own time: `at("9 09:30")` is Monday the 9th, half past nine."""
    day, clock = text.split()
    hour, minute = clock.split(":")
    return datetime.fromisoformat(f"2026-03-{int(day):02}T{int(hour):02}:{minute}:00+08:00").astimezone(UTC)


class HandClock:
    """Stands where it is put."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def activity(self) -> AbstractContextManager[None]:
        return contextlib.nullcontext()

    async def sleep_until(self, when: datetime) -> None:
        self.moment = max(self.moment, when)

    def spawn(self, coro: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        return asyncio.create_task(coro, name=name)

    def watch(self, due: DueSource, on_due: OnDue) -> LookAgain:
        raise AssertionError("no door watches the clock")

    async def close(self) -> None:
        return None


Answer = Placed | Callable[[], Awaitable[Placed]]


def heard(keys: str | None) -> Digits | NoInput:
    """Keys that were pressed; None or nothing: silence."""
    return Digits(keys) if keys else NoInput()


@dataclass(frozen=True)
class Asked:
    """A request that reached the carrier. `body` is '' for a call; `urls` are those it was given."""

    number: str
    body: str
    urls: tuple[str, ...]
    detection: str = "none"
    caller: str | None = None
    longest_s: int | None = None


@dataclass
class ScriptedCarrier:
    """Answers each number as `answers` says, otherwise takes it; lists what the test puts into its lists."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    calls: list[Progress] = field(default_factory=list)
    texts: list[Progress] = field(default_factory=list)
    on_request: Callable[[Asked], Awaitable[None]] | None = None
    on_list: Callable[[], Awaitable[None]] | None = None
    cancelled: list[str] = field(default_factory=list)
    away: bool = False
    ended: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    deletes: bool = True
    sounds: dict[str, bytes] = field(default_factory=dict)
    _sids: Any = field(default_factory=lambda: count(1))

    async def call(
        self,
        number: str,
        *,
        answer_url: str,
        status_url: str,
        detection: Detection = "none",
        machine_url: str = "",
        caller: str | None = None,
        longest_s: int | None = None,
    ) -> Placed:
        return await self._asked(
            Asked(number, "", (answer_url, status_url), detection, caller, longest_s), "CA"
        )

    async def text(
        self, number: str, body: str, *, status_url: str, valid_s: int, caller: str | None = None
    ) -> Placed:
        return await self._asked(Asked(number, body, (status_url,), "none", caller), "SM")

    async def _asked(self, asked: Asked, kind: str) -> Placed:
        self.asked.append(asked)
        if self.on_request is not None:
            await self.on_request(asked)
        answer = self.answers.get(asked.number)
        if answer is None:
            return Accepted(f"{kind}{next(self._sids):032}")
        if callable(answer):
            return await answer()
        return answer

    async def look_up_call(self, sid: str) -> Progress | None:
        return next((p for p in self.calls if p.sid == sid), None)

    async def look_up_text(self, sid: str) -> Progress | None:
        return next((p for p in self.texts if p.sid == sid), None)

    async def calls_since(self, since: datetime) -> list[Progress]:
        if self.on_list is not None:
            await self.on_list()
        return [p for p in self.calls if p.started_at is None or p.started_at >= since]

    async def texts_since(self, since: datetime) -> list[Progress]:
        return [p for p in self.texts if p.started_at is None or p.started_at >= since]

    async def inbound_texts_since(self, since: datetime) -> list[InboundText]:
        return []

    async def cancel_call(self, sid: str) -> bool:
        if not self.away:
            self.cancelled.append(sid)
        return not self.away

    cancel_text = cancel_call

    async def end_call(self, sid: str) -> None:
        self.ended.append(sid)

    async def recording(self, sid: str) -> bytes | None:
        if self.away:
            raise CarrierAway("no answer from the carrier: TimeoutError")
        return self.sounds.get(sid)

    async def delete_recording(self, sid: str) -> bool:
        self.deleted.append(sid)
        return self.deletes

    async def close(self) -> None:
        return None

    def numbers(self) -> list[str]:
        """Whom it was asked to reach, in order."""
        return [asked.number for asked in self.asked]


@dataclass
class Resident:
    """A person of the county, with what a test wants to know about them."""

    name: str
    id: int
    number: str


@dataclass
class Bench:
    """The centre, with short words for what a test does often."""

    ground: Ground
    clock: HandClock
    carrier: ScriptedCarrier
    line: Line
    real: datetime = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
    _people: Any = field(default_factory=lambda: count(1))
    _keys: Any = field(default_factory=lambda: count(1))

    # -- the county ---------------------------------------------------------------------------------------------

    async def found_centre(self) -> None:
        await self.run("DELETE FROM survey.area")
        await self.run(
            "UPDATE survey.pace SET batch_s = 60"
        )  # work goes over each full minute, as much as there is room for
        async with self.ground.pool.acquire() as conn:
            await conn.executemany(
                "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES ($1, $2, $3, $4, $5)",
                AREAS,
            )
            await conn.execute(
                "INSERT INTO survey.centre (code, area_code, name_zh, short_zh, name_en) VALUES ($1, $1, $2, $3, $4)",
                CENTRE,
                "遂澜县社情民意调查中心",
                "遂澜",
                "Suilan Survey Centre",
            )

    async def resident(
        self, name: str, *, born: int | None = 1980, landline: bool = False, lang: str = "zh"
    ) -> Resident:
        number = f"+86154{next(self._people):08}"
        async with self.ground.pool.acquire() as conn:
            (person,) = await enrol_persons(
                conn, self.ground.vault, [NewPerson(number, name, born, landline, lang)]
            )
        return Resident(name, person, number)

    async def campaign(
        self, purpose: str, modes: str, *, closes_at: datetime | None = None, code: str | None = None
    ) -> int:
        """The campaign of this purpose by these modes ("text voice"), opened when first asked for."""
        instrument = library("callback" if purpose == "case" else "perception")
        return await self.opened(
            instrument, tuple(modes.split()), code or f"{purpose}: {modes}", closes_at=closes_at
        )

    async def opened(
        self,
        instrument: Questionnaire,
        modes: tuple[str, ...],
        code: str,
        *,
        closes_at: datetime | None = None,
        links: bool = False,
    ) -> int:
        """A campaign that asks by this instrument, opened when first asked for."""
        async with self.ground.pool.acquire() as conn:
            pinned = await campaigns.freeze(
                conn,
                instrument.code,
                instrument.version,
                instrument.sha256,
                json.loads(instrument.to_json()),
                self.clock.now(),
            )
            campaign, _ = await campaigns.open_campaign(
                conn,
                NewCampaign(
                    CENTRE,
                    code,
                    "平安建设调查",
                    instrument.purpose,
                    pinned,
                    modes,
                    7,
                    self.clock.now(),
                    closes_at,
                    {},
                    links,
                ),
            )
        return campaign

    async def survey(
        self,
        person: Resident,
        mode: str,
        *,
        due: datetime | None = None,
        closes_at: datetime | None = None,
        code: str | None = None,
    ) -> str:
        """`person` is in a perception sample, due now; the unit's reference."""
        campaign = await self.campaign("survey", mode, closes_at=closes_at, code=code)
        return await self._unit(campaign, person, mode, due, {})

    async def case(
        self, person: Resident, modes: str, *, short: str = "0037", due: datetime | None = None
    ) -> str:
        """`person` is owed the result of a case, first by the first of `modes`; the unit's reference."""
        campaign = await self.campaign("case", modes)
        facts = {"case_short": short, "result": FIXED, "query_code": "K7Q2M9XA"}
        return await self._unit(campaign, person, modes.split()[0], due, facts)

    async def _unit(
        self, campaign: int, person: Resident, mode: str, due: datetime | None, facts: dict[str, str]
    ) -> str:
        moment = due or self.clock.now()
        ref = self.ground.tokens()
        prn = self.ground.vault.prn(person.number)
        unit = NewUnit(ref, person.id, LIUHE, f"key:{next(self._keys)}", prn, 1.0, facts, mode, moment)
        async with self.ground.pool.acquire() as conn:
            assert await units.release(conn, CENTRE, campaign, self.clock.now(), [unit])
        return ref

    # -- looking into the database ------------------------------------------------------------------------------

    async def run(self, sql: str, *values: object) -> None:
        async with self.ground.pool.acquire() as conn:
            await conn.execute(sql, *values)

    async def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        async with self.ground.pool.acquire() as conn:
            return [tuple(row) for row in await conn.fetch(sql, *values)]

    async def one(self, sql: str, *values: object) -> Any:
        async with self.ground.pool.acquire() as conn:
            return await conn.fetchval(sql, *values)

    async def unit(self, ref: str) -> asyncpg.Record:
        async with self.ground.pool.acquire() as conn:
            row = await conn.fetchrow("SELECT * FROM survey.sample_unit WHERE ref = $1", ref)
        assert row is not None
        return row

    async def unit_is(self, ref: str) -> str:
        """Where a unit stands: `done, complete` or `waiting, no_answer, voice`."""
        row = await self.unit(ref)
        words = [row["status"], row["disposition"], *([row["next_mode"]] if row["next_mode"] else [])]
        return ", ".join(words)

    async def attempts(self, person: Resident) -> list[str]:
        """Each attempt of a person: `voice ended busy`."""
        rows = await self.rows(
            "SELECT mode, status, disposition FROM survey.attempt WHERE person_id = $1 ORDER BY id", person.id
        )
        return [" ".join(word for word in row if word) for row in rows]

    async def attempt_ref(self, person: Resident) -> str:
        ref: str = await self.one(
            "SELECT ref FROM survey.attempt WHERE person_id = $1 ORDER BY id DESC LIMIT 1", person.id
        )
        return ref

    async def sid(self, person: Resident) -> str:
        sid: str = await self.one(
            "SELECT sid FROM survey.attempt WHERE person_id = $1 ORDER BY id DESC LIMIT 1", person.id
        )
        return sid

    async def answers(self, person: Resident) -> dict[str, str]:
        """{question: code or words} of everything this person answered, the latest revision of each."""
        rows = await self.rows(
            """SELECT DISTINCT ON (a.interview_id, a.question_id) a.question_id, coalesce(a.code, a.words)
               FROM survey.answer a JOIN survey.interview i ON i.id = a.interview_id
               JOIN survey.sample_unit u ON u.id = i.unit_id WHERE u.person_id = $1
               ORDER BY a.interview_id, a.question_id, a.revision DESC""",
            person.id,
        )
        return dict(rows)  # type: ignore[arg-type]

    async def opt_outs(self, person: Resident) -> dict[str, str]:
        """{scope: where it was said}."""
        rows = await self.rows(
            "SELECT scope, said_in FROM survey.opt_out WHERE person_id = $1 ORDER BY scope", person.id
        )
        return dict(rows)  # type: ignore[arg-type]

    async def announced(self) -> list[tuple[str, str]]:
        """The outbox so far: (topic, disposition of the unit)."""
        return await self.rows(  # type: ignore[return-value]
            "SELECT o.topic, u.disposition FROM survey.outbox o JOIN survey.sample_unit u ON u.id = o.unit_id"
            " ORDER BY o.id"
        )

    def later(self, **by: float) -> datetime:
        """Put the clock on."""
        self.clock.moment += timedelta(**by)
        return self.clock.moment
