"""`minyi case register …`: the beginning of a case from a terminal."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from click.testing import Result
from followup_county import CENTRE, VILLAGE
from followup_residents import state
from typer.testing import CliRunner

from survey.vault import Vault
from workers.commands.case import app

Run = Callable[..., "asyncio.Future[Result]"]
RAISED = [
    "register", "--title", "村口路灯不亮", "--place", "王庄村村口", "--area", VILLAGE, "--category", "0106",
    "--consent", "--first-handler", "0103", "--by", "调查员-0103",
]  # fmt: skip


@pytest.fixture
def minyi(database: str, county: str, vault: Vault) -> Run:
    """Runs `minyi case …` against this test's database, in its county."""

    async def run(*args: str, said: str = "") -> Result:
        env = {"DATABASE_URL": database, "MINYI_CENTRE": CENTRE}
        return await asyncio.to_thread(CliRunner().invoke, app, list(args), env=env, input=said)

    return run  # type: ignore[return-value]


async def registered(minyi: Run, *more: str) -> str:
    done = await minyi(*RAISED, "--anonymity", "anonymous", "--words", "-", "--json", *more, said="路灯坏了")
    assert done.exit_code == 0, done.output
    number: str = json.loads(done.stdout)["number"]
    return number


async def test_words_come_from_standard_input_and_the_code_tells_where_it_stands(minyi: Run) -> None:
    done = await minyi(*RAISED, "--anonymity", "anonymous", "--words", "-", said="村口路灯坏了半个月\n")
    assert done.exit_code == 0
    number, code = done.stdout.split()[0], done.stdout.split()[-1]
    assert done.stdout == f"{number}  已登记 registered, 查询码 query code {code}\n"
    asked = await minyi("status", code)
    short = f"{int(number.split('-')[2]):04}"
    assert asked.stdout == (
        f"{short}号事项已登记,正在审核是否受理。\n"
        f"Matter {short} is registered. We are looking at whether it is ours to handle.\n"
    )
    assert json.loads((await minyi("status", code, "--json")).stdout)["status"] == "registered"


async def test_everything_that_is_missing_is_named_at_once(minyi: Run) -> None:
    refused = await minyi("register", "--words", "路灯坏了")
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert refused.stderr == (
        "minyi case: The appeal lacks place (地点), area (所属区域), category (类别), consent (同意登记), "
        "resident (诉求人), first handler (首问责任人). Ask for that and register it again.\n"
    )


async def test_a_number_comes_out_of_a_file_and_stands_nowhere(
    minyi: Run, conn: asyncpg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vault: Vault
) -> None:
    async def same_vault(*_: object) -> Vault:
        return vault

    monkeypatch.setattr("workers.commands.case_register.open_vault_for", same_vault)
    phone = tmp_path / "number"
    phone.write_text("154-0000-0001\n")
    first = await minyi(*RAISED, "--words", "路灯坏了", "--phone-file", str(phone), "--no-texts")
    again = await minyi(*RAISED, "--words", "路灯还是坏的", "--phone-file", str(phone))
    assert (first.exit_code, again.exit_code) == (0, 0), first.output + again.output
    number = first.stdout.split()[0]
    assert again.stdout.splitlines()[1] == f"  相似 similar: {number}  registered  村口路灯不亮"
    assert "15400000001" not in first.output + again.output
    row = await conn.fetchrow("SELECT no_texts FROM followup.appeal ORDER BY case_id LIMIT 1")
    assert row["no_texts"] is True
    linked = await minyi("link-repeat", again.stdout.split()[0], "--of", number)
    assert linked.stdout == f"{again.stdout.split()[0]}  重复 repeats {number}\n"
    phone.write_text("12")
    wrong = await minyi(*RAISED, "--words", "路灯坏了", "--phone-file", str(phone))
    assert wrong.exit_code == 2


async def test_not_accepted_and_opened_again(minyi: Run, conn: asyncpg.Connection) -> None:
    number = await registered(minyi)
    alone = await minyi("refuse", number, "--ground", "court")
    assert (alone.exit_code, alone.stderr) == (
        3,
        f"minyi case: Case {number}: not accepting it needs the explanation given (解释), when the resident was "
        "told (告知时间), a reviewer (审核人). Tell the resident first, then write down what was said.\n",
    )
    told = (datetime.now(UTC) + timedelta(minutes=1)).astimezone(ZoneInfo("Asia/Shanghai"))
    refuse = ["refuse", number, "--ground", "court", "--standard", "--reviewed-by", "审核员-0101"]
    early = await minyi(*refuse, "--told-at", f"{told - timedelta(days=1):%Y-%m-%d %H:%M}")
    assert "cannot have been told" in early.stderr
    await conn.execute("UPDATE followup.case_file SET received_at = received_at - interval '1 hour'")
    done = await minyi(*refuse, "--told-at", f"{told - timedelta(minutes=5):%Y-%m-%d %H:%M}", "--json")
    assert json.loads(done.stdout) == {
        "number": number,
        "status": "not_accepted",
        "round": 1,
        "due_at": None,
    }
    words = await conn.fetchval("SELECT explanation FROM followup.not_accepted")
    assert words == (
        "这件事已经进入诉讼或仲裁程序,应由法院或仲裁机构依法裁决。行政部门不能代替它们作决定,所以我们不再受理。"
    )
    again = await minyi("reopen", number, "--reason", "未立案", "--by", "督办员-0102")
    assert again.stdout == f"{number}  registered, round 1\n"


async def test_accepted_with_another_category_and_a_question_answered(
    minyi: Run, conn: asyncpg.Connection
) -> None:
    number = await registered(minyi)
    assert (await minyi("accept", number, "--category", "01")).exit_code == 3
    done = await minyi("accept", number, "--category", "0105")
    assert done.stdout == f"{number}  accepted, round 1\n"
    question = await registered(minyi, "--kind", "consult")
    lacking = await minyi("answer", question, "--words", "带身份证到村委会")
    assert lacking.stderr == (
        f"minyi case: Case {question}: the answer needs the entry of the knowledge base (知识库条目). "
        "Add that and answer again.\n"
    )
    answered = await minyi(
        "answer", question, "--words", "-", "--knowledge", "K-021", said="带身份证到村委会"
    )
    assert answered.stdout == f"{question}  answered, round 1\n"
    assert await state(conn, question) == "answered, round 1, answered"
    early = await minyi("take-on", question, "--reason", "不满意")
    assert (early.exit_code, early.stderr) == (
        3,
        f"minyi case: Case {question}: round 0 has no flag that waits for a decision. "
        f"See `minyi case show {question}`.\n",
    )
    assert (await minyi("uphold", question, "--reason", "无误", "--second-by", "主任-0001")).exit_code == 3
    assert (await minyi("similar", question)).stdout == "没有相似事项。None.\n"


@pytest.mark.parametrize(
    "name",
    [
        "register",
        "similar",
        "link-repeat",
        "accept",
        "refuse",
        "reopen",
        "answer",
        "take-on",
        "uphold",
        "status",
    ],
)
async def test_help_is_there_in_both_languages(minyi: Run, name: str) -> None:
    shown = (await minyi(name, "--help")).stdout
    assert any("\u4e00" <= letter <= "\u9fff" for letter in shown)
    assert "--by" in shown or "query" in shown or "--json" in shown
