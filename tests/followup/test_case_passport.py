"""`minyi case show NUMBER`: everything about a case, for an appeal or an audit."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import asyncpg
import pytest
from click.testing import Result
from followup_county import CENTRE, at
from followup_residents import answers, unit_of
from typer.testing import CliRunner

from followup import callbacks, chain, imports
from followup.store.events import EventRow, insert_events
from survey.importing import Brought
from survey.vault import Vault
from workers.commands.case import app

Run = Callable[..., "asyncio.Future[Result]"]
LIST = """工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,承办单位,办结时间,办理结果,是否联系群众
GD1,王芳,15400000001,路灯不亮,社会治安,柳河镇,公安局,2026-03-06 16:20,路灯已修,是"""


@pytest.fixture
def minyi(database: str) -> Run:
    """Runs `minyi case …` against this test's database."""

    async def run(*args: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, list(args), env={"DATABASE_URL": database})

    return run  # type: ignore[return-value]


@pytest.fixture
async def number(conn: asyncpg.Connection, county: str, vault: Vault, tokens: Callable[[], str]) -> str:
    """王芳's case: imported and flagged on Monday, that day sealed, dispatched again on Tuesday, its unit told and urged."""
    report = await imports.import_closed_cases(
        conn,
        vault,
        CENTRE,
        LIST.encode(),
        Brought("closed.csv", "审核员", "结果回访", "法定职责"),
        plan="fictional",
        now=at("9 08:20"),
        tokens=tokens,
        seed=7,
    )
    (number,) = report.numbers
    said, words = "C2=3 C1=1 C3=3 C7=1", {"C5": "还是不亮,打我15400000001"}
    await answers(conn, await unit_of(conn, number, 1), at("9 10:00"), said, words=words)
    await callbacks.take_finished(conn, now=at("9 10:00"), real_now=lambda: at("9 10:00"), tokens=tokens)
    await chain.seal_days(conn, now=at("10 00:10"))
    await callbacks.confirm(conn, number, by="督办员-0102", reason="现场看过,不亮", now=at("10 10:00"))
    case_id = await conn.fetchval("SELECT id FROM followup.case_file")
    facts = {
        "牵头": "991721-police",
        "until": "2026-03-11T18:00:00+08:00",
        "levels": ["U1", "U2"],
        "late": True,
    }
    await insert_events(
        conn,
        [EventRow(case_id, 2, "urge_u1", "dispatched", "dispatched", "system", None, at("10 15:00"), facts)],
    )
    return number


async def test_the_whole_life_is_told_and_no_number(minyi: Run, number: str) -> None:
    told = (await minyi("show", number)).stdout
    lines = told.splitlines()
    assert lines[:5] == [
        f"{number}  路灯不亮",
        "来源 source 其他平台已办结 import · 分类 category 0106 路灯监控 · 职责 duty 1 · 柳河镇 · 实名 named · normal",
        "原平台编号 number elsewhere GD1",
        "接收 received 2026-03-09 08:20 · 首问 first handler centre · 时限政策 limits version 1",
        lines[4],
    ]
    assert lines[4].endswith(" dispatched · 第2轮 round 2 · 期限 due 2026-03-10 11:00")
    for line in (
        "  牵头 lead 遂澜县公安局 991721-police · 交办 dispatched 2026-03-06 16:20 · 签收 signed 2026-03-06 16:20 · 期限 due -",
        "  结果 result 2026-03-06 16:20, 审核 accepted 2026-03-09 08:20: 路灯已修",
        "    遂澜县公安局 991721-police 称已联系反映人 says it spoke with the resident",
        "  回访 callback settled, text, 告知 told 2026-03-09 10:00",
        "    告知原文 told: 您反映的事项:路灯已修。",
        "    原话 in the resident's words: 还是不亮,打我〔号码〕",
        "    决定 decision 再次转办 redispatch, 督办员-0102 2026-03-10 10:00: 现场看过,不亮",
        "第2轮 round 2",
        "  4  2026-03-10 15:00  第2轮  urge_u1  (system)",
        "       逾期 是 yes · 承诺日期 2026-03-11 18:00 · levels U1、U2 · 牵头 遂澜县公安局 991721-police",
    ):
        assert line in lines
    assert sum(line.startswith("  通知 notice  ") for line in lines) == 2  # the lead's, and the office's copy
    assert lines[-2].startswith("封存 sealed 2026-03-09: 至第2条 events up to 2, ")
    assert lines[-1] == "✓ 记录链完整 the chain holds: 4 events, 2 条待封存 not sealed yet"
    assert "王芳" not in told and "154000" not in told


async def test_as_json_it_has_the_same_and_no_key_of_the_store(minyi: Run, number: str) -> None:
    printed = (await minyi("show", number, "--json")).stdout
    record = json.loads(printed)
    assert [event["event"] for event in record["events"]][-2:] == ["redispatch", "urge_u1"]
    assert [(one["day"], one["seq"]) for one in record["seals"]] == [("2026-03-09", 2)]
    assert [one["recipient"] for one in record["records"] if one["table"] == "notice"] == [
        "unit:991721-police",
        "office:government:991721",
    ]
    assert (record["chain"]["holds"], record["chain"]["events"]) == (True, 4)
    assert "154000" not in printed and '"person_id"' not in printed and '"unit_ref"' not in printed


async def test_an_altered_record_is_said_at_the_end(
    minyi: Run, conn: asyncpg.Connection, number: str
) -> None:
    await conn.execute("ALTER TABLE followup.case_event DISABLE TRIGGER USER")
    await conn.execute("UPDATE followup.case_event SET reason = 'satisfied' WHERE seq = 2")
    shown = await minyi("show", number)
    assert shown.exit_code == 1
    assert shown.stdout.splitlines()[-2:] == [
        "✗ 记录被改动 the record was altered",
        f"    case_event 2, case:{number} #2: 内容与其哈希不符 its content does not give its hash; "
        "最后见其未改 last seen unaltered: 2026-03-09 (2026-03-10T00:10+08:00)",
    ]
    assert not json.loads((await minyi("show", number, "--json")).stdout)["chain"]["holds"]
