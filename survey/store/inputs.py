"""Inputs, each stored once with the reply it got: what is known before one is taken, and all that one step of a dialogue writes.

Both go for many dialogues in one statement, because a statement costs more than its rows (performance.md §1).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from survey.store.interviews import Interview

SELECT_BEFORE = """
SELECT coalesce((SELECT m.reply FROM survey.input m WHERE m.message_sid = t.message_sid),
                (SELECT v.reply FROM survey.input v WHERE v.call_sid = t.call_sid AND v.step = t.step)) AS stored,
       i.id, i.contact_id, i.unit_id, i.position, i.questionnaire_id, i.mode, i.lang, i.state, i.status, c.purpose, y.tz,
       coalesce(u.hours, c.hours) AS hours, c.answer_quotas
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::int[]) WITH ORDINALITY
     AS t(contact_id, message_sid, call_sid, step, place)
LEFT JOIN survey.interview i ON i.contact_id = t.contact_id AND i.status = 'open'
LEFT JOIN survey.sample_unit u ON u.id = i.unit_id
LEFT JOIN survey.area y ON y.code = u.area_code
LEFT JOIN survey.campaign c ON c.id = u.campaign_id
ORDER BY t.place"""
"""Earlier replies are looked up one by one, never joined: a plan made while few inputs were stored would read all of them each
time, and it is kept."""


class Asked(NamedTuple):
    """An input about to be taken, by what names it: a text's id, or a call's id and step."""

    contact_id: int
    message_sid: str | None = None
    call_sid: str | None = None
    step: int | None = None


class Before(NamedTuple):
    """What stands before it is taken. `stored`: the reply that this very input got before; `interview`: the dialogue that is
    being held in its contact."""

    stored: str | None
    interview: Interview | None


async def before(conn: Any, asked: Sequence[Asked]) -> list[Before]:
    """In the order given; their contacts are held already, so that what is read stays true."""
    rows = await conn.fetch(
        SELECT_BEFORE,
        [one.contact_id for one in asked],
        [one.message_sid for one in asked],
        [one.call_sid for one in asked],
        [one.step for one in asked],
    )
    return [_before(*row) for row in rows]


def _before(stored: str | None, *interview: Any) -> Before:
    return Before(stored, Interview(*interview) if interview[0] is not None else None)


INSERT_INPUT = """
INSERT INTO survey.input
    (person_id, contact_id, interview_id, channel, call_sid, step, message_sid, said, effect, reply, arrived_at,
     arrived_real)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT DO NOTHING RETURNING id"""


class NewInput(NamedTuple):
    """Something that reached us, with its effect and the reply it got."""

    person_id: int | None
    contact_id: int | None
    interview_id: int | None
    channel: str
    call_sid: str | None
    step: int | None
    message_sid: str | None
    said: str
    effect: str
    reply: str
    arrived_at: datetime
    arrived_real: datetime


SELECT_TEXT_INPUT = """
SELECT reply FROM survey.input WHERE message_sid = $1"""


async def text_reply(conn: Any, message_sid: str) -> str | None:
    """The reply that this very text got before."""
    found: str | None = await conn.fetchval(SELECT_TEXT_INPUT, message_sid)
    return found


class TakenTwice(Exception):
    """The same input is being stored twice at once. The first stands; ask again for its reply."""


async def insert(conn: Any, new: NewInput) -> int:
    """Store an input that moves no dialogue, once. Raises TakenTwice."""
    row_id: int | None = await conn.fetchval(
        INSERT_INPUT,
        new.person_id,
        new.contact_id,
        new.interview_id,
        new.channel,
        new.call_sid,
        new.step,
        new.message_sid,
        new.said,
        new.effect,
        new.reply,
        new.arrived_at,
        new.arrived_real,
    )
    if row_id is None:
        raise TakenTwice(TakenTwice.__doc__)
    return row_id


KEEP_STEPS = """
WITH new AS (
    SELECT *
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[],
                $9::text[], $10::text[], $11::timestamptz[], $12::timestamptz[], $13::text[], $14::text[], $15::text[],
                $16::int[]) WITH ORDINALITY
         AS t(person_id, contact_id, interview_id, channel, call_sid, step, message_sid, said, effect, reply, arrived_at,
              arrived_real, state, told_text, flags, segments, place)
), stored AS (
    INSERT INTO survey.input
        (person_id, contact_id, interview_id, channel, call_sid, step, message_sid, said, effect, reply, arrived_at,
         arrived_real)
    SELECT person_id, contact_id, interview_id, channel, call_sid, step, message_sid, said, effect, reply, arrived_at,
           arrived_real
    FROM new ORDER BY place
    ON CONFLICT DO NOTHING RETURNING id, interview_id
), moved AS (
    UPDATE survey.interview i
    SET state = coalesce(n.state, i.state), opened_at = coalesce(i.opened_at, n.arrived_at),
        flags = i.flags || ARRAY(SELECT f FROM unnest(string_to_array(n.flags, ' ')) AS f WHERE f <> ALL (i.flags)),
        told_at = coalesce(i.told_at, CASE WHEN n.told_text IS NOT NULL THEN n.arrived_at END),
        told_text = coalesce(i.told_text, n.told_text)
    FROM new n JOIN stored s ON s.interview_id = n.interview_id
    WHERE i.id = n.interview_id AND i.ended_at IS NULL
), answered AS (
    INSERT INTO survey.answer (interview_id, question_id, revision, code, words, recording, input_id, at)
    SELECT a.interview_id, a.question_id,
           1 + (SELECT count(*) FROM survey.answer b
                WHERE b.interview_id = a.interview_id AND b.question_id = a.question_id),
           a.code, a.words, a.recording, s.id, n.arrived_at
    FROM unnest($17::bigint[], $18::text[], $19::text[], $20::text[], $21::text[])
         AS a(interview_id, question_id, code, words, recording)
    JOIN stored s ON s.interview_id = a.interview_id
    JOIN new n ON n.interview_id = a.interview_id
), texted AS (
    INSERT INTO survey.text_out (contact_id, input_id, body, segments, at)
    SELECT n.contact_id, s.id, n.reply, n.segments, n.arrived_at
    FROM new n JOIN stored s ON s.interview_id = n.interview_id WHERE n.segments > 0
)
SELECT id, interview_id FROM stored"""


class NewStep(NamedTuple):
    """An input that moves a dialogue, and what the move comes to. `state`: where the dialogue stands now; None: it has ended,
    and its end is written apart. `flags`: those of the questionnaire that were raised. `segments`: the parts of `reply` where it
    leaves as a text. `answers`: (question, code, words, recording) of each; an earlier answer to the same question stays as an
    earlier revision."""

    input: NewInput
    interview_id: int
    state: str | None
    told_text: str | None
    flags: Sequence[str]
    segments: int
    answers: Sequence[tuple[str, str | None, str | None, str | None]]


async def keep(conn: Any, steps: Sequence[NewStep]) -> list[int | None]:
    """Write steps of different dialogues, all of each or nothing. The ids of their inputs in the order given; None: the same
    input was stored before, and nothing of this one is."""
    if not steps:
        return []
    new = [one.input for one in steps]
    given = [(one.interview_id, *answer) for one in steps for answer in one.answers]
    rows = await conn.fetch(
        KEEP_STEPS,
        [one.person_id for one in new],
        [one.contact_id for one in new],
        [one.interview_id for one in steps],
        [one.channel for one in new],
        [one.call_sid for one in new],
        [one.step for one in new],
        [one.message_sid for one in new],
        [one.said for one in new],
        [one.effect for one in new],
        [one.reply for one in new],
        [one.arrived_at for one in new],
        [one.arrived_real for one in new],
        [one.state for one in steps],
        [one.told_text for one in steps],
        [" ".join(one.flags) for one in steps],
        [one.segments for one in steps],
        *([row[column] for row in given] for column in range(5)),
    )
    ids = {row["interview_id"]: row["id"] for row in rows}
    return [ids.get(one.interview_id) for one in steps]
