"""What a step shows: to a telephone, a text thread, a page, an operator's screen."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from survey.dialogue.effects import Effects, from_fields, to_fields
from survey.dialogue.state import State, Status

Reaction: TypeAlias = Literal[
    "opened",
    "answered",
    "asked_again",
    "acknowledged",
    "helped",
    "reminded",
    "opted_out",
    "handover",
    "ended",
]
Wanted: TypeAlias = Literal["choice", "choices", "number", "date", "moment", "open", "several"]
"""What answers a question; "several": several questions in one message."""


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    label: str
    key: str
    """The key on a telephone, or the number in a text; "" where there is none."""


@dataclass(frozen=True, slots=True)
class Field:
    """A question or a note on a page. `value`: what stands in it; `fault`: why it is asked again, "" if it is not."""

    question_id: str
    kind: str
    prompt: str
    hint: str
    options: tuple[Option, ...]
    missing: tuple[str, ...]
    required: bool
    value: str
    fault: str


@dataclass(frozen=True, slots=True)
class Expect:
    """What may come next. `num_digits`: keys a telephone should wait for, 0 for as many as come (# ends them) and for
    open questions. `question_ids`: all questions of this message; `question_id` is the first of them. `speech`: it may
    be spoken; `record_s`: seconds to record for, 0 where nothing is recorded."""

    question_id: str
    kind: Wanted
    num_digits: int
    options: tuple[Option, ...]
    missing: tuple[str, ...]
    question_ids: tuple[str, ...]
    speech: bool = False
    record_s: int = 0


class Turn(NamedTuple):
    """One is made at each step, and a tuple with names costs a third of a frozen dataclass."""

    prompts: tuple[str, ...]
    expects: Expect | None
    reaction: Reaction
    effects: Effects
    status: Status
    fields: tuple[Field, ...] = ()
    """The page, in the mode web; elsewhere empty."""

    def to_json(self) -> str:
        body = {
            **self._asdict(),
            "expects": None if self.expects is None else asdict(self.expects),
            "effects": [to_fields(effect) for effect in self.effects],
            "fields": [asdict(field) for field in self.fields],
        }
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def from_json(body: str) -> "Turn":
        """The inverse of `to_json`: equal in every field."""
        values = json.loads(body)
        expects = values["expects"]
        if expects is not None:
            expects["question_ids"] = tuple(expects["question_ids"])
            values["expects"] = Expect(**_with_options(expects))
        values["prompts"] = tuple(values["prompts"])
        values["effects"] = tuple(from_fields(effect) for effect in values["effects"])
        values["fields"] = tuple(Field(**_with_options(field)) for field in values.get("fields", ()))
        return Turn(**values)


def _with_options(values: dict[str, Any]) -> dict[str, Any]:
    options = tuple(Option(**option) for option in values["options"])
    return {**values, "options": options, "missing": tuple(values["missing"])}


Moved: TypeAlias = tuple[State, Turn]
"""Where the dialogue stands after a move, and what the move shows."""
