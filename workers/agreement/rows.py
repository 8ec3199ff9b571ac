"""The rows of the database that the comparison reads, each table once, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import asyncpg

from survey.questionnaire import Questionnaire, from_json

Row = TypeVar("Row")


@dataclass(frozen=True)
class AttemptRow:
    """survey.attempt: one dialled call, one text invitation, or (`inbound`) a call that came in and became an interview."""

    id: int
    ref: str
    contact_id: int
    person_id: int
    purpose: str
    mode: str
    status: str
    sid: str | None
    dialing_at: datetime
    answered_at: datetime | None
    carrier_word: str | None
    disposition: str | None
    counts: bool
    inbound: bool


@dataclass(frozen=True)
class ContactRow:
    """survey.contact: one conversation with one person."""

    id: int
    person_id: int
    purpose: str
    mode: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class InputRow:
    """survey.input, with the reason for which it lies in the inbox, if it does."""

    id: int
    person_id: int | None
    contact_id: int | None
    interview_id: int | None
    channel: str
    call_sid: str | None
    step: int | None
    message_sid: str | None
    said: str
    effect: str
    arrived_at: datetime
    inbox_reason: str | None


@dataclass(frozen=True)
class AnswerRow:
    """survey.answer."""

    interview_id: int
    question_id: str
    revision: int
    code: str | None
    words: str | None
    recording: str | None
    input_id: int


@dataclass(frozen=True)
class InterviewRow:
    """survey.interview, with its unit's person, the facts it knew, its instrument's code and the version that was asked."""

    id: int
    ref: str
    contact_id: int
    person_id: int
    questionnaire: str
    version: int
    lang: str
    mode: str
    facts: Mapping[str, Any]
    told_at: datetime | None
    told_text: str | None


@dataclass(frozen=True)
class OptOutRow:
    """survey.opt_out."""

    person_id: int
    scope: str
    said_at: datetime
    said_in: str


@dataclass(frozen=True)
class TextOutRow:
    """survey.text_out, with the person it was for and the sid of the text it replies to, if any."""

    id: int
    person_id: int | None
    attempt_id: int | None
    input_id: int | None
    body: str
    at: datetime


@dataclass(frozen=True)
class ToldRow:
    """survey.telling: a text that tells something and asks nothing, which the carrier has under `sid`."""

    ref: str
    sid: str | None
    status: str
    body: str


@dataclass(frozen=True)
class Rows:
    """Everything that is compared, as it stood at one moment."""

    attempts: Sequence[AttemptRow]
    contacts: Sequence[ContactRow]
    inputs: Sequence[InputRow]
    answers: Sequence[AnswerRow]
    interviews: Sequence[InterviewRow]
    documents: Sequence[Questionnaire]
    """Every questionnaire that was asked, in every version."""
    opt_outs: Sequence[OptOutRow]
    texts_out: Sequence[TextOutRow]
    told: Sequence[ToldRow]
    person_by_token: Mapping[bytes, int]


SELECT_ATTEMPTS = """
SELECT id, ref, contact_id, person_id, purpose, mode, status, sid, dialing_at, answered_at, carrier_word,
       disposition, counts, inbound
FROM survey.attempt ORDER BY id"""

SELECT_CONTACTS = "SELECT id, person_id, purpose, mode, opened_at, closed_at FROM survey.contact ORDER BY id"

SELECT_INPUTS = """
SELECT i.id, i.person_id, i.contact_id, i.interview_id, i.channel, i.call_sid, i.step, i.message_sid, i.said,
       i.effect, i.arrived_at, b.reason AS inbox_reason
FROM survey.input i LEFT JOIN survey.inbox_text b ON b.input_id = i.id ORDER BY i.id"""

SELECT_ANSWERS = """
SELECT interview_id, question_id, revision, code, words, recording, input_id
FROM survey.answer ORDER BY input_id, interview_id, question_id, revision"""

SELECT_INTERVIEWS = """
SELECT i.id, i.ref, i.contact_id, u.person_id, q.code AS questionnaire, q.version, i.lang, i.mode,
       coalesce(i.state::jsonb -> 'facts', '{}') || u.facts AS facts, i.told_at, i.told_text
FROM survey.interview i
JOIN survey.sample_unit u ON u.id = i.unit_id
JOIN survey.questionnaire q ON q.id = i.questionnaire_id
ORDER BY i.id"""

SELECT_DOCUMENTS = """
SELECT q.body FROM survey.questionnaire q
WHERE EXISTS (SELECT FROM survey.interview i WHERE i.questionnaire_id = q.id) ORDER BY q.id"""

SELECT_OPT_OUTS = "SELECT person_id, scope, said_at, said_in FROM survey.opt_out ORDER BY person_id, scope"

SELECT_TEXTS_OUT = """
SELECT t.id, coalesce(c.person_id, a.person_id, i.person_id) AS person_id, t.attempt_id, t.input_id, t.body,
       t.at
FROM survey.text_out t
LEFT JOIN survey.contact c ON c.id = t.contact_id
LEFT JOIN survey.attempt a ON a.id = t.attempt_id
LEFT JOIN survey.input i ON i.id = t.input_id
ORDER BY t.id"""

SELECT_TOLD = "SELECT ref, sid, status, body FROM survey.telling ORDER BY id"

SELECT_PERSONS = "SELECT id, token FROM survey.person WHERE token = ANY($1::bytea[])"


async def load_rows(conn: asyncpg.Connection, tokens: Sequence[bytes]) -> Rows:
    """Read it all in one snapshot; of the persons only those with one of these tokens."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        return Rows(
            attempts=await _all(conn, AttemptRow, SELECT_ATTEMPTS),
            contacts=await _all(conn, ContactRow, SELECT_CONTACTS),
            inputs=await _all(conn, InputRow, SELECT_INPUTS),
            answers=await _all(conn, AnswerRow, SELECT_ANSWERS),
            interviews=await _all(conn, InterviewRow, SELECT_INTERVIEWS),
            documents=[from_json(row["body"]) for row in await conn.fetch(SELECT_DOCUMENTS)],
            opt_outs=await _all(conn, OptOutRow, SELECT_OPT_OUTS),
            texts_out=await _all(conn, TextOutRow, SELECT_TEXTS_OUT),
            told=await _all(conn, ToldRow, SELECT_TOLD),
            person_by_token={r["token"]: r["id"] for r in await conn.fetch(SELECT_PERSONS, list(tokens))},
        )


async def _all(conn: asyncpg.Connection, row_type: type[Row], sql: str) -> list[Row]:
    return [row_type(*record) for record in await conn.fetch(sql)]
