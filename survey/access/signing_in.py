"""DOOR. Signing in with a password and a code, what must be done first, and signing out. Writes sessions, failures and events.

An entry is counted as wrong before it is checked, and forgiven when it was right: many guesses at once are counted too.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pyotp

from survey.access import codes
from survey.access.passwords import Passwords, first_password
from survey.access.refusals import Locked, PasswordRefused, SessionEnded, WrongEntry
from survey.access.roles import needs_second_factor
from survey.access.rules import Pending, locked_until, password_fault, pending, session_over
from survey.access.sign_in_policy import SignInPolicy, sign_in_policy
from survey.access.signed_in import SignedIn
from survey.ground import Ground
from survey.store import access_events, accounts, sessions
from survey.store.accounts import Account
from survey.store.sessions import Session


@dataclass(frozen=True)
class Visit:
    """A live session. `pending`: what must be done before anything else."""

    who: SignedIn
    pending: Pending | None
    account: Account
    session: Session


class SigningIn:
    """For whoever has the ground and a way of hashing passwords. `source`: the address that somebody comes from."""

    def __init__(self, ground: Ground, passwords: Passwords, policy: SignInPolicy | None = None) -> None:
        self._ground = ground
        self._passwords = passwords
        self._policy = policy or sign_in_policy()

    @property
    def policy(self) -> SignInPolicy:
        return self._policy

    @property
    def pool(self) -> Any:
        """Of the database, for what a page reads beside."""
        return self._ground.pool

    async def sign_in(self, name: str, password: str, source: str) -> str:
        """The token of a new session. Raises WrongEntry, Locked; neither tells whether there is such an account."""
        now, name = self._now(), spelled(name)
        noted = await self._note(name, source)
        async with self._ground.pool.acquire() as conn:
            account = await accounts.account(conn, name)
        right = await self._passwords.right(account.password_hash if account else None, password)
        if account is None or not right or not self._is_open(account, now):
            await self._wrong(account.id if account else None, name, source)
        assert account is not None
        dated = self._passwords.is_dated(account.password_hash)
        fresh = await self._passwords.hash(password) if dated else None
        token = secrets.token_urlsafe(32)
        async with self._ground.pool.acquire() as conn, conn.transaction():
            held = await accounts.lock(conn, name)
            if held is None or held.password_hash != account.password_hash or held.disabled_at is not None:
                raise WrongEntry  # set anew or disabled while the password was checked; the entry stays counted
            await sessions.forgive_entry(conn, noted)
            if fresh is not None:
                await accounts.rehash(conn, account.id, account.password_hash, fresh)
            await self._forget_old(conn, now)
            await sessions.insert(conn, hash_of(token), account.id, now)
            if account.totp_cipher is None:
                await sessions.forgive_name(conn, self._token(name))
            kind = "password_given" if account.totp_cipher is not None else "signed_in"
            await access_events.record(conn, account.id, kind, by=name, source=source, now=now)
        return token

    async def visit(self, token: str, *, noticed: bool = True) -> Visit | None:
        """The live session of a token; None: there is none, or it is over. `noticed`: somebody did something, which a page that
        refreshes itself does not say."""
        now, key = self._now(), hash_of(token)
        async with self._ground.pool.acquire() as conn:
            found = await sessions.visit(conn, key)
            if found is None:
                return None
            session, account = found
            if session_over(session.began_at, session.seen_at, self._policy.session, now):
                await sessions.end(conn, key)
                return None
            if noticed and now >= session.seen_at + timedelta(seconds=self._policy.session.noted_every_s):
                await sessions.touch(conn, key, now)
        return Visit(_who(account), _pending(account, session), account, session)

    async def give_code(self, visit: Visit, written: str, source: str) -> str:
        """The second factor: a code of now, or a recovery code. The session goes on under the token returned.

        Raises WrongEntry, Locked, SessionEnded."""
        account, now = visit.account, self._now()
        noted = await self._note(account.name, source)
        async with self._ground.pool.acquire() as conn, conn.transaction():
            kind = await self._take_code(conn, account, written, now)
            if kind is not None:
                await sessions.forgive_entry(conn, noted)
                await sessions.forgive_name(conn, self._token(account.name))
                await access_events.record(conn, account.id, kind, by=account.name, source=source, now=now)
                token = await self._renew(conn, visit, now, code_at=now)
        if kind is None:
            await self._wrong(account.id, account.name, source)
        return token

    async def change_password(self, visit: Visit, old: str, new: str, source: str) -> str:
        """Another password; every other session of the account ends. The session goes on under the token returned.

        Raises WrongEntry (the old one), PasswordRefused, Locked, SessionEnded."""
        account, now = visit.account, self._now()
        await self._check_password(account, old, source)
        fault = password_fault(new, account.name, self._policy.password)
        if fault is None and await self._passwords.right(account.password_hash, new):
            fault = "old"
        if fault is not None:
            raise PasswordRefused(fault)
        hashed = await self._passwords.hash(new)
        async with self._ground.pool.acquire() as conn, conn.transaction():
            held = await accounts.lock(conn, account.name)
            if held is None or held.password_hash != account.password_hash:
                raise SessionEnded  # set anew meanwhile
            await accounts.set_password(conn, account.id, hashed, must_change=False, now=now)
            await sessions.end_all_of(conn, account.id, visit.session.token_hash)
            await access_events.record(
                conn, account.id, "password_changed", by=account.name, source=source, now=now
            )
            return await self._renew(conn, visit, now)

    async def offer_second_factor(self, visit: Visit) -> str:
        """The secret that a telephone is to keep; the same one until it is proved."""
        vault = self._ground.vault
        if visit.session.offered_cipher is not None:
            return vault.open(visit.session.offered_cipher)
        secret = pyotp.random_base32()
        async with self._ground.pool.acquire() as conn:
            await sessions.offer(conn, visit.session.token_hash, vault.seal(secret))
        return secret

    async def prove_second_factor(
        self, visit: Visit, written: str, password: str, source: str
    ) -> tuple[str, list[str]]:
        """The first code proves that the telephone has the secret. The new token, and the recovery codes, shown this once.

        `password`: asked for again, unless it was typed for this sign-in just now; a browser left open is not enough.
        Raises WrongEntry, Locked, SessionEnded."""
        account, now, rule = visit.account, self._now(), self._policy.code
        if visit.pending != "enrol":
            await self._check_password(account, password, source)
        offered = visit.session.offered_cipher
        step = None
        if offered is not None:
            step = codes.accepted_step(self._ground.vault.open(offered), written, 0, rule, now)
        if step is None:
            raise WrongEntry
        recovery = [first_password() for _ in range(rule.recovery)]
        async with self._ground.pool.acquire() as conn, conn.transaction():
            hashes = [codes.recovery_hash(one) for one in recovery]
            await accounts.set_second_factor(conn, account.id, offered, step, hashes)
            await sessions.end_all_of(conn, account.id, visit.session.token_hash)
            await access_events.record(
                conn, account.id, "second_factor_set", by=account.name, source=source, now=now
            )
            return await self._renew(conn, visit, now, code_at=now), recovery

    async def sign_out(self, visit: Visit, source: str) -> None:
        """The session is over, for whoever holds its token."""
        async with self._ground.pool.acquire() as conn, conn.transaction():
            await sessions.end(conn, visit.session.token_hash)
            name = visit.account.name
            await access_events.record(
                conn, visit.account.id, "signed_out", by=name, source=source, now=self._now()
            )

    async def refused(self, who: SignedIn, what: str, source: str) -> None:
        """Keep that somebody asked for what is not theirs."""
        async with self._ground.pool.acquire() as conn:
            await access_events.record(
                conn, who.account_id, "refused", by=who.name, source=source, detail=what, now=self._now()
            )

    # -- wrong entries ----------------------------------------------------------------------------------------------

    async def _check_password(self, account: Account, password: str, source: str) -> None:
        """Of somebody who is signed in. Raises WrongEntry, Locked."""
        noted = await self._note(account.name, source)
        if not await self._passwords.right(account.password_hash, password):
            await self._wrong(account.id, account.name, source)
        async with self._ground.pool.acquire() as conn:
            await sessions.forgive_entry(conn, noted)

    async def _note(self, name: str, source: str) -> int:
        """Count the entry as wrong. Raises Locked, and then it is not counted."""
        now = self._now()
        async with self._ground.pool.acquire() as conn, conn.transaction():
            await sessions.hold_entry(conn, self._token(name), source)
            if (until := await self._locked(conn, name, source, now)) is not None:
                raise Locked(until)
            return await sessions.note_entry(conn, self._token(name), source, now)

    async def _locked(self, conn: Any, name: str, source: str, now: datetime) -> datetime | None:
        rule = self._policy.lock
        after = now - timedelta(seconds=rule.within_s + rule.lasts_s)
        wrong = await sessions.wrong_entries(conn, self._token(name), source, after)
        of_name = locked_until([one.at for one in wrong if one.of_name], rule.account, rule, now)
        of_source = locked_until([one.at for one in wrong if one.of_source], rule.source, rule, now)
        return max((until for until in (of_name, of_source) if until), default=None)

    async def _wrong(self, account_id: int | None, name: str, source: str) -> None:
        """Raises WrongEntry, or Locked where this was one too many."""
        now = self._now()
        by = name if account_id is not None else ""
        async with self._ground.pool.acquire() as conn, conn.transaction():
            await access_events.record(conn, account_id, "failed", by=by, source=source, now=now)
            until = await self._locked(conn, name, source, now)
            if until is not None:
                await access_events.record(conn, account_id, "locked", by=by, source=source, now=now)
        raise Locked(until) if until is not None else WrongEntry

    # -- the rest ---------------------------------------------------------------------------------------------------

    async def _take_code(self, conn: Any, account: Account, written: str, now: datetime) -> str | None:
        """The kind of event, where the code is right and was not used before."""
        if account.totp_cipher is None:
            return None
        secret = self._ground.vault.open(account.totp_cipher)
        step = codes.accepted_step(secret, written, account.totp_step, self._policy.code, now)
        if step is not None:
            return "signed_in" if await accounts.use_step(conn, account.id, step) else None
        used = await accounts.use_recovery(conn, account.id, codes.recovery_hash(written))
        return "recovery_code_used" if used else None

    async def _renew(self, conn: Any, visit: Visit, now: datetime, code_at: datetime | None = None) -> str:
        token = secrets.token_urlsafe(32)
        if not await sessions.renew(conn, visit.session.token_hash, hash_of(token), now, code_at):
            raise SessionEnded
        return token

    async def _forget_old(self, conn: Any, now: datetime) -> None:
        rule = self._policy
        await sessions.forget_older(conn, now - timedelta(seconds=rule.session.longest_s))
        await sessions.forget_wrong(conn, now - timedelta(seconds=rule.lock.within_s + rule.lock.lasts_s))

    def _is_open(self, account: Account, now: datetime) -> bool:
        """Not disabled, and its first password not left lying about."""
        first_until = account.password_at + timedelta(days=self._policy.password.first_days)
        return account.disabled_at is None and not (account.must_change and now >= first_until)

    def _token(self, name: str) -> bytes:
        return self._ground.vault.name_token(name)

    def _now(self) -> datetime:
        return self._ground.clock.now()


def spelled(name: str) -> str:
    """A name as it is stored: people write capitals and blanks around it."""
    return name.strip().lower()


def hash_of(token: str) -> bytes:
    """SHA-256 of a session's token; it has 256 random bits, so nothing slower is needed."""
    return sha256(token.encode()).digest()


def form_token(token: str) -> str:
    """What a form of this session carries, so that no other site can send one (CSRF)."""
    return hmac.new(token.encode(), b"form", "sha256").hexdigest()


def _who(account: Account) -> SignedIn:
    return SignedIn(
        account.id, account.name, account.called, account.employment == "contractor", account.grants
    )


def _pending(account: Account, session: Session) -> Pending | None:
    return pending(
        has_code=account.totp_cipher is not None,
        code_given=session.code_at is not None,
        must_change=account.must_change and not session.elsewhere,
        needs_code=needs_second_factor(account.grants),
    )
