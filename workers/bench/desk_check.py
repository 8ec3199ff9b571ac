"""Whether what operators keyed is in the tables, each thing once: plain SQL over them, and nothing of the desk's own code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from workers.bench.desk_seat import Book

ENDS: Final[Mapping[str, str]] = {
    "busy": "busy",
    "no_answer": "no_answer",
    "off": "off",
    "unassigned": "unassigned",
    "suspended": "suspended",
    "rejected": "blocked",
    "machine": "machine",
    "failed": "technical",
}
"""What each key under "how did it come out?" must have left as the disposition of the call."""

COUNT_GIVEN_TWICE = """
SELECT (SELECT count(*) FROM (SELECT contact_id FROM survey.attempt GROUP BY contact_id HAVING count(*) > 1) c)
     + (SELECT count(*) FROM survey.attempt a JOIN survey.attempt b ON b.person_id = a.person_id AND b.id > a.id
        WHERE b.dialing_at < coalesce(a.ended_at, 'infinity') OR a.disposition IS DISTINCT FROM 'technical')"""
"""Calls of one contact, and calls of one person of which the second began before the first was over, or although it had come to
something: in so short a time only a line in trouble is dialled again."""

COUNT_LOST_OUTCOMES = """
SELECT count(*) FROM unnest($1::text[], $2::text[]) k (ref, disposition)
LEFT JOIN survey.attempt a ON a.ref = k.ref AND a.status = 'ended' AND a.disposition = k.disposition
WHERE a.id IS NULL"""

COUNT_LOST_INPUTS = """
SELECT count(*) FROM unnest($1::text[], $2::int[], $3::text[]) k (ref, step, said)
LEFT JOIN survey.input i ON i.call_sid = 'desk:' || k.ref AND i.step = k.step
                        AND strpos(i.said, k.said) > 0 AND i.effect <> 'opened'
WHERE i.id IS NULL"""

COUNT_LOST_ANSWERS = """
SELECT count(*) FROM survey.input i WHERE i.channel = 'operator' AND i.effect = 'answered'
   AND NOT EXISTS (SELECT FROM survey.answer w WHERE w.input_id = i.id)"""

COUNT_MORE = """
SELECT (SELECT count(*) FROM survey.attempt WHERE ref <> ALL($1::text[]))
     + (SELECT count(*) FROM survey.input i WHERE i.effect <> 'opened'
        AND NOT EXISTS (SELECT FROM unnest($2::text[], $3::int[]) k (ref, step)
                        WHERE i.call_sid = 'desk:' || k.ref AND i.step = k.step))
     + (SELECT count(*) FROM (SELECT input_id, question_id FROM survey.answer GROUP BY 1, 2 HAVING count(*) > 1) w)
     + (SELECT count(*) FROM (SELECT attempt_id FROM survey.number_access GROUP BY 1 HAVING count(*) > 1) n)
     + (SELECT count(*) FROM (SELECT attempt_id FROM survey.unit_event WHERE from_status = 'in_contact'
                              GROUP BY attempt_id HAVING count(*) > 1) e)"""
"""What is there and nobody keyed, or is there twice: calls, inputs, answers, numbers shown, ends of a call."""

COUNT_LEFT_OPEN = """
SELECT (SELECT count(*) FROM survey.attempt WHERE status <> 'ended')
     + (SELECT count(*) FROM survey.contact WHERE closed_at IS NULL)
     + (SELECT count(*) FROM survey.sample_unit WHERE status = 'in_contact')
     + (SELECT count(*) FROM survey.attempt a WHERE NOT EXISTS (
            SELECT FROM survey.unit_event e WHERE e.attempt_id = a.id AND e.from_status = 'in_contact'))"""

COUNT_NOT_ON_RECORD = """
SELECT count(*) FROM unnest($1::text[]) k (ref) JOIN survey.attempt a USING (ref)
WHERE NOT EXISTS (SELECT FROM survey.number_access n WHERE n.attempt_id = a.id AND n.staff = a.operator)"""


@dataclass(frozen=True)
class Found:
    """How many of each fault."""

    given_twice: int
    lost: int
    doubled: int
    left_open: int


async def check(conn: Any, book: Book, calls: Sequence[Mapping[str, Any]]) -> Found:
    """Of a run that is over. `calls`: the twin's own book of what was dialled."""
    twice = sum(len(desks) > 1 for desks in book.given.values())
    rung = [call["reference"] for call in calls if call.get("reference")]
    twice += len(rung) - len(set(rung))
    ended = {ref: ENDS[key] for ref, key in book.outcomes.items() if key != "answered"}
    inputs = [(ref, step, said) for (ref, step), said in book.inputs.items()]
    refs, steps, said = ([one[place] for one in inputs] for place in range(3))
    lost = await conn.fetchval(COUNT_LOST_OUTCOMES, list(ended), list(ended.values()))
    lost += await conn.fetchval(COUNT_LOST_INPUTS, refs, steps, said)
    lost += await conn.fetchval(COUNT_LOST_ANSWERS)
    lost += await conn.fetchval(COUNT_NOT_ON_RECORD, sorted(book.shown))
    return Found(
        given_twice=twice + await conn.fetchval(COUNT_GIVEN_TWICE),
        lost=lost,
        doubled=await conn.fetchval(COUNT_MORE, list(book.given), refs, steps),
        left_open=await conn.fetchval(COUNT_LEFT_OPEN),
    )
