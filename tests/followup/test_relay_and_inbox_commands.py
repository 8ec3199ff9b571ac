"""A unit's question through the centre, and texts that somebody reads, from the command line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import asyncpg
import pytest
from click.testing import Result
from followup_appeals import REVIEWER, Says
from followup_county import CENTRE, POLICE, at
from typer.testing import CliRunner

from followup import cases
from survey.vault import Vault
from workers.commands import case, inbox

Run = Callable[..., "asyncio.Future[Result]"]


@pytest.fixture
def minyi(database: str, monkeypatch: pytest.MonkeyPatch, vault: Vault) -> Run:
    """Runs `minyi case …` or `minyi inbox …` against this test's database."""

    async def same_vault(*_: object) -> Vault:
        return vault

    monkeypatch.setattr("workers.commands.case_relay.open_vault_for", same_vault)

    async def run(group: str, *args: str, said: str = "") -> Result:
        env = {"DATABASE_URL": database, "MINYI_CENTRE": CENTRE}
        app = case.app if group == "case" else inbox.app
        return await asyncio.to_thread(CliRunner().invoke, app, list(args), env=env, input=said)

    return run  # type: ignore[return-value]


async def test_a_question_goes_through_the_centre_and_its_answer_leads_to_nobody(
    minyi: Run, conn: asyncpg.Connection, says: Says
) -> None:
    number = (await says(anonymity="confidential")).number
    await cases.accept(conn, number, by=REVIEWER, now=at("9 10:00"))
    await cases.submit(conn, number, by=REVIEWER, now=at("9 10:10"))
    await cases.dispatch(conn, number, lead=POLICE, by="督查室", now=at("9 11:00"))
    asked = await minyi("case", "relay", "ask", number, "--unit", POLICE, "--words", "灯是哪天开始不亮的")
    assert asked.stdout == f"{number}  问题 question 1: 待中心审核 waits for the centre\n", asked.output
    await minyi("case", "relay", "approve", number, "1", "--put-as", "路灯从哪天起不亮?")
    heard = await minyi(
        "case", "relay", "answer", number, "1", "--words", "-", said="二月底,我的电话15400000001"
    )
    assert heard.stdout == "单位看到 the unit reads: 二月底,我的电话〔号码〕\n"
    listed = await minyi("case", "relay", "list", number)
    assert listed.stdout == f"1  {POLICE}  路灯从哪天起不亮?  答 answered: 二月底,我的电话〔号码〕\n"
    second = await minyi("case", "relay", "ask", number, "--unit", POLICE, "--words", "住几号楼")
    assert "question 2" in second.stdout
    await minyi("case", "relay", "turn-down", number, "2", "--reason", "可能暴露反映人")
    assert "不问 not asked: 可能暴露反映人" in (await minyi("case", "relay", "list", number)).stdout
    again = await minyi("case", "relay", "approve", number, "2")
    assert (again.exit_code, again.stdout) == (3, "")


async def test_a_text_is_read_once(minyi: Run, conn: asyncpg.Connection, wang_fang: int) -> None:
    text = await conn.fetchval(
        "INSERT INTO survey.input (person_id, channel, message_sid, said, effect, reply, arrived_at, arrived_real)"
        " VALUES ($1, 'text', 'SM1', '路灯又坏了,打我15400000001', 'inbox', '', $2, $2) RETURNING id",
        wang_fang,
        at("9 09:00"),
    )
    await conn.execute("INSERT INTO survey.inbox_text (input_id, reason) VALUES ($1, 'no_thread')", text)
    listed = await minyi("inbox", "list")
    assert listed.stdout == f"{text}  03-09 01:00Z  no_thread  路灯又坏了,打我〔号码〕\n", listed.output
    assert json.loads((await minyi("inbox", "list", "--json")).stdout)[0]["said"] == "路灯又坏了,打我〔号码〕"
    assert (await minyi("inbox", "done", str(text), "--by", "督导王")).stdout == f"{text}: 已读 read\n"
    assert (await minyi("inbox", "list")).stdout == "没有未读。Nothing is unread.\n"
    twice = await minyi("inbox", "done", str(text), "--by", "督导李")
    assert twice.exit_code == 3 and "somebody was first" in twice.stderr
