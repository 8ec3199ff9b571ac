"""Persons in the vault, and what they said about being contacted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

UNLINK_PERSON = """
UPDATE survey.person SET unlinked_at = $2 WHERE id = $1 AND unlinked_at IS NULL"""


async def unlink(conn: Any, person_id: int, at: datetime) -> None:
    """The number leads to somebody else: nobody is contacted by it again."""
    await conn.execute(UNLINK_PERSON, person_id, at)


INSERT_OPT_OUT = """
INSERT INTO survey.opt_out (person_id, scope, said_at, said_in, attempt_id)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT (person_id, scope) DO NOTHING"""


async def opt_out(
    conn: Any, person_id: int, scope: str, at: datetime, said_in: str, attempt_id: int | None
) -> None:
    """Write down what a person does not want; saying it twice changes nothing."""
    await conn.execute(INSERT_OPT_OUT, person_id, scope, at, said_in, attempt_id)


SELECT_OPT_OUTS = """
SELECT person_id, scope FROM survey.opt_out WHERE person_id = ANY($1::bigint[])"""


async def opt_outs(conn: Any, person_ids: Sequence[int]) -> dict[int, set[str]]:
    """The scopes each of these persons has closed."""
    scopes: dict[int, set[str]] = {}
    for row in await conn.fetch(SELECT_OPT_OUTS, list(person_ids)):
        scopes.setdefault(row["person_id"], set()).add(row["scope"])
    return scopes


SELECT_NUMBER = """
SELECT number_cipher FROM survey.person WHERE id = $1"""


async def sealed_number(conn: Any, person_id: int) -> bytes:
    """The sealed number. Whoever shows it to a person does so by `access.number_reading`; no other reader shows it to anybody."""
    sealed: bytes = await conn.fetchval(SELECT_NUMBER, person_id)
    return sealed


SELECT_WAS_SHOWN = """
SELECT EXISTS (SELECT FROM survey.number_access WHERE attempt_id = $1)"""


async def was_shown(conn: Any, attempt_id: int) -> bool:
    """Whether the number was shown in this attempt."""
    shown: bool = await conn.fetchval(SELECT_WAS_SHOWN, attempt_id)
    return shown


SELECT_PERSON_BY_TOKEN = """
SELECT id FROM survey.person WHERE token = $1
UNION ALL
SELECT person_id FROM survey.person_number WHERE token = $1 AND unlinked_at IS NULL
LIMIT 1"""


async def find(conn: Any, token: bytes) -> int | None:
    """Who has this number, be it the one in use or a further one."""
    found: int | None = await conn.fetchval(SELECT_PERSON_BY_TOKEN, token)
    return found


NEXT_NUMBER = """
WITH next AS (
    SELECT id, token, key_id, number_cipher, landline FROM survey.person_number
    WHERE person_id = $1 AND unlinked_at IS NULL ORDER BY position, id LIMIT 1 FOR UPDATE
), dead AS (
    SELECT p.token, p.key_id, p.number_cipher, p.landline FROM survey.person p, next WHERE p.id = $1 FOR UPDATE OF p
), gone AS (
    UPDATE survey.person_number n
    SET token = dead.token, key_id = dead.key_id, number_cipher = dead.number_cipher, landline = dead.landline,
        unlinked_at = $2
    FROM next, dead WHERE n.id = next.id RETURNING n.id
)
UPDATE survey.person p
SET token = next.token, key_id = next.key_id, number_cipher = next.number_cipher, landline = next.landline,
    unlinked_at = NULL
FROM next, gone WHERE p.id = $1 RETURNING p.id"""


async def next_number(conn: Any, person_id: int, at: datetime) -> bool:
    """The number in use is dead or somebody else's: it is laid aside, unlinked, and the next one takes its place. False: there
    is none."""
    return bool(await conn.fetchval(NEXT_NUMBER, person_id, at))
