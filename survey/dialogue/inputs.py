"""What can come in, whoever or whatever carried it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeAlias


@dataclass(frozen=True, slots=True)
class Digits:
    """Keys pressed on a telephone, as the carrier reports them: "1", "*", ""."""

    keys: str


@dataclass(frozen=True, slots=True)
class Speech:
    """Words that the carrier's recogniser heard, and how sure it is (0 to 1)."""

    text: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Recorded:
    """An open answer that was spoken. `recording`: the carrier's id of it; `words`: what was said, where somebody or
    something has written it down already; `key`: the key that ended it, # or "" where none did."""

    recording: str
    seconds: int = 0
    words: str | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class NoInput:
    """Nothing came: silence on the line; in a text thread, time to remind or to give up."""


@dataclass(frozen=True, slots=True)
class Hangup:
    """The resident is gone; a text thread has run out of time; a page was left."""


@dataclass(frozen=True, slots=True)
class Never:
    """Never again, however it was said."""


@dataclass(frozen=True, slots=True)
class NoSeat:
    """What was just answered puts the resident into a quota's cell that has no seat left."""


@dataclass(frozen=True, slots=True)
class Message:
    """A text message, as written."""

    body: str


@dataclass(frozen=True, slots=True)
class Form:
    """A page that was sent: by question, what stands in its fields; several codes parted by blanks."""

    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """The operator's screen: an option's code (several parted by spaces), a missing code (dk, refused,
    no_answer), or one of its buttons: again, person, stop, declined, declined_hard, later, minor."""

    code: str


@dataclass(frozen=True, slots=True)
class Words:
    """What the operator typed: an open answer, or the resident's words on a closed question."""

    text: str


@dataclass(frozen=True, slots=True)
class Correct:
    """The operator, or whoever fills in a page, goes back to a question that was already answered."""

    question_id: str


Said: TypeAlias = (
    Digits | Speech | Recorded | NoInput | Hangup | Never | Message | Form | Choice | Words | Correct
)
"""What comes from a resident, or from whoever writes for one."""
Input: TypeAlias = Said | NoSeat

_KINDS: Final[Mapping[str, type[Input]]] = {
    "digits": Digits,
    "speech": Speech,
    "recording": Recorded,
    "silence": NoInput,
    "hangup": Hangup,
    "stop": Never,
    "no_seat": NoSeat,
    "text": Message,
    "web": Form,
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
    """As in a script: `digits:1`, `text:比较安全`, `speech:安全 (0.4)`, `recording:RE1 12 key=9 路灯坏了`,
    `web:{"Q1": "1"}`, `silence`."""
    name = _NAMES[type(given)]
    match given:
        case Form(values):
            return f"{name}:{json.dumps(dict(values), ensure_ascii=False)}"
        case Speech(text, confidence) if confidence < 1 or text.endswith(")"):
            return f"{name}:{text} ({confidence:g})"
        case Recorded(recording, seconds, written, key):
            ended = [f"key={key}"] if key else []
            return " ".join([f"{name}:{recording}", str(seconds), *ended, *([written] if written else [])])
        case NoInput() | Hangup() | Never() | NoSeat():
            return name
    (value,) = list(asdict(given).values())[:1]
    return f"{name}:{value}"


def from_line(line: str) -> Input:
    """The inverse of `to_line`. Raises ValueError for an unknown kind, or a page that is no JSON object of texts."""
    name, _, value = line.partition(":")
    kind = _KINDS.get(name.strip())
    if kind is None:
        raise ValueError(
            f"no input {name!r}; write one of {', '.join(_KINDS)}, such as digits:1 or text:安全"
        )
    if kind in (NoInput, Hangup, Never, NoSeat):
        return kind()
    if kind is Form:
        return Form(_fields(value))
    if kind is Recorded:
        return _recorded(value)
    if kind is Speech and value.endswith(")") and " (" in value:
        text, _, confidence = value[:-1].rpartition(" (")
        if confidence.replace(".", "", 1).isdecimal():
            return Speech(text, min(1.0, float(confidence)))
    return kind(value)  # type: ignore[call-arg, arg-type]


def _fields(value: str) -> Mapping[str, str]:
    try:
        fields: Any = json.loads(value)
    except json.JSONDecodeError as error:
        raise ValueError(f'web:{value}: {error}; write a page as JSON, such as web:{{"Q1": "1"}}') from error
    if not isinstance(fields, dict):
        raise ValueError(f'web:{value}: no JSON object; write a page as web:{{"Q1": "1"}}')
    return {
        str(name): " ".join(map(str, one)) if isinstance(one, list) else "" if one is None else str(one)
        for name, one in fields.items()
    }


def _recorded(value: str) -> Recorded:
    """Seconds and key may be left out."""
    recording, _, rest = value.strip().partition(" ")
    seconds, _, after = rest.partition(" ")
    rest = after if seconds.isdecimal() else rest
    key, _, words = rest.partition(" ")
    if not key.startswith("key="):
        key, words = "", rest
    length = int(seconds) if seconds.isdecimal() else 0
    return Recorded(recording or "recording", length, words or None, key.removeprefix("key="))
