"""`minyi centre` as a person types it: what was found, what the inspection came to, and what it does to the score."""

from __future__ import annotations

import json

import asyncpg
from commands_bench import Minyi


async def test_a_finding_is_written_listed_and_withdrawn_with_its_reason(
    county: str, minyi: Minyi, conn: asyncpg.Connection
) -> None:
    assert "没有查实的事项。Nothing was found." in (await minyi("centre", "list")).stdout
    done = await minyi("centre", "find", "leak", "--words", "名单发给15412345678", "--by", "市检查组")
    assert (done.exit_code, done.stdout) == (0, "已登记 on record\n")
    await minyi("centre", "inspect", "--points", "88", "--words", "年终检查", "--by", "市检查组")
    await minyi("centre", "withdraw", "1", "--words", "查无此事", "--by", "市检查组")
    listed = (await minyi("centre", "list")).stdout.splitlines()
    assert [line.split("  ", 2)[2] for line in listed] == [
        "泄露居民信息  —  名单发给〔号码〕  市检查组  已撤销 withdrawn: 查无此事",
        "年终检查  88  —  年终检查  市检查组",
    ]
    told = json.loads((await minyi("centre", "list", "--json")).stdout)
    assert [(one["number"], one["kind"], one["withdrawn"]) for one in told] == [
        (1, "leak", "查无此事"),
        (2, "inspection", None),
    ]


async def test_what_is_refused_is_said_in_a_sentence(county: str, minyi: Minyi) -> None:
    unknown = await minyi("centre", "find", "late", "--words", "x", "--by", "y")
    assert (unknown.exit_code, "it is one of leak, default_satisfied" in unknown.stderr) == (3, True)
    none = await minyi("centre", "withdraw", "4", "--words", "x", "--by", "y")
    assert (none.exit_code, "`minyi centre list` shows all" in none.stderr) == (3, True)
