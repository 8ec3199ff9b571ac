"""The queue of handovers over an older database: what was handed over before is still there, and can be named."""

from __future__ import annotations

import re

from survey.store.migrate import migrate, migrations_of
from survey.store.pool import connection

OLD = """
INSERT INTO survey.person (token, key_id, number_cipher, prn) VALUES ('a', 'test', 'a', 0.5);
INSERT INTO survey.handover (person_id, reason, raised_at, due_at, resolved_at, resolved_by) VALUES
    (1, 'asked_for', '2026-03-09 10:00+08', '2026-03-10 10:00+08', NULL, NULL),
    (1, 'not_understood', '2026-03-09 11:00+08', '2026-03-10 11:00+08', '2026-03-09 12:00+08', '王芳'),
    (1, 'too_long', '2026-03-09 12:00+08', '2026-03-10 12:00+08', '2026-03-09 13:00+08', NULL)"""


async def test_what_was_handed_over_before_stays_and_gets_a_reference(bare_database: str) -> None:
    async with connection(bare_database) as conn:
        steps = migrations_of(("survey",))
        await migrate(conn, steps[:2])
        await conn.execute(OLD)
        before = await conn.fetch(
            "SELECT id, person_id, reason, raised_at, due_at, resolved_at FROM survey.handover ORDER BY id"
        )
        await migrate(conn, steps[:3])

        assert before == await conn.fetch(
            "SELECT id, person_id, reason, raised_at, due_at, resolved_at FROM survey.handover ORDER BY id"
        )
        rows = await conn.fetch(
            "SELECT status, urgent, words, recording, taken_by, resolved_by, resolution"
            " FROM survey.handover ORDER BY id"
        )
        assert [tuple(row) for row in rows] == [
            ("waiting", False, None, None, None, None, None),
            ("resolved", False, None, None, None, "王芳", "resolved before notes were kept"),
            ("resolved", False, None, None, None, "unknown", "resolved before notes were kept"),
        ]
        refs = [row["ref"] for row in await conn.fetch("SELECT ref FROM survey.handover")]
        assert len(set(refs)) == 3 and all(re.fullmatch("[0-9a-f]{16}", ref) for ref in refs)
        events = await conn.fetch(
            """SELECT handover_id, from_status, to_status, by,
                      to_char(at AT TIME ZONE 'Asia/Shanghai', 'HH24:MI') AS at
               FROM survey.handover_event ORDER BY handover_id, id"""
        )
        assert [tuple(row) for row in events] == [
            (1, None, "waiting", None, "10:00"),
            (2, None, "waiting", None, "11:00"),
            (2, "waiting", "resolved", "王芳", "12:00"),
            (3, None, "waiting", None, "12:00"),
            (3, "waiting", "resolved", "unknown", "13:00"),
        ]
