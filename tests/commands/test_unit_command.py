"""`minyi unit` as people run it: a link that is shown once, a workbook out and in."""

from __future__ import annotations

import json
from pathlib import Path

import asyncpg
from commands_bench import Minyi

POLICE = "991721-police"


async def test_a_link_to_nothing(minyi: Minyi, county: str, conn: asyncpg.Connection) -> None:
    no = await minyi("unit", "link", "991721-20260309-00001-4", "--unit", POLICE, "--by", "0102")
    assert (no.exit_code, no.stdout) == (3, "")
    assert "There is no case 991721-20260309-00001-4" in no.stderr
    assert (
        await minyi("unit", "revoke", "991721-20260309-00001-4", "--unit", POLICE)
    ).stdout == "收回 taken back: 0\n"


async def test_a_workbook_out_and_in(minyi: Minyi, county: str, tmp_path: Path) -> None:
    out = tmp_path / "police.xlsx"
    assert (await minyi("unit", "export", POLICE, "--out", str(out))).stdout == "已写 written: police.xlsx\n"
    taken = await minyi("unit", "import", str(out), "--unit", POLICE, "--by", "0102")
    assert (taken.exit_code, taken.stdout) == (0, "收 taken 0 · 没收 refused 0 · 没填 untouched 0\n")
    as_json = await minyi("unit", "import", str(out), "--unit", POLICE, "--by", "0102", "--json")
    assert json.loads(as_json.stdout) == {"taken": [], "faults": [], "untouched": 0}


async def test_what_is_no_workbook(minyi: Minyi, county: str, tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(b"no")
    no = await minyi("unit", "import", str(file), "--unit", POLICE, "--by", "0102")
    assert no.exit_code == 3 and "这不是发给单位的表" in no.stderr
