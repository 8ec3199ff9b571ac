"""The commands of `minyi case` at the beginning of a case: registered, accepted or not, answered, looked up by its resident."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import asyncpg
import typer

from followup import answering, appeals, cases, refusing
from followup.not_accepted import grounds
from survey.ids import new_ref
from survey.settings import Settings
from workers.commands.case_register import register_command
from workers.commands.case_typed import (
    MOMENT,
    AsJson,
    By,
    Number,
    Reason,
    Run,
    Words,
    local,
    said,
    say,
    say_json,
    say_state,
)

PANEL = "登记受理 Intake"
STANDING_SEED = 1
"""Of a standing campaign that is not there yet; the same as an import gives it."""


def add_intake(app: typer.Typer, run: Run) -> None:
    """Put the commands under `app`; `run` gives each the database, the settings and the moment."""
    for name, command in (
        ("register", register_command),
        ("similar", _similar),
        ("link-repeat", _link_repeat),
        ("accept", _accept),
        ("refuse", _refuse),
        ("reopen", _reopen),
        ("answer", _answer),
        ("take-on", _take_on),
        ("uphold", _uphold),
        ("status", _status),
    ):
        app.command(name, rich_help_panel=PANEL)(command(run))


def _similar(run: Run) -> Callable[..., None]:
    def command(number: Number, as_json: AsJson = False) -> None:
        """相似事项:同一人、同类、同地。Cases of the same person, group of categories and place; nothing merges by itself."""

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            found = await appeals.similar(conn, number, now=now)
            if as_json:
                say_json([asdict(one) for one in found])
                return
            for one in found:
                say(f"{one.number}  {one.status}  {one.title}")
            if not found:
                say("没有相似事项。None.")

        run(act)

    return command


def _link_repeat(run: Run) -> Callable[..., None]:
    def command(
        number: Number,
        of: Annotated[str, typer.Option("--of", help="先前的事项编号。The earlier case.")],
        by: By = "审核员",
    ) -> None:
        """标为重复件。Say that the case repeats an earlier one; both live on."""

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            root = await appeals.link_repeat(conn, number, of=of, by=by, now=now)
            say(f"{number}  重复 repeats {root}")

        run(act)

    return command


def _accept(run: Run) -> Callable[..., None]:
    def command(
        number: Number,
        category: Annotated[
            str | None, typer.Option(help="改正类别(四位)。Corrects the category, four digits.")
        ] = None,
        by: By = "审核员",
        as_json: AsJson = False,
    ) -> None:
        """受理(已登记 → 已受理)。Take the case on."""

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            await cases.accept(conn, number, by=by, now=now, category=category)
            await say_state(conn, number, as_json)

        run(act)

    return command


def _refuse(run: Run) -> Callable[..., None]:
    def command(
        number: Number,
        ground: Annotated[str, typer.Option(help=f"理由 the ground: {'、'.join(grounds())}。")] = "",
        explanation: Annotated[
            str,
            typer.Option(
                help="已作的解释;- 从标准输入读。What the resident was told; - reads standard input."
            ),
        ] = "",
        standard: Annotated[
            bool, typer.Option("--standard", help="已按标准说法解释。It was the ground's own explanation.")
        ] = False,
        channel: Annotated[str, typer.Option(help="应找的部门,默认随理由。Whom to ask instead.")] = "",
        told_at: Annotated[
            datetime | None, typer.Option(formats=MOMENT, help="告知时间。When the resident was told.")
        ] = None,
        reviewed_by: Annotated[
            str, typer.Option(help="审核人,不是登记人。The reviewer, another person.")
        ] = "",
        by: By = "调查员",
        as_json: AsJson = False,
    ) -> None:
        """不予受理:理由、解释、告知时间、审核人缺一不可。Do not accept it: explained, told, and signed by two."""
        known = grounds().get(ground)
        words = known.explanation.zh if standard and known else said(explanation)

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            await refusing.refuse(
                conn,
                number,
                ground=ground,
                explanation=words,
                told_at=local(told_at),
                by=by,
                reviewed_by=reviewed_by,
                now=now,
                channel=channel,
            )
            await say_state(conn, number, as_json)

        run(act)

    return command


def _reopen(run: Run) -> Callable[..., None]:
    def command(number: Number, reason: Reason, by: By = "督办员", as_json: AsJson = False) -> None:
        """恢复登记(督办员)。A supervisor opens a case again that was not accepted."""

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            await refusing.reopen(conn, number, by=by, reason=reason, now=now)
            await say_state(conn, number, as_json)

        run(act)

    return command


def _answer(run: Run) -> Callable[..., None]:
    def command(
        number: Number,
        words: Words = "",
        knowledge: Annotated[str, typer.Option(help="知识库条目。Entry of the knowledge base.")] = "",
        on_the_spot: Annotated[
            bool, typer.Option("--on-the-spot", help="当场解决。Solved while the resident was there.")
        ] = False,
        by: By = "调查员",
        as_json: AsJson = False,
    ) -> None:
        """直接答复。Answer it directly; a fixed share of all answers is followed by a callback."""
        answered = said(words)

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            await answering.answer(
                conn,
                number,
                words=answered,
                knowledge_id=knowledge,
                on_the_spot=on_the_spot,
                by=by,
                now=now,
                tokens=new_ref,
                seed=STANDING_SEED,
            )
            await say_state(conn, number, as_json)

        run(act)

    return command


def _take_on(run: Run) -> Callable[..., None]:
    def command(number: Number, reason: Reason, by: By = "督办员", as_json: AsJson = False) -> None:
        """答复不满转办(督办员)。The callback says that the answer was not enough: put the case on the normal way."""

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            await answering.take_on(conn, number, by=by, reason=reason, now=now)
            await say_state(conn, number, as_json)

        run(act)

    return command


def _uphold(run: Run) -> Callable[..., None]:
    def command(
        number: Number,
        reason: Reason,
        second_by: Annotated[str, typer.Option("--second-by", help="第二个签字的人。The second who signs.")],
        by: By = "督办员",
        as_json: AsJson = False,
    ) -> None:
        """维持答复(两人签)。The flagged answer stands, and two people sign why."""

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            await answering.uphold(conn, number, by=by, second_by=second_by, reason=reason, now=now)
            await say_state(conn, number, as_json)

        run(act)

    return command


def _status(run: Run) -> Callable[..., None]:
    def command(
        query_code: Annotated[str, typer.Argument(help="查询码,如 K7Q2M9XA。The resident's query code.")],
        as_json: AsJson = False,
    ) -> None:
        """凭查询码看进展。Where a matter stands, as its resident reads it."""

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            told = await appeals.status_by_query_code(conn, query_code)
            if as_json:
                say_json(told)
                return
            say(told.zh)
            say(told.en)

        run(act)

    return command
