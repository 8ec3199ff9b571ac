"""Who of our accounts somebody is in another house, and browsers that were sent there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

INSERT_AWAY = """
INSERT INTO survey.sign_in_elsewhere (state_hash, browser_hash, nonce, verifier_cipher, ahead, at)
VALUES ($1, $2, $3, $4, $5, $6)"""
FORGET_AWAY = """
DELETE FROM survey.sign_in_elsewhere WHERE at < $1"""


async def send_away(
    conn: Any,
    state_hash: bytes,
    browser_hash: bytes,
    nonce: str,
    verifier_cipher: bytes,
    ahead: str,
    now: datetime,
    forget_before: datetime,
) -> None:
    """Keep what the answer has to match; who never came back is forgotten."""
    await conn.execute(FORGET_AWAY, forget_before)
    await conn.execute(INSERT_AWAY, state_hash, browser_hash, nonce, verifier_cipher, ahead, now)


@dataclass(frozen=True)
class SentAway:
    """What a browser went with. `ahead`: where it wanted to go on afterwards."""

    nonce: str
    verifier_cipher: bytes
    ahead: str


TAKE_AWAY = """
DELETE FROM survey.sign_in_elsewhere WHERE state_hash = $1 AND browser_hash = $2 AND at >= $3
RETURNING nonce, verifier_cipher, ahead"""


async def take_back(conn: Any, state_hash: bytes, browser_hash: bytes, since: datetime) -> SentAway | None:
    """The row of a browser that comes back, once; None: another browser, another state, too late, or for the second time."""
    row = await conn.fetchrow(TAKE_AWAY, state_hash, browser_hash, since)
    return SentAway(**row) if row else None


SELECT_NAME = """
SELECT a.name FROM survey.account_identity i JOIN survey.account a ON a.id = i.account_id
WHERE i.issuer = $1 AND i.subject = $2"""


async def name_of(conn: Any, issuer: str, subject: str) -> str | None:
    """The account of somebody there."""
    name: str | None = await conn.fetchval(SELECT_NAME, issuer, subject)
    return name


LINK = """
INSERT INTO survey.account_identity (issuer, subject, account_id, linked_by, linked_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING account_id"""


async def link(conn: Any, issuer: str, subject: str, account_id: int, by: str, now: datetime) -> bool:
    """False: somebody else is linked to that identity, or the account to another one."""
    return await conn.fetchval(LINK, issuer, subject, account_id, by, now) is not None


UNLINK = """
DELETE FROM survey.account_identity WHERE issuer = $1 AND account_id = $2 RETURNING subject"""


async def unlink(conn: Any, issuer: str, account_id: int) -> str | None:
    """The identity that was theirs; None: none was. Whoever calls this puts it on record."""
    subject: str | None = await conn.fetchval(UNLINK, issuer, account_id)
    return subject
