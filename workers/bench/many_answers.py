"""Answers as many as wanted, in the service's own tables: a county of townships, asked every day. Everything follows from the
interviews' numbers, so it is the same each time.

Ten questions of the perception survey each; weights between a half and one and a half; some who do not know. One person, one
contact and one input stand for all: what is counted does not look at them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from survey.questionnaire import library

CENTRE: Final = "991721"
BEGINS: Final = date(2026, 1, 1)
QUESTIONS: Final = ("Q1", "Q2", "Q3", "Q6", "Q7", "Q8a", "Q8b", "Q8c", "Q9a", "Q9b")
BYTES_AN_ANSWER: Final = 700
"""On disk, with everything that belongs to it and the copy for DuckDB, and the room in which it is made."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """So many people in every area on every day."""

    days: int = 100
    areas: int = 200
    people: int = 50

    @property
    def answers(self) -> int:
        return self.days * self.areas * self.people * len(QUESTIONS)

    @property
    def last(self) -> date:
        return BEGINS + timedelta(days=self.days - 1)


GROUND: Final = """
-- several statements
INSERT INTO survey.area (code, level, name_zh, name_en) VALUES ('991721', 'county', '遂澜县', 'Suilan County');
INSERT INTO survey.centre VALUES ('991721', '991721', '遂澜县民调中心', '遂澜民调', 'Suilan');
INSERT INTO survey.person (token, key_id, number_cipher, prn) VALUES ('\\x01', 'bench', '', 0.5);
INSERT INTO survey.contact (person_id, purpose, mode, opened_at, closed_at)
VALUES (1, 'survey', 'operator', '2026-01-01Z', '2026-01-01Z');
INSERT INTO survey.input (contact_id, channel, said, effect, reply, arrived_at, arrived_real)
VALUES (1, 'operator', '', 'answered', '', '2026-01-01Z', '2026-01-01Z')"""

TOWNSHIPS = """
INSERT INTO survey.area (code, parent_code, level, name_zh, name_en)
SELECT '991721' || lpad(t::text, 3, '0'), '991721', 'township', '镇' || t, 'Town ' || t FROM generate_series(1, $1::int) t"""

QUESTIONNAIRE = """
INSERT INTO survey.questionnaire (code, version, sha256, body, frozen_at) VALUES ('perception', 1, '', $1, '2026-01-01Z')"""

CAMPAIGN = """
INSERT INTO survey.campaign (centre_code, code, name_zh, purpose, questionnaire_id, modes, seed, opens_at, kind)
VALUES ('991721', 'daily', '日常调查', 'survey', 1, ARRAY['operator'], 1, '2026-01-01Z', 'daily')"""

# foreign keys hold by the way in which the rows are made, and every day is counted at the end
SET_ASIDE: Final = """
ALTER TABLE survey.sample_unit DISABLE TRIGGER ALL;
ALTER TABLE survey.interview DISABLE TRIGGER ALL;
ALTER TABLE survey.answer DISABLE TRIGGER ALL"""

UNITS = """
INSERT INTO survey.sample_unit (ref, centre_code, campaign_id, person_id, area_code, external_key, prn, base_weight, status,
                                disposition, released_at, done_at)
SELECT i::text, '991721', 1, 1, '991721' || lpad((1 + i % $2::int)::text, 3, '0'), i::text, 0.5,
       0.5 + (hashint8extended(i, 1) & 1023) / 1024.0::float8, 'done', 'complete', '2026-01-01Z', '2026-01-01Z'
FROM generate_series(0, $1::bigint - 1) i"""

INTERVIEWS = """
INSERT INTO survey.interview (ref, contact_id, unit_id, position, questionnaire_id, mode, lang, status, outcome)
SELECT u.ref, 1, u.id, u.id, 1, 'operator', 'zh', 'complete', 'complete' FROM survey.sample_unit u ORDER BY u.id"""

# a day's people one after the other; 1 in 32 does not know, the others lean to the better answers
ANSWERS = """
INSERT INTO survey.answer (interview_id, question_id, code, input_id, at)
SELECT i.id, q.id, CASE WHEN h.bits & 31 = 0 THEN 'dk' WHEN h.bits & 7 < 4 THEN '1' WHEN h.bits & 7 < 7 THEN '2'
                        ELSE CASE WHEN q.id IN ('Q7', 'Q9a', 'Q9b') THEN '2' ELSE '3' END END,
       1, timestamptz '2026-01-01 02:00Z' + (i.id - 1) / $2::int * interval '1 day' + (i.id - 1) % $2::int * interval '1 second'
FROM survey.interview i, unnest($1::text[]) AS q (id), LATERAL (SELECT hashint8extended(i.id, ascii(right(q.id, 1))) AS bits) h
ORDER BY i.id"""

AGAIN: Final = """
ALTER TABLE survey.sample_unit ENABLE TRIGGER ALL;
ALTER TABLE survey.interview ENABLE TRIGGER ALL;
ALTER TABLE survey.answer ENABLE TRIGGER ALL"""


async def lay_answers(conn: Any, sizes: Sizes, told: Callable[[str], None] = lambda _: None) -> None:
    """Into a migrated database that is empty. Nothing of it is counted yet."""
    people = sizes.days * sizes.areas * sizes.people
    await conn.execute(GROUND)
    await conn.execute(TOWNSHIPS, sizes.areas)
    await conn.execute(QUESTIONNAIRE, json.loads(library("perception").to_json()))
    await conn.execute(CAMPAIGN)
    await conn.execute(SET_ASIDE)
    told("units")
    await conn.execute(UNITS, people, sizes.areas)
    told("interviews")
    await conn.execute(INTERVIEWS)
    told("answers")
    await conn.execute(ANSWERS, list(QUESTIONS), sizes.areas * sizes.people)
    await conn.execute(AGAIN)
    told("statistics")
    await conn.execute("VACUUM (ANALYZE, FREEZE)")
