"""Every call once: the ledger's calls against the attempts, and how each of them ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from workers.agreement.book import REACHED, Book, show_attempt, show_call
from workers.agreement.findings import Difference
from workers.agreement.ledger import LedgerCall
from workers.agreement.rows import AttemptRow

NEVER_DIALLED = frozenset({"technical", "cancelled", "opted_out"})


@cache
def final_states() -> Mapping[str, Any]:
    """Which word and which dispositions go with which ending of the carrier (final_states.yaml)."""
    states: Mapping[str, Any] = yaml.safe_load(
        (files("workers.agreement") / "final_states.yaml").read_text("utf-8")
    )
    return states


def check_calls(book: Book) -> Iterator[Difference]:
    """From the ledger to the attempts, and back."""
    made: Counter[int] = Counter()
    for call in book.ledger.calls:
        attempt = book.attempt_of(call)
        if attempt is None:
            yield _stray(book, call)
            continue
        made[attempt.id] += 1
        yield from _call(book, call, attempt)
    for call in book.ledger.inbound_calls:
        if (held := book.attempt_of(call)) is not None:  # most get no further than the menu
            made[held.id] += 1
            yield from _same_person(book, call, held)
    for attempt in book.rows.attempts:
        if attempt.mode != "text":
            yield from _attempt(attempt, made[attempt.id])


def _stray(book: Book, call: LedgerCall) -> Difference:
    known = book.attempts_by_ref.get(call.reference)
    found = "no attempt" if known is None else f"{show_attempt(known)} does not hold this sid"
    return Difference("call_without_attempt", show_call(call), "one attempt", found)


def _call(book: Book, call: LedgerCall, attempt: AttemptRow) -> Iterator[Difference]:
    where = f"{show_call(call)}, {show_attempt(attempt)}"
    if call.rang > 1:
        yield Difference("rung_twice", where, "rang once", f"rang {call.rang} times")
    yield from _same_person(book, call, attempt)
    yield from ended_alike(attempt, call.status, "calls" if call.kind == "api" else "desk", where)
    if attempt.answered_at is not None and call.answered_at is None:
        yield Difference("call_ended_otherwise", where, "not answered", "answered")
    nobody_there = attempt.disposition in final_states()["nobody_there"]
    if call.answered_at is not None and nobody_there:
        yield Difference("disposition_disagrees", where, "somebody answered", str(attempt.disposition))


def _same_person(book: Book, call: LedgerCall, attempt: AttemptRow) -> Iterator[Difference]:
    if book.person(call.resident) != attempt.person_id:
        where = f"{show_call(call)}, {show_attempt(attempt)}"
        yield Difference("call_to_another_person", where, "the attempt's person", "another person")


def ended_alike(attempt: AttemptRow, status: str, table: str, where: str) -> Iterator[Difference]:
    """The carrier's last word and the disposition, held against the ending in the ledger; `table` of
    final_states.
    """
    ending = status.replace("-", "_")
    states = final_states()[table]
    if ending not in states:
        return
    if attempt.status != "ended":
        if table != "texts":  # a text's attempt stays open while its thread waits for a reply
            yield Difference("attempt_left_open", where, f"ended: {status}", attempt.status)
        return
    word = (attempt.carrier_word or "").replace("-", "_")
    if word and word not in states[ending]["words"]:
        yield Difference("call_ended_otherwise", where, status, word)
    allowed = states[ending].get("dispositions")
    if allowed is not None and attempt.disposition not in allowed:
        yield Difference("disposition_disagrees", where, " or ".join(allowed), str(attempt.disposition))


def _attempt(attempt: AttemptRow, calls: int) -> Iterator[Difference]:
    where = show_attempt(attempt)
    if attempt.status in ("dialing", "unknown"):
        yield Difference("attempt_not_settled", where, "settled with the carrier", attempt.status)
    if calls > 1:
        yield Difference("rung_twice", where, "one call", f"{calls} calls")
    if calls == 0 and _must_have_a_call(attempt):
        yield Difference("attempt_without_call", where, "one call", "no call")


def _must_have_a_call(attempt: AttemptRow) -> bool:
    """A sid, or an answer, is proof of a call. An operator's attempt has no sid: it is dialled unless a
    fault prevented it.
    """
    if attempt.sid is not None or attempt.answered_at is not None or attempt.status in REACHED:
        return True
    return (
        attempt.mode == "operator" and attempt.status == "ended" and attempt.disposition not in NEVER_DIALLED
    )
