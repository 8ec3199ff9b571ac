"""`minyi unit endpoint`: units whose own system speaks Open311 GeoReport v2. Their cases go there, results come back."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import asyncpg
import typer

from followup.open311 import endpoints
from followup.store import forwards
from followup.store.forwards import EndpointRow, Forwarded
from survey.ground import Ground
from survey.settings import Settings
from workers.commands.api_running import By, Centre, Json, on_database
from workers.commands.api_webhook import guard_of
from workers.commands.exits import refused

NAME = "minyi unit endpoint"
app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""单位自己的系统(Open311 GeoReport v2):事项转过去,办理情况收回来。

    A unit's own system: its cases go there by themselves, and what is done there comes back as the unit's result.""",
    epilog="退出码 exit codes: 0 办成 done, 3 没有改动 nothing done.",
)
Unit = Annotated[str, typer.Option("--unit", help="单位代码 the unit's code.")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="事项编号 the case's number.")]


@app.command("add")
def add(
    url: Annotated[str, typer.Argument(help="对方接口,https://…/open311/v2。Where it is; https.")],
    unit: Unit,
    by: By,
    service: Annotated[
        list[str],
        typer.Option(
            "--service",
            help="我方分类=对方代码,可重复;须有 *=代码。Our category, group or * = their code; may be repeated.",
        ),
    ],
    jurisdiction: Annotated[str | None, typer.Option(help="对方辖区代码。Their jurisdiction_id.")] = None,
    api_key: Annotated[
        str | None,
        typer.Option(envvar="MINYI_ENDPOINT_KEY", help="对方给的密钥,加密保存。Their key; kept sealed."),
    ] = None,
    attribute: Annotated[
        list[str] | None,
        typer.Option("--attribute", help="每件都带的属性,名=值。attribute[NAME]=VALUE of each request."),
    ] = None,
    centre: Centre = None,
) -> None:
    """登记单位的系统;从现在起交办的事项转过去。Cases dispatched to the unit from now on go there.

    例 example:  minyi unit endpoint add https://water.example/open311/v2 --unit 991721-tap-water --service "*=006" --by 主任
    """
    services, attributes = _pairs("--service", service), _pairs("--attribute", attribute or [])

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> None:
        await endpoints.add(
            conn,
            ground.vault,
            guard_of(settings),
            settings.centre,
            unit=unit,
            url=url,
            services=services,
            jurisdiction=jurisdiction,
            api_key=api_key,
            attributes=attributes,
            by=by,
            now=ground.clock.now(),
            tokens=ground.tokens,
        )

    on_database(f"{NAME} add", centre, act)
    typer.echo(f"{unit}: 从现在起交办的事项转到 cases from now on go to {url}")


@app.command("remove")
def remove(unit: Unit, by: By, centre: Centre = None) -> None:
    """不再转;已收下的仍跟到底。Nothing more goes there; what was taken is followed to its end."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> None:
        await endpoints.remove(conn, settings.centre, unit=unit, by=by, now=ground.clock.now())

    on_database(f"{NAME} remove", centre, act)
    typer.echo(f"{unit}: 不再转 no more")


@app.command("list")
def list_(centre: Centre = None, json_: Json = False) -> None:
    """看有哪些。Those that there are, without their keys."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> list[EndpointRow]:
        return list(await endpoints.listed(conn, settings.centre))

    rows = on_database(f"{NAME} list", centre, act)
    shown = [
        {
            "unit": row.unit_code,
            "url": row.url,
            "jurisdiction": row.jurisdiction,
            "services": dict(row.services),
            "attributes": dict(row.attributes),
            "added_at": row.added_at.isoformat(),
            "added_by": row.added_by,
        }
        for row in rows
    ]
    if json_:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        lines = [f"{row.unit_code}  {row.url}  {row.jurisdiction or ''}".rstrip() for row in rows]
        typer.echo("\n".join(lines) or "没有。There is none.")


@app.command("sent")
def sent(
    everything: Annotated[bool, typer.Option("--all", help="连同顺利的。Those that go well, too.")] = False,
    centre: Centre = None,
    json_: Json = False,
) -> None:
    """看转过去的事项;不加 --all 只看要人处理的。How cases stand there; without --all those that wait for a person."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> list[Forwarded]:
        return await forwards.forwarded(conn, settings.centre, everything=everything)

    rows = on_database(f"{NAME} sent", centre, act)
    if json_:
        typer.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(map(_line, rows)) or "没有。There is none.")


@app.command("again")
def again(number: Number, centre: Centre = None) -> None:
    """对方系统里没有,再发一次。It is not there: send it again."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> Forwarded:
        return await endpoints.again(conn, settings.centre, number, now=ground.clock.now())

    typer.echo(f"{on_database(f'{NAME} again', centre, act).number}: 再发 sent again")


@app.command("taken")
def taken(
    number: Number,
    request: Annotated[str, typer.Argument(metavar="ID", help="对方编号 the request's id there.")],
    centre: Centre = None,
) -> None:
    """对方系统里已有,按其编号跟踪。It is there: follow it under this id."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> Forwarded:
        return await endpoints.taken(conn, settings.centre, number, request, now=ground.clock.now())

    typer.echo(f"{on_database(f'{NAME} taken', centre, act).number}: {request}")


STATES = {
    "owed": "待发 to be sent",
    "sending": "正在发 being sent",
    "unsure": "不知收没收到 nobody knows whether it was taken",
    "taken": "已收下 taken",
    "closed": "已办结 closed there",
    "refused": "没收 refused",
    "over": "不再跟 over",
}


def _line(one: Forwarded) -> str:
    words = [
        one.number,
        f"第{one.round}轮 round {one.round}",
        one.unit_code,
        STATES[one.state],
        one.request_id,
    ]
    words += [one.their_status, one.their_notes] if one.their_status else [one.answer]
    return "  ".join(word for word in words if word)


def _pairs(option: str, given: list[str]) -> dict[str, str]:
    pairs = dict(one.partition("=")[::2] for one in given)
    if not all(name and value for name, value in pairs.items()):
        raise refused(NAME, f"{option}: 写成 名=值。Write it as NAME=VALUE.")
    return pairs
