"""Counts of the field's work: final codes, attempts, interviews, inputs, texts, opt-outs.

`centre_code` None means the whole installation. Inputs, texts and opt-outs are always counted over all
centres: a text from an unknown sender belongs to none, and an opt-out holds for every one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg


@dataclass(frozen=True)
class DispositionCount:
    """How many released units of one campaign stand at one disposition code."""

    campaign_code: str
    name_zh: str
    purpose: str
    modes: tuple[str, ...]
    disposition: str
    units: int


SELECT_DISPOSITIONS = """
SELECT c.code AS campaign_code, c.name_zh, c.purpose, c.modes, u.disposition, count(*)::int AS units
FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id
WHERE $1::text IS NULL OR u.centre_code = $1
GROUP BY c.id, c.code, c.name_zh, c.purpose, c.modes, u.disposition
ORDER BY c.code, u.disposition"""


async def dispositions(conn: asyncpg.Connection, centre_code: str | None) -> list[DispositionCount]:
    """Final code per released unit, by campaign; the counts of a campaign sum to its sample."""
    rows = await conn.fetch(SELECT_DISPOSITIONS, centre_code)
    return [DispositionCount(**{**row, "modes": tuple(row["modes"])}) for row in rows]


SELECT_SAMPLE = """
SELECT count(*)::int FROM survey.sample_unit
WHERE ($1::text IS NULL OR centre_code = $1)
  AND campaign_id IN (SELECT id FROM survey.campaign WHERE purpose = $2 AND code <> ALL ($3::text[]))"""


async def sample_size(
    conn: asyncpg.Connection, centre_code: str | None, purpose: str, besides: Sequence[str] = ()
) -> int:
    """Released units of one purpose, counted apart from what became of them; campaigns `besides` are left out."""
    size: int = await conn.fetchval(SELECT_SAMPLE, centre_code, purpose, list(besides))
    return size


@dataclass(frozen=True)
class AttemptCount:
    """Attempts of one purpose and mode; `uncounted` are our own failures (3.16), which cost nobody an
    attempt.
    """

    purpose: str
    mode: str
    attempts: int
    answered: int
    uncounted: int


SELECT_ATTEMPTS = """
SELECT purpose, mode, (count(*) FILTER (WHERE counts))::int AS attempts,
       (count(*) FILTER (WHERE answered_at IS NOT NULL))::int AS answered,
       (count(*) FILTER (WHERE NOT counts))::int AS uncounted
FROM survey.attempt GROUP BY purpose, mode ORDER BY purpose, mode"""


async def attempts(conn: asyncpg.Connection) -> list[AttemptCount]:
    """Attempts (dialled calls, text invitations) by purpose and mode."""
    return [AttemptCount(**row) for row in await conn.fetch(SELECT_ATTEMPTS)]


@dataclass(frozen=True)
class InterviewCount:
    """Dialogues of one purpose and mode at one status."""

    purpose: str
    mode: str
    status: str
    interviews: int


SELECT_INTERVIEWS = """
SELECT c.purpose, i.mode, i.status, count(*)::int AS interviews
FROM survey.interview i
JOIN survey.sample_unit u ON u.id = i.unit_id
JOIN survey.campaign c ON c.id = u.campaign_id
GROUP BY c.purpose, i.mode, i.status ORDER BY c.purpose, i.mode, i.status"""


async def interviews(conn: asyncpg.Connection) -> list[InterviewCount]:
    """Dialogues by purpose, mode and status."""
    return [InterviewCount(**row) for row in await conn.fetch(SELECT_INTERVIEWS)]


@dataclass(frozen=True)
class EffectCount:
    """Inputs of one channel by what they did; `in_words` are texts that answered with more than digits."""

    channel: str
    effect: str
    inputs: int
    in_words: int


SELECT_EFFECTS = """
SELECT i.channel, coalesce(x.reason, i.effect) AS effect, count(*)::int AS inputs,
       (count(*) FILTER (WHERE i.channel = 'text' AND i.said !~ '^[[:space:]0-9０-９.,。,]*$'
                         AND EXISTS (SELECT FROM survey.answer a WHERE a.input_id = i.id)))::int AS in_words
FROM survey.input i LEFT JOIN survey.inbox_text x ON x.input_id = i.id
GROUP BY 1, 2 ORDER BY 1, 2"""


async def effects(conn: asyncpg.Connection) -> list[EffectCount]:
    """Inputs by channel and effect; a text for the inbox is counted under its reason (too_late,
    unknown_sender, …).
    """
    return [EffectCount(**row) for row in await conn.fetch(SELECT_EFFECTS)]


@dataclass(frozen=True)
class TextTotals:
    """Texts sent and received, and the parts that the carrier bills."""

    texts_out: int
    segments_out: int
    invitations: int
    texts_in: int
    conversations: int


SELECT_TEXT_TOTALS = """
SELECT (SELECT count(*) FROM survey.text_out)::int AS texts_out,
       (SELECT coalesce(sum(segments), 0) FROM survey.text_out)::int AS segments_out,
       (SELECT count(*) FROM survey.text_out WHERE attempt_id IS NOT NULL)::int AS invitations,
       (SELECT count(*) FROM survey.input WHERE channel = 'text')::int AS texts_in,
       (SELECT count(*) FROM survey.contact WHERE mode = 'text')::int AS conversations"""


async def text_totals(conn: asyncpg.Connection) -> TextTotals:
    """How many texts went out and came in, over everything."""
    return TextTotals(**await conn.fetchrow(SELECT_TEXT_TOTALS))


@dataclass(frozen=True)
class OptOutCount:
    """Opt-outs of one reach, by where they were said."""

    scope: str
    said_in: str
    persons: int


SELECT_OPT_OUTS = """
SELECT scope, said_in, count(*)::int AS persons FROM survey.opt_out GROUP BY scope, said_in ORDER BY scope,
    said_in"""


async def opt_outs(conn: asyncpg.Connection) -> list[OptOutCount]:
    """Opt-outs by reach (settled.md §4) and by where they were said."""
    return [OptOutCount(**row) for row in await conn.fetch(SELECT_OPT_OUTS)]


SELECT_OPTED_OUT_PERSONS = """
SELECT count(DISTINCT person_id)::int FROM survey.opt_out WHERE scope <> 'text_channel'"""


async def opted_out_persons(conn: asyncpg.Connection) -> int:
    """People who said never again, in whatever reach; a text channel that the carrier lost is not one of
    them.
    """
    count: int = await conn.fetchval(SELECT_OPTED_OUT_PERSONS)
    return count


@dataclass(frozen=True)
class HourCount:
    """Calls or texts in one local hour."""

    day: date
    hour: int
    kind: str  # voice, operator, text_out, text_in
    count: int


SELECT_HOURS = """
SELECT at::date AS day, extract(hour FROM at)::int AS hour, kind, count(*)::int AS count
FROM (
    SELECT dialing_at AT TIME ZONE $1 AS at, mode AS kind FROM survey.attempt WHERE mode IN ('voice',
    'operator')
    UNION ALL SELECT at AT TIME ZONE $1, 'text_out' FROM survey.text_out
    UNION ALL SELECT arrived_at AT TIME ZONE $1, 'text_in' FROM survey.input WHERE channel = 'text'
) AS moments
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""


async def hours(conn: asyncpg.Connection, tz: str) -> list[HourCount]:
    """Calls and texts by local hour of time zone `tz`; hours in which nothing happened have no row."""
    return [HourCount(**row) for row in await conn.fetch(SELECT_HOURS, tz)]


@dataclass(frozen=True)
class CodeCount:
    """How often a question was answered with a code, of the answers that stand (view survey.standing_answer): the last of each
    unit, and nothing of an interview that its audit found void (废卷)."""

    purpose: str
    questionnaire: str
    mode: str
    question_id: str
    code: str
    answers: int


SELECT_CODES = """
SELECT c.purpose, q.code AS questionnaire, a.mode, a.question_id, a.code, count(*)::int AS answers
FROM survey.standing_answer a
JOIN survey.campaign c ON c.id = a.campaign_id
JOIN survey.questionnaire q ON q.id = c.questionnaire_id
WHERE $1::text IS NULL OR a.centre_code = $1
GROUP BY c.purpose, q.code, a.mode, a.question_id, a.code ORDER BY 1, 2, 3, 4, 5"""


async def codes(conn: asyncpg.Connection, centre_code: str | None) -> list[CodeCount]:
    """Answers by purpose, mode, question and code."""
    return [CodeCount(**row) for row in await conn.fetch(SELECT_CODES, centre_code)]
