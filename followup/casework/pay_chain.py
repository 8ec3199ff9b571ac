"""Events of objections to pay: which bytes are hashed. Written beside the migration `pay_events`, not from it."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from typing import Final, NamedTuple

from followup.casework.chain import field, microseconds

PAY_EVENT: Final = field("minyi pay event 1")


class PayEvent(NamedTuple):
    """A row of `followup.pay_event`. `decision`: None while the objection is only raised."""

    id: int
    centre_code: str
    staff_no: str
    month: date
    event: str
    decision: str | None
    actor: str
    reason: str
    at: datetime
    subject: str
    seq: int
    prev_hash: bytes
    hash: bytes

    def computed(self) -> bytes:
        """The hash that its content and its `prev_hash` give."""
        said = (
            str(self.id), self.centre_code, self.staff_no, self.month.isoformat(), self.event, self.decision, self.actor,
            self.reason, microseconds(self.at),
        )  # fmt: skip
        place = PAY_EVENT + field(self.subject) + field(str(self.seq)) + self.prev_hash
        return sha256(place + b"".join(map(field, said))).digest()
