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
INSERT INTO survey.number_access (person_id, staff, reason, at) VALUES ($1, $2, $3, $4)"""

SELECT_NUMBER = """
SELECT number_cipher FROM survey.person WHERE id = $1"""


async def sealed_number(conn: Any, person_id: int, staff: str, reason: str, at: datetime) -> bytes:
    """The sealed number, for showing it to `staff`; that it was read is recorded in the same breath."""
    await conn.execute(INSERT_NUMBER_ACCESS, person_id, staff, reason, at)
    sealed: bytes = await conn.fetchval(SELECT_NUMBER, person_id)
    return sealed


async def number_for_matching(conn: Any, person_id: int) -> bytes:
    """The sealed number, for finding a person's call in the carrier's list; nobody sees it."""
    sealed: bytes = await conn.fetchval(SELECT_NUMBER, person_id)
    return sealed


SELECT_PERSON_BY_TOKEN = """
SELECT id FROM survey.person WHERE token = $1"""


async def find(conn: Any, token: bytes) -> int | None:
    """Who has this number."""
    found: int | None = await conn.fetchval(SELECT_PERSON_BY_TOKEN, token)
    return found
