"""DOOR: where units, offices and posts are told. Addresses are sealed; what can be seen is masked."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from followup.notice_templates import Channel, Role
from followup.notice_ways import Recipient, centre_of, recipient
from followup.refusals import AddressRefused, NotARecipient, NotARole
from followup.store import notice_addresses as rows
from followup.store import notices
from followup.store.notice_addresses import AddressRow
from survey import staff_addresses
from survey.sampling.numbers import NumberPlan
from survey.staff_addresses import NotAnAddress
from survey.vault import Vault


async def keep(
    conn: asyncpg.Connection,
    vault: Vault,
    holder: str,
    role: Role,
    channel: Channel,
    typed: str,
    *,
    centre: str,
    plan: NumberPlan,
    by: str,
    now: datetime,
) -> str:
    """Set the address of one role by one channel; the one before is emptied. How it may be shown. What could not be told
    before is tried again.

    Raises NotARecipient, NotARole, AddressRefused.
    """
    one = await _of_centre(conn, holder, centre)
    if (role == "duty") == (one.kind == "unit") or role == "resident":
        raise NotARole(holder=holder, role=role)
    async with conn.transaction():
        try:
            kind: staff_addresses.Kind = "phone" if channel == "text" else "mail"
            address, shown = await staff_addresses.keep(conn, vault, kind, typed, plan)
        except NotAnAddress as no:
            raise AddressRefused(why=no) from None
        await _remove(conn, holder, role, channel, now)
        await rows.insert(conn, holder, centre, role, channel, address, shown, now, by)
        await notices.owed_again(conn, holder, now)
    return shown


async def remove(
    conn: asyncpg.Connection, holder: str, role: str, channel: str, *, centre: str, now: datetime
) -> bool:
    """Nothing goes there any more. False: there was none. Raises NotARecipient."""
    await _of_centre(conn, holder, centre)
    async with conn.transaction():
        return await _remove(conn, holder, role, channel, now)


async def book(conn: asyncpg.Connection, centre: str) -> list[AddressRow]:
    """The address book of a centre, masked."""
    return await rows.addresses(conn, centre)


async def known(conn: asyncpg.Connection, holder: str, centre: str) -> None:
    """Raises NotARecipient unless this is a unit, an office or a post of the centre."""
    await _of_centre(conn, holder, centre)


async def _remove(conn: asyncpg.Connection, holder: str, role: str, channel: str, now: datetime) -> bool:
    old = await rows.remove(conn, holder, role, channel, now)
    if old is not None:
        await staff_addresses.take_back(conn, old)
    return old is not None


async def _of_centre(conn: asyncpg.Connection, holder: str, centre: str) -> Recipient:
    one = recipient(holder)
    if one is None or one.kind == "resident" or await centre_of(conn, one) != centre:
        raise NotARecipient(holder=holder, centre=centre)
    return one
