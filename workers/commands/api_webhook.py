"""`minyi api webhook`: who is told of what happens to cases."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import asyncpg
import typer

from followup.webhooks import subscribing
from followup.webhooks.delivering import Tried, open_session, post
from followup.webhooks.guard import Guard
from followup.webhooks.policy import webhook_policy
from followup.webhooks.subscribing import Listed
from survey.ground import Ground
from survey.settings import Settings
from workers.commands.api_running import By, Centre, Json, on_database
from workers.commands.exits import refused

NAME = "minyi api webhook"
app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="事件推送。Webhooks: who is told of events."
)
Ref = Annotated[str, typer.Argument(help="订阅编号。Its name in the list.")]


@app.command("add")
def add(
    url: Annotated[str, typer.Argument(help="接收地址,须为 https。Where it is told; https.")],
    by: By,
    type_: Annotated[
        list[str] | None,
        typer.Option("--type", help="事件类型,可重复;不给则全部。A type; may be repeated; none: all."),
    ] = None,
    unit: Annotated[str | None, typer.Option(help="只推此单位的事项。Only cases of this unit.")] = None,
    centre: Centre = None,
    json_: Json = False,
) -> None:
    """订阅;签名密钥只显示这一次。Subscribe; the secret is shown this once.

    Example:  minyi api webhook add https://grid.example/hooks/minyi --type callback.settled --by 主任
    """

    async def act(
        conn: asyncpg.Connection, settings: Settings, ground: Ground
    ) -> subscribing.NewSubscription:
        return await subscribing.subscribe(
            conn,
            ground.vault,
            guard_of(settings),
            settings.centre,
            url=url,
            types=type_ or [],
            unit_code=unit,
            by=by,
            now=ground.clock.now(),
            tokens=ground.tokens,
        )

    made = on_database(f"{NAME} add", centre, act)
    if json_:
        shown = {
            "ref": made.row.ref,
            "secret": made.secret,
            "url": made.row.url,
            "types": list(made.row.types),
        }
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    typer.echo(made.secret)
    typer.echo(f"{made.row.ref}: 签名密钥只显示这一次。The secret is shown this once.", err=True)


@app.command("list")
def list_(centre: Centre = None, json_: Json = False) -> None:
    """看订阅和投递情况。Subscriptions, and how their deliveries stand."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> list[Listed]:
        return await subscribing.listed(conn, settings.centre)

    rows = on_database(f"{NAME} list", centre, act)
    if json_:
        typer.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(map(_line, rows)) or "没有订阅。There is none.")


@app.command("types")
def types() -> None:
    """有哪些事件类型。The types of events."""
    typer.echo("\n".join(webhook_policy().every_type))


@app.command("test")
def test(ref: Ref, centre: Centre = None) -> None:
    """马上发一条测试事件。Send a test event at once, signed as the others."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> Tried:
        row = await subscribing.subscription(conn, settings.centre, ref)
        guard, at = guard_of(settings), int(ground.real_now().timestamp())
        body = json.dumps({"id": f"test-{ref}", "type": "test", "centre": settings.centre}).encode()
        async with open_session(guard) as session:
            return await post(
                session,
                guard,
                ground.vault,
                row.url,
                row.secret,
                row.older_secret,
                f"test-{ref}",
                "test",
                body,
                at,
            )

    tried = on_database(f"{NAME} test", centre, act)
    if not tried.well:
        raise refused(f"{NAME} test", f"对方没有收下 not taken: {tried.answer}. Look at the receiver's log.")
    typer.echo(f"对方已收下 taken: {tried.answer}")


@app.command("replay")
def replay(
    ref: Ref,
    delivery: Annotated[
        str | None, typer.Option(help="哪一条;不给则全部失败的。One delivery; none: all that are dead.")
    ] = None,
    centre: Centre = None,
) -> None:
    """重新投递。Deliver again what is dead, or one delivery."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> int:
        return await subscribing.replay(conn, settings.centre, ref, delivery=delivery, now=ground.clock.now())

    typer.echo(f"{on_database(f'{NAME} replay', centre, act)} 条将重新投递 are delivered again")


@app.command("rotate")
def rotate(
    ref: Ref,
    finish: Annotated[
        bool,
        typer.Option(
            "--finish", help="对方已换好,停用旧密钥。The receiver has the new one: the old one ends."
        ),
    ] = False,
    centre: Centre = None,
) -> None:
    """换签名密钥:先双签,对方换好后 --finish。Change the secret: both sign until --finish."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> str:
        if not finish:
            return await subscribing.rotate(conn, ground.vault, settings.centre, ref)
        await subscribing.drop_older(conn, settings.centre, ref)
        return "旧密钥已停用 the old secret has ended"

    typer.echo(on_database(f"{NAME} rotate", centre, act))


@app.command("stop")
def stop(ref: Ref, centre: Centre = None) -> None:
    """暂停推送。Stop; what happens meanwhile is delivered when it goes on."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> None:
        await subscribing.stop(conn, settings.centre, ref)

    on_database(f"{NAME} stop", centre, act)
    typer.echo(f"{ref} 已暂停 stopped")


@app.command("go-on")
def go_on(ref: Ref, centre: Centre = None) -> None:
    """继续推送。Go on, from where it stopped."""

    async def act(conn: asyncpg.Connection, settings: Settings, ground: Ground) -> None:
        await subscribing.go_on(conn, settings.centre, ref)

    on_database(f"{NAME} go-on", centre, act)
    typer.echo(f"{ref} 继续 goes on")


def guard_of(settings: Settings) -> Guard:
    """Which addresses may be delivered to."""
    return Guard(private=settings.webhook_private, loopback=settings.webhook_loopback)


def _line(row: Listed) -> str:
    counts = row.counts
    return (
        f"{row.ref}  {row.url}  {' '.join(row.types)}  {row.unit_code or ''}  {row.status}"
        f"  送达 delivered {counts.delivered}, 等待 waiting {counts.waiting}, 失败 dead {counts.dead}"
        f"{'  双签 two secrets' if row.two_secrets else ''}"
    )
