"""What the one who ran the demo knows and the database does not."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Agreement:
    """The carrier's ledger against the database: how many differ, how many codes are not what the resident
    meant, each named.
    """

    differences: int
    intent_mismatches: int
    found: tuple[str, ...] = ()
    calls_compared: int = 0
    keys_compared: int = 0
    texts_compared: int = 0

    @property
    def agrees(self) -> bool:
        return self.differences == 0 and self.intent_mismatches == 0


@dataclass(frozen=True)
class CitySums:
    """The fictional city as it was generated."""

    counties: int
    townships: int
    villages: int
    grids: int
    adults: int


@dataclass(frozen=True)
class PlantedResult:
    """A result that was planted, and whether it stands word for word in the carrier's ledger."""

    words: str
    heard: bool


@dataclass(frozen=True)
class DemoFacts:
    """`day` is the first virtual day, `ended_at` the virtual moment of the end; `planted_safe` the share
    of truly safe residents among those who were asked; `seconds` the real seconds of the run."""

    seed: int
    day: date
    ended_at: datetime
    centre_code: str
    faults: bool
    planted_safe: float | None
    agreement: Agreement
    city: CitySums
    seconds: float
    planted_results: tuple[PlantedResult, ...] = ()
    restarts: tuple[str, ...] = ()
    """Processes that were killed on the way and started again, in words."""
