"""Forms for the tests: those of the folder xlsforms, and the same form as another kind of file."""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

FOLDER = Path(__file__).parent / "xlsforms"
Sheets = Mapping[str, Sequence[Sequence[object]]]


def own_forms() -> list[str]:
    return sorted(file.name for file in FOLDER.glob("*.md"))


def own(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def form(*rows: str, choices: Sequence[str] = (), settings: Sequence[str] = ()) -> bytes:
    """Markdown from rows such as "text | q1 | Your name?"; the first row of each sheet has the headings."""
    sheets = {"survey": rows, "choices": choices, "settings": settings}
    lines = [
        line
        for key, some in sheets.items()
        if some
        for line in (f"| {key} |", *(f"| | {row} |" for row in some))
    ]
    return "\n".join(lines).encode()


def sheets_of(markdown: bytes) -> dict[str, list[list[str]]]:
    sheets: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in markdown.decode().splitlines():
        if line.startswith("|"):
            first, *cells = [cell.strip() for cell in line.strip("|").split("|")]
            if first:
                rows = sheets.setdefault(first, [])
            else:
                rows.append(cells)
    return sheets


def as_xlsx(sheets: Sheets) -> bytes:
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(sheets: Sheets, encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    for title, rows in sheets.items():
        writer.writerow([title])
        writer.writerows(["", *map(str, row)] for row in rows)
    return out.getvalue().encode(encoding)


def as_xls(sheets: Sheets) -> bytes:
    """A workbook of Excel 97 with nothing but texts and numbers: a stream of BIFF8 records in an OLE2 container."""
    pages = [_page(rows) for rows in sheets.values()]
    names = [title.encode("utf-16-le") for title in sheets]
    start = len(_BEGIN_BOOK) + sum(12 + len(name) for name in names) + len(_END)
    bounds = b""
    for name, page in zip(names, pages, strict=True):
        bounds += _record(0x85, struct.pack("<IHBB", start, 0, len(name) // 2, 1) + name)
        start += len(page)
    return _ole(_BEGIN_BOOK + bounds + _END + b"".join(pages))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


_BEGIN_BOOK = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0x0DBB, 1996, 0, 6))
_BEGIN_PAGE = _record(0x809, struct.pack("<HHHHII", 0x600, 16, 0x0DBB, 1996, 0, 6))
_END = _record(0x0A, b"")


def _page(rows: Sequence[Sequence[object]]) -> bytes:
    body = _BEGIN_PAGE
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if isinstance(value, int | float):
                body += _record(0x203, struct.pack("<HHHd", y, x, 0, value))
            elif value:
                text = str(value).encode("utf-16-le")
                body += _record(0x204, struct.pack("<HHHHB", y, x, 0, len(text) // 2, 1) + text)
    return body + _END


def _ole(stream: bytes) -> bytes:
    """Sectors of 512 bytes: the table of sectors, the directory, and the stream."""
    sectors = max(8, -(-len(stream) // 512))
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    assert len(chain) <= 128
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    none = 0xFFFFFFFF
    directory = (
        _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry("Workbook", 2, none, 2, sectors * 512) + bytes(256)
    )
    header = struct.pack(
        "<8s16sHHHHH6x9I109I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0, *[none] * 108,
    )  # fmt: skip
    return header + table + directory + stream.ljust(sectors * 512, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    none = 0xFFFFFFFF
    return struct.pack("<64sHBBIII36xIII", text, len(text), kind, 1, none, none, child, start, size, 0)
