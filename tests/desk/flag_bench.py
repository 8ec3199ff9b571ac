"""Matters that a unit has closed, and residents who say that nothing is done."""

from __future__ import annotations

import asyncpg

from followup import callbacks, imports
from followup.store.units import UnitRow, insert_units
from survey.importing import Brought
from tests.doors.doors_bench import CENTRE, Bench, at
from tests.followup.followup_residents import answers, unit_of

LIST = """工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,承办单位,办结时间,办理结果,是否联系群众
GD1,王芳,15400000001,村口路灯不亮,社会治安,柳河镇,公安局,2026-03-06 16:20,路灯已修,是
GD2,李强,15400000002,井盖丢了,社会治安,柳河镇,公安局,2026-03-06 16:20,已补井盖,是"""
UNSOLVED = "C2=3 C1=2 C3=3 C7=1"


async def closed_elsewhere(
    bench: Bench, conn: asyncpg.Connection, mode: str, said: str = UNSOLVED
) -> list[str]:
    """Both residents are asked at ten on Monday by `mode`, and say that nobody came and nothing is done, or what is `said`; the
    numbers of their cases."""
    await insert_units(conn, [UnitRow("991721-police", CENTRE, "遂澜县公安局", "gov", CENTRE)])
    report = await imports.import_closed_cases(
        conn,
        bench.ground.vault,
        CENTRE,
        LIST.encode(),
        Brought("closed.csv", "审核员", "结果回访", "法定职责"),
        plan="fictional",
        now=at("9 08:20"),
        tokens=bench.ground.tokens,
        seed=7,
    )
    for number in report.numbers:
        words = {"C5": "没人来过,打我15400000001"}
        await answers(conn, await unit_of(conn, number, 1), at("9 10:00"), said, words=words, mode=mode)
    await callbacks.take_finished(
        conn, now=at("9 10:00"), real_now=lambda: at("9 10:00"), tokens=bench.ground.tokens
    )
    return list(report.numbers)
