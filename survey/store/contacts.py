"""Contacts: one open conversation with a person at a time, and what the carrier says that nothing maps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

OPEN_CONTACTS = """
INSERT INTO survey.contact (person_id, purpose, mode, opened_at, expires_at)
SELECT t.person_id, t.purpose, t.mode, $1, t.expires_at
FROM unnest($2::bigint[], $3::text[], $4::text[], $5::timestamptz[]) AS t(person_id, purpose, mode, expires_at)
ON CONFLICT (person_id) WHERE closed_at IS NULL DO NOTHING RETURNING id, person_id"""


@dataclass(frozen=True)
class NewContact:
    """A conversation about to begin."""

    person_id: int
    purpose: str
    mode: str
    expires_at: datetime | None


async def open_contacts(conn: Any, contacts: Sequence[NewContact], at: datetime) -> dict[int, int]:
    """Contact id by person; a person who is in another contact meanwhile is missing from it."""
    rows = await conn.fetch(
        OPEN_CONTACTS,
        at,
        [c.person_id for c in contacts],
        [c.purpose for c in contacts],
        [c.mode for c in contacts],
        [c.expires_at for c in contacts],
    )
    return {row["person_id"]: row["id"] for row in rows}


PARK_SIGNAL = """
INSERT INTO survey.parked_signal (kind, body, at) VALUES ($1, $2, $3)"""


async def park(conn: Any, kind: str, body: object, at: datetime) -> None:
    """Keep what the carrier said and nothing maps, for a person to look at."""
    await conn.execute(PARK_SIGNAL, kind, body, at)


CLOSE_CONTACT = """
UPDATE survey.contact SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL RETURNING id"""


async def close_contact(conn: Any, contact_id: int, at: datetime) -> None:
    """The conversation is over; the person may be contacted again by the ordinary rules."""
    await conn.execute(CLOSE_CONTACT, contact_id, at)


LOCK_CONTACT = """
SELECT id, person_id, purpose, mode, opened_at, expires_at, closed_at FROM survey.contact WHERE id = $1 FOR UPDATE"""

LOCK_OPEN_BY_TOKEN = """
SELECT k.id, k.person_id, k.purpose, k.mode, k.opened_at, k.expires_at, k.closed_at, t.token
FROM unnest($1::bytea[]) AS t(token)
CROSS JOIN LATERAL (
    SELECT id FROM survey.person WHERE token = t.token
    UNION ALL
    SELECT person_id FROM survey.person_number WHERE token = t.token AND unlinked_at IS NULL
    LIMIT 1) p
JOIN survey.contact k ON k.person_id = p.id AND k.closed_at IS NULL
ORDER BY k.id FOR UPDATE OF k"""

LOCK_FREE_OPEN_BY_TOKEN = LOCK_OPEN_BY_TOKEN + " SKIP LOCKED"

SELECT_LAST_CONTACT_OF = """
SELECT id, person_id, purpose, mode, opened_at, expires_at, closed_at FROM survey.contact
WHERE person_id = $1 AND mode = 'text' ORDER BY opened_at DESC, id DESC LIMIT 1"""

SELECT_EXPIRED = """
SELECT id FROM survey.contact WHERE closed_at IS NULL AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2"""


class Contact(NamedTuple):
    """A conversation as it stands."""

    id: int
    person_id: int
    purpose: str
    mode: str
    opened_at: datetime
    expires_at: datetime | None
    closed_at: datetime | None


async def lock(conn: Any, contact_id: int) -> Contact:
    """The contact, held until the transaction ends: inputs of one conversation are taken one after the other."""
    return Contact(**await conn.fetchrow(LOCK_CONTACT, contact_id))


async def lock_open(conn: Any, token: bytes) -> Contact | None:
    """The one open contact of whoever has this number, held."""
    return _held_contacts(await conn.fetch(LOCK_OPEN_BY_TOKEN, [token])).get(token)


async def lock_free_open(conn: Any, tokens: Sequence[bytes]) -> dict[bytes, Contact]:
    """The same for many, by token, without those that somebody else holds at this moment."""
    return _held_contacts(await conn.fetch(LOCK_FREE_OPEN_BY_TOKEN, list(tokens)))


def _held_contacts(rows: Sequence[Any]) -> dict[bytes, Contact]:
    return {token: Contact(*contact) for *contact, token in rows}


async def last_text_contact_of(conn: Any, person_id: int) -> Contact | None:
    """The latest text thread with a person, open or not."""
    row = await conn.fetchrow(SELECT_LAST_CONTACT_OF, person_id)
    return Contact(**row) if row else None


async def expired(conn: Any, now: datetime, limit: int) -> list[int]:
    """Open contacts whose waiting has ended."""
    return [row["id"] for row in await conn.fetch(SELECT_EXPIRED, now, limit)]
