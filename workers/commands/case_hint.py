"""`minyi case missing`, `doubts`, `doubt`, `answer-doubt`, `settle-doubt`, `explained`: around callbacks, no move of a case."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import asyncpg
import typer

from followup import callbacks, reading, recurring, suspecting, suspicious
from followup.often_missing import Missing
from followup.store.suspicions import SuspicionRow
from followup.suspicious import Weighed, most_suspicious_first, weighed
from survey.ids import new_ref
from survey.settings import Settings
from workers.commands.case_text import as_json

Act = Callable[[asyncpg.Connection, Settings, datetime], Awaitable[None]]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="案件编号。The case's full number.")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")]
By = Annotated[str, typer.Option("--by", help="谁。Who.")]
Words = Annotated[str, typer.Option("--words", help="说明。In words.")]
Unit = Annotated[str | None, typer.Option("--unit", help="先看这个单位的。This unit's own results go first.")]
Second = Annotated[str, typer.Option("--second-by", help="第二个签字的人。The second person who signs.")]
Finding = Annotated[
    str, typer.Option("--finding", help="false_closing 认定 / cleared 不作认定。What was found.")
]
Decision = Annotated[str, typer.Option("--decision", help="new_case 新立事项 / noted 记录在案。")]
How = Annotated[str, typer.Option("--how", help="text, call, letter, visit.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="最多几条。How many at most.")]
PANEL = "回访 Callbacks"


def add_hints(app: typer.Typer, run: Callable[[Act], None]) -> None:
    """Put these commands under `app`; `run` gives each the database, the settings and the moment."""

    @app.command("missing", rich_help_panel=PANEL)
    def missing(number: Number, unit: Unit = None, json: AsJson = False) -> None:
        """反馈前看:同类事项群众最常说缺了什么。What residents with such matters most often said was missing."""

        async def read(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            case = (await reading.passport(conn, number)).case
            found = await callbacks.often_missing(conn, case, unit=unit, now=now)
            _say(as_json([asdict(one) for one in found]) if json else "\n".join(missing_lines(found)))

        run(read)

    @app.command("doubts", rich_help_panel=PANEL)
    def doubts(limit: Limit = 20, json: AsJson = False) -> None:
        """待核实的办结,最可疑的在前,附理由。Closings to be verified, the most suspicious first, and why.

        包括群众否认联系过的,也包括综合各项证据看来可疑的。Those whose contact is denied, and those that look false altogether."""

        async def read(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            found = most_suspicious_first(await weighed(conn, settings.centre))[:limit]
            _say(as_json([as_row(one) for one in found]) if json else "\n".join(list_lines(found)))

        run(read)

    @app.command("doubt", rich_help_panel=PANEL)
    def doubt(number: Number, json: AsJson = False) -> None:
        """待核实:单位所称、群众所说、通话记录并列。Closings in doubt: the claim, the resident's words, the calls."""

        async def read(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            case = (await reading.passport(conn, number)).case
            looks = await suspicious.of_case(conn, case)
            found = [(one, looks.get(one.round)) for one in await suspecting.of_case(conn, case.id)]
            rows = [{**asdict(one), "probability": probability(look)} for one, look in found]
            _say(as_json(rows) if json else "\n".join(doubt_lines(found)))

        run(read)

    @app.command("answer-doubt", rich_help_panel=PANEL)
    def answer_doubt(number: Number, words: Words, by: By) -> None:
        """单位对待核实事项的申辩。The unit's own word on a closing in doubt."""

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            await suspecting.answer(conn, number, by=by, words=words, now=now)
            _say(f"{number} 已记下申辩。The answer is kept.")

        run(act)

    @app.command("settle-doubt", rich_help_panel=PANEL)
    def settle_doubt(number: Number, finding: Finding, words: Words, second_by: Second, by: By) -> None:
        """两人决定:是否虚假办结。Two people decide whether the closing was false."""

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            said = {"by": by, "second_by": second_by, "reason": words}
            await suspecting.decide(conn, number, finding=finding, now=now, **said)
            _say(f"{number} {finding}")

        run(act)

    @app.command("explained", rich_help_panel=PANEL)
    def explained(number: Number, how: How, by: By) -> None:
        """解释办结的说明已告知本人。The resident has the explanation of a rejection."""

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            await callbacks.explained(conn, number, how=how, by=by, now=now)
            _say(f"{number} 已告知。Told.")

        run(act)

    @app.command("recurred", rich_help_panel=PANEL)
    def recurred(number: Number, decision: Decision, words: Words, by: By) -> None:
        """纠纷复发:新立事项或记录在案。A settled dispute has recurred: a new case of it, or a note why not."""

        async def act(conn: asyncpg.Connection, settings: Settings, now: datetime) -> None:
            new = await recurring.follow_up(
                conn, number, decision=decision, by=by, reason=words, now=now, tokens=new_ref
            )
            _say(new or f"{number} 已记录。Noted.")

        run(act)


def missing_lines(found: list[Missing]) -> Iterator[str]:
    """One line a topic, the most frequent first."""
    if not found:
        yield "同类事项的评价还太少。Too few ratings of such matters yet."
    for one in found:
        yield f"{one.zh} {one.en}: {one.residents}/{one.of}"


def list_lines(found: list[Weighed]) -> Iterator[str]:
    """One closing a line, under it what speaks for its being false."""
    if not found:
        yield "没有待核实的办结。No closing is to be verified."
    for one in found:
        closing = one.closing
        denied = "  群众否认联系 contact denied" if one.denied else ""
        share = in_words(one)
        yield f"{closing.number}  第{closing.round}轮 round {closing.round}  {closing.unit_code}  {share}{denied}"
        for term in one.suspicion.reasons:
            yield f"  {term.zh}  {term.en}"


def as_row(one: Weighed) -> dict[str, object]:
    """For other programs."""
    closing = one.closing
    return {
        "number": closing.number,
        "round": closing.round,
        "unit_code": closing.unit_code,
        "mode": closing.mode,
        "denied": one.denied,
        "probability": one.suspicion.probability,
        "reasons": [{"item": term.item, "zh": term.zh, "en": term.en} for term in one.suspicion.reasons],
    }


def probability(look: Weighed | None) -> float | None:
    """That the closing is a false one; None: nobody has been reached about it."""
    return look.suspicion.probability if look else None


def in_words(look: Weighed | None) -> str:
    """The same to be read: never certain, as only a decision is."""
    found = probability(look)
    return "-" if found is None else ">99%" if found > 0.99 else f"{found:.0%}"


def doubt_lines(found: list[tuple[SuspicionRow, Weighed | None]]) -> Iterator[str]:
    """What speaks for and against each claimed contact, side by side."""
    if not found:
        yield "没有待核实的办结。No closing of this case is in doubt."
    for one, look in found:
        said = one.evidence["resident_says"]
        share = in_words(look)
        yield f"第{one.round}轮 round {one.round}  {one.unit_code}  {one.state}  {share}"
        yield f"  单位所称 the unit claims: {one.evidence['unit_claims']}"
        yield f"  群众所说 the resident says: C1={said['contacted']}, {said['words'] or '-'} ({said['mode']})"
        for call in one.evidence["our_calls"]:
            yield f"  我方联系 our contact: {call['mode']} {call['at']} {call['outcome']}"
        for call in one.evidence["unit_calls"]:
            yield f"  单位经总机 through the bridge: {call['begun_at']} {call['seconds']} s"
        yield f"  申辩 the unit's answer: {one.answer or '-'}"
        yield f"  决定 decision: {one.reason or '-'}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
