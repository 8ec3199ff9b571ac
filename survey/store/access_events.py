"""What happened to accounts, and which numbers were read by whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

INSERT_EVENT = """
INSERT INTO survey.access_event (account_id, kind, by, source, detail, at) VALUES ($1, $2, $3, $4, $5, $6)"""


async def record(
    conn: Any,
    account_id: int | None,
    kind: str,
    *,
    by: str,
    source: str = "",
    detail: str = "",
    now: datetime,
) -> None:
    """One event; it is never changed."""
    await conn.execute(INSERT_EVENT, account_id, kind, by, source, detail, now)


SELECT_EVENTS = """
SELECT e.at, a.name, e.kind, e.by, e.source, e.detail
FROM survey.access_event e LEFT JOIN survey.account a ON a.id = e.account_id
WHERE $1::text IS NULL OR a.name = $1 ORDER BY e.id DESC LIMIT $2"""


@dataclass(frozen=True)
class Event:
    """One line of the record. `name`: whose account; None: of no account."""

    at: datetime
    name: str | None
    kind: str
    by: str
    source: str
    detail: str


async def events(conn: Any, name: str | None, most: int) -> list[Event]:
    """The latest, newest first; of one account where `name` is given."""
    return [Event(**row) for row in await conn.fetch(SELECT_EVENTS, name, most)]


INSERT_NUMBER_ACCESS = """
INSERT INTO survey.number_access (person_id, account_id, staff, reason, at, attempt_id) VALUES ($1, $2, $3, $4, $5, $6)"""


async def record_number_read(
    conn: Any,
    person_id: int,
    account_id: int | None,
    staff: str,
    reason: str,
    attempt_id: int | None,
    now: datetime,
) -> None:
    """That a resident's number was read, by whom and why."""
    await conn.execute(INSERT_NUMBER_ACCESS, person_id, account_id, staff, reason, now, attempt_id)


SELECT_NUMBER_READS = """
SELECT n.at, n.person_id, n.staff, a.name AS account, n.reason, t.ref AS attempt
FROM survey.number_access n
LEFT JOIN survey.account a ON a.id = n.account_id LEFT JOIN survey.attempt t ON t.id = n.attempt_id
WHERE ($1::text IS NULL OR lower(n.staff) = $1) AND ($2::bigint IS NULL OR n.person_id = $2) ORDER BY n.id DESC LIMIT $3"""


@dataclass(frozen=True)
class NumberRead:
    """One read. `staff`: the name that was given; `account`: whose account that was; `attempt`: the call it was dialled for."""

    at: datetime
    person_id: int
    staff: str
    account: str | None
    reason: str
    attempt: str | None


async def number_reads(conn: Any, name: str | None, person_id: int | None, most: int) -> list[NumberRead]:
    """The latest reads of numbers, newest first; by one of the staff, of one person."""
    return [NumberRead(**row) for row in await conn.fetch(SELECT_NUMBER_READS, name, person_id, most)]
