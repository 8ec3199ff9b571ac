"""Accounts with their roles, second factors and recovery codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.access.roles import Grant


@dataclass(frozen=True)
class Account:
    """One person who may sign in. `roles` and `areas` belong together, place by place."""

    id: int
    name: str
    called: str
    employment: str
    password_hash: str
    password_at: datetime
    must_change: bool
    totp_cipher: bytes | None
    totp_step: int
    created_at: datetime
    created_by: str
    disabled_at: datetime | None
    roles: Sequence[str]
    areas: Sequence[str]

    @property
    def grants(self) -> tuple[Grant, ...]:
        return tuple(map(Grant, self.roles, self.areas))


SELECT_ACCOUNT = """
SELECT a.id, a.name, a.called, a.employment, a.password_hash, a.password_at, a.must_change, a.totp_cipher, a.totp_step,
       a.created_at, a.created_by, a.disabled_at,
       array(SELECT role FROM survey.account_role r WHERE r.account_id = a.id ORDER BY role, area_code) AS roles,
       array(SELECT area_code FROM survey.account_role r WHERE r.account_id = a.id ORDER BY role, area_code) AS areas
FROM survey.account a WHERE a.name = $1"""


async def account(conn: Any, name: str) -> Account | None:
    """The account of this name, a disabled one too."""
    row = await conn.fetchrow(SELECT_ACCOUNT, name)
    return Account(**row) if row else None


SELECT_ACCOUNTS = """
SELECT a.id, a.name, a.called, a.employment, a.password_hash, a.password_at, a.must_change, a.totp_cipher, a.totp_step,
       a.created_at, a.created_by, a.disabled_at,
       array(SELECT role FROM survey.account_role r WHERE r.account_id = a.id ORDER BY role, area_code) AS roles,
       array(SELECT area_code FROM survey.account_role r WHERE r.account_id = a.id ORDER BY role, area_code) AS areas
FROM survey.account a ORDER BY a.name"""


async def accounts(conn: Any) -> list[Account]:
    """All of them, by name."""
    return [Account(**row) for row in await conn.fetch(SELECT_ACCOUNTS)]


LOCK_ACCOUNT = """
SELECT id FROM survey.account WHERE name = $1 FOR UPDATE"""


async def lock(conn: Any, name: str) -> Account | None:
    """The account, held until the transaction ends."""
    await conn.execute(LOCK_ACCOUNT, name)
    return await account(conn, name)


INSERT_ACCOUNT = """
INSERT INTO survey.account (name, called, employment, password_hash, password_at, must_change, created_at, created_by)
VALUES ($1, $2, $3, $4, $5, true, $5, $6) ON CONFLICT (name) DO NOTHING RETURNING id"""


async def insert(
    conn: Any, name: str, called: str, employment: str, password_hash: str, by: str, now: datetime
) -> int | None:
    """A new account, whose first password must be changed; None: the name is taken."""
    made: int | None = await conn.fetchval(INSERT_ACCOUNT, name, called, employment, password_hash, now, by)
    return made


SET_PASSWORD = """
UPDATE survey.account SET password_hash = $2, password_at = $3, must_change = $4 WHERE id = $1"""


async def set_password(conn: Any, account_id: int, hashed: str, *, must_change: bool, now: datetime) -> None:
    """Another password."""
    await conn.execute(SET_PASSWORD, account_id, hashed, now, must_change)


REHASH = """
UPDATE survey.account SET password_hash = $3 WHERE id = $1 AND password_hash = $2"""


async def rehash(conn: Any, account_id: int, old: str, new: str) -> None:
    """The same password, hashed with the parameters of today."""
    await conn.execute(REHASH, account_id, old, new)


SET_DISABLED = """
UPDATE survey.account SET disabled_at = $2 WHERE id = $1 AND (disabled_at IS NULL) <> ($2::timestamptz IS NULL)
RETURNING id"""


async def set_disabled(conn: Any, account_id: int, at: datetime | None) -> bool:
    """Disable an account, or (`at` None) enable it again. False: it was so already."""
    return await conn.fetchval(SET_DISABLED, account_id, at) is not None


DELETE_ROLES = """
DELETE FROM survey.account_role WHERE account_id = $1"""

INSERT_ROLES = """
INSERT INTO survey.account_role (account_id, role, area_code) SELECT $1, * FROM unnest($2::text[], $3::text[])"""


async def set_roles(conn: Any, account_id: int, grants: Sequence[Grant]) -> None:
    """These roles and no others."""
    await conn.execute(DELETE_ROLES, account_id)
    await conn.execute(INSERT_ROLES, account_id, [one.role for one in grants], [one.area for one in grants])


SELECT_UNKNOWN_AREAS = """
SELECT code FROM unnest($1::text[]) AS wanted(code) WHERE NOT EXISTS (SELECT FROM survey.area a WHERE a.code = wanted.code)"""


async def unknown_areas(conn: Any, codes: Sequence[str]) -> list[str]:
    """Those of the codes that no area has."""
    return [row["code"] for row in await conn.fetch(SELECT_UNKNOWN_AREAS, list(codes))]


SET_TOTP = """
UPDATE survey.account SET totp_cipher = $2, totp_step = $3 WHERE id = $1"""

DELETE_RECOVERY = """
DELETE FROM survey.account_recovery WHERE account_id = $1"""

INSERT_RECOVERY = """
INSERT INTO survey.account_recovery (code_hash, account_id) SELECT unnest($2::bytea[]), $1"""


async def set_second_factor(
    conn: Any, account_id: int, cipher: bytes | None, step: int, recovery: Sequence[bytes]
) -> None:
    """A second factor and its recovery codes instead of what there was; without a cipher there is none any more."""
    await conn.execute(SET_TOTP, account_id, cipher, step)
    await conn.execute(DELETE_RECOVERY, account_id)
    await conn.execute(INSERT_RECOVERY, account_id, list(recovery))


USE_STEP = """
UPDATE survey.account SET totp_step = $2 WHERE id = $1 AND totp_step < $2 RETURNING id"""


async def use_step(conn: Any, account_id: int, step: int) -> bool:
    """Take the code of a time step. False: it, or one after it, was used before."""
    return await conn.fetchval(USE_STEP, account_id, step) is not None


USE_RECOVERY = """
DELETE FROM survey.account_recovery WHERE account_id = $1 AND code_hash = $2 RETURNING account_id"""


async def use_recovery(conn: Any, account_id: int, code_hash: bytes) -> bool:
    """Take a recovery code, which then is no more."""
    return await conn.fetchval(USE_RECOVERY, account_id, code_hash) is not None
