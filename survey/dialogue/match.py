"""Which option a written reply means. It never guesses: two answers, a doubt, a contradiction or words that
nothing explains give None, and the question is asked again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from survey.dialogue.normalise import bare, bounded, clauses, normalised, whole, words
from survey.questionnaire.model import Option

AMBIGUOUS: Final = "?"
FILLER: Final = ""

Vocabulary = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reader:
    """The words of one closed question, compiled; `codes`: from a word to a code, AMBIGUOUS or FILLER."""

    pattern: re.Pattern[str]
    codes: Vocabulary
    keys: frozenset[str]
    years: tuple[tuple[int, int, str], ...]
    negative: frozenset[str]


@dataclass(frozen=True, slots=True)
class Clause:
    codes: frozenset[str]
    numbers: tuple[str, ...]
    rest: str
    """What no word explains."""


def reader(options: Sequence[Option], missing: Sequence[str]) -> Reader:
    """The reader for these options, compiled once per set of words. Keep it: looking it up costs more than
    reading a reply."""
    spoken = tuple(
        (option.code, _spellings(option), option.between, _sounds_negative(option)) for option in options
    )
    return _reader(spoken, tuple(missing))


def _spellings(option: Option) -> tuple[str, ...]:
    wordings = (*option.label.values(), *option.short.values())
    labels = (label for styles in wordings for label in styles.values())
    return (*labels, *(word for listed in option.also.values() for word in listed))


def _sounds_negative(option: Option) -> bool:
    label = next(iter(option.label.get("zh", {}).values()), "")
    return bool(re.search(words()["negative_label"], label))


@lru_cache(maxsize=4096)
def _reader(
    spoken: tuple[tuple[str, tuple[str, ...], tuple[int, int] | None, bool], ...], missing: tuple[str, ...]
) -> Reader:
    years = tuple((*between, code) for code, _, between, _ in spoken if between is not None)
    lists = words()
    codes: dict[str, str] = {}
    for filler in (*lists["fillers"], *(lists["years"] if years else ())):
        codes[normalised(filler)] = FILLER
    codes.update((normalised(word), AMBIGUOUS) for word in lists["ambiguous"])
    for kind in missing:
        codes.update((normalised(word), kind) for word in lists["missing"].get(kind, ()))
    for code, spellings, _, _ in spoken:
        codes.update((plain, code) for word in spellings if not (plain := normalised(word)).isdigit())
    tokens = sorted(codes, key=len, reverse=True)
    measured = "|".join(lists["measures"])
    number = r"\d+" if years else rf"\d+(?!\d)(?!\s*(?:{measured}))"
    return Reader(
        pattern=re.compile("|".join([*map(bounded, tokens), number])),
        codes=codes,
        keys=frozenset(code for code, *_ in spoken if code.isdigit()),
        years=years,
        negative=frozenset(code for code, _, _, negative in spoken if negative),
    )


def choose(reads: Reader, body: str) -> str | None:
    """The code meant, one of the options' or of the missing codes; None if the reply must be asked again."""
    plain = normalised(body)
    if in_doubt(plain):
        return None
    if exact := reads.codes.get(bare(plain)):
        return None if exact == AMBIGUOUS else exact
    read = [read_clause(reads, clause) for clause in clauses(plain)]
    codes = frozenset().union(*(clause.codes | numbered(reads, clause) for clause in read))
    if len(codes) != 1:
        return None
    (code,) = codes
    return code if code != AMBIGUOUS and _nothing_contradicts(reads, code, read) else None


def in_doubt(plain: str) -> bool:
    """Asked rather than said: "安全吗", "1?"."""
    return bool(re.search(words()["doubt"], plain))


def read_clause(reads: Reader, clause: str) -> Clause:
    """The codes and numbers in one clause; a clause that is only a written numeral counts as its digit."""
    found: set[str] = set()
    numbers: list[str] = []
    rest: list[str] = []
    end = 0
    for token in reads.pattern.finditer(clause):
        rest.append(clause[end : token.start()])
        end = token.end()
        meaning = reads.codes.get(token.group())
        if meaning is None:
            numbers.append(token.group())
        elif meaning != FILLER:
            found.add(meaning)
    left = "".join([*rest, clause[end:]]).strip()
    if digit := words()["numerals"].get(left):
        numbers.append(digit)
        left = ""
    return Clause(frozenset(found), tuple(numbers), left)


def numbered(reads: Reader, clause: Clause) -> frozenset[str]:
    """The codes that the numbers of a clause stand for; a number that stands for none is AMBIGUOUS."""
    return frozenset(
        number if number in reads.keys else year_code(reads, number) or AMBIGUOUS for number in clause.numbers
    )


def year_code(reads: Reader, number: str) -> str | None:
    """The option whose years hold this number."""
    return next((code for low, high, code in reads.years if low <= int(number) <= high), None)


def _nothing_contradicts(reads: Reader, code: str, read: Sequence[Clause]) -> bool:
    """The answer stands in a clause of its own, and what else was said agrees with it."""
    plain = any((clause.codes or clause.numbers) and not clause.rest for clause in read)
    torn = any((clause.codes or clause.numbers) and clause.rest for clause in read)
    complaint = any(re.search(words()["negation"], clause.rest) for clause in read)
    return plain and not torn and (not complaint or code in reads.negative)


def nothing_to_say(plain: str) -> bool:
    """没有, no: the reply to an open question of someone who has nothing to add."""
    return bare(plain) in whole("nothing")
