"""`minyi case relay`: a unit asks a resident whom it must not know, through the centre (转问)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import asyncpg
import typer

from followup import relaying
from followup.relaying import RelayRow
from survey.settings import Settings
from survey.vault import open_vault_for
from workers.commands.case_typed import AsJson, By, Number, Reason, Run, Words, said, say, say_json

Serial = Annotated[int, typer.Argument(metavar="SERIAL", help="第几个问题。Which question.")]


def add_relay(app: typer.Typer, run: Run) -> None:
    """Put the commands under `app` as `relay`."""
    relay = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode=None,
        help="""转问:保密、匿名事项,单位的话由中心去问,答复去掉线索再给单位。

    A unit's question through the centre: put in the centre's words, and its answer without what leads to anybody.""",
    )
    for name, command in (
        ("ask", _ask),
        ("approve", _approve),
        ("turn-down", _turn_down),
        ("answer", _answer),
        ("list", _list),
    ):
        relay.command(name)(command(run))
    app.add_typer(relay, name="relay", rich_help_panel="转问 Questions")


def _ask(run: Run) -> Callable[..., None]:
    def command(
        number: Number,
        words: Words,
        unit: Annotated[str, typer.Option("--unit", help="承办单位代码。The unit that asks.")],
    ) -> None:
        """单位提问。The unit asks.

        例 example:  minyi case relay ask 991721-20260309-00037-4 --unit 991721-police --words 灯是哪天开始不亮的
        """
        question = said(words)

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            serial = await relaying.ask(conn, number, unit=unit, question=question, now=now)
            say(f"{number}  问题 question {serial}: 待中心审核 waits for the centre")

        run(act)

    return command


def _approve(run: Run) -> Callable[..., None]:
    def command(
        number: Number,
        serial: Serial,
        put_as: Annotated[str, typer.Option("--put-as", help="换个问法。In other words.")] = "",
        by: By = "审核员",
    ) -> None:
        """同意去问,可以换个问法。The centre will ask it."""

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            await relaying.approve(conn, number, serial, by=by, now=now, put_as=put_as)
            say(f"{number}  问题 question {serial}: 待问 to be asked")

        run(act)

    return command


def _turn_down(run: Run) -> Callable[..., None]:
    def command(number: Number, serial: Serial, reason: Reason, by: By = "审核员") -> None:
        """不去问,告诉单位为什么。The centre does not ask it, and the unit is told why."""

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            await relaying.turn_down(conn, number, serial, by=by, reason=reason, now=now)
            say(f"{number}  问题 question {serial}: 不问 not asked")

        run(act)

    return command


def _answer(run: Run) -> Callable[..., None]:
    def command(number: Number, serial: Serial, words: Words, by: By = "调查员") -> None:
        """记下答复;单位看到的是去掉线索的。What the resident said; the unit reads it without what leads to anybody."""
        heard = said(words)

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            vault = await open_vault_for(conn, settings)
            passed = await relaying.keep_answer(conn, vault, number, serial, words=heard, by=by, now=now)
            say(f"单位看到 the unit reads: {passed}")

        run(act)

    return command


def _list(run: Run) -> Callable[..., None]:
    def command(number: Number, as_json: AsJson = False) -> None:
        """看一件事项的转问。The questions about a case."""

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            found = await relaying.relays_of(conn, number)
            if as_json:
                say_json([asdict(one) for one in found])
                return
            for one in found:
                say(f"{one.serial}  {one.unit_code}  {one.put_as or one.question}  {_state(one)}")
            if not found:
                say("没有转问。None.")

        run(act)

    return command


def _state(one: RelayRow) -> str:
    if one.refused_why:
        return f"不问 not asked: {one.refused_why}"
    if one.answer:
        return f"答 answered: {one.answer}"
    return "待问 to be asked" if one.decided_at else "待审核 waits for the centre"
