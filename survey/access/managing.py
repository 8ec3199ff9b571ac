"""DOOR. Accounts as an administrator with an account of their own gives them out: within their areas, and never their own.

What is done to an account is done by `survey.access.granting`, as the command `minyi user` does it.
"""

from collections.abc import Sequence
from typing import Final

from survey.access import granting
from survey.access.granting import Employment, NewPassword
from survey.access.passwords import Passwords
from survey.access.refusals import NoSuchAccount, NotPermitted, OwnAccount
from survey.access.roles import Grant, Permission
from survey.access.signed_in import SignedIn
from survey.access.signing_in import spelled
from survey.ground import Ground
from survey.store import accounts
from survey.store.accounts import Account

MANAGE: Final[Permission] = "accounts.manage"


def in_reach(who: SignedIn, account: Account) -> bool:
    """Whether every role of an account lies in areas of the administrator's; of one that has none, nobody's but the command's."""
    return bool(account.grants) and all(who.may(MANAGE, one.area) for one in account.grants)


async def add(
    ground: Ground,
    passwords: Passwords,
    who: SignedIn,
    name: str,
    *,
    called: str,
    employment: Employment,
    grants: Sequence[Grant],
) -> NewPassword:
    """Raises NotPermitted, and what `granting.add` raises."""
    _require(who, grants)
    return await granting.add(
        ground, passwords, name, called=called, employment=employment, grants=grants, by=who.name
    )


async def set_roles(ground: Ground, who: SignedIn, name: str, area: str, roles: Sequence[str]) -> Account:
    """These roles in `area`; those in other areas stay. Raises NotPermitted, OwnAccount, and what `granting.set_roles` raises."""
    account = await _theirs(ground, who, name)
    others = [one for one in account.grants if one.area != area]
    grants = sorted({*others, *(Grant(role, area) for role in roles)})
    _require(who, grants)
    return await granting.set_roles(ground, account.name, grants, by=who.name)


async def reset(
    ground: Ground, passwords: Passwords, who: SignedIn, name: str, *, second_factor: bool
) -> NewPassword:
    """Raises NotPermitted, OwnAccount, NoSuchAccount."""
    account = await _theirs(ground, who, name)
    return await granting.reset(ground, passwords, account.name, second_factor=second_factor, by=who.name)


async def turn(ground: Ground, who: SignedIn, name: str, *, on: bool) -> Account:
    """Disable or enable. Raises NotPermitted, OwnAccount, NoSuchAccount, AlreadySo."""
    account = await _theirs(ground, who, name)
    act = granting.enable if on else granting.disable
    return await act(ground, account.name, by=who.name)


async def _theirs(ground: Ground, who: SignedIn, name: str) -> Account:
    async with ground.pool.acquire() as conn:
        account = await accounts.account(conn, spelled(name))
    if account is None:
        raise NoSuchAccount(name)
    if account.id == who.account_id:
        raise OwnAccount
    if not in_reach(who, account):
        raise NotPermitted(f"{MANAGE} {account.name}")
    return account


def _require(who: SignedIn, grants: Sequence[Grant]) -> None:
    for one in grants:
        who.require(MANAGE, one.area)
