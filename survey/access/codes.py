"""PURE. The second factor: codes of six digits that change with time (RFC 6238), and recovery codes to write down."""

import hmac
from datetime import datetime
from hashlib import sha256

import pyotp

from survey.access.sign_in_policy import CodeRule


def step_of(moment: datetime, rule: CodeRule) -> int:
    """The number of the time step."""
    return int(moment.timestamp()) // rule.step_s


def accepted_step(secret: str, written: str, last: int, rule: CodeRule, now: datetime) -> int | None:
    """The time step whose code was written; None: it is no code of now, or not later than step `last`, whose code was used."""
    made = pyotp.TOTP(secret, digits=rule.digits, interval=rule.step_s)
    middle = step_of(now, rule)
    found = None
    for step in range(middle - rule.steps_off, middle + rule.steps_off + 1):
        same = hmac.compare_digest(made.generate_otp(step).encode(), digits_of(written).encode())
        if same and step > last:
            found = step
    return found


def digits_of(written: str) -> str:
    """A code as it is compared: people write blanks and hyphens into it."""
    return "".join(written.split()).replace("-", "").lower()


def address(secret: str, name: str, rule: CodeRule) -> str:
    """What a telephone's authenticator reads (otpauth://…)."""
    made = pyotp.TOTP(secret, digits=rule.digits, interval=rule.step_s)
    return made.provisioning_uri(name=name, issuer_name=rule.issuer)


def recovery_hash(written: str) -> bytes:
    """SHA-256 of a recovery code; it has 99 random bits, so nothing slower is needed."""
    return sha256(digits_of(written).encode()).digest()
