"""Accountability records: who answers for a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class AccountabilityRow:
    """One record. `level` and `basis` are keys of policy `accountability`; `persons` by name and post."""

    case_id: int
    round: int
    level: str
    basis: str
    unit_code: str | None
    persons: tuple[str, ...]
    finding_zh: str
    finding_en: str
    decision: str
    filed_by: str
    approved_by: str
    filed_at: datetime
    policy_version: int


INSERT_ACCOUNTABILITY = """
INSERT INTO followup.accountability
    (case_id, round, level, basis, unit_code, persons, finding_zh, finding_en, decision, filed_by,
     approved_by, filed_at, policy_version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
RETURNING id"""


async def insert_accountability(conn: asyncpg.Connection, record: AccountabilityRow) -> int:
    """Write a record; its id."""
    record_id: int = await conn.fetchval(
        INSERT_ACCOUNTABILITY,
        record.case_id,
        record.round,
        record.level,
        record.basis,
        record.unit_code,
        list(record.persons),
        record.finding_zh,
        record.finding_en,
        record.decision,
        record.filed_by,
        record.approved_by,
        record.filed_at,
        record.policy_version,
    )
    return record_id


SELECT_ACCOUNTABILITY = """
SELECT case_id, round, level, basis, unit_code, persons, finding_zh, finding_en, decision, filed_by,
    approved_by, filed_at, policy_version
FROM followup.accountability WHERE case_id = $1 ORDER BY id"""


async def records_of(conn: asyncpg.Connection, case_id: int) -> Sequence[AccountabilityRow]:
    """The records of a case, oldest first."""
    rows = await conn.fetch(SELECT_ACCOUNTABILITY, case_id)
    return [AccountabilityRow(**{**row, "persons": tuple(row["persons"])}) for row in rows]


SELECT_FALSE_CLOSING = """
SELECT EXISTS (SELECT FROM followup.case_event WHERE case_id = $1 AND event = 'false_closing')"""


async def false_closing_decided(conn: asyncpg.Connection, case_id: int) -> bool:
    """Whether a decision has ever called a closing of this case false."""
    decided: bool = await conn.fetchval(SELECT_FALSE_CLOSING, case_id)
    return decided
