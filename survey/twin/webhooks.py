"""Posting to the service as Twilio does: signed, with connection overrides in the URL's fragment, retried.

Pauses between retries and the time-outs are real seconds: virtual time stands still meanwhile, so a web
process that is
restarted within some four seconds gets the request when the URL asks for retries.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, unquote, urldefrag, urlencode

import aiohttp
from yarl import URL

from .dice import identifier
from .signing import sign

Delivered = Literal["yes", "no", "unknown"]

# A courtesy of rehearsals: a file served with this header (UTF-8, percent-encoded) says these words. No carrier
# looks at it. Without it the residents of the town hear a voice and understand nothing.
PROMPT_TEXT = "X-Prompt-Text"
PAUSES_S = (0.2, 0.5, 1.0, 2.0, 3.0)
_AGENT = {"User-Agent": "TwilioProxy/1.1", "Accept": "*/*"}


@dataclass(frozen=True, slots=True)
class Overrides:
    """Twilio's connection overrides: retry count and policy, connect and read time-outs in seconds."""

    retries: int = 1
    policy: frozenset[str] = frozenset({"ct"})
    connect_s: float = 5.0
    read_s: float = 15.0

    def allows(self, failure: str) -> bool:
        """`failure` is ct, rt, 5xx or 4xx."""
        return failure in self.policy or "all" in self.policy


def split_overrides(url: str) -> tuple[str, Overrides]:
    """The URL without its fragment, and what the fragment (`rc=3&rp=all&ct=2000&rt=8000`) asks for.

    Raises ValueError for a value that Twilio would not take."""
    bare, fragment = urldefrag(url)
    given = dict(parse_qsl(fragment))
    return bare, Overrides(
        retries=_bounded(given.get("rc"), 1, 0, 5, "rc"),
        policy=frozenset(given.get("rp", "ct").split(",")),
        connect_s=_bounded(given.get("ct"), 5000, 100, 10000, "ct") / 1000,
        read_s=_bounded(given.get("rt"), 15000, 100, 15000, "rt") / 1000,
    )


def _bounded(text: str | None, default: int, low: int, high: int, name: str) -> int:
    if text is None:
        return default
    if not text.isdigit() or not low <= int(text) <= high:
        raise ValueError(f"connection override {name}={text!r} is not between {low} and {high}")
    return int(text)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a webhook: `unknown` when a request went out and no usable answer came back."""

    delivered: Delivered
    requests: int
    status: int | None = None
    body: str = ""
    content_type: str = ""

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Media:
    """What came back for a file; `says` is what a rehearsal was told of its words (PROMPT_TEXT)."""

    status: int
    body: bytes
    content_type: str
    says: str | None = None


@dataclass(frozen=True, slots=True)
class _Got:
    """One answer as it came over the wire."""

    status: int
    body: bytes
    charset: str
    content_type: str
    headers: Mapping[str, str]


class Poster:
    """Sends signed webhooks over one pool of connections. Use inside a running loop; close it at the end."""

    def __init__(self, account_sid: str, auth_token: str) -> None:
        self._account_sid = account_sid
        self._token = auth_token
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=100, keepalive_timeout=30), auto_decompress=True
        )

    async def send(
        self, url: str, params: Mapping[str, str], method: str = "POST", *, lose_response: bool = False
    ) -> Answer:
        """Ask until an answer comes or the retries are used up.

        `lose_response` throws the first answer away and asks again, as when the line breaks after the
        service has
        done its work. A 4xx counts as not delivered: the service refused it."""
        bare, overrides = split_overrides(url)
        token = identifier("", 0, bare, *sorted(params.items()))
        requests, reached = 0, False
        for attempt in range(overrides.retries + 1):
            if attempt:
                await asyncio.sleep(PAUSES_S[attempt - 1])
            answer, failure = await self._once(bare, params, method, overrides, token)
            requests += 1
            if lose_response and answer is not None and answer.ok:
                answer, _ = await self._once(bare, params, method, overrides, token)
                requests += 1
                lose_response, failure = False, "" if answer is not None and answer.ok else "rt"
                reached = True
            reached = reached or failure in ("rt", "5xx")
            if failure == "" or not overrides.allows(failure):
                break
        if answer is not None and answer.ok:
            return Answer("yes", requests, answer.status, answer.body, answer.content_type)
        status, body = (answer.status, answer.body) if answer is not None else (None, "")
        return Answer("unknown" if reached else "no", requests, status, body)

    async def fetch(self, url: str) -> Media | None:
        """A file that is to be played; None when no answer comes, though it is asked for as often as the URL allows."""
        bare, overrides = split_overrides(url)
        token = identifier("", 0, bare)
        got: _Got | None = None
        for attempt in range(overrides.retries + 1):
            if attempt:
                await asyncio.sleep(PAUSES_S[attempt - 1])
            got, failure = await self._request(bare, {}, "GET", overrides, token)
            if failure == "" or not overrides.allows(failure):
                break
        if got is None:
            return None
        says = got.headers.get(PROMPT_TEXT)
        return Media(got.status, got.body, got.content_type, unquote(says) if says is not None else None)

    async def _once(
        self, url: str, params: Mapping[str, str], method: str, overrides: Overrides, token: str
    ) -> tuple[Answer | None, str]:
        """One webhook: its answer if any, and the kind of failure ("" is none)."""
        got, failure = await self._request(url, params, method, overrides, token)
        if got is None:
            return None, failure
        try:
            text = got.body.decode(got.charset)
        except (UnicodeDecodeError, LookupError):
            return None, "rt"
        return Answer("yes", 1, got.status, text, got.content_type), failure

    async def _request(
        self, url: str, params: Mapping[str, str], method: str, overrides: Overrides, token: str
    ) -> tuple[_Got | None, str]:
        if method == "GET" and params:
            url = url + ("&" if "?" in url else "?") + urlencode(params)
        form = dict(params) if method == "POST" else {}
        headers = {
            **_AGENT,
            "X-Twilio-Signature": sign(self._token, url, form.items()),
            "I-Twilio-Idempotency-Token": token,
        }
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        timeout = aiohttp.ClientTimeout(
            total=overrides.connect_s + overrides.read_s,
            sock_connect=overrides.connect_s,
            sock_read=overrides.read_s,
        )
        try:
            async with self._session.request(
                method, URL(url, encoded=True), data=urlencode(form) if form else None, headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:  # fmt: skip
                body = await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return None, "ct"
        except (aiohttp.ClientError, TimeoutError):
            return None, "rt"
        got = _Got(
            response.status, body, response.charset or "utf-8", response.content_type, response.headers
        )
        if got.status >= 500:
            return got, "5xx"
        return got, "4xx" if got.status >= 400 else ""

    async def close(self) -> None:
        await self._session.close()
