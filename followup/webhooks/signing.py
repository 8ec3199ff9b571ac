"""The signature of a delivery. Pure.

`Minyi-Signature: t=SECONDS,v1=HEX[,v1=HEX]`, each v1 an HMAC-SHA256 of `SECONDS.ID.BODY` under one secret of the subscription.
While secrets are changed over there are two, and a receiver takes a delivery of which one is right.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

HEADER = "Minyi-Signature"
ID_HEADER = "Minyi-Delivery"
TYPE_HEADER = "Minyi-Event"
TOLERANCE_S = 300
"""How old a signature may be for a receiver that checks it, in seconds: an old delivery cannot be played again."""


def signature(secrets: Sequence[str], delivery_id: str, at: int, body: bytes) -> str:
    """The value of the header. `at`: seconds since 1970."""
    signed = b".".join((str(at).encode(), delivery_id.encode(), body))
    made = [hmac.new(secret.encode(), signed, "sha256").hexdigest() for secret in secrets]
    return ",".join((f"t={at}", *(f"v1={one}" for one in made)))


def is_signed(secret: str, delivery_id: str, header: str, body: bytes, now: int) -> bool:
    """What a receiver checks; for our own tests, and for whoever writes one."""
    parts = [part.partition("=") for part in header.split(",")]
    at = next((value for name, _, value in parts if name == "t"), "")
    if not at.isdecimal() or abs(now - int(at)) > TOLERANCE_S:
        return False
    right = signature([secret], delivery_id, int(at), body).partition("v1=")[2]
    return any(hmac.compare_digest(value, right) for name, _, value in parts if name == "v1")
