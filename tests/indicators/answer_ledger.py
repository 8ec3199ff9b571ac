"""Answers written row by row, and beside them a plain list of the same, from which counts are made by hand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
from click.testing import Result

from survey.questionnaire import library
from survey.store import answers

CENTRE = "991721"
ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 3, 9)
TOWNS = ("991721001", "991721002", "991721003")
Minyi = Callable[..., Awaitable[Result]]
Key = tuple[date, str, str, int, str, str, str, str]


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    """A local moment, so many days after the Monday."""
    return datetime.combine(DAY + timedelta(days=day), time(hour, minute), ZONE).astimezone(UTC)


@dataclass
class Unit:
    id: int
    person: int
    campaign: int
    area: str
    weight: float


@dataclass
class Interview:
    id: int
    unit: Unit
    contact: int
    started_mode: str
    continues: int | None
    void: bool = False


@dataclass
class Answer:
    interview: int
    question: str
    revision: int
    code: str
    mode: str
    at: datetime


@dataclass
class Ledger:
    """Writes to the database, and remembers."""

    conn: asyncpg.Connection
    units: list[Unit] = field(default_factory=list)
    interviews: dict[int, Interview] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    campaigns: dict[str, int] = field(default_factory=dict)
    made: int = 0

    async def put(self, table: str, **columns: Any) -> int:
        self.made += 1
        places = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
        sql = f"INSERT INTO survey.{table} ({', '.join(columns)}) VALUES ({places})"
        keyed = table not in ("area", "centre", "answer", "quota_cell")
        row: int = await self.conn.fetchval(f"{sql} RETURNING {'id' if keyed else '0'}", *columns.values())
        return row

    async def ground(self) -> None:
        """A county with three townships, its centre, a daily survey and a poll with quotas."""
        for code, parent, level, zh, en in (
            (CENTRE, None, "county", "遂澜县", "Suilan"),
            (TOWNS[0], CENTRE, "township", "城关镇", "Chengguan"),
            (TOWNS[1], CENTRE, "township", "石桥镇", "Shiqiao"),
            (TOWNS[2], CENTRE, "township", "柳林乡", "Liulin"),
        ):
            await self.put("area", code=code, parent_code=parent, level=level, name_zh=zh, name_en=en)
        await self.put(
            "centre",
            code=CENTRE,
            area_code=CENTRE,
            name_zh="遂澜县社情民意调查中心",
            short_zh="遂澜",
            name_en="Suilan",
        )
        document = library("perception")
        asked = await self.put(
            "questionnaire", code="perception", version=2, sha256=document.sha256,
            body=json.loads(document.to_json()), frozen_at=at(0, 8),
        )  # fmt: skip
        for code, kind in (("daily", "daily"), ("poll", "poll")):
            self.campaigns[code] = await self.put(
                "campaign", centre_code=CENTRE, code=code, name_zh=code, purpose="survey",
                questionnaire_id=asked, modes=["voice"], seed=1, opens_at=at(0, 8), kind=kind,
            )  # fmt: skip
        await self.put("quota_cell", campaign_id=self.campaigns["poll"], quota="sex", cell="m", target=5)

    async def unit(self, area: str = TOWNS[0], weight: float = 1.0, campaign: str = "daily") -> Unit:
        sealed = (self.made + 1).to_bytes(4, "big")
        person = await self.put("person", token=sealed, key_id="k", number_cipher=sealed, prn=0.5)
        unit = await self.put(
            "sample_unit", ref=f"u{person}", centre_code=CENTRE, campaign_id=self.campaigns[campaign],
            person_id=person, area_code=area, external_key=f"p{person}", prn=0.5, base_weight=weight,
            released_at=at(0, 8), status="done", done_at=at(0, 20),
        )  # fmt: skip
        self.units.append(Unit(unit, person, self.campaigns[campaign], area, weight))
        return self.units[-1]

    async def interview(
        self, unit: Unit, mode: str = "voice", continues: Interview | None = None
    ) -> Interview:
        contact = await self.put(
            "contact",
            person_id=unit.person,
            purpose="survey",
            mode=mode,
            opened_at=at(0),
            closed_at=at(99),
        )
        row = await self.put(
            "interview",
            ref=f"i{contact}",
            contact_id=contact,
            unit_id=unit.id,
            position=0,
            questionnaire_id=1,
            mode=mode,
            lang="zh",
            continues_id=continues.id if continues else None,
        )
        self.interviews[row] = Interview(row, unit, contact, mode, continues.id if continues else None)
        return self.interviews[row]

    async def answer(
        self, interview: Interview, question: str, code: str, moment: datetime, mode: str | None = None
    ) -> None:
        """The next revision of its answer to the question."""
        given = mode or interview.started_mode
        row = await self.put(
            "input", contact_id=interview.contact, interview_id=interview.id, channel=given, said=code,
            effect="answered", reply="", arrived_at=moment, arrived_real=moment,
        )  # fmt: skip
        before = [a for a in self.answers if (a.interview, a.question) == (interview.id, question)]
        await self.put(
            "answer", interview_id=interview.id, question_id=question, revision=len(before) + 1, code=code,
            input_id=row, at=moment,
        )  # fmt: skip
        self.answers.append(Answer(interview.id, question, len(before) + 1, code, given, moment))

    async def judge(self, interview: Interview, verdict: str) -> None:
        """What an audit found; the last verdict stands."""
        await self.put(
            "audit_item",
            interview_id=interview.id,
            at=at(50),
            method="listen",
            verdict=verdict,
            by_whom="质检员",
            why="抽查",
        )
        interview.void = verdict == "void"

    async def forget(self, interview: Interview) -> None:
        """Delete what was said in it and in those that it goes on from."""
        self.made += 1
        await answers.forget(self.conn, interview.id, at(51) + timedelta(seconds=self.made), "minor")
        gone = self.chain(interview)
        self.answers = [a for a in self.answers if a.interview not in gone]

    async def opt_out(self, unit: Unit) -> None:
        """Never again: what they have said before goes on to count."""
        await self.conn.execute(
            "INSERT INTO survey.opt_out (person_id, scope, said_at, said_in) VALUES ($1, 'survey', $2, 'voice')"
            " ON CONFLICT DO NOTHING",
            unit.person,
            at(52),
        )

    async def weigh(self, unit: Unit, weight: float) -> None:
        await self.conn.execute(
            "UPDATE survey.sample_unit SET base_weight = $2 WHERE id = $1", unit.id, weight
        )
        unit.weight = weight

    def chain(self, interview: Interview) -> set[int]:
        found = {interview.id}
        while interview.continues is not None:
            interview = self.interviews[interview.continues]
            found.add(interview.id)
        return found

    def counts(self) -> Mapping[Key, tuple[int, float, float]]:
        """What the counts must be."""
        void = {one for i in self.interviews.values() if i.void for one in self.chain(i)}
        last: dict[tuple[int, str], Answer] = {}
        for a in sorted(self.answers, key=lambda a: (a.interview, a.revision)):
            if a.interview not in void:
                last[self.interviews[a.interview].unit.id, a.question] = a
        n: Counter[Key] = Counter()
        w: dict[Key, list[float]] = {}
        for a in last.values():
            i = self.interviews[a.interview]
            key = (
                a.at.astimezone(ZONE).date(), CENTRE, a.question, i.unit.campaign, i.unit.area, a.mode,
                i.started_mode, a.code,
            )  # fmt: skip
            n[key] += 1
            w.setdefault(key, []).append(i.unit.weight)
        return {key: (n[key], sum(w[key]), sum(x * x for x in w[key])) for key in n}

    async def kept(self) -> Mapping[Key, tuple[int, float, float]]:
        """What they are."""
        rows = await self.conn.fetch("SELECT * FROM survey.counted_answer")
        return {tuple(row.values())[:8]: tuple(row.values())[8:] for row in rows}
