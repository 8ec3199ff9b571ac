"""All checks one after another, each with dice of its own."""

from collections.abc import Callable, Iterator

import numpy as np

from workers.coverage import alarm_cells, claim_cells, interval_cells, rank_cells, twin_days
from workers.coverage.checking import Check, Effort, Found

SEED = 2026


def all_checks() -> list[Check]:
    """In the order in which they are printed."""
    parts = (interval_cells, rank_cells, claim_cells, alarm_cells, twin_days)
    return [check for part in parts for check in part.checks()]


def run_all(effort: Effort, seed: int = SEED, told: Callable[[str], None] | None = None) -> Iterator[Found]:
    """What each check finds. `told`: hears the name of each check when it is done."""
    for number, check in enumerate(all_checks()):
        yield from check.run(effort, np.random.default_rng([seed, number]))
        if told is not None:
            told(check.name)
