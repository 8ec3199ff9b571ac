"""What a bench of the dialogue came to: answers per second of each side, round by round, and their ratios."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Final, Literal, TypeAlias

Way: TypeAlias = Literal["json", "memory"]
"""How a session's state gets from one step to the next."""
Side: TypeAlias = Literal["ours", "theirs"]
Series: TypeAlias = tuple[Side, Way]

SERIES: Final[tuple[Series, ...]] = (
    ("ours", "json"),
    ("theirs", "memory"),
    ("ours", "memory"),
    ("theirs", "json"),
)
"""In the order in which one round measures them: the sides take turns."""

RATIOS: Final[Mapping[str, tuple[Series, Series]]] = {
    "json_to_memory": (("ours", "json"), ("theirs", "memory")),
    "memory_to_memory": (("ours", "memory"), ("theirs", "memory")),
    "json_to_json": (("ours", "json"), ("theirs", "json")),
}
HEADLINE: Final = "memory_to_memory"
"""Like for like: the two engines alone, each in its fastest form."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement; `seconds` by the monotonic clock of the process that played the sessions."""

    answers: int
    sessions: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.answers / self.seconds


@dataclass(frozen=True, slots=True)
class Ratio:
    median: float
    rounds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Machine:
    system: str
    processor: str
    cores: int
    python: str
    node: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """`rounds`: of each series its measurements in order; without the other side, only ours."""

    date: str
    machine: Machine
    rounds: Mapping[Series, Sequence[Measured]]
    fingerprints: Mapping[Side, str]
    left_out: str | None
    """Why the other side was not measured."""

    def per_second(self, series: Series) -> tuple[float, ...]:
        return tuple(one.per_second for one in self.rounds[series])

    def ratios(self) -> dict[str, Ratio]:
        """Each ratio with its median over the rounds; {} without the other side."""
        found = {}
        for name, (above, below) in RATIOS.items():
            if above in self.rounds and below in self.rounds:
                pairs = zip(self.per_second(above), self.per_second(below), strict=True)
                rounds = tuple(ours / theirs for ours, theirs in pairs)
                found[name] = Ratio(median(rounds), rounds)
        return found

    def reaches(self, required: float) -> bool:
        """Whether the median of the headline ratio is at least `required`; never, if it was not measured."""
        ratio = self.ratios().get(HEADLINE)
        return ratio is not None and ratio.median >= required

    def to_json(self) -> str:
        """Answers per second to a tenth, ratios to a hundredth; see docs/benchmarks.md."""
        body = {
            "bench": "dialogue",
            "date": self.date,
            "machine": asdict(self.machine),
            "headline": HEADLINE,
            "ratios": {name: _shown(ratio) for name, ratio in self.ratios().items()},
            "answers_per_second": {
                f"{side}_{way}": _rates(self.per_second((side, way))) for side, way in self.rounds
            },
            "fingerprints": dict(self.fingerprints),
            "left_out": self.left_out,
        }
        return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def _shown(ratio: Ratio) -> dict[str, object]:
    return {"median": round(ratio.median, 2), "rounds": [round(one, 2) for one in ratio.rounds]}


def _rates(rates: Sequence[float]) -> dict[str, object]:
    return {"median": round(median(rates), 1), "rounds": [round(one, 1) for one in rates]}
