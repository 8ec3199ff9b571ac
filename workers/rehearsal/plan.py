"""What a rehearsal is to be: how many people, from which day on, with what disturbances."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

TZ = ZoneInfo("Asia/Shanghai")
FIRST_DAY = date(2026, 3, 9)
DEFAULT_ATTEMPTS = 3100
RATIOS = {"voice": 0.485, "text": 0.25, "operator": 0.062, "cases": 0.068}
"""People per call attempt, found by running: about half of those called by voice are tried twice in a day."""

DISTURBANCES = ("worker", "web", "valkey")


@dataclass(frozen=True)
class Plan:
    """`speed`: a ceiling in virtual seconds per real second. `disturb`: what is killed or flushed once, on the way. `town`: what
    differs from the twin's town.yaml, a JSON object.

    `attempts` are those of a day; on each of the first `sample_days` days a new sample is drawn.
    """

    seed: int = 1
    day: date = FIRST_DAY
    attempts: int = DEFAULT_ATTEMPTS
    faults: str = "off"
    town: str = ""
    speed: float | None = None
    out: Path = Path("demo-out")
    centre: str = "991721"
    operators: int = 3
    longest_days: int = 40
    sample_days: int = 1
    disturb: tuple[str, ...] = field(default=())

    @property
    def starts_at(self) -> datetime:
        """Half past seven, before anybody works."""
        return datetime.combine(self.day, time(7, 30), TZ)

    def people(self, kind: str) -> int:
        """How many of a kind (voice, text, operator, cases) this many attempts need; at least one."""
        return max(1, round(self.attempts * RATIOS[kind]))

    @property
    def residents(self) -> int:
        """The length of the list that the sample is drawn from: a fifth longer than the sample."""
        a_day = sum(self.people(kind) for kind in ("voice", "text", "operator"))
        return round(a_day * self.sample_days * 1.2) + 10
