"""`minyi notice`: what units, offices, leaders and residents were told, their receipts, and where they are told.

Exit codes: 0 done; 3 refused, nothing changed; 2 is the command line's own.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

import asyncpg
import typer

from followup import addresses, notices
from followup.notice_templates import CannotSay, Channel, Role, notice_policy
from followup.notices import NewNotice
from followup.refusals import CaseRefusal, UnknownNotice
from followup.store import notice_messages
from followup.store import notices as rows
from survey.ground import Ground
from survey.ids import new_ref
from survey.settings import Settings, load_settings
from workers.commands.case_text import as_json
from workers.commands.exits import refused
from workers.commands.notice_text import (
    NO_ADDRESSES,
    NOTHING,
    address_record,
    book_lines,
    list_lines,
    notice_record,
    show_lines,
)
from workers.commands.running import run
from workers.runtime import open_ground

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""通知:谁被告知了什么、签收没有、往哪里发。

    Notices: who was told what, who has acknowledged it, and where they are told.""",
    epilog="退出码 exit codes: 0 办成 done, 3 没有改动 refused, nothing changed.",
)
book = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="通讯录:号码和邮箱加密保存,只显示尾数。The address book: sealed, shown masked.",
)
app.add_typer(book, name="address")

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON instead of text.")]
Id = Annotated[int, typer.Argument(metavar="ID", help="通知编号,见 list。The number that `list` shows.")]
By = Annotated[str, typer.Option("--by", help="谁:姓名或工号,留底。Who: name or staff number, on record.")]
Holder = Annotated[
    str,
    typer.Argument(
        metavar="HOLDER",
        help="unit:代码 CODE, office:party:CENTRE, office:government:CENTRE, post:NAME:CENTRE.",
    ),
]
RoleOption = Annotated[
    str, typer.Option("--role", help="liaison 联络员, leader 分管领导; 办公室和岗位 offices and posts: duty.")
]


@app.command("list")
def list_notices(
    to: Annotated[
        str | None, typer.Option("--to", help="只看一个对象的系统待办。Only one recipient's desk.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="连同已签收的。Acknowledged ones too.")] = False,
    stuck: Annotated[
        bool,
        typer.Option("--stuck", help="督导台:无法送达的、逾期未签收的。Supervisor: undelivered, or late."),
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="最多几条。At most so many.")] = 200,
    json: AsJson = False,
) -> None:
    """看通知:紧急的在前。Notices, urgent ones first.

    例 example:  minyi notice list --to unit:991721-police
    """

    async def read(ground: Ground, settings: Settings, conn: asyncpg.Connection, now: datetime) -> None:
        found = await rows.notices(conn, to, everything, stuck, now, limit, settings.centre)
        if json:
            _say(as_json({"notices": [notice_record(row, now) for row in found]}))
        else:
            _say("\n".join(list_lines(found, now)) or NOTHING)

    _run("list", read)


@app.command()
def show(notice: Id, json: AsJson = False) -> None:
    """一条通知和为它发出的每条短信、邮件。One notice with every text and mail that was sent for it."""

    async def read(ground: Ground, settings: Settings, conn: asyncpg.Connection, now: datetime) -> None:
        row = await rows.notice(conn, notice)
        if row is None:
            raise UnknownNotice(notice=notice)
        messages = await notice_messages.messages_of(conn, notice)
        if json:
            _say(as_json(notice_record(row, now, messages)))
        else:
            _say("\n".join(show_lines(row, messages, now)))

    _run("show", read)


@app.command()
def ack(
    notice: Id,
    by: By,
    how: Annotated[
        str, typer.Option("--how", help="desk 系统, call 电话告知, visit 当面, letter 书面。How they know.")
    ] = "desk",
    json: AsJson = False,
) -> None:
    """签收;或者记下已由人告知。Acknowledge; or write down that a person has told them.

    例 example:  minyi notice ack 12 --by 联络员-01

    例 example:  minyi notice ack 13 --by 0102 --how call
    """

    async def act(ground: Ground, settings: Settings, conn: asyncpg.Connection, now: datetime) -> None:
        row = await notices.acknowledge(conn, notice, by=by, how=how, now=now)
        _say(as_json(notice_record(row, now)) if json else "\n".join(show_lines(row, [], now)))

    _run("ack", act)


@app.command()
def test(
    holder: Holder,
    template: Annotated[
        str, typer.Option("--template", help="模板。Which template, with its example.")
    ] = "urge_1",
    json: AsJson = False,
) -> None:
    """发一条样例通知,看是否送达。Owe a sample notice, to see whether it arrives; `show` tells."""

    async def act(ground: Ground, settings: Settings, conn: asyncpg.Connection, now: datetime) -> None:
        try:
            example = notice_policy().template(template).example
        except CannotSay as no:
            raise refused(
                "minyi notice test", f"{no}. Choose from {', '.join(notice_policy().templates)}"
            ) from None
        await addresses.known(conn, holder, settings.centre)
        owed = NewNotice(f"test:{new_ref()}", holder, template, {**example, "test": "测试"})
        notice_id = await notices.owe(conn, owed, now=now)
        if json:
            _say(as_json({"notice": notice_id}))
        else:
            _say(f"已登记 owed: {notice_id}。看结果 see: minyi notice show {notice_id}")

    _run("test", act)


@book.command("set")
def set_address(
    holder: Holder,
    by: By,
    role: RoleOption = "liaison",
    channel: Annotated[str, typer.Option("--channel", help="text 手机号, mail 邮箱。")] = "text",
    value: Annotated[
        str | None,
        typer.Option("--value", help="不给就从标准输入读一行。Left out: one line of standard input is read."),
    ] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="不再往这里发。Nothing goes there any more.")
    ] = False,
) -> None:
    """登记一个手机号或邮箱,加密保存。Keep a mobile number or a mail address, sealed.

    例 example:  minyi notice address set unit:991721-police --by 管理员 < number.txt
    """
    where: Channel = _one_of("--channel", channel, "text", "mail")  # type: ignore[assignment]
    whose: Role = _one_of("--role", role, "liaison", "leader", "duty")  # type: ignore[assignment]

    async def act(ground: Ground, settings: Settings, conn: asyncpg.Connection, now: datetime) -> None:
        centre = settings.centre
        if remove:
            there = await addresses.remove(conn, holder, whose, where, centre=centre, now=now)
            _say("已删除。Removed." if there else "本来就没有。There was none.")
            return
        typed = value if value is not None else sys.stdin.readline()
        shown = await addresses.keep(
            conn, ground.vault, holder, whose, where, typed, centre=centre, plan=settings.number_plan, by=by, now=now
        )  # fmt: skip
        _say(f"已登记 kept: {holder} {whose} {where} {shown}")

    _run("address set", act)


@book.command("list")
def list_addresses(json: AsJson = False) -> None:
    """看通讯录,只显示尾数。The address book, masked."""

    async def read(ground: Ground, settings: Settings, conn: asyncpg.Connection, now: datetime) -> None:
        found = await addresses.book(conn, settings.centre)
        if json:
            _say(as_json({"addresses": [address_record(row) for row in found]}))
        else:
            _say("\n".join(book_lines(found)) or NO_ADDRESSES)

    _run("address list", read)


Act = Callable[[Ground, Settings, asyncpg.Connection, datetime], Awaitable[None]]


def _run(verb: str, act: Act) -> None:
    command = f"minyi notice {verb}"
    try:
        run(command, _on_ground(act))
    except CaseRefusal as no:
        raise refused(command, str(no)) from None


async def _on_ground(act: Act) -> None:
    settings = load_settings()
    async with open_ground(settings, "notice", pool_size=2) as ground:
        with ground.clock.activity():
            async with ground.pool.acquire() as conn:
                await act(ground, settings, conn, ground.clock.now())


def _one_of(option: str, given: str, *known: str) -> str:
    if given not in known:
        raise typer.BadParameter(f"{given}: {', '.join(known)}", param_hint=option)
    return given


def _say(text: Any) -> None:
    sys.stdout.write(f"{text}\n")
