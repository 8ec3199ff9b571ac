"""The figures of a report. Each stands once, under a key; sentences, tables, charts and files take it from there, so
that no two of them can disagree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict, model_validator

Unit = Literal[
    "count", "share", "points", "difference", "hours", "places", "stars", "probability", "score", "words"
]
RATES: Final = ("share", "points", "difference")
"""Units that say nothing without the number that they rest on."""


class Frozen(BaseModel):
    """A part of a document: never changed, and nothing in it that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Frozen):
    """The same in Chinese and in English."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """In one language."""
        return self.en if lang == "en" else self.zh


class Figure(Frozen):
    """One figure. `value`: a share in [0, 1], points or a difference on the scale of the definition, a count, hours; None where
    there is none: nobody answered, or `withheld` says why it is not printed. `n`: the answers or cases that a rate rests on.
    `low`, `high`: its 95 % interval. `query`: what in this repository made it. `quota`: of a sample with quotas."""

    key: str
    label: Words
    value: float | int | None
    unit: Unit = "count"
    n: int | None = None
    low: float | None = None
    high: float | None = None
    words: Words | None = None
    base: Words | None = None
    withheld: Words | None = None
    quota: bool = False
    percent: bool = False
    query: str

    @model_validator(mode="after")
    def _whole(self) -> Figure:
        if self.unit in RATES and self.value is not None and self.n is None:
            raise ValueError(f"figure {self.key}: a rate needs the number that it rests on")
        if self.withheld and (self.value, self.n, self.low, self.high) != (None,) * 4:
            raise ValueError(f"figure {self.key}: what is withheld has no value, base or interval")
        if self.quota and self.low is not None:
            raise ValueError(f"figure {self.key}: a quota sample has no interval")
        if (self.words is None) != (self.unit != "words"):
            raise ValueError(f"figure {self.key}: words, and only words, are said in words")
        return self


class HasFigures(Protocol):
    """A document, or anything else whose blocks name figures by their keys: what a renderer of blocks needs."""

    @property
    def figures(self) -> Mapping[str, Figure]: ...


class Figures:
    """Collects the figures of a document while it is made."""

    def __init__(self) -> None:
        self._found: dict[str, Figure] = {}

    def put(self, figure: Figure) -> str:
        """Keep a figure; its key. Raises ValueError where the key has another one already."""
        known = self._found.setdefault(figure.key, figure)
        if known != figure:
            raise ValueError(f"figure {figure.key}: there is another one of this name")
        return figure.key

    def count(self, key: str, label: Words, value: int, query: str) -> str:
        """A number of things."""
        return self.put(Figure(key=key, label=label, value=value, query=query))

    def hours(self, key: str, label: Words, value: float, query: str) -> str:
        """A length of time in hours."""
        return self.put(Figure(key=key, label=label, value=value, unit="hours", query=query))

    def said(self, key: str, label: Words, words: Words, query: str) -> str:
        """What a figure comes to in words: a change, a name out of the data."""
        return self.put(Figure(key=key, label=label, value=None, unit="words", words=words, query=query))

    def share(
        self, key: str, label: Words, part: float, whole: int, query: str, base: Words | None = None
    ) -> str:
        """`part` of `whole` things that were counted, all of them: no sample, so no interval. None of nothing."""
        return self.put(
            Figure(
                key=key,
                label=label,
                value=part / whole if whole else None,
                unit="share",
                n=whole,
                base=base,
                query=query,
            )
        )

    def __getitem__(self, key: str) -> Figure:
        return self._found[key]

    def __contains__(self, key: str) -> bool:
        return key in self._found

    def by_key(self) -> dict[str, Figure]:
        """All of them, in the order of their keys: the order in which a document that is read again has them."""
        return dict(sorted(self._found.items()))


def both(zh: str, en: str) -> Words:
    """Words in both languages."""
    return Words(zh=zh, en=en)
