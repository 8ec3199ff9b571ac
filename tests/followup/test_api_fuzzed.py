"""The API, asked at random from its own document: no 5xx, and no answer that the document does not declare."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from followup_county import CENTRE, POLICE, at
from fuzzing import fuzz
from openapi_schema_validator import OAS31Validator
from systems_bench import Systems, dispatched, open_systems, registered

from followup.api.document import document
from followup.api.keys import NOT_OF_UNITS, ONLY_OF_UNITS
from followup.api.scopes import Scope
from followup.api.table import OPERATIONS
from survey.vault import Vault

EXAMPLES = 8
"""For each operation and phase. On a machine with other work 25 of them took six minutes."""
SECONDS = 900


def test_every_schema_of_the_document_is_one() -> None:
    schemas = document(OPERATIONS)["components"]["schemas"]
    for schema in schemas.values():
        OAS31Validator.check_schema(schema)
    named = {one.answer.__name__ for one in OPERATIONS} | {
        one.sent.__name__ for one in OPERATIONS if one.sent
    }
    assert named | {"ProblemOut", "Fault"} <= set(schemas)


def keywords(schema: object) -> set[str]:
    """Every keyword that stands in a schema, the names of fields left out."""
    if isinstance(schema, list):
        return {word for one in schema for word in keywords(one)}
    if not isinstance(schema, dict):
        return set()
    found = set(schema)
    for name, inner in schema.items():
        named = (
            inner.values() if name == "properties" else [inner] if name not in ("default", "examples") else []
        )
        found |= {word for one in named for word in keywords(one)}
    return found


def test_the_schemas_say_nothing_that_no_reader_knows() -> None:
    """A limit that the models know under another name (`ge`) would stand in the document and bind nobody."""
    known = set(OAS31Validator.META_SCHEMA.get("properties", {})) | {
        "type", "title", "description", "default", "examples", "properties", "required", "additionalProperties",
        "items", "anyOf", "enum", "const", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems",
        "maxItems", "$ref",
    }  # fmt: skip
    assert keywords(list(document(OPERATIONS)["components"]["schemas"].values())) <= known


@pytest.fixture
async def patient(
    conn: asyncpg.Connection, pool: asyncpg.Pool, wang_fang: int, vault: Vault
) -> AsyncIterator[Systems]:
    """The doors with cases behind them; a second passes between any two requests, so that nobody has to wait."""
    seconds, numbers = count(), count(1)
    tokens = lambda: f"ref-{next(numbers):06}"  # noqa: E731
    async with open_systems(
        conn, pool, vault, at("9 10:00"), tokens, lambda: float(next(seconds))
    ) as systems:
        for _ in range(3):
            await dispatched(conn, wang_fang, at("9 09:00"), tokens)
            await registered(conn, wang_fang, at("9 09:30"), tokens)
        yield systems


@pytest.mark.slow
@pytest.mark.parametrize("unit", [None, POLICE], ids=["centre", "unit"])
async def test_the_api_answers_as_its_document_says(
    patient: Systems, tmp_path: Path, unit: str | None
) -> None:
    scopes = [scope for scope in Scope if scope not in (NOT_OF_UNITS if unit else ONLY_OF_UNITS)]
    key = await patient.key(*scopes, unit=unit)
    code, said = await fuzz(
        f"{patient.url}/api/v1/openapi.json",
        tmp_path,
        *("--header", f"Authorization: Bearer {key}"),
        examples=EXAMPLES,
        seconds=SECONDS,
    )
    assert code == 0, said


@pytest.mark.slow
async def test_open311_asked_from_its_published_description_is_never_at_a_loss(
    patient: Systems, tmp_path: Path, shared_data: Path
) -> None:
    """The description declares few answers and no null; what holds against it is that nothing ends in a 5xx."""
    key = await patient.key(Scope.CASES_READ, Scope.CASES_WRITE)
    code, said = await fuzz(
        str(shared_data / "open311" / "swagger.json"),
        tmp_path,
        *("--url", f"{patient.url}/open311/v2"),
        examples=EXAMPLES,
        seconds=SECONDS,
        checks="not_a_server_error",
        fixed={"path.response_format": "json", "query.jurisdiction_id": CENTRE, "query.api_key": key},
    )
    assert code == 0, said


def test_the_document_names_every_operation_and_problem() -> None:
    made = document(OPERATIONS)
    assert json.loads(json.dumps(made)) == made
    for one in OPERATIONS:
        declared = made["paths"][one.path][one.method.lower()]
        assert declared["operationId"] == one.id
        assert str(one.status) in declared["responses"]
        assert {"400", "401", "403", "406", "429", "503"} <= set(declared["responses"])
