"""What became of brought cases, as their platform wants it back: CSV, XLSX or JSON. Pure but for the reading."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

import asyncpg
from openpyxl import Workbook

from followup.casework.states import words
from followup.casework.verdict import verdict_table
from followup.platforms import Platform
from followup.store import exchange, places
from followup.store.exchange import ExportedRow

Format = Literal["csv", "xlsx", "json"]
FORMATS: Final[tuple[Format, ...]] = ("csv", "xlsx", "json")
PAGE: Final = 1000
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet program would take for a formula."""


async def export(
    conn: asyncpg.Connection, centre_code: str, platform: Platform, since: int = 0
) -> tuple[list[dict[str, str]], int]:
    """Rows under the platform's headings, and the cursor from which the next export goes on."""
    place = await places.centre_place(conn, centre_code)
    zone = ZoneInfo(place.tz if place else "Asia/Shanghai")
    until = await exchange.horizon(conn)
    rows: list[dict[str, str]] = []
    while True:
        page = await exchange.exported(conn, centre_code, since, until, PAGE)
        rows += [
            {heading: FIELDS[name](row, zone) for heading, name in platform.back.items()} for row in page
        ]
        if len(page) < PAGE:
            return rows, page[-1].changed if page else since
        since = page[-1].changed


def written(rows: Sequence[Mapping[str, str]], headings: Sequence[str], format_: Format) -> bytes:
    """The file. CSV begins with a mark by which spreadsheet programs know UTF-8."""
    if format_ == "json":
        return json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=1).encode() + b"\n"
    table = [list(headings), *([_cell(row[name]) for name in headings] for row in rows)]
    if format_ == "csv":
        out = io.StringIO()
        csv.writer(out).writerows(table)
        return b"\xef\xbb\xbf" + out.getvalue().encode()
    book = Workbook(write_only=True)
    sheet = book.create_sheet("回访结果")
    for line in table:
        sheet.append(line)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _cell(text: str) -> str:
    """Never a formula: what another platform wrote would be run on the desk of whoever opens the file."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else ""


def _verdict(row: ExportedRow, zone: ZoneInfo) -> str:
    said = verdict_table().words.get(row.verdict or "")
    return said.zh if said else row.verdict or ""


Field = Callable[[ExportedRow, ZoneInfo], str]
FIELDS: Final[Mapping[str, Field]] = {
    "external_number": lambda row, zone: row.external_number,
    "number": lambda row, zone: row.number,
    "unit": lambda row, zone: row.unit or "",
    "round": lambda row, zone: str(row.round),
    "status": lambda row, zone: row.status,
    "status_zh": lambda row, zone: words(row.status).zh,
    "result_told": lambda row, zone: row.result_told or "",
    "verdict": lambda row, zone: row.verdict or "",
    "verdict_zh": _verdict,
    "called_back_at": lambda row, zone: _moment(row.called_back_at, zone),
    "dispatched_again_zh": lambda row, zone: "是" if row.dispatched_again else "否",
}
"""What can be sent back, by name."""


def unknown_fields(platform: Platform) -> set[str]:
    """Fields that the policy names and nobody can fill; a test holds that there are none."""
    return set(platform.back.values()) - set(FIELDS)
