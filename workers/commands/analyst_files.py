"""What the analysts' commands share: a plain file in, a table or JSON out. None of them needs a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType
from rich.table import Table

from survey.sampling.refusals import ListError
from survey.statistics.plain_table import PlainTable, read_table
from workers.commands.exits import refused

File = Annotated[
    Path,
    typer.Argument(
        exists=True, dir_okay=False, readable=True, help="CSV/XLSX,首行是列名。A table with headings."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON instead of text.")]


def table_of(file: Path) -> PlainTable:
    """The file as columns. Raises ListError."""
    return read_table(file.read_bytes(), file.name)


@contextmanager
def plain_file(command: str) -> Iterator[None]:
    """Inside, what is wrong with a file or its figures ends the command with its sentence and exit code 3."""
    try:
        yield
    except ListError as no:
        raise refused(command, str(no)) from None
    except ValueError as no:
        raise refused(command, f"{no}.") from None


def not_negative(number: float) -> bool:
    return number >= 0


def any_number(number: float) -> bool:
    return True


def column(
    table: PlainTable,
    meaning: str,
    named: str | None,
    fits: Callable[[float], bool] = any_number,
    expected: str = "plain number, such as 0.87",
) -> list[float]:
    """A column of numbers that was named, or that is meant. Raises ListError."""
    return table.numbers(table.heading(meaning, named), fits, expected)


def print_json(body: Any) -> None:
    sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def show(*parts: RenderableType) -> None:
    console = Console(highlight=False, markup=False, emoji=False)
    for part in parts:
        console.print(part, soft_wrap=not isinstance(part, Table))
