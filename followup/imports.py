"""DOOR: cases that another platform has closed enter as "closed elsewhere → callback pending"."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import asyncpg

from followup import callbacks, clocks, minting
from followup.casework import states
from followup.casework.lifecycle import Event
from followup.casework.limits import due_dates
from followup.casework.working_time import WorkingTime
from followup.categories import categories
from followup.import_formats import as_list
from followup.minting import Minted
from followup.platforms import platform as platform_of
from followup.refusals import ImportClash, ImportedBefore, UnknownCentre
from followup.store import assignments, cases, events, places, results, units
from followup.store.cases import CaseRow, NewCase
from followup.store.events import EventRow
from followup.store.results import ResultRow
from survey.enrolling import ImportRecord, NewPerson, enrol_persons, record_import
from survey.fielding import standing_campaign
from survey.ids import Tokens
from survey.importing import Brought
from survey.policies import packaged
from survey.sampling.list_specs import ClosedCaseRow, closed_cases
from survey.sampling.lists import ListRead, read_list
from survey.sampling.numbers import NumberPlan
from survey.sampling.refusals import Refusal
from survey.vault import Vault

KIND = "closed_cases"


@dataclass(frozen=True)
class ImportReport:
    """What became of a file. `refusals` name line, field, reason and remedy of each row that was not kept."""

    kept: int
    refused: int
    refusals: tuple[Refusal, ...]
    batch: int
    numbers: tuple[str, ...]


async def import_closed_cases(
    conn: asyncpg.Connection,
    vault: Vault,
    centre_code: str,
    data: bytes,
    brought: Brought,
    *,
    plan: NumberPlan,
    now: datetime,
    tokens: Tokens,
    seed: int,
    platform: str | None = None,
) -> ImportReport:
    """Keep the good rows of a CSV, XLSX or JSON file, all in one transaction, each with its callback of round 1.

    `platform`: whose headings and words it has, of policy `platforms`; None: ours. Raises ListError where nothing can be kept,
    ImportedBefore for the very same file, UnknownCentre, UnknownPlatform.
    """
    async with conn.transaction():
        read = await _read(conn, centre_code, data, brought.file_name, plan, now, platform)
        rows, doubles = await _not_there_yet(conn, centre_code, read)
        refusals = tuple(sorted((*read.refusals, *doubles), key=lambda r: r.line))
        batch = await record_import(
            conn, _record(centre_code, data, brought, now, read, kept=len(rows), refusals=refusals)
        )
        if batch is None:
            raise ImportedBefore(file=brought.file_name, centre=centre_code)
        kept = await _keep(conn, vault, centre_code, rows, batch, now=now, tokens=tokens, seed=seed)
        return ImportReport(
            kept=len(kept),
            refused=read.rows_read - len(kept),
            refusals=refusals,
            batch=batch,
            numbers=tuple(case.number for case in kept),
        )


async def _read(
    conn: asyncpg.Connection,
    centre_code: str,
    data: bytes,
    file_name: str,
    plan: NumberPlan,
    now: datetime,
    platform: str | None,
) -> ListRead[ClosedCaseRow]:
    place = await places.centre_place(conn, centre_code)
    if place is None:
        raise UnknownCentre(centre=centre_code)
    zone = ZoneInfo(place.tz)
    spec = closed_cases(
        await places.area_names(conn, place.area_code),
        {unit.code: unit.name_zh for unit in await units.units_of(conn, centre_code)},
        plan=plan,
        today=now.astimezone(zone).date(),
        tz=zone,
    )
    listed = as_list(data, file_name, platform_of(platform) if platform else None)
    return read_list(listed.data, file_name, spec, mapping=listed.mapping)


async def _not_there_yet(
    conn: asyncpg.Connection, centre_code: str, read: ListRead[ClosedCaseRow]
) -> tuple[list[ClosedCaseRow], list[Refusal]]:
    """Rows whose number this centre does not have yet, and a refusal for each of the others."""
    known = await cases.known_external(conn, centre_code, [row.external_number for row in read.rows])
    heading = read.headings.get("external_number", "external_number")
    doubles = [
        Refusal(
            row.line,
            heading,
            f'"{row.external_number}" was imported before, as case {known[row.external_number]}',
            "take it off the list",
        )
        for row in read.rows
        if row.external_number in known
    ]
    return [row for row in read.rows if row.external_number not in known], doubles


def _record(
    centre_code: str,
    data: bytes,
    brought: Brought,
    now: datetime,
    read: ListRead[ClosedCaseRow],
    *,
    kept: int,
    refusals: Sequence[Refusal],
) -> ImportRecord:
    return ImportRecord(
        centre_code=centre_code,
        kind=KIND,
        file_name=brought.file_name,
        sha256=hashlib.sha256(data).hexdigest(),
        brought_by=brought.by,
        reason=brought.reason,
        ground=brought.ground,
        imported_at=now,
        rows_read=read.rows_read,
        rows_kept=kept,
        refusals=[(r.line, r.field, f"{r.reason}; {r.remedy}") for r in refusals],
    )


async def _keep(
    conn: asyncpg.Connection,
    vault: Vault,
    centre_code: str,
    rows: Sequence[ClosedCaseRow],
    batch: int,
    *,
    now: datetime,
    tokens: Tokens,
    seed: int,
) -> list[CaseRow]:
    people = [
        NewPerson(number=row.number, name=row.name, birth_year=None, landline=row.landline) for row in rows
    ]
    persons = await enrol_persons(conn, vault, people)
    minted = await minting.mint(conn, centre_code, now, tokens, count=len(rows))
    campaign = await standing_campaign(conn, centre_code, now=now, seed=seed)
    office = await clocks.office(conn, centre_code)
    kept = []
    for row, person_id, number in zip(rows, persons, minted, strict=True):
        case = await _case(conn, _new_case(centre_code, row, person_id, number, batch, now, office), row)
        await _closed_elsewhere(conn, case, row, now)
        await callbacks.schedule(
            conn,
            case,
            case.round,
            summary=row.result_summary,
            now=now,
            tokens=tokens,
            seed=seed,
            campaign_id=campaign,
            claimed_contact=row.claimed_contact,
            office=office,
        )
        kept.append(case)
    return kept


def _new_case(
    centre_code: str,
    row: ClosedCaseRow,
    person_id: int,
    minted: Minted,
    batch: int,
    now: datetime,
    office: WorkingTime,
) -> NewCase:
    category = categories().guess(row.category, row.content)
    return NewCase(
        number=minted.number,
        short_number=minted.short_number,
        query_code=minted.query_code,
        centre_code=centre_code,
        source="import",
        external_number=row.external_number,
        person_id=person_id,
        batch_id=batch,
        content=row.content,
        category=category.code,
        duty_no=category.duty_no,
        kind=category.kind,
        area_code=row.area_code,
        status="callback_pending",
        received_at=now,
        due_at=states.due("callback_pending", now, office),
        limit_hours=due_dates(category.kind, now).allowed_hours,
        policy_version=packaged("followup.casework", "limits").version,
    )


async def _case(conn: asyncpg.Connection, new: NewCase, row: ClosedCaseRow) -> CaseRow:
    case = await cases.insert_case(conn, new)
    if case is None:
        raise ImportClash(line=row.line, external=row.external_number)
    return case


async def _closed_elsewhere(
    conn: asyncpg.Connection, case: CaseRow, row: ClosedCaseRow, now: datetime
) -> None:
    """What the other platform did counts as round 1: its unit as lead, its result as approved on import."""
    await assignments.assign(
        conn, case.id, 1, lead=row.unit_code, at=row.closed_at, signed_at=row.closed_at, due_at=None
    )
    await results.insert_result(
        conn,
        ResultRow(case.id, 1, row.unit_code, row.closed_at, row.result_summary, row.claimed_contact, now),
    )
    await events.insert_events(
        conn,
        [EventRow(case.id, 1, Event.IMPORT, None, case.status, "import", "closed on another platform", now)],
    )
