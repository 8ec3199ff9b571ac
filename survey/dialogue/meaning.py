"""What an input meant. Each mode reads its inputs into these, and the engine knows nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from survey.questionnaire.answer import Answer


@dataclass(frozen=True, slots=True)
class Given:
    """Answers to one or several of the questions asked."""

    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Filled:
    """A page that was sent: what it answers, and for each field that must be filled in again, why."""

    answers: Mapping[str, Answer]
    faults: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unclear:
    """`why`: the sentence of the question's own constraint; "" where it was simply not understood."""

    words: str
    why: str = ""


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
class Minor:
    """Says to be under age."""


@dataclass(frozen=True, slots=True)
class Distress:
    """Tells of violence, self-harm or an emergency in progress. `answers`: what the words answer besides."""

    kind: Literal["violence", "self_harm", "emergency"]
    words: str
    answers: Mapping[str, Answer]


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
    | Filled
    | Unclear
    | Stop
    | AsksPerson
    | AsksHelp
    | Acknowledged
    | Declined
    | Later
    | NotMe
    | Minor
    | Distress
    | Silence
    | Gone
    | Back
)
