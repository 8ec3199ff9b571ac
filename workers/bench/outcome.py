"""What a bench came to: the figures of each side round by round, and how they compare with what is allowed.

Every bench but the dialogue's is one of these, so all are printed, written as JSON and judged alike.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Final, Literal

from workers.bench.dialogue import machine
from workers.bench.result import Machine, Ratio

DIGITS: Final = 4
"""Significant digits of the figures in JSON: no clock here knows more."""


@dataclass(frozen=True, slots=True)
class Series:
    """One side of a bench: what it is in both languages, its unit ("s", "us CPU", "1/s"), and its figure in each round."""

    words: str
    unit: str
    rounds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """What a bench is about: `ours` divided by `beside` of the same round; without `beside`, the figure itself. `limit` is the
    most or the least that is allowed."""

    name: str
    words: str
    ours: str
    beside: str | None
    kind: Literal["at_most", "at_least"]
    limit: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """`sizes`: how much was measured (people, requests, …); `larger`: the same at ten times the size, where it was measured."""

    bench: str
    date: str
    machine: Machine
    sizes: Mapping[str, int]
    series: Mapping[str, Series]
    bars: Sequence[Bar]
    larger: Outcome | None = None

    @classmethod
    def of(
        cls, bench: str, sizes: Mapping[str, int], series: Mapping[str, Series], bars: Sequence[Bar]
    ) -> Outcome:
        """Measured here and now."""
        now = datetime.now(UTC).replace(microsecond=0)
        return cls(bench, now.isoformat(), machine(None), sizes, series, bars)

    def ratio(self, bar: Bar) -> Ratio:
        """Round by round, and the median of the rounds."""
        rounds = self.series[bar.ours].rounds
        if bar.beside is not None:
            pairs = zip(rounds, self.series[bar.beside].rounds, strict=True)
            rounds = tuple(ours / beside for ours, beside in pairs)
        return Ratio(median(rounds), rounds)

    def keeps(self, bar: Bar) -> bool:
        """Whether the median is within the limit."""
        found = self.ratio(bar).median
        return found <= bar.limit if bar.kind == "at_most" else found >= bar.limit

    def missed(self) -> list[Bar]:
        """The bars that are not kept at the size they are stated for; the larger one is shown, not judged."""
        return [bar for bar in self.bars if not self.keeps(bar)]

    def to_json(self) -> str:
        """See docs/benchmarks.md."""
        return json.dumps(self._shown(), ensure_ascii=False, indent=2) + "\n"

    def _shown(self) -> dict[str, object]:
        body: dict[str, object] = {
            "bench": self.bench,
            "date": self.date,
            "machine": asdict(self.machine),
            "sizes": dict(self.sizes),
            "bars": {bar.name: self._bar(bar) for bar in self.bars},
            "series": {
                name: {"unit": one.unit, **_figures(median(one.rounds), one.rounds)}
                for name, one in self.series.items()
            },
        }
        if self.larger is not None:
            body["ten_times"] = self.larger._shown()
        return body

    def _bar(self, bar: Bar) -> dict[str, object]:
        ratio = self.ratio(bar)
        return {
            **_figures(ratio.median, ratio.rounds),
            "ours": bar.ours,
            "beside": bar.beside,
            bar.kind: bar.limit,
            "kept": self.keeps(bar),
        }


def _figures(middle: float, rounds: Sequence[float]) -> dict[str, object]:
    return {"median": _short(middle), "rounds": [_short(one) for one in rounds]}


def _short(figure: float) -> float:
    return float(f"{figure:.{DIGITS}g}")
