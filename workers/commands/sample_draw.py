"""`minyi sample draw` and `minyi sample rdd`: samples that are files, each with a record by which it is drawn again.

No number is printed: they stand in the file alone, which only its owner may read.
"""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from pydantic import BaseModel

from survey.clock import RealClock
from survey.sampling.list_draw import (
    Design,
    Method,
    draw_units,
    lines_drawn,
    read_units,
    record_of,
    sample_file,
    summary,
)
from survey.sampling.random_digit_list import PrefixRefused, RandomDigitsDraw, draw_numbers, list_file
from survey.sampling.refusals import ListError
from survey.settings import load_settings
from workers.commands.exits import refused

METHODS: tuple[Method, ...] = ("poisson", "sequential-poisson")
RECORD = ".record.json"
"""Behind the name of the file that was made."""

Out = Annotated[
    Path, typer.Option("--out", dir_okay=False, help="结果文件 CSV。The file to make; it must not exist.")
]
Seed = Annotated[int, typer.Option(help="种子;同一种子得同一样本。The same seed gives the same sample.")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON。Print JSON instead of text.")]


def register(app: typer.Typer) -> None:
    """These commands into the command line of samples."""
    app.command()(draw)
    app.command()(rdd)


def draw(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, readable=True, help="名单 CSV/XLSX。The list, with headings."
        ),
    ],
    n: Annotated[int, typer.Option("--n", min=1, help="要抽几个。Units wanted; for poisson on average.")],
    seed: Seed,
    out: Out,
    method: Annotated[
        str, typer.Option(help="poisson(数目随机,概率精确) 或 or sequential-poisson(数目固定 a fixed size)。")
    ] = "sequential-poisson",
    size_column: Annotated[
        str | None,
        typer.Option(help="规模列:概率与它成正比。Probabilities follow this column; without: all alike."),
    ] = None,
    id_column: Annotated[
        str | None,
        typer.Option(help="编号列:单位的固定随机数由它来。What names a unit for good; without: its line."),
    ] = None,
    start: Annotated[
        float,
        typer.Option(
            min=0, max=0.999999, help="圆上的起点。Where on the circle it begins; move it to rotate."
        ),
    ] = 0.0,
    json: Json = False,
) -> None:
    """按规模不等概率抽样:每行附入样概率和设计权重。Draw from a list, by size: each row gets its probability and weight.

    例 example:  minyi sample draw 村名单.csv --size-column 户数 --id-column 村代码 --n 40 --seed 7 --out 样本.csv

    旁边的 样本.csv.record.json 是留底,minyi sample audit 样本.csv.record.json 原样重抽。The record beside it draws it again.
    """
    command = "minyi sample draw"
    if method not in METHODS:
        raise typer.BadParameter(f"--method {method!r}: write {' or '.join(METHODS)}")
    design = Design(method, n, seed, start, size_column, id_column)
    data = file.read_bytes()
    try:
        units = read_units(data, file.name)
        drawn = draw_units(units, design)
    except ListError as no:
        raise refused(command, str(no)) from None
    made = sample_file(units, drawn)
    record = record_of(design, units, drawn, data, (out.name, made), RealClock().now())
    _keep(command, out, made, record)
    told = summary(units, design, drawn)
    if json:
        _print_json({**told, "record": record.model_dump(mode="json"), "sample": lines_drawn(units, drawn)})
        return
    typer.echo(
        f"{out}: 抽出 drawn {told['drawn']:,} / {told['units']:,}(要 wanted {n:,},必入 certain {told['certain']:,}),"
        f"概率 probability {told['least_probability']:.4g} – {told['largest_probability']:.4g}\n"
        f"权重合计 sum of weights {told['estimated_units']:,.1f},名单 list {told['units']:,}\n"
        f"留底 record: {out}{RECORD}"
    )


def rdd(
    prefix: Annotated[
        list[str],
        typer.Option("--prefix", help="号段,可多次,如 1540001。A block of numbers; may be repeated."),
    ],
    n: Annotated[int, typer.Option("--n", min=1, help="要几个号码。Numbers wanted.")],
    seed: Seed,
    township: Annotated[
        str,
        typer.Option(
            help="记在哪个乡镇下;号码看不出在哪里,开头要问。The township they stand under; a question must screen."
        ),
    ],
    out: Out,
    digits: Annotated[
        int,
        typer.Option(
            min=5, max=12, help="号码位数,不含国家码。Digits of a number, without the country code."
        ),
    ] = 11,
    json: Json = False,
) -> None:
    """随机号名单:在给定号段里随机造号,写成可导入的名单。Random digits: a list of numbers made in these blocks, to be imported.

    例 example:  minyi sample rdd --prefix 1540001 --prefix 1540002 --n 500 --seed 7 --township 柳河镇 --out 随机号.csv

    然后 then:  minyi import residents 随机号.csv --brought-by … --reason … --ground …
    """
    command = "minyi sample rdd"
    plan, blocks = load_settings().number_plan, tuple(sorted(set(prefix)))
    try:
        drawn = draw_numbers(blocks, digits, n, seed, plan)
    except (PrefixRefused, ValueError) as no:
        raise refused(command, str(no)) from None
    made = list_file(drawn, blocks, township)
    record = RandomDigitsDraw(
        prefixes=blocks, digits=digits, n=n, seed=seed, plan=plan, township=township,
        probability=drawn.probability, covered=drawn.covered, numpy=np.__version__,
        sample=out.name, sample_sha256=sha256(made).hexdigest(), at=RealClock().now(),
    )  # fmt: skip
    _keep(command, out, made, record)
    if json:
        _print_json(record.model_dump(mode="json"))
        return
    typer.echo(
        f"{out}: 随机号 random numbers {n:,},号段 blocks {len(blocks)},覆盖 covered {drawn.covered:,},"
        f"每个号码的概率 probability of each {drawn.probability:.4g}\n"
        f"留底 record: {out}{RECORD}\n"
        f"下一步 next: minyi import residents {out} --brought-by … --reason … --ground …"
    )


def _keep(command: str, out: Path, made: bytes, record: BaseModel) -> None:
    """Both files, or none: neither is ever written over."""
    beside = Path(f"{out}{RECORD}")
    for path in (out, beside):
        if path.exists():
            raise refused(command, f"{path} 已存在 is there already; name another file with --out")
    try:
        _write(out, made)
        _write(beside, (record.model_dump_json(indent=2) + "\n").encode())
    except OSError as error:
        raise refused(command, f"{error.filename} 写不了 cannot be written: {error.strerror}") from None


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)


def _print_json(body: dict[str, Any]) -> None:
    sys.stdout.write(dumps(body, ensure_ascii=False, indent=2) + "\n")
