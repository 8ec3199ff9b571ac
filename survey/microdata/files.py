"""An export as files: CSV, Parquet, SPSS, and the code book. They are written into a folder of another name, which is renamed
once when all are there: neither a file nor an export is ever seen half."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import file_digest
from pathlib import Path
from shutil import rmtree
from threading import Event
from typing import Any, Final

import polars as pl
import pyreadstat

from survey.microdata.columns import Column
from survey.microdata.rules import MicrodataRules

FORMATS: Final = ("csv", "parquet", "sav")
BATCH: Final = 20_000
"""Rows whose texts are in memory at one time, of CSV and Parquet."""


class Stopped(Exception):
    """Nobody waits for the files any more."""


def write_files(
    folder: Path, stem: str, rows: pl.DataFrame, columns: Sequence[Column], about: Mapping[str, Any],
    rules: MicrodataRules, formats: Sequence[str], stop: Event,
) -> dict[str, str]:  # fmt: skip
    """{file name: SHA-256} of what is in `folder`/`stem` afterwards. The code book is always among them. Raises Stopped, between
    two files; then, and after any other error, nothing is there."""
    writers: dict[str, Callable[[Path], None]] = {
        "csv": lambda path: _as_text(rows).sink_csv(path, include_bom=True, batch_size=BATCH),
        "parquet": lambda path: _as_text(rows).sink_parquet(path, row_group_size=BATCH),
        "sav": lambda path: _sav(path, rows, columns, rules),
        "codebook.json": lambda path: _codebook_json(path, columns, about),
        "codebook.md": lambda path: _codebook_page(path, columns, about),
    }
    discard(folder, stem)
    unfinished = _unfinished(folder, stem)
    unfinished.mkdir(parents=True)
    made = {}
    try:
        for ending in (*formats, "codebook.json", "codebook.md"):
            if stop.is_set():
                raise Stopped
            path = unfinished / f"{stem}.{ending}"
            writers[ending](path)
            with path.open("rb") as file:
                made[path.name] = file_digest(file, "sha256").hexdigest()
        unfinished.rename(folder / stem)
    except BaseException:
        rmtree(unfinished, ignore_errors=True)
        raise
    return made


def discard(folder: Path, stem: str) -> None:
    """Take away what is there of an export, whole or not."""
    for path in (_unfinished(folder, stem), folder / stem):
        rmtree(path, ignore_errors=True)


def _unfinished(folder: Path, stem: str) -> Path:
    return folder / f".{stem}.unfinished"


def _as_text(rows: pl.DataFrame) -> pl.LazyFrame:
    """Codes as texts, batch by batch as they are written."""
    return rows.lazy().with_columns(pl.col(pl.Enum, pl.Categorical).cast(pl.String))


def _sav(path: Path, rows: pl.DataFrame, columns: Sequence[Column], rules: MicrodataRules) -> None:
    """Codes as numbers where all of a column are, with their labels; answers that are none are declared missing. The writer takes
    all rows at once, as numbers of eight bytes: policy `microdata` says how many there may be."""
    known = {column.name: column for column in columns}
    numeric = {name: column for name, column in known.items() if column.codes and _all_numbers(column, rules)}
    shown = rows.with_columns(
        pl.col(name)
        .cast(pl.String)
        .replace_strict(
            {code: float(_number(code, rules) or 0) for code in column.codes},
            return_dtype=pl.Float64,
            default=None,
        )
        for name, column in numeric.items()
    )
    pyreadstat.write_sav(
        _as_text(shown).collect(),
        str(path),
        column_labels=[known[name].label["zh"][:250] for name in shown.columns],
        variable_value_labels={
            name: {float(_number(code, rules) or 0): words["zh"] for code, words in column.codes.items()}
            for name, column in numeric.items()
        },
        missing_ranges={
            name: [{"lo": float(min(rules.missing.values())), "hi": float(max(rules.missing.values()))}]
            for name in numeric
        },
        variable_measure=dict.fromkeys(numeric, "nominal"),
    )


def _all_numbers(column: Column, rules: MicrodataRules) -> bool:
    return all(_number(code, rules) is not None for code in column.codes)


def _number(code: str, rules: MicrodataRules) -> int | None:
    return rules.missing.get(code, int(code) if code.isdigit() else None)


def _codebook_json(path: Path, columns: Sequence[Column], about: Mapping[str, Any]) -> None:
    listed = [
        {
            "name": one.name,
            "label": dict(one.label),
            "question": one.question or None,
            "codes": dict(one.codes),
        }
        for one in columns
    ]
    path.write_text(
        json.dumps({**about, "columns": listed}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )


def _codebook_page(path: Path, columns: Sequence[Column], about: Mapping[str, Any]) -> None:
    lines = [f"# {about['title_zh']} · 编码本 code book", ""]
    lines += [f"- {name}: {value}" for name, value in about.items() if isinstance(value, str | int)]
    lines += [f"- {note}" for note in about["notes"]]
    for one in columns:
        lines += ["", f"## {one.name}", "", f"{one.label['zh']}  ", one.label["en"]]
        if one.codes:
            lines += ["", "| 代码 code | 中文 | English |", "|---|---|---|"]
            lines += [f"| {code} | {words['zh']} | {words['en']} |" for code, words in one.codes.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
