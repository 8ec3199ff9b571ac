"""`minyi case`: every move of the table has its command, which says what it needs and what came of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from case_walks import Walk
from click.testing import Result
from followup_county import POLICE, TOWN
from typer.main import get_command
from typer.testing import CliRunner

from followup.casework.lifecycle import Event, transitions
from survey.vault import Vault
from workers.commands.case import app
from workers.commands.case_moves import command_of, help_of
from workers.commands.case_verbs import ELSEWHERE, RESULT, VERBS

Run = Callable[..., Any]


@pytest.fixture
def minyi(database: str) -> Run:
    """Runs `minyi case …` against this test's database."""

    async def run(*args: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, list(args), env={"DATABASE_URL": database})

    return run


@pytest.fixture
def walk(conn: asyncpg.Connection, vault: Vault, wang_fang: int, tokens: Callable[[], str]) -> Walk:
    return Walk(conn, vault, wang_fang, tokens)


def names() -> set[str]:
    command: Any = get_command(app)
    return set(command.commands)


def test_every_event_of_the_table_has_a_command_or_says_who_brings_it_about() -> None:
    verbs = [verb.event for verb in (*VERBS, RESULT)]
    assert {*verbs, *ELSEWHERE} == set(Event)
    assert len(verbs) == len(set(verbs))
    named = {said.removeprefix("minyi case ") for said in ELSEWHERE.values() if "minyi case " in said}
    assert {verb.name for verb in (*VERBS, RESULT)} | named <= names()


def test_what_is_asked_for_is_what_the_table_needs() -> None:
    """Fields of the table that a command calls by another name, or joins with others, stand here."""
    alike = {"assist": "--assist", "suggest": "--suggest", "ref": "--ref", "contact_on": "--contact-on"}
    for verb in (*VERBS, RESULT):
        (row, *_) = [one for one in transitions() if one.event == verb.event]
        flags = {option.flag for option in verb.asks.values()}
        for needed in row.needs:
            assert alike.get(needed, f"--{needed.replace('_', '-')}") in flags, (verb.name, needed)


def test_help_is_made_from_the_table() -> None:
    (give_back,) = [verb for verb in VERBS if verb.name == "return"]
    assert help_of(give_back) == (
        "退单(已交办 → 退单审核)。Return, by lead unit. Needs: reason, other unit, in time, once."
    )
    assert command_of("to_meeting") == "confirm"


async def test_a_case_from_its_acceptance_to_its_callback_by_hand(minyi: Run, walk: Walk) -> None:
    await walk.come_to("accepted")
    number = walk.number
    steps = [
        ("submit", "--by", "审核员-0101", "--office", "party"),
        ("dispatch", "--by", "督查室", "--lead", POLICE, "--assist", TOWN),
        ("sign", "--by", POLICE),
        ("part", "--by", TOWN, "--words", "已清理"),
    ]
    for verb, *options in steps:
        done = await minyi(verb, number, *options)
        assert done.exit_code == 0, done.stderr
    shown = await minyi("next", number, "--post", "lead")
    assert shown.stdout.splitlines() == [
        "定领导定方案 Name leader and plan: minyi case plan  (leader, plan)",
        "反馈结果 Report the result: minyi case result  (summary, contact_on, contact_way, actions, evidence)",
    ]
    said = (
        "--summary",
        "已装路灯",
        "--actions",
        "现场安装两盏",
        "--evidence",
        "照片1",
        "--evidence",
        "照片2",
    )
    reported = await minyi("result", number, "--by", POLICE, *said, "--json")
    assert reported.exit_code == 0, reported.stderr
    outcome = json.loads(reported.stdout)
    assert (outcome["status"], outcome["outcome"]["returned"]) == (
        "in_progress",
        "退回补充:没有联系群众的日期 no date of contact with the resident",
    )
    again = await minyi("result", number, "--by", POLICE, *said, "--contact-on", "2026-03-03 09:00")
    assert again.exit_code == 0, again.stderr
    assert again.stdout.splitlines()[0] == f"Case {number}: the centre has the result of round 1 (version 2)."
    accepted = await minyi("accept-result", number, "--by", "审核员-0101")
    assert accepted.stdout.startswith(f"{number}  待回访 Callback pending, round 1, due ")


async def test_a_refusal_is_one_sentence_and_exit_code_3(minyi: Run, walk: Walk) -> None:
    await walk.come_to("submitted")
    refused = await minyi("sign", walk.number, "--by", POLICE)
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert refused.stderr == (
        f'minyi case: Case {walk.number} is submitted in round 1: "sign" is not possible. '
        "Possible now: dispatch, hand_back, withdraw.\n"
    )


async def test_next_says_who_can_do_what(minyi: Run, walk: Walk) -> None:
    await walk.come_to("return_review")
    shown = await minyi("next", walk.number, "--json")
    assert [one["event"] for one in json.loads(shown.stdout)] == [
        "allow_return",
        "deny_return",
        "decide_jointly",
        "withdraw",
    ]
    assert (await minyi("next", walk.number, "--post", "assist")).stdout == "没有可办的。Nothing.\n"


async def test_an_option_that_is_missing_is_the_command_lines_own_error(minyi: Run, walk: Walk) -> None:
    await walk.come_to("dispatched")
    assert (await minyi("return", walk.number, "--by", POLICE)).exit_code == 2
