"""`minyi api`: keys of other systems, and the webhooks that they are told by.

Exit codes: 0 done; 3 refused, nothing changed; 2 is the command line's own.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

import asyncpg
import typer

from followup.api import keys
from followup.api.document import document
from followup.api.scopes import MEANING, Scope
from followup.api.table import OPERATIONS
from followup.store.api_keys import KeyRow
from survey.ground import Ground
from survey.settings import Settings
from workers.commands.api_running import By, Centre, Json, on_database
from workers.commands.api_webhook import app as webhook_app

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""其他系统的接口:密钥与事件推送。

    Doors for other systems: keys and webhooks.""",
    epilog="退出码 exit codes: 0 办成 done; 3 没有改动 refused.",
)
key_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="密钥。Keys of other systems.")
app.add_typer(key_app, name="key")
app.add_typer(webhook_app, name="webhook")


@key_app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="哪个系统。The system that it is for, such as 12345热线平台.")],
    scope: Annotated[list[Scope], typer.Option(help="权限,可重复。A scope; may be repeated.")],
    by: By,
    unit: Annotated[str | None, typer.Option(help="责任单位代码。Of a unit's own system: its code.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="有效几天。Days that it is valid.")] = None,
    centre: Centre = None,
    json_: Json = False,
) -> None:
    """发放密钥,只显示这一次。Make a key; it is shown this once.

    Example:  minyi api key create 12345热线平台 --scope imports:write --scope exports:read --by 主任
    """

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> keys.NewKey:
        return await keys.create(
            conn,
            settings.centre,
            name=name,
            scopes=scope,
            unit_code=unit,
            days=days,
            by=by,
            now=ground.clock.now(),
        )

    made = on_database("minyi api key create", centre, act)
    if json_:
        typer.echo(json.dumps({"key": made.secret, **_record(made.row)}, ensure_ascii=False, indent=2))
        return
    typer.echo(made.secret)
    typer.echo(f"只显示这一次,请交给 {made.row.name}。Shown this once.\n{_line(made.row)}", err=True)


@key_app.command("list")
def list_(centre: Centre = None, json_: Json = False) -> None:
    """看密钥。The keys of a centre, without their secrets."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> list[KeyRow]:
        return await keys.keys_of(conn, settings.centre)

    rows = on_database("minyi api key list", centre, act)
    if json_:
        typer.echo(json.dumps([_record(row) for row in rows], ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(map(_line, rows)) or "没有密钥。There is none.")


@key_app.command("revoke")
def revoke(
    ref: Annotated[str, typer.Argument(help="密钥的编号。The name of the key in the list.")],
    by: By,
    centre: Centre = None,
) -> None:
    """收回密钥,立即生效。Revoke a key, at once."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> None:
        await keys.revoke(conn, settings.centre, ref, by=by, now=ground.clock.now())

    on_database("minyi api key revoke", centre, act)
    typer.echo(f"{ref} 已收回 revoked")


@app.command("scopes")
def scopes() -> None:
    """有哪些权限。The scopes that a key can have."""
    for one, (zh, en) in MEANING.items():
        typer.echo(f"{one.value:16} {zh}  {en}")


@app.command("openapi")
def openapi() -> None:
    """输出 OpenAPI 3.1 文档。Print the OpenAPI document that /api/v1/openapi.json serves."""
    typer.echo(json.dumps(document(OPERATIONS), ensure_ascii=False, indent=2))


def _record(row: KeyRow) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "name": row.name,
        "centre": row.centre_code,
        "unit": row.unit_code,
        "scopes": list(row.scopes),
        "created_at": row.created_at.isoformat(),
        "created_by": row.created_by,
        "expires_at": row.expires_at.isoformat(),
        "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
    }


def _line(row: KeyRow) -> str:
    until = "已收回 revoked" if row.revoked_at else f"至 until {row.expires_at:%Y-%m-%d}"
    return f"{row.ref}  {row.name}  {row.unit_code or row.centre_code}  {' '.join(row.scopes)}  {until}"
