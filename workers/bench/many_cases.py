"""Cases as many as wanted beside many answers, in the service's own tables: closed ones, and a few in every hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

UNITS: Final = 12
OPEN: Final = 40
"""Cases in each state that is waiting for somebody."""

GROUND: Final = """
INSERT INTO followup.unit (code, centre_code, name_zh, kind, area_code)
SELECT CASE i WHEN 0 THEN '991721-dcs-gov' ELSE '991721-u' || i END, '991721', '单位' || i, 'gov', '991721'
FROM generate_series(0, $1::int) i"""

# foreign keys hold by the way in which the rows are made; chains of events are not what is looked at
SET_ASIDE: Final = """
ALTER TABLE survey.contact DISABLE TRIGGER ALL; ALTER TABLE survey.attempt DISABLE TRIGGER ALL;
ALTER TABLE survey.input DISABLE TRIGGER ALL; ALTER TABLE survey.interview DISABLE TRIGGER ALL;
ALTER TABLE followup.case_file DISABLE TRIGGER ALL;
ALTER TABLE followup.case_event DISABLE TRIGGER ALL; ALTER TABLE followup.assignment DISABLE TRIGGER ALL;
ALTER TABLE followup.result DISABLE TRIGGER ALL; ALTER TABLE followup.callback DISABLE TRIGGER ALL"""
AGAIN: Final = SET_ASIDE.replace("DISABLE", "ENABLE")

PEOPLE = """
INSERT INTO survey.person (token, key_id, number_cipher, prn)
SELECT int8send(i), 'bench', '', (i % 1000) / 1000.0 FROM generate_series(10, $1::bigint + 8) i"""

CONTACTS = """
INSERT INTO survey.contact (person_id, purpose, mode, opened_at, closed_at)
SELECT p.id, 'survey', 'voice', '2026-01-02Z', '2026-01-02Z' FROM survey.person p WHERE p.id > 1 ORDER BY p.id"""

ATTEMPTS = """
INSERT INTO survey.attempt (ref, contact_id, person_id, unit_id, purpose, mode, status, dialing_at,
       answered_at, ended_at, day,
                            day_part, disposition, counts)
SELECT 'a' || k.id, k.id, k.person_id, 1 + k.id % (SELECT max(id) FROM survey.sample_unit), 'survey', 'voice', 'ended',
       m.at, m.at, m.at, m.at::date, 'morning', 'complete', true
FROM survey.contact k,
       LATERAL (SELECT timestamptz '2026-01-01 02:00Z' + k.id * 68 / $1::bigint * interval '1 day' AS at) m ORDER BY k.id"""

ENDS = """
UPDATE survey.interview SET ended_at = timestamptz '2026-01-01 02:00Z' + id % 68 * interval '1 day' WHERE ended_at IS NULL"""

INPUTS = """
INSERT INTO survey.input (person_id, contact_id, channel, call_sid, step, said, effect, reply, arrived_at, arrived_real)
SELECT k.person_id, k.id, 'voice', 'c' || k.id, n, '1', 'answered', '', k.opened_at, k.opened_at
FROM survey.contact k, generate_series(1, 3) n WHERE k.id > 1"""

CASES = """
INSERT INTO followup.case_file (number, short_number, query_code, centre_code, source, person_id, content, category, duty_no,
                                kind, area_code, status, ending, round, received_at, due_at, limit_hours,
       policy_version, closed_at, office)
SELECT '991721-20260101-' || lpad(i::text, 6, '0'), lpad((i % 10000)::text, 4, '0'), 'Q' || lpad(i::text, 7,
       '0'), '991721', 'import',
       2 + i % 1000, '路灯不亮', '0106', 1, 'help', '991721', coalesce(s.open[1 + i / $2::int], 'closed'),
       CASE WHEN s.open[1 + i / $2::int] IS NULL THEN 'satisfied' END, 1, m.at, m.at + interval '7 days', 56, 1,
       CASE WHEN s.open[1 + i / $2::int] IS NULL THEN m.at + interval '5 days' END, 'government'
FROM generate_series(0, $1::bigint - 1) i,
     (SELECT ARRAY['redispatch_review', 'in_progress', 'dispatched', 'submitted', 'result_review'] AS open) s,
     LATERAL (SELECT timestamptz '2026-01-01 02:00Z' + i % 68 * interval '1 day' AS at) m"""

EVENTS = """
INSERT INTO followup.case_event (case_id, round, event, from_status, to_status, actor, reason, at, detail,
       seq, prev_hash, hash)
SELECT c.id, 1, 'import', '', c.status, 'bench', '', c.received_at + n * interval '1 hour',
       '{}', n, int8send(n), int8send(c.id * 4 + n)
FROM followup.case_file c, generate_series(1, 4) n"""

ASSIGNMENTS = """
INSERT INTO followup.assignment (case_id, round, unit_code, role, dispatched_at, signed_at, due_at)
SELECT id, 1, '991721-u' || 1 + id % $1::int, 'lead', received_at, received_at, due_at FROM followup.case_file"""

RESULTS = """
INSERT INTO followup.result (case_id, round, unit_code, reported_at, result_summary, claimed_contact,
       accepted_at, version, proof)
SELECT a.case_id, 1, a.unit_code, a.signed_at, '已换新灯', true, a.signed_at, 1, 'claimed' FROM followup.assignment a"""

CALLBACKS = """
INSERT INTO followup.callback (case_id, round, unit_ref, status, created_at, settled_at, mode, reached, told_at, told_text,
                               answers, verdict_line, verdict, reasons, flagged, counted_as, waits_since,
       decision_due_at, decision_post, unit_code)
SELECT c.id, 1, c.number, 'settled', c.received_at, c.received_at, 'voice', true, c.received_at, '已换新灯',
       '{"C2": "3", "C3": "3"}', 4, f.it, ARRAY['not_solved'], f.is, 'as_answered', CASE WHEN f.is THEN c.received_at END,
       CASE WHEN f.is THEN c.received_at END, CASE WHEN f.is THEN 'supervisor' END,
       r.unit_code
FROM followup.case_file c JOIN followup.result r ON r.case_id = c.id,
     LATERAL (SELECT c.status = 'redispatch_review' AS is,
              CASE c.status WHEN 'redispatch_review' THEN 'flagged' ELSE 'closed' END AS it) f
WHERE c.status IN ('redispatch_review', 'closed')"""


async def lay_cases(conn: Any, cases: int, told: Callable[[str], None] = lambda _: None) -> None:
    """Into a database that `many_answers.lay_answers` has filled: a person, a call and a case each, with four events."""
    await conn.execute(GROUND, UNITS)
    await conn.execute(SET_ASIDE)
    told("people")
    await conn.execute(PEOPLE, cases)
    await conn.execute(CONTACTS)
    await conn.execute(ATTEMPTS, cases)
    await conn.execute(ENDS)
    await conn.execute(INPUTS)
    told("cases")
    await conn.execute(CASES, cases, OPEN)
    await conn.execute(EVENTS)
    await conn.execute(ASSIGNMENTS, UNITS)
    await conn.execute(RESULTS)
    await conn.execute(CALLBACKS)
    await conn.execute(AGAIN)
    told("statistics")
    await conn.execute("VACUUM (ANALYZE, FREEZE)")
