"""Chains of events: which bytes are hashed, and how an unbroken chain goes on.

Written beside `followup/store/migrations/0003_event_chain.sql`, not from it: the triggers there make the hashes, this
checks them. Bytes are length-prefixed, so that no two different rows hash the same bytes; see docs/decisions/0020.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

GENESIS: Final = bytes(32)
"""What stands before the first event of a chain, and before the first seal of a centre."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


def field(value: str | None) -> bytes:
    """One value: 00 for None; else 01, its length in bytes as four bytes, its UTF-8."""
    if value is None:
        return b"\x00"
    raw = value.encode()
    return b"\x01" + len(raw).to_bytes(4, "big") + raw


def microseconds(at: datetime) -> str:
    """A moment as whole microseconds since 1970 in UTC."""
    return str((at - EPOCH) // MICROSECOND)


class CaseEvent(NamedTuple):
    """A row of `followup.case_event` with its case's number. `detail`: jsonb in its text form."""

    id: int
    case_id: int
    number: str
    seq: int
    round: int
    event: str
    from_status: str | None
    to_status: str
    actor: str
    reason: str | None
    at: datetime
    detail: str | None
    prev_hash: bytes
    hash: bytes

    @property
    def subject(self) -> str:
        """Whose chain it belongs to."""
        return f"case:{self.number}"

    def computed(self) -> bytes:
        """The hash that its content and its `prev_hash` give."""
        return sha256(
            b"".join(
                (
                    CASE_EVENT,
                    field(f"case:{self.number}"),
                    field(str(self.seq)),
                    self.prev_hash,
                    field(str(self.id)),
                    field(str(self.case_id)),
                    field(str(self.round)),
                    field(self.event),
                    field(self.from_status),
                    field(self.to_status),
                    field(self.actor),
                    field(self.reason),
                    field(microseconds(self.at)),
                    field(self.detail),
                )
            )
        ).digest()


class PolicyEvent(NamedTuple):
    """A row of `followup.policy_event`: a version of a policy that was put in force. `body_hash`: see `text_hash`."""

    id: int
    key: str
    centre_code: str
    version: int
    valid_from: date
    body_hash: bytes
    actor: str
    reason: str
    at: datetime
    subject: str
    seq: int
    prev_hash: bytes
    hash: bytes

    def computed(self) -> bytes:
        """The hash that its content and its `prev_hash` give."""
        return sha256(
            b"".join(
                (
                    POLICY_EVENT,
                    field(self.subject),
                    field(str(self.seq)),
                    self.prev_hash,
                    field(str(self.id)),
                    field(self.key),
                    field(self.centre_code),
                    field(str(self.version)),
                    field(self.valid_from.isoformat()),
                    field(self.body_hash.hex()),
                    field(self.actor),
                    field(self.reason),
                    field(microseconds(self.at)),
                )
            )
        ).digest()


class SanctionEvent(NamedTuple):
    """A row of `followup.sanction_event`: a sanction on a place imposed, or lifted. `concerned`: jsonb in its text form."""

    id: int
    centre_code: str
    area_code: str
    kind: str
    lifts: int | None
    what: str | None
    from_day: date
    to_day: date | None
    concerned: str
    actor: str
    reason: str
    at: datetime
    policy_version: int
    subject: str
    seq: int
    prev_hash: bytes
    hash: bytes

    def computed(self) -> bytes:
        """The hash that its content and its `prev_hash` give."""
        return sha256(
            b"".join(
                (
                    SANCTION_EVENT,
                    field(self.subject),
                    field(str(self.seq)),
                    self.prev_hash,
                    field(str(self.id)),
                    field(self.centre_code),
                    field(self.area_code),
                    field(self.kind),
                    field(None if self.lifts is None else str(self.lifts)),
                    field(self.what),
                    field(self.from_day.isoformat()),
                    field(None if self.to_day is None else self.to_day.isoformat()),
                    field(self.concerned),
                    field(self.actor),
                    field(self.reason),
                    field(microseconds(self.at)),
                    field(str(self.policy_version)),
                )
            )
        ).digest()


class SealedHead(NamedTuple):
    """Where a chain ended when a day was sealed."""

    subject: str
    seq: int
    hash: bytes


class SealedDay(NamedTuple):
    """A row of `followup.sealed_day`: one hash over the heads of all chains that moved since the seal before."""

    centre_code: str
    day: date
    number: int
    sealed_at: datetime
    chains: int
    events: int
    prev_hash: bytes
    hash: bytes

    def computed(self, heads: Iterable[SealedHead]) -> bytes:
        """The hash that its content and the heads sealed on it give; heads in any order."""
        listed = sorted(heads, key=lambda head: head.subject.encode())
        sealed = sha256(b"".join(field(one.subject) + field(str(one.seq)) + one.hash for one in listed))
        return sha256(
            b"".join(
                (
                    SEALED_DAY,
                    field(self.centre_code),
                    field(self.day.isoformat()),
                    field(str(self.number)),
                    field(microseconds(self.sealed_at)),
                    field(str(self.chains)),
                    field(str(self.events)),
                    self.prev_hash,
                    sealed.digest(),
                )
            )
        ).digest()


CASE_EVENT: Final = field("minyi case event 1")
POLICY_EVENT: Final = field("minyi policy event 1")
SANCTION_EVENT: Final = field("minyi sanction event 1")
SEALED_DAY: Final = field("minyi sealed day 1")
"""What the bytes begin with: the kind of row, and the version of its layout."""


def text_hash(text: str) -> bytes:
    """Of a policy's body in its text form."""
    return sha256(text.encode()).digest()
