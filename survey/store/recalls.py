"""What is had back from the carrier: what still lies there when its window closes, or its campaign rests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

OF_CAMPAIGN = """
UPDATE survey.attempt SET recall_at = $2
WHERE id IN (SELECT a.id FROM survey.attempt a JOIN survey.sample_unit u ON u.id = a.unit_id
             WHERE u.campaign_id = $1 AND a.status = 'accepted' AND (a.mode <> 'operator' OR a.linked) AND a.sid IS NOT NULL
               AND coalesce(a.carrier_word, 'queued') = 'queued' AND coalesce(a.recall_at, 'infinity') > $2
             ORDER BY a.id FOR UPDATE OF a SKIP LOCKED)"""
"""One that somebody moves at this moment is left to the next look: it may just begin to ring."""


async def of_campaign(conn: Any, campaign: int, at: datetime) -> None:
    """What lies at the carrier for a campaign is to be had back at `at`."""
    await conn.execute(OF_CAMPAIGN, campaign, at)


TAKE = """
UPDATE survey.attempt
SET recall_at = CASE WHEN coalesce(carrier_word, 'queued') = 'queued' AND sid IS NOT NULL THEN $2::timestamptz END
WHERE id IN (SELECT id FROM survey.attempt WHERE recall_at <= $1 AND status = 'accepted'
             ORDER BY recall_at, id LIMIT 500 FOR UPDATE SKIP LOCKED)
RETURNING id, mode, sid, recall_at IS NOT NULL AS lies"""


@dataclass(frozen=True)
class Recall:
    """An attempt that lies at the carrier and has not begun to ring or to be sent, as far as we know."""

    id: int
    mode: str
    sid: str


async def take(conn: Any, now: datetime, again: datetime) -> list[Recall]:
    """What is to be had back now, the first handed over first. Each falls due again at `again`, unless it is heard until then:
    neither a carrier that is away nor a process that dies forgets one."""
    rows = await conn.fetch(TAKE, now, again)
    return sorted(
        (Recall(row["id"], row["mode"], row["sid"]) for row in rows if row["lies"]), key=lambda one: one.id
    )


HEARD = """
UPDATE survey.attempt SET recall_at = NULL
WHERE id IN (SELECT id FROM survey.attempt WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE SKIP LOCKED)"""
"""One that is being moved at this moment is asked for once more, which harms nobody; waiting for it could."""


async def heard(conn: Any, attempt_ids: Sequence[int]) -> None:
    """The carrier has heard these, whatever it makes of them."""
    await conn.execute(HEARD, list(attempt_ids))
