"""`minyi sample audit`: a sample drawn again from its record, out of the database or out of a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from survey.frames import redraw
from survey.ground import Ground
from survey.sampling.draw_record import CannotRedraw, DrawRecord
from survey.settings import Settings, load_settings
from survey.store import draws
from workers.commands.analyst_files import Json
from workers.commands.analyst_files import show as _print
from workers.commands.exits import SOME_REFUSED, refused
from workers.commands.running import run
from workers.commands.sample_record import is_record, redrawn
from workers.runtime import open_ground


def audit(
    code: Annotated[
        str,
        typer.Argument(
            metavar="CODE",
            help="项目代号,或 draw、rdd 的留底文件。A campaign's code, or the record file of draw or rdd.",
        ),
    ],
    list_: Annotated[
        Path | None,
        typer.Option("--list", help="名单不在留底旁边时。The list, where it is not beside the record."),
    ] = None,
    json_: Json = False,
) -> None:
    """按留底的记录重抽一遍,和样本核对。Draw it again from its record, and hold it against the sample that was drawn.

    例 examples:  minyi sample audit night-noise
                  minyi sample audit 样本.csv.record.json
    """
    if is_record(code):
        _audit_file(code, list_, json_)
        return
    command = "minyi sample audit"
    try:
        record, said = run(command, _audit(command, code))
    except CannotRedraw as error:
        raise refused(command, f"{code} 不能重抽 cannot be drawn again: {error}.") from None
    if json_:
        sys.stdout.write(
            json.dumps({**said, "record": record.model_dump(mode="json")}, ensure_ascii=False, indent=2)
            + "\n"
        )
    else:
        when = f"{record.at.astimezone():%Y-%m-%d %H:%M}"
        _print(
            f"{code}: 名单 list {said['list']:,} 人,{when};方法 method {record.method} v{record.version};"
            f"名单指纹 hash {record.frame_sha256[:16]}…",
            f"抽出 drawn {said['people']:,};一致 the same sample: {'是 yes' if said['same'] else '否 no'}"
            + ("" if said["same"] else f"(缺 missing {said['missing']},多 strange {said['strange']})"),
        )
    if not said["same"]:
        raise typer.Exit(SOME_REFUSED)


def _audit_file(name: str, list_file: Path | None, as_json: bool) -> None:
    try:
        said = redrawn(Path(name), list_file)
    except CannotRedraw as error:
        raise refused("minyi sample audit", f"{name} 不能重抽 cannot be drawn again: {error}.") from None
    if as_json:
        sys.stdout.write(json.dumps(said, ensure_ascii=False, indent=2) + "\n")
    else:
        words = {True: "是 yes", False: "否 no", None: "没有这个文件 there is no such file"}
        _print(
            f"{name}: 与留底一致 as the record says: {words[said['same_as_record']]} · "
            f"{said['record']['sample']} 一致 is the same: {words[said['same_as_file']]}"
        )
    if not said["same"]:
        raise typer.Exit(SOME_REFUSED)


async def _audit(command: str, code: str) -> tuple[DrawRecord, dict[str, Any]]:
    settings: Settings = load_settings()
    async with open_ground(settings, "sample", pool_size=2) as ground:
        with ground.clock.activity():
            return await _redrawn(command, ground, settings.centre, code)


async def _redrawn(command: str, ground: Ground, centre: str, code: str) -> tuple[DrawRecord, dict[str, Any]]:
    async with ground.pool.acquire() as conn, conn.transaction():
        stored = await draws.record(conn, centre, code)
        if stored is None:
            raise refused(
                command, f"there is no campaign {code} here; `minyi campaign list` shows those there are"
            )
        record = DrawRecord.of(stored)
        if record is None:
            raise refused(
                command, f"{code} has no draw: its sample is not drawn yet, or people are put in one by one"
            )
        return record, dict(await redraw(conn, centre, record, ground.vault.key_id))
