"""The county of `notices_bench` in a database, with its post room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import asyncpg
import pytest
from notices_bench import (
    AREAS,
    CENTRE,
    LEADERS_MAIL,
    LEADERS_PHONE,
    MAIL,
    PHONE,
    POLICE,
    UNITS,
    VILLAGE,
    Office,
    PostOffice,
    SmallCarrier,
    StandingClock,
    at,
)

from followup.postman import postman
from followup.store.cases import NewCase, insert_case
from followup.store.units import insert_units
from survey.dialing import Line
from survey.enrolling import NewPerson, enrol_persons
from survey.ground import Ground
from survey.vault import Vault


@pytest.fixture
async def office(pool: asyncpg.Pool, vault: Vault) -> AsyncIterator[Office]:
    """Monday 2026-03-09, ten in the morning; nobody has an address yet."""
    clock, numbers, carrier = StandingClock(at("9 10:00")), count(1), SmallCarrier()
    line: Any = Line(carrier, "https://minyi.example", 1.0, 60.0, 10.0)  # type: ignore[arg-type]
    ground = Ground(pool, vault, clock, tokens=lambda: f"ref-{next(numbers):04}", real_now=clock.now)
    async with pool.acquire() as conn:
        await conn.executemany(
            "INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES ($1, $2, $3, $4, $5)",
            AREAS,
        )
        await conn.execute(
            "INSERT INTO survey.centre VALUES ($1, $1, '遂澜县社情民意调查中心', '遂澜', 'Suilan Survey Centre')",
            CENTRE,
        )
        await insert_units(conn, UNITS)
    office = PostOffice()
    async with office.open() as port:
        post = postman(f"smtp+plain://127.0.0.1:{port}", "遂澜民调中心 <minyi@suilan.example>", None, 5)
        yield Office(ground, clock, carrier, line, office, post)


@pytest.fixture
async def police(office: Office) -> Office:
    """The police have a liaison and a leader, each with a telephone and mail."""
    await office.book(POLICE, "liaison", text=PHONE, mail=MAIL)
    await office.book(POLICE, "leader", text=LEADERS_PHONE, mail=LEADERS_MAIL)
    return office


@pytest.fixture
async def wang_fangs_case(office: Office) -> int:
    """王芳 of 王庄村 has raised a matter; the case's id."""
    async with office.ground.pool.acquire() as conn:
        (person,) = await enrol_persons(
            conn, office.ground.vault, [NewPerson("+8615400000001", "王芳", 1975)]
        )
        case = await insert_case(
            conn,
            NewCase(
                number="991721-20260302-00037-4",
                short_number="0037",
                query_code="K7Q2M9XA",
                centre_code=CENTRE,
                source="visit",
                external_number=None,
                person_id=person,
                batch_id=None,
                content="路灯不亮",
                category="0101",
                duty_no=1,
                kind="help",
                area_code=VILLAGE,
                status="in_progress",
                received_at=at("2 09:00"),
                due_at=at("16 18:00"),
                limit_hours=70.0,
                policy_version=1,
            ),
        )
    assert case is not None
    return case.id
