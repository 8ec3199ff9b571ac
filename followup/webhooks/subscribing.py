"""DOOR: subscriptions of other systems: made, listed, their secrets changed, their deliveries owed again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from followup.door_refusals import NothingToReplay, UnknownEventType, UnknownSubscription, UnknownUnitOfCentre
from followup.refusals import UnknownCentre
from followup.store import deliveries, places, subscriptions, units
from followup.store.deliveries import DeliveryCounts
from followup.store.subscriptions import SubscriptionRow
from followup.webhooks.guard import Guard
from followup.webhooks.policy import webhook_policy
from survey.ids import Tokens
from survey.vault import Vault

SECRET_BYTES: Final = 32


@dataclass(frozen=True)
class NewSubscription:
    """A subscription at the moment it is made; its secret is shown now and never again."""

    row: SubscriptionRow
    secret: str


@dataclass(frozen=True)
class Listed:
    """A subscription and how its deliveries stand; without its secrets."""

    ref: str
    url: str
    types: Sequence[str]
    unit_code: str | None
    status: str
    two_secrets: bool
    counts: DeliveryCounts


async def subscribe(
    conn: asyncpg.Connection,
    vault: Vault,
    guard: Guard,
    centre_code: str,
    *,
    url: str,
    types: Sequence[str],
    unit_code: str | None = None,
    by: str,
    now: datetime,
    tokens: Tokens,
) -> NewSubscription:
    """Tell `url` of events of these types from now on; none: of all. With a unit: of the cases that it works on.

    Raises AddressNotAllowed, UnknownEventType, UnknownCentre, UnknownUnitOfCentre.
    """
    known = webhook_policy().every_type
    unknown = [one for one in types if one not in known]
    if unknown:
        raise UnknownEventType(types=", ".join(unknown), known=", ".join(known))
    guard.check_url(url)
    if await places.centre_place(conn, centre_code) is None:
        raise UnknownCentre(centre=centre_code)
    if unit_code and not await units.known_units(conn, centre_code, [unit_code]):
        raise UnknownUnitOfCentre(unit=unit_code, centre=centre_code)
    secret = new_secret()
    row = await subscriptions.insert_subscription(
        conn,
        ref=tokens(),
        centre_code=centre_code,
        unit_code=unit_code,
        url=url,
        types=list(dict.fromkeys(types)) or list(known),
        secret=vault.seal(secret),
        at=now,
        by=by,
    )
    return NewSubscription(row, secret)


async def listed(conn: asyncpg.Connection, centre_code: str) -> list[Listed]:
    """All subscriptions of a centre."""
    rows = await subscriptions.subscriptions_of(conn, centre_code)
    counts = await deliveries.counts(conn, [row.id for row in rows])
    return [
        Listed(
            row.ref,
            row.url,
            row.types,
            row.unit_code,
            row.status,
            row.older_secret is not None,
            counts.get(row.id, DeliveryCounts(row.id, 0, 0, 0, None)),
        )
        for row in rows
    ]


async def rotate(conn: asyncpg.Connection, vault: Vault, centre_code: str, ref: str) -> str:
    """A new secret, which is returned; until `drop_older` deliveries are signed with the old one too."""
    row = await _read(conn, centre_code, ref)
    secret = new_secret()
    await subscriptions.rotate(conn, row.id, vault.seal(secret))
    return secret


async def drop_older(conn: asyncpg.Connection, centre_code: str, ref: str) -> None:
    """The receiver knows the new secret; the old one signs no more."""
    await subscriptions.drop_older(conn, (await _read(conn, centre_code, ref)).id)


async def stop(conn: asyncpg.Connection, centre_code: str, ref: str) -> None:
    """Nothing is delivered until it goes on; then all of it, in order."""
    await subscriptions.set_status(conn, (await _read(conn, centre_code, ref)).id, "stopped")


async def go_on(conn: asyncpg.Connection, centre_code: str, ref: str) -> None:
    """Deliver again."""
    await subscriptions.set_status(conn, (await _read(conn, centre_code, ref)).id, "active")


async def replay(
    conn: asyncpg.Connection, centre_code: str, ref: str, *, delivery: str | None = None, now: datetime
) -> int:
    """Owe one delivery again, or all that are dead; how many. Raises NothingToReplay."""
    count = await deliveries.replay(conn, (await _read(conn, centre_code, ref)).id, delivery, now)
    if count == 0:
        raise NothingToReplay(ref=ref)
    return count


async def subscription(conn: asyncpg.Connection, centre_code: str, ref: str) -> SubscriptionRow:
    """One subscription. Raises UnknownSubscription."""
    return await _read(conn, centre_code, ref)


def new_secret() -> str:
    """256 random bits."""
    return "whsec_" + secrets.token_urlsafe(SECRET_BYTES)


async def _read(conn: asyncpg.Connection, centre_code: str, ref: str) -> SubscriptionRow:
    row = await subscriptions.subscription(conn, centre_code, ref)
    if row is None:
        raise UnknownSubscription(ref=ref, centre=centre_code)
    return row
