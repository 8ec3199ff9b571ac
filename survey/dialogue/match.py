"""Which option or options a written reply means. It never guesses: two answers, a doubt, a contradiction or words
that nothing explains give None, and the question is asked again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from survey.dialogue.normalise import bare, clauses, expression, normalised, squeezed, whole, words
from survey.dialogue.readers import AMBIGUOUS, FILLER, Reader, reader

__all__ = ["AMBIGUOUS", "FILLER", "Reader", "choose", "choose_several", "is_option", "reader"]


@dataclass(frozen=True, slots=True)
class Clause:
    codes: frozenset[str]
    numbers: tuple[str, ...]
    rest: str
    """What no word explains."""


def choose(reads: Reader, body: str) -> str | None:
    """The code meant, one of the options' or of the missing codes; None if the reply must be asked again."""
    code = reads.keys.get(body)
    if code is not None:
        return code
    plain = normalised(body)
    if exact := _whole(reads, plain):
        return None if exact == AMBIGUOUS else exact
    read = [read_clause(reads, clause) for clause in clauses(plain)]
    codes = frozenset().union(*(clause.codes | numbered(reads, clause) for clause in read))
    if len(codes) != 1:
        return None
    (code,) = codes
    return code if code != AMBIGUOUS and _nothing_contradicts(reads, codes, read) else None


def choose_several(reads: Reader, body: str, alone: frozenset[str]) -> tuple[str, ...] | None:
    """The codes meant, in the order of the options, or one missing code; None if the reply must be asked again.
    `alone`: codes that exclude every other one."""
    plain = normalised(body)
    if exact := _whole(reads, plain):
        return None if exact == AMBIGUOUS else (exact,)
    if expression("from_to").search(plain):
        return None
    read = [_without_joints(read_clause(reads, clause)) for clause in clauses(plain)]
    chosen = [_chosen(reads, clause) for clause in read]
    codes = frozenset().union(*(one for one in chosen if one is not None))
    if None in chosen or not codes or AMBIGUOUS in codes or not _nothing_contradicts(reads, codes, read):
        return None
    if len(codes) > 1 and (codes & alone or not codes <= set(reads.order)):
        return None
    return tuple(code for code in reads.order if code in codes) or tuple(codes)


def is_option(reads: Reader, body: str) -> str | None:
    """The code whose key or word is the whole message, be it of an option or a missing one."""
    code = reads.keys.get(body)
    if code is not None:
        return code
    exact = _whole(reads, normalised(body))
    return None if exact == AMBIGUOUS else exact


def in_doubt(plain: str) -> bool:
    """Asked rather than said: "安全吗", "1?"."""
    return bool(expression("doubt").search(plain))


def _whole(reads: Reader, plain: str) -> str | None:
    """The meaning of the message as a whole, AMBIGUOUS where it is in doubt, None if it is no single word. An option
    that itself sounds like a question is none. "1.2" is not the key 12: a key's figures stand together."""
    said = squeezed(plain)
    if in_doubt(plain):
        return (reads.messages.get(said) if "?" not in plain else None) or AMBIGUOUS
    message = bare(plain)
    if message in reads.keys:
        return reads.keys[message] if message in plain else None
    return reads.messages.get(said) or reads.messages.get(message) or None


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
    return frozenset(_numbered(reads, number) for number in clause.numbers)


def _numbered(reads: Reader, number: str) -> str:
    return reads.keys.get(number) or year_code(reads, number) or AMBIGUOUS


def year_code(reads: Reader, number: str) -> str | None:
    """The option whose years hold this number."""
    return next((code for low, high, code in reads.years if low <= int(number) <= high), None)


def _without_joints(clause: Clause) -> Clause:
    """A clause whose answers are joined by 和, "and" and their like, which then leave nothing unexplained; written
    numerals so joined are figures."""
    rest = expression("joints").sub(" ", clause.rest)
    words_left = rest.split() if rest.isascii() else rest.replace(" ", "")
    figures = [words()["numerals"].get(word) for word in words_left]
    if None in figures:
        return Clause(clause.codes, clause.numbers, rest.strip())
    return Clause(clause.codes, (*clause.numbers, *(figure for figure in figures if figure)), "")


def _chosen(reads: Reader, clause: Clause) -> frozenset[str] | None:
    """The codes of one clause; None where it contradicts itself: "1被偷" with another key, "没有被偷"."""
    numbers: set[str] = set()
    for number in clause.numbers:
        numbers |= _digits(reads, number)
    if numbers and clause.codes and numbers != clause.codes:
        return None
    codes = clause.codes | numbers
    return None if len(codes) > 1 and codes & reads.negative and clause.codes else codes


def _digits(reads: Reader, number: str) -> frozenset[str]:
    """ "13" is the keys 1 and 3 where there is no key 13, and only if it can be parted in one way."""
    code = reads.keys.get(number)
    if code is not None:
        return frozenset({code})
    parted = list(_partings(reads, number))
    return frozenset(reads.keys[key] for key in parted[0]) if len(parted) == 1 else frozenset({AMBIGUOUS})


def _partings(reads: Reader, number: str) -> Iterator[tuple[str, ...]]:
    """The ways to read a run of digits as different keys; no more than two are looked for."""
    found = 0
    waiting: list[tuple[tuple[str, ...], str]] = [((), number if len(number) <= len(reads.keys) * 2 else "")]
    while waiting and found < 2:
        keys, left = waiting.pop()
        if not left:
            found += 1
            yield keys
        for width in (1, 2):
            if len(left) >= width and left[:width] in reads.keys and left[:width] not in keys:
                waiting.append(((*keys, left[:width]), left[width:]))


def _nothing_contradicts(reads: Reader, codes: frozenset[str], read: Sequence[Clause]) -> bool:
    """The answer stands in clauses of its own, and what else was said agrees with it."""
    plain = any((clause.codes or clause.numbers) and not clause.rest for clause in read)
    torn = any((clause.codes or clause.numbers) and clause.rest for clause in read)
    complaint = any(expression("negation").search(clause.rest) for clause in read)
    return plain and not torn and (not complaint or codes <= reads.negative)


def nothing_to_say(plain: str) -> bool:
    """没有, no: the reply to an open question of someone who has nothing to add."""
    return bare(plain) in whole("nothing")
