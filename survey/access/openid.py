"""The wire to an OpenID Connect provider: the authorization code flow with PKCE (OpenID Connect Core 1.0 section 3.1, RFC 7636).

Authlib speaks OAuth and joserfc reads the signed token; both wait, so both run in a thread. Nothing of it is kept but what the
database needs: no access token, no address, no name but the one that the sign-in page shows once.
"""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from survey.access.refusals import AccessRefusal

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures with a key of the provider's that everybody can check; none that is a shared secret, and never `none`."""
LEEWAY_S: Final = 60
TIMEOUT_S: Final = 10.0


class NotVouchedFor(AccessRefusal):
    """统一认证没有给出可信的答复。The other house gave no answer that can be trusted."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Provider:
    """Where people may sign in besides here. `called`: how the button names it, in Chinese and in English."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    called: tuple[str, str]


@dataclass(frozen=True)
class Away:
    """Where a browser is sent, and what its answer has to match."""

    address: str
    state: str
    nonce: str
    verifier: str


class OpenId:
    """One provider. `back`: our address that it sends browsers back to."""

    def __init__(self, provider: Provider, back: str) -> None:
        self.provider = provider
        self._back = back

    async def away(self) -> Away:
        """Raises NotVouchedFor where the provider cannot be reached or is not who it says."""
        return await asyncio.to_thread(self._trusted, self._away)

    async def subject(self, code: str, nonce: str, verifier: str, now: datetime) -> str:
        """Who has signed in there, as the provider numbers people. Raises NotVouchedFor."""
        return await asyncio.to_thread(self._trusted, self._subject, code, nonce, verifier, now)

    def _trusted(self, ask: Any, *with_: Any) -> Any:
        try:
            return ask(*with_)
        except (
            requests.RequestException,
            AuthlibBaseError,
            JoseError,
            KeyError,
            TypeError,
            ValueError,
        ) as error:
            raise NotVouchedFor(f"{type(error).__name__}: {error}"[:200]) from None

    def _away(self) -> Away:
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        with self._session() as session:
            found = self._told(session)
            where, state = session.create_authorization_url(
                found["authorization_endpoint"],
                code_verifier=verifier,
                nonce=nonce,
            )
        return Away(where, state, nonce, verifier)

    def _subject(self, code: str, nonce: str, verifier: str, now: datetime) -> str:
        with self._session() as session:
            found = self._told(session)
            token = session.fetch_token(
                found["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=verifier
            )
            keys = KeySet.import_key_set(self._read(session, found["jwks_uri"]))
        told = jwt.decode(token["id_token"], keys, algorithms=list(ALGORITHMS)).claims
        ours = self.provider.client_id
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self.provider.issuer},
            aud={"essential": True, "value": ours},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        ).validate(told)
        if isinstance(told["aud"], list) and len(told["aud"]) > 1 and told.get("azp") != ours:
            raise ValueError("the token was made for somebody else, too")
        return str(told["sub"])

    def _told(self, session: Any) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0 section 4)."""
        issuer = self.provider.issuer
        found: dict[str, Any] = self._read(session, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found["issuer"] != issuer:
            raise ValueError(f"the provider calls itself {found['issuer']}")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not is_secret_way(found[name]):
                raise ValueError(f"{name} is no https address")
        return found

    def _read(self, session: Any, where: str) -> Any:
        answer = session.request("GET", where, withhold_token=True, allow_redirects=False)
        answer.raise_for_status()
        return answer.json()

    def _session(self) -> Any:
        session = OAuth2Session(
            self.provider.client_id,
            self.provider.client_secret,
            scope="openid",
            redirect_uri=self._back,
            code_challenge_method="S256",
            default_timeout=TIMEOUT_S,
        )
        session.trust_env = False  # the provider is asked directly: no proxy of the environment sees the code
        return session


def is_secret_way(address: str) -> bool:
    """Whether nobody between can read what is sent there: https, or this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    )
