"""Walking chains of events and of seals: the first thing in each that does not fit.

Everything that is found names a row and says in Chinese and English what does not fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from followup.casework.chain import GENESIS, SealedDay


class Link(Protocol):
    """An event in a chain."""

    @property
    def id(self) -> int: ...
    @property
    def subject(self) -> str: ...
    @property
    def seq(self) -> int: ...
    @property
    def prev_hash(self) -> bytes: ...
    @property
    def hash(self) -> bytes: ...
    def computed(self) -> bytes:
        """The hash that its content gives."""


@dataclass(frozen=True)
class Fault:
    """What does not fit. `row`: the id of the row, of a missing one the id of the next that is there, else the last.

    `from_seq` is less than `seq` where only a stretch can be named: somewhere in it.
    """

    table: str
    row: int
    subject: str
    seq: int
    kind: str
    zh: str
    en: str
    from_seq: int | None = None


class ChainWalk:
    """Follows events in the order of subject and seq, and finds every one that does not fit."""

    def __init__(self, table: str) -> None:
        self.chains = self.events = 0
        self._table = table
        self._subject: str | None = None
        self._seq = 0
        self._hash = GENESIS

    def step(self, event: Link) -> Fault | None:
        """What does not fit at this event. The next one is held against what this one says of itself."""
        self.events += 1
        if event.subject != self._subject:
            self.chains += 1
            self._subject, self._seq, self._hash = event.subject, 0, GENESIS
        fault = self._fault(event)
        self._seq, self._hash = event.seq, event.hash
        return fault

    def _fault(self, event: Link) -> Fault | None:
        if event.computed() != event.hash:
            return self._named(
                event, event.seq, "content", "内容与其哈希不符", "its content does not give its hash"
            )
        if event.seq != self._seq + 1:
            missing = self._seq + 1
            return self._named(
                event,
                missing,
                "missing",
                f"缺第 {missing} 条,接着是第 {event.seq} 条",
                f"event {missing} is missing; {event.seq} comes next",
            )
        if event.prev_hash != self._hash:
            return self._named(
                event,
                event.seq,
                "link",
                "与前一条不相接",
                "it does not carry the hash of the event before it",
            )
        return None

    def _named(self, event: Link, seq: int, kind: str, zh: str, en: str) -> Fault:
        return Fault(self._table, event.id, event.subject, seq, kind, zh, en)


class SealWalk:
    """Follows the seals of centres in the order of centre and number, and finds the first fault of each centre."""

    def __init__(self) -> None:
        self.days = 0
        self.last: dict[str, SealedDay] = {}
        self._broken: set[str] = set()

    def step(self, seal: SealedDay, computed: bytes) -> Fault | None:
        """`computed`: what the seal and the heads under it give."""
        self.days += 1
        before = self.last.get(seal.centre_code)
        self.last[seal.centre_code] = seal
        if seal.centre_code in self._broken:
            return None
        fault = self._fault(before, seal, computed)
        if fault is not None:
            self._broken.add(seal.centre_code)
        return fault

    def _fault(self, before: SealedDay | None, seal: SealedDay, computed: bytes) -> Fault | None:
        number, prev_hash = (before.number + 1, before.hash) if before else (1, GENESIS)
        if seal.number != number:
            return seal_fault(
                seal, number, "missing", f"缺第 {number} 号封存", f"seal {number} before it is missing"
            )
        if computed != seal.hash:
            return seal_fault(
                seal,
                number,
                "content",
                "封存内容与其哈希不符",
                "it and the heads under it do not give its hash",
            )
        if seal.prev_hash != prev_hash:
            return seal_fault(
                seal, number, "link", "与前一日封存不相接", "it does not carry the hash of the seal before it"
            )
        return None


def seal_fault(seal: SealedDay, number: int, kind: str, zh: str, en: str) -> Fault:
    """A fault of a day's seal."""
    return Fault("sealed_day", seal.number, seal_subject(seal.centre_code, seal.day), number, kind, zh, en)


def seal_subject(centre_code: str, day: date) -> str:
    """How the seal of a day is named: `seal:991721:2026-03-09`."""
    return f"seal:{centre_code}:{day.isoformat()}"
