"""Which pages there are, as the router knows them: a page that is added later is looked at without a word here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from survey.access.roles import Permission
from survey.dialing import Line
from survey.ground import Ground
from survey.settings import Settings
from workers.runtime import Service
from workers.web import build_app

NOT_PAGES: Final = re.compile(r"^/(twilio|audio|api|open311)/|^/health$")
"""What machines ask."""
FILES: Final = re.compile(r"/document$|/pictures/\{ref\}$|\}\.\{ending\}$|\.js$")
"""What a page shows or lets download."""


@dataclass(frozen=True)
class Route:
    """What a browser can open. `permission`: None for whoever has signed in, or for everybody; `part`: of a page, which fetches
    it by itself or lets it be downloaded; `behind`: only for people who work here."""

    path: str
    permission: Permission | None
    part: bool
    behind: bool


async def application(settings: Settings, ground: Ground) -> web.Application:
    """All pages, of a process that calls nobody."""
    nobody: Any = None
    line = Line(nobody, settings.public_url, calls_per_second=1, texts_per_second=1, timeout_s=1)
    return await build_app(Service(settings, ground, line))


def page_routes(app: web.Application) -> list[Route]:
    """What a browser can open by itself, by path."""
    found = {
        route.resource.canonical: _route(route.resource.canonical, route.handler)
        for route in app.router.routes()
        if route.method == "GET"
        and route.resource is not None
        and not NOT_PAGES.search(route.resource.canonical)
    }
    return [found[path] for path in sorted(found)]


def _route(path: str, handler: Any) -> Route:
    return Route(
        path,
        getattr(handler, "permission", None),
        getattr(handler, "quiet", False) or FILES.search(path) is not None,
        getattr(handler, "behind_gate", False),
    )


async def path_of(app: web.Application, address: str) -> str:
    """The route that serves an address of ours; "" where none does."""
    found = await app.router.resolve(make_mocked_request("GET", address))
    resource = found.route.resource
    return resource.canonical if resource is not None else ""
