"""Keys of other systems, and what they looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class KeyRow:
    """One key. `unit_code`: of a unit's own system. The secret is known to its holder alone."""

    id: int
    ref: str
    secret_hash: bytes
    centre_code: str
    unit_code: str | None
    name: str
    scopes: Sequence[str]
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None


INSERT_KEY = """
INSERT INTO followup.api_key
    (ref, secret_hash, centre_code, unit_code, name, scopes, created_at, created_by, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
RETURNING id, ref, secret_hash, centre_code, unit_code, name, scopes, created_at, created_by, expires_at,
    revoked_at"""


async def insert_key(
    conn: asyncpg.Connection,
    *,
    ref: str,
    secret_hash: bytes,
    centre_code: str,
    unit_code: str | None,
    name: str,
    scopes: Sequence[str],
    created_at: datetime,
    created_by: str,
    expires_at: datetime,
) -> KeyRow:
    """A new key."""
    row = await conn.fetchrow(
        INSERT_KEY,
        ref,
        secret_hash,
        centre_code,
        unit_code,
        name,
        list(scopes),
        created_at,
        created_by,
        expires_at,
    )
    return KeyRow(**row)


SELECT_KEY = """
SELECT id, ref, secret_hash, centre_code, unit_code, name, scopes, created_at, created_by, expires_at,
    revoked_at
FROM followup.api_key WHERE ref = $1"""


async def key_of_ref(conn: asyncpg.Connection, ref: str) -> KeyRow | None:
    """The key with this public half, revoked and expired ones too."""
    row = await conn.fetchrow(SELECT_KEY, ref)
    return KeyRow(**row) if row else None


SELECT_KEYS = """
SELECT id, ref, secret_hash, centre_code, unit_code, name, scopes, created_at, created_by, expires_at,
    revoked_at
FROM followup.api_key WHERE centre_code = $1 ORDER BY id"""


async def keys_of(conn: asyncpg.Connection, centre_code: str) -> list[KeyRow]:
    """All keys of a centre, oldest first."""
    return [KeyRow(**row) for row in await conn.fetch(SELECT_KEYS, centre_code)]


REVOKE = """
UPDATE followup.api_key SET revoked_at = $3, revoked_by = $4
WHERE ref = $1 AND centre_code = $2 AND revoked_at IS NULL
RETURNING id"""


async def revoke(conn: asyncpg.Connection, ref: str, centre_code: str, *, at: datetime, by: str) -> bool:
    """End a key; False if this centre has no such key in force."""
    return await conn.fetchval(REVOKE, ref, centre_code, at, by) is not None


INSERT_ACCESS = """
INSERT INTO followup.api_access (key_id, case_id, operation, request_id, at)
SELECT $1, unnest($2::bigint[]), $3, $4, $5"""


async def record_access(
    conn: asyncpg.Connection,
    key_id: int,
    case_ids: Sequence[int],
    operation: str,
    request_id: str,
    at: datetime,
) -> None:
    """Keep that this key was shown these cases, or moved them."""
    await conn.execute(INSERT_ACCESS, key_id, list(case_ids), operation, request_id, at)
