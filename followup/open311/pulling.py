"""DOOR: closed requests of another Open311 endpoint come in as closed cases, each with its callback, as a list of them would.

The standard has no field for whom to call in an answer. An endpoint that trusts us gives `phone` and a name with the key that
it gave us; a request without them is refused row by row, like any row without a number.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import aiohttp
import asyncpg
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from followup import imports
from followup.api.policy import api_policy
from followup.door_refusals import EndpointAway
from followup.imports import ImportReport
from followup.refusals import UnknownCentre
from followup.store import cases, places
from followup.webhooks.delivering import open_session
from followup.webhooks.guard import Guard
from survey.ground import Ground
from survey.importing import Brought
from survey.sampling.numbers import NumberPlan

STANDING_SEED: Final = 1
LARGEST_ANSWER: Final = 20_000_000
"""Bytes of one page that are read; a thousand requests have about one."""
MOST_PAGES: Final = 20
NOBODY: Final = "诉求人"


class RemoteRequest(BaseModel):
    """What is read of a request; what else an endpoint says is left where it is."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    service_request_id: str
    status: str
    status_notes: str | None = None
    service_name: str | None = None
    service_code: str | None = None
    description: str | None = None
    agency_responsible: str | None = None
    requested_datetime: datetime
    updated_datetime: datetime | None = None
    address: str | None = None
    address_id: str | None = None
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None


@dataclass(frozen=True)
class Endpoint:
    """Another endpoint. `unit_code`: our unit that stands behind it, where it names no agency that we know."""

    base_url: str
    unit_code: str
    jurisdiction: str | None = None
    api_key: str | None = None


@dataclass(frozen=True)
class Pulled:
    """What was found, what was there already, and what became of the rest. `report` of None: nothing was new."""

    closed: int
    known: int
    report: ImportReport | None


async def pull(
    ground: Ground,
    guard: Guard,
    endpoint: Endpoint,
    centre_code: str,
    brought: Brought,
    *,
    plan: NumberPlan,
    days: int,
) -> Pulled:
    """Ask for what was requested in the last `days` and is closed.

    Raises EndpointAway, AddressNotAllowed, UnknownCentre, ListError.
    """
    now = ground.clock.now()
    found = await fetch_closed(guard, endpoint, now - timedelta(days=days), now)
    async with ground.pool.acquire() as conn:
        place = await places.centre_place(conn, centre_code)
        if place is None:
            raise UnknownCentre(centre=centre_code)
        fresh = await _fresh(conn, centre_code, found)
        if not fresh:
            return Pulled(len(found), len(found), None)
        rows = [row_of(one, endpoint.unit_code, ZoneInfo(place.tz)) for one in fresh]
        report = await imports.import_closed_cases(
            conn,
            ground.vault,
            centre_code,
            json.dumps(rows, ensure_ascii=False).encode(),
            brought,
            plan=plan,
            now=now,
            tokens=ground.tokens,
            seed=STANDING_SEED,
        )
    return Pulled(len(found), len(found) - len(fresh), report)


async def fetch_closed(
    guard: Guard, endpoint: Endpoint, start: datetime, end: datetime
) -> list[RemoteRequest]:
    """Closed requests of a span, asked for in parts of 90 days and pages of a thousand, each id once."""
    found: dict[str, RemoteRequest] = {}
    longest = timedelta(days=api_policy().open311_days)
    async with open_session(guard) as session:
        while start < end:
            until = min(start + longest, end)
            for page in range(1, MOST_PAGES + 1):
                got = await _page(session, guard, endpoint, start, until, page)
                new = [one for one in got if one.service_request_id not in found]
                found |= {one.service_request_id: one for one in new}
                if (
                    len(got) < api_policy().open311_rows or not new
                ):  # an endpoint that knows no pages says the same again
                    break
            start = until
    return [one for one in found.values() if one.status == "closed"]


async def _page(
    session: aiohttp.ClientSession,
    guard: Guard,
    endpoint: Endpoint,
    start: datetime,
    end: datetime,
    page: int,
) -> list[RemoteRequest]:
    url = f"{endpoint.base_url.rstrip('/')}/requests.json"
    guard.check_url(url)
    query = {
        "status": "closed",
        "start_date": _moment(start),
        "end_date": _moment(end),
        "page": str(page),
        "page_size": str(api_policy().open311_rows),
    }
    query |= {"jurisdiction_id": endpoint.jurisdiction} if endpoint.jurisdiction else {}
    query |= {"api_key": endpoint.api_key} if endpoint.api_key else {}
    try:
        async with session.get(url, params=query, allow_redirects=False) as response:
            body = await response.content.read(LARGEST_ANSWER)
            if response.status != 200:
                raise EndpointAway(url=url, why=f"it answered {response.status}")
        return TypeAdapter(list[RemoteRequest]).validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise EndpointAway(url=url, why=f"it gave no list of requests ({where}: {first['msg']})") from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise EndpointAway(url=url, why=type(error).__name__) from None


async def _fresh(
    conn: asyncpg.Connection, centre_code: str, found: Sequence[RemoteRequest]
) -> list[RemoteRequest]:
    known = await cases.known_external(conn, centre_code, [one.service_request_id.upper() for one in found])
    return [one for one in found if one.service_request_id.upper() not in known]


def row_of(one: RemoteRequest, unit_code: str, zone: ZoneInfo) -> dict[str, Any]:
    """A request as a row of a list of closed cases. Pure."""
    name = f"{one.last_name or ''}{one.first_name or ''}".strip()
    closed = one.updated_datetime or one.requested_datetime
    return {
        "external_number": one.service_request_id,
        "name": name or NOBODY,
        "number": one.phone or "",
        "content": one.description or one.service_name or "",
        "category": one.service_name or one.service_code or "",
        "township": _place(one),
        "unit": unit_code,
        "closed_at": closed.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
        "result_summary": one.status_notes or "",
        "claimed_contact": False,  # an endpoint says nothing of it
    }


def _place(one: RemoteRequest) -> str:
    """An address goes from the smallest to the largest; a list names the township first."""
    if one.address_id and one.address_id.isdecimal():
        return one.address_id
    parts = [part.strip() for part in (one.address or "").replace("，", ",").split(",")]
    return "".join(reversed(parts))


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
