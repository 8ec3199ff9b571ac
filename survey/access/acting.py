"""Who acts, where a name is typed at the command line: an account that may, once there are accounts."""

from __future__ import annotations

from typing import Any

from survey.access.roles import Permission, may
from survey.access.signing_in import spelled
from survey.store import accounts
from survey.store.accounts import Account


class NoActor(Exception):
    """An installation with accounts has none of this name that may do it there."""


async def actor(conn: Any, name: str, permission: Permission, area: str) -> Account | None:
    """The account of this name. None: this installation has no accounts, and takes the name that is typed. Raises NoActor."""
    working = [one for one in await accounts.accounts(conn) if one.disabled_at is None]
    if not working:
        return None
    for one in working:
        if one.name == spelled(name) and may(one.grants, permission, area):
            return one
    raise NoActor
