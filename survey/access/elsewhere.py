"""DOOR. Signing in at another house's page: a browser is sent there, and comes back as somebody whom we know. Writes sessions and
events, and whose identity is whose.

The other house stands for the password alone: our second factor, roles, lock and session times are as they always are, and nobody
gets an account by having one there.
"""

import secrets
from datetime import timedelta

from survey.access.openid import NotVouchedFor, OpenId
from survey.access.refusals import AccessRefusal, AlreadySo, NoSuchAccount
from survey.access.sign_in_policy import sign_in_policy
from survey.access.signing_in import hash_of, spelled
from survey.ground import Ground
from survey.store import access_events, accounts, identities, sessions


class NotSentAway(AccessRefusal):
    """这次登录不是从这个浏览器开始的,或已过时,请重新登录。This sign-in did not begin in this browser, or took too long. Begin
    again."""


class NotLinked(AccessRefusal):
    """这个统一认证账号还没有对应的民意账号。No account here is linked to whoever signed in there."""

    def __init__(self, subject: str) -> None:
        super().__init__(subject)
        self.subject = subject


class IdentityTaken(AccessRefusal):
    """这个人已对应别的账号,或这个账号已对应别人;先用 --none 解除。That person has another account here, or this account is
    somebody else's there; take that link away first with --none."""


async def begin(ground: Ground, openid: OpenId, browser: str, ahead: str) -> str:
    """The address at the provider. `browser`: the token of a browser that is not signed in. Raises NotVouchedFor."""
    away, now = await openid.away(), ground.clock.now()
    async with ground.pool.acquire() as conn:
        await identities.send_away(
            conn, hash_of(away.state), hash_of(browser), away.nonce, ground.vault.seal(away.verifier), ahead, now,
            now - timedelta(seconds=sign_in_policy().elsewhere.within_s),
        )  # fmt: skip
    return away.address


async def come_back(
    ground: Ground, openid: OpenId, browser: str, state: str, code: str, source: str
) -> tuple[str, str]:
    """The token of a new session, and where its browser wanted to go. Raises NotSentAway, NotVouchedFor, NotLinked."""
    now = ground.clock.now()
    since = now - timedelta(seconds=sign_in_policy().elsewhere.within_s)
    async with ground.pool.acquire() as conn:
        sent = await identities.take_back(conn, hash_of(state), hash_of(browser), since)
    if sent is None:
        raise NotSentAway
    if not code:
        raise NotVouchedFor("it sent no code")
    verifier = ground.vault.open(sent.verifier_cipher)
    subject = await openid.subject(code, sent.nonce, verifier, ground.real_now())
    token = secrets.token_urlsafe(32)
    async with ground.pool.acquire() as conn, conn.transaction():
        name = await identities.name_of(conn, openid.provider.issuer, subject)
        account = await accounts.lock(conn, name) if name is not None else None
        if account is not None and account.disabled_at is None:
            await sessions.insert(conn, hash_of(token), account.id, now, elsewhere=True)
            kind = "password_given" if account.totp_cipher is not None else "signed_in"
            await access_events.record(
                conn, account.id, kind, by=account.name, source=source, detail="openid", now=now
            )
            return token, sent.ahead
        await access_events.record(
            conn, account.id if account else None, "failed", by=account.name if account else "", source=source,
            detail="openid", now=now,
        )  # fmt: skip
    raise NotLinked(subject)


async def link(ground: Ground, issuer: str, name: str, subject: str, *, by: str) -> None:
    """Whoever signs in there as `subject` has this account here. Raises NoSuchAccount, IdentityTaken."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        account = await accounts.lock(conn, spelled(name))
        if account is None:
            raise NoSuchAccount
        if not await identities.link(conn, issuer, subject, account.id, by, now):
            raise IdentityTaken
        await access_events.record(conn, account.id, "identity_linked", by=by, detail=issuer, now=now)


async def unlink(ground: Ground, issuer: str, name: str, *, by: str) -> None:
    """No more; whoever is signed in that way is out at once. Raises NoSuchAccount, AlreadySo."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn, conn.transaction():
        account = await accounts.lock(conn, spelled(name))
        if account is None:
            raise NoSuchAccount
        if await identities.unlink(conn, issuer, account.id) is None:
            raise AlreadySo
        await sessions.end_all_of(conn, account.id)
        await access_events.record(conn, account.id, "identity_unlinked", by=by, detail=issuer, now=now)
