"""Microdata of the small week: what leaves the house, in four files, and what does not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import asyncpg
import numpy as np
import polars as pl
import pyreadstat
import pytest
from polars.testing import assert_frame_equal
from reading_microdata import numbers_in
from report_week import CHENGGUAN, WANGZHUANG, answered, two_weeks
from small_day import CENTRE, SmallDay, at

from survey import microdata_exports
from survey.clock import RealClock
from survey.field.dispositions import disposition
from survey.ground import Ground
from survey.microdata.rules import GROUP, WITHHELD, microdata_rules
from survey.microdata.shared_weights import WEIGHTS
from survey.microdata_exports import NoExport, Order, Written, secret_order
from survey.vault import Vault
from workers.due import due_jobs

CAMPAIGN = "daily-voice"


@pytest.fixture
def ground(small_day: SmallDay, pool: asyncpg.Pool, vault: Vault) -> Ground:
    return Ground(pool, vault, RealClock(), tokens=_tokens())


def _tokens() -> Callable[[], str]:
    names = iter(f"ref{n:05}" for n in range(100))
    return lambda: next(names)


async def export(ground: Ground, folder: Path, *formats: str, order: Order = secret_order) -> Written:
    ref = await microdata_exports.ask(
        ground, CENTRE, CAMPAIGN, formats or ("csv", "parquet", "sav"), by="张研究员", reason="省级课题"
    )
    written = await microdata_exports.write_next(ground, folder, ref=ref, order=order)
    assert written is not None
    return written


def read(folder: Path, written: Written, ending: str) -> Path:
    (name,) = [name for name in written.files if name.endswith(ending)]
    return folder / Path(name).stem.removesuffix(".codebook") / name


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


async def test_all_formats_hold_the_same_rows_and_stand_on_record(
    small_day: SmallDay, ground: Ground, tmp_path: Path
) -> None:
    await two_weeks(small_day)
    written = await export(ground, tmp_path)
    assert written.files == hashes(tmp_path)  # and no half of any
    parquet = pl.read_parquet(read(tmp_path, written, ".parquet"))
    released = await small_day.conn.fetchval(
        "SELECT count(*) FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id WHERE c.code = $1", CAMPAIGN
    )  # fmt: skip
    assert parquet.height == written.rows == released > 200
    csv = pl.read_csv(read(tmp_path, written, ".csv"), schema_overrides=parquet.schema)
    assert_frame_equal(csv, parquet)
    sav, about = pyreadstat.read_sav(
        read(tmp_path, written, ".sav"), output_format="polars", user_missing=True
    )
    assert sav.columns == parquet.columns
    assert_frame_equal(sav, as_spss(parquet, sav.schema))
    assert about.variable_value_labels["Q1"] == {
        1: "安全", 2: "比较安全", 3: "不太安全", 4: "不安全", 96: "为保护个人不提供", 97: "没有回答", 98: "说不清", 99: "不想说",
    }  # fmt: skip
    assert about.missing_ranges["Q1"] == [{"lo": 96.0, "hi": 99.0}]
    assert about.column_names_to_labels["weight"] == "最终权重"
    (row,) = await microdata_exports.listed(ground, CENTRE)
    assert (row.state, row.asked_by, row.reason, row.rows, row.files) == (
        "done", "张研究员", "省级课题", written.rows, written.files,
    )  # fmt: skip


def as_spss(rows: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """Codes as numbers, and "" for nothing where a column is a text."""
    missing = {code: str(number) for code, number in microdata_rules().missing.items()}
    return rows.select(
        pl.col(name).cast(pl.String).fill_null("")
        if kind == pl.String
        else pl.col(name).cast(pl.String).replace(missing).cast(kind)
        for name, kind in schema.items()
    )


async def test_the_code_book_says_what_is_in_the_files_and_what_was_done_to_them(
    small_day: SmallDay, ground: Ground, tmp_path: Path
) -> None:
    await two_weeks(small_day)
    written = await export(ground, tmp_path)
    rows = pl.read_parquet(read(tmp_path, written, ".parquet"))
    book = json.loads(read(tmp_path, written, "codebook.json").read_text("utf-8"))
    assert [one["name"] for one in book["columns"]] == rows.columns
    assert book["notes"][0] == (
        f"每个组合至少5人;调粗{written.coarsened}行,不提供回答{written.left_out}行。"
        f" Of each combination at least 5; {written.coarsened} rows made coarse, {written.left_out} withheld."
    )
    said = {
        key: book[key]
        for key in ("title_zh", "campaign", "rows", "rule_version", "asked_by", "reason", "sample")
    }
    assert said == {
        "title_zh": "平安调查(语音)", "campaign": CAMPAIGN, "rows": rows.height, "rule_version": 3, "asked_by": "张研究员",
        "reason": "省级课题", "sample": "probability",
    }  # fmt: skip
    for one in book["columns"]:
        told = set(rows[one["name"]].drop_nulls().cast(pl.String))
        assert not one["codes"] or told <= set(one["codes"]), one["name"]
    page = read(tmp_path, written, "codebook.md").read_text("utf-8")
    assert "| 1 | 安全 |" in page and "## stratum" in page


async def eligible_in_the_sample(day: SmallDay) -> float:
    """By town: those known to be eligible, and as many of the unknown as of the known."""
    drawn = await day.conn.fetch(
        "SELECT left(u.area_code, 9) AS town, u.disposition FROM survey.sample_unit u JOIN survey.campaign c"
        " ON c.id = u.campaign_id WHERE c.code = $1",
        CAMPAIGN,
    )
    towns: dict[str, Counter[str]] = {}
    for row in drawn:
        towns.setdefault(row["town"], Counter())[disposition(row["disposition"]).group] += 1
    total = 0.0
    for groups in towns.values():
        unknown = groups["UH"] + groups["UO"]
        known = groups.total() - unknown
        total += (known - groups["NE"]) * (known + unknown) / known
    return total


async def test_the_weights_are_the_factors_multiplied_and_stand_for_the_sample(
    small_day: SmallDay, ground: Ground, tmp_path: Path
) -> None:
    await two_weeks(small_day)
    rows = pl.read_parquet(read(tmp_path, await export(ground, tmp_path), ".parquet"))
    who = rows.filter(pl.col("group") == "I")
    product = who["base_weight"] * who["eligibility_factor"] * who["nonresponse_factor"]
    assert np.allclose(product.to_numpy(), who["weight"].to_numpy())
    assert rows["weight"].sum() == pytest.approx(await eligible_in_the_sample(small_day))
    assert rows.filter(pl.col("group") != "I")["weight"].sum() == 0


async def test_nobody_stands_out_and_nothing_leads_to_anybody(
    small_day: SmallDay, ground: Ground, tmp_path: Path
) -> None:
    """Eight people of 王庄乡, of whom fewer than thirty are in the sample: their town is the county."""
    await two_weeks(small_day)
    written = await export(ground, tmp_path)
    rows = pl.read_parquet(read(tmp_path, written, ".parquet"))
    assert WANGZHUANG[:9] not in set(rows["area"]) and {len(area) for area in rows["area"]} <= {6, 9}
    assert written.coarsened >= 8
    county = rows.filter((pl.col("area") == CENTRE) & (pl.col("group") == "I"))
    assert county["weight"].n_unique() == 1  # a weight of their own would tell the town
    assert numbers_in(tmp_path) == []
    closed = [name for name in rows.columns if name.startswith(("Q", "S"))]
    assert set(rows.columns) - set(closed) == {
        "row", "area", "period", "mode", "disposition", "group", "stratum", "psu", *WEIGHTS
    }  # fmt: skip
    assert "Q11" not in closed and "Q1" in closed  # what somebody says in their own words


async def test_the_one_who_was_asked_by_an_operator_is_not_in_the_file_as_that(
    small_day: SmallDay, ground: Ground, tmp_path: Path
) -> None:
    """Of everything in the file that may be known of a person, fewer than five of no combination have told anything."""
    await two_weeks(small_day)
    await small_day.conn.execute(
        "UPDATE survey.interview SET mode = 'operator'"
        " WHERE id = (SELECT min(id) FROM survey.interview WHERE ref LIKE 'week-i-%')"
    )
    rows = pl.read_parquet(read(tmp_path, await export(ground, tmp_path, "parquet"), ".parquet"))
    assert "operator" not in set(rows["mode"]) and "voice" in set(rows["mode"])
    known = [name for name in microdata_rules().known if name in rows.columns]
    assert {"mode", "period", "disposition", "area", "Q10_age", "Q10_sex"} == set(known)
    answered_ = rows.filter(pl.col("Q1").is_not_null() & (pl.col("Q1") != WITHHELD))
    assert answered_.height > 200
    assert answered_.group_by(*known, GROUP).len()["len"].min() >= microdata_rules().least_alike  # type: ignore[operator]


async def test_the_order_of_the_rows_follows_from_nothing_that_anybody_can_see(
    small_day: SmallDay, pool: asyncpg.Pool, vault: Vault, tmp_path: Path
) -> None:
    """The same reference, asked and written again: what `list` prints does not say how the rows were shuffled."""
    await two_weeks(small_day)
    orders = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        written = await export(
            Ground(pool, vault, RealClock(), tokens=lambda: "the-same-ref"), folder, "parquet"
        )
        assert written.ref == "the-same-ref"
        orders.append(pl.read_parquet(read(folder, written, ".parquet")))
        await small_day.conn.execute("DELETE FROM survey.microdata_export")
    first, second = orders
    assert first["row"].to_list() == second["row"].to_list() == list(range(1, first.height + 1))
    rest = [name for name in first.columns if name not in ("row", "psu")]
    assert first.select(rest).rows() != second.select(rest).rows()
    assert sorted(map(str, first.select(rest).rows())) == sorted(map(str, second.select(rest).rows()))


async def test_an_order_that_is_handed_in_is_the_order_of_the_file(
    small_day: SmallDay, ground: Ground, tmp_path: Path
) -> None:
    await two_weeks(small_day)
    straight = await export(ground, tmp_path / "a", "parquet", order=lambda rows: list(range(rows)))
    turned = await export(ground, tmp_path / "b", "parquet", order=lambda rows: list(range(rows))[::-1])
    first, second = (
        pl.read_parquet(read(tmp_path / folder, written, ".parquet")).drop("row", "psu")
        for folder, written in (("a", straight), ("b", turned))
    )
    assert first.rows() == second.rows()[::-1]
    assert secret_order(50) != secret_order(50) and sorted(secret_order(50)) == list(range(50))


async def test_a_poll_with_quotas_has_no_weights(small_day: SmallDay, ground: Ground, tmp_path: Path) -> None:
    await answered(small_day, CHENGGUAN, ["1 1"] * 40)
    await small_day.conn.execute("UPDATE survey.campaign SET kind = 'poll' WHERE code = $1", CAMPAIGN)
    written = await export(ground, tmp_path, "csv")
    assert not set(pl.read_csv(read(tmp_path, written, ".csv")).columns) & {*WEIGHTS, "stratum", "psu"}
    assert "配额样本" in read(tmp_path, written, "codebook.md").read_text("utf-8")


async def test_the_worker_writes_what_is_owed_once(
    small_day: SmallDay, ground: Ground, tmp_path: Path
) -> None:
    await answered(small_day, CHENGGUAN, ["1 1"] * 40)
    ref = await microdata_exports.ask(ground, CENTRE, CAMPAIGN, ["csv"], by="张研究员", reason="课题")
    now = at(12)
    due = {one.job for one in await due_jobs(small_day.conn, now, ground.real_now()) if one.at <= now}
    assert "write_microdata" in due
    assert (await microdata_exports.write_next(ground, tmp_path)) is not None
    assert (await microdata_exports.write_next(ground, tmp_path)) is None
    (row,) = await microdata_exports.listed(ground, CENTRE)
    assert (row.ref, row.state) == (ref, "done")


async def test_one_that_a_dead_worker_was_writing_is_written_whole(
    small_day: SmallDay, ground: Ground, tmp_path: Path
) -> None:
    await answered(small_day, CHENGGUAN, ["1 1"] * 40)
    await microdata_exports.ask(ground, CENTRE, CAMPAIGN, ["csv"], by="张研究员", reason="课题")
    await small_day.conn.execute(
        "UPDATE survey.microdata_export SET state = 'writing', lease_real = '2020-01-01Z'"
    )
    assert (await microdata_exports.write_next(ground, tmp_path)) is not None


@pytest.mark.parametrize(
    ("campaign", "formats", "by", "reason", "why"),
    [
        ("none", ["csv"], "张", "课题", "has no campaign none"),
        (CAMPAIGN, ["xls"], "张", "课题", "no format xls; choose from csv, parquet, sav"),
        (CAMPAIGN, ["csv"], " ", "课题", "who asks for it and why"),
        (CAMPAIGN, ["csv"], "张", " ", "who asks for it and why"),
        ("callbacks", ["csv"], "张", "课题", "no survey"),
    ],
)
async def test_what_is_refused(
    small_day: SmallDay, ground: Ground, campaign: str, formats: list[str], by: str, reason: str, why: str
) -> None:
    with pytest.raises(NoExport, match=why):
        await microdata_exports.ask(ground, CENTRE, campaign, formats, by=by, reason=reason)
    assert await microdata_exports.listed(ground, CENTRE) == []


async def test_a_campaign_that_is_gone_fails_with_the_reason(
    small_day: SmallDay, ground: Ground, tmp_path: Path
) -> None:
    await small_day.conn.execute("DELETE FROM survey.unit_event")
    ref = await microdata_exports.ask(ground, CENTRE, "daily-operator", ["csv"], by="张", reason="课题")
    await small_day.conn.execute("UPDATE survey.microdata_export SET campaign = 'gone'")
    with pytest.raises(NoExport, match="has no campaign gone"):
        await microdata_exports.write_next(ground, tmp_path, ref=ref)
    (row,) = await microdata_exports.listed(ground, CENTRE)
    assert row.state == "failed" and "has no campaign gone" in (row.failure or "")
    assert hashes(tmp_path) == {}
