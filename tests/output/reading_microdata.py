"""Reads every file of an export back, each by its own reader, and looks for telephone numbers in what it says.

Searching the bytes would find nothing in a compressed Parquet file, nor in an SPSS file, where a number is a float.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat

PLANTED = "15412345678"
NUMBER = re.compile(r"(?<![\d.])(?:\+?86)?[\s-]*154[\s-]?\d{4}[\s-]?\d{4}(?!\d)")
MADE_BY_PYREADSTAT = ("creation_time", "modification_time")


def numbers_in(folder: Path) -> list[tuple[str, str]]:
    """(file, what it says) of every telephone number in any file. A file that nothing here can read is an error."""
    return [
        (path.name, said)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for said in _said(path)
        if NUMBER.search(said)
    ]


def _said(path: Path) -> Iterator[str]:
    readers = {".csv": _csv, ".parquet": _parquet, ".sav": _sav, ".json": _json, ".md": _page}
    yield path.name
    yield from readers[path.suffix](path)


def _csv(path: Path) -> Iterator[str]:
    yield from _values(pl.read_csv(path, infer_schema=False))


def _parquet(path: Path) -> Iterator[str]:
    yield from _values(pl.read_parquet(path))
    yield from _nested(pl.read_parquet_metadata(path))


def _sav(path: Path) -> Iterator[str]:
    rows, about = pyreadstat.read_sav(path, output_format="polars", user_missing=True)
    yield from _values(rows)
    yield from _nested({name: value for name, value in vars(about).items() if name not in MADE_BY_PYREADSTAT})


def _json(path: Path) -> Iterator[str]:
    yield from _nested(json.loads(path.read_text("utf-8")))


def _page(path: Path) -> Iterator[str]:
    yield path.read_text("utf-8")


def _values(rows: pl.DataFrame) -> Iterator[str]:
    yield from rows.columns
    for column in rows.get_columns():
        yield from (_plain(value) for value in column.unique().to_list())


def _nested(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _nested(key)
            yield from _nested(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _nested(inner)
    else:
        yield _plain(value)


def _plain(value: object) -> str:
    """A number as a person writes it: 15412345678.0 is 15412345678."""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
