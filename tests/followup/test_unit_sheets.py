"""A workbook goes to a unit and comes back: rows that sign and report, rows that say why not, and the same row twice."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import pytest
from followup_appeals import DARK, REVIEWER, Says
from followup_county import POLICE, TOWN, WATER, at
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from followup import cases, sheet_round
from followup.sheet_round import Fault, Imported, Taken
from followup.unit_sheets import COLUMNS, HELP, NAMES, SHEET, NoSheet, words_only
from survey.vault import Vault

RESULT = {"summary": "路灯已更换", "contact_at": "2026-03-10 09:30", "contact_way": "电话"}
Dispatched = Callable[..., Awaitable[str]]


@pytest.fixture
def dispatched(conn: asyncpg.Connection, says: Says) -> Dispatched:
    """A case that the bureau leads; its number."""

    async def new(lead: str = POLICE, **fields: object) -> str:
        number = (await says(appeal=DARK, **fields)).number
        await cases.accept(conn, number, by=REVIEWER, now=at("9 10:00"))
        await cases.submit(conn, number, by=REVIEWER, now=at("9 10:10"))
        await cases.dispatch(conn, number, lead=lead, by="督查室", now=at("9 11:00"))
        return number

    return new


@dataclass
class Sheet:
    """The workbook as a unit has it open."""

    book: Workbook

    @property
    def sheet(self) -> Worksheet:
        found = self.book[SHEET]
        assert isinstance(found, Worksheet)
        return found

    def fill(self, row: int, **cells: object) -> Sheet:
        for name, value in cells.items():
            self.sheet.cell(row, list(NAMES).index(name) + 1).value = value  # type: ignore[assignment]
        return self

    def cell(self, row: int, name: str) -> object:
        return self.sheet.cell(row, list(NAMES).index(name) + 1).value

    def saved(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


async def exported(conn: asyncpg.Connection, vault: Vault, unit: str = POLICE) -> Sheet:
    return Sheet(load_workbook(io.BytesIO(await sheet_round.export(conn, vault, unit))))


async def back(
    conn: asyncpg.Connection, vault: Vault, sheet: Sheet, now: datetime | None = None, unit: str = POLICE
) -> Imported:
    return await sheet_round.take_back(
        conn, vault, sheet.saved(), unit=unit, by="0102", now=now or at("10 10:00")
    )


async def status(conn: asyncpg.Connection, number: str) -> str:
    found: str = await conn.fetchval("SELECT status FROM followup.case_file WHERE number = $1", number)
    return found


async def test_the_workbook_as_a_unit_gets_it(
    conn: asyncpg.Connection, vault: Vault, dispatched: Dispatched
) -> None:
    number = await dispatched()
    await dispatched(lead=WATER, content="水管爆裂")
    sheet = await exported(conn, vault)
    assert [cell.value for cell in sheet.sheet[1]] == [heading for _, heading, _ in COLUMNS]
    assert (sheet.sheet.max_row, sheet.cell(2, "number"), sheet.cell(2, "status")) == (2, number, "待签收")
    assert "15400000001" not in str([cell.value for cell in sheet.sheet[2]])
    assert sheet.sheet.protection.sheet
    locked = {name: sheet.sheet.cell(2, n).protection.locked for n, name in enumerate(NAMES, 1)}
    assert [name for name, is_locked in locked.items() if not is_locked] == [
        "sign", "summary", "contact_at", "contact_way", "resident_view", "actions",
    ]  # fmt: skip
    choices = {str(one.sqref): one.formula1 for one in sheet.sheet.data_validations.dataValidation}
    assert choices == {"H2": '"是"', "K2": '"电话,上门,当面,短信"'}
    assert "每行一件事" in str(sheet.book[HELP]["A2"].value)


async def test_rows_sign_and_report(conn: asyncpg.Connection, vault: Vault, dispatched: Dispatched) -> None:
    first, second, third = [await dispatched(content=f"路灯不亮{n}") for n in range(3)]
    sheet = (await exported(conn, vault)).fill(2, sign="是").fill(3, sign="是", **RESULT)
    imported = await back(conn, vault, sheet)
    assert imported == Imported(
        [Taken(2, first, ("sign",), ()), Taken(3, second, ("sign", "report"), ())], [], 1
    )
    assert [await status(conn, number) for number in (first, second, third)] == [
        "in_progress", "result_review", "dispatched",
    ]  # fmt: skip
    kept = await conn.fetchrow(
        "SELECT unit_code, result_summary, contact_at, contact_way FROM followup.result"
    )
    assert tuple(kept) == (POLICE, "路灯已更换", at("10 09:30"), "phone")


async def test_the_same_row_twice_has_one_effect(
    conn: asyncpg.Connection, vault: Vault, dispatched: Dispatched
) -> None:
    number = await dispatched()
    sheet = (await exported(conn, vault)).fill(2, sign="是", **RESULT)
    await back(conn, vault, sheet)
    events = await conn.fetchval("SELECT count(*) FROM followup.case_event")
    again = await back(conn, vault, sheet, at("10 11:00"))
    assert again == Imported([Taken(2, number, (), ("sign", "report"))], [], 0)
    assert await conn.fetchval("SELECT count(*) FROM followup.case_event") == events


async def test_a_row_that_was_signed_before_still_reports(
    conn: asyncpg.Connection, vault: Vault, dispatched: Dispatched
) -> None:
    number = await dispatched()
    sheet = (await exported(conn, vault)).fill(2, sign="是", **RESULT)
    await cases.sign(conn, number, by=POLICE, now=at("9 11:30"))
    assert await back(conn, vault, sheet) == Imported([Taken(2, number, ("report",), ("sign",))], [], 0)


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"summary": "=HYPERLINK(\"http://x\")"}, "summary", "公式不收 a formula is not taken"),
        ({"summary": "@SUM(A1)"}, "summary", "公式不收 a formula is not taken"),
        ({"resident_view": "+1"}, "resident_view", "公式不收 a formula is not taken"),
        ({"sign": "好"}, "sign", "“好”不在选项中 not a choice"),
        ({**RESULT, "contact_at": "昨天"}, "contact_at", "时间看不懂 no moment"),
        ({**RESULT, "contact_way": "微信"}, "contact_way", "联系方式没有选 no way of contact"),
        ({"summary": "已修好"}, "contact_at", "退回补充:没有联系群众的日期 no date of contact with the resident"),
        ({"number": "991721-20260309-00099-1", "sign": "是"}, "number", "没有这个编号 no such case"),
        ({"round": "2", "sign": "是"}, "round", "这一轮已结束 now in round 1"),
        ({"mark": "0123456789abcdef", "sign": "是"}, "mark", "编号或校验被改过 not the row that was sent to this unit"),
    ],
)  # fmt: skip
async def test_a_row_that_is_refused_names_column_reason_and_remedy(
    conn: asyncpg.Connection,
    vault: Vault,
    dispatched: Dispatched,
    cells: dict[str, object],
    column: str,
    reason: str,
) -> None:
    number = await dispatched()
    await cases.sign(conn, number, by=POLICE, now=at("9 11:30"))
    events = await conn.fetchval("SELECT count(*) FROM followup.case_event")
    imported = await back(conn, vault, (await exported(conn, vault)).fill(2, **cells))
    assert imported.taken == []
    (fault,) = imported.faults
    assert (fault.row, fault.column, fault.reason) == (2, NAMES[column], reason)
    assert fault.remedy
    assert await conn.fetchval("SELECT count(*) FROM followup.case_event") == events
    assert await conn.fetchval("SELECT count(*) FROM followup.unit_sheet_row") == 0


async def test_what_a_door_refuses_is_a_row_refused_and_the_others_go_on(
    conn: asyncpg.Connection, vault: Vault, dispatched: Dispatched
) -> None:
    await dispatched(content="路灯不亮一")
    second = await dispatched(content="路灯不亮二")
    numbers = {**RESULT, "summary": "已联系15400000001"}
    sheet = (await exported(conn, vault)).fill(2, sign="是", **numbers).fill(3, sign="是")
    imported = await back(conn, vault, sheet)
    assert imported.taken == [Taken(3, second, ("sign",), ())]
    (fault,) = imported.faults
    assert isinstance(fault, Fault) and "no phone or identity number" in fault.reason


async def test_a_row_moved_to_another_case_or_unit_is_refused(
    conn: asyncpg.Connection, vault: Vault, dispatched: Dispatched
) -> None:
    await dispatched(content="路灯不亮一")
    other = await dispatched(content="路灯不亮二")
    sheet = (await exported(conn, vault)).fill(2, number=other, sign="是")
    assert [one.column for one in (await back(conn, vault, sheet)).faults] == [NAMES["mark"]]
    fair = (await exported(conn, vault)).fill(2, sign="是")
    assert [one.column for one in (await back(conn, vault, fair, unit=TOWN)).faults] == [NAMES["mark"]]
    assert await status(conn, other) == "dispatched"


@pytest.mark.parametrize("words", ["=1+1", "+86", "-村口", "@他", "\t=1"])
async def test_words_of_a_resident_are_no_formula_in_it(
    conn: asyncpg.Connection, vault: Vault, dispatched: Dispatched, words: str
) -> None:
    await dispatched(content=f"{words}路灯不亮")
    sheet = await exported(conn, vault)
    cell = sheet.sheet.cell(2, list(NAMES).index("content") + 1)
    assert cell.data_type == "s"
    assert not str(cell.value).startswith(("=", "+", "-", "@", "\t"))


def test_words_only() -> None:
    assert (words_only("=1"), words_only("路灯")) == ("'=1", "路灯")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"a,b,c", Sheet(Workbook()).saved()])
async def test_what_is_no_workbook_of_ours(conn: asyncpg.Connection, vault: Vault, data: bytes) -> None:
    with pytest.raises(NoSheet, match="Export it again"):
        await sheet_round.take_back(conn, vault, data, unit=POLICE, by="0102", now=at("10 10:00"))
