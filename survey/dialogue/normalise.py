"""Writing, made comparable: digits of any script, full width, traditional characters, accents, emoji, punctuation."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

import yaml

LONGEST = 600
"""Characters of a reply that are read; nobody answers a question beyond them."""
JUST_READ: Final = 64
"""One reply is read for a dozen things one after the other, each of which wants it in these forms."""

APOSTROPHES: Final = "'’‘`´‛′ʼ＇"
_NO_APOSTROPHES: Final = str.maketrans("", "", APOSTROPHES)
MARKS: Final = "".join(
    chr(point) for point in range(0x300, 0x1D00) if unicodedata.category(chr(point)) in ("Mn", "Mc")
)
"""Vowel signs and accents, which are parts of words in many scripts; emoji are made of others."""
_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Thai, Lao, Burmese, Khmer, kana and Chinese, which put no blanks between words."""
_LETTER: Final = rf"[^\W\d_{_UNSPACED}]"
_BREAK: Final = re.compile(rf"[^\w\s*{MARKS}]+|\n")
_HAN: Final = re.compile(r"[一-鿿]")
_NO_WORD: Final = re.compile(rf"[^\w{MARKS}]|_")


@cache
def data(name: str) -> Any:
    """A file of lists beside this one, as written there."""
    return yaml.safe_load((files("survey.dialogue") / name).read_text("utf-8"))


def words() -> Mapping[str, Any]:
    """The word lists of words.yaml."""
    loaded: Mapping[str, Any] = data("words.yaml")
    return loaded


@lru_cache(maxsize=JUST_READ)
def normalised(body: str) -> str:
    """Lower case, simplified, without accents, ASCII digits; punctuation stays (it parts clauses), apostrophes
    and signs without width go. Normalising twice changes nothing."""
    body = body[:LONGEST].translate(_NO_APOSTROPHES)
    if body.isascii():
        return body.lower()
    plain = unicodedata.normalize("NFKC", body).casefold().translate(_NO_APOSTROPHES)
    return "".join(map(_comparable, plain))


@lru_cache(maxsize=8192)
def _comparable(character: str) -> str:
    simplified: str | None = words()["simplified"].get(character)
    if simplified is not None:
        return simplified
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(character) == "Cf":
        return ""
    base = unicodedata.normalize("NFD", character)[0]
    return base if base.isascii() and base.isalpha() else character


def storable(body: str) -> str:
    """Somebody's own words without what no database takes: control signs and broken characters."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "", body).strip()


@lru_cache(maxsize=JUST_READ)
def clauses(plain: str) -> tuple[str, ...]:
    """The parts of a normalised text between punctuation, emoji, line ends, and in Chinese also blanks."""
    parts = (part.split() if _HAN.search(part) else [" ".join(part.split())] for part in _BREAK.split(plain))
    return tuple(piece for pieces in parts for piece in pieces if piece)


def squeezed(plain: str) -> str:
    """A message without blanks, punctuation and emoji."""
    return plain if plain.isalnum() else _NO_WORD.sub("", plain)


@lru_cache(maxsize=JUST_READ)
def bare(plain: str) -> str:
    """A message without blanks, punctuation, emoji and the courtesy at its ends; "" if it is nothing else."""
    text = squeezed(plain)
    before, after = _courtesy()
    while text.startswith(before) or text.endswith(after):
        shorter = _without(text, before, after)
        if shorter == text:
            break
        text = shorter
    return text


@cache
def _courtesy() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What people say before and after what they mean."""
    courtesy = words()["courtesy"]
    return tuple(courtesy["before"]), tuple(courtesy["after"])


def _without(text: str, before: tuple[str, ...], after: tuple[str, ...]) -> str:
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
    return re.compile(any_of(map(str, found)))


@cache
def expression(*path: str) -> re.Pattern[str]:
    """A regular expression of words.yaml, compiled."""
    found: Any = words()
    for key in path:
        found = found[key]
    return re.compile(found)


def any_of(listed: Iterable[str]) -> str:
    """A pattern for the longest of these words. In scripts that write blanks between words no other letter may
    touch it. What words begin with is looked at once for all of a kind: that is what keeps it fast."""
    kinds: dict[str, list[str]] = {}
    for word in sorted(listed, key=len, reverse=True):
        kinds.setdefault(_edge(word[0], "<!"), []).append(re.escape(word) + _edge(word[-1], "!"))
    return "|".join(f"{start}(?:{'|'.join(ends)})" for start, ends in kinds.items())


def _edge(character: str, look: str) -> str:
    return f"(?{look}{_LETTER})" if re.match(_LETTER, character) else ""
