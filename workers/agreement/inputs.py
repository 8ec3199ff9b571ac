"""Every key and every text that was delivered stands in the database as exactly one input, and nothing else
does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from workers.agreement.book import Book, in_an_interview, short, show_call, show_input, step_of
from workers.agreement.findings import Difference
from workers.agreement.ledger import LedgerCall, LedgerText
from workers.agreement.rows import InputRow

EFFECTS = frozenset(
    {
        "answered", "asked_again", "acknowledged", "helped", "opted_out", "handover", "ended", "opened",
        "too_late", "unknown_sender", "no_open_contact",
    }
)  # fmt: skip
IN_THE_INBOX = frozenset({"too_late", "unknown_sender", "no_open_contact"})


def check_inputs(book: Book) -> Iterator[Difference]:
    """Keys of machine calls, texts, and then every stored input that neither of them accounts for."""
    accounted: set[int] = set()
    for call in book.ledger.calls_both_ways:
        if call.kind != "desk":
            yield from _keys(book, call, accounted)
        else:
            accounted |= _typed_during(book, call)
    for text in book.ledger.texts:
        if text.direction == "in":
            yield from _text(book, text, accounted)
    yield from _unaccounted(book, accounted)
    for row in book.rows.inputs:
        yield from _itself(row)


def _keys(book: Book, call: LedgerCall, accounted: set[int]) -> Iterator[Difference]:
    first = book.inputs_by_step.get((call.key, 0))
    if first is not None and call.answered_at is not None and first.said == "":
        accounted.add(first.id)  # the request that opens a call: nothing was pressed yet
    for key in filter(in_an_interview, call.keys):
        where = f"{show_call(call)} step {step_of(key)}"
        row = book.input_of(call, key)
        if row is None or row.id in accounted:
            if key.delivered == "yes":
                yield Difference("key_not_stored", where, _quoted(key.said), "no input")
            continue
        accounted.add(row.id)
        if key.delivered == "no":
            yield Difference("input_never_delivered", where, "no input", _quoted(row.said))
        yield from _same(book, row, key.said, book.person(call.resident), where)


def _typed_during(book: Book, call: LedgerCall) -> set[int]:
    """What the operator's screen took during an answered call; the answers among it are compared in
    `intent`.
    """
    attempt = book.attempt_of(call)
    if attempt is None or call.answered_at is None:
        return set()
    return {
        row.id
        for row in book.inputs_by_contact.get(attempt.contact_id, ())
        if row.channel == "operator" and row.person_id == attempt.person_id
    }


def _text(book: Book, text: LedgerText, accounted: set[int]) -> Iterator[Difference]:
    where = f"text {short(text.sid)}"
    row = book.inputs_by_message.get(text.sid)
    if row is None:
        if text.delivered == "yes":
            yield Difference("text_not_stored", where, _quoted(text.body), "no input")
        return
    accounted.add(row.id)  # one whose webhook was lost may still have been fetched by asking the carrier
    yield from _same(book, row, text.body, book.resident(text), where)


def _same(book: Book, row: InputRow, said: str, person: int | None, where: str) -> Iterator[Difference]:
    if row.said != said:
        yield Difference("input_said_otherwise", where, _quoted(said), _quoted(row.said))
    contact = book.contacts.get(row.contact_id) if row.contact_id is not None else None
    if row.person_id != person or (contact is not None and contact.person_id != person):
        yield Difference("input_of_another_person", where, "the person who said it", "another person")


def _unaccounted(book: Book, accounted: set[int]) -> Iterator[Difference]:
    twins: defaultdict[tuple[int | None, str, str], int] = defaultdict(int)
    for row in book.rows.inputs:
        if row.id in accounted:
            twins[row.contact_id, row.channel, row.said] += 1
    for row in book.rows.inputs:
        if row.id not in accounted:
            doubled = twins[row.contact_id, row.channel, row.said] > 0 and row.contact_id is not None
            kind = "input_stored_twice" if doubled else "input_nobody_made"
            yield Difference(kind, show_input(row), "nothing in the ledger", _quoted(row.said))


def _itself(row: InputRow) -> Iterator[Difference]:
    if row.effect not in EFFECTS:
        yield Difference("effect_unknown", show_input(row), "one of the known effects", repr(row.effect))
    if row.channel == "text" and row.effect in IN_THE_INBOX and row.inbox_reason is None:
        yield Difference(
            "late_text_not_in_inbox", show_input(row), f"in the inbox: {row.effect}", "not in the inbox"
        )


def _quoted(said: str) -> str:
    return f"“{said}”" if said else "nothing"
