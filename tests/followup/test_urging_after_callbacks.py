"""What failed callbacks bring a unit, through the doors: round after round, and in the meeting."""

from __future__ import annotations

from collections.abc import Callable

import asyncpg
import pytest
from followup_county import CENTRE, POLICE, at
from followup_residents import answers, state, unit_of

from followup import callbacks, cases, clocks, imports, major, urging
from followup.time_refusals import HeldByMajor
from survey.importing import Brought
from survey.vault import Vault

Tokens = Callable[[], str]
UNSOLVED = "C2=3 C1=1 C3=3 C7=1"
LIST = """工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,承办单位,办结时间,办理结果,是否联系群众
GD1,王芳,15400000001,路灯不亮,社会治安,柳河镇,公安局,2026-03-06 16:20,路灯已修,是"""


@pytest.fixture
async def number(conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens) -> str:
    """王芳's street lamp, closed elsewhere and imported on Monday the 9th."""
    brought = Brought("closed.csv", "审核员", "结果回访", "法定职责")
    report = await imports.import_closed_cases(
        conn,
        vault,
        CENTRE,
        LIST.encode(),
        brought,
        plan="fictional",
        now=at("9 08:20"),
        tokens=tokens,
        seed=7,
    )
    return report.numbers[0]


async def complains(conn: asyncpg.Connection, number: str, round_: int, day: int, tokens: Tokens) -> None:
    """The lamp is still dark, in this round too."""
    now = at(f"{day} 10:00")
    await answers(
        conn, await unit_of(conn, number, round_), now, UNSOLVED, words={"C5": "还是不亮"}, mode="voice"
    )
    await callbacks.take_finished(conn, now=now, real_now=lambda: now, tokens=tokens)


async def works(conn: asyncpg.Connection, number: str, day: int, tokens: Tokens, plan: str = "") -> None:
    """The police sign at once and report the next morning."""
    await cases.sign(conn, number, by=POLICE, now=at(f"{day} 11:00"))
    if plan:
        await cases.make_plan(conn, number, leader="李强", plan=plan, by=POLICE, now=at(f"{day} 11:30"))
    await cases.report_result(
        conn, number, by=POLICE, summary="已换灯泡", contact=cases.Contact(at(f"{day} 16:00"), "visit"),
        actions="现场更换", evidence=["照片1张"], now=at(f"{day + 1} 09:00"),
    )  # fmt: skip
    await cases.accept_result(
        conn, number, by="审核员-0101", now=at(f"{day + 1} 09:30"), tokens=tokens, seed=7
    )


async def confirm(conn: asyncpg.Connection, number: str, day: int) -> None:
    await callbacks.confirm(conn, number, by="督办员-0102", reason="群众反映属实", now=at(f"{day} 10:30"))


async def urged(conn: asyncpg.Connection, round_: int) -> list[tuple[str, str]]:
    query = "SELECT level, why FROM followup.urge WHERE round = $1 AND against = $2 ORDER BY level"
    return [(row["level"], row["why"]) for row in await conn.fetch(query, round_, POLICE)]


async def test_each_failed_callback_brings_the_unit_a_step_higher(
    conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    await complains(conn, number, 1, 9, tokens)
    await confirm(conn, number, 9)
    await urging.look_due(conn, at("9 10:30"))
    assert await urged(conn, 2) == [("U1", "yellow")]  # a second round is yellow

    await works(conn, number, 9, tokens)
    await complains(conn, number, 2, 11, tokens)
    await urging.look_due(conn, at("11 10:05"))
    assert await urged(conn, 2) == [("U1", "yellow")]  # flagged is not yet failed: nobody has decided
    await confirm(conn, number, 11)
    await urging.look_due(conn, at("11 10:30"))
    assert await urged(conn, 3) == [("U1", "red"), ("U4", "failed_callbacks")]

    await works(conn, number, 11, tokens, plan="更换整段线路")
    await complains(conn, number, 3, 13, tokens)
    await confirm(conn, number, 13)
    assert await state(conn, number) == "adjudication, round 3"
    await cases.meeting_dispatch(
        conn, number, lead=POLICE, level="county", leader="李强", plan="更换线路", reason="三次未解决", by="主任-0001",
        now=at("16 09:00"),
    )  # fmt: skip
    await urging.look_due(conn, at("16 09:00"))
    assert await urged(conn, 4) == [
        ("U1", "red"),
        ("U4", "failed_callbacks"),
        ("U5", "failed_callbacks"),
    ]


async def test_a_callback_that_nobody_began_is_the_directors_and_one_that_was_tried_is_in_time(
    conn: asyncpg.Connection, number: str
) -> None:
    query = "SELECT level, party, against FROM followup.urge ORDER BY id"
    await conn.execute("UPDATE survey.sample_unit SET disposition = 'no_answer'")
    await urging.look_due(conn, at("9 08:20"))
    await conn.execute("UPDATE followup.case_clock SET look_at = $1", at("12 10:00"))
    await urging.look_due(conn, at("12 10:00"))
    assert await conn.fetch(query) == []
    assert (await clocks.read(conn, number, at("12 10:00"))).colour == "green"

    await conn.execute("UPDATE survey.sample_unit SET disposition = 'not_attempted'")
    await conn.execute("UPDATE followup.case_clock SET look_at = $1", at("12 10:00"))
    await urging.look_due(conn, at("12 10:00"))
    assert [tuple(row.values()) for row in await conn.fetch(query)] == [
        ("U1", "centre", CENTRE),
        ("U2", "centre", CENTRE),
    ]
    assert (await clocks.read(conn, number, at("12 10:00"))).colour == "red"


async def test_no_round_begins_while_a_major_report_holds_the_case(
    conn: asyncpg.Connection, number: str, tokens: Tokens
) -> None:
    await complains(conn, number, 1, 9, tokens)
    facts = {"time": "9日10时", "place": "柳河镇", "source": "来电", "what": "村民聚集"}
    raised = await major.raise_report(
        conn, CENTRE, class_="mass", facts=facts, by="调查员-0103", now=at("9 10:10"), case_number=number
    )
    with pytest.raises(HeldByMajor, match=raised.number):
        await confirm(conn, number, 9)
    assert await state(conn, number) == "redispatch_review, round 1"
