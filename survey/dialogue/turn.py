"""What a step shows: to a telephone, a text thread, an operator's screen."""

import json
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from survey.dialogue.effects import Effects, from_fields, to_fields
from survey.dialogue.state import State, Status

Reaction: TypeAlias = Literal[
    "opened", "answered", "asked_again", "acknowledged", "helped", "opted_out", "handover", "ended"
]


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    label: str
    key: str
    """The key on a telephone; "" where there is none."""


@dataclass(frozen=True, slots=True)
class Expect:
    """What may come next. `num_digits`: keys a telephone should wait for, 0 for open questions.
    `question_ids`: all questions of this message; `question_id` is the first of them."""

    question_id: str
    kind: Literal["choice", "open", "number"]
    num_digits: int
    options: tuple[Option, ...]
    missing: tuple[str, ...]
    question_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    prompts: tuple[str, ...]
    expects: Expect | None
    reaction: Reaction
    effects: Effects
    status: Status

    def to_json(self) -> str:
        body = asdict(self)
        body["effects"] = [to_fields(effect) for effect in self.effects]
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def from_json(body: str) -> "Turn":
        """The inverse of `to_json`: equal in every field."""
        values = json.loads(body)
        expects = values["expects"]
        if expects is not None:
            expects["options"] = tuple(Option(**option) for option in expects["options"])
            expects["missing"] = tuple(expects["missing"])
            expects["question_ids"] = tuple(expects["question_ids"])
            values["expects"] = Expect(**expects)
        values["prompts"] = tuple(values["prompts"])
        values["effects"] = tuple(from_fields(effect) for effect in values["effects"])
        return Turn(**values)


Moved: TypeAlias = tuple[State, Turn]
"""Where the dialogue stands after a move, and what the move shows."""
