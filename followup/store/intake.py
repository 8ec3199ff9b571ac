"""Appeals that were not accepted, and questions that the centre answered itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class NotAccepted:
    """One refusal to take an appeal on. `told_at`: when the resident was told."""

    case_id: int
    ground: str
    explanation: str
    channel: str
    told_at: datetime
    by: str
    reviewed_by: str
    at: datetime


INSERT_NOT_ACCEPTED = """
INSERT INTO followup.not_accepted (case_id, ground, explanation, channel, told_at, by, reviewed_by, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id"""


async def insert_not_accepted(conn: asyncpg.Connection, one: NotAccepted) -> None:
    """Keep what the resident was told, and when."""
    await conn.fetchval(
        INSERT_NOT_ACCEPTED,
        one.case_id,
        one.ground,
        one.explanation,
        one.channel,
        one.told_at,
        one.by,
        one.reviewed_by,
        one.at,
    )


SELECT_NOT_ACCEPTED = """
SELECT case_id, ground, explanation, channel, told_at, by, reviewed_by, at
FROM followup.not_accepted WHERE case_id = $1 ORDER BY id"""


async def not_accepted_of(conn: asyncpg.Connection, case_id: int) -> list[NotAccepted]:
    """Every time that a case was not accepted, oldest first."""
    return [NotAccepted(**row) for row in await conn.fetch(SELECT_NOT_ACCEPTED, case_id)]


@dataclass(frozen=True)
class DirectAnswer:
    """An answer of the centre's own. `sampled`: a callback asks the resident about it."""

    case_id: int
    words: str
    knowledge_id: str | None
    on_the_spot: bool
    sampled: bool
    by: str
    at: datetime


INSERT_ANSWER = """
INSERT INTO followup.direct_answer (case_id, words, knowledge_id, on_the_spot, sampled, by, at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id"""


async def insert_answer(conn: asyncpg.Connection, one: DirectAnswer) -> None:
    """Keep what was answered."""
    await conn.fetchval(
        INSERT_ANSWER,
        one.case_id,
        one.words,
        one.knowledge_id,
        one.on_the_spot,
        one.sampled,
        one.by,
        one.at,
    )


SELECT_ANSWERS = """
SELECT case_id, words, knowledge_id, on_the_spot, sampled, by, at
FROM followup.direct_answer WHERE case_id = $1 ORDER BY id"""


async def answers_of(conn: asyncpg.Connection, case_id: int) -> list[DirectAnswer]:
    """Every direct answer to a case, oldest first."""
    return [DirectAnswer(**row) for row in await conn.fetch(SELECT_ANSWERS, case_id)]
