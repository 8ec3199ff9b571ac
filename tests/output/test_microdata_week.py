"""A number of a weekly report, computed again from the microdata of that week alone; what else an export of a period holds."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import asyncpg
import polars as pl
import pytest
from report_week import CHENGGUAN, LIUHE, WANGZHUANG, answered, towns
from small_day import CENTRE, SmallDay, at
from typer.testing import CliRunner

from followup.reports.building import build
from followup.reports.document.figures import Figure
from survey import counting, microdata_exports
from survey.clock import RealClock
from survey.ground import Ground
from survey.microdata.rules import WITHHELD
from survey.microdata_exports import NoExport
from survey.periods import period
from survey.vault import Vault
from workers.cli import app

WEEK, FIRST_WEEK = "2026-W13", "2026-W11"
SPEC = """weight: base_weight
estimates:
  - {name: safety_rate, kind: proportion, of: Q1, codes: [1, 2], missing: [withheld]}
"""


@pytest.fixture
async def week(small_day: SmallDay) -> SmallDay:
    """A week of two campaigns, by voice and by text, in towns that were drawn more and less thinly, and 王庄乡 with its eight."""
    await towns(small_day)
    await answered(small_day, CHENGGUAN, ["1 1"] * 40 + ["2 2"] * 14 + ["3 3"] * 6, days=15)
    await answered(small_day, LIUHE, ["1 3"] * 40 + ["2 3"] * 14 + ["4 3"] * 6, days=16)
    await answered(small_day, WANGZHUANG, ["1 1"] * 8, days=17)
    await answered(small_day, LIUHE, ["1 1 1 2"] * 30 + ["4 3 2 2"] * 10, days=18, campaign="daily-text")
    await answered(small_day, CHENGGUAN, ["2 1"] * 12, days=22)  # the week after
    await weighed(small_day)
    return small_day


async def weighed(day: SmallDay) -> None:
    for area, weight in ((CHENGGUAN, 40.0), (LIUHE, 125.0)):
        await day.conn.execute(
            "UPDATE survey.sample_unit SET base_weight = $2, stratum = $1 WHERE area_code = $1", area, weight
        )
    await counting.refresh(day.conn)


async def published(day: SmallDay, week: str = WEEK) -> Figure:
    """The sense of safety as the weekly report prints it."""
    report = await build(day.conn, "weekly", CENTRE, period(week), at(0, days=28))
    return report.figures["now.safety_rate"]


async def export(
    pool: asyncpg.Pool, vault: Vault, folder: Path, campaign: str | None = None, written: str = WEEK
) -> Path:
    """The Parquet file of an export."""
    ground = Ground(pool, vault, RealClock())
    ref = await microdata_exports.ask(
        ground, CENTRE, campaign, ["parquet"], by="张研究员", reason="核对周报", period=written
    )
    done = await microdata_exports.write_next(ground, folder, ref=ref)
    assert done is not None
    return folder / done.name / f"{done.name}.parquet"


def estimated(data: Path) -> dict[str, Any]:
    """The only cell that `minyi estimate` gives."""
    spec = data.with_name("安全感.yaml")
    spec.write_text(SPEC, "utf-8")
    done = CliRunner().invoke(app, ["estimate", str(data), "--spec", str(spec), "--json"])
    assert done.exit_code == 0, done.output
    (cell,) = json.loads(done.stdout)
    found: dict[str, Any] = cell
    return found


def printed(value: float | None) -> str:
    assert value is not None
    return f"{100 * value:.1f}%"


async def test_the_weeks_number_and_interval_come_out_of_its_microdata(
    week: SmallDay, pool: asyncpg.Pool, vault: Vault, tmp_path: Path
) -> None:
    told = await published(week)

    cell = estimated(await export(pool, vault, tmp_path))

    assert cell["suppressed"] is None and cell["n"] == told.n == 168
    assert cell["value"] == pytest.approx(told.value, rel=1e-9)
    assert [printed(cell[name]) for name in ("value", "low", "high")] == [
        printed(told.value), printed(told.low), printed(told.high),
    ]  # fmt: skip


async def test_who_stands_out_in_a_week_is_withheld_and_the_code_book_says_how_many(
    week: SmallDay, pool: asyncpg.Pool, vault: Vault, tmp_path: Path
) -> None:
    """In the first week sixty were asked by voice; a few others, each in another way, are not hidden among them."""
    await answered(week, CHENGGUAN, ["1 1"] * 60, days=2)
    await weighed(week)
    told = await published(week, FIRST_WEEK)

    data = await export(pool, vault, tmp_path, written=FIRST_WEEK)

    book = json.loads(data.with_name(f"{data.stem}.codebook.json").read_text("utf-8"))
    rows = pl.read_parquet(data)
    withheld = rows.filter(pl.col("Q1") == WITHHELD).height
    assert "不提供回答3行" in book["notes"][0] and withheld == 3
    assert (told.n, estimated(data)["n"]) == (68, 66)  # the third had given no valid answer to Q1


async def test_a_campaign_and_a_period_are_that_campaign_in_these_days(
    week: SmallDay, pool: asyncpg.Pool, vault: Vault, tmp_path: Path
) -> None:
    rows = pl.read_parquet(await export(pool, vault, tmp_path, "daily-text"))
    assert rows.filter(pl.col("Q1").is_not_null()).height >= 40
    assert set(rows["period"]) == {WEEK}
    after = pl.read_parquet(await export(pool, vault, tmp_path, "daily-voice", "2026-W14"))
    assert after.height == 12 and set(after["period"]) == {"2026-W14"}


async def test_what_was_asked_for_stands_in_the_name_on_record_and_in_the_code_book(
    week: SmallDay, pool: asyncpg.Pool, vault: Vault, tmp_path: Path
) -> None:
    data = await export(pool, vault, tmp_path)
    assert data.parent.name.startswith(f"{CENTRE}-{WEEK}-")
    book = json.loads(data.with_name(f"{data.stem}.codebook.json").read_text("utf-8"))
    assert (book["campaign"], book["period"]) == (None, WEEK)
    assert "keep them apart" in book["notes"][-1]
    (row,) = await microdata_exports.listed(Ground(pool, vault, RealClock()), CENTRE)
    assert (row.campaign, row.period, row.state) == (None, WEEK, "done")


@pytest.mark.parametrize(
    ("campaign", "written", "why"),
    [
        (None, None, r"name a campaign \(`minyi campaign list`\), a period \(--period 2026-W11\), or both"),
        (None, "第十一周", "'第十一周' is no period; write 2026-03-09"),
        ("none", WEEK, "has no campaign none"),
    ],
)
async def test_what_cannot_be_exported_is_refused_before_it_is_owed(
    week: SmallDay, pool: asyncpg.Pool, vault: Vault, campaign: str | None, written: str | None, why: str
) -> None:
    ground = Ground(pool, vault, RealClock())
    with pytest.raises(NoExport, match=why):
        await microdata_exports.ask(
            ground, CENTRE, campaign, ["csv"], by="张研究员", reason="核对", period=written
        )
    assert await microdata_exports.listed(ground, CENTRE) == []


async def test_a_period_in_which_nobody_was_asked_has_no_file(
    week: SmallDay, pool: asyncpg.Pool, vault: Vault, tmp_path: Path
) -> None:
    with pytest.raises(NoExport, match=r"the centre has no sample that ended or answered in 2026-W30"):
        await export(pool, vault, tmp_path, written="2026-W30")
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == []


async def test_where_there_are_accounts_only_one_that_may_export_data_asks(
    week: SmallDay, pool: asyncpg.Pool, vault: Vault
) -> None:
    ground = Ground(pool, vault, RealClock())
    for name, role in (("liwei", "director"), ("zhang", "supervisor")):
        await week.conn.execute(
            "WITH made AS (INSERT INTO survey.account (name, called, employment, password_hash, password_at, must_change,"
            " created_at, created_by) VALUES ($1, $1, 'staff', 'x', $2, false, $2, 'test') RETURNING id)"
            " INSERT INTO survey.account_role SELECT id, $3, $4 FROM made",
            name, at(8), role, CENTRE,
        )  # fmt: skip
    for nobody in ("张研究员", "zhang"):
        with pytest.raises(NoExport, match=f"{nobody} has no account that may export data"):
            await microdata_exports.ask(ground, CENTRE, None, ["csv"], by=nobody, reason="核对", period=WEEK)
    await microdata_exports.ask(ground, CENTRE, None, ["csv"], by=" LiWei ", reason="核对", period=WEEK)
    assert [one.asked_by for one in await microdata_exports.listed(ground, CENTRE)] == ["liwei"]
