"""DOOR. Accounts: given out, reset, disabled, enabled, and their roles. Each change leaves an event that says who made it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from survey.access.passwords import Passwords, first_password
from survey.access.refusals import (
    AlreadySo,
    BadName,
    NameTaken,
    NoRole,
    NoSuchAccount,
    UnknownAreaOfRole,
    UnknownRole,
)
from survey.access.roles import Grant, roles_policy
from survey.access.signing_in import spelled
from survey.ground import Ground
from survey.store import access_events, accounts, sessions
from survey.store.accounts import Account

NAME: Final = re.compile(r"[a-z0-9一-鿿][a-z0-9一-鿿.-]{1,39}")
Employment = Literal["staff", "contractor"]


@dataclass(frozen=True)
class NewPassword:
    """An account at the moment its first password is made, which nobody sees again."""

    account: Account
    password: str


async def add(
    ground: Ground,
    passwords: Passwords,
    name: str,
    *,
    called: str,
    employment: Employment,
    grants: Sequence[Grant],
    by: str,
) -> NewPassword:
    """An account with a first password that must be changed.

    Raises BadName, NameTaken, NoRole, UnknownRole, UnknownAreaOfRole."""
    name = spelled(name)
    if not NAME.fullmatch(name):
        raise BadName(name)
    first, now = first_password(), ground.clock.now()
    hashed = await passwords.hash(first)
    async with ground.pool.acquire() as conn, conn.transaction():
        await _check(conn, grants)
        made = await accounts.insert(conn, name, called.strip() or name, employment, hashed, by, now)
        if made is None:
            raise NameTaken(name)
        await accounts.set_roles(conn, made, grants)
        await access_events.record(conn, made, "added", by=by, detail=_written(grants), now=now)
        return NewPassword(await _account(conn, name), first)


async def reset(
    ground: Ground, passwords: Passwords, name: str, *, second_factor: bool, by: str
) -> NewPassword:
    """A first password again; all sessions end, and nothing counts against the name. `second_factor`: that is gone too, as when a
    telephone was lost. Raises NoSuchAccount."""
    first, now = first_password(), ground.clock.now()
    hashed = await passwords.hash(first)
    async with ground.pool.acquire() as conn, conn.transaction():
        account = await _held(conn, name)
        await accounts.set_password(conn, account.id, hashed, must_change=True, now=now)
        await sessions.end_all_of(conn, account.id)
        await sessions.forgive_name(conn, ground.vault.name_token(account.name))
        await access_events.record(conn, account.id, "reset", by=by, now=now)
        if second_factor and account.totp_cipher is not None:
            await accounts.set_second_factor(conn, account.id, None, 0, [])
            await access_events.record(conn, account.id, "second_factor_removed", by=by, now=now)
        return NewPassword(await _account(conn, account.name), first)


async def disable(ground: Ground, name: str, *, by: str) -> Account:
    """Nobody signs in with it any more, and who is signed in is out at once. Raises NoSuchAccount, AlreadySo."""
    return await _turn(ground, name, disabled=True, by=by)


async def enable(ground: Ground, name: str, *, by: str) -> Account:
    """A disabled account again, with its old password. Raises NoSuchAccount, AlreadySo."""
    return await _turn(ground, name, disabled=False, by=by)


async def set_roles(ground: Ground, name: str, grants: Sequence[Grant], *, by: str) -> Account:
    """These roles and no others, from the next page on. Raises NoSuchAccount, NoRole, UnknownRole, UnknownAreaOfRole."""
    async with ground.pool.acquire() as conn, conn.transaction():
        account = await _held(conn, name)
        await _check(conn, grants)
        await accounts.set_roles(conn, account.id, grants)
        await access_events.record(
            conn, account.id, "roles_set", by=by, detail=_written(grants), now=ground.clock.now()
        )
        return await _account(conn, account.name)


async def _turn(ground: Ground, name: str, *, disabled: bool, by: str) -> Account:
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        account = await _held(conn, name)
        if not await accounts.set_disabled(conn, account.id, now if disabled else None):
            raise AlreadySo(account.name)
        await sessions.end_all_of(conn, account.id)
        await access_events.record(conn, account.id, "disabled" if disabled else "enabled", by=by, now=now)
        return await _account(conn, account.name)


async def _check(conn: Any, grants: Sequence[Grant]) -> None:
    if not grants:
        raise NoRole
    if unknown := [one.role for one in grants if one.role not in roles_policy().roles]:
        raise UnknownRole(", ".join(unknown))
    if missing := await accounts.unknown_areas(conn, [one.area for one in grants]):
        raise UnknownAreaOfRole(", ".join(missing))


async def _held(conn: Any, name: str) -> Account:
    account = await accounts.lock(conn, spelled(name))
    if account is None:
        raise NoSuchAccount(name)
    return account


async def _account(conn: Any, name: str) -> Account:
    account = await accounts.account(conn, name)
    assert account is not None
    return account


def _written(grants: Sequence[Grant]) -> str:
    return " ".join(f"{one.role}:{one.area}" for one in grants)
