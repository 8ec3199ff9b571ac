"""Reports that arrive by themselves: the missed ones too, each once, whoever and how often somebody asks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from commands_bench import CENTRE, Minyi
from test_morning_report import TZ, Mornings

from followup.issuing import issue, verify
from survey.ground import Ground
from survey.periods import period
from survey.vault import Vault
from workers.morning_report import write_morning_reports


@pytest.fixture
async def began(pool: asyncpg.Pool, vault: Vault, county: str) -> Ground:
    """A centre that built its first list on Monday 2 March 2026, and whose clock says Tuesday the 3rd, half past seven."""
    numbers = count(1)
    ground = Ground(pool, vault, Mornings(), tokens=lambda: f"ref-{next(numbers):04}")
    async with pool.acquire() as conn:
        await conn.execute(
            "INSERT INTO survey.daily_duty VALUES ($1, 'daily_list', '2026-03-02', '2026-03-02 08:30+08')",
            CENTRE,
        )
    at(ground, 3)
    return ground


def at(ground: Ground, day: int) -> None:
    ground.clock.day = day  # type: ignore[attr-defined]


async def issued(conn: asyncpg.Connection, kind: str) -> list[str]:
    return [
        row["number"].removeprefix(f"{CENTRE}-{kind}-")
        for row in await conn.fetch(
            "SELECT number FROM followup.issued_report WHERE kind = $1 ORDER BY id", kind
        )
    ]


def days(*numbers: int) -> list[str]:
    return [f"202603{n:02}-202603{n:02}" for n in numbers]


async def test_after_two_mornings_without_a_worker_every_day_is_frozen_and_the_week_with_them(
    began: Ground, conn: asyncpg.Connection, tmp_path: Path
) -> None:
    at(began, 3)
    await write_morning_reports(began, tmp_path)
    assert (await issued(conn, "callback"), await issued(conn, "morning")) == (
        ["20260301-20260301", "20260302-20260302"],
        ["20260301-20260301", "20260302-20260302"],
    )
    at(began, 9)
    written = await write_morning_reports(began, tmp_path)
    assert await issued(conn, "callback") == days(1, 2, 3, 4, 5, 6, 7, 8)
    assert await issued(conn, "morning") == days(1, 2, 3, 4, 5, 6, 7, 8)
    assert await issued(conn, "weekly") == ["20260302-20260308"]
    assert {path.parent for path in written} == {tmp_path / "reports" / "2026-03-09"}
    assert (tmp_path / "reports/2026-03-09/991721-weekly-20260302-20260308.docx").exists()
    for row in await conn.fetch("SELECT number FROM followup.issued_report"):
        found = await verify(conn, row["number"])
        assert (found.intact, found.same) == (True, True), row["number"]


async def test_two_workers_at_once_and_a_third_afterwards_issue_each_report_once(
    began: Ground, conn: asyncpg.Connection, tmp_path: Path
) -> None:
    at(began, 9)
    both: Sequence[list[Path]] = await asyncio.gather(
        *(write_morning_reports(began, tmp_path) for _ in range(2))
    )
    third = await write_morning_reports(began, tmp_path)
    assert await issued(conn, "callback") == sorted(days(1, 2, 3, 4, 5, 6, 7, 8))
    assert await issued(conn, "weekly") == ["20260302-20260308"]
    files = [path for paths in both for path in paths]
    assert len(files) == len(set(files)) == 5 * (1 + 8 + 8 + 1)
    assert third == []


async def test_the_bulletin_of_the_first_quarter_arrives_on_the_first_of_april_which_is_worked_on(
    began: Ground, conn: asyncpg.Connection, tmp_path: Path
) -> None:
    at(began, 31)
    await write_morning_reports(began, tmp_path)
    assert await issued(conn, "bulletin") == []
    began.clock.now = lambda: datetime(2026, 4, 1, 7, 30, tzinfo=TZ)  # type: ignore[method-assign]
    await write_morning_reports(began, tmp_path)
    assert await issued(conn, "bulletin") == ["20260101-20260331"]


async def test_a_week_that_somebody_issued_with_their_words_stands_and_is_written_with_the_others(
    began: Ground, conn: asyncpg.Connection, tmp_path: Path
) -> None:
    early = datetime(2026, 3, 9, 7, 0, tzinfo=TZ)
    await issue(conn, "weekly", CENTRE, period("2026-W10"), by="主任李某", now=early)
    at(began, 9)
    written = await write_morning_reports(began, tmp_path)
    assert await issued(conn, "weekly") == ["20260302-20260308"]
    page = tmp_path / "reports/2026-03-09/991721-weekly-20260302-20260308.html"
    assert page in written and "签发人 主任李某" in page.read_text("utf-8")


async def test_one_report_that_cannot_be_made_holds_up_no_other_and_is_owed_until_it_can(
    began: Ground, conn: asyncpg.Connection, tmp_path: Path
) -> None:
    at(began, 9)
    await conn.execute("INSERT INTO survey.policy SELECT 'indicators', '*', 99, '2026-03-05', '{\"x\": 1}'")
    await write_morning_reports(began, tmp_path)
    assert (await issued(conn, "weekly"), await issued(conn, "callback")) == (
        [],
        days(1, 2, 3, 4, 5, 6, 7, 8),
    )
    await conn.execute("DELETE FROM survey.policy WHERE version = 99")
    await write_morning_reports(began, tmp_path)
    assert await issued(conn, "weekly") == ["20260302-20260308"]


async def test_a_centre_that_lies_in_no_city_owes_no_bulletin(
    began: Ground, conn: asyncpg.Connection, tmp_path: Path
) -> None:
    await conn.execute("UPDATE survey.area SET level = 'province' WHERE code = '9917'")  # a centre of no city
    began.clock.now = lambda: datetime(2026, 4, 1, 7, 30, tzinfo=TZ)  # type: ignore[method-assign]
    await write_morning_reports(began, tmp_path)
    assert await issued(conn, "bulletin") == []
    assert len(await issued(conn, "callback")) == 14
    assert (await issued(conn, "weekly"))[-1] == "20260323-20260329"


async def test_report_list_shows_what_issued_itself(began: Ground, tmp_path: Path, minyi: Minyi) -> None:
    at(began, 9)
    await write_morning_reports(began, tmp_path)
    told = (await minyi("report", "list")).output
    assert "991721-weekly-20260302-20260308" in told and "晨报(自动签发)" in told
