"""A small town on both sides: what the carrier wrote into its ledger, and what the database holds, row by
row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from survey.questionnaire import Questionnaire, library
from survey.vault import Vault

MORNING = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)  # 09:30 in the county
CENTRE_NUMBER = "+8615400000000"
CENTRE, COUNTY = "991721", "991721"
INSTRUMENTS: Mapping[str, Questionnaire] = {code: library(code) for code in ("perception", "callback")}


@dataclass(frozen=True)
class Talk:
    """One conversation that was set up: the ids of its rows."""

    name: str
    ref: str
    unit: int
    contact: int
    attempt: int
    interview: int
    at: datetime


@dataclass
class Ground:
    """A county with a centre and a campaign of each instrument, its residents, and their attempts."""

    conn: asyncpg.Connection
    vault: Vault
    people: dict[str, tuple[int, str]] = field(default_factory=dict)
    campaigns: dict[str, int] = field(default_factory=dict)
    instruments: dict[str, int] = field(default_factory=dict)

    async def put(self, table: str, **columns: Any) -> Any:
        """INSERT one row; returns its first column."""
        names = ", ".join(columns)
        places = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
        sql = f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING *"
        return await self.conn.fetchval(sql, *columns.values())

    async def ground(self) -> None:
        """The county, its centre, and a campaign for each instrument."""
        await self.put("survey.area", code=COUNTY, level="county", name_zh="遂澜县", name_en="Suilan")
        await self.put(
            "survey.centre",
            code=CENTRE,
            area_code=COUNTY,
            name_zh="遂澜县社情民意调查中心",
            short_zh="遂澜",
            name_en="Suilan centre",
        )
        for document in INSTRUMENTS.values():
            await self.campaign(document.code, document)

    async def campaign(self, name: str, document: Questionnaire) -> None:
        """A campaign that asks this; its talks are those with `instrument=name`."""
        self.instruments[name] = await self.put(
            "survey.questionnaire",
            code=document.code,
            version=document.version,
            sha256=document.sha256,
            body=json.loads(document.to_json()),
            frozen_at=MORNING,
        )
        self.campaigns[name] = await self.put(
            "survey.campaign",
            centre_code=CENTRE,
            code=name,
            name_zh=name,
            purpose=document.purpose,
            questionnaire_id=self.instruments[name],
            modes=["voice", "text", "operator"],
            seed=1,
            opens_at=MORNING,
        )

    async def resident(self, name: str, number: str) -> None:
        person = await self.put(
            "survey.person",
            token=self.vault.token(number),
            key_id=self.vault.key_id,
            number_cipher=self.vault.seal(number),
            prn=0.5,
        )
        self.people[name] = person, number

    async def talk(
        self,
        name: str,
        mode: str,
        *,
        ref: str,
        at: datetime,
        disposition: str,
        instrument: str = "perception",
        sid: str | None = None,
        word: str | None = None,
        answered: bool = False,
        counts: bool = True,
    ) -> Talk:
        """A unit, its contact, its one attempt and its dialogue; all of it over."""
        person, over = self.people[name][0], at + timedelta(minutes=5)
        purpose = "case" if instrument == "callback" else "survey"
        unit = await self.put(
            "survey.sample_unit",
            ref=f"u-{ref}",
            centre_code=CENTRE,
            campaign_id=self.campaigns[instrument],
            person_id=person,
            area_code=COUNTY,
            external_key=ref,
            prn=0.5,
            status="done",
            disposition=disposition,
            released_at=at,
            done_at=over,
        )
        contact = await self.put(
            "survey.contact", person_id=person, purpose=purpose, mode=mode, opened_at=at, closed_at=over
        )
        attempt = await self.put(
            "survey.attempt",
            ref=ref,
            contact_id=contact,
            person_id=person,
            unit_id=unit,
            purpose=purpose,
            mode=mode,
            status="ended",
            sid=sid,
            dialing_at=at,
            answered_at=at if answered else None,
            ended_at=over,
            day=at.date(),
            day_part="morning",
            carrier_word=word,
            disposition=disposition,
            counts=counts,
        )
        interview = await self.put(
            "survey.interview",
            ref=f"i-{ref}",
            contact_id=contact,
            unit_id=unit,
            position=0,
            questionnaire_id=self.instruments[instrument],
            mode=mode,
            lang="zh",
            status="complete",
        )
        await self.put(
            "survey.unit_event", unit_id=unit, at=over, to_status="done", why="test", disposition=disposition
        )
        return Talk(name, ref, unit, contact, attempt, interview, at)
