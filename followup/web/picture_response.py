"""How a picture of a case is sent: as what it was checked to be, and nothing in it can act."""

from __future__ import annotations

from aiohttp import web

from followup.store.pictures import Shown


def picture_response(shown: Shown | None) -> web.StreamResponse:
    """Raises HTTPNotFound where there is none."""
    if shown is None:
        raise web.HTTPNotFound
    headers = {
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "inline",
    }
    return web.Response(body=shown.bytes, content_type=shown.kind, headers=headers)
