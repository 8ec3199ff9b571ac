"""Another house that vouches for people: an OpenID Connect provider on this machine, which can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import BasicAuth, web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT, SECRET = "minyi", "a secret of ours there"


@dataclass
class OtherHouse:
    """`subject`: who is signed in there. What it says of itself and in its tokens can be changed: `lies` in the token's claims,
    `told` in its description; `key`: with which it signs, `alg`: how."""

    now: int
    subject: str = "8f14e45f"
    lies: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}))
    signs_with: Any = None
    alg: str = "RS256"
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    server: Any = None

    @property
    def issuer(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    async def open(self) -> None:
        app = web.Application()
        app.add_routes(
            [
                web.get("/.well-known/openid-configuration", self._description),
                web.get("/authorize", self._authorize),
                web.post("/token", self._token),
                web.get("/jwks", self._keys),
            ]
        )
        self.server = TestServer(app)
        await self.server.start_server()

    async def _description(self, _: web.Request) -> web.Response:
        at = self.issuer
        told = {"issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token"}
        return web.json_response(told | {"jwks_uri": f"{at}/jwks"} | self.told)

    async def _authorize(self, request: web.Request) -> web.Response:
        """Whoever comes is signed in already."""
        asked = dict(request.query)
        assert (
            asked["client_id"] == CLIENT and asked["response_type"] == "code" and asked["scope"] == "openid"
        )
        code = secrets.token_urlsafe(8)
        self.asked[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return web.Response(status=302, headers={"Location": f"{asked['redirect_uri']}?{back}"})

    async def _token(self, request: web.Request) -> web.Response:
        sent, asked = await request.post(), None
        asked = self.asked.pop(str(sent["code"]), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(str(sent["code_verifier"]).encode()).digest())
        known = BasicAuth.decode(request.headers["Authorization"]) == BasicAuth(CLIENT, SECRET)
        if asked is None or not known or asked["code_challenge"] != challenge.decode().rstrip("="):
            return web.json_response({"error": "invalid_grant"}, status=400)
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": self.subject, "nonce": asked["nonce"], "iat": self.now,
            "exp": self.now + 300,
        } | self.lies  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        signed = jwt.encode({"alg": self.alg, "kid": "k1"}, claims, self.signs_with or self.key)
        return web.json_response({"access_token": "x", "token_type": "Bearer", "id_token": signed})

    async def _keys(self, _: web.Request) -> web.Response:
        return web.json_response(KeySet([self.key]).as_dict(private=False))


STRANGE_KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})
SHARED = OctKey.import_key(SECRET)
