"""What an input meant. Each mode reads its inputs into these, and the engine knows nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from survey.questionnaire.answer import Answer


@dataclass(frozen=True, slots=True)
class Given:
    """Answers to one or several of the questions asked."""

    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Unclear:
    words: str


@dataclass(frozen=True, slots=True)
class Stop:
    everything: bool


@dataclass(frozen=True, slots=True)
class AsksPerson:
    pass


@dataclass(frozen=True, slots=True)
class AsksHelp:
    pass


@dataclass(frozen=True, slots=True)
class Acknowledged:
    pass


@dataclass(frozen=True, slots=True)
class Declined:
    """Does not want this interview; `hard`: and said so in a way that forbids asking once more."""

    hard: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """Not now."""


@dataclass(frozen=True, slots=True)
class NotMe:
    pass


@dataclass(frozen=True, slots=True)
class Silence:
    pass


@dataclass(frozen=True, slots=True)
class Gone:
    pass


@dataclass(frozen=True, slots=True)
class Back:
    question_id: str


Meaning: TypeAlias = (
    Given
    | Unclear
    | Stop
    | AsksPerson
    | AsksHelp
    | Acknowledged
    | Declined
    | Later
    | NotMe
    | Silence
    | Gone
    | Back
)
