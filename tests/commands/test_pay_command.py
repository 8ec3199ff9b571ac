"""`minyi pay` and the sheet of the surveyors with what the centre enters, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import asyncpg
import pytest
from commands_bench import CENTRE, Minyi

ENTERED = (
    "staff_no,target,complaint_penalty,on_time_callback,learning,base,performance_base,awards,fines\n"
    "2001,1,0,1,1,3000,1000,0,0\n"
)
MARCH = ("--month", "2026-03", "--centre", CENTRE)


@pytest.fixture
async def took_in(county: str, conn: asyncpg.Connection, tmp_path: Path) -> None:
    """2001 made no call in March, and took in one appeal."""
    await conn.execute(
        "INSERT INTO followup.case_file (number, short_number, query_code, centre_code, source, content, category, duty_no, kind,"
        " area_code, status, received_at, policy_version, first_handler) VALUES ($1, '0001', $1, $2, 'visit', '路灯不亮', '07',"
        " 1, 'help', $2, 'registered', '2026-03-09T02:00Z', 1, '调查员-2001')",
        "991721-20260309-00001-1",
        CENTRE,
    )
    (tmp_path / "march.csv").write_text(ENTERED, "utf-8")


async def test_who_only_took_in_an_appeal_is_paid_and_was_not_audited(took_in: None, minyi: Minyi) -> None:
    done = await minyi("pay", "sheet", *MARCH, "--entered", "march.csv")
    assert done.exit_code == 0, done.output
    line = done.stdout.splitlines()[-1].split("  ")
    # 0.8 of a unit of 1, and nobody audited: (45 × 0.8 + 15) × 100 / 60 = 85
    assert line == [
        "2001", "0.8", "60.00", "-", "25.00", "85.00", "1", "1000.00", "4000.00",
        "未复核,质量分摊到其他两项 not audited, quality spread over the others",
    ]  # fmt: skip


async def test_the_score_is_on_the_sheet_where_the_file_is_handed_in(
    took_in: None, minyi: Minyi, tmp_path: Path
) -> None:
    days = ("--centre", CENTRE, "--period", "2026-03", "--format", "json", "--out")
    for folder, more in (("with", ("--entered", "march.csv")), ("without", ())):
        done = await minyi("report", "surveyor", *days, folder, *more)
        assert done.exit_code == 0, done.output
    found = {}
    for folder in ("with", "without"):
        (file,) = (tmp_path / folder).glob("*.json")
        found[folder] = json.loads(file.read_text("utf-8"))["document"]["figures"]
    assert found["with"]["surveyor.2001.score.total"]["value"] == pytest.approx(85)
    assert not [key for key in found["without"] if ".score." in key]


async def test_what_is_entered_goes_with_no_other_report(took_in: None, minyi: Minyi) -> None:
    asked = ("--by", "主任", "--period", "2026-03", "--centre", CENTRE, "--entered", "march.csv")
    done = await minyi("report", "issue", "weekly", *asked)
    assert done.exit_code == 3
    assert "--entered goes with the sheet of the surveyors, not with weekly" in done.stderr


async def test_a_surveyor_for_whom_nothing_is_entered_is_named(
    took_in: None, minyi: Minyi, tmp_path: Path
) -> None:
    (tmp_path / "march.csv").write_text(ENTERED.replace("2001,", "2002,"), "utf-8")
    days = ("--centre", CENTRE, "--period", "2026-03", "--out", "out", "--entered", "march.csv")
    for command in (("pay", "sheet", *MARCH, "--entered", "march.csv"), ("report", "surveyor", *days)):
        done = await minyi(*command)
        assert done.exit_code == 3, command
        assert "Nothing is entered for 2001" in done.stderr


async def test_an_objection_is_decided_by_somebody_else(took_in: None, minyi: Minyi) -> None:
    who = (*MARCH, "--staff", "2001")
    assert (await minyi("pay", "object", *who, "--words", "少算了一件")).exit_code == 0
    decided = ("--decision", "changed", "--reason", "补上一件")
    own = await minyi("pay", "decide", *who, *decided, "--by", "２００１")
    assert own.exit_code == 3 and "Nobody decides on an objection of their own" in own.stderr
    assert (await minyi("pay", "decide", *who, *decided, "--by", "主任")).exit_code == 0
    shown = await minyi("pay", "objections", "--centre", CENTRE)
    assert shown.stdout.strip() == "2001  2026-03  少算了一件  changed  补上一件"
