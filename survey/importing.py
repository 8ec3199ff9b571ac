"""DOOR. Resident lists: read whole, good rows kept in one write, bad ones told one by one."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from survey.enlisting import LISTED, Told, enlist, nobody
from survey.enrolling import PEOPLE, ImportRecord, record_import
from survey.ground import Ground
from survey.hashing import Hashing, hashing
from survey.sampling.list_specs import ResidentSpec, residents
from survey.sampling.lists import Merged
from survey.sampling.numbers import NumberPlan
from survey.sampling.refusals import ListError, Refusal
from survey.sampling.resident_lists import ResidentList, read_residents
from survey.store import areas, campaigns

KIND = "residents"


@dataclass(frozen=True)
class Brought:
    """Where a list came from: who brought it, why, and on what legal ground."""

    file_name: str
    by: str
    reason: str
    ground: str


@dataclass(frozen=True)
class ListReport:
    """What became of a file. `refusals` name line, field, reason and remedy of each row that was not kept; `merged` each line
    that became one person with another."""

    batch: int
    kept: int
    refused: int
    refusals: tuple[Refusal, ...]
    ignored: tuple[str, ...]
    merged: tuple[Merged, ...] = ()


@dataclass(frozen=True)
class HowToRead:
    """What whoever brings a list says of its columns. `mapping`: heading -> field; `keep`: headings of further columns."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[str, ...] = ()


async def import_residents(
    ground: Ground,
    centre_code: str,
    data: bytes,
    brought: Brought,
    plan: NumberPlan,
    *,
    how: HowToRead | None = None,
    told: Told = nobody,
) -> ListReport:
    """The good rows of a CSV or XLSX file onto the centre's list. Raises ListError where nothing can be kept.

    `told` is called with how many people are stored by now, and of how many. All in one write: who interrupts it leaves nothing
    behind.
    """
    how = how or HowToRead()
    with hashing(ground.vault, len(data)) as hashes:
        async with ground.pool.acquire() as conn, conn.transaction():
            spec = await _spec(ground, conn, centre_code, brought.file_name, plan)
            read, people = await asyncio.to_thread(_read, data, brought.file_name, spec, how, hashes)
            batch = await record_import(conn, _record(ground, centre_code, data, brought, read))
            if batch is None:
                raise ListError(
                    brought.file_name,
                    "this very file was imported before",
                    "Nothing was changed; import the newer list",
                )
            await enlist(conn, hashes, centre_code, batch, people, told)
    return ListReport(
        batch, len(read.people), len(read.refused_lines), read.refusals, read.ignored, read.merged
    )


async def _spec(
    ground: Ground, conn: Any, centre_code: str, file_name: str, plan: NumberPlan
) -> ResidentSpec:
    names = await areas.names_below(conn, centre_code)
    if not names:
        raise ListError(file_name, f"there is no centre {centre_code}", "Choose one with --centre")
    zone = ZoneInfo(await campaigns.time_zone(conn, centre_code))
    return residents(names, plan=plan, today=ground.clock.now().astimezone(zone).date())


def _read(
    data: bytes, file_name: str, spec: ResidentSpec, how: HowToRead, hashes: Hashing
) -> tuple[ResidentList, pl.DataFrame]:
    """The list, and its people as `enlist` takes them. Most permanent random numbers are made while it is read."""
    coming: list[tuple[pl.Series, Future[list[float]]]] = []

    def hash_meanwhile(part: pl.DataFrame) -> None:
        coming.append((part["line"], hashes.prns(part["number"].to_list())))

    read = read_residents(data, file_name, spec, mapping=how.mapping, keep=how.keep, meanwhile=hash_meanwhile)
    known = pl.concat(_prns(lines, prns.result()) for lines, prns in coming)
    if known["line"].equals(read.people["line"]):
        return read, _people(read.people.with_columns(known["prn"]))
    others = read.people.join(known, on="line", how="anti")
    prns = pl.concat([known, _prns(others["line"], hashes.prns(others["number"].to_list()).result())])
    return read, _people(read.people.join(prns, on="line", how="left", maintain_order="left"))


def _prns(lines: pl.Series, prns: Sequence[float]) -> pl.DataFrame:
    return pl.DataFrame({"line": lines, "prn": pl.Series(prns, dtype=pl.Float64)})


def _people(residents: pl.DataFrame) -> pl.DataFrame:
    """As `enlist` takes them."""
    as_dialled = pl.col("number_given") == pl.col("number").str.strip_prefix("+86")
    given = pl.when(~as_dialled).then("number_given").alias("given")
    return residents.with_columns(pl.lit("zh").alias("lang"), given).select(*PEOPLE, *LISTED, "prn")


def _record(
    ground: Ground, centre_code: str, data: bytes, brought: Brought, read: ResidentList
) -> ImportRecord:
    return ImportRecord(
        centre_code=centre_code,
        kind=KIND,
        file_name=brought.file_name,
        sha256=hashlib.sha256(data).hexdigest(),
        brought_by=brought.by,
        reason=brought.reason,
        ground=brought.ground,
        imported_at=ground.clock.now(),
        rows_read=read.rows_read,
        rows_kept=len(read.people),
        refusals=[(r.line, r.field, r.reason) for r in read.refusals],
        rows_merged=len(read.merged),
    )
