"""What can come in, whoever or whatever carried it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True)
class Digits:
    """Keys pressed on a telephone, as the carrier reports them: "1", "*", ""."""

    keys: str


@dataclass(frozen=True, slots=True)
class NoInput:
    """Nothing came: silence on the line, or a text thread that ran out of time."""


@dataclass(frozen=True, slots=True)
class Hangup:
    """The resident is gone."""


@dataclass(frozen=True, slots=True)
class Message:
    """A text message, as written."""

    body: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The operator's screen: an option's code (several parted by spaces), a missing code (dk, refused,
    no_answer), or one of its buttons: again, person, stop, declined, declined_hard, later."""

    code: str


@dataclass(frozen=True, slots=True)
class Words:
    """What the operator typed: an open answer, or the resident's words on a closed question."""

    text: str


@dataclass(frozen=True, slots=True)
class Correct:
    """The operator goes back to a question that was already answered."""

    question_id: str


Input: TypeAlias = Digits | NoInput | Hangup | Message | Choice | Words | Correct

_KINDS: Final[Mapping[str, type[Input]]] = {
    "digits": Digits,
    "silence": NoInput,
    "hangup": Hangup,
    "text": Message,
    "choice": Choice,
    "words": Words,
    "correct": Correct,
}
_NAMES: Final = {kind: name for name, kind in _KINDS.items()}


def to_json(given: Input) -> str:
    """`{"kind": "digits", "keys": "1"}`, keys sorted."""
    return json.dumps({"kind": _NAMES[type(given)], **asdict(given)}, ensure_ascii=False, sort_keys=True)


def from_json(body: str) -> Input:
    """The inverse of `to_json`. Raises ValueError for an unknown kind."""
    fields = json.loads(body)
    kind = _KINDS.get(fields.pop("kind", ""))
    if kind is None:
        raise ValueError(f"stored input of no known kind; known: {', '.join(_KINDS)}")
    return kind(**fields)


def to_line(given: Input) -> str:
    """As in a script: `digits:1`, `text:比较安全`, `silence`."""
    values = list(asdict(given).values())
    return f"{_NAMES[type(given)]}:{values[0]}" if values else _NAMES[type(given)]


def from_line(line: str) -> Input:
    """The inverse of `to_line`. Raises ValueError for an unknown kind."""
    name, _, value = line.partition(":")
    kind = _KINDS.get(name.strip())
    if kind is None:
        raise ValueError(
            f"no input {name!r}; write one of {', '.join(_KINDS)}, such as digits:1 or text:安全"
        )
    if kind in (NoInput, Hangup):
        return kind()
    return kind(value)  # type: ignore[call-arg]
