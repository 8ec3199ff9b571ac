"""Whoever said "never again" stands in the opt-outs, as of then, and was left in peace afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from workers.agreement.book import Book, short
from workers.agreement.findings import Difference
from workers.agreement.ledger import LedgerOptOut
from workers.agreement.rows import ContactRow, OptOutRow

GRAIN = timedelta(seconds=5)
"""The clock of a rehearsal moves in such steps: what is nearer than this happened at the same moment."""


def check_opt_outs(book: Book) -> Iterator[Difference]:
    """What residents said against what is stored, and what is stored against what was done afterwards."""
    stored: defaultdict[int, list[OptOutRow]] = defaultdict(list)
    for row in book.rows.opt_outs:
        stored[row.person_id].append(row)
    said: dict[int, datetime] = {}
    for opt_out in sorted(book.ledger.opt_outs, key=lambda one: one.at):
        person = book.person(opt_out.number)
        if person is None:
            yield from _said(book, opt_out, [], opt_out.at)
        else:
            first = said.setdefault(person, opt_out.at)
            yield from _said(book, opt_out, stored[person], first)
    for row in book.rows.opt_outs:
        if row.person_id not in said and row.said_in != "carrier":
            yield Difference(
                "opt_out_nobody_said", f"opt-out from {row.said_in}", "nothing said", f"scope {row.scope}"
            )
    yield from _left_in_peace(book, stored)


def _said(book: Book, opt_out: LedgerOptOut, rows: list[OptOutRow], first: datetime) -> Iterator[Difference]:
    """`first`: when this person said such a thing for the first time; the row of that time stays."""
    heard = heard_at(book, opt_out)
    where = f"“{opt_out.said}” in {short(opt_out.via)}"
    if heard is None:
        return
    fitting = [row for row in rows if row.scope in _scopes(book, opt_out)]
    if not fitting:
        found = ", ".join(f"only scope {row.scope}" for row in rows) or "no opt-out"
        yield Difference("opt_out_missed", where, " or ".join(sorted(_scopes(book, opt_out))), found)
    elif not any(first - GRAIN <= row.said_at <= heard + GRAIN for row in fitting):
        stored_at = min(row.said_at for row in fitting)
        yield Difference("opt_out_at_another_time", where, heard.isoformat(), stored_at.isoformat())


def heard_at(book: Book, opt_out: LedgerOptOut) -> datetime | None:
    """When the words reached the centre: None if they never did, which nobody can be blamed for.

    A text may have been on its way for a while, so the moment it is stored with counts, unless it is not
    stored.
    """
    call = book.calls_by_key.get(opt_out.via)
    if call is None:
        text = book.texts_by_sid.get(opt_out.via)
        row = book.inputs_by_message.get(opt_out.via)
        if row is not None:
            return row.arrived_at
        return opt_out.at if text is None or text.delivered == "yes" else None
    if call.kind == "desk":
        contact = _said_in(book, opt_out)  # an operator writes it down before the conversation is closed
        return contact.closed_at if contact is not None and contact.closed_at is not None else opt_out.at
    pressed = [key for key in call.keys if key.at == opt_out.at or key.said == opt_out.said]
    if not pressed:
        return opt_out.at
    row = book.input_of(call, pressed[-1])
    if row is not None:
        return row.arrived_at
    return opt_out.at if pressed[-1].delivered == "yes" else None


def _scopes(book: Book, opt_out: LedgerOptOut) -> frozenset[str]:
    """The reach that it may have, by what it was said in (settled: who stops what)."""
    contact = _said_in(book, opt_out)
    if contact is None:
        return frozenset({"survey", "case_text", "case_call", "all"})
    if contact.purpose == "survey":
        return frozenset({"survey", "all"})
    return frozenset({"case_text" if contact.mode == "text" else "case_call", "all"})


def _said_in(book: Book, opt_out: LedgerOptOut) -> ContactRow | None:
    call = book.calls_by_key.get(opt_out.via)
    if call is not None:
        attempt = book.attempt_of(call)
        return book.contacts.get(attempt.contact_id) if attempt is not None else None
    row = book.inputs_by_message.get(opt_out.via)
    return book.contacts.get(row.contact_id) if row is not None and row.contact_id is not None else None


def _left_in_peace(book: Book, stored: Mapping[int, list[OptOutRow]]) -> Iterator[Difference]:
    """By what is stored and by what was said: a missed opt-out excuses no call."""
    closed: defaultdict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for opt_out in book.ledger.opt_outs:
        person, heard = book.person(opt_out.number), heard_at(book, opt_out)
        if person is not None and heard is not None:
            closed[person].append((_least_scope(book, opt_out), heard))
    for person, rows in stored.items():
        closed[person] += [(row.scope, row.said_at) for row in rows]
    for attempt in book.rows.attempts:
        if attempt.inbound:
            continue  # whoever rings the centre is not rung by it
        since = [
            (at, scope)
            for scope, at in closed.get(attempt.person_id, ())
            if attempt.dialing_at > at and forbids(scope, attempt.purpose, attempt.mode)
        ]
        if since:
            at, scope = min(since)
            yield Difference(
                "contact_after_opt_out",
                f"{attempt.mode} attempt {attempt.ref} for {attempt.purpose}",
                f"none after {at.isoformat()} ({scope})",
                f"begun {attempt.dialing_at.isoformat()}",
            )


def _least_scope(book: Book, opt_out: LedgerOptOut) -> str:
    """The smallest reach that these words can have had; "" where that depends on more than the ledger
    knows.
    """
    contact = _said_in(book, opt_out)
    if contact is None:
        return ""
    return (
        "survey" if contact.purpose == "survey" else ("case_text" if contact.mode == "text" else "case_call")
    )


def forbids(scope: str, purpose: str, mode: str) -> bool:
    """Whether an opt-out of this scope forbids beginning a contact for this purpose by this mode."""
    match scope:
        case "all":
            return True
        case "survey":
            return purpose == "survey"
        case "text_channel":
            return mode == "text"
        case "case_text":
            return purpose == "case" and mode == "text"
        case "case_call":
            return purpose == "case" and mode != "text"
        case _:
            return False
