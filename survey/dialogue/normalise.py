"""Writing, made comparable: digits of any script, full width, traditional characters, emoji, punctuation."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

LONGEST = 600
"""Characters of a reply that are read; nobody answers a question beyond them."""


@cache
def words() -> Mapping[str, Any]:
    """The word lists of words.yaml, as written there."""
    loaded: Mapping[str, Any] = yaml.safe_load((files("survey.dialogue") / "words.yaml").read_text("utf-8"))
    return loaded


def normalised(body: str) -> str:
    """Lower case, simplified, ASCII digits; punctuation stays (it parts clauses), apostrophes go."""
    simplified = words()["simplified"]
    plain = unicodedata.normalize("NFKC", body[:LONGEST]).casefold()
    return "".join(simplified.get(one) or _ascii_digit(one) for one in plain if one not in "'’‘`´")


def storable(body: str) -> str:
    """Somebody's own words without what no database takes: control signs and broken characters."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "", body).strip()


def _ascii_digit(character: str) -> str:
    digit = unicodedata.digit(character, None)
    return character if digit is None else str(digit)


def clauses(plain: str) -> Iterator[str]:
    """The parts of a normalised text between punctuation, emoji, line ends, and in Chinese also blanks."""
    for part in re.split(r"[^\w\s*]+|\n", plain):
        pieces = part.split() if re.search(r"[一-鿿]", part) else [" ".join(part.split())]
        yield from (piece for piece in pieces if piece)


def bare(plain: str) -> str:
    """A message without blanks, punctuation, emoji and the courtesy at its ends; "" if it is nothing else."""
    text = re.sub(r"[\W_]+", "", plain)
    courtesy = words()["courtesy"]
    while True:
        shorter = _without(text, courtesy["before"], courtesy["after"])
        if shorter == text:
            return text
        text = shorter


def _without(text: str, before: list[str], after: list[str]) -> str:
    for word in before:
        if text.startswith(word) and len(text) > len(word):
            return text[len(word) :]
    for word in after:
        if text.endswith(word) and len(text) > len(word):
            return text[: -len(word)]
    return text


@cache
def whole(*path: str) -> frozenset[str]:
    """A word list of words.yaml as bare messages, to look a bare message up in."""
    found: Any = words()
    for key in path:
        found = found[key]
    return frozenset(bare(normalised(str(word))) for word in found)


@cache
def within(*path: str) -> re.Pattern[str]:
    """A word list of words.yaml as a pattern that finds any of its words in a normalised text."""
    found: Any = words()
    for key in path:
        found = found[key]
    return re.compile("|".join(bounded(str(word)) for word in found))


def bounded(word: str) -> str:
    """A pattern for the word; Latin words only where no other Latin letter touches them."""
    escaped = re.escape(word)
    start = r"(?<![a-z])" if word[0].isascii() and word[0].isalpha() else ""
    end = r"(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else ""
    return f"{start}{escaped}{end}"
