"""DOOR. What was handed to the carrier and must not be dialled any more is had back; not heard, it is asked for again."""

import asyncio
from datetime import timedelta

import structlog

from survey.channels.base import Carrier
from survey.dialing import AT_ONCE
from survey.dispatch_policy import dispatch_policy
from survey.ground import Ground
from survey.store import recalls
from survey.store.recalls import Recall

log = structlog.get_logger()


async def recall(ground: Ground, carrier: Carrier) -> int:
    """Have back what has not begun when its window closes, or its campaign rests. How many the carrier has heard."""
    now = ground.clock.now()
    again = now + timedelta(seconds=dispatch_policy().recall_again_s)
    async with ground.pool.acquire() as conn:
        asked = await recalls.take(conn, now, again)
    if not asked:
        return 0
    slots = asyncio.Semaphore(AT_ONCE)
    answers = await asyncio.gather(*(_cancel(carrier, slots, one) for one in asked))
    heard = [one.id for one, was_heard in zip(asked, answers, strict=True) if was_heard]
    async with ground.pool.acquire() as conn:
        await recalls.heard(conn, heard)
    if len(heard) < len(asked):
        log.warning("carrier away; recalls are repeated", asked=len(asked), heard=len(heard))
    return len(heard)


async def _cancel(carrier: Carrier, slots: asyncio.Semaphore, one: Recall) -> bool:
    async with slots:
        return await (carrier.cancel_text if one.mode == "text" else carrier.cancel_call)(one.sid)
