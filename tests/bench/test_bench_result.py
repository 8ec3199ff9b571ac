"""What a bench comes to: medians over rounds, ratios, and what is printed of them."""

from __future__ import annotations

import json

from workers.bench.result import HEADLINE, Machine, Measured, Result, Series

MACHINE = Machine("Linux", "a processor", 2, "CPython 3.11.7", "20.20.2")


def rounds_of(*answers: int) -> list[Measured]:
    return [Measured(count, count // 6, 2.0) for count in answers]


ROUNDS: dict[Series, list[Measured]] = {
    ("ours", "json"): rounds_of(1200, 1800, 600),
    ("theirs", "memory"): rounds_of(120, 120, 600),
    ("ours", "memory"): rounds_of(2400, 2400, 2400),
    ("theirs", "json"): rounds_of(60, 120, 60),
}
COMPARED = Result("2026-03-09T00:00:00+00:00", MACHINE, ROUNDS, {"ours": "5ba8c1", "theirs": "5ba8c1"}, None)
ALONE = Result(
    "2026-03-09T00:00:00+00:00",
    Machine("Linux", "a processor", 2, "CPython 3.11.7", None),
    {series: measured for series, measured in ROUNDS.items() if series[0] == "ours"},
    {"ours": "5ba8c1"},
    "node is not on the PATH.",
)


def test_a_ratio_is_taken_in_each_round_and_its_median_counts() -> None:
    ratio = COMPARED.ratios()[HEADLINE]

    assert ratio.rounds == (20.0, 20.0, 4.0)
    assert ratio.median == 20.0
    assert (COMPARED.reaches(20), COMPARED.reaches(20.01)) == (True, False)


def test_what_was_not_measured_reaches_nothing() -> None:
    assert ALONE.ratios() == {}
    assert not ALONE.reaches(0)


def test_the_whole_result_as_json() -> None:
    assert json.loads(COMPARED.to_json()) == {
        "bench": "dialogue",
        "date": "2026-03-09T00:00:00+00:00",
        "machine": {
            "system": "Linux",
            "processor": "a processor",
            "cores": 2,
            "python": "CPython 3.11.7",
            "node": "20.20.2",
        },
        "headline": "memory_to_memory",
        "ratios": {
            "json_to_memory": {"median": 10.0, "rounds": [10.0, 15.0, 1.0]},
            "memory_to_memory": {"median": 20.0, "rounds": [20.0, 20.0, 4.0]},
            "json_to_json": {"median": 15.0, "rounds": [20.0, 15.0, 10.0]},
        },
        "answers_per_second": {
            "ours_json": {"median": 600.0, "rounds": [600.0, 900.0, 300.0]},
            "theirs_memory": {"median": 60.0, "rounds": [60.0, 60.0, 300.0]},
            "ours_memory": {"median": 1200.0, "rounds": [1200.0, 1200.0, 1200.0]},
            "theirs_json": {"median": 30.0, "rounds": [30.0, 60.0, 30.0]},
        },
        "fingerprints": {"ours": "5ba8c1", "theirs": "5ba8c1"},
        "left_out": None,
    }


def test_without_the_other_side_the_json_says_why() -> None:
    body = json.loads(ALONE.to_json())

    assert (body["ratios"], list(body["answers_per_second"])) == ({}, ["ours_json", "ours_memory"])
    assert (body["left_out"], body["fingerprints"]) == ("node is not on the PATH.", {"ours": "5ba8c1"})
