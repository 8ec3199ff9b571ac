"""Where a dialogue stands. Everything that the next step needs, and nothing else; JSON both ways."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from pydantic_core import from_json, to_json

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
"""Once it is no longer open, it is final."""
Ended: TypeAlias = str
"""Why it ended: finished, hung_up, silent, expired, stop, declined, declined_hard, later, asked_for,
not_understood, too_long, not_me, minor, quota_full, distress_violence, distress_self_harm, distress_emergency, or the
reason that the questionnaire gives to an ending of its own."""


NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class State(NamedTuple):
    """A tuple with names rather than a dataclass: a step makes two or three of them, and a copy of this kind costs a
    fifth."""

    mode: Mode
    lang: Lang
    seed: int
    facts: Mapping[str, str]
    order: tuple[str, ...]
    """Ids of the items in the order of this respondent."""
    flipped: bool
    """Scales are read out from their other end."""
    dealt: Mapping[str, tuple[str, ...]] = NOTHING
    """The codes of questions whose options have an order of their own for each respondent."""
    status: Status = "open"
    answers: Mapping[str, Answer] = NOTHING
    asking: str | None = None
    """The question that waits for an answer; of several asked in one message, the first."""
    step: int = 0
    not_understood: int = 0
    silences: int = 0
    helps: int = 0
    reminders: int = 0
    heard: tuple[str, ...] = ()
    """What was said to the question being asked and was not understood."""
    noted: tuple[str, ...] = ()
    """Notes already said."""
    telling: str | None = None
    """Said or sent, not yet known to have been heard."""
    told_text: str | None = None
    flags: tuple[str, ...] = ()
    """Flags of the questionnaire that were raised."""
    stopped: bool = False
    ended: Ended | None = None

    def one_more_step(self, facts: Mapping[str, str] | None) -> "State":
        """`facts` come to those that are known."""
        more = self._with(_STEP, self.step + 1)
        return more._replace(facts={**self.facts, **facts}) if facts else more

    def about(self, question_id: str) -> "State":
        """The same, waiting for an answer to this question."""
        return self._with(_ASKING, question_id)

    def answered(self, answers: Mapping[str, Answer]) -> "State":
        return self._with(_ANSWERS, {**self.answers, **answers})

    def _with(self, place: int, value: object) -> "State":
        """One field changed, by its place: what each step does twice costs a third of `_replace`."""
        return tuple.__new__(State, (*self[:place], value, *self[place + 1 :]))

    def to_json(self) -> str:
        """By name: what every state has, and of the rest what differs from its default."""
        mode, lang, seed, facts, order, flipped, dealt, status, answers, asking, step, *rest = self
        body: dict[str, Any] = {
            "mode": mode,
            "lang": lang,
            "seed": seed,
            "facts": facts,
            "order": order,
            "flipped": flipped,
            "status": status,
            "asking": asking,
            "step": step,
            "answers": {
                qid: one.code
                if one.text is None and one.recording is None
                else [one.code, one.text, one.recording]
                for qid, one in answers.items()
            },
        }
        if dealt:
            body["dealt"] = dict(dealt)
        if rest != _REST:
            body |= {name: is_ for name, is_, was in zip(_MORE, rest, _REST, strict=True) if is_ != was}
        return to_json(body).decode()

    @staticmethod
    def from_json(body: str) -> "State":
        """The inverse of `to_json`: equal in every field."""
        values: dict[str, Any] = from_json(body)
        stored = values["answers"]
        answers = {qid: _coded(one) if one.__class__ is str else Answer(*one) for qid, one in stored.items()}
        head = (values["mode"], values["lang"], values["seed"], values["facts"], tuple(values["order"]))
        state = tuple.__new__(
            State,
            (
                *head,
                values["flipped"],
                NOTHING,
                values["status"],
                answers,
                values["asking"],
                values["step"],
                *_REST,
            ),
        )
        return state if len(values) == _ALWAYS else state._and(values)

    def _and(self, values: Mapping[str, Any]) -> "State":
        """With what differs from a default."""
        more = {name: values[name] for name in ("dealt", *_MORE) if name in values}
        for name in _TUPLES & more.keys():
            more[name] = tuple(more[name])
        if "dealt" in more:
            more["dealt"] = {qid: tuple(codes) for qid, codes in more["dealt"].items()}
        return self._replace(**more)


_STEP, _ASKING, _ANSWERS = (State._fields.index(name) for name in ("step", "asking", "answers"))
_ALWAYS: Final = 10
"""Names that every stored state has."""
_MORE: Final = State._fields[_STEP + 1 :]
_REST: Final = [State._field_defaults[name] for name in _MORE]
_coded: Final = lru_cache(maxsize=4096)(Answer)
_TUPLES: Final = frozenset({"heard", "noted", "flags"})
