"""DOOR: microdata of a campaign leave the house: asked for by name and reason, made coarse, written, on record with their hashes.

Rows are shuffled, and get serials, by dice that are kept nowhere: no two exports can be laid side by side by their order. Who a
row is of is read for counting people alone; nothing else that names a person, a number or a contact is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from secrets import SystemRandom
from threading import Event
from typing import Any, Final, TypeVar

import polars as pl

from survey.access.acting import NoActor, actor
from survey.ground import Ground
from survey.indicator_reading import OFFICIAL
from survey.masking import without_numbers
from survey.microdata.about import Asked, about
from survey.microdata.coarsening import coarsen
from survey.microdata.columns import UNIT_COLUMNS, Column, answer_columns
from survey.microdata.files import FORMATS, discard, write_files
from survey.microdata.rules import microdata_rules, rules_version
from survey.microdata.unit_rows import UnknownCode, rows_of, shuffled, weighed, without_design
from survey.periods import NoPeriod, Period
from survey.periods import period as period_written
from survey.questionnaire.loader import from_json
from survey.statistics.weighting import WeightingError
from survey.store import areas, microdata
from survey.store.microdata import CampaignRow, ExportRow

BLOCK: Final = 2000
LEASE: Final = timedelta(hours=2)
"""After so much real time whoever was writing has died: a cancelled one, or one that failed, says so itself."""
STOPPED: Final = "stopped while it was being written; ask for it again"
Told = Callable[[int, int], None]
"""Units read so far, and of how many."""
T = TypeVar("T")
Order = Callable[[int], Sequence[int]]
"""A random order of so many rows: their places, each once."""


def secret_order(rows: int) -> list[int]:
    """By the operating system's randomness, which has no seed: nobody can make the order again, not even with the database."""
    return SystemRandom().sample(range(rows), rows)


class NoExport(Exception):
    """Why nothing is exported."""


@dataclass(frozen=True)
class Written:
    """What an export came to. `name`: of its folder; `files`: their names and hashes."""

    ref: str
    name: str
    rows: int
    coarsened: int
    left_out: int
    files: dict[str, str]


async def ask(
    ground: Ground, centre: str, campaign: str | None, formats: Sequence[str], *, by: str, reason: str,
    period: str | None = None,
) -> str:  # fmt: skip
    """Owe an export; its reference. `period`: of its days alone, as `survey.periods` reads them; with one, `campaign` None is
    every daily campaign and wave that asks the questionnaire of reports. Raises NoExport."""
    if not by.strip() or not reason.strip():
        raise NoExport("an export needs who asks for it and why; both stand on record")
    unknown = [one for one in formats if one not in FORMATS]
    if unknown or not formats:
        raise NoExport(
            f"there is no format {', '.join(unknown) or '(none)'}; choose from {', '.join(FORMATS)}"
        )
    if campaign is None and period is None:
        raise NoExport("name a campaign (`minyi campaign list`), a period (--period 2026-W11), or both")
    _days(period)
    async with ground.pool.acquire() as conn:
        await _campaigns(conn, centre, campaign)
        by = await _asker(conn, centre, by.strip())
        ref = ground.tokens()
        who, why = without_numbers(by), without_numbers(" ".join(reason.split()))
        await microdata.ask(conn, ref, centre, campaign, formats, who, why, ground.clock.now(), period)
    return ref


async def _asker(conn: Any, centre: str, by: str) -> str:
    """Raises NoExport."""
    try:
        account = await actor(conn, by, "data.export", await areas.centre_area(conn, centre) or "")
    except NoActor:
        raise NoExport(
            f"{by} has no account that may export data at this centre (data.export: director); "
            "`minyi user list` shows the accounts"
        ) from None
    return account.name if account else by


async def listed(ground: Ground, centre: str) -> list[ExportRow]:
    """Every export of a centre."""
    async with ground.pool.acquire() as conn:
        return await microdata.exports(conn, centre)


async def write_next(
    ground: Ground,
    folder: Path,
    told: Told = lambda done, of: None,
    ref: str | None = None,
    order: Order = secret_order,
) -> Written | None:
    """Write the next export that is owed, or this one; None: none is. Whatever ends it before it is written stands on its row."""
    real_now = ground.real_now()
    async with ground.pool.acquire() as conn:
        await microdata.give_up(conn, real_now, microdata_rules().most_tries, ground.clock.now())
        export = await microdata.take(conn, real_now, real_now + LEASE, ref)
    if export is None:
        return None
    try:
        written = await _write(ground, export, folder, told, order)
        await _done(ground, written)
    except (NoExport, WeightingError, UnknownCode, OSError) as error:
        why = str(error) or type(error).__name__
        await _failed(ground, export, folder, why)
        raise NoExport(why) from error
    except asyncio.CancelledError:
        await _failed(ground, export, folder, STOPPED)
        raise
    except Exception as error:
        await _failed(ground, export, folder, without_numbers(f"{type(error).__name__}: {error}")[:200])
        raise
    return written


async def _done(ground: Ground, written: Written) -> None:
    async with ground.pool.acquire() as conn:
        await microdata.done(
            conn, written.ref, rules_version(), written.rows, written.coarsened, written.left_out, written.files,
            ground.clock.now(),
        )  # fmt: skip


async def _failed(ground: Ground, export: ExportRow, folder: Path, why: str) -> None:
    """Nothing stays of what is not on record as done."""
    async with ground.pool.acquire() as conn:
        if await microdata.failed(conn, export.ref, why, ground.clock.now()):
            discard(folder, _stem(export))


def _stem(export: ExportRow) -> str:
    of = [export.centre_code, export.campaign, export.period, export.ref[:6]]
    return "-".join(one for one in of if one is not None)


def _days(written: str | None) -> Period | None:
    try:
        return None if written is None else period_written(written)
    except NoPeriod as no:
        raise NoExport(str(no)) from None


async def _campaigns(conn: Any, centre: str, code: str | None) -> list[CampaignRow]:
    """This one, or all that reports are made of; at least one. Raises NoExport."""
    if code is None:
        official = microdata_rules().official
        found = await microdata.campaigns(conn, centre, OFFICIAL, official)
        if not found:
            raise NoExport(
                f"centre {centre} has no daily campaign and no wave that asks {official}; name a campaign"
            )
        return found
    one = await microdata.campaign(conn, centre, code)
    if one is None:
        raise NoExport(f"centre {centre} has no campaign {code}; `minyi campaign list` shows them")
    if one.purpose != "survey":
        raise NoExport("answers about cases are no survey, and do not leave as microdata")
    return [one]


async def _write(ground: Ground, export: ExportRow, folder: Path, told: Told, order: Order) -> Written:
    async with ground.pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        campaigns = await _campaigns(conn, export.centre_code, export.campaign)
        newest = campaigns[-1]
        if export.period is None:
            _check_size(export, newest.units)
        columns = answer_columns(from_json(newest.questionnaire), microdata_rules())
        rows = await _rows(conn, export, campaigns, columns, told)
    _check_size(export, rows.height)
    return await _in_a_thread(lambda stop: _written(export, newest, columns, rows, folder, order, stop))


def _check_size(export: ExportRow, units: int) -> None:
    if "sav" in export.formats and units > microdata_rules().most_rows_sav:
        raise NoExport(
            f"these are {units} units, and an SPSS file is written of {microdata_rules().most_rows_sav} at most; "
            "ask for --format parquet or csv"
        )


async def _rows(
    conn: Any, export: ExportRow, campaigns: Sequence[CampaignRow], columns: Sequence[Column], told: Told
) -> pl.DataFrame:
    """Raises NoExport where there are none."""
    days, tz = _days(export.period), campaigns[0].tz
    if days is None:
        blocks = microdata.units(conn, campaigns[0].id, tz, BLOCK)
    else:
        ids = [one.id for one in campaigns]
        blocks = microdata.units_of_days(conn, ids, tz, days.first, days.last, BLOCK)
    parts: list[pl.DataFrame] = []
    read, of = 0, sum(one.units for one in campaigns)
    async for block in blocks:
        parts.append(await asyncio.to_thread(rows_of, block, columns, microdata_rules(), export.period))
        read += len(block)
        told(read, of)
    if not parts:
        raise NoExport(
            f"{export.campaign or 'the centre'} has no sample"
            + (f" that ended or answered in {export.period}" if export.period else "")
            + ", so there is nothing to export"
        )
    return pl.concat(parts)


def _written(
    export: ExportRow, campaign: CampaignRow, columns: Sequence[Column], rows: pl.DataFrame, folder: Path, order: Order,
    stop: Event,
) -> Written:  # fmt: skip
    """All that takes the processor, in one go."""
    rules, quota = microdata_rules(), campaign.kind == "poll"
    rows = rows if quota else weighed(rows)
    coarse = coarsen(rows, [one.name for one in columns], campaign.county, rules)
    rows = shuffled(coarse.rows, order(coarse.rows.height))
    rows = without_design(rows) if quota else rows
    shown = [one for one in (*UNIT_COLUMNS, *columns) if one.name in rows.columns]
    asked = Asked(
        campaign.name_zh, export.centre_code, export.campaign, export.period, export.asked_by, export.reason,
        export.asked_at,
    )  # fmt: skip
    told = about(asked, rules, rules_version(), rows.height, coarse.coarsened, coarse.left_out, quota=quota)
    rows = rows.select(one.name for one in shown)
    files = write_files(folder, _stem(export), rows, shown, told, rules, export.formats, stop)
    return Written(export.ref, _stem(export), rows.height, coarse.coarsened, coarse.left_out, files)


async def _in_a_thread(work: Callable[[Event], T]) -> T:
    """The loop goes on meanwhile. A thread cannot be cancelled: it is told to stop, and waited for, so that nothing is written
    any more once the row says that it failed."""
    stop = Event()
    thread = asyncio.ensure_future(asyncio.to_thread(work, stop))
    try:
        return await asyncio.shield(thread)
    except asyncio.CancelledError:
        stop.set()
        with suppress(Exception):
            await thread
        raise
