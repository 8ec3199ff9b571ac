"""`minyi pace`: how fast the carrier is handed work and from which numbers, seen and changed while everything runs.

Exit codes: 0 done; 3 refused, nothing changed; 2 is the command line's own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

import typer

from survey.ground import Ground
from survey.settings import Settings, load_settings
from survey.store import callers, campaign_life, pace, shares
from workers.commands.exits import refused
from workers.commands.pace_tables import Standing, show
from workers.commands.running import run
from workers.runtime import open_ground

NAME = "minyi pace"
Channel = Literal["voice", "text"]
Number = Annotated[str, typer.Argument(help="我方号码。One of our numbers, as the settings name it.")]
By = Annotated[str, typer.Option(help="谁。Who does it.")]
Why = Annotated[str, typer.Option(help="为什么。Why.")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")]

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""节奏:每秒交给运营商几个呼叫、几条短信,同时几路,用哪些号码;运行中可改。

    Pace: calls and text segments a second, lines in use, and our numbers; seen and changed while everything runs.""",
    epilog="退出码 exit codes: 0 办成 done; 3 没有改动 refused.",
)


@app.command("show")
def show_(json_: Json = False) -> None:
    """看现在的节奏。The pace as it is."""
    show(*run("minyi pace show", _on_ground(_nothing)), as_json=json_)


@app.command("set")
def set_(
    channel: Annotated[Channel, typer.Argument(help="voice 或 text。")],
    per_second: Annotated[
        float | None,
        typer.Option(min=0.01, max=1000, help="每秒几个(短信按条段)。Calls, or segments, a second."),
    ] = None,
    burst: Annotated[
        float | None, typer.Option(min=0.1, max=300, help="空闲时最多攒几秒。Seconds that may gather.")
    ] = None,
    batch: Annotated[
        float | None,
        typer.Option(min=0, max=300, help="几秒一批,0 为不分批。Seconds between batches, 0: none."),
    ] = None,
    lines: Annotated[
        int | None, typer.Option(min=0, help="同时几路,0 为不限。Calls at once, 0: no limit.")
    ] = None,
    account: Annotated[str | None, typer.Option(help="只管这个账户。Of this account alone.")] = None,
    number: Annotated[str | None, typer.Option(help="只管这个号码。Of this number alone.")] = None,
    campaign: Annotated[str | None, typer.Option(help="只管这个项目。Of this campaign alone.")] = None,
    lift: Annotated[
        bool, typer.Option("--lift", help="取消单独的限制。Take the limit of its own away.")
    ] = False,
    json_: Json = False,
) -> None:
    """改节奏,下一拍就生效。Change it, from the next tick on.

    例 example:  minyi pace set voice --per-second 2 --lines 20
    """
    named = [(k, v) for k, v in (("account", account), ("number", number), ("campaign", campaign)) if v]
    if len(named) > 1 or (named and batch is not None) or (lift and not named):
        raise typer.BadParameter(
            "one of --account, --number and --campaign; --batch is of the whole channel, --lift of one of them"
        )

    async def act(ground: Ground, conn: Any) -> None:
        if not named:
            await pace.adjust(conn, channel, rate=per_second, burst_s=burst, batch_s=batch, lines=lines)
            return
        kind, name = named[0][0], await _known(conn, *named[0])
        if lift:
            await shares.forget(conn, kind, name, channel)
        else:
            await shares.adjust(conn, kind, name, channel, rate=per_second, burst_s=burst, lines=lines)

    show(*run("minyi pace set", _on_ground(act)), as_json=json_)


async def _known(conn: Any, kind: str, name: str) -> str:
    """The name under which a limit is kept. Ends the command for what is none of ours."""
    if kind == "campaign":
        codes = await campaign_life.codes_by_id(conn, load_settings().centre)
        found = next((key for key, code in codes.items() if code == name), None)
        if found is None:
            raise refused(NAME, f"there is no campaign {name}; `minyi campaign list` shows them")
        return found
    ours = await callers.rows(conn)
    if name not in {row.number if kind == "number" else row.account for row in ours}:
        raise refused(NAME, f"{name} is no {kind} of ours; `minyi pace show` shows them")
    return name


@app.command("pause")
def pause_(number: Number, by: By, why: Why, json_: Json = False) -> None:
    """停用一个外呼号码。Let a number rest; others go on.

    例 example:  minyi pace pause +8615400000001 --by 张敏督导 --why 被标记
    """
    _move(number, by, why, json_, callers.pause, "it rests already, or is none of ours")


@app.command("resume")
def resume(number: Number, by: By, why: Why, json_: Json = False) -> None:
    """恢复一个外呼号码。Let it work again; its shares are counted anew.

    例 example:  minyi pace resume +8615400000001 --by 张敏督导 --why 标记已解除
    """
    _move(number, by, why, json_, callers.resume, "it works already, or is none of ours")


@app.command("complaint")
def complaint(number: Number, by: By, why: Why, json_: Json = False) -> None:
    """登记对一个号码的投诉。Put down a complaint about calls from a number.

    例 example:  minyi pace complaint +8615400000001 --by 张敏督导 --why 12321转来
    """
    _move(number, by, why, json_, callers.complain, "it is none of ours")


def _move(
    number: str, by: str, why: str, as_json: bool, move: Callable[..., Awaitable[bool]], else_: str
) -> None:
    async def act(ground: Ground, conn: Any) -> None:
        if not await move(conn, number, ground.clock.now(), by, why):
            raise refused(NAME, f"nothing changed for {number}: {else_}")

    show(*run("minyi pace", _on_ground(act)), as_json=as_json)


async def _nothing(ground: Ground, conn: Any) -> None:
    return None


async def _on_ground(act: Callable[[Ground, Any], Awaitable[None]]) -> tuple[Standing, Settings]:
    settings = load_settings()
    async with open_ground(settings, "pace", pool_size=2) as ground:
        with ground.clock.activity():
            async with ground.pool.acquire() as conn, conn.transaction():
                await act(ground, conn)
                campaigns = await campaign_life.codes_by_id(conn)
                standing = Standing(
                    await pace.rows(conn), await shares.rows(conn, None), await callers.rows(conn), campaigns
                )
                return standing, settings
