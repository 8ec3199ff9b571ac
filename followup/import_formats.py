"""Lists of closed cases in other shapes than our own: JSON, and the headings and words of other platforms.

All become the text of one list with headings, so that every row goes the same way and is refused for the same reasons.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from followup.platforms import Platform
from survey.sampling.csv_lines import Line, csv_lines, separator_of
from survey.sampling.encodings import decode
from survey.sampling.list_policy import list_policy
from survey.sampling.refusals import ListError
from survey.sampling.workbook_lines import is_workbook, sheets

KIND: Final = "closed_cases"
YES: Final = "是"
NO: Final = "否"
MOST_KEYS: Final = 60


@dataclass(frozen=True)
class AsList:
    """Bytes that `read_list` takes, and what its headings mean beside those that are known."""

    data: bytes
    mapping: Mapping[str, str] = field(default_factory=dict)


def as_list(data: bytes, file_name: str, platform: Platform | None = None) -> AsList:
    """The same file as a list with headings. Raises ListError for JSON that holds no list of flat objects."""
    own: Mapping[str, str] = {}
    if is_json(data, file_name):
        data, keys = json_lines(data, file_name, platform.rows_at if platform else "")
        own = {key: key for key in keys if key in list_policy().lists[KIND]}  # our own names of the fields
    return _translated(data, file_name, platform) if platform else AsList(data, own)


def is_json(data: bytes, file_name: str) -> bool:
    """By its first character; a file is called .json or begins like it."""
    first = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return first in (b"[", b"{") and (file_name.lower().endswith(".json") or first == b"[")


def json_lines(data: bytes, file_name: str, rows_at: str = "") -> tuple[bytes, list[str]]:
    """A list of objects as CSV, and its headings: the keys, in the order in which they first come."""
    rows = _rows(data, file_name, rows_at)
    keys = list(dict.fromkeys(key for row in rows for key in row))
    if len(keys) > MOST_KEYS:
        raise ListError(
            file_name, f"its objects have {len(keys)} different keys", f"Send {MOST_KEYS} at the most"
        )
    cells = [[_text(row.get(key), file_name, at, key) for key in keys] for at, row in enumerate(rows, 1)]
    return _csv([keys, *cells]), keys


def _rows(data: bytes, file_name: str, rows_at: str) -> Sequence[Mapping[str, Any]]:
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ListError(
            file_name, f"it is no JSON in UTF-8 ({type(error).__name__})", "Export it again"
        ) from None
    for name in filter(None, rows_at.split(".")):
        found = found.get(name) if isinstance(found, dict) else None
    if isinstance(found, dict):
        found = found.get("cases")
    if not isinstance(found, list) or not found or not all(isinstance(row, dict) for row in found):
        where = f' under "{rows_at}"' if rows_at else ""
        raise ListError(file_name, f"there is no list of objects{where}", "Send one object for each case")
    return found


def _text(value: Any, file_name: str, row: int, key: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list | dict):
        raise ListError(file_name, f'"{key}" of row {row} is no text', "Send flat objects")
    return str(value).replace("\0", "")


def _translated(data: bytes, file_name: str, platform: Platform) -> AsList:
    """The platform's words made ours, and what it never says added; its headings stay, so that a refusal names them."""
    lines = _lines(data, file_name)
    head = _heading_line(lines, file_name, platform)
    names = [text.strip() for text in head.cells]
    added = {
        field: text for field, text in platform.always.items() if field not in platform.headings.values()
    }
    table: list[list[str]] = [[]] * (head.number - 1) + [[*names, *added]]  # every line keeps its number
    for line in lines:
        if line.blank and line.number > head.number:
            table.append([])
        elif line.number > head.number:
            cells = [
                platform.words.get(name, {}).get(cell.strip(), cell)
                for name, cell in zip(names, line.cells, strict=False)
            ]
            table.append(
                [*cells, *[""] * (len(names) - len(cells)), *added.values(), *line.cells[len(names) :]]
            )
    known = {heading: field for heading, field in platform.headings.items() if heading in names}
    return AsList(_csv(table), known | {field: field for field in added})


def _lines(data: bytes, file_name: str) -> list[Line]:
    if is_workbook(data):
        found = sheets(data, file_name)
        return list(found[0].lines) if found else []
    text, _ = decode(data, file_name)
    return list(csv_lines(text, separator_of(text), file_name))


def _heading_line(lines: Sequence[Line], file_name: str, platform: Platform) -> Line:
    wanted = set(platform.headings)
    on_top = [line for line in lines if not line.blank][: list_policy().limits.heading_lines]
    best = max(on_top, key=lambda line: len(wanted & {c.strip() for c in line.cells}), default=None)
    lacking = wanted - {c.strip() for c in best.cells} if best else wanted
    if best is None or len(lacking) > len(wanted) // 2:
        raise ListError(
            file_name,
            f"it does not look like an export of {platform.zh}: {'、'.join(sorted(lacking))} missing",
            "Choose another --platform, or none for our own headings",
        )
    return best


def _csv(table: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(table)
    return out.getvalue().encode()
