"""The package's asynchronous HTTP client, pointed at a base URL of ours, with a timeout on every request and Retry-After kept."""

import asyncio
import re
from typing import Any
from urllib.parse import urlsplit

from aiohttp import BasicAuth
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response

SECONDS = re.compile(r"\d{1,6}(\.\d+)?")


class CarrierHttpClient(AsyncTwilioHttpClient):  # type: ignore[misc]
    """Rewrites scheme and host only, so that Twilio, a switch of one's own and the twin are spoken to alike.

    Never with `max_retries`: that posts again on a 503, which rings a phone twice. To be made inside a running loop.
    """

    def __init__(self, base_url: str | None, timeout_s: float) -> None:
        super().__init__(pool_connections=True)
        self._base = urlsplit(base_url) if base_url else None
        self._timeout_s = timeout_s
        self.retry_after_s = 1.0  # of the last answer that had one; the package's exceptions do not carry it

    async def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        url = self._there(url)
        async with asyncio.timeout(self._timeout_s):  # the package does not use its own timeout
            response = await super().request(method, url, *args, **kwargs)
        header = (response.headers or {}).get("Retry-After", "")
        if SECONDS.fullmatch(header):  # the other form, a date, is left aside: clocks differ
            self.retry_after_s = float(header)
        return response

    async def fetch(self, url: str, auth: tuple[str, str]) -> tuple[int, bytes]:
        """Status and body of a GET; the package reads every body as text, and a recording is none. Whoever the carrier keeps its
        files with is told no password: it is left out where a redirect leads to another host."""
        async with asyncio.timeout(self._timeout_s):
            async with self.session.get(self._there(url), auth=BasicAuth(*auth)) as response:
                return response.status, await response.read()

    def _there(self, url: str) -> str:
        if self._base is None:
            return url
        return urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc).geturl()
