"""Every text that the centre sent went out once and as it is stored; every result that counts as told was
heard or got.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from workers.agreement.book import REACHED, Book, short, show_attempt, show_input
from workers.agreement.calls import ended_alike
from workers.agreement.findings import Difference
from workers.agreement.ledger import LedgerText
from workers.agreement.rows import AttemptRow, InterviewRow, TextOutRow, ToldRow


def check_texts(book: Book) -> Iterator[Difference]:
    """Invitations by sid, everything else by person and body."""
    unclaimed = {text.sid: text for text in book.ledger.texts if text.direction == "out"}
    others: list[TextOutRow] = []
    for row in book.rows.texts_out:
        attempt = book.attempts_by_id.get(row.attempt_id) if row.attempt_id is not None else None
        if attempt is None or attempt.sid is None:
            others.append(row)
        else:
            yield from _invitation(book, row, attempt, unclaimed.pop(attempt.sid, None))
    for attempt in book.rows.attempts:
        if attempt.mode == "text" and attempt.status in ("dialing", "unknown"):
            yield Difference(
                "attempt_not_settled", show_attempt(attempt), "settled with the carrier", attempt.status
            )
    for told in book.rows.told:
        yield from _told(told, unclaimed.pop(told.sid or "", None))
    yield from _others(book, others, unclaimed)


def _told(row: ToldRow, text: LedgerText | None) -> Iterator[Difference]:
    """A text that tells something went out once, as it is stored."""
    where = f"told text {row.ref}"
    if row.status in ("sending", "unknown"):
        yield Difference("attempt_not_settled", where, "settled with the carrier", row.status)
    if row.sid is not None and text is None:
        yield Difference("text_never_sent", where, row.body, f"the carrier has no text {short(row.sid)}")
    if text is not None and text.body != row.body:
        yield Difference("text_sent_otherwise", where, row.body, text.body)


def _invitation(
    book: Book, row: TextOutRow, attempt: AttemptRow, text: LedgerText | None
) -> Iterator[Difference]:
    where = show_attempt(attempt)
    if text is None:
        yield Difference(
            "text_never_sent", where, row.body, f"the carrier has no text {short(attempt.sid or '')}"
        )
        return
    if text.body != row.body:
        yield Difference("text_sent_otherwise", where, row.body, text.body)
    if book.resident(text) != attempt.person_id:
        yield Difference("text_to_another_person", where, "the attempt's person", "another person")
    yield from ended_alike(attempt, text.status, "texts", where)


def _others(book: Book, rows: list[TextOutRow], unclaimed: dict[str, LedgerText]) -> Iterator[Difference]:
    """Replies have no sid of ours: as many of one body to one person must have gone out as are stored."""
    sent: defaultdict[tuple[int | None, str], list[LedgerText]] = defaultdict(list)
    for text in unclaimed.values():
        sent[book.resident(text), text.body].append(text)
    stored: Counter[tuple[int | None, str]] = Counter()
    for row in rows:
        stored[row.person_id, row.body] += _repeats(book, row)
        there = sent[row.person_id, row.body]
        if there:
            there.pop(0)
        elif _must_be_out(book, row):
            yield Difference("text_never_sent", _where(book, row), row.body, "no such text")
    for (person, body), left in sent.items():
        for text in left[stored[person, body] :]:
            kind = "text_sent_twice" if (person, body) in stored else "text_without_row"
            yield Difference(kind, f"text {short(text.sid)}", "not sent", body)


def _repeats(book: Book, row: TextOutRow) -> int:
    """How often the carrier asked once more: the same request gets the same reply, which the carrier sends
    again.
    """
    answered = book.inputs.get(row.input_id) if row.input_id is not None else None
    text = book.texts_by_sid.get(answered.message_sid or "") if answered is not None else None
    return max(0, text.requests - 1) if text is not None else 0


def _must_be_out(book: Book, row: TextOutRow) -> bool:
    """Whether the text is sure to have reached the carrier: a reply is, once its response arrived there."""
    if row.attempt_id is not None:
        return (
            book.attempts_by_id[row.attempt_id].status in REACHED
        )  # refused by the carrier: it never went out
    answered = book.inputs.get(row.input_id) if row.input_id is not None else None
    if answered is None or answered.message_sid is None:
        return True
    text = book.texts_by_sid.get(answered.message_sid)
    return text is not None and text.delivered == "yes"


def _where(book: Book, row: TextOutRow) -> str:
    if row.attempt_id is not None:
        return show_attempt(book.attempts_by_id[row.attempt_id])
    if row.input_id is not None:
        return f"reply to {show_input(book.inputs[row.input_id])}"
    return f"text_out {row.id}"


def check_results_told(book: Book) -> Iterator[Difference]:
    """The words of each told result stand in what that person heard in a call, heard from an operator, or
    was sent.
    """
    heard: defaultdict[int | None, list[str]] = defaultdict(list)
    for call in book.ledger.calls_both_ways:
        heard[book.person(call.resident)].append(
            "".join((*call.said, *(spoken.prompt for spoken in call.spoken)))
        )
    for text in book.ledger.texts:
        if text.direction == "out":
            heard[book.resident(text)].append(text.body)
    for interview in book.rows.interviews:
        if interview.told_at is not None and not _was_told(interview, heard[interview.person_id]):
            where = f"interview {interview.ref}"
            yield Difference(
                "result_not_told", where, interview.told_text or "a told text", "not in the ledger"
            )


def _was_told(interview: InterviewRow, heard: list[str]) -> bool:
    return bool(interview.told_text) and any(str(interview.told_text) in words for words in heard)
