"""How well planted false closings are found: recall and precision with intervals, by channel and by threshold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from survey.statistics.intervals import Interval, wilson
from workers.quarter.closings import Closing


@dataclass(frozen=True)
class Share:
    """`hits` of `n`, with Wilson's interval of 95 %; without a value where n is 0."""

    hits: int
    n: int

    @property
    def value(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> Interval | None:
        return wilson(self.hits / self.n, self.n) if self.n else None

    def __str__(self) -> str:
        if self.value is None or self.interval is None:
            return "–"
        return f"{self.value:.3f} [{self.interval.low:.3f}, {self.interval.high:.3f}] ({self.hits}/{self.n})"


@dataclass(frozen=True)
class Score:
    """What a rule finds. `planted` false closings among `closings`, `listed` of them put on the list, `found` rightly."""

    closings: int
    planted: int
    listed: int
    found: int

    @property
    def recall(self) -> Share:
        return Share(self.found, self.planted)

    @property
    def precision(self) -> Share:
        return Share(self.found, self.listed)

    def reaches(self, recall: float, precision: float) -> bool:
        """Whether both are at least so much; not without planted or without listed ones."""
        return (self.recall.value or 0.0) >= recall and (self.precision.value or 0.0) >= precision


def score(closings: Sequence[Closing], listed: Sequence[bool]) -> Score:
    """The score of a rule that lists these; both in the same order."""
    return Score(
        len(closings),
        sum(c.false for c in closings),
        sum(listed),
        sum(c.false and on for c, on in zip(closings, listed, strict=True)),
    )


def by_channel(closings: Sequence[Closing], listed: Sequence[bool]) -> dict[str, Score]:
    """The score in each channel in which there are closings, and in all together."""
    pairs = list(zip(closings, listed, strict=True))
    channels = [c for c in ("text", "web", "voice", "operator") if any(one.channel == c for one in closings)]
    parts = {c: [pair for pair in pairs if pair[0].channel == c] for c in channels} | {"all": pairs}
    return {name: score([c for c, _ in part], [on for _, on in part]) for name, part in parts.items()}


def curve(
    closings: Sequence[Closing], probabilities: Sequence[float], thresholds: Iterable[float]
) -> dict[float, dict[str, Score]]:
    """Scores by channel at each threshold."""
    return {t: by_channel(closings, [p >= t for p in probabilities]) for t in thresholds}
