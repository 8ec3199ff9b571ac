"""Plays a list of inputs and prints the whole output, as it would be heard, read or shown.

A script is a text file. Its first line says how to begin; `> ` lines are inputs; all else is output:

    # perception voice zh seed=7 frame=list centre=遂澜 result="路灯 已修好"
    > digits:1
    > hangup
    > continue:text signature=遂澜民调中心

The last line goes on in another contact: in this mode, with these facts besides, and `lang=en` in another language;
`same_contact` among its words says that only the mode changes.

`python -m survey.dialogue.script FILE…` prints each file as it plays today; `--golden` writes it back.
"""

import argparse
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

from survey.dialogue.disposition import disposition
from survey.dialogue.effects import Effect
from survey.dialogue.engine import start, step
from survey.dialogue.inputs import Input, from_line, to_line
from survey.dialogue.state import State
from survey.dialogue.turn import Expect, Field, Moved, Turn
from survey.questionnaire.loader import library
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.wording import MODES, Lang, Mode

GOLDEN = Path("tests/dialogue/golden")
CONTINUE = "continue:"


@dataclass(frozen=True, slots=True)
class Contact:
    """How a contact begins. `line`: as it was written."""

    line: str
    mode: Mode
    lang: Lang | None
    facts: Mapping[str, str]
    same: bool
    """Only the mode has changed."""


@dataclass(frozen=True, slots=True)
class Script:
    code: str
    lang: Lang
    seed: int
    first: Contact
    then: tuple[Input | Contact, ...]
    """Inputs, and the contacts in which the interview goes on."""

    @property
    def mode(self) -> Mode:
        return self.first.mode


def read_script(text: str) -> Script:
    """Raises ValueError, naming the line, for a header, a contact or an input that cannot be read."""
    lines = text.splitlines()
    header = lines[0] if lines else ""
    words = shlex.split(header.removeprefix("#"))
    if not header.startswith("#") or len(words) < 3:
        raise ValueError(f"line 1: {header!r}; write `# perception voice zh seed=1 fact=value …`")
    first = _contact(header, words[1], [*words[3:], f"lang={words[2]}"], 1)
    seed = first.facts.get("seed", "1")
    facts = {name: value for name, value in first.facts.items() if name != "seed"}
    then = tuple(_line(line[2:], place) for place, line in enumerate(lines, 1) if line.startswith("> "))
    return Script(words[0], words[2], int(seed), replace(first, facts=facts), then)


def _line(line: str, place: int) -> Input | Contact:
    if not line.startswith(CONTINUE):
        return from_line(line)
    mode, *words = shlex.split(line.removeprefix(CONTINUE)) or [""]
    return _contact(line, mode, words, place)


def _contact(line: str, mode: str, words: Sequence[str], place: int) -> Contact:
    if mode not in MODES:
        raise ValueError(f"line {place}: no mode {mode!r}; write one of {', '.join(MODES)}")
    facts = dict(word.split("=", 1) for word in words if "=" in word)
    return Contact(line, mode, facts.pop("lang", None), facts, "same_contact" in words)


def play(script: Script) -> str:
    """The script with its whole output; the state goes through JSON between any two steps."""
    return "\n".join(_played(script)) + "\n"


def _played(script: Script) -> Iterator[str]:
    q = library(script.code)
    state, turn = _opened(q, script, script.first, None)
    yield script.first.line
    yield from _shown(turn)
    for one in script.then:
        stored = State.from_json(state.to_json())
        state, turn = _opened(q, script, one, stored) if isinstance(one, Contact) else step(q, stored, one)
        yield from ("", f"> {one.line if isinstance(one, Contact) else to_line(one)}")
        yield from _shown(turn)
    yield from _result(q, script, state)


def _opened(q: Questionnaire, script: Script, contact: Contact, begun: State | None) -> Moved:
    lang = contact.lang or (begun.lang if begun is not None else script.lang)
    facts = {**script.first.facts, **contact.facts}
    return start(
        q,
        mode=contact.mode,
        lang=lang,
        seed=script.seed,
        facts=facts,
        begun=begun,
        same_contact=contact.same,
    )


def _result(q: Questionnaire, script: Script, state: State) -> Iterator[str]:
    """What the interview is worth, and every answer with its words."""
    yield from ("", f"= {state.status}, {disposition(state, state.mode) or 'no disposition yet'}")
    for question_id, answer in state.answers.items():
        label = q.label(question_id, answer.code, script.lang, facts=state.facts) if answer.code else ""
        said = answer.text or label or (f"({answer.recording})" if answer.recording else "")
        yield f"= {question_id}: {answer.code or '-'} {said}"


def _shown(turn: Turn) -> Iterator[str]:
    yield f"[{turn.reaction}, {turn.status}]"
    if turn.fields:
        yield from (line for field in turn.fields for line in _field(field))
    else:
        yield from (f"  {prompt}" for prompt in turn.prompts)
    yield from (f"  ! {_effect(effect)}" for effect in turn.effects)
    if turn.expects is not None:
        yield f"  ? {_expected(turn.expects)}"


def _field(field: Field) -> Iterator[str]:
    """A note as its words; a question as a page shows it."""
    if field.kind == "note":
        yield f"  {field.prompt}"
        return
    needed = " *" if field.required else ""
    value = f" = {field.value}" if field.value else ""
    yield f"  [{field.question_id} {field.kind}]{needed} {field.prompt}{value}"
    if field.hint:
        yield f"      {field.hint}"
    if field.options:
        yield "      " + "  ".join(f"({option.code}) {option.label}" for option in field.options)
    if field.fault:
        yield f"      × {field.fault}"


def _effect(effect: Effect) -> str:
    named = (
        one.name if value is True else str(value)
        for one, value in zip(fields(effect), astuple(effect), strict=True)
        if value is not None and value is not False
    )
    return " ".join([type(effect).__name__, *named])


def _expected(expect: Expect) -> str:
    options = " ".join(f"{option.code}={option.label}" for option in expect.options)
    missing = "/".join(expect.missing)
    questions = "+".join(expect.question_ids)
    spoken = "speech" if expect.speech else f"record {expect.record_s}s" if expect.record_s else ""
    parts = (questions, expect.kind, f"[{expect.num_digits}]", spoken, options, missing)
    return " ".join(part for part in parts if part)


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0, or 1 if a golden file would have changed and was not to be written."""
    parser = argparse.ArgumentParser(
        prog="python -m survey.dialogue.script", description=__doc__.split("\n")[0]
    )
    parser.add_argument("files", nargs="*", type=Path, help=f"scripts; without any: all of {GOLDEN}")
    parser.add_argument("--golden", action="store_true", help="write the output back into the files")
    chosen = parser.parse_args(arguments)
    changed = 0
    for file in chosen.files or sorted(GOLDEN.glob("*.txt")):
        before = file.read_text("utf-8")
        after = play(read_script(before))
        changed += before != after
        if chosen.golden:
            file.write_text(after, "utf-8")
        else:
            sys.stdout.write(after)
    return int(changed > 0 and not chosen.golden)


if __name__ == "__main__":
    raise SystemExit(main())
