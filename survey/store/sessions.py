"""Sessions by the hash of their token, and wrong entries that still count."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from survey.store.accounts import Account

INSERT_SESSION = """
INSERT INTO survey.account_session (token_hash, account_id, began_at, seen_at, elsewhere) VALUES ($1, $2, $3, $3, $4)"""


async def insert(
    conn: Any, token_hash: bytes, account_id: int, now: datetime, *, elsewhere: bool = False
) -> None:
    """A session begins. `elsewhere`: another house vouched for it."""
    await conn.execute(INSERT_SESSION, token_hash, account_id, now, elsewhere)


@dataclass(frozen=True)
class Session:
    """A session as it is stored, with the name of its account. Disabled accounts have none."""

    token_hash: bytes
    account_id: int
    name: str
    began_at: datetime
    seen_at: datetime
    code_at: datetime | None
    offered_cipher: bytes | None
    elsewhere: bool


SELECT_VISIT = """
SELECT s.token_hash, s.account_id, s.began_at, s.seen_at, s.code_at, s.offered_cipher, s.elsewhere,
       a.id, a.name, a.called, a.employment, a.password_hash, a.password_at, a.must_change, a.totp_cipher, a.totp_step,
       a.created_at, a.created_by, a.disabled_at,
       array(SELECT role FROM survey.account_role r WHERE r.account_id = a.id ORDER BY role, area_code) AS roles,
       array(SELECT area_code FROM survey.account_role r WHERE r.account_id = a.id ORDER BY role, area_code) AS areas
FROM survey.account_session s JOIN survey.account a ON a.id = s.account_id
WHERE s.token_hash = $1 AND a.disabled_at IS NULL"""
OF_SESSION, OF_ACCOUNT = ({one.name for one in fields(kind)} for kind in (Session, Account))


async def visit(conn: Any, token_hash: bytes) -> tuple[Session, Account] | None:
    """The session of a token, also one that is over by the policy, and whose it is: in one statement, as every page asks it."""
    row = await conn.fetchrow(SELECT_VISIT, token_hash)
    if row is None:
        return None
    named = dict(row)
    session = Session(**{name: value for name, value in named.items() if name in OF_SESSION})
    return session, Account(**{name: value for name, value in named.items() if name in OF_ACCOUNT})


TOUCH = """
UPDATE survey.account_session SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2"""


async def touch(conn: Any, token_hash: bytes, now: datetime) -> None:
    """Somebody is there."""
    await conn.execute(TOUCH, token_hash, now)


RENEW = """
UPDATE survey.account_session SET token_hash = $2, seen_at = $3, code_at = coalesce($4, code_at), offered_cipher = NULL
WHERE token_hash = $1 RETURNING account_id"""


async def renew(
    conn: Any, token_hash: bytes, new_hash: bytes, now: datetime, code_at: datetime | None = None
) -> bool:
    """The session under another token; the old one opens nothing any more. False: it has ended meanwhile."""
    return await conn.fetchval(RENEW, token_hash, new_hash, now, code_at) is not None


OFFER = """
UPDATE survey.account_session SET offered_cipher = $2 WHERE token_hash = $1"""


async def offer(conn: Any, token_hash: bytes, cipher: bytes) -> None:
    """Keep the secret of a second factor until its first code proves that a telephone has it."""
    await conn.execute(OFFER, token_hash, cipher)


DELETE_SESSION = """
DELETE FROM survey.account_session WHERE token_hash = $1"""


async def end(conn: Any, token_hash: bytes) -> None:
    """A session is over."""
    await conn.execute(DELETE_SESSION, token_hash)


DELETE_SESSIONS_OF = """
DELETE FROM survey.account_session WHERE account_id = $1 AND token_hash IS DISTINCT FROM $2"""


async def end_all_of(conn: Any, account_id: int, but: bytes | None = None) -> None:
    """All sessions of an account, or all but one."""
    await conn.execute(DELETE_SESSIONS_OF, account_id, but)


DELETE_OLD_SESSIONS = """
DELETE FROM survey.account_session WHERE began_at <= $1"""


async def forget_older(conn: Any, began: datetime) -> None:
    """Sessions begun so long ago that they are over in any case."""
    await conn.execute(DELETE_OLD_SESSIONS, began)


# -- wrong entries --------------------------------------------------------------------------------------------------

HOLD_NAME = """
SELECT pg_advisory_xact_lock(hashtextextended('sign-in ' || encode($1, 'hex'), 0))"""

HOLD_SOURCE = """
SELECT pg_advisory_xact_lock(hashtextextended('sign-in from ' || $1, 0))"""


async def hold_entry(conn: Any, name_token: bytes, source: str) -> None:
    """One entry of a name, and of an address, after the other, until the transaction ends: many at once are counted too."""
    await conn.execute(HOLD_NAME, name_token)
    await conn.execute(HOLD_SOURCE, source)


SELECT_WRONG = """
SELECT name_token = $1 AS of_name, source = $2 AS of_source, at FROM survey.sign_in_failure
WHERE (name_token = $1 OR source = $2) AND at > $3"""


@dataclass(frozen=True)
class Wrong:
    """One wrong entry, of the name or from the address that was asked for."""

    of_name: bool
    of_source: bool
    at: datetime


async def wrong_entries(conn: Any, name_token: bytes, source: str, after: datetime) -> list[Wrong]:
    """Those of a name and those from an address."""
    return [Wrong(**row) for row in await conn.fetch(SELECT_WRONG, name_token, source, after)]


INSERT_WRONG = """
INSERT INTO survey.sign_in_failure (name_token, source, at) VALUES ($1, $2, $3) RETURNING id"""


async def note_entry(conn: Any, name_token: bytes, source: str, now: datetime) -> int:
    """Count an entry as wrong, before anybody knows whether it is; its id."""
    noted: int = await conn.fetchval(INSERT_WRONG, name_token, source, now)
    return noted


DELETE_ENTRY = """
DELETE FROM survey.sign_in_failure WHERE id = $1"""


async def forgive_entry(conn: Any, noted: int) -> None:
    """It was right."""
    await conn.execute(DELETE_ENTRY, noted)


DELETE_WRONG_OF = """
DELETE FROM survey.sign_in_failure WHERE name_token = $1"""


async def forgive_name(conn: Any, name_token: bytes) -> None:
    """They are in, or their password was set anew: nothing of before counts against the name."""
    await conn.execute(DELETE_WRONG_OF, name_token)


DELETE_OLD_WRONG = """
DELETE FROM survey.sign_in_failure WHERE at <= $1"""


async def forget_wrong(conn: Any, before: datetime) -> None:
    """Entries too old to count."""
    await conn.execute(DELETE_OLD_WRONG, before)
