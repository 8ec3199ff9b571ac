"""Where a dialogue stands. Everything that the next step needs, and nothing else; JSON both ways."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, Literal, TypeAlias

from survey.questionnaire.answer import Answer
from survey.questionnaire.wording import Lang, Mode

Status: TypeAlias = Literal[
    "open",
    "complete",
    "partial",
    "screened_out",
    "refused",
    "broken_off",
    "wrong_person",
    "handover",
    "unanswered",
]
Ended: TypeAlias = str
"""Why it ended: finished, hung_up, silent, expired, stop, declined, declined_hard, later, asked_for,
not_understood, too_long, not_me, or the reason that the questionnaire gives to an ending of its own."""


@dataclass(frozen=True, slots=True)
class State:
    mode: Mode
    lang: Lang
    seed: int
    facts: Mapping[str, str]
    order: tuple[str, ...]
    """Ids of the items in the order of this respondent."""
    flipped: bool
    """Scales are read out from their other end."""
    status: Status = "open"
    answers: Mapping[str, Answer] = field(default_factory=dict)
    asking: str | None = None
    """The question that waits for an answer; of several asked in one message, the first."""
    step: int = 0
    not_understood: int = 0
    silences: int = 0
    helps: int = 0
    heard: tuple[str, ...] = ()
    """What was said to the question being asked and was not understood."""
    noted: tuple[str, ...] = ()
    """Notes already said."""
    telling: str | None = None
    """Said or sent, not yet known to have been heard."""
    told_text: str | None = None
    stopped: bool = False
    ended: Ended | None = None

    def to_json(self) -> str:
        body: dict[str, object] = {name: getattr(self, name) for name in _PLAIN}
        body["answers"] = {qid: [answer.code, answer.text] for qid, answer in self.answers.items()}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def from_json(body: str) -> "State":
        """The inverse of `to_json`: equal in every field."""
        values: dict[str, Any] = json.loads(body)
        values["answers"] = {qid: Answer(code, text) for qid, (code, text) in values["answers"].items()}
        for name in ("order", "heard", "noted"):
            values[name] = tuple(values[name])
        return State(**values)


_PLAIN: Final = tuple(one.name for one in fields(State) if one.name != "answers")
