"""An export that does not come to its end: nothing of it stays, its row says why, and nobody tries for ever."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Event

import asyncpg
import polars as pl
import pytest
from report_week import CHENGGUAN, answered
from small_day import CENTRE, SmallDay, at

from survey import microdata_exports
from survey.clock import RealClock
from survey.ground import Ground
from survey.microdata.columns import Column
from survey.microdata.files import BATCH, Stopped, write_files
from survey.microdata.rules import microdata_rules
from survey.microdata_exports import STOPPED, NoExport, secret_order
from survey.store.microdata import ExportRow
from survey.vault import Vault
from workers.due import due_jobs


@pytest.fixture
async def ground(small_day: SmallDay, pool: asyncpg.Pool, vault: Vault) -> Ground:
    await answered(small_day, CHENGGUAN, ["1 1"] * 40)
    return Ground(pool, vault, RealClock())


async def owed(ground: Ground) -> str:
    return await microdata_exports.ask(ground, CENTRE, "daily-voice", ["csv"], by="张研究员", reason="课题")


async def row(ground: Ground) -> ExportRow:
    (only,) = await microdata_exports.listed(ground, CENTRE)
    return only


def below(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


async def test_one_that_is_cancelled_says_so_and_leaves_nothing(ground: Ground, tmp_path: Path) -> None:
    """Ctrl-C while the thread is at work: its row is not left as if somebody were still writing it."""
    await owed(ground)
    begun, go_on = Event(), Event()

    def slow(rows: int) -> list[int]:
        begun.set()
        assert go_on.wait(20)
        return secret_order(rows)

    writing = asyncio.create_task(microdata_exports.write_next(ground, tmp_path, order=slow))
    assert await asyncio.to_thread(begun.wait, 20)
    writing.cancel()
    asyncio.get_running_loop().call_later(0.05, go_on.set)
    with pytest.raises(asyncio.CancelledError):
        await writing
    left = await row(ground)
    assert (left.state, left.failure) == ("failed", STOPPED)
    assert below(tmp_path) == []
    assert await microdata_exports.write_next(ground, tmp_path) is None


async def test_the_loop_goes_on_while_it_is_written(ground: Ground, tmp_path: Path) -> None:
    await owed(ground)
    go_on = Event()

    def waits(rows: int) -> list[int]:
        assert go_on.wait(20)  # in the loop nobody could set it
        return secret_order(rows)

    asyncio.get_running_loop().call_later(0.05, go_on.set)
    assert await microdata_exports.write_next(ground, tmp_path, order=waits) is not None


async def test_an_error_that_nobody_expected_is_on_record_and_not_tried_again(
    ground: Ground, tmp_path: Path
) -> None:
    await owed(ground)

    def breaks(rows: int) -> list[int]:
        raise ZeroDivisionError("打我电话15412345678")

    with pytest.raises(ZeroDivisionError):
        await microdata_exports.write_next(ground, tmp_path, order=breaks)
    left = await row(ground)
    assert (left.state, left.failure) == ("failed", "ZeroDivisionError: 打我电话〔号码〕")
    assert below(tmp_path) == []
    assert await microdata_exports.write_next(ground, tmp_path) is None


async def test_what_could_not_be_put_on_record_does_not_stay_in_the_folder(
    small_day: SmallDay, ground: Ground, tmp_path: Path
) -> None:
    await owed(ground)
    await small_day.conn.execute(
        "ALTER TABLE survey.microdata_export ADD CONSTRAINT never CHECK (state <> 'done')"
    )
    with pytest.raises(asyncpg.CheckViolationError):
        await microdata_exports.write_next(ground, tmp_path)
    assert (await row(ground)).state == "failed"
    assert below(tmp_path) == []


async def test_a_third_death_is_the_last(small_day: SmallDay, ground: Ground, tmp_path: Path) -> None:
    """Whoever writes it is killed, again and again: it has no time to say anything."""
    ref = await owed(ground)
    dies = (
        "UPDATE survey.microdata_export SET state = 'writing', lease_real = '2020-01-01Z', tries = tries + 1"
    )
    for _ in range(microdata_rules().most_tries):
        await small_day.conn.execute(dies)
    assert await microdata_exports.write_next(ground, tmp_path) is None
    left = await row(ground)
    assert (left.ref, left.state) == (ref, "failed")
    assert "died, 3 times" in (left.failure or "")
    due = {one.job for one in await due_jobs(small_day.conn, at(12), ground.real_now()) if one.at <= at(12)}
    assert "write_microdata" not in due


async def test_the_next_one_takes_away_what_a_dead_one_left(
    small_day: SmallDay, ground: Ground, tmp_path: Path
) -> None:
    ref = await owed(ground)
    stem = f"{CENTRE}-daily-voice-{ref[:6]}"
    for left in (tmp_path / f".{stem}.unfinished", tmp_path / stem):
        left.mkdir()
        (left / "half.csv").write_text("1")
    await small_day.conn.execute(
        "UPDATE survey.microdata_export SET state = 'writing', lease_real = '2020-01-01Z', tries = 1"
    )
    written = await microdata_exports.write_next(ground, tmp_path)
    assert written is not None and below(tmp_path) == sorted([stem, *written.files])


def test_nothing_is_there_when_the_last_file_of_several_cannot_be_written(tmp_path: Path) -> None:
    """The page of the code book needs a title; by then the others lie there, but under no name that anybody reads."""
    columns = [Column("Q1", {"zh": "安全吗", "en": "Safe?"}, "Q1")]
    rows = pl.DataFrame({"Q1": ["1"]})
    with pytest.raises(KeyError, match="title_zh"):
        write_files(
            tmp_path, "some", rows, columns, {"notes": []}, microdata_rules(), ["csv", "sav"], Event()
        )
    assert below(tmp_path) == []
    stopped = Event()
    stopped.set()
    with pytest.raises(Stopped):
        write_files(tmp_path, "some", rows, columns, {}, microdata_rules(), ["csv"], stopped)
    assert below(tmp_path) == []


async def test_an_spss_file_of_too_many_rows_is_refused_with_the_other_formats(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = microdata_rules().model_copy(update={"most_rows_sav": 39})
    monkeypatch.setattr(microdata_exports, "microdata_rules", lambda: few)
    for formats, written in ((["sav"], False), (["csv", "parquet"], True)):
        ref = await microdata_exports.ask(
            ground, CENTRE, "daily-voice", formats, by="张研究员", reason="课题"
        )
        if written:
            assert await microdata_exports.write_next(ground, tmp_path, ref=ref) is not None
        else:
            with pytest.raises(NoExport, match="written of 39 at most; ask for --format parquet or csv"):
                await microdata_exports.write_next(ground, tmp_path, ref=ref)


async def test_a_code_that_the_questionnaire_does_not_say_is_no_silent_gap(
    small_day: SmallDay, ground: Ground, tmp_path: Path
) -> None:
    changed = await small_day.conn.execute(
        "UPDATE survey.answer SET code = '6' WHERE question_id = 'Q1' AND code = '1'"
    )
    assert changed != "UPDATE 0"
    await owed(ground)
    with pytest.raises(NoExport, match=r"answers to Q1 have codes \['6'\]"):
        await microdata_exports.write_next(ground, tmp_path)


def test_batches_of_rows_come_to_the_file_whole_and_in_order(tmp_path: Path) -> None:
    """CSV and Parquet are written batch by batch; codes become texts on the way."""
    columns = [Column("row", {"zh": "行", "en": "row"}), Column("Q1", {"zh": "安全吗", "en": "Safe?"}, "Q1")]
    many = 2 * BATCH + 7
    rows = pl.DataFrame(
        {"row": range(many), "Q1": [str(n % 3) for n in range(many)]},
        schema_overrides={"Q1": pl.Enum(list("012"))},
    )
    about = {"title_zh": "调查", "notes": []}
    write_files(tmp_path, "many", rows, columns, about, microdata_rules(), ["csv", "parquet"], Event())
    texts = rows.with_columns(pl.col("Q1").cast(pl.String))
    assert pl.read_parquet(tmp_path / "many" / "many.parquet").equals(texts)
    csv = pl.read_csv(tmp_path / "many" / "many.csv", schema_overrides={"Q1": pl.String})
    assert csv.equals(texts)
