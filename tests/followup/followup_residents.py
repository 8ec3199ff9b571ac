"""What residents say in tests of following up: finished interviews in the outbox, as the field lays them."""

from __future__ import annotations

import json
from datetime import datetime

import asyncpg

from survey.questionnaire import library
from survey.store import campaigns

OPEN_CONTACT = """
INSERT INTO survey.contact (person_id, purpose, mode, opened_at, closed_at)
SELECT u.person_id, 'case', $2, $3, $3 FROM survey.sample_unit u WHERE u.ref = $1 RETURNING id"""

HOLD_INTERVIEW = """
INSERT INTO survey.interview
    (ref, contact_id, unit_id, position, questionnaire_id, mode, lang, status, told_at, told_text, opened_at,
     ended_at)
SELECT 'i-' || $1 || '-' || $2::bigint, $2, u.id, 1, c.questionnaire_id, $3, 'zh', $4, $5, $6, $7, $7
FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id WHERE u.ref = $1 RETURNING id"""

HEAR = """
INSERT INTO survey.input (interview_id, channel, said, effect, reply, arrived_at, arrived_real)
VALUES ($1, $2, '', 'answered', '', $3, $3) RETURNING id"""

DIAL = """
INSERT INTO survey.attempt
    (ref, contact_id, person_id, unit_id, purpose, mode, operator, status, dialing_at, answered_at, ended_at, day,
     day_part)
SELECT 'a-' || $2::bigint, $2, u.person_id, u.id, 'case', 'operator', $3, 'ended', $4::timestamptz, $4, $4,
    $4::date, 'afternoon'
FROM survey.sample_unit u WHERE u.ref = $1"""

ANSWER = """
INSERT INTO survey.answer (interview_id, question_id, code, words, input_id, at)
VALUES ($1, $2, $3, $4, $5, $6)"""

FINISH_UNIT = """
UPDATE survey.sample_unit SET status = 'done', due_at = NULL, next_mode = NULL, disposition = $2, done_at = $3
WHERE ref = $1 RETURNING id"""

ANNOUNCE = """
INSERT INTO survey.outbox (topic, unit_id, interview_id, purpose, at, arrived_real)
SELECT $2, u.id, $3, c.purpose, $4, $4
FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id WHERE u.ref = $1"""


async def answers(
    conn: asyncpg.Connection,
    unit_ref: str,
    at: datetime,
    codes: str,
    *,
    words: dict[str, str] | None = None,
    told: bool = True,
    mode: str = "text",
    disposition: str = "complete",
    operator: str | None = None,
) -> int:
    """The resident behind a sample unit answered, e.g. "C1=1 C2=1 C3=1"; the interview's id."""
    contact = await conn.fetchval(OPEN_CONTACT, unit_ref, mode, at)
    if operator is not None:
        await conn.execute(DIAL, unit_ref, contact, operator, at)
    result = await conn.fetchval("SELECT facts ->> 'result' FROM survey.sample_unit WHERE ref = $1", unit_ref)
    interview: int = await conn.fetchval(
        HOLD_INTERVIEW,
        unit_ref,
        contact,
        mode,
        disposition,
        at if told else None,
        f"您反映的事项:{result}。" if told else None,
        at,
    )
    heard = await conn.fetchval(HEAR, interview, mode, at)
    given: dict[str, tuple[str | None, str | None]] = {
        question: (code, None) for question, _, code in (pair.partition("=") for pair in codes.split())
    }
    given |= {question: (None, text) for question, text in (words or {}).items()}
    for question, (code, text) in given.items():
        await conn.execute(ANSWER, interview, question, code, text, heard, at)
    await conn.execute(FINISH_UNIT, unit_ref, disposition, at)
    await conn.execute(ANNOUNCE, unit_ref, "interview_finished", interview, at)
    return interview


PERCEPTION_UNIT = """
INSERT INTO survey.sample_unit
    (ref, centre_code, campaign_id, person_id, area_code, external_key, prn, status, disposition, released_at,
     done_at)
VALUES ($1, $2, $3, $4, $5, $1, 0.5, 'done', 'complete', $6, $6)"""


async def said_in_survey(
    conn: asyncpg.Connection, person_id: int, at: datetime, problem: str, *, wants: bool
) -> None:
    """A resident of 王庄村 named an open problem in a survey, and wants it registered or not."""
    instrument = library("perception")
    pinned = await campaigns.freeze(
        conn,
        instrument.code,
        instrument.version,
        instrument.sha256,
        json.loads(instrument.to_json()),
        at,
    )
    campaign, _ = await campaigns.open_campaign(
        conn,
        campaigns.NewCampaign(
            "991721", "daily", "日常调查", "survey", pinned, ("operator",), 1, at, None, {}
        ),
    )
    ref = f"person:{person_id}"
    await conn.execute(PERCEPTION_UNIT, ref, "991721", campaign, person_id, "991721100200", at)
    codes = "Q1=4 Q3=2 Q12=1" if wants else "Q1=4 Q3=2 Q12=2"
    await answers(conn, ref, at, codes, words={"Q11": problem}, told=False, mode="operator")


async def is_never_reached(
    conn: asyncpg.Connection, unit_ref: str, at: datetime, disposition: str = "no_answer"
) -> None:
    """Every attempt failed; the unit is done without any rating."""
    await conn.execute(FINISH_UNIT, unit_ref, disposition, at)
    await conn.execute(ANNOUNCE, unit_ref, "unit_finished", None, at)


async def unit_of(conn: asyncpg.Connection, number: str, round_: int) -> str:
    """The sample unit through which the resident of a case is called back in a round."""
    ref: str = await conn.fetchval(
        "SELECT ref FROM survey.sample_unit WHERE external_key = $1", f"case:{number}:{round_}"
    )
    return ref


async def verification_of(conn: asyncpg.Connection, number: str, round_: int) -> str | None:
    """The sample unit through which a person calls because of a flag by text; None: nobody will."""
    ref: str | None = await conn.fetchval(
        "SELECT ref FROM survey.sample_unit WHERE external_key = $1", f"verify:{number}:{round_}"
    )
    return ref


async def state(conn: asyncpg.Connection, number: str) -> str:
    """Where a case stands: `redispatch_review, round 1`."""
    row = await conn.fetchrow(
        "SELECT status, ending, round FROM followup.case_file WHERE number = $1", number
    )
    return f"{row['status']}, round {row['round']}" + (f", {row['ending']}" if row["ending"] else "")
