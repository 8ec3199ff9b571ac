"""The endpoint of GeoReport v2 below /open311/v2, in JSON and XML."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qsl

import asyncpg
import structlog
from aiohttp import web

from followup import appeals, moves
from followup.api import keys
from followup.api.cases import enrolled
from followup.api.fields import CASE_NAME, CODE
from followup.api.limiting import Limiter
from followup.api.policy import api_policy
from followup.api.scopes import Scope
from followup.api.serving import IDEMPOTENCY_KEY, IDEMPOTENCY_PATTERN
from followup.appeals import NewAppeal, SafeContact
from followup.casework.lifecycle import OPEN
from followup.casework.posts import THE_CENTRE
from followup.open311 import words
from followup.open311.errors import Open311Error, no_jurisdiction, no_key, unknown_jurisdiction
from followup.open311.policy import open311_policy
from followup.open311.posting import Posted, read_form
from followup.open311.querying import RequestQuery, read_query
from followup.open311.requests import request_of
from followup.open311.services import definition, services
from followup.open311.states import state_name
from followup.open311.words import ERRORS, REQUESTS, SERVICES, TYPES, Format
from followup.refusals import CaseRefusal
from followup.store import api_answers, api_keys, places
from followup.store import published as rows
from followup.store.api_keys import KeyRow
from followup.store.published import PublishedCase
from survey.ground import Ground
from survey.masking import without_numbers
from survey.sampling.area_names import AreaNames
from survey.sampling.numbers import NumberPlan, to_dial
from survey.sampling.refusals import FieldRefused
from survey.store.outage import DOWN

log = structlog.get_logger()
OPEN_STATES: Final = (*OPEN, "major_hold", "wrong_person")
FORMAT: Final = "{format:json|xml}"
MOST_FIELDS: Final = 100
HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Open311:
    """Handlers of the endpoint."""

    def __init__(
        self, ground: Ground, plan: NumberPlan, centre: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._ground = ground
        self._plan: NumberPlan = plan
        self._centre = centre
        self._limiter = Limiter(api_policy().per_minute, api_policy().burst, monotonic)

    def app(self) -> web.Application:
        """The application below /open311/v2."""
        app = web.Application(middlewares=[errors_middleware])
        for method, path, handler in (
            ("GET", f"/services.{FORMAT}", self.services),
            ("GET", f"/services/{{code:[^/]+}}.{FORMAT}", self.definition),
            ("GET", f"/requests.{FORMAT}", self.requests),
            ("POST", f"/requests.{FORMAT}", self.post),
            ("GET", f"/requests/{{id:[^/]+}}.{FORMAT}", self.request),
            ("GET", f"/request/{{id:[^/]+}}.{FORMAT}", self.request_alone),
            ("GET", f"/tokens/{{id:[^/]+}}.{FORMAT}", self.token),
        ):
            app.router.add_route(method, path, handler)
        return app

    async def services(self, request: web.Request) -> web.Response:
        """What can be requested."""
        async with self._ground.pool.acquire() as conn:
            await self._jurisdiction(conn, request.query)
        return _rows(request, services(), SERVICES)

    async def definition(self, request: web.Request) -> web.Response:
        """The further fields of one service."""
        async with self._ground.pool.acquire() as conn:
            await self._jurisdiction(conn, request.query)
        found = definition(request.match_info["code"])
        if found is None:
            raise Open311Error(404, "service_code was not found. GET services lists them.")
        format_ = _format(request)
        return _said(words.definition(found, format_), format_)

    async def requests(self, request: web.Request) -> web.Response:
        """Cases by date, service and status, or by number."""
        now = self._ground.clock.now()
        async with self._ground.pool.acquire() as conn:
            centre = await self._jurisdiction(conn, request.query)
            key = await self._key(conn, request, request.query, centre)
            found = await _published(conn, centre, key, read_query(request.query, now))
            await self._record(conn, key, found, "open311.requests")
        return _rows(request, [request_of(one, state_name(one.status)) for one in found], REQUESTS)

    async def request(self, request: web.Request) -> web.Response:
        """One case, as a list of one."""
        found = await self._one(request)
        return _rows(request, [request_of(found, state_name(found.status))], REQUESTS)

    async def request_alone(self, request: web.Request) -> web.Response:
        """One case by itself, as the published description has it beside the list."""
        found = await self._one(request)
        format_ = _format(request)
        return _said(words.one(request_of(found, state_name(found.status)), "request", format_), format_)

    async def token(self, request: web.Request) -> web.Response:
        """The number of the case whose query code this is. Numbers are given out at once here, so nobody has to wait for one."""
        code = request.match_info["id"]
        async with self._ground.pool.acquire() as conn:
            centre = await self._jurisdiction(conn, request.query)
            await self._key(conn, request, request.query, centre)
            number = await rows.number_of_code(conn, centre, code) if _is_code(code) else None
        if number is None:
            raise Open311Error(404, "token_id was not found. It is the query code of eight characters.")
        return _rows(request, [{"service_request_id": number, "token": code}], REQUESTS)

    async def post(self, request: web.Request) -> web.Response:
        """Register an appeal. Needs a key with the scope cases:write."""
        pairs = await _form(request)
        values = dict(pairs) | dict(request.query)
        async with self._ground.pool.acquire() as conn:
            centre = await self._jurisdiction(conn, values)
            key = await self._key(conn, request, values, centre)
            if key is None or Scope.CASES_WRITE not in key.scopes:
                raise no_key()
            posted = read_form([*request.query.items(), *pairs])
            async with conn.transaction():
                receipt = await self._once(conn, request, centre, key, values["api_key"].strip(), posted)
        return _rows(request, [receipt], REQUESTS)

    async def _once(
        self,
        conn: asyncpg.Connection,
        request: web.Request,
        centre: str,
        key: KeyRow,
        key_text: str,
        posted: Posted,
    ) -> Mapping[str, Any]:
        """Register it. The standard knows no repetition; a client that sends an Idempotency-Key, as ours does, gets the same
        answer to the same request for as long as the JSON API keeps answers, and has one effect.
        """
        name = request.headers.get(IDEMPOTENCY_KEY)
        if name is None:
            return await self._register(conn, centre, key, posted)
        if not re.fullmatch(IDEMPOTENCY_PATTERN, name):
            raise Open311Error(
                400, "Idempotency-Key is malformed. Send 8 to 100 letters and digits, or leave it out."
            )
        now, body = self._ground.clock.now(), await request.read()
        print_ = keys.fingerprint(key_text, b"open311.post", request.query_string.encode(), body)
        await api_answers.forget(conn, key.id, now - timedelta(hours=api_policy().answers_kept_hours))
        if await api_answers.begin(conn, key.id, name, print_, now):
            receipt = await self._register(conn, centre, key, posted)
            await api_answers.keep(conn, key.id, name, 200, receipt)
            return receipt
        before = await api_answers.answer_of(conn, key.id, name)
        if before is None or before.fingerprint != print_ or before.status is None:
            raise Open311Error(400, "Idempotency-Key was used before with another request. Use a new one.")
        return before.body  # type: ignore[no-any-return]

    async def _register(
        self, conn: asyncpg.Connection, centre: str, key: KeyRow, posted: Posted
    ) -> dict[str, Any]:
        ground, now = self._ground, self._ground.clock.now()
        area, place = await _where(conn, centre, posted)
        person = None
        if posted.phone:
            try:
                number = to_dial(posted.phone, self._plan)
            except FieldRefused as no:
                raise Open311Error(400, f"phone: {no.reason}; {no.remedy}.") from None
            person = await enrolled(conn, ground.vault, number, posted.name)
        appeal = NewAppeal(
            centre_code=centre,
            source="api",
            person_id=person,
            content=posted.description,
            place=place,
            area_code=area,
            occurred_at=posted.occurred_at,
            category=posted.service_code,
            anonymity=posted.anonymity,
            consent=True,
            contact=SafeContact(no_texts=posted.no_texts),
            first_handler=THE_CENTRE,
        )
        try:
            made = await appeals.register(conn, appeal, by=f"系统-{key.name}", now=now, tokens=ground.tokens)
        except CaseRefusal as refusal:
            raise Open311Error(400, without_numbers(str(refusal))) from None
        case = await moves.read(conn, made.number)
        await api_keys.record_access(conn, key.id, [case.id], rows.POSTED, secrets.token_hex(8), now)
        notice = open311_policy().registered_notice.format(number=made.number, query_code=made.query_code)
        return {"service_request_id": made.number, "service_notice": notice, "account_id": None}

    async def _one(self, request: web.Request) -> PublishedCase:
        number = request.match_info["id"]
        async with self._ground.pool.acquire() as conn:
            centre = await self._jurisdiction(conn, request.query)
            key = await self._key(conn, request, request.query, centre)
            numbers = (number,) if _is_case(number) else ()
            found = await _published(conn, centre, key, RequestQuery(numbers=numbers))
            await self._record(conn, key, found, "open311.request")
        if not found:
            raise Open311Error(404, "service_request_id was not found, or is not published.")
        return found[0]

    async def _jurisdiction(self, conn: asyncpg.Connection, values: Mapping[str, str]) -> str:
        known = await rows.centre_codes(conn)
        named = values.get("jurisdiction_id", "").strip()
        if not named:
            if len(known) > 1:
                raise no_jurisdiction(known)
            return known[0] if known else self._centre
        if named not in known:
            raise unknown_jurisdiction()
        return named

    async def _key(
        self, conn: asyncpg.Connection, request: web.Request, values: Mapping[str, str], centre: str
    ) -> KeyRow | None:
        """The key that was sent; None if none was. A wrong one is refused, not overlooked."""
        text = values.get("api_key", "").strip()
        key = await keys.authenticate(conn, text, self._ground.clock.now()) if text else None
        if text and (key is None or key.centre_code != centre or key.unit_code is not None):
            raise no_key()
        if wait := self._limiter.wait_s(key.id if key else request.remote):
            raise Open311Error(429, f"Too many requests. Wait {wait} s.", {"Retry-After": str(wait)})
        return key

    async def _record(
        self, conn: asyncpg.Connection, key: KeyRow | None, found: Sequence[PublishedCase], operation: str
    ) -> None:
        if key is not None and found:
            ids, now = [one.id for one in found], self._ground.clock.now()
            await api_keys.record_access(conn, key.id, ids, operation, secrets.token_hex(8), now)


async def _published(
    conn: asyncpg.Connection, centre: str, key: KeyRow | None, query: RequestQuery
) -> list[PublishedCase]:
    """What is of a public place, for anybody; with a key that may read cases, every named case. Who asks by its number for what
    their key has posted gets it: they have to learn what became of it.
    """
    may_read = key is not None and Scope.CASES_READ in key.scopes
    return await rows.published(
        conn,
        centre,
        groups=None if may_read else open311_policy().published_groups,
        numbers=query.numbers,
        categories=query.codes,
        start=query.start,
        end=query.end,
        is_open=query.is_open,
        open_states=OPEN_STATES,
        posted_by=key.id if key else None,
        limit=query.page_size,
        offset=(query.page - 1) * query.page_size,
    )


async def _where(conn: asyncpg.Connection, centre: str, posted: Posted) -> tuple[str, str]:
    """Code of the area, and the place in words. An address that names no township that is known is of the county."""
    place = await places.centre_place(conn, centre)
    county = place.area_code if place else centre
    if posted.address_id:
        if not await places.is_area_within(conn, posted.address_id, county):
            raise Open311Error(
                400, "address_id is no area here. Send the code of a township or village, or address_string."
            )
        return posted.address_id, posted.address_string or posted.address_id
    words_ = posted.address_string or ""
    names = AreaNames(await places.area_names(conn, county))
    try:
        return names.resolve(words_), words_
    except FieldRefused:
        return county, words_


async def _form(request: web.Request) -> list[tuple[str, str]]:
    most = api_policy().largest_body_kb * 1000
    if (request.content_length or 0) > most:
        raise Open311Error(413, f"The request has more than {most} bytes.")
    if request.content_type not in ("application/x-www-form-urlencoded", "application/octet-stream"):
        raise Open311Error(415, "Send a form: application/x-www-form-urlencoded.")
    body = await request.read()
    try:
        return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Open311Error(400, f"A form may have {MOST_FIELDS} fields.") from None


def _is_case(text: str) -> bool:
    return len(text) > 8 and _fits(CASE_NAME, text)


def _is_code(text: str) -> bool:
    return len(text) == 8 and _fits(CODE, text)


def _fits(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text) is not None


def _format(request: web.Request) -> Format:
    return "xml" if request.path.endswith(".xml") else "json"


def _rows(request: web.Request, values: Sequence[Mapping[str, Any]], names: words.Names) -> web.Response:
    format_ = _format(request)
    return _said(words.rows(values, names, format_), format_)


def _said(
    body: str, format_: Format, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    return web.Response(
        text=body,
        status=status,
        content_type=TYPES[format_],
        charset="utf-8",
        headers=HEADERS | dict(headers or {}),
    )


@web.middleware
async def errors_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every no is an error document in the format that was asked for."""
    try:
        return await handler(request)
    except Open311Error as error:
        return _no(request, error)
    except web.HTTPMethodNotAllowed as error:
        allowed = {"Allow": ", ".join(sorted(error.allowed_methods))}
        return _no(request, Open311Error(405, f"This address takes {allowed['Allow']} only.", allowed))
    except web.HTTPRequestEntityTooLarge:
        return _no(request, Open311Error(413, "The request is too large."))
    except web.HTTPNotFound:
        return _no(request, Open311Error(404, "There is nothing at this address. End it in .json or .xml."))
    except DOWN as error:
        log.warning("database away", error=type(error).__name__)
        return _no(
            request, Open311Error(503, "The service is away for the moment. Try again.", {"Retry-After": "1"})
        )


def _no(request: web.Request, error: Open311Error) -> web.Response:
    format_ = _format(request)
    value = {"code": error.status, "description": error.description}
    return _said(words.rows([value], ERRORS, format_), format_, error.status, error.headers)
