"""The bench of flag time: its percentiles, and a small run with a killed worker that loses and doubles nothing."""

from __future__ import annotations

import asyncio

import pytest

from workers.bench import flag as bench
from workers.bench.flag import at_share
from workers.bench.flag_residents import SAID, number


def test_percentiles_are_of_the_nearest_rank() -> None:
    seconds = [n / 100 for n in range(1, 201)]
    assert [at_share(seconds, share) for share in (0.50, 0.95, 0.99)] == [1.0, 1.9, 1.98]
    assert at_share([0.2], 0.95) == 0.2
    assert at_share([], 0.95) == float("inf")


def test_residents_have_numbers_that_no_phone_has() -> None:
    assert [number(place) for place in (0, 1199)] == ["+8615400000001", "+8615400001200"]
    assert SAID[0] == "3"


@pytest.mark.slow
def test_a_killed_worker_loses_and_doubles_nothing() -> None:
    outcome = asyncio.run(bench.flag(40, 4.0, 1, 1, lambda *_: None))
    found = {name: series.rounds for name, series in outcome.series.items()}
    assert (found["lost"], found["doubled"]) == ((0.0,), (0.0,))
    assert outcome.sizes["workers_killed"] == 1
    assert outcome.sizes["texts"] == 40 * len(SAID)
