"""PURE. When a password is good enough, when a name is locked, when a session is over, and what is still to be done in it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from unicodedata import normalize

from survey.access.sign_in_policy import LockRule, PasswordRule, SessionRule

Fault = Literal["short", "long", "same", "worn", "old"]
Pending = Literal["code", "password", "enrol"]


def plain(password: str) -> str:
    """As it is hashed: the same characters whichever keyboard typed them (NFKC, as NIST SP 800-63B advises)."""
    return normalize("NFKC", password)


def password_fault(password: str, name: str, rule: PasswordRule) -> Fault | None:
    """What is wrong with a new password of the account `name`; None: nothing."""
    written = plain(password)
    if len(written) < rule.shortest:
        return "short"
    if len(written) > rule.longest:
        return "long"
    if len(set(written)) < rule.different:
        return "same"
    left = written.lower()
    for worn in (*rule.worn, name.lower()):
        left = left.replace(worn, "")
    return "worn" if len(left) < rule.beside_worn else None


def locked_until(wrong: Sequence[datetime], most: int, rule: LockRule, now: datetime) -> datetime | None:
    """Until when nothing more is taken, by the moments of the wrong entries; None: it is.

    While it is locked nothing is counted, so nobody can be locked out for longer by going on.
    """
    last = max(wrong, default=now)
    together = [one for one in wrong if one > last - timedelta(seconds=rule.within_s)]
    until = last + timedelta(seconds=rule.lasts_s)
    return until if len(together) >= most and now < until else None


def session_over(began: datetime, seen: datetime, rule: SessionRule, now: datetime) -> bool:
    """Whether a session has ended: nobody was there for too long, or it was begun too long ago."""
    return now >= seen + timedelta(seconds=rule.idle_s) or now >= began + timedelta(seconds=rule.longest_s)


def pending(*, has_code: bool, code_given: bool, must_change: bool, needs_code: bool) -> Pending | None:
    """What stands between a right password and the house, the next thing first; None: nothing."""
    if has_code and not code_given:
        return "code"
    if must_change:
        return "password"
    return "enrol" if needs_code and not has_code else None
