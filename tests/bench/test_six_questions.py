"""What is measured: the same six questions on both sides, and the answers that must come of them."""

from __future__ import annotations

import asyncio
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from workers.bench import ours
from workers.bench.installing import PACKAGE, SOURCES, VERSION, LeftOut, default_folder
from workers.bench.sessions import CHECKED, MEASURED, QUESTIONS, Given, fingerprint
from workers.bench.theirs import flow_runner

FLOW: dict[str, Any] = json.loads((SOURCES / "six_questions.json").read_text("utf-8"))


def test_both_documents_hold_the_same_questions() -> None:
    q = ours.six_questions()
    words = {one["uuid"]: one["values"][0]["value"] for one in FLOW["resources"]}
    theirs = {
        block["name"]: (
            words[block["config"]["prompt"]],
            {code: words[label] for code, label in block["config"]["choices"].items()},
        )
        for block in FLOW["flows"][0]["blocks"]
    }

    assert theirs == {
        item.id: (
            item.prompt["zh"]["any"],
            {option.code: option.label["zh"]["any"] for option in q.options(item.id)},
        )
        for item in q.items
    }
    assert tuple(theirs) == QUESTIONS


def test_nobody_who_does_not_live_here_is_asked_about_the_lamps() -> None:
    played = ours.check()

    assert len(played) == len(CHECKED) == 64
    for planned, given in zip(CHECKED, played, strict=True):
        asked = [question for question in QUESTIONS if question != "B2" or planned["B1"] != "4"]
        assert given == [(question, planned[question]) for question in asked]
    assert [len(given) for given in played].count(5) == 16


def test_what_is_measured_answers_all_six() -> None:
    measured = ours.measure("json", 0.01)

    assert measured.answers == 6 * measured.sessions
    assert measured.sessions % len(MEASURED) == 0


def test_flow_runner_stores_the_same_answers() -> None:
    """With the real package, where node is there and the package can be had: it is optional (docs/benchmarks.md)."""

    async def their_answers() -> tuple[list[Given], tuple[int, int]]:
        async with flow_runner(default_folder()) as theirs:
            played = await theirs.check()
            measured = await theirs.measure("json", 0.01)
            return played, (measured.answers, measured.sessions)

    try:
        played, (answers, sessions) = asyncio.run(their_answers())
    except LeftOut as reason:
        pytest.skip(str(reason))

    assert fingerprint(played) == fingerprint(ours.check())
    assert answers == 6 * sessions


def test_a_fingerprint_tells_one_answer_from_another() -> None:
    some: list[Given] = [[("B1", "1"), ("B2", "2")], [("B1", "4")]]

    assert fingerprint(some) == fingerprint([list(one) for one in some])
    assert fingerprint(some) != fingerprint([[("B1", "1"), ("B2", "3")], [("B1", "4")]])
    assert fingerprint(some) != fingerprint([[("B1", "1")], [("B2", "2"), ("B1", "4")]])


def test_the_package_is_pinned_and_no_address_is_kept() -> None:
    package = json.loads((SOURCES / "package.json").read_text("utf-8"))
    lock = json.loads((SOURCES / "package-lock.json").read_text("utf-8"))

    assert package["dependencies"] == {PACKAGE: VERSION}
    assert lock["packages"][f"node_modules/{PACKAGE}"]["version"] == VERSION
    for file in Path(str(files("workers.bench") / "flow_runner")).iterdir():
        assert "://" not in file.read_text("utf-8"), file.name
