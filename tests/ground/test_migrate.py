"""Migrations: applied once, in order, by one process; a schema that does not fit is refused."""

from __future__ import annotations

import asyncio

import pytest

from survey.store.migrate import Migration, SchemaError, check_schema, migrate, migrations_in, migrations_of
from survey.store.pool import connection

PERSON = Migration("survey", 1, "person", "CREATE TABLE person (person_id bigint PRIMARY KEY);")
NAME = Migration("survey", 2, "name", "ALTER TABLE person ADD name bytea; CREATE INDEX ON person (name);")
CASE = Migration("followup", 1, "case", "CREATE TABLE case_ (person_id bigint REFERENCES person);")


@pytest.fixture
async def bare(bare_database):
    async with connection(bare_database) as conn:
        yield conn


async def test_due_migrations_are_applied_in_order_and_only_once(bare):
    assert await migrate(bare, [PERSON]) == (PERSON,)
    assert await migrate(bare, [PERSON, NAME, CASE]) == (NAME, CASE)
    assert await migrate(bare, [PERSON, NAME, CASE]) == ()
    await check_schema(bare, [PERSON, NAME, CASE])

    rows = await bare.fetch("SELECT package, number, name FROM schema_migration ORDER BY applied_at")
    assert [tuple(row) for row in rows] == [
        ("survey", 1, "person"),
        ("survey", 2, "name"),
        ("followup", 1, "case"),
    ]


async def test_two_processes_migrating_at_once_do_it_once(bare_database):
    async def one() -> tuple[Migration, ...]:
        async with connection(bare_database) as conn:
            return await migrate(conn, [PERSON, NAME])

    assert sorted(map(len, await asyncio.gather(one(), one(), one()))) == [0, 0, 2]


async def test_a_migration_that_fails_leaves_nothing_behind_and_keeps_those_before_it(bare):
    broken = Migration("survey", 2, "broken", "CREATE TABLE half (x int); ALTER TABLE nowhere ADD x int;")

    with pytest.raises(SchemaError, match=r"survey/0002_broken failed and left nothing behind: .*nowhere"):
        await migrate(bare, [PERSON, broken])

    assert await bare.fetchval("SELECT to_regclass('half')") is None
    assert await migrate(bare, [PERSON, NAME]) == (NAME,)


async def test_an_applied_file_may_not_change(bare):
    await migrate(bare, [PERSON])
    changed = Migration("survey", 1, "person", PERSON.sql + " -- better")

    with pytest.raises(SchemaError, match="survey/0001_person was changed after it was applied here"):
        await migrate(bare, [changed])
    with pytest.raises(SchemaError, match="was changed after it was applied here"):
        await check_schema(bare, [changed])


async def test_processes_refuse_an_older_schema(bare):
    with pytest.raises(SchemaError) as refusal:
        await check_schema(bare, [PERSON, NAME])
    assert str(refusal.value) == (
        "The database is older than this program: 2 migration(s) are due, first survey/0001_person. "
        "Run `minyi migrate`."
    )


async def test_processes_refuse_a_newer_schema(bare):
    await migrate(bare, [PERSON, NAME])

    for refused in (check_schema, migrate):
        with pytest.raises(SchemaError, match="newer than this program: it has survey/0002_name"):
            await refused(bare, [PERSON])


def test_files_are_read_in_the_order_of_their_numbers(tmp_path):
    (tmp_path / "0002_name.sql").write_text(NAME.sql)
    (tmp_path / "0001_person.sql").write_text(PERSON.sql)
    (tmp_path / "README.md").write_text("not a migration")

    assert migrations_in("survey", tmp_path) == (PERSON, NAME)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("0003_late.sql", "survey/0003_late stands where number 0002 is due"),
        ("0001_again.sql", "survey/0001_person stands where number 0002 is due"),
        ("2_name.sql", "2_name.sql in survey is no migration"),
    ],
)
def test_gaps_doubles_and_stray_names_are_refused(tmp_path, name, said):
    (tmp_path / "0001_person.sql").write_text(PERSON.sql)
    (tmp_path / name).write_text(NAME.sql)

    with pytest.raises(SchemaError, match=said):
        migrations_in("survey", tmp_path)


async def test_the_packaged_migrations_make_the_schema_that_processes_expect(conn):
    await check_schema(conn, migrations_of(("survey", "followup")))
