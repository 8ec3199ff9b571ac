"""Whoever changes what is written, past the triggers as a database administrator can, is found, and the row is named."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import pytest
from followup_chains import alter_each, case_with_events, faults, short
from followup_county import CENTRE, at

from followup import chain, chain_check
from followup.refusals import UnknownCase
from followup.store.events import EventRow, insert_events
from survey.store.campaigns import set_policy

FIRST, SECOND, THIRD = (f"991721-20260309-0000{n}-X" for n in (1, 2, 3))


@pytest.fixture
async def dba(conn: asyncpg.Connection, county: str) -> AsyncIterator[asyncpg.Connection]:
    """Three cases of Monday and Tuesday, a policy in two versions, both days sealed, and Wednesday's events, which no seal
    covers; the connection of somebody who can pass triggers by.
    """
    for day, number in ((9, FIRST), (9, SECOND), (10, THIRD)):
        await case_with_events(conn, number, at(f"{day} 09:00"))
    for version, day in ((1, 9), (2, 10)):
        await set_policy(conn, "limits", CENTRE, version, date(2026, 3, day), {"sign": version})
        await chain.record_policies(conn, by="主任", reason="会议决定", now=at(f"{day} 10:00"))
    sealed = await chain.seal_days(conn, now=at("11 08:00"))
    assert [(one.day.day, one.chains, one.events) for one in sealed] == [(9, 3, 7), (10, 2, 4)]
    notes = [
        EventRow(case_id, 1, "note", "submitted", "submitted", "督办员", "电话了解", at("11 09:00"))
        for case_id in (1, 2)
    ]
    await insert_events(conn, notes)
    assert await faults(conn) == []
    await conn.execute("SET session_replication_role = replica")
    for table in ("case_event", "policy_event"):
        await conn.execute(f"ALTER TABLE followup.{table} ALTER COLUMN id DROP IDENTITY")
    yield conn


@pytest.mark.parametrize("row", [4, 5, 6, 11])
async def test_a_changed_byte_of_any_column_of_an_event_names_its_row(
    dba: asyncpg.Connection, row: int
) -> None:
    """The first, middle and last event of a sealed day, and one that no seal covers yet."""
    found = await alter_each(dba, "case_event", f"id = {row}")
    assert len(found) == 13
    firsts = {column: lines[0].split(" ") for column, lines in found.items()}
    assert {column: first[:2] for column, first in firsts.items()} == {
        column: ["case_event", str(row + 1000) if column == "id" else str(row)] for column in found
    }
    place, day = (row - 3, "2026-03-09") if row < 7 else (4, "unsealed")
    assert firsts["actor"][2:] == [f"case:{SECOND}", f"#{place}", "content", day]


async def test_a_changed_byte_of_any_column_of_a_policys_event_names_its_row(dba: asyncpg.Connection) -> None:
    for row in (1, 2):
        found = await alter_each(dba, "policy_event", f"id = {row}")
        assert len(found) == 13
        assert {column: lines[0].split(" ")[:2] for column, lines in found.items()} == {
            column: ["policy_event", str(row + 1000) if column == "id" else str(row)] for column in found
        }


@pytest.mark.parametrize(("day", "number"), [("2026-03-09", FIRST), ("2026-03-10", THIRD)])
async def test_a_changed_byte_of_any_column_of_a_seal_is_found(
    dba: asyncpg.Connection, day: str, number: str
) -> None:
    for column, lines in (await alter_each(dba, "sealed_day", f"day = '{day}'")).items():
        assert any(line.startswith("sealed_day ") for line in lines), column
    head = f"day = '{day}' AND subject = 'case:{number}'"
    for column, lines in (await alter_each(dba, "sealed_head", head)).items():
        assert any(line.startswith("sealed_day ") for line in lines), column


async def test_a_changed_byte_of_the_head_of_a_chain_is_found(dba: asyncpg.Connection) -> None:
    for column, lines in (await alter_each(dba, "chain_head", f"subject = 'case:{SECOND}'")).items():
        kind = "tail" if column == "seq" else "head"  # a head further on is an event that is gone
        assert f"case_event 11 case:{SECOND} #4 {kind} unsealed" in lines, column
    for column, lines in (await alter_each(dba, "chain_head", f"subject = 'policy:limits:{CENTRE}'")).items():
        assert column == "case_id" or lines[0].startswith("policy_event 0 policy:limits"), column


async def test_a_deleted_row_in_the_middle_is_missed(dba: asyncpg.Connection) -> None:
    await dba.execute("DELETE FROM followup.case_event WHERE id = 5")
    assert await faults(dba) == [f"case_event 6 case:{SECOND} #2 missing 2026-03-09"]


async def test_a_deleted_first_row_is_missed(dba: asyncpg.Connection) -> None:
    await dba.execute("DELETE FROM followup.case_event WHERE id = 4")
    assert await faults(dba) == [f"case_event 5 case:{SECOND} #1 missing 2026-03-09"]


async def test_a_deleted_end_is_missed_even_before_the_day_is_sealed(dba: asyncpg.Connection) -> None:
    await dba.execute("DELETE FROM followup.case_event WHERE id = 11")
    assert await faults(dba) == [f"case_event 6 case:{SECOND} #3 tail 2026-03-09"]


async def test_a_sealed_end_is_missed_though_the_head_was_put_back(dba: asyncpg.Connection) -> None:
    await dba.execute("DELETE FROM followup.case_event WHERE id IN (6, 11)")
    await dba.execute(
        "UPDATE followup.chain_head h SET seq = 2, hash = e.hash FROM followup.case_event e WHERE e.id = 5 AND h.case_id = 2"
    )
    await dba.execute("UPDATE followup.case_file SET status = 'accepted' WHERE id = 2")
    assert await faults(dba) == [f"case_event 5 case:{SECOND} #1-3 sealed 2026-03-09"]


async def test_all_events_of_a_case_deleted_are_missed(dba: asyncpg.Connection) -> None:
    await dba.execute("DELETE FROM followup.case_event WHERE case_id = 2")
    assert await faults(dba) == [
        f"case_event 0 case:{SECOND} #0 missing 2026-03-09",
        f"case_event 0 case:{SECOND} #1-3 sealed 2026-03-09",
    ]


async def test_a_case_deleted_with_its_events_is_missed(dba: asyncpg.Connection) -> None:
    await dba.execute("DELETE FROM followup.case_event WHERE case_id = 2")
    await dba.execute("DELETE FROM followup.case_file WHERE id = 2")
    assert await faults(dba) == [
        f"case_event 0 case:{SECOND} #1-3 sealed 2026-03-09",
        f"case_event 0 case:{SECOND} #4 tail unsealed",
    ]


async def test_two_rows_that_changed_places_are_found(dba: asyncpg.Connection) -> None:
    await dba.execute(
        "UPDATE followup.case_event SET seq = CASE seq WHEN 1 THEN 102 WHEN 2 THEN 101 END WHERE id IN (4, 5)"
    )
    await dba.execute("UPDATE followup.case_event SET seq = seq - 100 WHERE id IN (4, 5)")
    assert await faults(dba) == [
        f"case_event 4 case:{SECOND} #2 content 2026-03-09",
        f"case_event 5 case:{SECOND} #1 content 2026-03-09",
        f"case_event 6 case:{SECOND} #3 link 2026-03-09",
    ]


async def test_what_two_rows_say_exchanged_is_found(dba: asyncpg.Connection) -> None:
    await dba.execute(
        "UPDATE followup.case_event a SET actor = b.actor, detail = b.detail, event = b.event, at = b.at "
        "FROM followup.case_event b WHERE (a.id, b.id) IN ((4, 7), (7, 4))"
    )
    assert await faults(dba) == [
        f"case_event 4 case:{SECOND} #1 content 2026-03-09",
        f"case_event 7 case:{THIRD} #1 content 2026-03-10",
    ]


INSERT = """
INSERT INTO followup.case_event (id, case_id, round, event, from_status, to_status, actor, at, seq, prev_hash, hash)
SELECT 500, case_id, round, 'note', 'submitted', 'submitted', '无名', at, seq + 1, hash, sha256('') FROM followup.case_event
WHERE id = $1"""
HASH = """
UPDATE followup.case_event e SET hash = followup.case_event_hash('case:' || c.number, e) FROM followup.case_file c
WHERE c.id = e.case_id AND e.id = $1"""
LINK = """
UPDATE followup.case_event e SET prev_hash = b.hash FROM followup.case_event b
WHERE b.case_id = e.case_id AND b.seq = e.seq - 1 AND e.id = $1"""


async def test_a_row_inserted_in_the_middle_is_found(dba: asyncpg.Connection) -> None:
    for row in (11, 6):
        await dba.execute("UPDATE followup.case_event SET seq = seq + 1 WHERE id = $1", row)
    await dba.execute(INSERT, 5)
    await dba.execute(HASH, 500)
    assert (await faults(dba))[0] == f"case_event 6 case:{SECOND} #4 content unsealed"


async def test_a_row_added_at_the_end_past_the_triggers_is_found(dba: asyncpg.Connection) -> None:
    await dba.execute(INSERT, 11)
    await dba.execute(HASH, 500)
    assert await faults(dba) == [f"case_event 500 case:{SECOND} #5 head unsealed"]


async def test_a_chain_computed_anew_is_betrayed_by_the_seal(dba: asyncpg.Connection) -> None:
    """Everything fits again but what was sealed; the stretch that the seal covers is named."""
    await dba.execute("UPDATE followup.case_event SET reason = '当事人撤诉' WHERE id = 5")
    for row in (5, 6, 11):
        await dba.execute(LINK, row)
        await dba.execute(HASH, row)
    await dba.execute(
        "UPDATE followup.chain_head h SET hash = e.hash FROM followup.case_event e WHERE e.id = 11 AND h.case_id = 2"
    )
    assert await faults(dba) == [f"case_event 6 case:{SECOND} #1-3 sealed 2026-03-09"]


async def test_a_deleted_seal_is_missed(dba: asyncpg.Connection) -> None:
    for day in (9, 10):
        kept = await dba.fetch(f"DELETE FROM followup.sealed_day WHERE day = '2026-03-{day:02}' RETURNING *")
        assert f"sealed_day 0 seal:{CENTRE}:2026-03-{day:02} #0 missing unsealed" in await faults(dba)
        await dba.copy_records_to_table("sealed_day", schema_name="followup", records=kept)
    await dba.execute("DELETE FROM followup.sealed_day WHERE day = '2026-03-10'")
    await dba.execute("DELETE FROM followup.sealed_head WHERE day = '2026-03-10'")
    assert await faults(dba) == [f"sealed_day 0 seal:{CENTRE}:2026-03-10 #0 missing unsealed"]


@pytest.mark.parametrize("change", ["status = 'closed'", "round = 2"])
async def test_a_case_that_was_moved_without_an_event_is_found(dba: asyncpg.Connection, change: str) -> None:
    await dba.execute(f"UPDATE followup.case_file SET {change} WHERE id = 1")
    assert await faults(dba) == [f"case_event 10 case:{FIRST} #4 stands unsealed"]


@pytest.mark.parametrize(
    "change",
    [
        "verdict = 'closed'",
        'answers = answers || \'{"C3": ["1", null]}\'',
        "answers = answers - 'C2'",
        "answers = NULL",
    ],
)
async def test_a_rating_that_was_changed_is_found_by_the_event_that_proves_it(
    dba: asyncpg.Connection, change: str
) -> None:
    await dba.execute("SET session_replication_role = origin")
    await dba.execute(
        "ALTER TABLE followup.case_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (START 12)"
    )
    await dba.execute(
        "INSERT INTO followup.callback (case_id, round, status, created_at, settled_at, verdict, answers) "
        "VALUES (1, 1, 'settled', $1, $1, 'flagged', $2)",
        at("11 10:00"),
        {"C2": ["3", None], "C3": ["3", None], "C5": [None, "还是不亮"]},
    )
    proof = {"verdict": "flagged", "answers": {"C2": "3", "C3": "3"}}
    await insert_events(
        dba,
        [
            EventRow(
                1, 1, "callback_flagged", "submitted", "submitted", "callback", None, at("11 10:00"), proof
            )
        ],
    )
    assert await faults(dba) == []
    await dba.execute(f"UPDATE followup.callback SET {change}")
    assert await faults(dba) == [f"case_event 12 case:{FIRST} #5 rating unsealed"]


async def test_a_policy_that_was_changed_or_put_in_past_its_chain_is_found(dba: asyncpg.Connection) -> None:
    await dba.execute("UPDATE survey.policy SET body = '{\"sign\": 99}' WHERE version = 1")
    await set_policy(dba, "limits", CENTRE, 3, date(2026, 3, 11), {"sign": 3})
    assert await faults(dba) == [
        f"policy_event 0 policy:limits:{CENTRE} #0 stands 2026-03-09",
        f"policy_event 1 policy:limits:{CENTRE} #1 stands 2026-03-09",
    ]


async def test_one_case_can_be_looked_at_alone(dba: asyncpg.Connection) -> None:
    await dba.execute("UPDATE followup.case_event SET reason = '改' WHERE id = 5")
    altered = await chain_check.check(dba, number=SECOND)
    assert ([short(one) for one in altered.faults], altered.events) == (
        [f"case_event 5 case:{SECOND} #2 content 2026-03-09"],
        4,
    )
    assert (await chain_check.check(dba, number=FIRST)).faults == ()
    with pytest.raises(UnknownCase):
        await chain_check.check(dba, number="991721-20260309-00009-X")


async def test_seals_computed_anew_are_betrayed_by_a_hash_that_was_written_down(
    dba: asyncpg.Connection,
) -> None:
    """Everything from the altered row to the last seal is computed again, and fits."""
    kept = (await chain_check.check(dba)).seals[0].hash.hex()
    assert (await chain_check.check(dba, written_down=[kept])).faults == ()
    await dba.execute("UPDATE followup.case_event SET reason = '当事人撤诉' WHERE id = 5")
    for row in (5, 6, 11):
        await dba.execute(LINK, row)
        await dba.execute(HASH, row)
    await dba.execute(
        "UPDATE followup.chain_head h SET hash = e.hash FROM followup.case_event e WHERE e.id = 11 AND h.case_id = 2"
    )
    await dba.execute(
        "UPDATE followup.sealed_head h SET hash = e.hash FROM followup.case_event e "
        "WHERE e.case_id = 2 AND e.seq = h.seq AND h.subject = $1",
        f"case:{SECOND}",
    )
    for day in await dba.fetch("DELETE FROM followup.sealed_day RETURNING centre_code, day, sealed_at"):
        await dba.execute("SET session_replication_role = origin")
        await dba.execute(
            "INSERT INTO followup.sealed_day (centre_code, day, sealed_at) VALUES ($1, $2, $3)", *day
        )
        await dba.execute("SET session_replication_role = replica")
    assert await faults(dba) == []
    found = await chain_check.check(dba, written_down=[kept])
    assert [short(one) for one in found.faults] == [f"sealed_day 0 seal:{kept} #0 written down unsealed"]


async def test_progress_is_told(dba: asyncpg.Connection) -> None:
    told: list[tuple[int, int]] = []
    await chain_check.check(dba, progress=lambda done, of: told.append((done, of)))
    assert told == [(11, 11)]
