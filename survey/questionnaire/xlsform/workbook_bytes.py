"""A workbook (.xlsx) from rows of texts: equal rows give equal bytes, and a text stays a text."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

MOST_IN_CELL: Final = 32_767
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MODIFIED: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_ANY_TIME: Final = (1980, 1, 1, 0, 0, 0)
_ANY_MOMENT: Final = rb"\g<1>1980-01-01T00:00:00Z\g<2>"


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: cells by heading; the headings come in the order of `columns`, those that are not used left out."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Mapping[str, str]]
    always: Sequence[str] = ()


def workbook(grids: Sequence[Grid]) -> bytes:
    book = Workbook(write_only=True)
    for grid in grids:
        used = set(grid.always).union(*grid.rows)
        headings = [heading for heading in grid.columns if heading in used]
        sheet = book.create_sheet(grid.title)
        for row in ({heading: heading for heading in headings}, *grid.rows):
            cells = []
            for heading in headings:
                cell = WriteOnlyCell(sheet)
                if row.get(heading):
                    cell.value = _UNWRITABLE.sub("", row[heading])[:MOST_IN_CELL]
                    cell.data_type = "s"  # or a label that begins with = would become a formula
                cells.append(cell)
            sheet.append(cells)
    written = io.BytesIO()
    book.save(written)
    return _timeless(written.getvalue())


def _timeless(data: bytes) -> bytes:
    """The same archive without the moment at which it was made."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as timeless,
    ):
        for part in given.infolist():
            body = given.read(part)
            if part.filename == "docProps/core.xml":
                body = _MODIFIED.sub(_ANY_MOMENT, body)
            info = zipfile.ZipInfo(part.filename, _ANY_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            timeless.writestr(info, body)
    return out.getvalue()
