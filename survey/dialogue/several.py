"""Several questions answered in one message, by their words: "安全,对公安满意,45岁男". Whatever leaves a doubt which
clause answers which question gives None, and the question is asked again."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from survey.dialogue.match import AMBIGUOUS, FILLER, Reader, in_doubt, read_clause, year_code
from survey.dialogue.normalise import bare, clauses, expression, normalised, whole

Asked: TypeAlias = Sequence[tuple[str, Reader]]
Fitting: TypeAlias = Mapping[str, str]
"""What one answer would be for each question that it fits: a code by the question's id."""


def may_be_several(plain: str) -> bool:
    """Whether a normalised text can hold several answers at all; quick to tell for nearly every reply."""
    return len(list(clauses(plain))) > 1 or expression("aged").search(plain) is not None


def read_several(asked: Asked, body: str) -> Mapping[str, str] | None:
    """The code of each question that the message answers, by its id; None if it is not clearly such a message.
    `asked`: the question that waits, then those that may come next. Figures count only as years of age: as keys
    they would be of one question or of several."""
    plain = normalised(body)
    if not may_be_several(plain) or in_doubt(plain):
        return None
    answers: list[Fitting] = []
    for part in (expression("turns").sub("", clause) for clause in clauses(plain)):
        if bare(part) not in whole("acknowledgement"):
            fitting = _fitting(asked, part)
            if fitting is None:
                return None
            answers.extend(fitting)
    found = _placed([question_id for question_id, _ in asked], answers)
    return found if found is not None and len(found) > 1 and asked[0][0] in found else None


def _fitting(asked: Asked, part: str) -> Sequence[Fitting] | None:
    """The answers in a clause, none for courtesy; None if something in it is explained by no question."""
    codes: dict[str, str] = {}
    for place, (question_id, reads) in enumerate(asked):
        clause = read_clause(reads, part)
        if AMBIGUOUS in clause.codes:
            return None
        if clause.rest or clause.numbers or len(clause.codes) > 1:
            continue
        if not clause.codes:
            return []
        (code,) = clause.codes
        if place == 0 or _names_the_question(reads, part, code):
            codes[question_id] = code
    return [codes] if codes else _of_a_person(asked, part)


def _names_the_question(reads: Reader, part: str, code: str) -> bool:
    """有, no, 不知道 may answer anything; so they answer the question that was asked, and none that was not yet."""
    said = {bare(token) for token in reads.pattern.findall(part) if reads.codes.get(token, FILLER) != FILLER}
    return code in reads.order and not said <= whole("answers_anything")


def _of_a_person(asked: Asked, part: str) -> Sequence[Fitting] | None:
    """ "45岁男": years of age, alone or in one breath with the answer to one other question."""
    age = next(((question_id, reads) for question_id, reads in asked if reads.years), None)
    if age is None or not expression("aged").search(part):
        return None
    question_id, reads = age
    clause = read_clause(reads, part)
    codes = {*clause.codes, *(year_code(reads, number) for number in clause.numbers)}
    code = next(iter(codes)) if len(codes) == 1 else None
    if code is None or code == AMBIGUOUS:
        return None
    others = [one for one in asked if one[0] != question_id]
    rest = _fitting(others, clause.rest) if clause.rest else []
    return None if rest is None else [{question_id: code}, *rest]


def _placed(ids: Sequence[str], answers: Sequence[Fitting]) -> Mapping[str, str] | None:
    """Each answer with its question. What fits several counts for the first of them, and then all must stand in the
    order of the questions. None for a contradiction, or where an answer may repeat one or give another."""
    found: dict[str, str] = {}
    chosen = False
    for fitting in answers:
        waiting = [one for one in ids if one in fitting and one not in found]
        repeats = [one for one in fitting if one in found]
        if any(found[one] != fitting[one] for one in repeats) or (waiting and repeats):
            return None
        if waiting:
            chosen = chosen or len(waiting) > 1
            found[waiting[0]] = fitting[waiting[0]]
    in_order = list(found) == [one for one in ids if one in found]
    return found if in_order or not chosen else None
