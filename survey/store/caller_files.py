"""What is known of somebody who rang or wrote to us: which of our campaigns wait for them, and what they wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SELECT_PERSON = """
SELECT p.number_cipher, p.lang, p.unlinked_at FROM survey.person p WHERE p.id = $1"""


@dataclass(frozen=True)
class PersonRow:
    """A person as the vault keeps them."""

    number_cipher: bytes
    lang: str
    unlinked_at: datetime | None


async def person(conn: Any, person_id: int) -> PersonRow:
    """The person of this key."""
    return PersonRow(**await conn.fetchrow(SELECT_PERSON, person_id))


SELECT_WAITS = """
SELECT c.name_zh AS title, c.purpose, u.appointment_at, u.status = 'in_contact' AS under_way
FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id
WHERE u.person_id = $1 AND u.centre_code = $2 AND u.status IN ('waiting', 'in_contact')
  AND c.status IN ('running', 'paused')
ORDER BY (c.purpose = 'case') DESC, u.due_at, u.id"""


@dataclass(frozen=True)
class Waits:
    """A campaign that still wants something of a person. `under_way`: a contact is open."""

    title: str
    purpose: str
    appointment_at: datetime | None
    under_way: bool


async def waits(conn: Any, person_id: int, centre: str) -> list[Waits]:
    """Of one centre, results that are owed first."""
    return [Waits(**row) for row in await conn.fetch(SELECT_WAITS, person_id, centre)]


SELECT_WROTE = """
SELECT i.said, i.arrived_at FROM survey.inbox_text x JOIN survey.input i ON i.id = x.input_id
WHERE i.person_id = $1 AND i.arrived_at >= $2 ORDER BY i.arrived_at DESC, x.input_id DESC LIMIT $3"""


@dataclass(frozen=True)
class Wrote:
    """A text outside of any thread, as it was written."""

    said: str
    arrived_at: datetime


async def wrote(conn: Any, person_id: int, since: datetime, limit: int) -> list[Wrote]:
    """Those since then, newest first."""
    return [Wrote(**row) for row in await conn.fetch(SELECT_WROTE, person_id, since, limit)]


MARK_READ_OF = """
UPDATE survey.inbox_text x SET read_by = $2, read_at = $3
FROM survey.input i WHERE i.id = x.input_id AND i.person_id = ANY($1::bigint[]) AND x.read_at IS NULL"""


async def read_all_of(conn: Any, person_ids: Sequence[int], by: str, at: datetime) -> None:
    """What these people wrote has been read, by whoever has them in hand."""
    await conn.execute(MARK_READ_OF, list(person_ids), by, at)


COUNT_UNREAD = """
SELECT count(*)::int FROM survey.inbox_text WHERE read_at IS NULL"""


async def unread(conn: Any) -> int:
    """How many texts nobody has read."""
    count: int = await conn.fetchval(COUNT_UNREAD)
    return count
