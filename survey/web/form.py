"""The respondent's web form over HTTP: one address per thread, known to its resident alone. GET shows, POST takes one page.

No script, no cookie; the address is the secret, so no header of ours hands it on and no log holds it.
"""

import secrets
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import web

from survey import filling
from survey.filling import ExpiredLink, Sent, UnknownLink
from survey.ground import Ground
from survey.linking import PATH
from survey.web.form_sheet import view_of
from survey.web.shell import templates_of

MOST_FIELDS: Final = 6000
"""Fields of one page; a form of 5,000 questions on one page may still be sent."""
MISSING: Final = ":missing"


class FormPages:
    """Handlers of the form."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def routes(self) -> list[web.RouteDef]:
        return [web.get(f"{PATH}/{{token}}", self.show), web.post(f"{PATH}/{{token}}", self.take)]

    async def show(self, request: web.Request) -> web.Response:
        try:
            sheet = await filling.look(self._ground, request.match_info["token"])
        except UnknownLink:
            return _nowhere(404)
        except ExpiredLink:
            return _nowhere(410)
        return _page("form.html", 200, view=view_of(sheet))

    async def take(self, request: web.Request) -> web.Response:
        real = self._ground.real_now()
        token = request.match_info["token"]
        sent = sent_page((await request.read()).decode("utf-8", "replace"))
        try:
            await filling.fill(self._ground, token, sent, real)
        except UnknownLink:
            return _nowhere(404)
        except ExpiredLink:
            return _nowhere(410)
        # to itself, whatever the public address has before it
        raise web.HTTPSeeOther(token, headers=_headers(None))


def sent_page(body: str) -> Sent:
    """The page as the browser wrote it. What is no page of ours has step -1, which is never the current one."""
    try:
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return Sent(-1)
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    step = values.pop("_step", [""])[0]
    button, back = (values.pop(name, [""])[0] for name in ("_button", "_back"))
    missing = {
        name.removesuffix(MISSING): values.pop(name)[0] for name in list(values) if name.endswith(MISSING)
    }
    known = step.isascii() and step.isdecimal() and len(step) < 9
    return Sent(int(step) if known else -1, values, missing, button, back)


def _nowhere(status: int) -> web.Response:
    return _page("form_nowhere.html", status, expired=status == 410)


def _page(template: str, status: int, **values: object) -> web.Response:
    nonce = secrets.token_urlsafe(16)
    body = templates_of("survey.web").get_template(template).render(**values, nonce=nonce)
    return web.Response(text=body, status=status, content_type="text/html", headers=_headers(nonce))


def _headers(nonce: str | None) -> dict[str, str]:
    style = f"style-src 'nonce-{nonce}'; " if nonce else ""
    policy = f"default-src 'none'; {style}img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }


def form_routes(ground: Ground) -> Sequence[web.RouteDef]:
    """The form's routes."""
    return FormPages(ground).routes()
