"""The small centre of `doors_bench`, on a database of its own."""

from __future__ import annotations

from itertools import count

import asyncpg
import pytest
from doors_bench import Bench, HandClock, ScriptedCarrier, at

from survey.dialing import Line
from survey.ground import Ground
from survey.vault import Vault


@pytest.fixture
async def bench(pool: asyncpg.Pool, vault: Vault) -> Bench:
    """Monday 2026-03-09, ten in the morning; nobody is due yet."""
    clock, carrier, numbers = HandClock(at("9 10:00")), ScriptedCarrier(), count(1)
    line = Line(carrier, "https://minyi.example", 1.0, 1.0, 10.0)
    made: list[Bench] = []
    ground = Ground(
        pool, vault, clock, tokens=lambda: f"ref-{next(numbers):04}", real_now=lambda: made[0].real
    )
    made.append(Bench(ground, clock, carrier, line))
    await made[0].found_centre()
    return made[0]
