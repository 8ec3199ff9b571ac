"""Lists of other platforms, in their own headings and words, and what goes back to them. Names and numbers are invented."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from followup_county import CENTRE, POLICE, TOWN, VILLAGE, WATER, at
from followup_residents import answers, unit_of
from openpyxl import Workbook, load_workbook

from followup import callbacks, imports, reading
from followup.door_refusals import UnknownPlatform
from followup.exporting import FIELDS, export, unknown_fields, written
from followup.import_formats import as_list
from followup.imports import ImportReport
from followup.platforms import platform, platforms
from followup.refusals import ImportedBefore
from survey.importing import Brought
from survey.sampling.list_policy import list_policy
from survey.sampling.refusals import ListError, RefusedColumn
from survey.vault import Vault

FILES = Path(__file__).parent / "platforms"
Tokens = Callable[[], str]


async def bring(
    conn: asyncpg.Connection, vault: Vault, tokens: Tokens, name: str, data: bytes, whose: str | None
) -> ImportReport:
    return await imports.import_closed_cases(
        conn,
        vault,
        CENTRE,
        data,
        Brought(name, by="审核员", reason="结果回访", ground="法定职责"),
        plan="fictional",
        now=at("9 08:20"),
        tokens=tokens,
        seed=7,
        platform=whose,
    )


def workbook(text: str) -> bytes:
    book = Workbook()
    for row in csv.reader(io.StringIO(text)):
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


async def test_json_of_a_platform_is_read_in_its_words_and_refused_in_its_headings(
    conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens
) -> None:
    data = (FILES / "chengguan.json").read_bytes()
    report = await bring(conn, vault, tokens, "chengguan.json", data, "chengguan")
    assert (report.kept, report.refused) == (1, 1)
    assert [(refusal.line, refusal.field) for refusal in report.refusals] == [(3, "处置部门")]
    case = await reading.passport(conn, report.numbers[0])
    assert (case.case.external_number, case.case.area_code) == ("CG20260306001", VILLAGE)
    assert [(a.unit_code, a.role) for a in case.assignments] == [(WATER, "lead")]
    assert (case.results[0].result_summary, case.results[0].claimed_contact) == ("井盖已补", True)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_a_title_above_the_headings_is_passed_over(
    conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens, kind: str
) -> None:
    text = (FILES / "chengguan.csv").read_text("utf-8")
    data = text.encode("gb18030") if kind == "csv" else workbook(text)
    report = await bring(conn, vault, tokens, f"list.{kind}", data, "chengguan")
    assert (report.kept, report.refusals) == (1, ())


async def test_what_a_platform_never_says_is_filled_in(
    conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens
) -> None:
    report = await bring(conn, vault, tokens, "grid.csv", (FILES / "grid.csv").read_bytes(), "grid")
    assert report.kept == 2
    case = await reading.passport(conn, report.numbers[0])
    assert (case.assignments[0].unit_code, case.results[0].claimed_contact) == (TOWN, False)
    assert await conn.fetchval("SELECT count(*) FROM followup.callback WHERE status = 'pending'") == 2


async def test_json_in_our_own_names_needs_no_platform(
    conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens
) -> None:
    row = {
        "external_number": "GD1",
        "name": "王芳",
        "number": "15400000001",
        "content": "自来水发黄,\n已三天",
        "category": "城乡建设",
        "township": "柳河镇",
        "unit": POLICE,
        "closed_at": "2026-03-06 16:20",
        "result_summary": "管道已换",
        "claimed_contact": False,
    }
    data = json.dumps([row]).encode()
    assert (await bring(conn, vault, tokens, "a.json", data, None)).kept == 1
    with pytest.raises(ImportedBefore, match="byte for byte"):
        await bring(conn, vault, tokens, "a.json", data, None)
    report = await bring(
        conn, vault, tokens, "a.json", json.dumps([row, row | {"external_number": "GD2"}]).encode(), None
    )
    assert (report.kept, report.refused) == (1, 1)
    assert "imported before, as case" in str(report.refusals[0])


@pytest.mark.parametrize(
    ("text", "error", "what"),
    [
        ("[1, 2]", ListError, "no list of objects"),
        ("[]", ListError, "no list of objects"),
        ('[{"a": {"b": 1}}]', ListError, "is no text"),
        ('[{"a": ', ListError, "no JSON"),
        ('[{"身份证号": "1"}]', RefusedColumn, "ID-card"),
    ],
)
async def test_json_of_which_nothing_can_be_kept(
    conn: asyncpg.Connection,
    county: str,
    vault: Vault,
    tokens: Tokens,
    text: str,
    error: type[Exception],
    what: str,
) -> None:
    with pytest.raises(error, match=what):
        await bring(conn, vault, tokens, "a.json", text.encode(), None)
    assert await conn.fetchval("SELECT count(*) FROM survey.import_batch") == 0


def test_a_list_of_another_platform_is_told_apart() -> None:
    with pytest.raises(ListError, match="does not look like an export of 智慧城关类平台"):
        as_list((FILES / "grid.csv").read_bytes(), "grid.csv", platform("chengguan"))
    with pytest.raises(UnknownPlatform, match="Choose from chengguan, grid"):
        platform("12345")


def test_platforms_name_fields_that_there_are() -> None:
    fields = list_policy().lists["closed_cases"]
    for name, one in platforms().items():
        assert set(one.headings.values()) | set(one.always) <= set(fields), name
        required = {field for field, column in fields.items() if column.required}
        assert required <= set(one.headings.values()) | set(one.always), name
        assert not unknown_fields(one), name
    assert len(FIELDS) == 11


async def test_what_became_of_a_case_goes_back_in_the_platforms_words(
    conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens
) -> None:
    report = await bring(conn, vault, tokens, "grid.csv", (FILES / "grid.csv").read_bytes(), "grid")
    ref = await unit_of(conn, report.numbers[0], 1)
    await answers(conn, ref, at("9 15:00"), "C2=1 C3=1 C1=1")
    await callbacks.take_finished(conn, now=at("9 15:00"), real_now=lambda: at("9 15:00"), tokens=tokens)
    rows, following = await export(conn, CENTRE, platform("grid"))
    assert rows == [
        {"事项流水号": "WG0002", "回访日期": "", "回访结果": "", "是否退回重办": "否"},
        {"事项流水号": "WG0001", "回访日期": "2026-03-09 15:00", "回访结果": "办结", "是否退回重办": "否"},
    ]
    assert await export(conn, CENTRE, platform("grid"), following) == ([], following)
    as_csv = written(rows, list(platform("grid").back), "csv").decode("utf-8-sig")
    assert as_csv.splitlines()[2] == "WG0001,2026-03-09 15:00,办结,否"
    sheet = load_workbook(io.BytesIO(written(rows, list(platform("grid").back), "xlsx"))).active
    assert [cell.value for cell in sheet[3]] == ["WG0001", "2026-03-09 15:00", "办结", "否"]
    assert json.loads(written(rows, [], "json")) == rows


def test_no_cell_is_a_formula() -> None:
    row = {"a": '=HYPERLINK("http://example.org")'}
    assert written([row], ["a"], "csv").decode("utf-8-sig").splitlines()[1].startswith("\"'=")
