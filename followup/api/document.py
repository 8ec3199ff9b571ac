"""The OpenAPI 3.1 document, made from the operations: what is declared there is what is served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from followup.api.operations import Operation
from followup.api.problems import MEDIA_TYPE, ProblemOut, kinds
from followup.api.scopes import MEANING
from followup.api.serving import IDEMPOTENCY_KEY, IDEMPOTENCY_PATTERN, REPLAYED, REQUEST_ID

REF: Final = "#/components/schemas/{model}"
Json = dict[str, Any]


def document(operations: Sequence[Operation], version: str = "1.0.0") -> Json:
    """The whole document."""
    inputs = [m for one in operations for m in (one.sent, one.query) if m is not None]
    outputs: list[type[BaseModel]] = [one.answer for one in operations] + [ProblemOut]
    _, definitions = models_json_schema(
        [(m, "validation") for m in dict.fromkeys(inputs)]
        + [(m, "serialization") for m in dict.fromkeys(outputs)],
        ref_template=REF,
    )
    schemas: Json = definitions["$defs"]
    paths: dict[str, Json] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, schemas)
    for one in operations:
        schemas.pop(one.query.__name__, None)  # its fields are parameters
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "民意 Minyi API",
            "version": version,
            "description": "社情民意调查中心与其他系统的接口。 The door of a survey centre for other systems. "
            "No name and no telephone number of a resident ever goes out.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "密钥 A key: mk_…; scopes: "
                    + "; ".join(f"{scope} {zh} {en}" for scope, (zh, en) in MEANING.items()),
                }
            },
            "headers": _headers(),
            "schemas": schemas,
        },
    }


def _operation(one: Operation, schemas: Mapping[str, Json]) -> Json:
    made: Json = {
        "operationId": one.id,
        "summary": one.zh,
        "description": f"{one.en} Scope: {one.scope}.",
        "parameters": [*_path(one), *_query(one, schemas), *_request_headers(one)],
        "responses": {str(one.status): _success(one), **_problems(one)},
    }
    if one.sent is not None:
        made["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": REF.format(model=one.sent.__name__)}}},
        }
    return made


def _path(one: Operation) -> list[Json]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": value.about,
            "schema": {"type": "string", "pattern": value.pattern},
            "example": value.example,
        }
        for name, value in one.path_values.items()
    ]


def _query(one: Operation, schemas: Mapping[str, Json]) -> list[Json]:
    made = schemas[one.query.__name__]
    required = made.get("required", [])
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": field.get("description", ""),
            "schema": {k: v for k, v in field.items() if k not in ("description", "title")},
        }
        for name, field in made.get("properties", {}).items()
    ]


def _request_headers(one: Operation) -> list[Json]:
    if not one.writes:
        return []
    return [
        {
            "name": IDEMPOTENCY_KEY,
            "in": "header",
            "required": True,
            "description": "每个新请求一个,重发用同一个,只办一次 New for each request, the same when it is sent again.",
            "schema": {"type": "string", "pattern": IDEMPOTENCY_PATTERN},
        }
    ]


def _success(one: Operation) -> Json:
    headers: Json = {REQUEST_ID: {"$ref": f"#/components/headers/{REQUEST_ID}"}}
    if one.writes:
        headers[REPLAYED] = {"$ref": f"#/components/headers/{REPLAYED}"}
    return {
        "description": (one.answer.__doc__ or one.zh).split("\n")[0],
        "headers": headers,
        "content": {"application/json": {"schema": {"$ref": REF.format(model=one.answer.__name__)}}},
        **({"links": _links(one)} if one.follow else {}),
    }


def _links(one: Operation) -> Json:
    """What can be done next with the case that was answered with."""
    return {
        name: {"operationId": name, "parameters": {"case": "$response.body#/number"}} for name in one.follow
    }


def _problems(one: Operation) -> Json:
    by_status: dict[int, list[str]] = {}
    for name in one.every_problem:
        by_status.setdefault(kinds()[name].status, []).append(
            f"{name}: {kinds()[name].zh} {kinds()[name].en}"
        )
    return {str(status): _problem(status, said) for status, said in sorted(by_status.items())}


def _problem(status: int, said: Sequence[str]) -> Json:
    headers: Json = {REQUEST_ID: {"$ref": f"#/components/headers/{REQUEST_ID}"}}
    if status in (429, 503):
        headers["Retry-After"] = {"$ref": "#/components/headers/Retry-After"}
    return {
        "description": "\n".join(said),
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": {"$ref": REF.format(model=ProblemOut.__name__)}}},
    }


def _headers() -> Json:
    return {
        REQUEST_ID: {
            "description": "请求编号 Names this request in the log.",
            "required": True,
            "schema": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
        },
        REPLAYED: {
            "description": "此前已办,这是当时的回答 It was done before; this is what was answered then.",
            "schema": {"type": "string", "enum": ["true"]},
        },
        "Retry-After": {
            "description": "等待几秒 Seconds to wait.",
            "required": True,
            "schema": {"type": "string", "pattern": "^[0-9]+$"},
        },
    }
