"""A tiny server that answers a carrier's requests as its script says, and keeps every request."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

ACCOUNT = "AC" + "0" * 32
OURS = "+8615400000000"

Answer = tuple[int, Any, dict[str, str]]


@dataclass
class Request:
    """One request: path below the account, query and form as lists of pairs."""

    verb: str
    path: str
    query: list[tuple[str, str]]
    form: list[tuple[str, str]]


@dataclass
class SmallCarrier:
    """`answer`: (status, body, headers) for every request, or None: it never answers. `pages` come first, one each."""

    answer: Answer | None = (201, {"sid": "CA" + "1" * 32}, {})
    pages: list[Answer] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", f"/2010-04-01/Accounts/{ACCOUNT}/{{path:.*}}", self._handle)
        return app

    async def _handle(self, request: web.Request) -> web.Response:
        form = [(name, str(value)) for name, value in (await request.post()).items()]
        self.asked.append(
            Request(request.method.lower(), request.match_info["path"], list(request.query.items()), form)
        )
        if self.pages:
            self.answer = self.pages.pop(0)
        if self.answer is None:
            await self.stop.wait()
            return web.Response(status=500)
        status, body, headers = self.answer
        if isinstance(body, bytes):
            return web.Response(status=status, body=body, headers=headers)
        if isinstance(body, str):
            return web.Response(status=status, text=body, headers=headers)
        return web.json_response(body, status=status, headers=headers)
