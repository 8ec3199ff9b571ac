"""The two sides of the comparison with their indexes: each row is looked up in a dictionary, never searched
for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

import asyncpg

from survey.vault import Vault
from workers.agreement.labels import Labels
from workers.agreement.ledger import Ledger, LedgerCall, LedgerKey, LedgerText
from workers.agreement.rows import AnswerRow, AttemptRow, ContactRow, InputRow, InterviewRow, Rows, load_rows

REACHED = frozenset({"accepted", "ringing", "answered"})


class Book:
    """The ledger and the database's rows of the same days."""

    def __init__(self, ledger: Ledger, rows: Rows, persons: Mapping[str, int], labels: Labels) -> None:
        self.ledger = ledger
        self.rows = rows
        self.labels = labels
        self._persons = persons

    def person(self, number: str) -> int | None:
        """The id of the person with this number; None: nobody that the database knows."""
        return self._persons.get(number)

    def resident(self, text: LedgerText) -> int | None:
        """The person at the other end of a text."""
        return self.person(text.to if text.direction == "out" else text.from_)

    @cached_property
    def attempts_by_sid(self) -> Mapping[str, AttemptRow]:
        return {attempt.sid: attempt for attempt in self.rows.attempts if attempt.sid}

    @cached_property
    def attempts_by_ref(self) -> Mapping[str, AttemptRow]:
        return {attempt.ref: attempt for attempt in self.rows.attempts}

    @cached_property
    def attempts_by_id(self) -> Mapping[int, AttemptRow]:
        return {attempt.id: attempt for attempt in self.rows.attempts}

    @cached_property
    def contacts(self) -> Mapping[int, ContactRow]:
        return {contact.id: contact for contact in self.rows.contacts}

    @cached_property
    def interviews(self) -> Mapping[int, InterviewRow]:
        return {interview.id: interview for interview in self.rows.interviews}

    @cached_property
    def inputs(self) -> Mapping[int, InputRow]:
        return {row.id: row for row in self.rows.inputs}

    @cached_property
    def inputs_by_step(self) -> Mapping[tuple[str, int], InputRow]:
        return {
            (row.call_sid, row.step): row
            for row in self.rows.inputs
            if row.channel == "voice" and row.call_sid is not None and row.step is not None
        }

    @cached_property
    def inputs_by_message(self) -> Mapping[str, InputRow]:
        return {row.message_sid: row for row in self.rows.inputs if row.message_sid is not None}

    @cached_property
    def inputs_by_contact(self) -> Mapping[int, tuple[InputRow, ...]]:
        grouped: dict[int, list[InputRow]] = defaultdict(list)
        for row in self.rows.inputs:
            if row.contact_id is not None:
                grouped[row.contact_id].append(row)
        return {contact_id: tuple(inputs) for contact_id, inputs in grouped.items()}

    @cached_property
    def answers_by_input(self) -> Mapping[int, tuple[AnswerRow, ...]]:
        grouped: dict[int, list[AnswerRow]] = defaultdict(list)
        for answer in self.rows.answers:
            grouped[answer.input_id].append(answer)
        return {input_id: tuple(answers) for input_id, answers in grouped.items()}

    @cached_property
    def calls_by_key(self) -> Mapping[str, LedgerCall]:
        return {call.key: call for call in self.ledger.calls_both_ways}

    @cached_property
    def texts_by_sid(self) -> Mapping[str, LedgerText]:
        return {text.sid: text for text in self.ledger.texts}

    def attempt_of(self, call: LedgerCall) -> AttemptRow | None:
        """The attempt that made this call or was held in it: by its sid, or by its reference for one dialled at the desk."""
        if call.kind != "desk":
            return self.attempts_by_sid.get(call.key)
        attempt = self.attempts_by_ref.get(call.reference)
        return attempt if attempt is not None and attempt.mode == "operator" else None

    def input_of(self, call: LedgerCall, key: LedgerKey) -> InputRow | None:
        """Where a key of a machine's call is stored, if it is. Keys at the menu of a call that came in are no inputs."""
        step = step_of(key)
        return None if step is None or not in_an_interview(key) else self.inputs_by_step.get((call.key, step))


def in_an_interview(key: LedgerKey) -> bool:
    """Whether the keys were posted to an interview, and not to the menu of a call that came in."""
    return "/inbound/" not in key.url_path


def step_of(key: LedgerKey) -> int | None:
    """The dialogue step that the keys were posted for, the last part of the path; None at the desk."""
    last = key.url_path.rstrip("/").rpartition("/")[2]
    return int(last) if last.isdecimal() else None


def show_call(call: LedgerCall) -> str:
    """A call as a person finds it again: its short sid, or its attempt's reference."""
    return f"desk call of attempt {call.reference}" if call.kind == "desk" else f"call {short(call.key)}"


def show_attempt(attempt: AttemptRow) -> str:
    return f"{attempt.mode} attempt {attempt.ref}"


def show_input(row: InputRow) -> str:
    if row.message_sid is not None:
        return f"text {short(row.message_sid)}"
    return (
        f"{row.channel} {short(row.call_sid or '')} step {row.step}"
        if row.call_sid
        else f"{row.channel} input {row.id}"
    )


def short(sid: str) -> str:
    """The first and last four characters of a sid: enough to find it, short enough to read."""
    return sid if len(sid) <= 12 else f"{sid[:4]}…{sid[-4:]}"


async def open_book(conn: asyncpg.Connection, vault: Vault, ledger: Ledger) -> Book:
    """Both sides, the database's rows read in one snapshot. Numbers are matched by the vault's tokens."""
    tokens = {number: vault.token(number) for number in _residents(ledger)}
    rows = await load_rows(conn, tuple(tokens.values()))
    known = {
        number: rows.person_by_token[token]
        for number, token in tokens.items()
        if token in rows.person_by_token
    }
    return Book(ledger, rows, known, Labels(rows.documents))


def _residents(ledger: Ledger) -> Iterable[str]:
    numbers = {call.resident for call in ledger.calls_both_ways} | {said.number for said in ledger.opt_outs}
    return numbers | {text.to if text.direction == "out" else text.from_ for text in ledger.texts}
