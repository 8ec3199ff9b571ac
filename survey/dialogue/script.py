"""Plays a list of inputs and prints the whole output, as it would be heard, read or shown.

A script is a text file. Its first line says how to begin; `> ` lines are inputs; all else is output:

    # perception voice zh seed=7 frame=list centre=遂澜
    > digits:1

`python -m survey.dialogue.script FILE…` prints each file as it plays today; `--golden` writes it back.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import cast

from survey.dialogue.disposition import disposition
from survey.dialogue.effects import Effect
from survey.dialogue.engine import start, step
from survey.dialogue.inputs import Input, from_line, to_line
from survey.dialogue.state import State
from survey.dialogue.turn import Expect, Turn
from survey.questionnaire.loader import library
from survey.questionnaire.wording import Lang, Mode

GOLDEN = Path("tests/dialogue/golden")


@dataclass(frozen=True, slots=True)
class Script:
    header: str
    code: str
    mode: Mode
    lang: Lang
    seed: int
    facts: Mapping[str, str]
    inputs: tuple[Input, ...]


def read_script(text: str) -> Script:
    """Raises ValueError, naming the line, for a header or an input that cannot be read."""
    lines = text.splitlines()
    header = lines[0] if lines else ""
    words = header.removeprefix("#").split()
    if not header.startswith("#") or len(words) < 3:
        raise ValueError(f"line 1: {header!r}; write `# perception voice zh seed=1 fact=value …`")
    facts = dict(word.split("=", 1) for word in words[3:] if "=" in word)
    seed = int(facts.pop("seed", "1"))
    inputs = tuple(from_line(line[2:]) for line in lines if line.startswith("> "))
    return Script(header, words[0], cast(Mode, words[1]), cast(Lang, words[2]), seed, facts, inputs)


def play(script: Script) -> str:
    """The script with its whole output; the state goes through JSON between any two steps."""
    return "\n".join(_played(script)) + "\n"


def _played(script: Script) -> Iterator[str]:
    q = library(script.code)
    state, turn = start(q, mode=script.mode, lang=script.lang, seed=script.seed, facts=script.facts)
    yield script.header
    yield from _shown(turn)
    for given in script.inputs:
        state, turn = step(q, State.from_json(state.to_json()), given)
        yield from ("", f"> {to_line(given)}")
        yield from _shown(turn)
    yield from ("", f"= {state.status}, {disposition(state, script.mode) or 'no disposition yet'}")
    for question_id, answer in state.answers.items():
        label = q.label(question_id, answer.code, script.lang) if answer.code else ""
        yield f"= {question_id}: {answer.code or '-'} {answer.text or label}"


def _shown(turn: Turn) -> Iterator[str]:
    yield f"[{turn.reaction}, {turn.status}]"
    yield from (f"  {prompt}" for prompt in turn.prompts)
    yield from (f"  ! {_effect(effect)}" for effect in turn.effects)
    if turn.expects is not None:
        yield f"  ? {_expected(turn.expects)}"


def _effect(effect: Effect) -> str:
    values = (str(value) for value in astuple(effect) if value is not None)
    return " ".join([type(effect).__name__, *values])


def _expected(expect: Expect) -> str:
    options = " ".join(f"{option.code}={option.label}" for option in expect.options)
    missing = "/".join(expect.missing)
    questions = "+".join(expect.question_ids)
    return " ".join(
        part for part in (questions, expect.kind, f"[{expect.num_digits}]", options, missing) if part
    )


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
