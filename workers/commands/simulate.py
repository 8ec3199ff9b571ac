"""`minyi simulate`: a whole quarter of a fictional county, and the weights of what finds false closings.

Exit codes: 0 everything that must add up does; 1 not; 3 it could not start; 2 is the command line's own.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from workers.commands.exits import SOME_REFUSED
from workers.commands.running import plain_refusals
from workers.quarter.figures import Figures
from workers.quarter.page import page, to_json
from workers.quarter.plan import QuarterPlan
from workers.quarter.run import SoFar, simulate
from workers.rehearsal.plan import TZ

app = typer.Typer(
    help="模拟:整季度的事项,已知的真相。A simulated quarter whose truth is known.", no_args_is_help=True
)
LINE_EVERY = 20
"""Looks at the state between two lines where no bars can be drawn; about ten seconds."""


@app.command()
def quarter(
    cases: Annotated[int, typer.Option(min=1, help="事项数。Cases in the quarter.")] = 10_000,
    weeks: Annotated[
        int, typer.Option(min=2, max=26, help="周数。Weeks; in the last no new cases come.")
    ] = 13,
    seed: Annotated[int, typer.Option(help="同一种子,同样的季度。The same seed, the same quarter.")] = 1,
    operators: Annotated[int, typer.Option(min=1, max=60, help="调查员人数。Operators at their desks.")] = 6,
    grain: Annotated[
        float, typer.Option(min=1, max=300, help="时钟步长秒。Seconds of one step of the clock.")
    ] = 5.0,
    out: Annotated[
        Path | None, typer.Option(help="另存文本和 JSON 的目录。Folder for quarter.txt and quarter.json.")
    ] = None,
    json_output: Annotated[
        bool, typer.Option("--json", help="只输出 JSON。Print JSON and nothing else.")
    ] = False,
) -> None:
    """模拟一个季度:登记、交办、反馈、回访、再次交办,埋入办理率和虚假办结,再看找回多少。

    Simulate a quarter through the real doors: the service's own processes call and text residents on the carrier's wire; units
    have planted solve rates and false closings, and the page says what of it was found. Nobody real can be reached.

    例 example:  minyi simulate quarter --cases 150 --weeks 3 --seed 4
    """
    plan = QuarterPlan(cases=cases, weeks=weeks, seed=seed, operators=operators, grain_s=grain)
    console = Console(stderr=True, highlight=False)
    try:
        with plain_refusals("minyi simulate quarter"):
            figures = uvloop.run(_run(plan, console))
    except KeyboardInterrupt:
        console.print("\n已停止 Stopped; nothing is left running.")
        raise typer.Exit(130) from None
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "quarter.txt").write_text(page(figures), "utf-8")
        (out / "quarter.json").write_text(to_json(figures), "utf-8")
    sys.stdout.write(to_json(figures) if json_output else page(figures))
    raise typer.Exit(0 if figures.adds_up else SOME_REFUSED)


async def _run(plan: QuarterPlan, console: Console) -> Figures:
    console.print(
        f"模拟 simulating {plan.cases:,} 事项 cases, {plan.weeks} 周 weeks, seed {plan.seed}", style="bold"
    )
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        closed = bars.add_task("办结 closed", total=plan.cases)
        looks = 0

        def told(now: datetime, at: SoFar) -> None:
            nonlocal looks
            local = f"{now.astimezone(TZ):%m-%d %H:%M}"
            bars.update(closed, completed=at.closed, description=f"{local} 办结 closed")
            looks += 1
            if not console.is_terminal and looks % LINE_EVERY == 0:
                console.print(
                    f"  {local}  登记 registered {at.cases:,}  办结 closed {at.closed:,}"
                    f"  回访 callbacks {at.callbacks:,}  联系 attempts {at.attempts:,}"
                )

        return await simulate(plan, lambda what: console.print(f"  启动 starting: {what}", style="dim"), told)


@app.command()
def weights(
    cases: Annotated[int, typer.Option(min=1000, help="事项数。Cases to fit on.")] = 60_000,
    seed: Annotated[int, typer.Option(help="拟合用的种子。Seed of the cases to fit on.")] = 1001,
    test_seed: Annotated[list[int] | None, typer.Option(help="检验用的种子。Seeds to test on.")] = None,
) -> None:
    """拟合虚假办结各项证据的权重,用另外的种子检验。

    Fit the weights of policy false_closing on simulated closings of one seed and test them on others, by asking the twin's minds
    directly. Prints the weights and the scores; the policy file is changed by hand.

    例 example:  minyi simulate weights --seed 1001 --test-seed 2001 --test-seed 2002
    """
    from workers.quarter.fitted import fitted_and_tested

    result = fitted_and_tested(cases, seed, test_seed or [2001, 2002, 2003])
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=2) + "\n")
