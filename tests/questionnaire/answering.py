"""A resident's answers, as expressions may ask about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answering:
    answers: Mapping[str, str] = field(default_factory=dict)
    missed: Mapping[str, str] = field(default_factory=dict)
    option: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)
    now: str = ""

    def text(self, name: str) -> str:
        return self.answers.get(name, "")

    def missing(self, name: str) -> str:
        return self.missed.get(name, "")

    def attribute(self, name: str) -> str:
        return self.option.get(name, "")

    def label(self, name: str, code: str) -> str:
        return self.labels.get((name, code), code)


ZHANG_WEI = Answering(
    answers={
        "Q1": "3",
        "Q2": "2",
        "reasons": "1 10 3",
        "name": "张伟",
        "born": "1990-03-06",
        "moved_in": "2024-05-01",
        "household-size": "4",
        "q.7": "yes",
        "price": "12.50",
        "email": "zhang.wei@example.org",
        "area": "north",
        "seen_at": "2026-03-05T18:15:00.000+08:00",
        "padded": "  a  b ",
    },
    missed={"income": "refused", "trust": "dk", "vote": "no_answer"},
    option={"region": "north", "population": "1200"},
    labels={("Q1", "3"): "不太满意"},
    now="2026-03-05T09:30:00+08:00",
)
"""Born on 6 March 1990, asked on 5 March 2026; refused his income, could not say whether he trusts."""
