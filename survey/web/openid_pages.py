"""Signing in at another house's page: the form that sends a browser there, and the address that it comes back to."""

from dataclasses import dataclass
from typing import Final

import structlog
from aiohttp import web

from survey.access import elsewhere
from survey.access.elsewhere import NotLinked, NotSentAway
from survey.access.openid import NotVouchedFor, OpenId
from survey.ground import Ground
from survey.web.gate import HOME, NEXT_STEP, SIGN_IN, Gate, address, go, own_path
from survey.web.shell import page

AWAY: Final = f"{SIGN_IN}/elsewhere"
BACK: Final = f"{AWAY}/back"
LONGEST: Final = 4000
log = structlog.get_logger()


@dataclass(frozen=True)
class Elsewhere:
    """The button on the sign-in page."""

    form: str
    zh: str
    en: str


class OpenIdPages:
    """`/sign-in/elsewhere`. Without a provider there is no such page."""

    def __init__(self, ground: Ground, gate: Gate, openid: OpenId | None) -> None:
        self._ground = ground
        self._gate = gate
        self._openid = openid

    def routes(self) -> list[web.RouteDef]:
        """None without a provider."""
        if self._openid is None:
            return []
        return [
            web.post(AWAY, self._gate.open_to_all(self._away)),
            web.get(BACK, self._gate.open_to_all(self._back), allow_head=False),
        ]

    def button(self, request: web.Request) -> Elsewhere | None:
        """What the sign-in page shows of it."""
        if self._openid is None:
            return None
        zh, en = self._openid.provider.called
        return Elsewhere(address(request, AWAY, next=request.query.get("next", "")), zh, en)

    async def _away(self, request: web.Request) -> web.StreamResponse:
        """A page that leads away: our policy forbids that a form does it."""
        assert self._openid is not None
        ahead = address(request, own_path(request.query.get("next", "")))
        browser = self._gate.token(request)
        assert browser is not None  # the form's own token was checked against it
        try:
            there = await elsewhere.begin(self._ground, self._openid, browser, ahead)
        except NotVouchedFor as no:
            return self._refused(request, "untrusted", no.why)
        zh, en = self._openid.provider.called
        values = {"there": there, "zh": zh, "en": en}
        return page(request, "survey.web", "openid_away.html", values)

    async def _back(self, request: web.Request) -> web.StreamResponse:
        assert self._openid is not None
        state, code = (request.query.get(name, "")[:LONGEST] for name in ("state", "code"))
        browser = self._gate.token(request) or ""
        source = self._gate.source(request)
        try:
            token, ahead = await elsewhere.come_back(self._ground, self._openid, browser, state, code, source)
        except NotSentAway:
            return self._refused(request, "late")
        except NotVouchedFor as no:
            return self._refused(request, "untrusted", no.why)
        except NotLinked as no:
            return self._refused(request, "unlinked", subject=no.subject)
        visit = await self._gate.signing.visit(token)
        pending = visit.pending if visit else None
        response = go(address(request, NEXT_STEP[pending], next=ahead) if pending else ahead or HOME)
        self._gate.enter(response, token)
        return response

    def _refused(
        self, request: web.Request, why: str, detail: str = "", subject: str = ""
    ) -> web.StreamResponse:
        if detail:
            log.warning("the provider is not believed", why=detail)
        assert self._openid is not None
        zh, en = self._openid.provider.called
        values = {"why": why, "subject": subject, "zh": zh, "en": en, "again": address(request, SIGN_IN)}
        return page(request, "survey.web", "openid_refused.html", values, 401)
