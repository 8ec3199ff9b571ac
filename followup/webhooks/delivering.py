"""Deliveries on their way: claimed, signed, posted, and tried again. At least once; the receiver knows a repetition by its id."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import aiohttp
import asyncpg
import structlog

from followup import notices
from followup.door_refusals import AddressNotAllowed
from followup.notices import NewNotice
from followup.store import deliveries, places
from followup.store.deliveries import ClaimedDelivery
from followup.webhooks.guard import Guard, GuardedResolver
from followup.webhooks.policy import webhook_policy
from followup.webhooks.signing import HEADER, ID_HEADER, TYPE_HEADER, signature
from survey.ground import Ground
from survey.masking import without_numbers
from survey.vault import Vault

log = structlog.get_logger()
Dice = Callable[[], float]
OF_CALLBACKS = "callback.settled"


@dataclass(frozen=True)
class Tried:
    """What came of one try."""

    well: bool
    answer: str


def open_session(guard: Guard) -> aiohttp.ClientSession:
    """A client that connects to what the guard allows only, and takes no proxy from its environment."""
    timeout = aiohttp.ClientTimeout(total=webhook_policy().timeout_s)
    connector = aiohttp.TCPConnector(resolver=GuardedResolver(guard), use_dns_cache=False)
    return aiohttp.ClientSession(connector=connector, timeout=timeout, trust_env=False)


async def deliver_due(
    ground: Ground, guard: Guard, dice: Dice, taken: Callable[[], None] = lambda: None
) -> int:
    """Try what is due, some batches one after the other; how many tries. What a dead worker was at is due again."""
    policy, count = webhook_policy(), 0
    async with open_session(guard) as session:
        for _ in range(policy.batches):
            now = ground.clock.now()
            async with ground.pool.acquire() as conn:
                until = now + timedelta(seconds=policy.lease_s)
                claimed = await deliveries.claim(conn, now, until, policy.at_once)
            taken()
            if not claimed:
                break
            await asyncio.gather(*(_one(ground, guard, session, dice, one) for one in claimed))
            count += len(claimed)
    return count


async def _one(
    ground: Ground, guard: Guard, session: aiohttp.ClientSession, dice: Dice, one: ClaimedDelivery
) -> None:
    at = int(ground.real_now().timestamp())
    tried = await post(
        session,
        guard,
        ground.vault,
        one.url,
        one.secret,
        one.older_secret,
        one.ref,
        one.type,
        body_of(one),
        at,
    )
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        if tried.well:
            await deliveries.delivered(conn, one.id, tried.answer, now)
            return
        wait = webhook_policy().wait(one.tries + 1, dice())
        status = await deliveries.failed(conn, one.id, tried.answer, now + wait if wait else None, now)
        if status == "dead":
            await _tell_the_desk(conn, one, tried, now)
    log.warning("webhook not delivered", delivery=one.ref, tries=one.tries + 1, answer=tried.answer)


async def post(
    session: aiohttp.ClientSession,
    guard: Guard,
    vault: Vault,
    url: str,
    secret: bytes,
    older: bytes | None,
    ref: str,
    kind: str,
    body: bytes,
    at: int,
) -> Tried:
    """One POST, signed. Well is every 2xx; a redirect is not followed, as it leads where nobody checked."""
    secrets = [vault.open(one) for one in (secret, older) if one is not None]
    headers = {
        "Content-Type": "application/json",
        ID_HEADER: ref,
        TYPE_HEADER: kind,
        HEADER: signature(secrets, ref, at, body),
    }
    try:
        guard.check_url(url)
        async with session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            words = (await response.content.read(webhook_policy().answer_kept)).decode("utf-8", "replace")
            answer = without_numbers(f"{response.status} {words}".replace("\0", "").strip())
            return Tried(200 <= response.status < 300, answer[: webhook_policy().answer_kept])
    except AddressNotAllowed:
        return Tried(False, "this address is not allowed any more")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        return Tried(False, f"{type(error).__name__}")


def body_of(one: ClaimedDelivery) -> bytes:
    """What is told: never who the resident is, nor their words. The same at every try."""
    told: dict[str, Any] = {
        "id": one.ref,
        "type": one.type,
        "occurred_at": one.at.isoformat(),
        "sequence": one.seq,
        "centre": one.centre_code,
        "case": {"number": one.number, "external_number": one.external_number, "round": one.round},
        "event": one.event,
        "from": one.from_status,
        "to": one.to_status,
    }
    if one.type == OF_CALLBACKS:
        told["callback"] = {
            "verdict": one.verdict,
            "counted_as": one.counted_as,
            "flagged": one.flagged,
            "reasons": list(one.reasons or ()),
        }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


async def _tell_the_desk(conn: asyncpg.Connection, one: ClaimedDelivery, tried: Tried, now: datetime) -> None:
    """Once a day and subscription: an endpoint that is down would otherwise fill the desk."""
    place = await places.centre_place(conn, one.centre_code)
    day = now.astimezone(ZoneInfo(place.tz if place else "Asia/Shanghai")).date()
    await notices.owe(
        conn,
        NewNotice(
            cause=f"webhook-dead:{one.subscription_ref}:{day}",
            recipient=f"post:supervisor:{one.centre_code}",
            template="webhook_dead",
            facts={
                "subscription": one.subscription_ref,
                "host": urlsplit(one.url).hostname or "",
                "tries": str(one.tries + 1),
                "answer": tried.answer,
            },
        ),
        now=now,
    )
