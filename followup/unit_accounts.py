"""DOOR: accounts that work for a unit or a supervision office. A role says what somebody may do; this, for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import asyncpg

from followup.store import unit_accounts as rows
from followup.store.unit_accounts import OwnUnit
from survey.access.refusals import AccessRefusal, AlreadySo, NoSuchAccount
from survey.access.roles import Grant, Permission, may
from survey.access.signing_in import spelled
from survey.store import access_events, accounts
from survey.store.accounts import Account

__all__ = ["FOR_A_UNIT", "OwnUnit", "check_unit", "grants_for", "link", "unlink"]

FOR_A_UNIT: Final[tuple[Permission, ...]] = ("cases.handle", "cases.supervise")
"""What somebody does for a unit, or for a supervision office, which is a unit too."""
LIAISON: Final = "unit_liaison"


class NoSuchUnit(AccessRefusal):
    """没有这个单位。There is no such unit; `minyi unit list` shows their codes."""


class ContractorForUnit(AccessRefusal):
    """外包人员不能代单位办理。A contractor acts for no unit."""


class RoleElsewhere(AccessRefusal):
    """先给这个单位所在地区的岗位:单位联络员或督查员。First give a role in the area of this unit: unit_liaison or
    supervision_officer."""


async def check_unit(conn: asyncpg.Connection, code: str) -> OwnUnit:
    """Raises NoSuchUnit."""
    found = await rows.unit(conn, code)
    if found is None:
        raise NoSuchUnit(code)
    return found


async def grants_for(
    conn: asyncpg.Connection, unit: str, grants: Sequence[Grant], employment: str
) -> list[Grant]:
    """The roles of a new account that is to work for this unit: those that are given, or that of a liaison in the unit's area.

    Raises NoSuchUnit, ContractorForUnit, RoleElsewhere: before the account is there.
    """
    found = await check_unit(conn, unit)
    wanted = list(grants) or [Grant(LIAISON, found.area_code)]
    _check(found, wanted, employment)
    return wanted


def _check(unit: OwnUnit, grants: Sequence[Grant], employment: str) -> None:
    if employment == "contractor":
        raise ContractorForUnit(unit.code)
    if not any(may(grants, one, unit.area_code) for one in FOR_A_UNIT):
        raise RoleElsewhere(unit.area_code)


async def link(conn: asyncpg.Connection, name: str, unit: str, *, by: str, now: datetime) -> OwnUnit:
    """The account works for this unit from now on, and for no other.

    Raises NoSuchAccount, NoSuchUnit, ContractorForUnit, RoleElsewhere, AlreadySo.
    """
    async with conn.transaction():
        account = await _held(conn, name)
        found = await check_unit(conn, unit)
        _check(found, account.grants, account.employment)
        if not await rows.link(conn, account.id, found.code, now, by):
            raise AlreadySo(f"{account.name} {found.code}")
        await access_events.record(conn, account.id, "unit_set", by=by, detail=found.code, now=now)
        return found


async def unlink(conn: asyncpg.Connection, name: str, *, by: str, now: datetime) -> str:
    """The account works for no unit any more; for which it did. Raises NoSuchAccount, AlreadySo."""
    async with conn.transaction():
        account = await _held(conn, name)
        before = await rows.unlink(conn, account.id)
        if before is None:
            raise AlreadySo(account.name)
        await access_events.record(conn, account.id, "unit_taken", by=by, detail=before, now=now)
        return before


async def _held(conn: asyncpg.Connection, name: str) -> Account:
    account = await accounts.lock(conn, spelled(name))
    if account is None:
        raise NoSuchAccount(name)
    return account
