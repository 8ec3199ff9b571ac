"""DOOR: microdata of a campaign leave the house: asked for by name and reason, made coarse, written, on record with their hashes.

Rows are shuffled, and get serials, by dice that are kept nowhere: no two exports can be laid side by side by their order. Who a
row is of is read for counting people alone; nothing else that names a person, a number or a contact is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from secrets import SystemRandom
from typing import Any, Final

import numpy as np
import polars as pl

from survey.field.dispositions import disposition
from survey.ground import Ground
from survey.masking import without_numbers
from survey.microdata.coarsening import coarsen
from survey.microdata.columns import UNIT_COLUMNS, Column, answer_columns, coded, period_of
from survey.microdata.files import FORMATS, write_files
from survey.microdata.rules import microdata_rules, rules_version
from survey.questionnaire.loader import from_json
from survey.statistics.weighting import GROUPS, WeightingError, response_factors
from survey.store import microdata
from survey.store.microdata import CampaignRow, ExportRow

BLOCK: Final = 2000
TOWNSHIP: Final = 9
"""Digits of a township's code; what follows is villages and grids."""
LEASE: Final = timedelta(hours=2)
Told = Callable[[int, int], None]
"""Units read so far, and of how many."""
Order = Callable[[int], Sequence[int]]
"""A random order of so many rows: their places, each once."""


def secret_order(rows: int) -> list[int]:
    """By the operating system's randomness, which has no seed: nobody can make the order again, not even with the database."""
    return SystemRandom().sample(range(rows), rows)


class NoExport(Exception):
    """Why nothing is exported."""


@dataclass(frozen=True)
class Written:
    """What an export came to. `files`: their names and hashes."""

    ref: str
    rows: int
    coarsened: int
    left_out: int
    files: dict[str, str]


async def ask(
    ground: Ground, centre: str, campaign: str, formats: Sequence[str], *, by: str, reason: str
) -> str:
    """Owe an export; its reference. Raises NoExport."""
    if not by.strip() or not reason.strip():
        raise NoExport("an export needs who asks for it and why; both stand on record")
    unknown = [one for one in formats if one not in FORMATS]
    if unknown or not formats:
        raise NoExport(
            f"there is no format {', '.join(unknown) or '(none)'}; choose from {', '.join(FORMATS)}"
        )
    async with ground.pool.acquire() as conn:
        found = await microdata.campaign(conn, centre, campaign)
        if found is None:
            raise NoExport(f"centre {centre} has no campaign {campaign}; `minyi campaign list` shows them")
        if found.purpose != "survey":
            raise NoExport("answers about cases are no survey, and do not leave as microdata")
        ref = ground.tokens()
        who, why = without_numbers(by.strip()), without_numbers(" ".join(reason.split()))
        await microdata.ask(conn, ref, centre, campaign, formats, who, why, ground.clock.now())
    return ref


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
    """Write the next export that is owed, or this one; None: none is. Run twice, or after a crash, it is written whole."""
    real_now = ground.real_now()
    async with ground.pool.acquire() as conn:
        export = await microdata.take(conn, real_now, real_now + LEASE, ref)
    if export is None:
        return None
    try:
        written = await _write(ground, export, folder, told, order)
    except (NoExport, WeightingError, OSError) as error:
        async with ground.pool.acquire() as conn:
            await microdata.failed(conn, export.ref, str(error) or type(error).__name__, ground.clock.now())
        raise NoExport(str(error) or type(error).__name__) from error
    async with ground.pool.acquire() as conn:
        await microdata.done(
            conn, export.ref, rules_version(), written.rows, written.coarsened, written.left_out, written.files,
            ground.clock.now(),
        )  # fmt: skip
    return written


async def _write(ground: Ground, export: ExportRow, folder: Path, told: Told, order: Order) -> Written:
    rules = microdata_rules()
    async with ground.pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        campaign = await microdata.campaign(conn, export.centre_code, export.campaign)
        if campaign is None or campaign.units == 0:
            raise NoExport(f"campaign {export.campaign} has no sample, so there is nothing to export")
        columns = answer_columns(from_json(campaign.questionnaire), rules)
        rows = await _rows(conn, campaign, columns, told)
    quota = campaign.kind == "poll"
    rows = rows.drop("base_weight") if quota else _weighed(rows)
    coarse = coarsen(rows, [one.name for one in columns], campaign.county, rules)
    shuffled = _shuffled(coarse.rows, order(coarse.rows.height))
    shown = [one for one in (*UNIT_COLUMNS, *columns) if one.name in shuffled.columns]
    about = _about(export, campaign, coarse.coarsened, coarse.left_out, shuffled.height, quota)
    stem = f"{export.centre_code}-{export.campaign}-{export.ref[:6]}"
    files = write_files(
        folder, stem, shuffled.select(one.name for one in shown), shown, about, rules, export.formats
    )
    return Written(export.ref, shuffled.height, coarse.coarsened, coarse.left_out, files)


async def _rows(conn: Any, campaign: CampaignRow, columns: Sequence[Column], told: Told) -> pl.DataFrame:
    parts: list[pl.DataFrame] = []
    read = 0
    async for block in microdata.units(conn, campaign.id, campaign.tz, BLOCK):
        read += len(block)
        told(read, campaign.units)
        data: dict[str, list[Any]] = {
            "person": [row["person_id"] for row in block],
            "area": [row["area_code"][:TOWNSHIP] for row in block],
            "period": [period_of(row["done_on"], microdata_rules().period) for row in block],
            "mode": [row["mode"] for row in block],
            "disposition": [row["disposition"] for row in block],
            "group": [disposition(row["disposition"]).group for row in block],
            "base_weight": [row["base_weight"] for row in block],
        }
        for one in columns:
            data[one.name] = [coded(one, row["codes"].get(one.question)) for row in block]
        text = {name: pl.String for name in data if name not in ("person", "base_weight")}
        parts.append(pl.DataFrame(data, schema_overrides=text))
    return pl.concat(parts)


def _weighed(rows: pl.DataFrame) -> pl.DataFrame:
    """With the factors of statistics.md §3.1, classes being the areas. Raises WeightingError."""
    base = rows["base_weight"].to_numpy().astype(np.float64)
    group = np.array([GROUPS.index(one) for one in rows["group"]])
    names, classes = np.unique(rows["area"].to_numpy(), return_inverse=True)
    answered = {classes[place] for place in np.flatnonzero(group == GROUPS.index("I"))}
    if len(answered) < len(names):  # an area in which nobody answered speaks through the others
        names, classes = np.array(["all"]), np.zeros(len(classes), dtype=np.int64)
    factors = response_factors(base, group, classes, [str(one) for one in names])
    return rows.with_columns(
        pl.Series("eligibility_factor", factors.unknown),
        pl.Series("nonresponse_factor", factors.nonresponse),
        pl.Series("weight", base * factors.unknown * factors.nonresponse),
    )


def _shuffled(rows: pl.DataFrame, order: Sequence[int]) -> pl.DataFrame:
    serial = pl.Series("row", range(1, rows.height + 1))
    return rows[order].with_columns(serial)


def _about(
    export: ExportRow, campaign: CampaignRow, coarsened: int, left_out: int, rows: int, quota: bool
) -> dict[str, Any]:
    notes = [
        f"每个组合至少{microdata_rules().least_alike}人;调粗{coarsened}行,不提供回答{left_out}行。"
        f" Of each combination at least {microdata_rules().least_alike}; {coarsened} rows made coarse, {left_out} withheld.",
        "自己的话、姓名、号码、村和网格都不在内。No words of anybody's own, no names, numbers, villages or grids.",
    ]
    notes.append(
        "配额样本:没有设计权重,不能算抽样误差。A quota sample: no design weights, no sampling errors."
        if quota
        else "权重 = 设计权重 × 未知合格性 × 无应答,按区划分类;没有校准。The weight is not calibrated."
    )
    return {
        "title_zh": campaign.name_zh,
        "centre": export.centre_code,
        "campaign": export.campaign,
        "rows": rows,
        "rule_version": rules_version(),
        "asked_by": export.asked_by,
        "reason": export.reason,
        "asked_at": export.asked_at.isoformat(),
        "sample": "quota 配额样本" if quota else "probability",
        "notes": notes,
    }
