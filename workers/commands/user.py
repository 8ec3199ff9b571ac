"""`minyi user`: accounts of the people who use the pages.

Exit codes: 0 done; 3 refused, nothing changed; 2 is the command line's own.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, TypeVar

import asyncpg
import typer

from followup import unit_accounts
from followup.store import unit_accounts as unit_links
from survey.access import elsewhere, granting
from survey.access.granting import NewPassword
from survey.access.passwords import Passwords
from survey.access.refusals import AccessRefusal
from survey.access.roles import Grant, roles_policy
from survey.access.signing_in import spelled
from survey.ground import Ground
from survey.settings import Settings, load_settings
from survey.store import access_events, accounts, areas, recording_reads
from survey.store.access_events import Event, NumberRead
from survey.store.accounts import Account
from survey.store.recording_reads import Hearing
from workers.commands.exits import refused
from workers.commands.running import run
from workers.commands.user_text import (
    event_line,
    hearing_line,
    line,
    read_line,
    record,
    role_lines,
    shown_once,
)
from workers.runtime import open_ground

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""账号:谁能登录网页、以什么岗位、管哪个地区。

    Accounts of the people who use the pages: who signs in, in which role, for which area.

    先看岗位,再开账号 see the roles, then give out an account:  minyi user roles · minyi user add wang --called 王主任
    --role director:991721 --by 李局长""",
    epilog="退出码 exit codes: 0 办成 done; 3 没有改动 refused.",
)

T = TypeVar("T")
Name = Annotated[
    str, typer.Argument(help="账号名,多为工号。The name typed at the sign-in, mostly the staff number.")
]
By = Annotated[str, typer.Option(help="谁开的,留在记录里。Who does it; kept on record.")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")]
Roles = Annotated[
    list[str],
    typer.Option(
        "--role",
        help="岗位:地区,可重复;不写地区就是本中心的。ROLE:AREA, may be repeated; without an area that of the centre.",
    ),
]
Unit = Annotated[
    str,
    typer.Option(
        "--unit",
        metavar="CODE",
        help="代哪个单位办理(minyi unit list)。The unit that they work for; `minyi unit list` shows the codes.",
    ),
]
Act = Callable[[asyncpg.Connection, Settings, Ground], Awaitable[T]]


@app.command("add")
def add(
    name: Name,
    by: By,
    role: Roles = [],  # noqa: B006  # typer's own way
    unit: Unit = "",
    called: Annotated[str, typer.Option(help="怎么称呼,如 李秀英。How the pages address them.")] = "",
    contractor: Annotated[
        bool,
        typer.Option(
            "--contractor", help="外包人员:只看到隐去中间几位的号码。Contractor: sees masked numbers only."
        ),
    ] = False,
    json_: Json = False,
) -> None:
    """开通账号,首次密码只显示这一次,登录后必须改。Give out an account; its first password is shown this once, and must be
    changed at the first sign-in.

    Example:  minyi user add 1021 --called 李秀英 --role surveyor:991721 --by 王主任

    Of a unit:  minyi user add ga01 --called 张警官 --unit 991721-police --by 王主任
    """

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> NewPassword:
        grants = await _grants(conn, settings, role)
        employment: granting.Employment = "contractor" if contractor else "staff"
        if unit:
            grants = await unit_accounts.grants_for(conn, unit, grants, employment)
        made = await granting.add(
            ground, Passwords(), name, called=called, employment=employment, grants=grants, by=by
        )
        if unit:
            await unit_accounts.link(conn, name, unit, by=by, now=ground.clock.now())
        return made

    shown_once(_do("minyi user add", act), json_)


@app.command("unit")
def unit(
    name: Name,
    by: By,
    unit: Unit = "",
    none: Annotated[bool, typer.Option("--none", help="不再代任何单位办理。For no unit any more.")] = False,
    json_: Json = False,
) -> None:
    """账号代哪个单位或督查室办理;只能是一个,从下一页起生效。The unit, or supervision office, that an account works for: one,
    from the next page on.

    Example:  minyi user unit dc01 --unit 991721-dcs-gov --by 王主任
    """
    if bool(unit) == none:
        raise refused("minyi user unit", "写一个单位,或 --none。Give one unit, or --none.")

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> str:
        now = ground.clock.now()
        if none:
            return await unit_accounts.unlink(conn, name, by=by, now=now)
        return (await unit_accounts.link(conn, name, unit, by=by, now=now)).code

    code = _do("minyi user unit", act)
    told = {"name": spelled(name), "unit": None if none else code}
    gone = f"不再代 {code} 办理。Works for {code} no more."
    typer.echo(json.dumps(told) if json_ else gone if none else f"代 {code} 办理。Works for {code}.")


@app.command("link")
def link(
    name: Name,
    by: By,
    subject: Annotated[
        str,
        typer.Option(
            "--subject", help="在统一认证里的编号,登录页上会写。Who they are there; its page says so."
        ),
    ] = "",
    none: Annotated[bool, typer.Option("--none", help="解除。No more, and out at once.")] = False,
) -> None:
    """账号与统一认证(OpenID Connect)里的人对应。Whom an account belongs to in the house that `openid_issuer` names.

    Example:  minyi user link 1021 --subject 8f14e45f --by 王主任
    """
    if bool(subject) == none:
        raise refused("minyi user link", "写 --subject,或 --none。Give --subject, or --none.")
    issuer = load_settings().openid_issuer
    if not issuer:
        raise refused("minyi user link", "没有设置 openid_issuer。Set openid_issuer first (docs/access.md).")

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> None:
        if none:
            await elsewhere.unlink(ground, issuer, name, by=by)
        else:
            await elsewhere.link(ground, issuer, name, subject, by=by)

    _do("minyi user link", act)
    typer.echo(
        "已解除。Linked no more." if none else f"已对应 linked: {spelled(name)} = {subject} @ {issuer}"
    )


@app.command("reset")
def reset(
    name: Name,
    by: By,
    second_factor: Annotated[
        bool,
        typer.Option(
            "--second-factor", help="手机丢了:验证码也重新设置。The telephone is lost: its codes go too."
        ),
    ] = False,
    json_: Json = False,
) -> None:
    """重置密码,只显示这一次;已登录的立即退出。A first password again, shown this once; whoever is signed in is out at once.

    Example:  minyi user reset 1021 --by 王主任
    """

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> NewPassword:
        return await granting.reset(ground, Passwords(), name, second_factor=second_factor, by=by)

    shown_once(_do("minyi user reset", act), json_)


@app.command("disable")
def disable(name: Name, by: By, json_: Json = False) -> None:
    """停用账号,立即生效。Disable an account: no sign-in any more, and who is signed in is out at once."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> Account:
        return await granting.disable(ground, name, by=by)

    _tell(_do("minyi user disable", act), json_)


@app.command("enable")
def enable(name: Name, by: By, json_: Json = False) -> None:
    """重新启用账号,密码不变。Enable a disabled account again, with its old password."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> Account:
        return await granting.enable(ground, name, by=by)

    _tell(_do("minyi user enable", act), json_)


@app.command("roles")
def roles(
    name: Annotated[
        str | None,
        typer.Argument(help="账号名;不写就列出岗位。An account; without one the roles are listed."),
    ] = None,
    role: Roles = [],  # noqa: B006  # typer's own way
    by: Annotated[str, typer.Option(help="谁改的。Who changes them.")] = "",
    json_: Json = False,
) -> None:
    """看有哪些岗位、各能做什么;或改一个账号的岗位,从下一页起生效。The roles and what each may do; or set those of an
    account, from the next page on.

    Example:  minyi user roles 1021 --role team_lead:991721 --by 王主任
    """
    if name is None:
        listed = roles_policy()
        typer.echo(listed.model_dump_json(indent=2) if json_ else role_lines(listed))
        return
    if not by.strip():
        raise refused("minyi user roles", "须说明谁改的。Say who changes them: --by NAME.")

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> Account:
        return await granting.set_roles(ground, name, await _grants(conn, settings, role), by=by)

    _tell(_do("minyi user roles", act), json_)


@app.command("list")
def list_(json_: Json = False) -> None:
    """看账号。The accounts, without what they sign in with."""

    async def act(
        conn: asyncpg.Connection, settings: Settings, ground: Ground
    ) -> tuple[list[Account], dict[str, str]]:
        return await accounts.accounts(conn), await unit_links.links(conn)

    found, units = _do("minyi user list", act)
    if json_:
        rows = [{**record(one), "unit": units.get(one.name)} for one in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        none = "还没有账号。There is none yet: minyi user add --help"
        typer.echo("\n".join(line(one, units.get(one.name)) for one in found) or none)


@app.command("log")
def log(
    name: Annotated[str | None, typer.Argument(help="账号名。An account; without one all.")] = None,
    most: Annotated[int, typer.Option(min=1, help="最多几条。At most so many.")] = 50,
    json_: Json = False,
) -> None:
    """看登录、失败、锁定、停用等记录,新的在前。Sign-ins, failures, locks, resets and so on, newest first."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> list[Event]:
        return await access_events.events(conn, name, most)

    found = _do("minyi user log", act)
    if json_:
        rows = [{**vars(one), "at": one.at.isoformat()} for one in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(map(event_line, found)) or "没有记录。There is none.")


@app.command("reads")
def reads(
    name: Annotated[
        str | None, typer.Argument(help="谁看的;不写就是所有人。Who read them; without it everybody.")
    ] = None,
    person: Annotated[
        int | None, typer.Option(help="谁的号码:居民编号。Whose number: the person's id.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="最多几条。At most so many.")] = 50,
    json_: Json = False,
) -> None:
    """谁、何时、为什么看过居民号码,新的在前。Who was shown a resident's number, when and why, newest first; never the number.

    Example:  minyi user reads 1021 --most 200
    """

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> list[NumberRead]:
        return await access_events.number_reads(conn, spelled(name) if name else None, person, most)

    found = _do("minyi user reads", act)
    if json_:
        rows = [{**vars(one), "at": one.at.isoformat()} for one in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(map(read_line, found)) or "没有人看过号码。Nobody was shown a number.")


@app.command("heard")
def heard(
    name: Annotated[
        str | None, typer.Argument(help="谁听的;不写就是所有人。Who heard them; without it everybody.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="最多几条。At most so many.")] = 50,
    json_: Json = False,
) -> None:
    """谁、何时、为什么听过录音,新的在前。Who heard a resident's recording, when and why, newest first.

    Example:  minyi user heard 3001
    """

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> list[Hearing]:
        return await recording_reads.hearings(conn, spelled(name) if name else None, most)

    found = _do("minyi user heard", act)
    if json_:
        rows = [{**vars(one), "at": one.at.isoformat()} for one in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(map(hearing_line, found)) or "没有人听过录音。Nobody heard a recording.")


async def _grants(conn: asyncpg.Connection, settings: Settings, written: Sequence[str]) -> list[Grant]:
    """ROLE:AREA, or ROLE for the area of this installation's centre."""
    own = await areas.centre_area(conn, settings.centre) or settings.centre
    parts = [one.partition(":") for one in written]
    return sorted({Grant(role, area or own) for role, _, area in parts})


def _do(command: str, act: Act[T]) -> T:
    settings = load_settings()

    async def work() -> T:
        async with open_ground(settings, "user", pool_size=3) as ground, ground.pool.acquire() as conn:
            with ground.clock.activity():
                return await act(conn, settings, ground)

    try:
        return run(command, work())
    except AccessRefusal as no:
        raise refused(command, str(no)) from None


def _tell(account: Account, json_: bool) -> None:
    typer.echo(json.dumps(record(account), ensure_ascii=False, indent=2) if json_ else line(account))
