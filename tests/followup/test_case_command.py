"""`minyi case`: looking at cases and deciding on flags from a terminal."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import asyncpg
import pytest
from click.testing import Result
from followup_county import CENTRE, POLICE, at
from followup_residents import answers, state, unit_of, verification_of
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

    async def run(*args: str, url: str = database) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, list(args), env={"DATABASE_URL": url})

    return run  # type: ignore[return-value]


@pytest.fixture
async def flagged(conn: asyncpg.Connection, county: str, vault: Vault, tokens: Callable[[], str]) -> str:
    """王芳's case, whose callback was flagged on Monday at ten."""
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
    ref = await unit_of(conn, number, 1)
    await answers(conn, ref, at("9 10:00"), "C2=3 C1=1 C3=3 C7=1", words={"C5": "还是不亮"})
    await callbacks.take_finished(conn, now=at("9 10:00"), real_now=lambda: at("9 10:00"), tokens=tokens)
    return number


async def test_list_says_what_waits(minyi: Run, flagged: str) -> None:
    result = await minyi("list")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{flagged}  import    round 1  redispatch_review       路灯不亮",
        "    flagged (not_solved, dissatisfied) 03-09 10:00, waits for the supervisor: 还是不亮",
    ]


async def test_list_as_json_names_nobody(minyi: Run, flagged: str) -> None:
    result = await minyi("list", "--waiting", "--json")
    listed = json.loads(result.stdout)
    assert [case["number"] for case in listed["cases"]] == [flagged]
    assert [case["words"] for case in listed["waiting"]] == ["还是不亮"]
    assert "王芳" not in result.stdout and "154000" not in result.stdout


async def test_show_tells_the_whole_life(minyi: Run, flagged: str) -> None:
    assert (await minyi("confirm", flagged, "--reason", "现场看过,不亮")).exit_code == 0
    told = (await minyi("show", flagged)).stdout
    assert (
        "回访触发复核 callback_flagged -> 再交办复核 redispatch_review  (callback): not_solved, dissatisfied"
        in told
    )
    assert "再次交办 redispatch -> 已交办 dispatched  (supervisor): 现场看过,不亮" in told
    record = json.loads((await minyi("show", flagged, "--json")).stdout)
    assert (record["case"]["number"], record["case"]["round"]) == (flagged, 2)
    assert not {"id", "person_id", "case_id"} & set(record["case"])


async def test_confirm_sends_it_out_again_once(minyi: Run, conn: asyncpg.Connection, flagged: str) -> None:
    first = await minyi("confirm", flagged, "--reason", "现场看过,不亮")
    assert (first.exit_code, first.stdout) == (0, f"Case {flagged} goes out again to {POLICE}, round 2.\n")
    again = await minyi("confirm", flagged, "--reason", "现场看过,不亮")
    assert (again.exit_code, again.stdout) == (3, "")
    assert again.stderr == (
        f'minyi case: Case {flagged} is dispatched in round 2: "redispatch" is not possible. '
        "Possible now: change_lead, reassign_lead, plan, sign, return, withdraw.\n"
    )
    assert await state(conn, flagged) == "dispatched, round 2"


async def test_reject_needs_two_people(minyi: Run, conn: asyncpg.Connection, flagged: str) -> None:
    words = ("--ground", "facts_differ", "--reason", "已核实")
    alone = await minyi("reject", flagged, *words, "--second-by", "supervisor")
    assert alone.exit_code == 3
    assert "needs the signature of a second person beside supervisor" in alone.stderr
    both = await minyi("reject", flagged, *words, "--second-by", "主任", "--json")
    assert both.exit_code == 0
    assert json.loads(both.stdout)["decision"] == "reject"
    assert await state(conn, flagged) == "closed_explained, round 1, closed_explained"


async def test_reject_is_signed_by_two_accounts_where_there_are_accounts(
    minyi: Run, conn: asyncpg.Connection, flagged: str
) -> None:
    for name, role in (("liwei", "director"), ("wangli", "supervisor"), ("zhang", "surveyor")):
        await conn.execute(
            "WITH made AS (INSERT INTO survey.account (name, called, employment, password_hash, password_at, must_change,"
            " created_at, created_by) VALUES ($1, $1, 'staff', 'x', now(), false, now(), 'test') RETURNING id)"
            " INSERT INTO survey.account_role SELECT id, $2, $3 FROM made",
            name, role, CENTRE,
        )  # fmt: skip
    words = ("--ground", "facts_differ", "--reason", "已核实", "--by", "wangli")
    for nobody in ("主任", "zhang"):
        refused = await minyi("reject", flagged, *words, "--second-by", nobody)
        assert refused.exit_code == 3
        assert f"{nobody} has no account that may decide on it" in refused.stderr
    twice = await minyi("reject", flagged, *words, "--second-by", " WangLi")
    assert (twice.exit_code, "a second person beside 督办员-wangli" in twice.stderr) == (3, True)
    assert await state(conn, flagged) == "redispatch_review, round 1"
    assert (await minyi("reject", flagged, *words, "--second-by", "LiWei")).exit_code == 0
    assert await state(conn, flagged) == "closed_explained, round 1, closed_explained"


async def test_mistakes_are_answered_with_the_remedy(minyi: Run, flagged: str) -> None:
    unknown = await minyi("show", "991721-20260309-09999-1")
    assert (unknown.exit_code, unknown.stderr) == (
        3,
        "minyi case: There is no case 991721-20260309-09999-1. `minyi case list` shows the numbers.\n",
    )
    assert (await minyi("confirm", flagged)).exit_code == 2  # --reason is missing
    gone = await minyi("list", url="postgresql://nobody@127.0.0.1:1/nothing")
    assert gone.exit_code == 3
    assert "`minyi doctor` says what is wrong" in gone.stderr


async def test_show_tells_of_the_verification_call(
    minyi: Run, conn: asyncpg.Connection, flagged: str, tokens: Callable[[], str]
) -> None:
    told = (await minyi("show", flagged)).stdout
    assert "a person calls to verify; the decision waits for it until 2026-03-10 10:00\n" in told
    ref = await verification_of(conn, flagged, 1)
    assert ref is not None
    said, words = "C0=1 C1=1 C2=2 C3=3 C7=1", {"C5": "只亮了一盏"}
    await answers(conn, ref, at("9 14:40"), said, words=words, mode="operator", operator="1003")
    await callbacks.take_finished(conn, now=at("9 14:40"), real_now=lambda: at("9 14:40"), tokens=tokens)
    told = (await minyi("show", flagged)).stdout
    assert (
        "    人工核实 verification call by 1003, over 2026-03-09 14:40: complete\n"
        "      核实所答 said there: C1 联系过, C2 部分解决, C3 不满意, C5 只亮了一盏, C7 要求再办\n"
    ) in told
    record = json.loads((await minyi("show", flagged, "--json")).stdout)
    assert record["callbacks"][0]["verified_answers"]["C2"] == ["2", None]
    assert record["callbacks"][0]["answers"]["C2"] == ["3", None]
