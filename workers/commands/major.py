"""`minyi major`: major incident reports, at any hour.

Exit codes: 0 done; 3 refused, nothing changed; 2 is the command line's own.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import asyncpg
import typer

from followup import major
from followup.casework.major import major_policy
from followup.refusals import CaseRefusal
from survey.settings import load_settings
from workers.commands.case_text import as_json
from workers.commands.exits import refused
from workers.commands.running import run
from workers.runtime import open_ground

LOCAL = ZoneInfo("Asia/Shanghai")
FORMS = {"first": "首报", "follow": "续报", "final": "终报", "false_alarm": "误报"}
T = TypeVar("T")

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=f"""重大信息报告:首报、签收、续报、终报。

    {major.DIAL_FIRST}

    Major incident reports: raise, acknowledge, follow up, end.""",
    epilog="退出码 exit codes: 0 办成 done; 3 没有改动 refused.",
)
Report = Annotated[
    str, typer.Argument(metavar="REPORT", help="报告编号,见 list。The number that `list` shows.")
]
By = Annotated[str, typer.Option("--by", help="谁:姓名或工号,留底。Who: name or staff number, on record.")]
Facts = Annotated[
    list[str],
    typer.Option(
        "--fact", "-f",
        help="名称=内容,可多次;号码不留存。NAME=WORDS, again and again; telephone numbers are not kept: "
        + ", ".join(f"{name} {word.zh}" for name, word in major_policy().facts.items()),
    ),
]  # fmt: skip
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")]


@app.command("raise")
def raise_report(
    class_: Annotated[
        str,
        typer.Option(
            "--class",
            help=", ".join(f"{name} {word.zh}" for name, word in major_policy().classes.items()),
        ),
    ],
    fact: Facts,
    by: By,
    case: Annotated[str | None, typer.Option("--case", help="相关案件编号。The case it belongs to.")] = None,
    json: AsJson = False,
) -> None:
    """首报:先拨 110/119/120。Raise a report; whoever has not dialled 110/119/120 does that first.

    例 example:  minyi major raise --class mass -f time=9时 -f place=柳河镇政府 -f source=来电 -f what=聚集 --by 0103
    """
    typer.echo(major.DIAL_FIRST, err=json)  # before anything else, whether or not the rest works
    facts = _facts(fact)

    async def act(conn: asyncpg.Connection, now: datetime) -> major.Raised:
        centre = load_settings().centre
        return await major.raise_report(
            conn, centre, class_=class_, facts=facts, by=by, now=now, case_number=case
        )

    raised = _run("raise", act)
    if json:
        _say(as_json(asdict(raised)))
        return
    _say(f"{raised.number}  已报第1级,{_local(raised.next_at)}前未签收将报上一级。Level 1 is told.")
    if raised.held:
        _say(f"案件 {case} 暂停流转。The case is held.")


@app.command()
def ack(
    report: Report,
    by: By,
    level: Annotated[int, typer.Option("--level", min=1, help="哪一级。Which level of the ladder.")] = 1,
) -> None:
    """签收:梯级停止。Acknowledge: the ladder stops."""

    async def act(conn: asyncpg.Connection, now: datetime) -> None:
        await major.acknowledge(conn, report, level=level, by=by, now=now)

    _run("ack", act)
    _say(f"{report}  第{level}级已签收。Level {level} has acknowledged.")


@app.command()
def follow(report: Report, fact: Facts, by: By) -> None:
    """续报。A follow-up report."""
    facts = _facts(fact)

    async def act(conn: asyncpg.Connection, now: datetime) -> int:
        return await major.follow(conn, report, facts=facts, by=by, now=now)

    _say(f"{report}  续报,第{_run('follow', act)}份。Follow-up kept.")


@app.command()
def final(report: Report, fact: Facts, by: By) -> None:
    """终报:案件恢复流转。The final report; its case goes on."""
    facts = _facts(fact)

    async def act(conn: asyncpg.Connection, now: datetime) -> int:
        return await major.end(conn, report, facts=facts, by=by, now=now)

    _say(f"{report}  终报,第{_run('final', act)}份。It has ended.")


@app.command("false-alarm")
def false_alarm(
    report: Report,
    reason: Annotated[str, typer.Option("--reason", help="为什么是误报。Why it was none.")],
    by: By,
) -> None:
    """误报:通知已告知的各级,案件恢复流转。It was none; whoever was told is told so."""

    async def act(conn: asyncpg.Connection, now: datetime) -> int:
        return await major.false_alarm(conn, report, reason=reason, by=by, now=now)

    _run("false-alarm", act)
    _say(f"{report}  误报,已结束。A false alarm; it has ended.")


@app.command("list")
def list_reports(
    open_only: Annotated[bool, typer.Option("--open", help="只看未结束的。Only open ones.")] = False,
    json: AsJson = False,
) -> None:
    """看有哪些,近的在前。Reports, the newest first."""

    async def act(conn: asyncpg.Connection, now: datetime) -> Sequence[major.MajorRow]:
        return await major.listed(conn, load_settings().centre, open_only=open_only)

    rows = _run("list", act)
    if json:
        _say(as_json([_plain(row) for row in rows]))
    else:
        _say("\n".join(map(_line, rows)) or "没有重大信息报告。No report.")


@app.command()
def show(report: Report, json: AsJson = False) -> None:
    """看一份:各级签收、各次报告。One report: its ladder and its papers."""

    async def act(conn: asyncpg.Connection, now: datetime) -> major.MajorFile:
        return await major.show(conn, report)

    file = _run("show", act)
    if json:
        steps, forms = map(asdict, file.steps), map(asdict, file.forms)
        _say(as_json({**_plain(file.report), "ladder": list(steps), "forms": list(forms)}))
    else:
        _say("\n".join(_lines(file)))


def _line(row: major.MajorRow) -> str:
    name = major_policy().classes[row.class_]
    case = f"  {row.case_number}" if row.case_number else ""
    return f"{row.number}  {_local(row.raised_at)}  {name.zh} {name.en}  {row.state}{case}"


def _lines(file: major.MajorFile) -> Iterator[str]:
    yield _line(file.report)
    for rung in major_policy().ladder:
        step = next((one for one in file.steps if one.level == rung.level), None)
        name = f"第{rung.level}级 {rung.zh} {rung.en}"
        if step is None:
            yield f"  {name}: -"
            continue
        again = f",再发{step.again}次 again {step.again}" if step.again else ""
        ack_ = f"签收 {step.ack_by} {_local(step.ack_at)}" if step.ack_by else "未签收 not acknowledged"
        yield f"  {name}: {_local(step.sent_at)} {step.channel}{again}; {ack_}"
    for form in file.forms:
        yield f"{FORMS[form.form]} {form.serial}  {_local(form.at)}  {form.by}"
        for key, words in form.facts.items():
            yield f"  {major_policy().facts[key].zh}: {words}"


def _plain(row: major.MajorRow) -> dict[str, Any]:
    record = asdict(row)
    del record["id"], record["case_id"]
    record["class"] = record.pop("class_")
    return record


def _facts(given: Sequence[str]) -> dict[str, str]:
    """`name=words`, as often as there are facts."""
    facts: dict[str, str] = {}
    for one in given:
        name, equals, words = one.partition("=")
        if not equals or name.strip() not in major_policy().facts:
            known = ", ".join(major_policy().facts)
            raise typer.BadParameter(f"{one}: give NAME=WORDS, with a name of {known}", param_hint="--fact")
        facts[name.strip()] = words
    return facts


def _run(command: str, act: Callable[[asyncpg.Connection, datetime], Awaitable[T]]) -> T:
    async def work() -> T:
        async with open_ground(load_settings(), f"major {command}") as ground, ground.pool.acquire() as conn:
            with ground.clock.activity():
                return await act(conn, ground.clock.now())

    try:
        return run(f"minyi major {command}", work())
    except CaseRefusal as no:
        raise refused(f"minyi major {command}", str(no)) from None


def _local(moment: datetime | None) -> str:
    return f"{moment.astimezone(LOCAL):%m-%d %H:%M}" if moment else "-"


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
