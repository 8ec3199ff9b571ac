"""Inputs and answers hang together: an input that answered has its answers, and every answer comes from
such an input.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from workers.agreement.book import Book, show_input
from workers.agreement.findings import Difference
from workers.agreement.rows import AnswerRow, InputRow, InterviewRow

ANSWERING = frozenset({"answered", "handover", "opted_out"})
"""What an input that answers may do besides: whoever speaks of danger, or presses 9 after speaking, has said both."""


def check_answers(book: Book) -> Iterator[Difference]:
    """Inputs first, then answers, then questions that were answered more than once."""
    for row in book.rows.inputs:
        if row.effect == "answered" and row.id not in book.answers_by_input:
            yield Difference("answer_lost", show_input(row), "an answer", "none")
    for answer in book.rows.answers:
        yield from _answer(book, answer)
    yield from _doubled(book)


def _answer(book: Book, answer: AnswerRow) -> Iterator[Difference]:
    row, interview = book.inputs[answer.input_id], book.interviews[answer.interview_id]
    where = show_answer(interview, answer)
    if row.effect not in ANSWERING:
        yield Difference(
            "answer_without_input", where, "an input that answered", f"{show_input(row)}: {row.effect}"
        )
    if not _same_conversation(book, row, interview):
        yield Difference(
            "answer_of_another_person", where, "the person who said it", f"said in {show_input(row)}"
        )


def _same_conversation(book: Book, row: InputRow, interview: InterviewRow) -> bool:
    contact = book.contacts[interview.contact_id]
    return row.contact_id == contact.id and row.person_id == contact.person_id == interview.person_id


def _doubled(book: Book) -> Iterator[Difference]:
    """One input answers a question once. In a call made by machine nobody goes back, so there each question
    has one answer.
    """
    by_input: Counter[tuple[int, str]] = Counter()
    by_question: Counter[tuple[int, str]] = Counter()
    for answer in book.rows.answers:
        if answer.recording is not None and answer.revision > 1:
            continue  # the recording's words, written down later
        interview = book.interviews[answer.interview_id]
        of_input, of_question = (
            (answer.input_id, answer.question_id),
            (answer.interview_id, answer.question_id),
        )
        by_input[of_input] += 1
        by_question[of_question] += 1
        again = by_question[of_question] > 1 and interview.mode == "voice"
        if by_input[of_input] > 1 or again:
            yield Difference(
                "answer_doubled", show_answer(interview, answer), "one answer", f"also {_said(answer)}"
            )


def _said(answer: AnswerRow) -> str:
    return f"revision {answer.revision}: {answer.code or 'words'}"


def show_answer(interview: InterviewRow, answer: AnswerRow) -> str:
    return f"interview {interview.ref} {answer.question_id}"
