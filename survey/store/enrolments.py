"""Persons who come into the vault, many at a time, with their further numbers."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from survey.store.copying import Packed, copy_rows, packed

ENROL_ONE_AFTER_THE_OTHER = """
SELECT pg_advisory_xact_lock(hashtext('survey.person'))"""


async def one_after_the_other(conn: Any) -> None:
    """Until the end of this transaction nobody else enrols: a number that is found nowhere stays new."""
    await conn.execute(ENROL_ONE_AFTER_THE_OTHER)


SELECT_KNOWN = """
SELECT token, person_id AS id FROM survey.person_number WHERE token = ANY($1::bytea[]) AND unlinked_at IS NULL
UNION ALL
SELECT token, id FROM survey.person WHERE token = ANY($1::bytea[])"""


async def known(conn: Any, tokens: Sequence[bytes]) -> dict[bytes, int]:
    """{token: person} of the numbers that somebody has; as one in use before a further one."""
    return {row["token"]: row["id"] for row in await conn.fetch(SELECT_KNOWN, tokens)}


SELECT_PRNS = """
SELECT id, prn FROM survey.person WHERE id = ANY($1::bigint[])"""


async def prns(conn: Any, ids: Sequence[int]) -> dict[int, float]:
    """The permanent random number of each of these persons, which stays when their telephone number changes."""
    return {row["id"]: row["prn"] for row in await conn.fetch(SELECT_PRNS, ids)}


RESERVE_IDS = """
SELECT setval(id, nextval(id) + $1 - 1) FROM CAST(pg_get_serial_sequence('survey.person', 'id') AS regclass) AS id"""


async def reserve_ids(conn: Any, how_many: int) -> int:
    """The first of so many ids, at least one, that are nobody's: see `one_after_the_other`."""
    last: int = await conn.fetchval(RESERVE_IDS, how_many)
    return last - how_many + 1


PERSON_COLUMNS = (
    "id", "token", "key_id", "number_cipher", "name_cipher", "prn", "lang", "birth_year", "landline"
)  # fmt: skip


def written(persons: pl.DataFrame) -> Packed:
    """Persons who are new, with the columns of `PERSON_COLUMNS`, as `add` takes them."""
    return packed(persons.select(PERSON_COLUMNS))


async def add(conn: Any, persons: Packed) -> None:
    """Persons who are new."""
    await copy_rows(conn, "person", persons)


INSERT_SPARES = """
INSERT INTO survey.person_number (person_id, position, token, key_id, number_cipher, landline)
SELECT t.person_id, t.position, t.token, $1, t.number_cipher, t.landline
FROM unnest($2::bigint[], $3::int[], $4::bytea[], $5::bytea[], $6::boolean[])
     AS t(person_id, position, token, number_cipher, landline)
WHERE NOT EXISTS (SELECT FROM survey.person p WHERE p.token = t.token)
ON CONFLICT (token) DO NOTHING"""


async def add_spares(conn: Any, key_id: str, spares: pl.DataFrame) -> None:
    """Further numbers, with the columns person_id, position, token, number_cipher and landline; one that somebody has already
    stays theirs."""
    names = ("person_id", "position", "token", "number_cipher", "landline")
    await conn.execute(INSERT_SPARES, key_id, *(spares[name].to_list() for name in names))
