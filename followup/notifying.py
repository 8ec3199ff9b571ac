"""DOOR: notices on their way: a way is chosen, the message goes, and what became of it is written down.

Texts go through survey's door `telling`; mails are handed to a server here. A notice is never dropped: what fails takes the next
way, and what has none left stands on the supervisor's desk (`notices.stuck`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from followup import notice_planning
from followup.mail_composing import compose
from followup.notice_templates import notice_policy
from followup.postman import Handed, Later, Never, Postman
from followup.store import events
from followup.store import notice_messages as messages
from followup.store import notices as rows
from followup.store.events import EventRow
from followup.store.notice_messages import Mail
from survey import staff_addresses
from survey.ground import Ground

log = structlog.get_logger()
TOLD, NOT_TOLD = "notice", "notice_undelivered"
"""Events of a case."""


async def deliver(ground: Ground, post: Postman | None) -> None:
    """Everything that is due for notices. May run twice, and by several workers at once."""
    await take_news(ground)
    if post is None:
        await _without_server(ground)
    await choose_ways(ground, mail=post is not None)
    if post is not None:
        while await send_mails(ground, post):
            pass
        await choose_ways(ground, mail=True)  # a mail that was refused leaves a text, at once


async def choose_ways(ground: Ground, *, mail: bool) -> None:
    """Messages for what is owed."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        lost = await notice_planning.plan(conn, now, ground.tokens, mail=mail)
        await _event(conn, lost, NOT_TOLD, now, {})
    if lost:
        log.warning("notices that nobody can be told by text or mail", notices=len(lost))


async def take_news(ground: Ground) -> None:
    """What the carrier has said of texts."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        for news in await messages.take_text_news(conn):
            if news.outcome == "delivered":
                await _sent(conn, news.message_id, "text", now)
                if await messages.delivered(conn, news.message_id, now):
                    await rows.delivered(conn, news.message_id, now)
            elif news.outcome is not None:
                await _failed(conn, news.message_id, news.outcome, now)
            else:
                await _sent(conn, news.message_id, "text", now)


async def _without_server(ground: Ground) -> None:
    """Mails from a time when there was a mail server take another way."""
    async with ground.pool.acquire() as conn, conn.transaction():
        for message_id in await messages.waiting_mails(conn):
            await _failed(conn, message_id, "no mail server", ground.clock.now())


async def send_mails(ground: Ground, post: Postman) -> int:
    """A few mails: committed as `sending`, handed over, written down. How many were taken up."""
    policy = notice_policy().mail
    lease = ground.real_now() + timedelta(seconds=policy.lease_s)
    async with ground.pool.acquire() as conn, conn.transaction():
        mails = await messages.claim_mails(conn, ground.clock.now(), ground.real_now(), lease, policy.at_once)
    await asyncio.gather(*(_send(ground, post, mail) for mail in mails))
    return len(mails)


async def _send(ground: Ground, post: Postman, mail: Mail) -> None:
    async with ground.pool.acquire() as conn:
        to = await staff_addresses.opened(conn, ground.vault, mail.staff_address)
    answer: Handed | Never | Later = Never("no_address")
    if to is not None:
        answer = await post.send(
            compose(
                ref=mail.ref,
                sender=post.sender,
                to=to,
                subject=mail.subject,
                body=mail.body,
                letters=mail.letters,
                at=mail.created_at,
            )
        )
    async with ground.pool.acquire() as conn, conn.transaction():
        await _keep_answer(conn, mail, answer, ground.clock.now())


async def _keep_answer(conn: Any, mail: Mail, answer: Handed | Never | Later, now: datetime) -> None:
    again = notice_policy().mail.again_minutes
    if isinstance(answer, Handed):
        await _sent(conn, mail.id, "mail", now)
    elif isinstance(answer, Later) and mail.tries <= len(again):
        log.warning("mail server says later", ref=mail.ref, why=answer.why)
        await messages.again(conn, mail.id, now + timedelta(minutes=again[mail.tries - 1]))
    else:
        await _failed(conn, mail.id, answer.why, now)


async def _sent(conn: Any, message_id: int, channel: str, now: datetime) -> None:
    """The first message of a notice starts the time for its receipt, and is an event of its case."""
    if not await messages.sent(conn, message_id, now):
        return
    sent = await rows.sent(conn, message_id, now)
    for one in sent:
        if (until := notice_planning.receipt_by(one.template, now, urgent=one.urgent)) is not None:
            await rows.ask_receipt(conn, one.id, until)
    await _event(conn, [one.id for one in sent], TOLD, now, {"channel": channel})


async def _failed(conn: Any, message_id: int, why: str, now: datetime) -> None:
    if await messages.failed(conn, message_id, now, why):
        await rows.next_way(conn, message_id, now, why)


async def _event(
    conn: Any, notice_ids: Sequence[int], event: str, now: datetime, detail: dict[str, str]
) -> None:
    """Written in the order of the cases, so that two workers never wait for each other."""
    of_cases = sorted(await rows.of_cases(conn, notice_ids), key=lambda one: (one.case_id, one.id))
    await events.insert_events(
        conn,
        [
            EventRow(
                one.case_id,
                one.round,
                event,
                one.status,
                one.status,
                "system",
                None,
                now,
                {"notice": one.id, "template": one.template, "recipient": one.recipient, **detail},
            )
            for one in of_cases
        ],
    )
