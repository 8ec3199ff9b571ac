"""The morning report: every centre's callbacks as files, once a day."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from commands_bench import CENTRE

from followup.imports import import_closed_cases
from followup.issuing import verify
from survey.clock import RealClock
from survey.ground import Ground
from survey.importing import Brought
from survey.settings import Settings
from survey.vault import Vault
from workers.arq_settings import reports_every_ten_minutes
from workers.jobs import JOBS
from workers.morning_report import write_morning_reports
from workers.rehearsal.progress import read_progress
from workers.turns import Turns

TZ = ZoneInfo("Asia/Shanghai")
CASES = (
    "工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,承办单位,办结时间,办理结果,是否联系群众\n"
    "GD1,王芳,15400000001,路灯不亮,社会治安,柳河镇,公安局,2026-03-06 16:20,路灯已修,是\n"
)


class Mornings(RealClock):
    """Half past seven of a day in March 2026, put forward by hand."""

    day = 9

    def now(self) -> datetime:
        return datetime(2026, 3, self.day, 7, 30, tzinfo=TZ)


@pytest.fixture
async def morning(pool: asyncpg.Pool, vault: Vault, county: str) -> Ground:
    """Monday, with one case whose callback is due."""
    numbers = count(1)
    ground = Ground(pool, vault, Mornings(), tokens=lambda: f"ref-{next(numbers):04}")
    async with pool.acquire() as conn:
        await import_closed_cases(
            conn,
            vault,
            CENTRE,
            CASES.encode(),
            Brought("c.csv", "审核员", "回访", "制度"),
            plan="fictional",
            now=ground.clock.now(),
            tokens=ground.tokens,
            seed=1,
        )
    return ground


def files(data: Path, day: str, before: str) -> list[Path]:
    """Of a morning: the callback report of the week, a draft, and two issued ones of the day before."""
    stems = ("callbacks-991721", f"991721-callback-{before}-{before}", f"991721-morning-{before}-{before}")
    endings = ("html", "docx", "xlsx", "csv", "json")
    return [data / "reports" / day / f"{stem}.{ending}" for stem in stems for ending in endings]


async def test_of_the_day_before_two_are_issued_by_the_service_and_can_be_verified(
    morning: Ground, tmp_path: Path, conn: asyncpg.Connection
) -> None:
    morning.clock.day = 10  # type: ignore[attr-defined]
    await write_morning_reports(morning, tmp_path)
    issued = await conn.fetch("SELECT number, issued_by FROM followup.issued_report ORDER BY id")
    assert [tuple(row) for row in issued] == [
        ("991721-callback-20260309-20260309", "晨报(自动签发)"),
        ("991721-morning-20260309-20260309", "晨报(自动签发)"),
    ]
    await conn.execute("DELETE FROM survey.daily_duty")  # the worker died before it was noted
    assert len(await write_morning_reports(morning, tmp_path / "again")) == 15
    assert await conn.fetchval("SELECT count(*) FROM followup.issued_report") == 2
    for row in issued:
        found = await verify(conn, row["number"])
        assert (found.intact, found.same) == (True, True)


async def test_each_format_is_written_once_a_day(morning: Ground, tmp_path: Path) -> None:
    first = await write_morning_reports(morning, tmp_path)
    again = await write_morning_reports(morning, tmp_path)
    morning.clock.day = 10  # type: ignore[attr-defined]
    next_day = await write_morning_reports(morning, tmp_path)

    assert first == files(tmp_path, "2026-03-09", "20260308")
    assert again == []
    assert next_day == files(tmp_path, "2026-03-10", "20260309")
    report = json.loads(first[4].read_text("utf-8"))["document"]
    header, figures = report["header"], report["figures"]
    assert (header["centre_code"], header["first"], header["last"]) == ("991721", "2026-03-03", "2026-03-09")
    assert (figures["funnel.due"]["value"], figures["funnel.waiting"]["value"]) == (1, 1)
    assert first[3].read_text("utf-8").startswith("\ufeff承办单位,应访,已访,")
    assert "遂澜" in first[0].read_text("utf-8")


async def test_on_the_first_of_a_month_the_one_before_is_summed_up_as_a_draft(
    morning: Ground, tmp_path: Path, conn: asyncpg.Connection
) -> None:
    morning.clock.day = 1  # type: ignore[attr-defined]
    written = await write_morning_reports(morning, tmp_path)
    endings = ("html", "docx", "xlsx", "csv", "json")
    assert written[5:10] == [tmp_path / "reports" / "2026-03-01" / f"monthly-991721.{one}" for one in endings]
    header = json.loads(written[9].read_text("utf-8"))["document"]["header"]
    assert (header["first"], header["last"], header["issue"]) == ("2026-02-01", "2026-02-28", None)
    assert header["cut_off"] == "2026-02-28T16:00:00Z"
    kinds = await conn.fetch("SELECT DISTINCT kind FROM followup.issued_report ORDER BY kind")
    assert [row["kind"] for row in kinds] == ["callback", "morning"]


async def test_a_report_that_could_not_be_written_is_still_owed(morning: Ground, tmp_path: Path) -> None:
    in_the_way = tmp_path / "data"
    in_the_way.write_text("a file where the folder should be")
    with pytest.raises(OSError):
        await write_morning_reports(morning, in_the_way)

    assert len(await write_morning_reports(morning, tmp_path)) == 15


async def test_the_worker_s_cron_function_writes_it(morning: Ground, tmp_path: Path) -> None:
    done: list[str] = []
    service = SimpleNamespace(ground=morning, settings=Settings(data_dir=tmp_path))
    await reports_every_ten_minutes({"service": service, "turns": Turns(done.append)})

    assert done == ["report"]
    assert "report" in JOBS
    assert len(list((tmp_path / "reports" / "2026-03-09").iterdir())) == 15


async def test_a_report_is_no_daily_list(morning: Ground, tmp_path: Path, conn: asyncpg.Connection) -> None:
    await write_morning_reports(morning, tmp_path)

    assert (await read_progress(conn)).lists_built == 0
