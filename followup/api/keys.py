"""DOOR: keys of other systems. A key is `mk_REF_SECRET`; the secret is shown once and kept as a hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import asyncpg

from followup.api.policy import api_policy
from followup.api.scopes import Scope
from followup.door_refusals import (
    KeyAlreadyGone,
    KeyTooLong,
    KeyWithoutName,
    KeyWithoutScope,
    UnitKeyScope,
    UnknownUnitOfCentre,
)
from followup.refusals import UnknownCentre
from followup.store import api_keys, places, units
from followup.store.api_keys import KeyRow

PREFIX: Final = "mk"
REF_BYTES: Final = 6
SECRET_BYTES: Final = 32
ONLY_OF_UNITS: Final = {Scope.RESULTS_WRITE}
NOT_OF_UNITS: Final = {Scope.CASES_WRITE, Scope.IMPORTS_WRITE, Scope.EXPORTS_READ}


@dataclass(frozen=True)
class NewKey:
    """A key at the moment it is made: `secret` is the whole text, which nobody sees again."""

    row: KeyRow
    secret: str


async def create(
    conn: asyncpg.Connection,
    centre_code: str,
    *,
    name: str,
    scopes: Sequence[Scope],
    unit_code: str | None = None,
    days: int | None = None,
    by: str,
    now: datetime,
) -> NewKey:
    """A key for one system.

    Raises UnknownCentre, UnknownUnitOfCentre, KeyWithoutName, KeyWithoutScope, KeyTooLong, UnitKeyScope.
    """
    days = days or api_policy().key_days
    if not name.strip():
        raise KeyWithoutName()
    if not scopes:
        raise KeyWithoutScope(known=", ".join(Scope))
    if days > api_policy().longest_key_days or days < 1:
        raise KeyTooLong(days=days, most=api_policy().longest_key_days)
    _check_unit_scopes(scopes, unit_code)
    if await places.centre_place(conn, centre_code) is None:
        raise UnknownCentre(centre=centre_code)
    if unit_code and not await units.known_units(conn, centre_code, [unit_code]):
        raise UnknownUnitOfCentre(unit=unit_code, centre=centre_code)
    ref, secret = secrets.token_hex(REF_BYTES), secrets.token_urlsafe(SECRET_BYTES)
    row = await api_keys.insert_key(
        conn,
        ref=ref,
        secret_hash=_hash(secret),
        centre_code=centre_code,
        unit_code=unit_code,
        name=name.strip(),
        scopes=[scope.value for scope in dict.fromkeys(scopes)],
        created_at=now,
        created_by=by,
        expires_at=now + timedelta(days=days),
    )
    return NewKey(row, f"{PREFIX}_{ref}_{secret}")


async def keys_of(conn: asyncpg.Connection, centre_code: str) -> list[KeyRow]:
    """All keys of a centre."""
    return await api_keys.keys_of(conn, centre_code)


async def revoke(conn: asyncpg.Connection, centre_code: str, ref: str, *, by: str, now: datetime) -> None:
    """The key opens nothing from now on. Raises KeyAlreadyGone."""
    if not await api_keys.revoke(conn, ref, centre_code, at=now, by=by):
        raise KeyAlreadyGone(ref=ref, centre=centre_code)


async def authenticate(conn: asyncpg.Connection, text: str, now: datetime) -> KeyRow | None:
    """The key in force that this text is; None for anything else, without saying which."""
    prefix, _, rest = text.partition("_")
    ref, _, secret = rest.partition("_")
    if prefix != PREFIX or not ref.isascii() or not ref.isalnum():
        return None
    row = await api_keys.key_of_ref(conn, ref)
    right = hmac.compare_digest(row.secret_hash if row else b"\0" * 32, _hash(secret))
    if row is None or not right or row.revoked_at is not None or row.expires_at <= now:
        return None
    return row


def fingerprint(key_text: str, *parts: bytes) -> bytes:
    """Of a request, under the secret of who makes it: the same request has the same, and nobody without the secret can try out
    what it was."""
    mac = hmac.new(key_text.encode(), digestmod="sha256")
    for part in parts:
        mac.update(len(part).to_bytes(8, "big") + part)
    return mac.digest()


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def _check_unit_scopes(scopes: Sequence[Scope], unit_code: str | None) -> None:
    wrong = set(scopes) & (NOT_OF_UNITS if unit_code else ONLY_OF_UNITS)
    if wrong:
        needs = "a key without a unit" if unit_code else "a key of a unit"
        raise UnitKeyScope(scopes=", ".join(sorted(wrong)), needs=needs)
