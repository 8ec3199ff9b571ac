"""The words of one closed question, compiled once for all the replies that will be read against them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from survey.dialogue.normalise import any_of, clauses, expression, normalised, squeezed, words
from survey.questionnaire.parts import Option

AMBIGUOUS: Final = "?"
FILLER: Final = ""

Vocabulary = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reader:
    """The words of one closed question, compiled; `codes`: from a word to a code, AMBIGUOUS or FILLER."""

    pattern: re.Pattern[str]
    codes: Vocabulary
    messages: Vocabulary
    """The same from whole messages without blanks and punctuation."""
    keys: Vocabulary
    """From a key as written, such as "1" or "12", to a code."""
    order: tuple[str, ...]
    """The codes of the options as the document orders them."""
    years: tuple[tuple[int, int, str], ...]
    negative: frozenset[str]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What can be said for one option."""

    code: str
    spellings: tuple[str, ...]
    between: tuple[int, int] | None
    negative: bool


def reader(options: Sequence[Option], missing: Sequence[str], keys: Mapping[str, str]) -> Reader:
    """The reader for these options, compiled once per set of words; `keys`: from a key as written to a code.
    Keep it: looking it up costs more than reading a reply."""
    spoken = tuple(
        Spoken(option.code, _spellings(option), option.between, _sounds_negative(option))
        for option in options
    )
    return _reader(spoken, tuple(missing), tuple(keys.items()))


def _spellings(option: Option) -> tuple[str, ...]:
    wordings = (*option.label.values(), *option.short.values())
    labels = (label for styles in wordings for label in styles.values())
    return (*labels, *(word for listed in option.also.values() for word in listed))


def _sounds_negative(option: Option) -> bool:
    """By the Chinese label, or by those in other languages where there is none."""
    chinese = [styles for lang, styles in option.label.items() if lang.startswith("zh")]
    labels = [label for styles in chinese or option.label.values() for label in styles.values()]
    return any(expression("negative_label").search(normalised(label)) for label in labels)


@lru_cache(maxsize=4096)
def _reader(
    spoken: tuple[Spoken, ...], missing: tuple[str, ...], keys: tuple[tuple[str, str], ...]
) -> Reader:
    years = tuple((*one.between, one.code) for one in spoken if one.between is not None)
    lists = words()
    codes: dict[str, str] = {}
    for filler in (*lists["fillers"], *(lists["years"] if years else ())):
        codes[normalised(filler)] = FILLER
    codes.update((normalised(word), AMBIGUOUS) for word in lists["ambiguous"])
    for kind in missing:
        codes.update((normalised(word), kind) for word in lists["missing"].get(kind, ()))
    messages = {squeezed(plain): code for plain, code in codes.items()}
    codes.update(_agreed((token, one.code) for one in spoken for token in _tokens(one)))
    messages.update(_agreed((message, one.code) for one in spoken for message in _messages(one)))
    measured = "|".join(lists["measures"])
    number = r"\d+" if years else rf"\d+(?!\d)(?!\s*(?:{measured}))"
    return Reader(
        pattern=re.compile(f"{any_of(codes)}|{number}"),
        codes=codes,
        messages=messages,
        keys=dict(keys),
        order=tuple(one.code for one in spoken),
        years=years,
        negative=frozenset(one.code for one in spoken if one.negative),
    )


def _agreed(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    """A word that stands for two options stands for none."""
    agreed: dict[str, str] = {}
    for word, code in pairs:
        agreed[word] = code if agreed.get(word, code) == code else AMBIGUOUS
    return agreed


def _written(one: Spoken) -> Iterator[str]:
    """Its spellings, also without what stands in brackets. Figures and signs alone are no words: figures are
    keys. What is filled in only when it is said cannot be read here."""
    for spelling in one.spellings:
        plain = normalised(spelling)
        for form in (plain, expression("aside").sub("", plain)):
            if "${" not in form and any(map(str.isalpha, form)):
                yield form


def _tokens(one: Spoken) -> Iterator[str]:
    """The spellings that can stand inside a clause."""
    for form in _written(one):
        parts = list(clauses(form))
        if len(parts) == 1:
            yield parts[0]


def _messages(one: Spoken) -> Iterator[str]:
    yield from (squeezed(form) for form in _written(one))
