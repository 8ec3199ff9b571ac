"""One contact as it was spoken or texted: who said what, when. Numbers are not in these tables, so none
can be read here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class ContactHead:
    """A contact (one call or one text thread) with the unit it was opened for."""

    contact_id: int
    person_id: int
    purpose: str
    mode: str
    opened_at: datetime
    closed_at: datetime | None
    campaign: str
    area_zh: str
    area_en: str
    tz: str
    disposition: str | None
    operator: str | None
    statuses: tuple[str, ...]

    @property
    def hung_up(self) -> bool:
        """A call in which the resident was gone before its dialogue was over."""
        return self.mode != "text" and bool({"partial", "broken_off"} & set(self.statuses))


SELECT_HEADS = """
SELECT DISTINCT ON (k.id) k.id AS contact_id, k.person_id, k.purpose, k.mode, k.opened_at, k.closed_at,
       c.name_zh AS campaign, s.name_zh AS area_zh, s.name_en AS area_en, s.tz, t.disposition, t.operator,
       array(SELECT v.status FROM survey.interview v WHERE v.contact_id = k.id ORDER BY v.position) AS
       statuses
FROM survey.contact k
JOIN survey.attempt t ON t.contact_id = k.id
JOIN survey.sample_unit u ON u.id = t.unit_id
JOIN survey.campaign c ON c.id = u.campaign_id
JOIN survey.area s ON s.code = u.area_code
WHERE k.id = ANY($1::bigint[])
ORDER BY k.id, t.id DESC"""


async def contact_heads(conn: asyncpg.Connection, contact_ids: Sequence[int]) -> list[ContactHead]:
    """The contacts of these ids, in id order; a contact in which nothing was attempted is left out."""
    rows = await conn.fetch(SELECT_HEADS, list(contact_ids))
    return [ContactHead(**{**row, "statuses": tuple(row["statuses"])}) for row in rows]


@dataclass(frozen=True)
class KeptAnswer:
    """What an input answered; one text may answer two questions."""

    question_id: str
    code: str | None
    words: str | None


@dataclass(frozen=True)
class SaidInput:
    """An input as it arrived, what it did, the reply it got, and the answers that it stored. `facts`: what its interview
    knew, for options that stand there."""

    input_id: int
    contact_id: int | None
    channel: str
    said: str
    effect: str
    reply: str
    arrived_at: datetime
    questionnaire_id: int | None
    facts: Mapping[str, str]
    inbox_reason: str | None
    answers: tuple[KeptAnswer, ...]


SELECT_INPUTS = """
SELECT i.id AS input_id, i.contact_id, i.channel, i.said, i.effect, i.reply, i.arrived_at,
       v.questionnaire_id, coalesce(v.state::jsonb -> 'facts', '{}') AS facts, x.reason AS inbox_reason,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(a.question_id, a.code, a.words) ORDER BY
       a.question_id), '[]')
        FROM survey.answer a WHERE a.interview_id = i.interview_id AND a.input_id = i.id) AS answers
FROM survey.input i
LEFT JOIN survey.interview v ON v.id = i.interview_id
LEFT JOIN survey.inbox_text x ON x.input_id = i.id
WHERE i.contact_id = ANY($1::bigint[])
ORDER BY i.id"""


async def inputs(conn: asyncpg.Connection, contact_ids: Sequence[int]) -> list[SaidInput]:
    """Everything that arrived in these contacts, late texts too, in the order of arrival."""
    rows = await conn.fetch(SELECT_INPUTS, list(contact_ids))
    return [
        SaidInput(**{**row, "answers": tuple(KeptAnswer(*answer) for answer in row["answers"])})
        for row in rows
    ]


@dataclass(frozen=True)
class SentText:
    """A text that we sent; `input_id` where it replies to one, `attempt_id` where it opens a thread or
    reminds.
    """

    contact_id: int | None
    attempt_id: int | None
    input_id: int | None
    body: str
    segments: int
    at: datetime


SELECT_TEXTS = """
SELECT contact_id, attempt_id, input_id, body, segments, at FROM survey.text_out
WHERE contact_id = ANY($1::bigint[]) ORDER BY id"""


async def sent_texts(conn: asyncpg.Connection, contact_ids: Sequence[int]) -> list[SentText]:
    """Texts sent in these contacts, in order."""
    return [SentText(**row) for row in await conn.fetch(SELECT_TEXTS, list(contact_ids))]


@dataclass(frozen=True)
class QuestionnaireBody:
    """A frozen questionnaire as it was asked."""

    id: int
    body: object


SELECT_QUESTIONNAIRES = "SELECT id, body FROM survey.questionnaire ORDER BY id"


async def questionnaires(conn: asyncpg.Connection) -> list[QuestionnaireBody]:
    """Every questionnaire version that was ever asked here."""
    return [QuestionnaireBody(**row) for row in await conn.fetch(SELECT_QUESTIONNAIRES)]


@dataclass(frozen=True)
class ContactTraits:
    """What is worth telling about a contact: how long, what its inputs did, how its dialogues ended."""

    contact_id: int
    person_id: int
    purpose: str
    mode: str
    statuses: tuple[str, ...]
    effects: tuple[str, ...]
    inputs: int
    in_words: int
    unit_refs: tuple[str, ...]


SELECT_TRAITS = """
SELECT k.id AS contact_id, k.person_id, k.purpose, k.mode,
       array(SELECT v.status FROM survey.interview v WHERE v.contact_id = k.id ORDER BY v.position) AS
       statuses,
       array(SELECT u.ref FROM survey.interview v JOIN survey.sample_unit u ON u.id = v.unit_id
             WHERE v.contact_id = k.id ORDER BY v.position) AS unit_refs,
       array_agg(i.effect ORDER BY i.id) AS effects,
       (count(*) FILTER (WHERE i.effect <> 'opened'))::int AS inputs,
       (count(*) FILTER (WHERE i.said !~ '^[[:space:]0-9０-９#*]*$'))::int AS in_words
FROM survey.contact k JOIN survey.input i ON i.contact_id = k.id
GROUP BY k.id ORDER BY k.id"""


async def contact_traits(conn: asyncpg.Connection) -> list[ContactTraits]:
    """Every contact in which something arrived, in the order in which they were opened."""
    return [
        ContactTraits(
            **{
                **row,
                "statuses": tuple(row["statuses"]),
                "effects": tuple(row["effects"]),
                "unit_refs": tuple(row["unit_refs"]),
            }
        )
        for row in await conn.fetch(SELECT_TRAITS)
    ]
