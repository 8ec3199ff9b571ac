"""`minyi chaos`: a campaign under fire, and whether every promise held. For those who build and those who run it."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import asdict, replace
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from workers.chaos.plan import ChaosPlan
from workers.chaos.plan import short as short_plan
from workers.chaos.run import Outcome, run_chaos
from workers.commands.exits import SOME_REFUSED
from workers.commands.running import plain_refusals

MOST_SHOWN = 40


def chaos(
    units: Annotated[int, typer.Option(min=60, help="样本人数。People in the sample.")] = 5000,
    kills: Annotated[
        int, typer.Option(min=0, help="kill -9 的次数。Times that worker or web is killed.")
    ] = 50,
    seed: Annotated[
        int, typer.Option(help="同一种子,同样的打击次序。The same seed deals the same blows.")
    ] = 1,
    short: Annotated[
        bool, typer.Option("--short", help="小的一轮,约一分钟。A small run of about a minute.")
    ] = False,
    json_output: Annotated[
        bool, typer.Option("--json", help="只输出 JSON。Print JSON and nothing else.")
    ] = False,
) -> None:
    """混沌演练:边打边杀进程、清队列、重启数据库,结束时两套独立的核对。

    A campaign with quotas, opt-outs, appointments and changes of mode while workers are killed, the queue is flushed and the
    database restarted, against a carrier that repeats, reorders, loses, fails and hangs. At the end two checkers that share no
    code hold the database against the carrier's ledger. Exit code 0: every promise held; 1: not.
    """
    plan = short_plan(seed) if short else replace(ChaosPlan(), units=units, kills=kills, seed=seed)
    console = Console(stderr=json_output, highlight=False)
    logging.getLogger("asyncpg").setLevel(logging.CRITICAL)  # it tells of every connection that the blows cut
    with plain_refusals("minyi chaos"):
        outcome = uvloop.run(_run(plan, console))
    if json_output:
        sys.stdout.write(_as_json(outcome) + "\n")
    else:
        _show(console, outcome)
    raise typer.Exit(0 if outcome.holds else SOME_REFUSED)


async def _run(plan: ChaosPlan, console: Console) -> Outcome:
    console.print(
        f"混沌 chaos: {plan.units} 人 people, {plan.blows} 次打击 blows, seed {plan.seed}", style="bold"
    )
    every, shown = 10, [0]

    def told(left: int, figures: dict[str, int]) -> None:
        shown[0] += 1
        if shown[0] % every == 1 and figures:
            console.print(
                f"  剩 left {left} · 投放 units {figures['units']} · 尝试 attempts {figures['attempts']} · "
                f"完成 completes {figures['completes']}",
                style="dim",
            )

    return await run_chaos(plan, lambda what: console.print(f"  {what}", style="dim"), told)


def _show(console: Console, outcome: Outcome) -> None:
    for name, n in outcome.figures.items():
        console.print(f"  {name:14} {n:>8,}")
    blows = ", ".join(f"{name} ×{n}" for name, n in sorted(outcome.blows.items()))
    console.print(f"打击 blows: {blows}; 重启 restarts: {outcome.restarts}")
    console.print(f"历时 took {outcome.seconds:.0f} s for {outcome.days:.1f} 虚拟日 virtual days")
    for found in (*outcome.by_ledger, *map(str, outcome.by_sql))[:MOST_SHOWN]:
        console.print(f"  ✗ {found}")
    verdict = "全部守住 every promise held" if outcome.holds else "没有守住 NOT kept"
    console.print(
        f"{verdict}: 账本核对 by the ledger {len(outcome.by_ledger)}, SQL 核对 by SQL {len(outcome.by_sql)}, "
        f"未了结 left {outcome.left}",
        style="bold",
    )


def _as_json(outcome: Outcome) -> str:
    body = {**asdict(outcome), "blows": dict(outcome.blows), "holds": outcome.holds}
    return json.dumps(body, ensure_ascii=False, indent=2)
