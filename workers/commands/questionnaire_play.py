"""A questionnaire played in the terminal or from a file of inputs: what a resident would hear, read or fill in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from survey.dialogue import (
    Choice,
    Digits,
    Form,
    Hangup,
    Input,
    Message,
    NoInput,
    Speech,
    State,
    Turn,
    Words,
    disposition,
    start,
    step,
)
from survey.dialogue.endings import earned
from survey.dialogue.inputs import from_line, to_line
from survey.dialogue.turn import Field
from survey.questionnaire import Mode, Questionnaire
from survey.questionnaire.answer import Answer

MODES: Final[Mapping[str, Mode]] = {
    "voice": "voice",
    "sms": "text",
    "text": "text",
    "web": "web",
    "operator": "operator",
}
SAMPLE: Final[Mapping[str, str]] = {
    "centre": "遂澜",
    "signature": "遂澜民调中心",
    "frame": "list",
    "staff_no": "1021",
    "case_short": "0037",
    "result": "路灯已修好",
    "query_code": "K7Q2M9XA",
    "hotline": "12356",
    "now": "2026-03-09T10:00",
}
"""Facts of a fictional respondent, for playing."""
_STATUS: Final[Mapping[str, str]] = {
    "wrong_person": "screened_out",
    "handover": "broken_off",
    "unanswered": "broken_off",
}
"""What is left of the finer endings in the five that `play` knows; the disposition tells them apart."""
ALONE: Final = ("silence", "hangup", "stop")
PREFIXES: Final = ("text", "digits", "speech", "recording", "web", "choice", "words", "correct")


def facts_for(q: Questionnaire, mode: Mode, given: Mapping[str, str]) -> dict[str, str]:
    """The sample's facts, those that were given, and `<name>` for whatever else the questionnaire needs."""
    needed = {name: f"<{name}>" for name in q.facts.get(mode, ())}
    return {**needed, **SAMPLE, **given}


class Play:
    """One dialogue. Its state goes through JSON between any two steps, as it does in the service."""

    def __init__(self, q: Questionnaire, mode: Mode, lang: str, seed: int, facts: Mapping[str, str]) -> None:
        self.q = q
        self.mode = mode
        self.state, self.turn = start(q, mode=mode, lang=lang, seed=seed, facts=facts)

    def take(self, given: Input) -> Turn:
        self.state, self.turn = step(self.q, State.from_json(self.state.to_json()), given)
        return self.turn

    @property
    def over(self) -> bool:
        return self.state.status != "open"

    def result(self) -> dict[str, Any]:
        """Answers, status and disposition as they stand; a dialogue that is still open counts as left."""
        left = self.state if self.over else step(self.q, self.state, Hangup())[0]
        status = left.status if self.over else earned(self.q, self.state) or left.status
        return {
            "answers": {question_id: value(answer) for question_id, answer in self.state.answers.items()},
            "status": _STATUS.get(status, status),
            "disposition": disposition(left, self.mode),
            "ended": self.state.ended,
            "flags": list(self.state.flags),
        }


def value(answer: Answer) -> str:
    """The code, the words, or the id of what is only recorded."""
    return answer.code or answer.text or answer.recording or ""


def played(play: Play, lines: Sequence[str]) -> Iterator[tuple[str | None, Turn]]:
    """Each turn with the input that led to it. Raises ValueError, naming the line of an input that is none."""
    yield None, play.turn
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            given = from_line(line)
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error
        yield to_line(given), play.take(given)


def as_json(play: Play, turns: Iterable[tuple[str | None, Turn]]) -> str:
    """An array: the turns, each with its input, and last the result."""
    told = [{"input": given, **json.loads(turn.to_json())} for given, turn in turns]
    return json.dumps([*told, play.result()], ensure_ascii=False, indent=1)


def is_named(typed: str) -> bool:
    """Whether it is an input by name: `digits:1`, `silence`."""
    return typed.strip() in ALONE or typed.partition(":")[0].strip() in PREFIXES


def read_typed(play: Play, typed: str) -> Input:
    """What somebody typed at the prompt: an input by name, or what the mode takes as it is."""
    if is_named(typed):
        return from_line(typed)
    if play.mode == "text":
        return Message(typed) if typed else NoInput()
    if play.mode == "voice":
        if not typed.strip():
            return NoInput()
        return Digits(typed.strip()) if set(typed.strip()) <= set("0123456789*#") else Speech(typed)
    options = {option.code for option in play.turn.expects.options} if play.turn.expects else set()
    wanted = set(typed.replace(",", " ").split())
    return Choice(" ".join(typed.replace(",", " ").split())) if wanted and wanted <= options else Words(typed)


def shown(turn: Turn, mode: Mode) -> Iterator[str]:
    """A turn as a person reads it: a page field by field; below what an operator says, the codes to enter."""
    if turn.fields:
        for field in turn.fields:
            yield from field_lines(field)
        return
    yield from turn.prompts
    if mode == "operator" and turn.expects is not None and turn.expects.options:
        yield "  " + "  ".join(f"{option.code} {option.label}" for option in turn.expects.options)


def field_lines(field: Field) -> Iterator[str]:
    """A field of a page; the star: it must be filled in."""
    yield field.prompt + (" *" if field.required and field.kind != "note" else "")
    if field.fault:
        yield f"  ! {field.fault}"
    yield from (f"  {option.code}  {option.label}" for option in field.options)


def converse(play: Play, read: Callable[[], str | None], write: Callable[[str], None]) -> None:
    """Talk until the dialogue ends, or the input does: then it counts as a hang-up."""
    _show(play, write)
    while not play.over:
        try:
            if play.mode == "web":
                given = _filled_in(play.turn.fields, read, write)
            else:
                typed = read()
                given = Hangup() if typed is None else read_typed(play, typed)
        except UnicodeDecodeError:
            raise
        except ValueError as error:
            write(str(error))
            continue
        play.take(given)
        _show(play, write)


def _show(play: Play, write: Callable[[str], None]) -> None:
    """A page shows itself while it is filled in."""
    if not play.turn.fields:
        for line in shown(play.turn, play.mode):
            write(line)


def _filled_in(
    fields: Sequence[Field], read: Callable[[], str | None], write: Callable[[str], None]
) -> Input:
    """A page, field by field; an input by name takes the place of the whole page. Nothing typed: the field stays."""
    values: dict[str, str] = {}
    for field in fields:
        for line in field_lines(field):
            write(line)
        if field.kind == "note":
            continue
        typed = read()
        if typed is None:
            return Hangup()
        if is_named(typed):
            return from_line(typed)
        several = field.kind == "select_multiple"
        values[field.question_id] = (typed.replace(",", " ") if several else typed) or field.value
    return Form(values)
