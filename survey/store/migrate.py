"""The schema: numbered plain SQL files per package, forward only, each applied once in one transaction."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable

import asyncpg

FILE_NAME = re.compile(r"(?P<number>\d{4})_(?P<name>[a-z0-9_]+)\.sql")
LOCK = 0x6D696E7969  # "minyi": one migrating process at a time in a database


class SchemaError(Exception):
    """The database and the migrations of this program do not fit; the message says how and what to do."""


@dataclass(frozen=True)
class Migration:
    """One file `NNNN_name.sql` of a package's folder `store/migrations`."""

    package: str
    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Hex digest of the file's text: an applied file may not change any more."""
        return sha256(self.sql.encode()).hexdigest()

    def __str__(self) -> str:
        return f"{self.package}/{self.number:04d}_{self.name}"


def migrations_in(package: str, folder: Traversable) -> tuple[Migration, ...]:
    """The migrations of one folder in order. Raises SchemaError for a stray name or a gap in the numbers."""
    found = []
    for file in folder.iterdir() if folder.is_dir() else ():
        if not file.name.endswith(".sql"):
            continue
        parts = FILE_NAME.fullmatch(file.name)
        if parts is None:
            raise SchemaError(
                f"{file.name} in {package} is no migration's name. Call it NNNN_what_it_does.sql."
            )
        found.append(
            Migration(package, int(parts["number"]), parts["name"], file.read_text(encoding="utf-8"))
        )
    found.sort(key=lambda m: (m.number, m.name))
    for expected, migration in enumerate(found, 1):
        if migration.number != expected:
            raise SchemaError(f"{migration} stands where number {expected:04d} is due. Leave no gaps.")
    return tuple(found)


def migrations_of(packages: Sequence[str]) -> tuple[Migration, ...]:
    """Migrations packaged in these packages, lower layers first: ("survey", "followup").

    Packages are given by name, so that a lower layer never imports an upper one.
    """
    return tuple(m for p in packages for m in migrations_in(p, resources.files(p) / "store" / "migrations"))


async def migrate(conn: asyncpg.Connection, migrations: Sequence[Migration]) -> tuple[Migration, ...]:
    """Apply what is not applied yet, and return it. Raises SchemaError if the database is ahead."""
    async with _alone(conn):
        await _create_table(conn)
        applied = await _applied(conn)
        _refuse_changed_or_newer(applied, migrations)
        due = tuple(m for m in migrations if (m.package, m.number) not in applied)
        for migration in due:
            await _apply(conn, migration)
        return due


async def check_schema(conn: asyncpg.Connection, migrations: Sequence[Migration]) -> None:
    """Raise SchemaError unless the database stands exactly where these migrations lead."""
    applied = await _applied(conn) if await conn.fetchval(TABLE_EXISTS) else {}
    _refuse_changed_or_newer(applied, migrations)
    due = [m for m in migrations if (m.package, m.number) not in applied]
    if due:
        raise SchemaError(
            f"The database is older than this program: {len(due)} migration(s) are due, first {due[0]}. "
            "Run `minyi migrate`."
        )


def _refuse_changed_or_newer(
    applied: dict[tuple[str, int], tuple[str, str]], migrations: Sequence[Migration]
) -> None:
    ours = {(m.package, m.number): m for m in migrations}
    packages = {m.package for m in migrations}
    for (package, number), (name, digest) in applied.items():
        migration = ours.get((package, number))
        if migration is None and package in packages:
            raise SchemaError(
                f"The database is newer than this program: it has {package}/{number:04d}_{name}. "
                "Use the version of the program that made it, or a newer one."
            )
        if migration is not None and migration.sha256 != digest:
            raise SchemaError(
                f"{migration} was changed after it was applied here. "
                "Restore the file and put the change into a new migration."
            )


TABLE_EXISTS = "SELECT to_regclass('public.schema_migration') IS NOT NULL"

CREATE_TABLE = """
CREATE TABLE IF NOT EXISTS public.schema_migration (
    package    text        NOT NULL,
    number     integer     NOT NULL,
    name       text        NOT NULL,
    sha256     text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (package, number)
)"""


async def _create_table(conn: asyncpg.Connection) -> None:
    if not await conn.fetchval(TABLE_EXISTS):
        await conn.execute(CREATE_TABLE)


APPLIED = "SELECT package, number, name, sha256 FROM public.schema_migration ORDER BY package, number"


async def _applied(conn: asyncpg.Connection) -> dict[tuple[str, int], tuple[str, str]]:
    return {(r["package"], r["number"]): (r["name"], r["sha256"]) for r in await conn.fetch(APPLIED)}


RECORD = "INSERT INTO public.schema_migration (package, number, name, sha256) VALUES ($1, $2, $3, $4)"


async def _apply(conn: asyncpg.Connection, migration: Migration) -> None:
    try:
        async with conn.transaction():
            await conn.execute(migration.sql)
            await conn.execute(RECORD, migration.package, migration.number, migration.name, migration.sha256)
    except asyncpg.PostgresError as error:
        raise SchemaError(
            f"{migration} failed and left nothing behind: {error}. Mend it; those before it stay applied."
        ) from error


TAKE_LOCK = "SELECT pg_advisory_lock($1)"
RELEASE_LOCK = "SELECT pg_advisory_unlock($1)"


@asynccontextmanager
async def _alone(conn: asyncpg.Connection) -> AsyncIterator[None]:
    await conn.execute(TAKE_LOCK, LOCK)
    try:
        yield
    finally:
        await conn.execute(RELEASE_LOCK, LOCK)
