"""No telephone number leaves with microdata, and the search that says so would find one."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import asyncpg
import polars as pl
import pytest
from reading_microdata import PLANTED, numbers_in
from report_week import two_weeks
from small_day import CENTRE, SmallDay

from survey import microdata_exports
from survey.clock import RealClock
from survey.ground import Ground
from survey.microdata.columns import Column
from survey.microdata.files import FORMATS, write_files
from survey.microdata.rules import microdata_rules
from survey.vault import Vault


def write(
    folder: Path, formats: tuple[str, ...], value: object, *, code: str = "1", title: str = "平安调查"
) -> None:
    columns = [
        Column("Q1", {"zh": "安全吗", "en": "Safe?"}, "Q1", "", {code: {"zh": "安全", "en": "safe"}}),
        Column("said", {"zh": "其他", "en": "Other"}),
    ]
    rows = pl.DataFrame({"Q1": ["1"] * 50, "said": [value] + [None] * 49})
    about = {"title_zh": title, "notes": ["一条"], "rows": 50}
    write_files(folder, "planted", rows, columns, about, microdata_rules(), formats, Event())


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "planted", [PLANTED, f"打我电话{PLANTED}", "154 1234 5678", f"+86{PLANTED}", int(PLANTED), float(PLANTED)]
)
def test_a_number_that_is_planted_is_found_in_every_format(
    form: str, planted: object, tmp_path: Path
) -> None:
    write(tmp_path, (form,), planted)
    assert [name.rpartition(".")[2] for name, _ in numbers_in(tmp_path)] == [form]


def test_a_number_in_an_spss_file_is_not_among_its_bytes(tmp_path: Path) -> None:
    """Why the files are read back, and not searched as they lie."""
    write(tmp_path, ("sav",), float(PLANTED))
    (path,) = tmp_path.rglob("*.sav")
    assert PLANTED.encode() not in path.read_bytes()
    assert numbers_in(tmp_path)


def test_a_number_among_the_labels_or_in_the_code_book_is_found(tmp_path: Path) -> None:
    write(tmp_path / "label", ("sav",), "没有", code=PLANTED)
    write(tmp_path / "title", ("csv",), "没有", title=f"平安调查{PLANTED}")
    assert {name.rpartition(".")[2] for name, _ in numbers_in(tmp_path / "label")} == {"sav", "json", "md"}
    assert {name.rpartition(".")[2] for name, _ in numbers_in(tmp_path / "title")} == {"json", "md"}


@pytest.mark.parametrize("harmless", [0.15412345678, 1.15412345678, "991721001", None])
def test_what_is_no_number_is_not_taken_for_one(harmless: object, tmp_path: Path) -> None:
    write(tmp_path, FORMATS, harmless)
    assert numbers_in(tmp_path) == []


async def test_no_number_leaves_that_lies_beside_the_answers(
    small_day: SmallDay, pool: asyncpg.Pool, vault: Vault, tmp_path: Path
) -> None:
    """In the facts of a unit, its keys, in words of residents, and typed in by who asks for the export."""
    await two_weeks(small_day)
    await small_day.conn.execute(
        "UPDATE survey.sample_unit SET facts = jsonb_build_object('name', $1::text), external_key = $1 || '-' || id",
        PLANTED,
    )
    spoken = await small_day.conn.execute("UPDATE survey.answer SET words = $1", f"打我电话{PLANTED}")
    assert spoken != "UPDATE 0"
    ground = Ground(pool, vault, RealClock())
    ref = await microdata_exports.ask(
        ground, CENTRE, "daily-voice", FORMATS, by=f"张研究员 {PLANTED}", reason=f"课题,电话{PLANTED}"
    )
    written = await microdata_exports.write_next(ground, tmp_path, ref=ref)
    assert written is not None and len(written.files) == 5
    assert numbers_in(tmp_path) == []
    (row,) = await microdata_exports.listed(ground, CENTRE)
    assert PLANTED not in row.asked_by + row.reason
