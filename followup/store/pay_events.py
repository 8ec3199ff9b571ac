"""Events of objections to pay: written with what they tell of, and read to be checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from followup.casework.pay_chain import PayEvent

INSERT = """
INSERT INTO followup.pay_event (centre_code, staff_no, month, event, decision, actor, reason, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"""


async def insert(
    conn: asyncpg.Connection, centre: str, staff: str, month: date, decision: str | None, actor: str, reason: str, at: datetime
) -> None:  # fmt: skip
    """Without a decision: an objection is raised. In the transaction of what it tells of; its place in the chain is given by the
    database."""
    event = "objected" if decision is None else "decided"
    await conn.execute(INSERT, centre, staff, month, event, decision, actor, reason, at)


SELECT_EVENTS = """
SELECT id, centre_code, staff_no, month, event, decision, actor, reason, at, subject, seq, prev_hash, hash
FROM followup.pay_event ORDER BY subject, seq, id"""


async def events(conn: asyncpg.Connection) -> list[PayEvent]:
    """All of them, in the order of their chains."""
    return [PayEvent(*row) for row in await conn.fetch(SELECT_EVENTS)]


@dataclass(frozen=True)
class Unlike:
    """An objection as it stands that its event does not tell of, or an event that no objection stands for. `row`, `seq`: of the
    event; None: there is none."""

    subject: str
    row: int | None
    seq: int | None


SELECT_UNLIKE = """
WITH stands AS (
    SELECT centre_code, staff_no, month, 'objected' AS event, NULL AS decision, staff_no AS actor, words AS reason,
           raised_at AS at
    FROM followup.pay_objection
    UNION ALL
    SELECT centre_code, staff_no, month, 'decided', decision, decided_by, reason, decided_at
    FROM followup.pay_objection WHERE decision IS NOT NULL
)
SELECT coalesce(e.subject, 'pay:' || s.centre_code || ':' || s.staff_no || ':' || to_char(s.month, 'YYYY-MM')) AS subject,
       e.id AS row, e.seq
FROM stands s FULL JOIN followup.pay_event e
  ON e.centre_code = s.centre_code AND e.staff_no = s.staff_no AND e.month = s.month AND e.event = s.event AND e.at = s.at
 AND e.actor = s.actor AND e.reason = s.reason AND coalesce(e.decision, '') = coalesce(s.decision, '')
WHERE e.id IS NULL OR s.event IS NULL ORDER BY 1, 3"""


async def unlike(conn: asyncpg.Connection) -> list[Unlike]:
    """What does not stand as its chain says."""
    return [Unlike(**row) for row in await conn.fetch(SELECT_UNLIKE)]
