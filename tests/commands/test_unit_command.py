"""`minyi unit` as people run it: a link that is shown once, a workbook out and in."""

from __future__ import annotations

import json
from pathlib import Path

import asyncpg
from commands_bench import Minyi

from followup.store.units import UnitRow, insert_units

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


async def test_pictures_of_a_case_as_files(
    minyi: Minyi, county: str, conn: asyncpg.Connection, tmp_path: Path
) -> None:
    number = "991721-20260309-00001-4"
    await insert_units(conn, [UnitRow(POLICE, "991721", "遂澜县公安局", "gov", "991721")])
    await conn.execute(
        "INSERT INTO followup.case_file (number, short_number, query_code, centre_code, source, content, category, duty_no,"
        " kind, area_code, status, received_at, policy_version)"
        " VALUES ($1, '0001', $1, '991721', 'visit', '路灯不亮', '0106', 1, 'help', '991721', 'in_progress', now(), 1)",
        number,
    )
    none = await minyi("case", "pictures", number, "--out", str(tmp_path / "photos"))
    assert (none.exit_code, none.stdout) == (0, "没有照片。There is none.\n")
    await conn.execute(
        "INSERT INTO followup.picture SELECT 'ref-1', id, 1, $1, 'image/png', '\\x00', 4, 3, now()"
        " FROM followup.case_file",
        POLICE,
    )
    await conn.execute("INSERT INTO followup.picture_bytes VALUES ('ref-1', '\\x89504e47')")
    written = await minyi("case", "pictures", number, "--out", str(tmp_path / "photos"))
    path = tmp_path / "photos" / f"{number}-1-01.png"
    assert (written.stdout, path.read_bytes()) == (f"{path}\n", b"\x89PNG")
    unknown = await minyi("case", "pictures", "991721-20260309-00002-4", "--out", str(tmp_path))
    assert unknown.exit_code == 3 and "There is no case" in unknown.stderr
