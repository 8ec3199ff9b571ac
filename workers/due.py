"""What is owed and when, over all aggregates: one statement, one row per job that has something to do."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from survey.dispatch_policy import dispatch_policy

SELECT_DUE = """
SELECT 'dial' AS job, greatest(d.due_at, p.next_at) AS due_at
FROM survey.pace p CROSS JOIN LATERAL (
    SELECT u.due_at FROM survey.sample_unit u JOIN survey.campaign c ON c.id = u.campaign_id
    WHERE u.status = 'waiting' AND u.next_mode = p.channel AND c.status = 'running'
      AND NOT EXISTS (SELECT FROM survey.contact k WHERE k.person_id = u.person_id AND k.closed_at IS NULL)
    ORDER BY u.due_at LIMIT 1) d
UNION ALL
SELECT 'reconcile', min(check_at) FROM survey.attempt WHERE status = 'unknown'
UNION ALL
SELECT CASE WHEN min(lease_real) < $2 THEN 'reconcile' ELSE 'waiting_for_worker' END, $1
FROM survey.attempt WHERE status = 'dialing' AND mode <> 'operator' HAVING count(*) > 0
UNION ALL
SELECT 'check', min(check_at) FROM survey.attempt
WHERE status IN ('accepted', 'ringing', 'answered') AND mode <> 'operator'
UNION ALL
SELECT 'release_abandoned', min(check_at) FROM survey.attempt WHERE status = 'dialing' AND mode = 'operator'
UNION ALL
SELECT 'expire', min(expires_at) FROM survey.contact WHERE closed_at IS NULL AND expires_at IS NOT NULL
UNION ALL
SELECT 'close_waves', min(closes_at) FROM survey.campaign WHERE status = 'running' AND closes_at IS NOT NULL
UNION ALL
SELECT 'poll_texts', next_at FROM survey.text_poll WHERE EXISTS (SELECT FROM survey.contact WHERE mode = 'text')
UNION ALL
SELECT 'settle', $1 FROM (SELECT FROM survey.outbox WHERE NOT consumed LIMIT 1) o
UNION ALL
SELECT 'escalate', min(decision_due_at) FROM followup.callback
WHERE flagged AND decision IS NULL AND decision_due_at IS NOT NULL
UNION ALL
SELECT 'daily', min(n.next_at) FROM survey.daily_round n"""


@dataclass(frozen=True)
class Due:
    """A job and when it has something to do."""

    job: str
    at: datetime


async def due_jobs(conn: Any, now: datetime, real_now: datetime) -> list[Due]:
    """What is owed, the earliest moment of each job; dialling goes in batches, at whole multiples of its period."""
    rows = await conn.fetch(SELECT_DUE, now, real_now)
    return [Due(row["job"], _batched(row["job"], row["due_at"])) for row in rows if row["due_at"] is not None]


def _batched(job: str, at: datetime) -> datetime:
    if job != "dial":
        return at
    every = dispatch_policy().every_s
    seconds = at.timestamp()
    return at if seconds % every == 0 else datetime.fromtimestamp(seconds, UTC) + timedelta(seconds=every - seconds % every)
