"""Another Open311 GeoReport v2 endpoint on the wire: a request posted, found again, and looked at. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from urllib.parse import quote

import aiohttp
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from followup.door_refusals import AddressNotAllowed
from followup.webhooks.guard import Guard
from survey.masking import without_numbers

MOST_PAGES: Final = 20
"""Of its list, in which a request is looked for."""
LARGEST_ANSWER: Final = 2_000_000
"""Bytes that are read of an answer."""
TOO_MANY, AWAY, RETRY_AFTER = 429, 503, "Retry-After"
"""Nothing was taken, and it may be asked again: too many requests, and "away" from whoever says when to come back. A bare 503 may
be a gateway's, behind which the request was taken."""


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class Taken(_Answer):
    """What stands in the answer to a request that was posted, or to a token."""

    service_request_id: str | None = None
    token: str | None = None


class Standing(_Answer):
    """How a request stands there."""

    service_request_id: str | None = None
    status: str | None = None
    status_notes: str | None = None
    description: str | None = None


@dataclass(frozen=True)
class Said:
    """What came of asking. `taken`: by the endpoint, for certain; `not_taken`: for certain not, and it may be asked again;
    `refused`: it never will be; `unsure`: nobody knows."""

    what: Literal["taken", "not_taken", "refused", "unsure"]
    answer: str
    request_id: str | None = None
    token: str | None = None


@dataclass(frozen=True)
class Remote:
    """An endpoint with whatever it wants to be asked with."""

    session: aiohttp.ClientSession
    guard: Guard
    url: str
    jurisdiction: str | None
    api_key: str | None
    answer_kept: int

    async def post(self, fields: Mapping[str, str]) -> Said:
        """Post a request. Raises nothing: whatever happens is an answer."""
        form = {**self._query(), **fields}
        try:
            self.guard.check_url(self.url)
            async with self.session.post(self._at("requests"), data=form, allow_redirects=False) as response:
                body = await response.content.read(LARGEST_ANSWER)
                return self._said(response.status, body, RETRY_AFTER in response.headers)
        except AddressNotAllowed as error:
            return Said("refused", str(error))
        except aiohttp.ClientConnectorError as error:
            return Said("not_taken", type(error).__name__)
        except (
            aiohttp.ClientError,
            OSError,
        ) as error:  # of them a timeout, and a line that was reset: it may be there
            return Said("unsure", type(error).__name__)

    def _said(self, status: int, body: bytes, says_when: bool) -> Said:
        words = without_numbers(f"{status} {body.decode('utf-8', 'replace')}".replace("\0", "").strip())
        answer = words[: self.answer_kept]
        if status == TOO_MANY or (status == AWAY and says_when):
            return Said("not_taken", answer)
        if 300 <= status < 500:
            return Said("refused", answer)
        if status >= 500:
            return Said("unsure", answer)
        try:
            first = TypeAdapter(list[Taken]).validate_json(body)[0]
        except (ValidationError, IndexError):
            return Said("unsure", answer)
        if not first.service_request_id and not first.token:
            return Said("unsure", answer)
        return Said("taken", answer, first.service_request_id, first.token)

    async def id_of(self, token: str) -> str | None:
        """The request's id, once it has one; None: not yet, or nobody answered."""
        rows = await self._get(f"tokens/{quote(token, safe='')}", Taken)
        return rows[0].service_request_id if rows else None

    async def standing(self, request_id: str) -> Standing | None:
        """How it stands; None: nobody answered, or it is not there."""
        rows = await self._get(f"requests/{quote(request_id, safe='')}", Standing)
        return rows[0] if rows else None

    async def find(self, words: str, since: datetime, until: datetime) -> str | None:
        """The id of the request whose description holds these words, requested in that span; None: not found, or not listed."""
        span = {"start_date": _moment(since), "end_date": _moment(until)}
        seen: set[str | None] = set()
        for page in range(1, MOST_PAGES + 1):
            listed: list[Standing] = await self._get("requests", Standing, {**span, "page": str(page)}) or []
            found = next((one.service_request_id for one in listed if words in (one.description or "")), None)
            new = {one.service_request_id for one in listed} - seen
            if found or not new:  # an endpoint that knows no pages says the same again
                return found
            seen |= new
        return None

    async def _get(self, path: str, kind: Any, query: Mapping[str, str] | None = None) -> list[Any] | None:
        try:
            self.guard.check_url(self.url)
            async with self.session.get(
                self._at(path), params={**self._query(), **(query or {})}, allow_redirects=False
            ) as response:
                body = await response.content.read(LARGEST_ANSWER)
                if response.status != 200:
                    return None
                return list(TypeAdapter(list[kind]).validate_json(body))
        except (AddressNotAllowed, ValidationError, aiohttp.ClientError, TimeoutError, OSError):
            return None

    def _at(self, path: str) -> str:
        return f"{self.url.rstrip('/')}/{path}.json"

    def _query(self) -> dict[str, str]:
        named = {"jurisdiction_id": self.jurisdiction, "api_key": self.api_key}
        return {name: value for name, value in named.items() if value}


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
