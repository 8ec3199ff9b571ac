"""`minyi notice` as people run it: the desk, receipts, and an address book that shows no number."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import asyncpg
from commands_bench import Minyi

from followup import notices
from followup.notice_templates import notice_policy
from followup.notices import NewNotice

POLICE = "unit:991721-police"
NUMBER = "15400000901"
OWED_AT = datetime(2026, 3, 9, 2, tzinfo=UTC)


async def owed(conn: asyncpg.Connection, cause: str = "urge:1") -> str:
    notice = await notices.owe(
        conn, NewNotice(cause, POLICE, "urge_1", notice_policy().templates["urge_1"].example), now=OWED_AT
    )
    return str(notice)


async def test_the_desk_of_a_unit(minyi: Minyi, county: str, conn: asyncpg.Connection) -> None:
    notice = await owed(conn)
    listed = await minyi("notice", "list", "--to", POLICE)
    assert (listed.exit_code, listed.stdout) == (0, f"{notice:>6}  待发 owed  {POLICE}  催办提醒 Reminder\n")
    done = await minyi("notice", "ack", notice, "--by", "联络员-01")
    assert done.exit_code == 0 and "联络员-01  系统 desk" in done.stdout
    assert (
        await minyi("notice", "list", "--to", POLICE)
    ).stdout == "没有这样的通知。No notice is like that.\n"
    (row,) = json.loads((await minyi("notice", "list", "--all", "--json")).stdout)["notices"]
    assert (row["status"], row["acknowledged_by"], row["title"]) == (
        "acknowledged",
        "联络员-01",
        "催办提醒 Reminder",
    )


async def test_an_address_from_standard_input_is_kept_and_never_shown(
    minyi: Minyi, county: str, conn: asyncpg.Connection
) -> None:
    kept = await minyi("notice", "address", "set", POLICE, "--by", "管理员", typed=f"{NUMBER}\n")
    assert (kept.exit_code, kept.stdout) == (0, f"已登记 kept: {POLICE} liaison text …0901\n")
    listed = await minyi("notice", "address", "list")
    as_json = await minyi("notice", "address", "list", "--json")
    assert "联络员 liaison  短信 text  …0901" in listed.stdout
    assert json.loads(as_json.stdout)["addresses"][0]["shown"] == "…0901"
    assert NUMBER not in kept.output + listed.output + as_json.output
    gone = await minyi("notice", "address", "set", POLICE, "--by", "管理员", "--remove")
    assert gone.stdout == "已删除。Removed.\n"
    assert await conn.fetchval("SELECT count(cipher) FROM survey.staff_address") == 0


async def test_a_refused_number_is_not_repeated(minyi: Minyi, county: str) -> None:
    no = await minyi("notice", "address", "set", POLICE, "--by", "管理员", "--value", "13812345678")
    assert no.exit_code == 3
    assert "地址不能用" in no.stderr and "13812345678" not in no.output


async def test_a_test_notice(minyi: Minyi, county: str) -> None:
    done = await minyi("notice", "test", POLICE, "--json")
    notice = str(json.loads(done.stdout)["notice"])
    shown = json.loads((await minyi("notice", "show", notice, "--json")).stdout)
    assert (shown["recipient"], shown["status"], shown["messages"]) == (POLICE, "owed", [])
    unknown = await minyi("notice", "test", POLICE, "--template", "nothing")
    assert unknown.exit_code == 3 and "urge_1" in unknown.stderr


async def test_refusals(minyi: Minyi, county: str) -> None:
    nobody = await minyi("notice", "show", "4711")
    assert (nobody.exit_code, nobody.stderr) == (
        3,
        "minyi notice show: 没有通知 4711。There is no notice 4711. `minyi notice list --all` shows them.\n",
    )
    stranger = await minyi("notice", "address", "set", "unit:nobody", "--by", "管理员", "--value", NUMBER)
    assert stranger.exit_code == 3 and "unit:nobody is nobody of centre 991721" in stranger.stderr
