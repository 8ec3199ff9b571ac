"""One reply to several questions asked in one message: "31", "3男", "45岁,女", "男"."""

from collections.abc import Sequence

from survey.dialogue.match import AMBIGUOUS, Clause, Reader, read_clause, year_code
from survey.dialogue.meaning import Given, Meaning, Unclear
from survey.dialogue.normalise import clauses, expression, normalised
from survey.questionnaire.answer import Answer
from survey.questionnaire.model import Item


def read_page(asked: Sequence[Item], readers: Sequence[Reader], body: str) -> Meaning:
    """Every question that the reply answers beyond doubt; Unclear if none, or if there are two readings."""
    plain = normalised(body)
    read = [[read_clause(reads, clause) for clause in clauses(plain)] for reads in readers]
    named = [_worded(clauses_) for clauses_ in read]
    numbers = [number for clause in read[0] for number in clause.numbers]
    if _unexplained(readers, plain) or any(len(codes) > 1 or AMBIGUOUS in codes for codes in named):
        return Unclear(body)
    found = [next(iter(codes), None) for codes in named]
    if expression("aged").search(plain):
        codes = _as_years(readers, found, numbers)
    elif _could_be_keys(readers, numbers) or not any(len(number) > 1 for number in numbers):
        codes = _as_keys(readers, found, numbers)
    else:
        codes = _as_years(readers, found, numbers)
    if codes is None:
        return Unclear(body)
    return Given({item.id: Answer(code) for item, code in zip(asked, codes, strict=True) if code is not None})


def _worded(read: Sequence[Clause]) -> frozenset[str]:
    return frozenset().union(*(clause.codes for clause in read))


def _unexplained(readers: Sequence[Reader], plain: str) -> bool:
    """Whether words are left over that none of the questions' readers knows."""
    left = plain
    for reads in readers:
        left = reads.pattern.sub(" ", left)
    return any(clause for clause in clauses(left) if not clause.isdigit())


def _could_be_keys(readers: Sequence[Reader], numbers: Sequence[str]) -> bool:
    digits = "".join(numbers)
    return len(digits) == len(readers) and all(
        digit in reads.keys for digit, reads in zip(digits, readers, strict=True)
    )


def _as_keys(
    readers: Sequence[Reader], found: Sequence[str | None], numbers: Sequence[str]
) -> tuple[str | None, ...] | None:
    """Digits are keys, one for each question in turn, or one for the only question that has this key left."""
    digits = "".join(numbers)
    if not digits:
        return tuple(found) if any(found) else None
    if len(digits) == len(readers):
        keyed = tuple(reads.keys.get(digit) for digit, reads in zip(digits, readers, strict=True))
        agrees = all(code in (None, key) for code, key in zip(found, keyed, strict=True))
        return keyed if agrees and None not in keyed else None
    places = [place for place, reads in enumerate(readers) if found[place] is None and digits in reads.keys]
    if len(places) != 1:
        return None
    place = places[0]
    return (*found[:place], readers[place].keys[digits], *found[place + 1 :])


def _as_years(
    readers: Sequence[Reader], found: Sequence[str | None], numbers: Sequence[str]
) -> tuple[str | None, ...] | None:
    """Numbers of two digits and more are years of age."""
    place = next((place for place, reads in enumerate(readers) if reads.years), None)
    if place is None or not numbers or found[place] is not None:
        return None
    codes = {year_code(readers[place], number) if len(number) > 1 else None for number in numbers}
    code = next(iter(codes))
    if len(codes) != 1 or code is None:
        return None
    return tuple(code if at == place else one for at, one in enumerate(found))
