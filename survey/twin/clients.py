"""Browsers that are registered as telephones: `To=client:NAME`. A registered one picks up; of another the carrier says
`no-answer` at once, with SIP 480 and without a ring (twilio/voice-quickstart-server-node#19, voice-quickstart-android#463).

The wire on which a browser registers (a WebSocket of the carrier's own) is not played: the control API stands in for it, and
checks the access token as that wire would."""

import base64
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .person import Person

SCHEME = "client:"
UNREGISTERED_SIP = 480
_NAME = re.compile(r"[\w.~-]{1,256}", re.ASCII)
INVALID, EXPIRED, NO_GRANT, WRONG_SIGNATURE = 20101, 20104, 20106, 20107
"""Twilio's own errors of access tokens."""


class TokenRefused(Exception):
    """The access token opens nothing; `code` is Twilio's."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code


@dataclass(slots=True)
class Clients:
    """Who is registered, by account and name. `keys`: the secret of each API key that an account has."""

    keys: Mapping[str, str] = field(default_factory=dict)
    registered: set[tuple[str, str]] = field(default_factory=set)

    def register(self, token: str, accounts: frozenset[str], now: datetime) -> str:
        """The name under which this browser can be called from now on. `now` is real time. Raises TokenRefused."""
        body = _opened(token, self.keys)
        if body.get("exp", 0) <= now.timestamp():
            raise TokenRefused(EXPIRED, "Access Token expired or expiration date invalid")
        grants = body.get("grants") or {}
        name, incoming = grants.get("identity"), grants.get("voice", {}).get("incoming", {})
        if body.get("sub") not in accounts or not isinstance(name, str) or not _NAME.fullmatch(name):
            raise TokenRefused(INVALID, "Invalid Access Token")
        if incoming.get("allow") is not True:
            raise TokenRefused(NO_GRANT, "Invalid Access Token grants")
        self.registered.add((body["sub"], name))
        return name

    def gone(self, name: str) -> None:
        """The browser's page was closed."""
        self.registered = {one for one in self.registered if one[1] != name}

    def is_there(self, account: str, address: str) -> bool:
        return (account, address.removeprefix(SCHEME)) in self.registered


def is_client(address: str) -> bool:
    """Whether this is an address of a browser, as the REST takes it."""
    return address.startswith(SCHEME) and _NAME.fullmatch(address.removeprefix(SCHEME)) is not None


def whoever(address: str, seed: int) -> Person:
    """Who sits at a browser: somebody of ours, who stays on the line."""
    return Person(
        number=address, seed=seed, line="assigned", voice_temper="patient", answers=("answered",), slips=False
    )


def _opened(token: str, keys: Mapping[str, str]) -> dict[str, Any]:
    """What an access token says (a JWT by HMAC-SHA256). Raises TokenRefused."""
    try:
        head, body, signature = token.split(".")
        header, claims = _read(head), _read(body)
        given = _bytes(signature)
    except ValueError:
        raise TokenRefused(INVALID, "Invalid Access Token") from None
    secret = keys.get(str(claims.get("iss")))
    if header.get("alg") != "HS256" or header.get("cty") != "twilio-fpa;v=1" or secret is None:
        raise TokenRefused(INVALID, "Invalid Access Token")
    if not hmac.compare_digest(hmac.digest(secret.encode(), f"{head}.{body}".encode(), "sha256"), given):
        raise TokenRefused(WRONG_SIGNATURE, "Invalid Access Token signature")
    return claims


def _read(part: str) -> dict[str, Any]:
    read = json.loads(_bytes(part))
    if not isinstance(read, dict):
        raise ValueError("not an object")
    return read


def _bytes(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
