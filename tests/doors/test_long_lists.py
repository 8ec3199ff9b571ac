"""The first long list of a city: its keys are set aside and come back, whatever happens; nobody sees the tables without them."""

from __future__ import annotations

import asyncpg
import pytest
from doors_bench import CENTRE, Bench

from survey import enlisting, hashing
from survey.importing import Brought, ListReport, import_residents
from survey.sampling.list_policy import list_policy

BROUGHT = Brought("名单.csv", "张主任", "日常调查", "统计法")
HEADINGS = "姓名,电话,出生年,乡镇,村\n"
PEOPLE = [f"王芳,154{n:08},1975,柳河镇,王庄村\n" for n in range(25)]
LONG = HEADINGS + "".join(PEOPLE)

KEYS = """
SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid), c.convalidated FROM pg_constraint c
WHERE c.conrelid IN ('survey.person'::regclass, 'survey.frame_entry'::regclass)
UNION ALL
SELECT i.tablename, i.indexname, i.indexdef, true FROM pg_indexes i
WHERE i.schemaname = 'survey' AND i.tablename IN ('person', 'frame_entry')
ORDER BY 1, 2, 3"""


@pytest.fixture(autouse=True)
def twenty_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """People in one write: 10; a list is long from 20, and any is hashed in a process."""
    monkeypatch.setattr(hashing, "LONG", 0)
    limits = list_policy().limits.model_copy(update={"keys_last_from": 20})
    policy = list_policy().model_copy(update={"limits": limits})
    monkeypatch.setattr(enlisting, "list_policy", lambda: policy)
    monkeypatch.setattr(enlisting, "AT_ONCE", 10)


async def bring(bench: Bench, text: str, told: enlisting.Told = enlisting.nobody) -> ListReport:
    return await import_residents(bench.ground, CENTRE, text.encode(), BROUGHT, "fictional", told=told)


async def kept(bench: Bench) -> tuple[int, int]:
    persons = await bench.one("SELECT count(*) FROM survey.person")
    return persons, await bench.one("SELECT count(*) FROM survey.frame_entry")


async def test_the_keys_are_the_same_afterwards_and_they_hold(bench: Bench) -> None:
    before = await bench.rows(KEYS)
    seen: list[tuple[int, int]] = []
    report = await bring(bench, LONG, lambda done, total: seen.append((done, total)))
    assert (report.kept, report.refused, seen) == (25, 0, [(10, 25), (20, 25), (25, 25)])
    assert await bench.rows(KEYS) == before
    assert await kept(bench) == (25, 25)
    rows = await bench.rows("SELECT token, number_cipher, prn FROM survey.person ORDER BY id")
    numbers = [f"+86154{n:08}" for n in range(25)]
    vault = bench.ground.vault
    assert [(t, vault.open(n), p) for t, n, p in rows] == [(vault.token(n), n, vault.prn(n)) for n in numbers]
    with pytest.raises(asyncpg.UniqueViolationError):
        await bench.run(
            "INSERT INTO survey.person (token, key_id, number_cipher, prn) SELECT token, '', '', 0 FROM survey.person"
        )
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await bench.run("UPDATE survey.frame_entry SET area_code = 'nowhere'")


async def test_further_numbers_come_after_the_keys_and_nobody_loses_theirs(bench: Bench) -> None:
    of_both = "李娜,15400000990/15400000001/15400000991,1980,柳河镇,王庄村\n"
    await bring(bench, LONG + of_both)
    rows = await bench.rows("SELECT position, token FROM survey.person_number")
    assert rows == [(2, bench.ground.vault.token("+8615400000991"))]


async def test_nobody_sees_a_table_without_its_keys(bench: Bench, database: str) -> None:
    other = await asyncpg.connect(database)
    try:
        async with bench.ground.pool.acquire() as conn, conn.transaction():
            assert await conn.fetchval("SELECT survey.set_keys_aside()")
            await other.execute("SET lock_timeout = '50ms'")
            for table in ("person", "frame_entry"):
                with pytest.raises(asyncpg.LockNotAvailableError):
                    await other.fetchval(f"SELECT count(*) FROM survey.{table}")
            await conn.execute("SELECT survey.build_keys()")
    finally:
        await other.close()


async def test_what_fails_in_the_middle_leaves_nothing_behind(bench: Bench) -> None:
    before = await bench.rows(KEYS)

    def interrupted(done: int, total: int) -> None:
        if done > 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await bring(bench, LONG, interrupted)
    assert await bench.rows(KEYS) == before
    assert await kept(bench) == (0, 0)
    assert await bench.one("SELECT count(*) FROM survey.import_batch") == 0
    assert (await bring(bench, LONG)).kept == 25


@pytest.mark.parametrize("table", ["person", "frame_entry", "area"])
async def test_where_somebody_is_at_the_tables_the_keys_stay(bench: Bench, database: str, table: str) -> None:
    other = await asyncpg.connect(database)
    try:
        async with other.transaction():
            await other.fetchval(f"SELECT count(*) FROM survey.{table}")
            assert (await bring(bench, LONG)).kept == 25
    finally:
        await other.close()
    assert await kept(bench) == (25, 25)


async def test_a_later_list_keeps_the_keys_and_blocks_nobody(bench: Bench, database: str) -> None:
    await bring(bench, LONG)
    other = await asyncpg.connect(database)
    try:
        async with other.transaction():
            assert await other.fetchval("SELECT count(*) FROM survey.person") == 25
            more = "".join(f"李娜,154{n:08},1980,柳河镇,王庄村\n" for n in range(15, 40))
            assert (await bring(bench, HEADINGS + more)).kept == 25
    finally:
        await other.close()
    assert await kept(bench) == (40, 40)


async def test_a_number_that_is_somebody_s_further_one_finds_them(bench: Bench) -> None:
    await bring(bench, HEADINGS + "王芳,15400000001/15400000002,1975,柳河镇,王庄村\n")
    await bring(bench, HEADINGS + "王芳,15400000002,1975,柳河镇,王庄村\n")
    assert await kept(bench) == (1, 1)
