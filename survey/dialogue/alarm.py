"""Whether words tell of violence, self-harm or an emergency in progress, or that the writer is a minor. The words, and
the reasons for them, stand in distress.yaml."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, Literal, TypeAlias

from survey.dialogue.days import with_figures
from survey.dialogue.normalise import data, normalised

Alarm: TypeAlias = Literal["violence", "self_harm", "emergency"]

_SHORTEST: Final = 2
"""Characters below which nothing can be told."""
_BETWEEN_HAN: Final = re.compile(r"(?<=[一-鿿])\s+(?=[一-鿿])")
_HAN: Final = re.compile(r"[一-鿿]")
_CLAUSE: Final = re.compile(r"[,.;:!?、。,;:!?…~\n]+")


def alarm(words: str) -> Alarm | None:
    """The danger that a reply, or a text already normalised, tells of; None for every ordinary reply."""
    text = _readable(words)
    if text is None:
        return None
    han = bool(_HAN.search(text))
    harmless, kinds = _dangers(han)
    clauses = list(_clauses(harmless.sub(" ", text)))
    for kind, pattern, unless in kinds:
        if any(pattern.search(clause) and not unless.search(clause) for clause in clauses):
            return kind
    return None


def says_minor(words: str) -> bool:
    """Whether the writer of a reply, or of a text already normalised, says to be under age."""
    text = _readable(words)
    return text is not None and any(_minor_clause(clause) for clause in _clauses(text))


def _minor_clause(clause: str) -> bool:
    ages, said = _minors()
    found = (match for pattern in ages for match in pattern.finditer(with_figures(clause)))
    return bool(said.search(clause)) or any(year_minor(int(match["age"])) for match in found)


def year_minor(age: int) -> bool:
    """Whether somebody of this age in years may not be asked."""
    minors = data("distress.yaml")["minors"]
    return bool(minors["youngest"] <= age < minors["adult_age"])


def _readable(words: str) -> str | None:
    """The text as it is compared; None at once for what is too short to tell anything, as most replies are."""
    if len(words) < _SHORTEST or words.isdigit():
        return None
    text = _BETWEEN_HAN.sub("", normalised(words))
    return text if sum(map(str.isalpha, text)) >= _SHORTEST else None


def _clauses(text: str) -> Iterator[str]:
    for clause in _CLAUSE.split(text):
        if kept := " ".join(clause.split()):
            yield kept


@cache
def _dangers(han: bool) -> tuple[re.Pattern[str], tuple[tuple[Alarm, re.Pattern[str], re.Pattern[str]], ...]]:
    """What is harmless, and the kinds of danger with their patterns; without Chinese ones where none can fit."""
    lists = data("distress.yaml")
    kinds = (
        (name, _any(kind["patterns"], han), _any(kind["unless"], han))
        for name, kind in lists["kinds"].items()
    )
    return _any(lists["harmless"], han), tuple(kinds)


@cache
def _minors() -> tuple[tuple[re.Pattern[str], ...], re.Pattern[str]]:
    minors = data("distress.yaml")["minors"]
    return tuple(re.compile(pattern) for pattern in minors["ages"]), _any(minors["words"])


def _any(patterns: Iterable[str], han: bool = True) -> re.Pattern[str]:
    """The patterns as one, with the words of the groups that they name."""
    groups: dict[str, list[str]] = data("distress.yaml")["groups"]
    kept = (one for one in patterns if han or not _HAN.search(one))
    return re.compile(
        "|".join(re.sub(r"<(\w+)>", lambda name: f"(?:{'|'.join(groups[name[1]])})", one) for one in kept)
    )
