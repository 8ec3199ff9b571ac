"""Operations over HTTP: key, rate, scope, fields, idempotency; then the handler; then the answer. In this order, for all."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import asyncpg
import structlog
from aiohttp import web
from pydantic import BaseModel, ValidationError

from followup.api import keys
from followup.api.limiting import Limiter
from followup.api.operations import Answer, Call, Operation
from followup.api.policy import api_policy
from followup.api.problems import MEDIA_TYPE, Fault, Problem, of_refusal, of_validation
from followup.refusals import CaseRefusal
from followup.store import api_answers, api_keys
from followup.store.api_keys import KeyRow
from survey.ground import Ground
from survey.sampling.numbers import NumberPlan
from survey.store.outage import DOWN

log = structlog.get_logger()

REQUEST_ID: Final = "X-Request-Id"
IDEMPOTENCY_KEY: Final = "Idempotency-Key"
IDEMPOTENCY_PATTERN: Final = r"^[A-Za-z0-9_.:-]{8,100}$"
REPLAYED: Final = "Idempotent-Replayed"
NO_STORE: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_REQUEST_KEY: Final = web.RequestKey("minyi_request_id", str)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Served:
    """The operations of one process, with what they stand on."""

    def __init__(
        self,
        ground: Ground,
        plan: NumberPlan,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        policy = api_policy()
        self._ground = ground
        self._plan: NumberPlan = plan
        self._of_keys = Limiter(policy.per_minute, policy.burst, monotonic)
        self._of_strangers = Limiter(policy.wrong_keys_a_minute, policy.wrong_keys_a_minute, monotonic)

    def handler(self, operation: Operation) -> Handler:
        """What aiohttp calls for this operation."""

        async def handle(request: web.Request) -> web.Response:
            _check_accept(request)
            key_text = _bearer(request)
            async with self._ground.pool.acquire() as conn:
                key = await self._key(conn, request, key_text)
                _check_scope(key, operation)
                path = _path_values(request, operation)
                query = _query(request, operation)
                body = await _body(request) if operation.writes else b""
                sent = _sent(body, operation)
                call = Call(
                    self._ground,
                    self._plan,
                    conn,
                    key,
                    key_text,
                    request_id_of(request),
                    operation.id,
                    path,
                    sent,
                    query,
                )
                if not operation.writes:
                    return _reply(operation.status, await self._read(call, operation))
                return await self._write(call, operation, request, body)

        return handle

    async def _key(self, conn: asyncpg.Connection, request: web.Request, text: str) -> KeyRow:
        key = await keys.authenticate(conn, text, self._ground.clock.now()) if text else None
        if key is None:
            wait = self._of_strangers.wait_s(request.remote)
            raise _too_many(wait) if wait else _no_key()
        if wait := self._of_keys.wait_s(key.id):
            raise _too_many(wait)
        return key

    async def _read(self, call: Call, operation: Operation) -> BaseModel:
        answer = await _acted(call, operation)
        await _record(call, answer)
        return answer.body

    async def _write(
        self, call: Call, operation: Operation, request: web.Request, body: bytes
    ) -> web.Response:
        """One effect per Idempotency-Key: the row that claims it, the effect and the answer are one transaction."""
        name = _idempotency_key(request)
        print_ = keys.fingerprint(call.key_text, operation.id.encode(), request.path.encode(), body)
        kept = timedelta(hours=api_policy().answers_kept_hours)
        async with call.conn.transaction():
            await api_answers.forget(call.conn, call.key.id, call.now - kept)
            if not await api_answers.begin(call.conn, call.key.id, name, print_, call.now):
                return await _again(call, name, print_)
            answer = await _acted(call, operation)
            await _record(call, answer)
            told = answer.body.model_dump(mode="json")
            await api_answers.keep(call.conn, call.key.id, name, operation.status, told)
        return _json(operation.status, told)


async def _acted(call: Call, operation: Operation) -> Answer:
    try:
        return await operation.act(call)
    except CaseRefusal as refusal:
        raise of_refusal(refusal) from None


async def _record(call: Call, answer: Answer) -> None:
    if answer.cases:
        await api_keys.record_access(
            call.conn, call.key.id, answer.cases, call.operation, call.request_id, call.now
        )


async def _again(call: Call, name: str, fingerprint: bytes) -> web.Response:
    row = await api_answers.answer_of(call.conn, call.key.id, name)
    if row is None or row.fingerprint != fingerprint or row.status is None:
        raise Problem(
            "key_reused",
            faults=[_fault(IDEMPOTENCY_KEY, "used before with another request", "use a new one")],
        )
    return _json(row.status, row.body, {REPLAYED: "true"})


def _check_accept(request: web.Request) -> None:
    accept = request.headers.get("Accept", "*/*").lower()
    kinds = {part.split(";")[0].strip() for part in accept.split(",")}
    if not kinds & {"", "*/*", "application/*", "application/json", MEDIA_TYPE}:
        raise Problem("not_acceptable")


def _bearer(request: web.Request) -> str:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" else ""


def _check_scope(key: KeyRow, operation: Operation) -> None:
    if operation.scope not in key.scopes:
        raise Problem("scope_missing", f"This needs the scope {operation.scope}.")


def _path_values(request: web.Request, operation: Operation) -> Mapping[str, str]:
    values = {name: request.match_info[name] for name in operation.path_values}
    for name, text in values.items():
        if not re.fullmatch(operation.path_values[name].pattern, text):
            raise Problem(
                "malformed",
                faults=[_fault(name, "not of the form that is declared", operation.path_values[name].about)],
            )
    return values


def _query(request: web.Request, operation: Operation) -> BaseModel:
    """Texts of the query as the types that are declared; a name that comes twice, or is not declared, is refused."""
    values: dict[str, Any] = {}
    for name, text in request.query.items():
        if name in values:
            raise Problem("malformed", faults=[_fault(name, "given more than once", "give it once")])
        values[name] = (
            int(text) if re.fullmatch(r"0|[1-9][0-9]{0,8}", text) and _whole(operation, name) else text
        )
    try:
        return operation.query.model_validate(values)
    except ValidationError as error:
        raise of_validation(error) from None


def _whole(operation: Operation, name: str) -> bool:
    field = operation.query.model_fields.get(name)
    return field is not None and field.annotation is int


async def _body(request: web.Request) -> bytes:
    most = api_policy().largest_body_kb * 1000
    if request.content_type != "application/json" and request.can_read_body:
        raise Problem("wrong_media_type")
    if (request.content_length or 0) > most:
        raise _too_large(most)
    body = await request.content.read(most + 1)
    while len(body) <= most and not request.content.at_eof():
        body += await request.content.read(most + 1 - len(body))
    if len(body) > most:
        raise _too_large(most)
    return body


def _sent(body: bytes, operation: Operation) -> BaseModel | None:
    if operation.sent is None:
        return None
    try:
        return operation.sent.model_validate_json(body)
    except ValidationError as error:
        raise of_validation(error) from None


def _idempotency_key(request: web.Request) -> str:
    found = request.headers.getall(IDEMPOTENCY_KEY, [])
    if len(found) != 1 or not re.fullmatch(IDEMPOTENCY_PATTERN, found[0]):
        raise Problem(
            "malformed",
            "A request that changes something needs an Idempotency-Key.",
            [
                _fault(
                    IDEMPOTENCY_KEY,
                    "missing or malformed",
                    "send 8 to 100 letters and digits, new for each request",
                )
            ],
        )
    return found[0]


def _fault(name: str, reason: str, remedy: str) -> Fault:
    return Fault(field=name, reason=reason, remedy=remedy)


def _no_key() -> Problem:
    return Problem("key_missing", headers={"WWW-Authenticate": 'Bearer realm="minyi"'})


def _too_many(wait_s: int) -> Problem:
    return Problem("too_many", f"Wait {wait_s} s.", headers={"Retry-After": str(wait_s)})


def _too_large(most: int) -> Problem:
    return Problem("too_large", f"A request may have {most} bytes.")


def _reply(status: int, body: BaseModel) -> web.Response:
    return _json(status, body.model_dump(mode="json"))


def _json(status: int, body: object, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.json_response(body, status=status, headers=NO_STORE | dict(headers or {}))


def request_id_of(request: web.Request) -> str:
    """The id of this request, by which its answer, its audit rows and the log name it."""
    return request[_REQUEST_KEY]


@web.middleware
async def problems_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every answer carries the request's id, and every no is a problem document; nothing that is not ours gets out."""
    request[_REQUEST_KEY] = secrets.token_hex(8)
    try:
        response = await handler(request)
    except Problem as problem:
        response = _said_no(problem, request)
    except web.HTTPException as error:
        response = _said_no(_of_http(error), request)
    except DOWN as error:
        log.warning("database away", request=request_id_of(request), error=type(error).__name__)
        response = _said_no(Problem("away", headers={"Retry-After": "1"}), request)
    response.headers[REQUEST_ID] = request_id_of(request)
    return response


def _of_http(error: web.HTTPException) -> Problem:
    if isinstance(error, web.HTTPMethodNotAllowed):
        return Problem("wrong_method", headers={"Allow": ", ".join(sorted(error.allowed_methods))})
    if isinstance(error, web.HTTPRequestEntityTooLarge):
        return Problem("too_large")
    if error.status == 404:
        return Problem("unknown_path")
    if error.status == 503:
        return Problem("away", headers={"Retry-After": "1"})
    return Problem("malformed", error.reason)


def _said_no(problem: Problem, request: web.Request) -> web.Response:
    body = problem.body(request_id_of(request))
    return web.json_response(
        body, status=problem.status, headers=NO_STORE | dict(problem.headers), content_type=MEDIA_TYPE
    )


def api_app(served: Served, operations: Sequence[Operation], document: Mapping[str, Any]) -> web.Application:
    """The application below /api/v1."""
    app = web.Application(middlewares=[problems_middleware])

    async def openapi(request: web.Request) -> web.Response:
        return _json(200, document)

    app.router.add_route("GET", "/openapi.json", openapi)
    for one in operations:
        app.router.add_route(one.method, one.path, served.handler(one))
    return app
