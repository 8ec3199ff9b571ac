"""`minyi case missing`, `doubt`, `answer-doubt`, `settle-doubt`, `explained` at a terminal."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import asyncpg
import pytest
from click.testing import Result
from followup_county import CENTRE, POLICE, at
from followup_residents import answers, unit_of
from typer.testing import CliRunner

from followup import callbacks, imports
from survey.importing import Brought
from survey.vault import Vault
from workers.commands.case import app

LIST = """工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,承办单位,办结时间,办理结果,是否联系群众
GD1,王芳,15400000001,路灯不亮,社会治安,柳河镇,公安局,2026-03-06 16:20,路灯已修,是"""
Run = Callable[..., "asyncio.Future[Result]"]


@pytest.fixture
def minyi(database: str) -> Run:
    """Runs `minyi case …` against this test's database."""

    async def run(*args: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, list(args), env={"DATABASE_URL": database})

    return run  # type: ignore[return-value]


@pytest.fixture
async def number(conn: asyncpg.Connection, county: str, vault: Vault, tokens: Callable[[], str]) -> str:
    """王芳 told a voice on Monday at ten that nobody called her and nothing is solved."""
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
    said, words = "C0=1 C2=3 C1=2 C3=3 C7=1", {"C5": "没人来过"}
    await answers(conn, await unit_of(conn, number, 1), at("9 10:00"), said, words=words, mode="voice")
    await callbacks.take_finished(conn, now=at("9 10:00"), real_now=lambda: at("9 10:00"), tokens=tokens)
    return number


async def test_a_doubt_from_the_evidence_to_the_decision(minyi: Run, number: str) -> None:
    told = (await minyi("doubt", number)).stdout.splitlines()
    assert told[0].startswith(f"第1轮 round 1  {POLICE}  asked  ")
    assert "  群众所说 the resident says: C1=2, 没人来过 (voice)" in told
    assert "  申辩 the unit's answer: -" in told
    assert "虚假" not in "".join(told) and "false" not in "".join(told)

    wrong = await minyi("answer-doubt", number, "--words", "不是我们", "--by", "991721-tap-water")
    assert (wrong.exit_code, wrong.stderr.startswith("minyi case: ")) == (3, True)
    assert (await minyi("answer-doubt", number, "--words", "打过电话", "--by", POLICE)).exit_code == 0
    signed = ("--words", "没有通话记录", "--by", "督办员-0102", "--second-by", "主任-0001")
    assert (await minyi("settle-doubt", number, "--finding", "false_closing", *signed)).exit_code == 0
    again = await minyi("settle-doubt", number, "--finding", "cleared", *signed)
    assert again.exit_code == 3 and "waits for a decision" in again.stderr
    (found,) = json.loads((await minyi("doubt", number, "--json")).stdout)
    assert (found["state"], found["answer"], 0 < found["probability"] < 1) == (
        "false_closing",
        "打过电话",
        True,
    )


async def test_what_is_to_be_verified_is_listed_with_its_reasons(minyi: Run, number: str) -> None:
    told = (await minyi("doubts")).stdout.splitlines()
    assert told[0] == f"{number}  第1轮 round 1  {POLICE}  >99%  群众否认联系 contact denied"
    assert "  群众说办理单位: 没有联系  The resident says that the unit: did not contact them" in told
    assert "虚假" not in "".join(told)
    (row,) = json.loads((await minyi("doubts", "--json")).stdout)
    assert (row["number"], row["denied"], 0.99 < row["probability"] < 1) == (number, True, True)
    assert row["reasons"][0].keys() == {"item", "zh", "en"}


async def test_a_county_without_doubts_says_so(minyi: Run, county: str) -> None:
    told = await minyi("doubts")
    assert (told.exit_code, told.stdout) == (0, "没有待核实的办结。No closing is to be verified.\n")


async def test_a_rejection_is_told_at_a_terminal(minyi: Run, number: str) -> None:
    words = ("--ground", "facts_differ", "--reason", "现场灯亮", "--second-by", "主任")
    assert (await minyi("reject", number, *words)).exit_code == 0
    assert (await minyi("explained", number, "--how", "call", "--by", "回访员-1002")).exit_code == 0
    unknown = await minyi("explained", number, "--how", "微信", "--by", "回访员-1002")
    assert (unknown.exit_code, "Ways are text, call, letter, visit" in unknown.stderr) == (3, True)


async def test_of_few_ratings_nothing_is_said(minyi: Run, number: str) -> None:
    told = await minyi("missing", number)
    assert (told.exit_code, told.stdout) == (
        0,
        "同类事项的评价还太少。Too few ratings of such matters yet.\n",
    )
