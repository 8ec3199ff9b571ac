"""Every written reply in replies.csv gets the code it must get; what is not certain is asked again."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from survey.dialogue import Message, Turn, start, step
from survey.dialogue.effects import Answered, Forget, Handover, OptOut, WrongPerson
from survey.questionnaire import Questionnaire, from_yaml, library

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
    "P2": ("special_poll", ["3"]),
    "P3": ("special_poll", ["1"]),
    "P5": ("special_poll", ["1", "1", "1"]),
    "K": ("water", []),
    "D": ("water", ["2.5"]),
    "A": ("water", ["2.5", "昨天"]),
    "G": ("water", ["2.5", "昨天", "明天下午三点"]),
}
WATER = from_yaml(
    """
code: water
version: 1
title: {zh: "用水小调查"}
facts: {text: [signature]}
may_know: [now]
items:
  - {id: K, kind: decimal, prompt: {zh: "离您家最近的水站有几公里?"}}
  - {id: D, kind: date, prompt: {zh: "最近一次停水是哪一天?"}}
  - {id: A, kind: appointment, prompt: {zh: "什么时候给您打电话方便?"}}
  - {id: G, kind: integer, is_age: true, prompt: {zh: "您今年多大?"}}
""",
    name="water.yaml",
)
"""Kinds of question that no shipped instrument asks by text."""


def questionnaire(code: str) -> Questionnaire:
    return WATER if code == "water" else library(code)


def meant(turn: Turn) -> str:
    """What the turn shows that the reply was taken for, in the words of replies.csv."""
    if any(isinstance(effect, Forget) for effect in turn.effects):
        return "minor"
    handed = [effect.reason for effect in turn.effects if isinstance(effect, Handover)]
    if handed and handed[0].startswith("distress_"):
        return handed[0].removeprefix("distress_")
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
    q = questionnaire(code)
    state, _ = start(q, mode="text", lang="zh", seed=1, facts={**facts, "now": "2026-03-09T09:30"})
    for reply in before:
        state, _ = step(q, state, Message(reply))
    _, turn = step(q, state, Message(row["reply"]))
    assert meant(turn) == row["means"]


def test_the_table_is_broad_enough() -> None:
    kinds = Counter(row["means"] for row in ROWS)
    assert len(ROWS) >= 330
    assert kinds["ask"] >= 100 and kinds["stop"] >= 20 and kinds["ack"] >= 10 and kinds["minor"] >= 5
    assert min(kinds[danger] for danger in ("violence", "self_harm", "emergency")) >= 3
