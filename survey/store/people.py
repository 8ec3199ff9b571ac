"""Persons in the vault, and what they said about being contacted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

INSERT_PERSONS = """
INSERT INTO survey.person (token, key_id, number_cipher, name_cipher, prn, lang, birth_year, landline)
SELECT t.token, $2, t.number_cipher, t.name_cipher, t.prn, t.lang, t.birth_year, t.landline
FROM unnest($1::bytea[], $3::bytea[], $4::bytea[], $5::float8[], $6::text[], $7::int[], $8::boolean[])
     AS t(token, number_cipher, name_cipher, prn, lang, birth_year, landline)
ON CONFLICT (token) DO NOTHING"""

SELECT_PERSONS_BY_TOKEN = """
SELECT id, token FROM survey.person WHERE token = ANY($1::bytea[])"""


@dataclass(frozen=True)
class SealedPerson:
    """A person as the store may know one."""

    token: bytes
    number_cipher: bytes
    name_cipher: bytes | None
    prn: float
    lang: str
    birth_year: int | None
    landline: bool


async def enrol(conn: Any, key_id: str, people: Sequence[SealedPerson]) -> dict[bytes, int]:
    """Person id by token; those already known keep their row as it is."""
    await conn.execute(
        INSERT_PERSONS,
        [p.token for p in people],
        key_id,
        [p.number_cipher for p in people],
        [p.name_cipher for p in people],
        [p.prn for p in people],
        [p.lang for p in people],
        [p.birth_year for p in people],
        [p.landline for p in people],
    )
    rows = await conn.fetch(SELECT_PERSONS_BY_TOKEN, [p.token for p in people])
    return {row["token"]: row["id"] for row in rows}


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


INSERT_NUMBER_ACCESS = """
INSERT INTO survey.number_access (person_id, staff, reason, at, attempt_id) VALUES ($1, $2, $3, $4, $5)"""

SELECT_NUMBER = """
SELECT number_cipher FROM survey.person WHERE id = $1"""


async def sealed_number(
    conn: Any, person_id: int, attempt_id: int, staff: str, reason: str, at: datetime
) -> bytes:
    """The sealed number, for showing it to `staff` for one attempt; that it was read is recorded in the same breath."""
    await conn.execute(INSERT_NUMBER_ACCESS, person_id, staff, reason, at, attempt_id)
    sealed: bytes = await conn.fetchval(SELECT_NUMBER, person_id)
    return sealed


SELECT_WAS_SHOWN = """
SELECT EXISTS (SELECT FROM survey.number_access WHERE attempt_id = $1)"""


async def was_shown(conn: Any, attempt_id: int) -> bool:
    """Whether the number was shown in this attempt."""
    shown: bool = await conn.fetchval(SELECT_WAS_SHOWN, attempt_id)
    return shown


async def number_for_matching(conn: Any, person_id: int) -> bytes:
    """The sealed number, for finding a person's call in the carrier's list; nobody sees it."""
    sealed: bytes = await conn.fetchval(SELECT_NUMBER, person_id)
    return sealed


SELECT_PERSON_BY_TOKEN = """
SELECT id FROM survey.person WHERE token = $1
UNION ALL
SELECT person_id FROM survey.person_number WHERE token = $1 AND unlinked_at IS NULL
LIMIT 1"""


async def find(conn: Any, token: bytes) -> int | None:
    """Who has this number, be it the one in use or a further one."""
    found: int | None = await conn.fetchval(SELECT_PERSON_BY_TOKEN, token)
    return found


INSERT_SPARES = """
INSERT INTO survey.person_number (person_id, position, token, key_id, number_cipher, landline)
SELECT t.person_id, t.position, t.token, $1, t.number_cipher, t.landline
FROM unnest($2::bigint[], $3::int[], $4::bytea[], $5::bytea[], $6::boolean[])
     AS t(person_id, position, token, number_cipher, landline)
WHERE NOT EXISTS (SELECT FROM survey.person p WHERE p.token = t.token)
ON CONFLICT (token) DO NOTHING"""


@dataclass(frozen=True)
class SpareNumber:
    """A further number of a person."""

    person_id: int
    position: int
    token: bytes
    number_cipher: bytes
    landline: bool


async def add_spares(conn: Any, key_id: str, spares: Sequence[SpareNumber]) -> None:
    """Further numbers; one that somebody has already stays theirs."""
    await conn.execute(
        INSERT_SPARES,
        key_id,
        [s.person_id for s in spares],
        [s.position for s in spares],
        [s.token for s in spares],
        [s.number_cipher for s in spares],
        [s.landline for s in spares],
    )


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
