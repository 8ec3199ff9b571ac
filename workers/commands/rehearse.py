"""`minyi rehearse FILE`: a campaign against the twin on the virtual clock, and what it is expected to bring.

Exit codes: 0 rehearsed; 3 refused, nothing was run; 2 is the command line's own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
import uvloop
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.status import Status
from rich.table import Table

from survey.campaign_reading import NoCampaign
from survey.field.dispositions import disposition
from survey.tariff import tariff
from workers.commands.campaign_files import fault_lines_of, open_campaign_file
from workers.commands.exits import refused
from workers.commands.questionnaire_files import Unreadable
from workers.commands.running import plain_refusals
from workers.forecast.figures import Forecast
from workers.forecast.run import Design, NotRehearsed, rehearse

COMMAND = "minyi rehearse"


def rehearse_campaign(
    file: Annotated[str, typer.Argument(metavar="FILE", help="项目文件。The campaign's YAML file.")],
    compare: Annotated[
        str | None, typer.Option(metavar="FILE", help="另一个设计,并排比较。Another design, side by side.")
    ] = None,
    operators: Annotated[int, typer.Option(min=0, max=60, help="调查员人数。Operators at their desks.")] = 3,
    seed: Annotated[int, typer.Option(help="同一种子,同样的结果。The same seed, the same forecast.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON instead of tables.")] = False,
) -> None:
    """预演一个项目:对着运营商孪生跑完,预报每天完成数、费用、席位、各乡镇精度、每人联系次数。

    Rehearse a campaign against the twin, on a virtual clock, with a fictional list: completes by day, cost, seats, precision by
    township, contacts per resident, and what each cap on attempts costs. Nobody real can be reached.

    例 example:  minyi rehearse 夜间噪声.yaml --compare 先语音.yaml
    """
    designs = [_design(name) for name in (file, compare) if name is not None]
    console = Console(stderr=True, highlight=False)
    found = []
    with plain_refusals(COMMAND):
        for design in designs:
            found.append(_run(design, operators, seed, console))
    if as_json:
        sys.stdout.write(json.dumps([_fields(one) for one in found], ensure_ascii=False, indent=2) + "\n")
    else:
        show(found, Console(highlight=False))


def _design(name: str) -> Design:
    try:
        file = open_campaign_file(name)
    except Unreadable as error:
        raise refused(COMMAND, str(error)) from None
    except NoCampaign as error:
        for line in fault_lines_of(error.faults):
            typer.echo(line, err=True)
        raise refused(COMMAND, f"{name}: {len(error.faults)} 处错误 errors") from None
    return Design(file.document, file.questionnaire)


def _run(design: Design, operators: int, seed: int, console: Console) -> Forecast:
    with Status(f"预演 rehearsing {design.document.code}", console=console) as status:

        def told(day: str, units: int, completes: int) -> None:
            status.update(f"{design.document.code} {day}: 投放 units {units}, 完成 completes {completes}")

        try:
            return uvloop.run(rehearse(design, seed=seed, operators=operators, say=lambda _: None, told=told))
        except NotRehearsed as no:
            raise refused(COMMAND, f"{design.document.code}: {no}") from None


def show(found: Sequence[Forecast], console: Console) -> None:
    """The forecasts side by side, then what belongs to each."""
    console.print(_summary(found))
    for one in found:
        if len(found) > 1:
            console.print(f"{one.code}", style="bold")
        console.print(_by_day(one))
        console.print(_townships(one))
        console.print(_caps(one))
        if one.puzzled:
            console.print(
                f"注意 note: 预演居民对 {one.puzzled} 次提问没有意见 residents of the rehearsal had no opinion on "
                f"{one.puzzled} questions; its completes are too few.",
                style="yellow",
            )


def _summary(found: Sequence[Forecast]) -> Table:
    table = _table("预报 forecast", *(one.code for one in found))
    currency = tariff().currency
    rows: list[tuple[str, list[str]]] = [
        ("抽取 drawn", [f"{f.drawn:,}" for f in found]),
        ("投放 units", [f"{f.units:,}" for f in found]),
        ("完成 completes", [f"{f.completes:,}" for f in found]),
        ("RR1", [f"{f.rr1:.1%}" if f.rr1 is not None else "–" for f in found]),
        ("有完成的天数 days", [str(f.days) for f in found]),
        ("语音 calls", [f"{f.calls:,}" for f in found]),
        ("首发短信 texts", [f"{f.texts:,}" for f in found]),
        ("人工 by hand", [f"{f.by_hand:,}" for f in found]),
        ("短信条 segments", [f"{f.segments:,}" for f in found]),
        ("通话分钟 minutes", [f"{f.minutes:,}" for f in found]),
        (f"费用 money {currency}", [f"{f.money:,.2f}" for f in found]),
        ("每份 each", [f"{f.money_each:.2f}" if f.money_each is not None else "–" for f in found]),
        ("席位 seats", [str(f.seats) for f in found]),
        ("每人联系 contacts", [_spread(f.contacts) for f in found]),
    ]
    for name, cells in rows:
        table.add_row(name, *cells)
    return table


def _spread(contacts: dict[int, int]) -> str:
    """ "1: 40%  2: 35%" of those who were contacted at all."""
    people = sum(n for times, n in contacts.items() if times)
    return (
        "  ".join(f"{times}: {n / people:.0%}" for times, n in sorted(contacts.items()) if times)
        if people
        else "–"
    )


def _by_day(one: Forecast) -> Table:
    table = _table("日 day", "完成 completes", "累计 so far")
    total = 0
    for day, n in one.by_day.items():
        total += n
        table.add_row(day, str(n), str(total))
    return table


def _townships(one: Forecast) -> Table:
    table = _table("乡镇 township", "投放 units", "完成 n", "±(p=90%)")
    for line in one.townships:
        margin = f"{line.margin * 100:.1f}" if line.margin is not None else "–"
        table.add_row(f"{line.name_zh} {line.code}", str(line.units), str(line.completes), margin)
    return table


def _caps(one: Forecast) -> Table:
    table = _table("若最多试几次 attempts at most", "完成 completes", "应答 response")
    for cap in one.caps:
        table.add_row(str(cap.attempts), str(cap.completes), f"{cap.response:.1%}")
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _fields(one: Forecast) -> dict[str, Any]:
    named = {disposition(code).en: n for code, n in one.dispositions.items()}
    return {**asdict(one), "money_each": one.money_each, "dispositions_en": named}
