"""What an operation is: one declaration, from which its handler, its place in the OpenAPI document and its page are made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeVar

import asyncpg
from pydantic import BaseModel, ConfigDict

from followup.api.scopes import Scope
from followup.store.api_keys import KeyRow
from survey.ground import Ground
from survey.sampling.numbers import NumberPlan

ALWAYS: Final = ("malformed", "key_missing", "scope_missing", "not_acceptable", "too_many", "away")
"""Problems that every operation with a key can answer with."""
OF_BODIES: Final = ("too_large", "wrong_media_type")
OF_WRITES: Final = ("key_reused",)

M = TypeVar("M", bound=BaseModel)


class Sent(BaseModel):
    """What comes in: nothing but the fields that are declared, of the types that are declared."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Told(BaseModel):
    """What goes out."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NoQuery(Sent):
    """An operation without parameters behind the question mark."""


@dataclass(frozen=True)
class Call:
    """One request, checked and read, on its way into a handler. `conn` is in a transaction if the operation writes."""

    ground: Ground
    plan: NumberPlan
    conn: asyncpg.Connection
    key: KeyRow
    key_text: str
    request_id: str
    operation: str
    path: Mapping[str, str]
    sent: Any = None
    query: Any = None

    @property
    def now(self) -> datetime:
        return self.ground.clock.now()

    @property
    def by(self) -> str:
        """Who does it, as events name the actor."""
        return self.key.unit_code or f"系统-{self.key.name}"


@dataclass(frozen=True)
class Answer:
    """What a handler says: the model, and the cases that were shown or moved, for the audit."""

    body: BaseModel
    cases: Sequence[int] = ()


@dataclass(frozen=True)
class PathValue:
    """A value in the path: its pattern is checked before the handler is asked."""

    pattern: str
    about: str
    example: str


@dataclass(frozen=True)
class Operation:
    """One method of one path. `problems`: what it can say no with, beside what all can.

    `follow`: what can be done next with the case of its answer.
    """

    id: str
    method: Literal["GET", "POST"]
    path: str
    scope: Scope
    zh: str
    en: str
    act: Callable[[Call], Awaitable[Answer]]
    answer: type[BaseModel]
    status: int = 200
    sent: type[Sent] | None = None
    query: type[Sent] = NoQuery
    path_values: Mapping[str, PathValue] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    follow: tuple[str, ...] = ()

    @property
    def writes(self) -> bool:
        return self.method == "POST"

    @property
    def every_problem(self) -> tuple[str, ...]:
        """All that it can say no with, each once."""
        body = (*OF_BODIES, *OF_WRITES) if self.writes else ()
        return tuple(dict.fromkeys((*ALWAYS, *body, *self.problems)))
