"""The lists of a centre, and the fingerprint of each, which is made once (survey/sampling/frame_hash.py)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from survey.sampling.frame_hash import Seal

SELECT_LISTS = """
SELECT id FROM survey.import_batch WHERE centre_code = $1 AND kind = 'residents' AND imported_at <= $2 ORDER BY id"""


async def lists(conn: Any, centre: str, at: datetime) -> tuple[int, ...]:
    """The lists of residents that had been brought by `at`, in their order."""
    return tuple(row["id"] for row in await conn.fetch(SELECT_LISTS, centre, at))


# Township by township, as the index has them: sorted in one go, the list would take three times as long.
MADE_ANEW = """
WITH RECURSIVE township(stratum) AS (
    SELECT min(f.stratum) FROM survey.frame_entry f WHERE f.centre_code = $1
    UNION ALL
    SELECT (SELECT min(f.stratum) FROM survey.frame_entry f WHERE f.centre_code = $1 AND f.stratum > t.stratum)
    FROM township t WHERE t.stratum IS NOT NULL)
SELECT made.batch_id, t.stratum, made.people, made.digest
FROM township t CROSS JOIN LATERAL (
    SELECT f.batch_id, count(*)::int AS people,
           sha256(string_agg(float8send(f.prn), ''::bytea ORDER BY f.prn, f.person_id)
                  || convert_to(string_agg(f.area_code, ' ' ORDER BY f.prn, f.person_id), 'UTF8')) AS digest
    FROM survey.frame_entry f
    WHERE f.centre_code = $1 AND f.stratum = t.stratum AND f.batch_id = ANY ($2::bigint[])
    GROUP BY f.batch_id) made"""


async def made_anew(conn: Any, centre: str, batches: Sequence[int]) -> list[Seal]:
    """The fingerprints of these lists as they lie here now. Reads all of the list's index."""
    return [Seal(**row) for row in await conn.fetch(MADE_ANEW, centre, batches)]


LOCK_UNSEALED = """
SELECT id FROM survey.import_batch WHERE id = ANY ($1::bigint[]) AND sealed_at IS NULL ORDER BY id FOR UPDATE"""

INSERT_SEALS = """
INSERT INTO survey.frame_seal (batch_id, stratum, people, digest)
SELECT t.batch_id, t.stratum, t.people, t.digest
FROM unnest($1::bigint[], $2::text[], $3::int[], $4::bytea[]) AS t(batch_id, stratum, people, digest)"""

MARK_SEALED = """
UPDATE survey.import_batch SET sealed_at = $2 WHERE id = ANY ($1::bigint[])"""


async def seal(conn: Any, centre: str, batches: Sequence[int], at: datetime) -> None:
    """Seal those of these lists that no draw has seen before: the one time that a draw reads a whole list."""
    new = [row["id"] for row in await conn.fetch(LOCK_UNSEALED, batches)]
    if not new:
        return
    made = await made_anew(conn, centre, new)
    columns = zip(*((one.batch_id, one.stratum, one.people, one.digest) for one in made), strict=True)
    if made:
        await conn.execute(INSERT_SEALS, *(list(column) for column in columns))
    await conn.execute(MARK_SEALED, new, at)


SELECT_SEALS = """
SELECT batch_id, stratum, people, digest FROM survey.frame_seal WHERE batch_id = ANY ($1::bigint[])"""


async def seals(conn: Any, batches: Sequence[int]) -> list[Seal]:
    """The fingerprints of these lists as they were when they were sealed."""
    return [Seal(**row) for row in await conn.fetch(SELECT_SEALS, batches)]
