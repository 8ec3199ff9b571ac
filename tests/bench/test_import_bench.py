"""The bench of the import: both sides keep the same people, and its outcome has the keys that docs/benchmarks.md names."""

from __future__ import annotations

import json

import asyncpg

from workers.bench.import_list import csv_list
from workers.bench.importing import ImportBench, reference

PEOPLE = 2_000


def shown(what: str, done: int, total: int) -> None:
    """Nobody looks."""


async def test_both_sides_keep_everybody() -> None:
    outcome = json.loads((await ImportBench(PEOPLE, 1, shown).run()).to_json())
    assert outcome["sizes"] == {"people": PEOPLE, "file_bytes": len(csv_list(PEOPLE))}
    assert {name: len(one["rounds"]) for name, one in outcome["series"].items()} == {
        "reference": 1,
        "first_list": 1,
    }
    bar = outcome["bars"]["import"]
    assert (bar["ours"], bar["beside"], bar["at_most"]) == ("first_list", "reference", 4)


async def test_the_reference_keeps_each_row_of_the_list_under_its_number(database: str) -> None:
    data = csv_list(PEOPLE)
    lines = data.decode().splitlines()[1:]
    twice = data + lines[0].encode() + "\n陈娟,0396-2951234,柳河镇,王庄村,1980\n".encode()
    conn = await asyncpg.connect(database)
    try:
        assert await reference(conn, twice) == PEOPLE
        rows = await conn.fetch("SELECT name, number, township, village, birth_year FROM bench_list")
        key = await conn.fetchval(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'bench_list'::regclass AND contype = 'p'"
        )
    finally:
        await conn.close()
    kept = {",".join((n, number.removeprefix("+86"), t, v, str(b))) for n, number, t, v, b in rows}
    assert (kept, key) == (set(lines), "PRIMARY KEY (number)")


def test_what_the_list_holds() -> None:
    lines = csv_list(3).decode().splitlines()
    assert lines[0] == "姓名,电话,乡镇,村,出生年"
    assert len({line.split(",")[1] for line in lines[1:]}) == 3
