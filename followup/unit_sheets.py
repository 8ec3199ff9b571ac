"""The workbook that goes to a unit without an account and comes back: one row a case. Pure; no database.

What the unit may fill in is unlocked; the rest carries a mark, so that a row cannot be turned into another case's.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

LOCAL: Final = ZoneInfo("Asia/Shanghai")
SHEET, HELP = "事项", "填写说明"
COLUMNS: Final = (
    ("number", "编号(勿改)", 26),
    ("round", "轮次(勿改)", 10),
    ("title", "标题", 24),
    ("content", "反映内容", 44),
    ("place", "地点", 20),
    ("due", "期限", 18),
    ("status", "现在", 12),
    ("sign", "签收", 8),
    ("summary", "办理结果(告诉群众)", 40),
    ("contact_at", "联系群众的时间", 20),
    ("contact_way", "联系方式", 12),
    ("resident_view", "群众怎么说", 24),
    ("actions", "办理经过(只给中心看)", 36),
    ("mark", "校验(勿改)", 20),
)
NAMES: Final = {name: heading for name, heading, _ in COLUMNS}
OPEN: Final = ("sign", "summary", "contact_at", "contact_way", "resident_view", "actions")
"""What the unit fills in."""
WAYS: Final = {"电话": "phone", "上门": "visit", "当面": "meeting", "短信": "text"}
STATUS: Final = {"dispatched": "待签收", "in_progress": "办理中"}
SIGNED: Final = "是"
MOST_BYTES, MOST_UNPACKED, MOST_ROWS = 5_000_000, 60_000_000, 2000
DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""With one of these a spreadsheet program may take words for a formula."""
INSTRUCTIONS: Final = (
    "一、每行一件事。白色格子由你单位填写,灰色格子不要改动;改了编号、轮次或校验,这一行不收。",
    "二、签收:在“签收”列选“是”。期限内签收。",
    "三、反馈:写“办理结果”,这是要告诉群众的话,写明做了什么、何时做完,不写电话、证件号和人名。",
    "四、联系群众的时间写成 2026-03-10 09:30,并选联系方式。没有联系时间的结果会直接退回。",
    "五、不要写公式。以 = + - @ 开头的内容不收。",
    "六、填好后存为 .xlsx 交回。同一行交两次,只算一次;没有填的行不受影响。",
    "English: one row a case. Fill in the white cells only; sign by choosing 是; give the result in words that the resident "
    "can be told, with the moment of contact as 2026-03-10 09:30. No formulas. The same row twice counts once.",
)


class NoSheet(Exception):
    """这不是发给单位的表。This is no workbook of ours, or not one that can be read. Export it again and fill that in."""


@dataclass(frozen=True)
class SheetCase:
    """A case on its way to a unit, redacted."""

    number: str
    round: int
    title: str
    content: str
    place: str
    due_at: datetime | None
    status: str
    mark: str


@dataclass(frozen=True)
class SheetRow:
    """A row that came back: the cells as text. `formulas`: columns that hold one."""

    row: int
    cells: dict[str, str]
    formulas: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """The unit has filled in nothing."""
        return not any(self.cells[name] for name in OPEN) and not self.formulas


def written(cases: Sequence[SheetCase], unit: str, password: str) -> bytes:
    """The workbook. `password` guards the locked cells against slips, not against malice: that the marks do."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    sheet.append([heading for _, heading, _ in COLUMNS])
    for case in cases:
        sheet.append([words_only(text) for text in _cells(case)])
    _dress(sheet, len(cases))
    sheet.protection.sheet = True
    sheet.protection.password = password
    guide = book.create_sheet(HELP)
    guide.append([f"{unit} · {len(cases)}件"])
    for line in INSTRUCTIONS:
        guide.append([line])
    guide.column_dimensions["A"].width = 110
    for (cell,) in guide.iter_rows(max_col=1):
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(case: SheetCase) -> list[str]:
    due = case.due_at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M") if case.due_at else ""
    status = STATUS.get(case.status, case.status)
    known = [case.number, str(case.round), case.title, case.content, case.place, due, status]
    return [*known, *("" for _ in OPEN), case.mark]


def words_only(text: str) -> str:
    """Words that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _dress(sheet: Worksheet, rows: int) -> None:
    grey, last = PatternFill("solid", fgColor="EDEFEE"), max(2, rows + 1)
    for place, (name, _, width) in enumerate(COLUMNS, 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = width
        sheet.cell(1, place).font = Font(bold=True)
        for row in range(2, last + 1):
            cell = sheet.cell(row, place)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = "@"  # text: nothing is turned into a date or shortened
            if name in OPEN:
                cell.protection = Protection(locked=False)
            else:
                cell.fill = grey
    for name, choices in (("sign", [SIGNED]), ("contact_way", list(WAYS))):
        listed = DataValidation(
            type="list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=True
        )
        sheet.add_data_validation(listed)
        letter = get_column_letter(list(NAMES).index(name) + 1)
        listed.add(f"{letter}2:{letter}{last}")
    sheet.freeze_panes = "C2"


def read(data: bytes) -> list[SheetRow]:
    """The rows that came back. Raises NoSheet."""
    if len(data) > MOST_BYTES or _unpacked(data) > MOST_UNPACKED:
        raise NoSheet(NoSheet.__doc__)
    try:
        book = load_workbook(io.BytesIO(data), data_only=False)
        sheet = book[SHEET]
    except Exception:  # whatever a broken or hostile file makes the library raise, it is no sheet of ours
        raise NoSheet(NoSheet.__doc__) from None
    headings = [cell.value for cell in sheet[1]][: len(COLUMNS)]
    if headings != [heading for _, heading, _ in COLUMNS] or sheet.max_row > MOST_ROWS:
        raise NoSheet(NoSheet.__doc__)
    return [row for row in _rows(sheet) if any(row.cells.values())]


def _unpacked(data: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, ValueError):
        raise NoSheet(NoSheet.__doc__) from None


def _rows(sheet: Worksheet) -> Iterator[SheetRow]:
    for number, cells in enumerate(sheet.iter_rows(min_row=2, max_col=len(COLUMNS)), 2):
        named = dict(zip(NAMES, cells, strict=True))
        texts = {name: _text(cell) for name, cell in named.items()}
        formulas = tuple(name for name in OPEN if _is_formula(named[name]))
        yield SheetRow(number, texts, formulas)


def _text(cell: Cell | MergedCell) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _is_formula(cell: Cell | MergedCell) -> bool:
    return cell.data_type == "f" or _text(cell).startswith(("=", "+", "-", "@"))


def contact_moment(text: str) -> datetime | None:
    """`2026-03-10 09:30` in local time; None: not said. Raises ValueError."""
    if not text:
        return None
    moment = datetime.fromisoformat(text.replace("/", "-").replace("T", " ").strip())
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=LOCAL)
