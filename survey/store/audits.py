"""The audit of a campaign: its interviews that count, and what a person found in them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.field.auditing import Finished, Method, Verdict

HAS_OPEN = """
SELECT EXISTS (SELECT FROM survey.sample_unit WHERE campaign_id = $1 AND status <> 'done')
    OR EXISTS (SELECT FROM survey.interview i JOIN survey.sample_unit u ON u.id = i.unit_id
               WHERE u.campaign_id = $1 AND i.outcome IS NULL)"""


async def has_open(conn: Any, campaign: int) -> bool:
    """Is an interview of it still under way, or does anybody wait for one?"""
    return bool(await conn.fetchval(HAS_OPEN, campaign))


SELECT_FINISHED = """
SELECT i.ref, i.mode, extract(epoch FROM i.ended_at - i.opened_at)::float AS seconds,
       coalesce(a.answers, 0) AS answers, coalesce(a.missing, 0) AS missing, v.verdict
FROM (SELECT DISTINCT ON (i.unit_id) i.* FROM survey.interview i JOIN survey.sample_unit u ON u.id = i.unit_id
      JOIN survey.campaign c ON c.id = u.campaign_id
      WHERE u.campaign_id = $1 AND (i.outcome = 'complete' OR (i.outcome = 'partial' AND c.partials_count))
        AND i.outcome = u.disposition
      ORDER BY i.unit_id, i.id DESC) i
LEFT JOIN LATERAL (
    SELECT count(DISTINCT question_id)::int AS answers,
           count(DISTINCT question_id) FILTER (WHERE code IN ('dk', 'refused', 'no_answer'))::int AS missing
    FROM survey.answer WHERE interview_id = i.id) a ON true
LEFT JOIN LATERAL (
    SELECT CASE WHEN method <> 'records' OR verdict <> 'pass' THEN verdict END AS verdict
    FROM survey.audit_item WHERE interview_id = i.id ORDER BY id DESC LIMIT 1) v ON true
ORDER BY i.id"""


async def finished(conn: Any, campaign: int) -> list[Finished]:
    """The interviews that count, the oldest first, each with the last verdict on it."""
    return [Finished(**row) for row in await conn.fetch(SELECT_FINISHED, campaign)]


SELECT_HELD = """
SELECT i.id, (SELECT max(a.operator) FROM survey.attempt a WHERE a.contact_id = i.contact_id) AS operator
FROM survey.interview i JOIN survey.sample_unit u ON u.id = i.unit_id
WHERE u.campaign_id = $1 AND i.ref = $2 AND i.outcome IS NOT NULL"""


@dataclass(frozen=True)
class Held:
    """An interview of the campaign, and the operator who held it, if one did."""

    id: int
    operator: str | None


async def held(conn: Any, campaign: int, ref: str) -> Held | None:
    """By its reference."""
    row = await conn.fetchrow(SELECT_HELD, campaign, ref)
    return Held(**row) if row is not None else None


INSERT_ITEM = """
INSERT INTO survey.audit_item (interview_id, at, method, verdict, by_whom, why) VALUES ($1, $2, $3, $4, $5, $6)"""


@dataclass(frozen=True)
class NewItem:
    """What somebody found in an interview."""

    interview_id: int
    method: Method
    verdict: Verdict
    by: str
    why: str


async def add(conn: Any, item: NewItem, at: datetime) -> None:
    """A verdict beside those there are; the last one stands."""
    await conn.execute(INSERT_ITEM, item.interview_id, at, item.method, item.verdict, item.by, item.why)


SELECT_AUDITORS = """
SELECT DISTINCT n.by_whom FROM survey.audit_item n JOIN survey.interview i ON i.id = n.interview_id
JOIN survey.sample_unit u ON u.id = i.unit_id WHERE u.campaign_id = $1
UNION SELECT by_whom FROM survey.campaign_event WHERE campaign_id = $1 AND event = 'audit'"""


async def auditors(conn: Any, campaign: int) -> set[str]:
    """Who had a hand in the audit."""
    return {row["by_whom"] for row in await conn.fetch(SELECT_AUDITORS, campaign)}
