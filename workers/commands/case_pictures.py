"""`minyi case pictures`: the pictures by which a unit shows what it has done, written into a folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from followup import showing
from followup.refusals import CaseRefusal
from survey.settings import load_settings
from workers.commands.exits import refused
from workers.commands.running import run
from workers.runtime import open_ground

ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


def pictures(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="事项编号。The case's full number.")],
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件夹。The folder they are written into.")],
) -> None:
    """单位报的佐证照片,按轮次和先后写成文件。The pictures of a case as files, by round and in their order.

    例 example:  minyi case pictures 991721-20260309-00037-4 --out photos
    """

    async def write() -> list[Path]:
        async with open_ground(load_settings(), "case pictures") as ground, ground.pool.acquire() as conn:
            found = []
            for place, one in enumerate(await showing.of_case(conn, number), 1):
                shown = await showing.picture(conn, number, one.ref)
                assert shown is not None  # pictures are never taken away
                out.mkdir(parents=True, exist_ok=True)
                path = out / f"{number}-{one.round}-{place:02}.{ENDINGS[one.kind]}"
                path.write_bytes(shown.bytes)
                found.append(path)
            return found

    try:
        written = run("minyi case pictures", write())
    except CaseRefusal as no:
        raise refused("minyi case pictures", str(no)) from None
    sys.stdout.write("\n".join(map(str, written)) + "\n" if written else "没有照片。There is none.\n")
