"""What a chaos run is: how many people, how many kills, which faults."""

import json
from dataclasses import dataclass
from datetime import date

from workers.rehearsal.plan import FIRST_DAY, Plan

FAULTS = {
    "status_repeat": 0.05,
    "status_reorder": 0.05,
    "status_delay": 0.05,
    "status_loss": 0.02,
    "text_repeat": 0.05,
    "text_loss": 0.02,
    "gather_response_lost": 0.02,
    "recording_repeat": 0.05,
    "transcript_delay": 0.05,
    "transcript_loss": 0.02,
    "api_5xx": 0.02,
    "hang_after_create": 0.004,
}
"""Shares of events hit: two to four times those of a rehearsal with faults."""


@dataclass(frozen=True)
class ChaosPlan:
    """`units`: people in the sample; `kills`: kill -9 of worker or web; `flushes`, `valkey_restarts`, `database_restarts`: each
    database restart alternates between kill -9 and a fast shutdown. `gap_s`: real seconds between two of them, about. Virtual
    time runs faster when little is to do, so the last blow falls when some two fifths of the attempts are made."""

    units: int = 5000
    kills: int = 50
    seed: int = 1
    flushes: int = 3
    valkey_restarts: int = 2
    database_restarts: int = 2
    gap_s: float = 9.0
    days: int = 5
    day: date = FIRST_DAY
    operators: int = 3
    faults: bool = True

    @property
    def rehearsal(self) -> Plan:
        """The world it happens in."""
        return Plan(
            seed=self.seed,
            day=self.day,
            attempts=self.units,
            faults=json.dumps(FAULTS) if self.faults else "off",
            operators=self.operators,
            longest_days=40,
        )

    @property
    def blows(self) -> int:
        """Everything that is done to it."""
        return self.kills + self.flushes + self.valkey_restarts + self.database_restarts


def short(seed: int = 1) -> ChaosPlan:
    """The form that every change must pass: small, and hit by everything once."""
    return ChaosPlan(
        units=160,
        kills=6,
        seed=seed,
        flushes=1,
        valkey_restarts=1,
        database_restarts=2,
        gap_s=1.0,
        operators=2,
    )
