"""`minyi microdata`: the answers of a campaign as files for analysts, in which nobody can be made out.

Exit codes: 0 done; 3 refused, nothing exported; 2 is the command line's own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from survey import microdata_exports
from survey.microdata.files import FORMATS
from survey.microdata_exports import NoExport, Told, Written
from survey.settings import Settings, load_settings
from survey.store.microdata import ExportRow
from workers.commands.exits import refused
from workers.commands.running import run
from workers.microdata_folder import microdata_folder
from workers.runtime import open_ground

NAME = "minyi microdata"
Centre = Annotated[str | None, typer.Option(help="中心代码。The centre; without: that of the settings.")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON.")]

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""微观数据:一个项目的回答,一行一个样本,去掉能认出个人的一切。

    Microdata: the answers of a campaign, one row a sample unit, nobody to be made out. Who asked and why is on record.""",
    epilog="退出码 exit codes: 0 办成 done; 3 拒绝 refused.",
)


@app.command()
def export(
    by: Annotated[
        str,
        typer.Option(
            "--by",
            help="谁要,留底;有账号的,写账号名。Who asks, on record; where there are accounts, the name of one.",
        ),
    ],
    reason: Annotated[str, typer.Option("--reason", help="为什么,留底。Why; on record.")],
    campaign: Annotated[
        str | None,
        typer.Argument(
            metavar="[CAMPAIGN]",
            help="项目代码;不写而写 --period,是报告所用的全部项目。"
            "The campaign's code; without it, and with --period, all campaigns that reports are made of.",
        ),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            help="只导这段时间结束或回答的,如 2026-W11。What ended or was answered in this period alone.",
        ),
    ] = None,
    format_: Annotated[
        list[str] | None,
        typer.Option("--format", help="csv、parquet、sav,可重复;不给则全部。May be repeated; without: all."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="写到哪个目录。Folder; without: exports in the data folder.")
    ] = None,
    later: Annotated[
        bool, typer.Option("--later", help="交给后台去写,不等。Leave it to the worker, and do not wait.")
    ] = False,
    centre: Centre = None,
    json_: Json = False,
) -> None:
    """导出一个项目或一段时间,连同编码本。Export a campaign, or a period, with its code book; what is too fine is made coarse.

    例 examples:
    minyi microdata export daily --by 张研究员 --reason 省级课题 --format sav --out data
    minyi microdata export --period 2026-W11 --by 张研究员 --reason 核对周报 --format csv
    """
    settings = load_settings({"centre": centre})
    command = f"{NAME} export"
    folder = out or microdata_folder(settings.data_dir)

    async def work(told: Told) -> tuple[str, Written | None]:
        async with open_ground(settings, "microdata", pool_size=2) as ground:
            with ground.clock.activity():
                ref = await microdata_exports.ask(
                    ground,
                    settings.centre,
                    campaign,
                    format_ or list(FORMATS),
                    by=by,
                    reason=reason,
                    period=period,
                )
                if later:
                    return ref, None
                return ref, await microdata_exports.write_next(ground, folder, told, ref)

    try:
        with _bar() as told:
            ref, written = run(command, work(told))
    except NoExport as no:
        raise refused(command, str(no)) from None
    if json_:
        sys.stdout.write(
            json.dumps(asdict(written) if written else {"ref": ref}, ensure_ascii=False, indent=2) + "\n"
        )
    elif written is None:
        sys.stdout.write(f"{ref}: 已交后台 left to the worker; minyi microdata list\n")
    else:
        sys.stdout.write(
            f"{folder / written.name}\n"
            f"{written.rows} 行 rows, 调粗 made coarse {written.coarsened}, 不提供 withheld {written.left_out}\n"
        )
        sys.stdout.writelines(f"{name}  {digest}\n" for name, digest in written.files.items())


@app.command("list")
def list_(centre: Centre = None, json_: Json = False) -> None:
    """看谁导出过什么、为什么。Who exported what, when and why."""
    settings = load_settings({"centre": centre})
    rows = run(f"{NAME} list", _listed(settings))
    if json_:
        sys.stdout.write(
            json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2, default=str) + "\n"
        )
    else:
        sys.stdout.write("\n".join(map(_line, rows)) + "\n" if rows else "没有。There is none.\n")


async def _listed(settings: Settings) -> list[ExportRow]:
    async with open_ground(settings, "microdata", pool_size=2) as ground:
        return await microdata_exports.listed(ground, settings.centre)


STATES = {
    "wanted": "待写 waiting",
    "writing": "正在写 being written",
    "done": "已写 done",
    "failed": "没写成 failed",
}


def _line(row: ExportRow) -> str:
    words = [
        row.ref,
        " ".join(word for word in (row.campaign, row.period) if word),
        "/".join(row.formats),
        STATES[row.state],
        f"{row.asked_at:%Y-%m-%d %H:%MZ}",
    ]
    words += [
        row.asked_by,
        row.reason,
        row.failure or (f"{row.rows} 行 rows" if row.rows is not None else ""),
    ]
    return "  ".join(word for word in words if word)


@contextmanager
def _bar() -> Iterator[Told]:
    """On a terminal, while units are read."""
    console = Console(stderr=True)
    columns = (TextColumn("读取样本 reading units"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("", total=None)
        yield lambda done, of: bars.update(task, completed=done, total=of)
