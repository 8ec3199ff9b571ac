"""Every SQL constant is one that Postgres can plan; where a function makes rows of a dataclass, its columns are the fields."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import asyncpg
import pytest

import followup
import survey
import workers
from survey.store.migrate import migrate, migrations_of
from survey.store.pool import connection

ROOT = Path(__file__).resolve().parents[2]
SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s")
NOT_IMPORTED = re.compile(
    r"\.__main__$|^survey\.twin|^workers\.arq_settings$|^workers\.bench\.inbound_naive$"
)
"""The twin imports nothing of ours, the naive build of the bench has tables of its own."""


def modules() -> list[ModuleType]:
    """Every module of ours that could hold a statement."""
    found = [
        info.name
        for package in (survey, followup, workers)
        for info in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
    ]
    return [importlib.import_module(name) for name in found if not NOT_IMPORTED.search(name)]


def source(module: ModuleType) -> str:
    assert module.__file__ is not None
    return Path(module.__file__).read_text(encoding="utf-8")


def statements(module: ModuleType) -> dict[str, str]:
    """The module's own SQL constants by name."""
    own = {
        target.id
        for node in ast.parse(source(module)).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return {
        name: value
        for name, value in vars(module).items()
        if name.isupper() and name in own and isinstance(value, str) and SQL.match(value)
    }


WITH_SQL = [module for module in modules() if statements(module)]


@dataclass(frozen=True)
class Rows:
    """A function that reads `statement` and makes a `row` of each line."""

    where: str
    statement: str
    row: type[Any]


def readers(module: ModuleType) -> Iterator[Rows]:
    """Functions with one statement and one `Row(**row)`."""
    known = statements(module)
    for node in ast.walk(ast.parse(source(module))):
        if not isinstance(node, ast.AsyncFunctionDef):
            continue
        used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in known}
        made = {
            call.func.id
            for call in ast.walk(node)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and spread(call)
        }
        if len(used) == 1 and len(made) == 1:
            row = getattr(module, made.pop(), None)
            if is_dataclass(row) and isinstance(row, type):
                yield Rows(f"{module.__name__}.{node.name}", known[used.pop()], row)


def spread(call: ast.Call) -> bool:
    """Made of the row and nothing else: `Row(**row)`."""
    if call.args or len(call.keywords) != 1 or call.keywords[0].arg is not None:
        return False
    value = call.keywords[0].value
    return not isinstance(value, ast.Name) or value.id == "row"


READERS = [reader for module in WITH_SQL for reader in readers(module)]


def test_the_statements_were_found() -> None:
    names = {module.__name__ for module in WITH_SQL}
    assert {
        "survey.store.contacts",
        "survey.store.interviews",
        "survey.store.units",
        "survey.store.reports.field_counts",
        "followup.store.callbacks",
        "workers.due",
    } <= names
    assert sum(len(statements(module)) for module in WITH_SQL) > 120
    assert len(READERS) > 25


@pytest.mark.parametrize("module", WITH_SQL, ids=lambda module: module.__name__)
async def test_statements_can_be_planned(conn: asyncpg.Connection, module: ModuleType) -> None:
    for name, statement in statements(module).items():
        try:
            await conn.prepare(statement)
        except asyncpg.PostgresError as error:
            pytest.fail(f"{module.__name__}.{name}: {error}")


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.where)
async def test_columns_are_the_fields_of_the_row(conn: asyncpg.Connection, reader: Rows) -> None:
    planned = await conn.prepare(reader.statement)
    assert sorted(column.name for column in planned.get_attributes()) == sorted(
        f.name for f in fields(reader.row)
    )


def test_nothing_in_survey_speaks_of_the_tables_of_followup() -> None:
    speaking = [
        f"{module.__name__}.{name}"
        for module in WITH_SQL
        if module.__name__.startswith("survey.")
        for name, statement in statements(module).items()
        if "followup." in statement
    ]
    assert speaking == []


async def test_the_schema_of_survey_stands_without_that_of_followup(bare_database: str) -> None:
    async with connection(bare_database) as conn:
        await migrate(conn, migrations_of(("survey",)))
        assert await conn.fetchval("SELECT count(*) FROM pg_namespace WHERE nspname = 'followup'") == 0


async def test_no_table_of_survey_refers_to_one_of_followup(conn: asyncpg.Connection) -> None:
    across = await conn.fetch(
        """SELECT DISTINCT a.nspname || ' -> ' || b.nspname AS way FROM pg_constraint c
           JOIN pg_class x ON x.oid = c.conrelid JOIN pg_namespace a ON a.oid = x.relnamespace
           JOIN pg_class y ON y.oid = c.confrelid JOIN pg_namespace b ON b.oid = y.relnamespace
           WHERE c.contype = 'f' ORDER BY way"""
    )
    assert [row["way"] for row in across] == [
        "followup -> followup",
        "followup -> survey",
        "survey -> survey",
    ]


def test_imports_go_one_way() -> None:
    """The contracts in pyproject.toml."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout
