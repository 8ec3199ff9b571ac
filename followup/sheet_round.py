"""DOOR: workbooks go to units without an account and come back: each row signs, reports, or says why not."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import asyncpg

from followup import cases, unit_sheets, unit_view
from followup.cases import Contact
from followup.refusals import CaseRefusal
from followup.store import unit_sheets as rows
from followup.store.unit_sheets import OpenCase
from followup.unit_sheets import NAMES, SIGNED, WAYS, SheetCase, SheetRow
from survey.vault import Vault

RESULT = ("summary", "contact_at", "contact_way", "resident_view", "actions")


@dataclass(frozen=True)
class Fault:
    """Why a row, or a part of it, was not taken."""

    row: int
    column: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class Taken:
    """What a row did. `again`: acts that it did before, and not now."""

    row: int
    number: str
    done: tuple[str, ...]
    again: tuple[str, ...]


@dataclass(frozen=True)
class Imported:
    """A workbook that came back. `untouched`: rows in which nothing was filled in."""

    taken: list[Taken]
    faults: list[Fault]
    untouched: int


class _Refused(Exception):
    def __init__(self, column: str, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.column, self.reason, self.remedy = column, reason, remedy


async def export(conn: asyncpg.Connection, vault: Vault, unit: str) -> bytes:
    """The workbook of everything that waits for a unit, redacted."""
    found = [
        SheetCase(
            number=case.number,
            round=case.round,
            title=seen.title,
            content=seen.content,
            place=seen.place,
            due_at=seen.due_at,
            status=seen.status,
            mark=mark(vault, case, unit),
        )
        for case in await rows.open_cases(conn, unit)
        for seen in [await unit_view.view(conn, vault, case.number, unit=unit)]
    ]
    return unit_sheets.written(found, unit, password=vault.link_mac(f"sheet|{unit}").hex()[:12])


def mark(vault: Vault, case: OpenCase, unit: str) -> str:
    """What makes a row the unit's and the case's: nobody else can write it."""
    return vault.link_mac(f"sheet row|{case.id}|{unit}|{case.round}").hex()[:16]


async def take_back(
    conn: asyncpg.Connection, vault: Vault, data: bytes, *, unit: str, by: str, now: datetime
) -> Imported:
    """Act on a workbook, each row by itself; the same row again has no second effect. Raises NoSheet."""
    taken: list[Taken] = []
    faults: list[Fault] = []
    untouched = 0
    for row in unit_sheets.read(data):
        if row.empty:
            untouched += 1
            continue
        try:
            async with conn.transaction():
                taken.append(await _take(conn, vault, row, unit, by, now))
        except _Refused as no:
            faults.append(Fault(row.row, no.column, no.reason, no.remedy))
        except CaseRefusal as no:
            column = NAMES["summary"] if row.cells["summary"] else NAMES["sign"]
            faults.append(
                Fault(row.row, column, str(no), "改好这一格再交 correct this cell and import again")
            )
    return Imported(taken, faults, untouched)


async def _take(
    conn: asyncpg.Connection, vault: Vault, row: SheetRow, unit: str, by: str, now: datetime
) -> Taken:
    case = await _checked(conn, vault, row, unit)
    wishes = [("sign", row.cells["sign"])] if row.cells["sign"] else []
    if any(row.cells[name] for name in RESULT):
        wishes.append(("report", "\x1f".join(row.cells[name] for name in RESULT)))
    done: list[str] = []
    again: list[str] = []
    signed = case.status == "in_progress"  # by another row, or another way
    for act, said in wishes:
        digest = sha256(said.encode()).hexdigest()
        fresh = await rows.take_row(conn, case.id, case.round, act, digest, now, by)
        if not fresh or (act == "sign" and signed):
            again.append(act)
            continue
        if act == "sign":
            await cases.sign(conn, case.number, by=unit, now=now)
        else:
            await _report(conn, case, row, unit, now)
        done.append(act)
    return Taken(row.row, case.number, tuple(done), tuple(again))


async def _checked(conn: asyncpg.Connection, vault: Vault, row: SheetRow, unit: str) -> OpenCase:
    """The row's case, if the row is as it was sent and holds words only. Raises _Refused."""
    if row.formulas:
        raise _Refused(
            NAMES[row.formulas[0]], "公式不收 a formula is not taken", "写成文字 write it in words"
        )
    case = await rows.lock_case(conn, row.cells["number"])
    if case is None:
        raise _Refused(NAMES["number"], "没有这个编号 no such case", "重新导出 export the workbook again")
    if row.cells["round"] != str(case.round):
        raise _Refused(
            NAMES["round"], f"这一轮已结束 now in round {case.round}", "重新导出 export the workbook again"
        )
    if not hmac.compare_digest(row.cells["mark"].encode(), mark(vault, case, unit).encode()):
        raise _Refused(
            NAMES["mark"],
            "编号或校验被改过 not the row that was sent to this unit",
            "重新导出 export the workbook again",
        )
    if row.cells["sign"] not in ("", SIGNED):
        raise _Refused(
            NAMES["sign"], f"“{row.cells['sign']}”不在选项中 not a choice", f"选“{SIGNED}” choose {SIGNED}"
        )
    return case


async def _report(conn: asyncpg.Connection, case: OpenCase, row: SheetRow, unit: str, now: datetime) -> None:
    cells = row.cells
    reported = await cases.report_result(
        conn,
        case.number,
        by=unit,
        summary=cells["summary"],
        contact=_contact(cells["contact_at"], cells["contact_way"]),
        resident_view=cells["resident_view"] or None,
        actions=cells["actions"] or None,
        now=now,
    )
    if reported.returned:
        raise _Refused(
            NAMES["contact_at"], reported.returned, "写明联系群众的时间 say when you spoke with the resident"
        )


def _contact(at: str, way: str) -> Contact | None:
    try:
        moment = unit_sheets.contact_moment(at)
    except ValueError:
        raise _Refused(NAMES["contact_at"], "时间看不懂 no moment", "写成 2026-03-10 09:30") from None
    if moment is None:
        return None
    if way not in WAYS:
        raise _Refused(NAMES["contact_way"], "联系方式没有选 no way of contact", f"选 {'、'.join(WAYS)}")
    return Contact(moment, WAYS[way])  # type: ignore[arg-type]  # one of the doors' ways
