"""A list as large as wanted, made inside a database: a county of 200 townships of very different sizes, with opt-outs and wrong
numbers. Everything follows from the people's numbers, so it is the same each time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

CENTRE: Final = "991721"
TOWNSHIPS: Final = 200
BROUGHT_AT: Final = datetime(2026, 3, 1, tzinfo=UTC)
BYTES_A_PERSON: Final = 600
"""On disk, with indexes, and the room in which they are made."""

GROUND = """
-- several statements
INSERT INTO survey.area (code, parent_code, level, name_zh, name_en) VALUES ('991721', NULL, 'county', '遂澜县', 'Suilan County');
INSERT INTO survey.area (code, parent_code, level, name_zh, name_en)
SELECT '991721' || lpad(t::text, 3, '0'), '991721', 'township', '镇', 'Town' FROM generate_series(0, 199) t;
INSERT INTO survey.area (code, parent_code, level, name_zh, name_en)
SELECT '991721' || lpad(t::text, 3, '0') || lpad(v::text, 3, '0'), '991721' || lpad(t::text, 3, '0'), 'village', '村', 'Village'
FROM generate_series(0, 199) t, generate_series(0, 9) v;
INSERT INTO survey.centre VALUES ('991721', '991721', '遂澜县民调中心', '遂澜民调', 'Suilan');
INSERT INTO survey.questionnaire (code, version, sha256, body, frozen_at) VALUES ('bench', 1, '', '{}', '2026-03-01Z');
INSERT INTO survey.import_batch (centre_code, kind, file_name, sha256, brought_by, reason, ground, imported_at,
                                 rows_read, rows_kept, rows_refused)
SELECT '991721', 'residents', 'list.csv', n::text, 'bench', 'bench', 'bench', '2026-03-01Z', 0, 0, 0
FROM generate_series(1, 2) AS n"""

# the triggers check foreign keys row by row: here they hold by the way in which the rows are made
SET_ASIDE = """
ALTER TABLE survey.person DISABLE TRIGGER ALL;
ALTER TABLE survey.frame_entry DISABLE TRIGGER ALL;
ALTER TABLE survey.frame_entry DROP CONSTRAINT frame_entry_pkey;
DROP INDEX survey.frame_entry_circle"""

PERSONS = """
INSERT INTO survey.person (token, key_id, number_cipher, prn, birth_year, unlinked_at)
SELECT int8send(i), 'bench', '', ((hashint8extended(i, 1) >> 11) & ((1::bigint << 53) - 1)) / 2::float8 ^ 53, 1940 + i % 65,
       CASE WHEN i % 500 = 3 THEN timestamptz '2026-03-02Z' END
FROM generate_series(1, $1::bigint) i"""

ENTRIES = """
INSERT INTO survey.frame_entry (centre_code, person_id, area_code, batch_id, prn)
SELECT '991721', p.id,
       '991721' || lpad(floor(200 * ((hashint8extended(p.id, 2) & 2147483647) / 2147483648.0::float8) ^ 1.5)::int::text, 3, '0')
                || lpad((p.id % 10)::text, 3, '0'),
       CASE p.id % 10 WHEN 0 THEN 2 ELSE 1 END, p.prn
FROM survey.person p"""

OPT_OUTS = """
INSERT INTO survey.opt_out (person_id, scope, said_at, said_in)
SELECT p.id, 'survey', '2026-03-02Z', 'text' FROM survey.person p WHERE p.id % 200 = 7"""

CIRCLE = "SELECT pg_get_indexdef('survey.frame_entry_circle'::regclass)"
KEY = "ALTER TABLE survey.frame_entry ADD PRIMARY KEY (centre_code, person_id)"
CHECK_AGAIN = (
    "ALTER TABLE survey.person ENABLE TRIGGER ALL; ALTER TABLE survey.frame_entry ENABLE TRIGGER ALL"
)


def may_be_asked(person: int) -> bool:
    """Neither a wrong number (1 in 500) nor opted out (1 in 200)."""
    return person % 500 != 3 and person % 200 != 7


async def lay_list(conn: Any, people: int, told: Callable[[str], None] = lambda _: None) -> None:
    """`people` persons on the list of one centre, in a migrated database that is empty. The indexes are made at the end."""
    circle = await conn.fetchval(CIRCLE)
    await conn.execute(GROUND)
    await conn.execute(SET_ASIDE)
    told("persons")
    await conn.execute(PERSONS, people)
    told("list")
    await conn.execute(ENTRIES)
    told("keys")
    await conn.execute("SET maintenance_work_mem = '256MB'")
    await conn.execute(KEY)
    await conn.execute(circle)
    await conn.execute(CHECK_AGAIN)
    await conn.execute(OPT_OUTS)
    told("statistics")
    await conn.execute("VACUUM (ANALYZE, FREEZE)")
