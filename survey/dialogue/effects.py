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
    recording: str | None = None


@dataclass(frozen=True, slots=True)
class OptOut:
    scope: Scope


@dataclass(frozen=True, slots=True)
class Handover:
    """A person must call. `reason`: asked_for, not_understood, too_long, recording (a spoken answer to listen to),
    distress_violence, distress_self_harm, distress_emergency; `words`: what was said; `urgent`: at once."""

    reason: str
    words: str | None = None
    urgent: bool = False
    recording: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The resident has had this result: something came back after it was said."""

    text: str


@dataclass(frozen=True, slots=True)
class WrongPerson:
    """The number does not belong to the person; to be unlinked."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag of the questionnaire, the first time that its condition holds."""

    flag: str


@dataclass(frozen=True, slots=True)
class CallAt:
    """The resident named a moment to be called: local time, 2026-03-09T15:00."""

    moment: str


@dataclass(frozen=True, slots=True)
class Forget:
    """A minor: everything that this interview has kept is to be deleted."""


Effect: TypeAlias = Answered | OptOut | Handover | Told | WrongPerson | Flagged | CallAt | Forget
Effects: TypeAlias = tuple[Effect, ...]

_KINDS: Final[Mapping[str, type[Effect]]] = {
    kind.__name__: kind for kind in (Answered, OptOut, Handover, Told, WrongPerson, Flagged, CallAt, Forget)
}


def to_fields(effect: Effect) -> dict[str, object]:
    return {"kind": type(effect).__name__, **asdict(effect)}


def from_fields(fields: Mapping[str, object]) -> Effect:
    rest = {name: value for name, value in fields.items() if name != "kind"}
    return _KINDS[str(fields["kind"])](**rest)  # type: ignore[arg-type]
