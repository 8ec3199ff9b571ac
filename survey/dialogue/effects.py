"""What a step asks the world to do. The engine only says it; the doors do it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final, Literal, TypeAlias

Scope: TypeAlias = Literal["survey", "case_text", "case_call", "all"]
"""How far "never again" reaches (settled by the thread it is said in)."""


@dataclass(frozen=True, slots=True)
class Answered:
    question_id: str
    code: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class OptOut:
    scope: Scope


@dataclass(frozen=True, slots=True)
class Handover:
    """A person must call. `reason`: asked_for, not_understood, too_long; `words`: what was not understood."""

    reason: str
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The resident has had this result: something came back after it was said."""

    text: str


@dataclass(frozen=True, slots=True)
class WrongPerson:
    """The number does not belong to the person; to be unlinked."""


Effect: TypeAlias = Answered | OptOut | Handover | Told | WrongPerson
Effects: TypeAlias = tuple[Effect, ...]

_KINDS: Final[Mapping[str, type[Effect]]] = {
    kind.__name__: kind for kind in (Answered, OptOut, Handover, Told, WrongPerson)
}


def to_fields(effect: Effect) -> dict[str, object]:
    return {"kind": type(effect).__name__, **asdict(effect)}


def from_fields(fields: Mapping[str, object]) -> Effect:
    rest = {name: value for name, value in fields.items() if name != "kind"}
    return _KINDS[str(fields["kind"])](**rest)  # type: ignore[arg-type]
