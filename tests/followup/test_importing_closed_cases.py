"""Cases that another platform closed: good rows kept with their callback, bad ones told one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import asyncpg
import pytest
from followup_county import CENTRE, VILLAGE, WATER, at
from followup_residents import state, unit_of

from followup import imports, reading
from followup.imports import ImportReport
from followup.refusals import ImportedBefore, UnknownCentre
from survey.importing import Brought
from survey.sampling.refusals import ListError, RefusedColumn
from survey.vault import Vault

NOW = at("9 08:20")
HEADINGS = "工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,村,承办单位,办结时间,办理结果,是否联系群众"
GOOD = "GD1,王芳,15400000001,自来水发黄,城乡建设,柳河镇,王庄村,自来水公司,2026-03-06 16:20,管道已换,是"
SECOND = "GD2,王芳,154 0000 0001,水压太低,城乡建设,柳河镇,,遂澜县自来水公司,2026-03-06,已加泵,否"
DIRTY = [
    "GD3,李强,1540000,路灯不亮,社会治安,柳河镇,,公安局,2026-03-06,已修,是",
    "GD4,李强,15400000002,路灯不亮,社会治安,梨河镇,,公安局,2026-03-06,已修,是",
    "GD5,李强,15400000002,路灯不亮,社会治安,柳河镇,,园林局,2026-03-06,已修,是",
    "GD1,李强,15400000002,路灯不亮,社会治安,柳河镇,,公安局,2026-03-06,已修,是",
    "GD6,李强,15400000002,路灯不亮,社会治安,柳河镇,,公安局,2026-03-06,,是",
]
BROUGHT = Brought("closed.csv", by="审核员", reason="结果回访", ground="法定职责")
Tokens = Callable[[], str]


async def bring(conn: asyncpg.Connection, vault: Vault, tokens: Tokens, *rows: str) -> ImportReport:
    return await imports.import_closed_cases(
        conn,
        vault,
        CENTRE,
        "\n".join((HEADINGS, *rows)).encode(),
        BROUGHT,
        plan="fictional",
        now=NOW,
        tokens=tokens,
        seed=7,
    )


async def rows_in(conn: asyncpg.Connection) -> int:
    count: int = await conn.fetchval(
        "SELECT (SELECT count(*) FROM followup.case_file) + (SELECT count(*) FROM followup.callback)"
        " + (SELECT count(*) FROM survey.import_batch) + (SELECT count(*) FROM survey.person)"
    )
    return count


async def test_good_rows_wait_for_their_callback(
    conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens
) -> None:
    report = await bring(conn, vault, tokens, GOOD, SECOND)
    assert (report.kept, report.refused, report.refusals) == (2, 0, ())
    first, second = [await reading.passport(conn, number) for number in report.numbers]
    assert first.case.number == "991721-20260309-00001-4"
    assert (first.case.status, first.case.source, first.case.external_number) == (
        "callback_pending",
        "import",
        "GD1",
    )
    assert (first.case.area_code, first.case.category, first.case.content) == (VILLAGE, "0701", "自来水发黄")
    assert [(a.unit_code, a.role, a.dispatched_at) for a in first.assignments] == [
        (WATER, "lead", at("6 16:20"))
    ]
    (result,) = first.results
    assert (result.result_summary, result.claimed_contact, result.reported_at) == (
        "管道已换",
        True,
        at("6 16:20"),
    )
    assert (second.results[0].claimed_contact, second.case.area_code) == (False, "991721100")
    assert first.case.person_id == second.case.person_id
    assert [e.event for e in first.events] == ["import"]


async def test_the_resident_is_due_in_the_next_window_with_the_result(
    conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens
) -> None:
    (number,) = (await bring(conn, vault, tokens, GOOD)).numbers
    unit = await conn.fetchrow(
        "SELECT facts, status, due_at, next_mode FROM survey.sample_unit WHERE ref = $1",
        await unit_of(conn, number, 1),
    )
    assert {k: v for k, v in unit["facts"].items() if k != "query_code"} == {
        "case_short": "0001",
        "result": "管道已换",
        "contact_claimed": "yes",
    }
    assert len(unit["facts"]["query_code"]) == 8
    assert (unit["status"], unit["next_mode"]) == ("waiting", "text")
    assert at("9 09:00") <= unit["due_at"] <= at("9 09:00") + timedelta(hours=12)


async def test_dirty_rows_are_told_one_by_one(
    conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens
) -> None:
    report = await bring(conn, vault, tokens, GOOD, *DIRTY, SECOND)
    assert (report.kept, report.refused) == (2, 5)
    assert [(refusal.line, refusal.field) for refusal in report.refusals] == [
        (3, "联系电话"),
        (4, "所属区域/乡镇"),
        (5, "承办单位"),
        (6, "工单号"),
        (7, "办理结果"),
    ]
    stored = await conn.fetch("SELECT line, field FROM survey.import_refusal ORDER BY line")
    assert [tuple(row) for row in stored] == [(refusal.line, refusal.field) for refusal in report.refusals]


async def test_what_was_imported_before_is_not_imported_again(
    conn: asyncpg.Connection, county: str, vault: Vault, tokens: Tokens
) -> None:
    (number,) = (await bring(conn, vault, tokens, GOOD)).numbers
    with pytest.raises(ImportedBefore, match=r"closed\.csv was imported into centre 991721 before"):
        await bring(conn, vault, tokens, GOOD)
    report = await bring(conn, vault, tokens, GOOD, SECOND)
    assert (report.kept, report.refused) == (1, 1)
    assert str(report.refusals[0]) == (
        f'line 2, 工单号: "GD1" was imported before, as case {number}; take it off the list'
    )
    assert await state(conn, number) == "callback_pending, round 1"
    imported = (await reading.circle(conn, CENTRE)).identities[3]
    assert str(imported) == "imported 2 = open 2"


@pytest.mark.parametrize(
    ("headings", "error"),
    [(HEADINGS.replace("诉求人,", ""), ListError), (HEADINGS + ",身份证号", RefusedColumn)],
)
async def test_a_file_that_cannot_be_kept_leaves_nothing(
    conn: asyncpg.Connection,
    county: str,
    vault: Vault,
    tokens: Tokens,
    headings: str,
    error: type[Exception],
) -> None:
    row = GOOD.replace("王芳,", "") if error is ListError else GOOD + ",1"
    with pytest.raises(error):
        await imports.import_closed_cases(
            conn,
            vault,
            CENTRE,
            f"{headings}\n{row}".encode(),
            BROUGHT,
            plan="fictional",
            now=NOW,
            tokens=tokens,
            seed=7,
        )
    assert await rows_in(conn) == 0


async def test_an_unknown_centre_is_named(conn: asyncpg.Connection, vault: Vault, tokens: Tokens) -> None:
    with pytest.raises(UnknownCentre, match="There is no centre 991721"):
        await bring(conn, vault, tokens, GOOD)


async def test_a_failure_in_the_middle_leaves_nothing(
    conn: asyncpg.Connection, county: str, vault: Vault
) -> None:
    refs = iter(["ref-1", "ref-2", "ref-3"])  # two codes and the first unit; then the mint is empty

    with pytest.raises((StopIteration, RuntimeError)):
        await bring(conn, vault, lambda: next(refs), GOOD, SECOND)
    assert await rows_in(conn) == 0
