"""DOOR: units whose own system speaks Open311: where it is, and what a person decides about requests that got stuck there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import asyncpg

from followup.categories import categories
from followup.door_refusals import (
    EndpointKnown,
    NoEndpoint,
    NotStuck,
    UnknownService,
    UnknownUnitOfCentre,
)
from followup.store import forwards, units
from followup.store.forwards import EndpointRow, Forwarded
from followup.webhooks.guard import Guard
from survey.ids import Tokens
from survey.vault import Vault

ANY = "*"
STUCK = ("unsure", "refused")


async def add(
    conn: asyncpg.Connection,
    vault: Vault,
    guard: Guard,
    centre_code: str,
    *,
    unit: str,
    url: str,
    services: Mapping[str, str],
    jurisdiction: str | None = None,
    api_key: str | None = None,
    attributes: Mapping[str, str] | None = None,
    by: str,
    now: datetime,
    tokens: Tokens,
) -> None:
    """Cases dispatched to `unit` from now on go to its own endpoint. `services`: our category, group or "*" (any other) to the
    code that it has there.

    Raises AddressNotAllowed, UnknownUnitOfCentre, UnknownService, EndpointKnown.
    """
    guard.check_url(url)
    if not await units.known_units(conn, centre_code, [unit]):
        raise UnknownUnitOfCentre(unit=unit, centre=centre_code)
    known = {ANY} | {code for one in categories().categories for code in (one.code, one.group)}
    strange = sorted(set(services) - known)
    if strange or ANY not in services:
        raise UnknownService(which=", ".join(strange) or "*")
    made = await forwards.insert_endpoint(
        conn,
        ref=tokens(),
        centre_code=centre_code,
        unit_code=unit,
        url=url.rstrip("/"),
        jurisdiction=jurisdiction,
        api_key=vault.seal(api_key) if api_key else None,
        services=services,
        attributes=attributes or {},
        at=now,
        by=by,
    )
    if not made:
        raise EndpointKnown(unit=unit)


async def remove(conn: asyncpg.Connection, centre_code: str, *, unit: str, by: str, now: datetime) -> None:
    """Nothing more goes there; what was taken is followed to its end. Raises NoEndpoint."""
    if not await forwards.remove_endpoint(conn, centre_code, unit, now, by):
        raise NoEndpoint(unit=unit)


async def listed(conn: asyncpg.Connection, centre_code: str) -> Sequence[EndpointRow]:
    """Those in force."""
    return await forwards.endpoints(conn, centre_code)


async def again(conn: asyncpg.Connection, centre_code: str, number: str, *, now: datetime) -> Forwarded:
    """A person has seen that the request is not there: it is sent again. Raises NotStuck."""
    one = await _stuck(conn, centre_code, number)
    if not await forwards.set_state(conn, one.id, STUCK, "owed", now):
        raise NotStuck(number=number)
    return one


async def taken(
    conn: asyncpg.Connection, centre_code: str, number: str, request_id: str, *, now: datetime
) -> Forwarded:
    """A person has found the request there, under `request_id`: it is followed. Raises NotStuck."""
    one = await _stuck(conn, centre_code, number)
    if not await forwards.set_state(conn, one.id, STUCK, "taken", now, request_id=request_id.strip()):
        raise NotStuck(number=number)
    return one


async def _stuck(conn: asyncpg.Connection, centre_code: str, number: str) -> Forwarded:
    waiting = await forwards.forwarded(conn, centre_code, number=number)
    if not waiting:
        raise NotStuck(number=number)
    return waiting[-1]
