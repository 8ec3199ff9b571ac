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

ATTEMPTS_PER_UNIT = 1.5
RINGS_BACK = 0.05
"""Of those who missed a call."""
OUTAGES = ("5xx", "hang", "refuse")
"""How the carrier's REST can be out of order."""


@dataclass(frozen=True)
class ChaosPlan:
    """`units`: people in the sample; `kills`: kill -9 of worker or web; `flushes`, `valkey_restarts`, `database_restarts`: each
    database restart alternates between kill -9 and a fast shutdown. `outages`: times that the carrier's REST is out of order,
    each kind in its turn. The blows are spread over the attempts: virtual time runs faster when little is to do, so spread over
    real time they would all fall on the first days."""

    units: int = 5000
    kills: int = 50
    seed: int = 1
    flushes: int = 3
    valkey_restarts: int = 2
    database_restarts: int = 2
    outages: int = 3
    outage_min: tuple[float, float] = (3.0, 25.0)
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
            town=json.dumps({"rings_back": {"share": RINGS_BACK}}),
            operators=self.operators,
            longest_days=40,
        )

    @property
    def blows(self) -> int:
        """Everything that is done to it."""
        return self.kills + self.flushes + self.valkey_restarts + self.database_restarts + self.outages

    @property
    def attempts(self) -> float:
        """Over how many attempts the blows are spread: a little fewer than the campaigns make, by runs without blows."""
        return self.units * ATTEMPTS_PER_UNIT


def short(seed: int = 1) -> ChaosPlan:
    """The form that every change must pass: small, and hit by everything once."""
    return ChaosPlan(
        units=160,
        kills=6,
        seed=seed,
        flushes=1,
        valkey_restarts=1,
        database_restarts=2,
        outages=1,
        operators=2,
    )
