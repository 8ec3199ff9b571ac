"""A list of residents taken in by the door, beside the quickest way we know to get it into a table with a key.

The reference reads the same bytes with polars, brings the numbers into one form, takes doubles out, COPYs the rows in clear into
one empty table, and adds the primary key (the number). Ours reads them through every check, seals names and numbers, and keeps
persons and the list, with all their keys, in one transaction.
"""

from __future__ import annotations

import io
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from survey.clock import RealClock
from survey.ground import Ground
from survey.importing import Brought, import_residents
from survey.settings import Settings
from survey.store.migrate import migrate, migrations_of
from survey.store.pool import connection, open_pool
from survey.vault import Vault
from workers.bench.dialogue import Progress
from workers.bench.folder import bench_folder
from workers.bench.import_list import COUNTY, csv_list
from workers.bench.outcome import Bar, Outcome, Series
from workers.databases import create_database, drop_database
from workers.embedded import Services, embedded_services
from workers.runtime import MIGRATIONS
from workers.seeding import load_city

BROUGHT: Final = Brought("residents.csv", "综治中心", "平安建设日常调查", "综治中心日常调查制度")
WORDS: Final = {
    "reference": "polars + COPY + 主键 primary key",
    "first_list": "民意 Minyi, 第一份名单 a city's first list",
}
BARS: Final = (
    Bar("import", "第一份名单 first list : polars + COPY", "first_list", "reference", "at_most", 4.0),
)
_TEMPLATE: Final = "bench_template"


class WrongImport(RuntimeError):
    """A side did not keep what it should: how long it took for it says nothing."""


@dataclass(frozen=True, slots=True)
class ImportBench:
    """One run with a list of `people`. `rounds`: how often each side is measured."""

    people: int
    rounds: int
    show: Progress

    async def run(self) -> Outcome:
        """On a server of its own, which is gone afterwards with all its data (some 0.8 GB per million people). Raises
        WrongImport, and EmbeddedError where no server runs."""
        data = csv_list(self.people)
        seconds: dict[str, list[float]] = {name: [] for name in WORDS}
        with bench_folder() as folder:
            async with embedded_services(Settings(data_dir=folder), purpose="tests") as services:
                await _template(services)
                for number in range(self.rounds):
                    self.show(f"import, {self.people:,} people", number, self.rounds)
                    for name, took in (await self._round(services, data)).items():
                        seconds[name].append(took)
        self.show("done", self.rounds, self.rounds)
        series = {name: Series(words, "s", tuple(seconds[name])) for name, words in WORDS.items()}
        return Outcome.of("import", {"people": self.people, "file_bytes": len(data)}, series, BARS)

    async def _round(self, services: Services, data: bytes) -> dict[str, float]:
        took: dict[str, float] = {}
        async with _database(services) as url, connection(url, application_name="bench") as conn:
            took["reference"], theirs = await _timed(reference(conn, data))
        async with _database(services) as url, _ground(url) as ground:
            took["first_list"], ours = await _timed(imported(ground, data))
            if not self.people == theirs == ours:
                raise WrongImport(f"of {self.people} people the reference kept {theirs}, the import {ours}")
            await check(ground, data)
        return took


async def reference(conn: Any, data: bytes) -> int:
    """The other side, in its quickest form; how many rows it kept."""
    columns = pl.read_csv(data, infer_schema=False)
    number = pl.col("电话").str.replace_all(r"[\s-]", "").str.replace(r"^(?:\+|00)?(?:86)?", "+86")
    rows = columns.with_columns(number).filter(pl.col("电话").str.contains(r"^\+861[3-9]\d{9}$"))
    written = io.BytesIO()
    rows.unique("电话", keep="first", maintain_order=True).write_csv(written, include_header=False)
    written.seek(0)
    async with conn.transaction():
        await conn.execute(
            "CREATE TABLE bench_list (name text, number text, township text, village text, birth_year int)"
        )
        await conn.copy_to_table("bench_list", source=written, format="csv")
        await conn.execute("ALTER TABLE bench_list ADD PRIMARY KEY (number)")
    kept: int = await conn.fetchval("SELECT count(*) FROM bench_list")
    return kept


async def imported(ground: Ground, data: bytes) -> int:
    """Ours, through the door; how many rows it kept."""
    return (await import_residents(ground, COUNTY, data, BROUGHT, "fictional")).kept


_COUNT_KEPT: Final = """
SELECT (SELECT count(*) FROM survey.person) AS persons, (SELECT count(*) FROM survey.frame_entry) AS listed"""

_SELECT_SOME: Final = """
SELECT p.number_cipher, p.name_cipher, p.birth_year, a.name_zh
FROM survey.person p JOIN survey.frame_entry f ON f.person_id = p.id JOIN survey.area a ON a.code = f.area_code
WHERE p.token = ANY($1::bytea[])"""


async def check(ground: Ground, data: bytes) -> None:
    """Everybody is kept, and of some two hundred all that the list says of them. Raises WrongImport."""
    lines = data.decode().splitlines()[1:]
    some = [line.split(",") for line in lines[:: max(1, len(lines) // 200)]]
    numbers = [f"+86{number}" for _, number, *_ in some]
    async with ground.pool.acquire() as conn:
        persons, listed = await conn.fetchrow(_COUNT_KEPT)
        rows = await conn.fetch(_SELECT_SOME, ground.vault.tokens(numbers))
    unseal = ground.vault.open
    found = {(unseal(number), unseal(name), place, born) for number, name, born, place in rows}
    wanted = {(f"+86{number}", name, village, int(born)) for name, number, _, village, born in some}
    if not persons == listed == len(lines) or found != wanted:
        raise WrongImport(
            f"the import keeps {persons} persons, {listed} on the list, of {len(lines)} lines, or other things"
        )


async def _template(services: Services) -> None:
    url = await create_database(services.database_url, _TEMPLATE, replace=True)
    async with connection(url, application_name="bench") as conn:
        await migrate(conn, migrations_of(MIGRATIONS))
        await load_city(conn)


@asynccontextmanager
async def _database(services: Services) -> AsyncIterator[str]:
    """The fictional city without anybody in it."""
    name = "bench"
    yield await create_database(services.database_url, name, template=_TEMPLATE, replace=True)
    await drop_database(services.database_url, name)


@asynccontextmanager
async def _ground(url: str) -> AsyncIterator[Ground]:
    pool = await open_pool(url, application_name="bench", min_size=1, max_size=2)
    clock = RealClock()
    try:
        yield Ground(pool, Vault(bytes(32)), clock)
    finally:
        await clock.close()
        await pool.close()


async def _timed(work: Awaitable[int]) -> tuple[float, int]:
    """Seconds, and what came of it."""
    began = time.perf_counter()
    found = await work
    return time.perf_counter() - began, found
