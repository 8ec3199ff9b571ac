"""Our numbers look after themselves: one that is blocked, or that people do not want to hear from, rests by itself."""

from datetime import datetime, timedelta
from typing import Any

import structlog

from survey.field.health import health_policy, ill, said, stretch_at
from survey.field.release_policy import release_policy
from survey.store import callers
from survey.store.callers import CallerRow

log = structlog.get_logger()
NONE_LEFT = "no number is left to contact people from; resume one with `minyi pace resume` 没有可用的外呼号码"


async def look_at_numbers(conn: Any, now: datetime) -> None:
    """Look at every number whose moment has come; those over the policy rest from now on, until somebody resumes them."""
    again = now + timedelta(minutes=release_policy().look_every_minutes)
    for row in await callers.rows(conn):
        if row.paused_at is not None or row.look_at > now:
            continue
        why = await _why_ill(conn, row, now)
        if why is None:
            await callers.look_again(conn, row.number, again)
        elif await callers.pause(conn, row.number, now, "service", why):
            log.warning("number paused; `minyi pace show` names it", account=row.account, why=why)


async def _why_ill(conn: Any, row: CallerRow, now: datetime) -> str | None:
    stretch = stretch_at(now, row.going_since)
    came_to = await callers.outcomes(conn, row.number, stretch.since)
    complaints = came_to.get("complaint", 0)
    n = max(sum(came_to.values()) - complaints, complaints)
    found = ill(n, came_to, health_policy().of_number, nth=stretch.nth)
    return said(found) if found is not None else None


async def none_left(conn: Any) -> bool:
    """Whether every number of ours rests."""
    known = await callers.rows(conn)
    return bool(known) and all(row.paused_at is not None for row in known)
