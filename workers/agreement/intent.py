"""What residents meant against what is stored: for everybody who made no slip, the stored code is the one
they had in mind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from survey.questionnaire import MISSING
from workers.agreement.answers import show_answer
from workers.agreement.book import Book, short, show_call
from workers.agreement.findings import Difference, IntentMismatch
from workers.agreement.ledger import LedgerCall
from workers.agreement.rows import AnswerRow, InputRow, InterviewRow

NO_CODE = frozenset({"open", "duplicate", "distress", "minor"})
"""Kinds whose `meant` is no label: the resident's own words, of danger or of a child too, and a phone that sends the same
text twice.
"""


def check_keys_and_texts(book: Book) -> Iterator[IntentMismatch]:
    """Each key and each text that was taken as an answer."""
    for call in book.ledger.calls_both_ways:
        for key in call.keys if call.kind != "desk" else ():
            row = book.input_of(call, key)
            if row is None or key.slip or key.meant is None or key.kind in NO_CODE:
                continue
            yield from _one_input(book, row, (key.meant,), show_call(call))
            if key.kind == "answer":  # what is spoken may have to be asked again
                yield from _not_taken(book, row, key.meant, key.prompt, show_call(call))
    for text in book.ledger.texts:
        row = book.inputs_by_message.get(text.sid) if text.direction == "in" else None
        if row is not None and not text.slip and text.meant and text.kind not in NO_CODE:
            yield from _one_input(book, row, text.meant, f"text {short(text.sid)}")


def _one_input(book: Book, row: InputRow, meant: Sequence[str], where: str) -> Iterator[IntentMismatch]:
    """Every stored code is one of the meant labels, and every meant label is stored if the input counts as
    an answer.
    """
    left = list(meant)
    coded = [answer for answer in book.answers_by_input.get(row.id, ()) if answer.code is not None]
    for answer in coded:
        fitting = next((label for label in left if _fits(book, answer, label)), None)
        if fitting is None:
            yield IntentMismatch(where, answer.question_id, "、".join(meant), _stored(book, answer))
        else:
            left.remove(fitting)
    if coded and left and len(coded) < len(meant):
        yield IntentMismatch(
            where, coded[0].question_id, "、".join(meant), "、".join(_stored(book, a) for a in coded)
        )


def _not_taken(book: Book, row: InputRow, meant: str, prompt: str, where: str) -> Iterator[IntentMismatch]:
    """A key that was offered and pressed without a slip, and yet asked again: what was said misleads."""
    if row.effect == "asked_again":
        interview = book.interviews.get(row.interview_id) if row.interview_id is not None else None
        question_id = book.labels.question_in(prompt, interview) if interview is not None else None
        yield IntentMismatch(where, question_id or "?", meant, "asked again")


def _fits(book: Book, answer: AnswerRow, meant: str) -> bool:
    interview = book.interviews[answer.interview_id]
    return book.labels.mean(interview, answer.question_id, answer.code or "", meant)


def _stored(book: Book, answer: AnswerRow) -> str:
    return book.labels.shown(book.interviews[answer.interview_id], answer.question_id, answer.code or "")


def held_against_intent(book: Book) -> int:
    """How many answers in mind, given without a slip, were held against what is stored of them."""
    keys = sum(
        row is not None and row.id in book.answers_by_input
        for call in book.ledger.calls_both_ways
        for key in call.keys
        if key.meant is not None and not key.slip and key.kind not in NO_CODE
        for row in (book.input_of(call, key),)
    )
    texts = sum(
        len(text.meant)
        for text in book.ledger.texts
        if text.meant and not text.slip and text.kind not in NO_CODE
        for row in (book.inputs_by_message.get(text.sid),)
        if row is not None and row.id in book.answers_by_input
    )
    return keys + texts + sum(one.meant is not None for call in book.ledger.calls for one in call.spoken)


def check_desk(book: Book) -> Iterator[Difference | IntentMismatch]:
    """Operators' interviews: what the resident said to each question against what the operator stored."""
    by_contact: defaultdict[int, list[InterviewRow]] = defaultdict(list)
    for interview in book.rows.interviews:
        by_contact[interview.contact_id].append(interview)
    answers = _latest(book)
    calls: defaultdict[int, list[LedgerCall]] = defaultdict(list)
    for call in book.ledger.calls:
        attempt = book.attempt_of(call) if call.kind == "desk" else None
        if attempt is not None:
            calls[attempt.contact_id].append(call)
    for contact_id, made in calls.items():
        if by_contact[contact_id]:
            yield from _desk_calls(book, made, by_contact[contact_id], answers)


def _latest(book: Book) -> dict[tuple[int, str], AnswerRow]:
    """The answer that counts for each question of each interview: the last revision."""
    latest: dict[tuple[int, str], AnswerRow] = {}
    for answer in sorted(book.rows.answers, key=lambda a: a.revision):
        latest[answer.interview_id, answer.question_id] = answer
    return latest


def _desk_calls(
    book: Book,
    calls: Sequence[LedgerCall],
    interviews: Sequence[InterviewRow],
    answers: dict[tuple[int, str], AnswerRow],
) -> Iterator[Difference | IntentMismatch]:
    said = _said_by_question(book, calls, interviews[0])
    stored: defaultdict[str, list[AnswerRow]] = defaultdict(list)
    for interview in interviews:
        for (interview_id, question_id), answer in answers.items():
            if interview_id == interview.id and answer.code is not None:
                stored[question_id].append(answer)
    for words in said.pop(None, []):
        yield Difference("desk_words_not_placed", show_call(calls[0]), words, "no question in the prompt")
    for question_id in dict.fromkeys(key for key in (*said, *stored) if key is not None):
        yield from _question(book, calls[0], question_id, said.get(question_id, []), stored[question_id])


def _said_by_question(
    book: Book, calls: Sequence[LedgerCall], interview: InterviewRow
) -> dict[str | None, list[str]]:
    """The words meant, by the question that the operator had read out; None: no question stood in it."""
    said: dict[str | None, list[str]] = defaultdict(list)
    for exchange in (spoken for call in calls for spoken in call.spoken):
        if exchange.meant is not None:
            said[book.labels.question_in(exchange.prompt, interview)].append(exchange.meant)
    return said


def _question(
    book: Book, call: LedgerCall, question_id: str, said: Sequence[str], stored: Sequence[AnswerRow]
) -> Iterator[Difference | IntentMismatch]:
    """In order: of what was said more than once (asked again, corrected), something must fit each stored
    answer.
    """
    remaining = iter(said)
    unheard = [answer for answer in stored if not any(_fits(book, answer, one) for one in remaining)]
    for answer in unheard:
        where = f"{show_call(call)} {show_answer(book.interviews[answer.interview_id], answer)}"
        if said:
            yield IntentMismatch(where, question_id, "、".join(said), _stored(book, answer))
        elif answer.code not in MISSING:
            yield Difference("answer_nobody_gave", where, "nothing said", _stored(book, answer))
    if said and not stored:
        yield Difference(
            "answer_not_taken_down", f"{show_call(call)} {question_id}", "、".join(said), "no answer"
        )
