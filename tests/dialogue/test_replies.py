"""Every written reply in replies.csv gets the code it must get; what is not certain is asked again."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from survey.dialogue import Message, Turn, start, step
from survey.dialogue.effects import Answered, OptOut, WrongPerson
from survey.questionnaire import library

ROWS: Sequence[Mapping[str, str]] = list(
    csv.DictReader((Path(__file__).parent / "replies.csv").read_text("utf-8").splitlines())
)
BEFORE = {
    "Q1": ("perception", []),
    "Q3": ("perception", ["3"]),
    "Q10": ("perception", ["3", "1"]),
    "Q11": ("perception", ["3", "1", "31"]),
    "Q12": ("perception", ["3", "1", "31", "路灯坏了"]),
    "C2": ("callback", []),
    "C1": ("callback", ["3"]),
    "C7": ("callback", ["3", "1", "3", "又坏了"]),
}


def meant(turn: Turn) -> str:
    """What the turn shows that the reply was taken for, in the words of replies.csv."""
    answered = [effect for effect in turn.effects if isinstance(effect, Answered)]
    if len(answered) > 1 or (answered and answered[0].question_id.startswith("Q10")):
        return " ".join(f"{effect.question_id.removeprefix('Q10_')}={effect.code}" for effect in answered)
    if answered:
        return answered[0].code or "text"
    if any(isinstance(effect, WrongPerson) for effect in turn.effects):
        return "not me"
    stops = [effect.scope for effect in turn.effects if isinstance(effect, OptOut)]
    if stops:
        return "stop all" if stops == ["all"] else "stop"
    return {
        "asked_again": "ask",
        "acknowledged": "ack",
        "helped": "help",
        "handover": "person",
        "ended": "declined",
    }[turn.reaction]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['question']}: {row['reply']}")
def test_a_written_reply_gets_its_code(row: Mapping[str, str], facts: Mapping[str, str]) -> None:
    code, before = BEFORE[row["question"]]
    q = library(code)
    state, _ = start(q, mode="text", lang="zh", seed=1, facts=facts)
    for reply in before:
        state, _ = step(q, state, Message(reply))
    _, turn = step(q, state, Message(row["reply"]))
    assert meant(turn) == row["means"]


def test_the_table_is_broad_enough() -> None:
    kinds = Counter(row["means"] for row in ROWS)
    assert len(ROWS) >= 200
    assert kinds["ask"] >= 30 and kinds["stop"] >= 10 and kinds["ack"] >= 5
