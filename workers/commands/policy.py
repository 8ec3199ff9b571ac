"""`minyi policy`: the policies that a centre enters itself, each a version that holds from a day on.

Exit codes: 0 done; 3 refused, nothing put in force; 2 is the command line's own.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import asyncpg
import typer
import yaml

from survey.ground import Ground
from survey.policies import packaged
from survey.settings import Settings
from survey.store import campaigns, policies
from survey.store.policies import PolicyRow
from workers.commands.api_running import Centre, Json, on_database
from workers.commands.exits import refused
from workers.policy_files import TYPES, Entered, NoPolicy, put_entered, read_policy
from workers.policy_rows import EVERY_CENTRE, PolicyVersion, versions_of

NAME = "minyi policy"
KEYS = ", ".join(sorted(TYPES))
PACKAGED = {
    "indicators": "survey.statistics",
    "limits": "followup.casework",
    "population": "survey.statistics",
}
"""Where those lie that the program brings along."""

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""中心自己定的政策:人口(校准用)、指标定义、办理时限、每天问多少人。只增版本,不改已生效的。

    Policies that a centre enters itself: the population that weights are calibrated to, definitions of indicators, limits of
    cases, how many are asked a day. A version is added; what is in force is never altered. Each one: docs/policies.md.""",
    epilog="退出码 exit codes: 0 办成 done; 3 拒绝 refused.",
)
File = Annotated[Path, typer.Argument(metavar="FILE", help="政策文件(YAML)。The policy as YAML.")]


@app.command()
def check(file: File) -> None:
    """检查一个文件,什么都不写。Check a file; nothing is written.

    例 example:  minyi policy check population.yaml
    """
    entered = _read("check", file)
    sys.stdout.write(f"{file}: {_named(entered)} 可以生效 can be put in force\n")


@app.command("set")
def set_(
    file: File,
    by: Annotated[str, typer.Option("--by", help="谁,留底。Who puts it in force; on record.")],
    reason: Annotated[str, typer.Option("--reason", help="依据,留底。Why; on record.")],
    every_centre: Annotated[
        bool, typer.Option("--every-centre", help="全市各中心。For all centres.")
    ] = False,
    centre: Centre = None,
) -> None:
    """生效一个新版本,从文件里的 valid_from 起。Put a new version in force, from its valid_from on.

    例 example:  minyi policy set population.yaml --by 李主任 --reason 第七次人口普查
    """
    entered = _read("set", file)

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> str:
        where = EVERY_CENTRE if every_centre else settings.centre
        await put_entered(conn, entered, where, by=by, reason=reason, now=ground.clock.now())
        return where

    try:
        where = on_database(f"{NAME} set", centre, act)
    except NoPolicy as no:
        raise refused(f"{NAME} set", str(no)) from None
    sys.stdout.write(
        f"{_named(entered)} 已生效 in force: {_centre(where)}, {entered.policy.valid_from} 起 on\n"
    )


@app.command()
def show(
    key: Annotated[str, typer.Argument(metavar="KEY", help=f"哪一个。Which: {KEYS}.")],
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="哪天生效的;不给:今天。In force on this day; today."),
    ] = None,
    centre: Centre = None,
) -> None:
    """看生效的版本,格式就是 set 用的。The version in force, in the form that `set` takes.

    例 example:  minyi policy show population > population.yaml
    """
    if key not in TYPES:
        raise typer.BadParameter(f"{key}: {KEYS}")

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> PolicyRow | None:
        return await policies.in_force(
            conn, key, settings.centre, await _day(conn, settings.centre, day, ground)
        )

    found = on_database(f"{NAME} show", centre, act)
    if found is None and key not in PACKAGED:
        raise refused(f"{NAME} show", f"no version of {key} is in force on that day; `{NAME} list` shows all")
    if found is None:
        sys.stdout.write(_written(key, EVERY_CENTRE, packaged(PACKAGED[key], key)))
    else:
        sys.stdout.write(_written(key, found.centre_code, found))


@app.command("list")
def list_(centre: Centre = None, json_: Json = False) -> None:
    """看所有版本:从哪天起、谁、为什么;★是今天生效的。Every version: from when, by whom and why; ★ holds today."""

    async def act(
        conn: asyncpg.Connection, settings: Settings, ground: Ground
    ) -> list[tuple[PolicyVersion, bool]]:
        found = await versions_of(conn, sorted(TYPES), settings.centre)
        day = await _day(conn, settings.centre, None, ground)
        today = {key: await policies.in_force(conn, key, settings.centre, day) for key in TYPES}
        return [(one, _is(one, today[one.key])) for one in found]

    rows = on_database(f"{NAME} list", centre, act)
    if json_:
        told = [{**asdict(one), "in_force": holds} for one, holds in rows]
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n")
        return
    sys.stdout.write("\n".join(_line(*row) for row in rows) + "\n" if rows else "没有。There is none.\n")


def _read(command: str, file: Path) -> Entered:
    try:
        return read_policy(file)
    except NoPolicy as no:
        raise refused(f"{NAME} {command}", str(no)) from None
    except OSError as error:
        raise refused(f"{NAME} {command}", f"{file}: {error.strerror or error}") from None


async def _day(conn: asyncpg.Connection, centre: str, asked: datetime | None, ground: Ground) -> date:
    """Today is the centre's."""
    zone = ZoneInfo(await campaigns.time_zone(conn, centre) or "UTC")
    return asked.date() if asked else ground.clock.now().astimezone(zone).date()


def _is(one: PolicyVersion, held: PolicyRow | None) -> bool:
    return held is not None and (one.centre_code, one.version) == (held.centre_code, held.version)


def _named(entered: Entered) -> str:
    return f"{entered.policy.key} v{entered.policy.version}"


def _centre(code: str) -> str:
    return "各中心 every centre" if code == EVERY_CENTRE else code


def _line(one: PolicyVersion, holds: bool) -> str:
    head = f"{'★' if holds else ' '} {one.key} v{one.version}  {_centre(one.centre_code)}  {one.valid_from} 起 on"
    return f"{head}  {one.by}: {one.reason} ({one.put_at:%Y-%m-%d})"


def _written(key: str, where: str, one: Any) -> str:
    """As a file. The next version is the centre's own: it counts on from its last, or begins."""
    head = f"# {_centre(where)}, {'生效' if where != EVERY_CENTRE else '通用'} in force\n"
    body = {"key": key, "version": one.version, "valid_from": one.valid_from, "body": dict(one.body)}
    return head + yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=120)
