"""What we ask of a carrier, whoever it is, and the words it may answer in.

A foreign word stops at the adapter: what leaves it is one of the values below. Whether a request that got no answer was carried
out is never guessed: it is `Unknown`, and only asking the carrier settles it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol

from survey.field.who_answered import Detection

# The outcomes of survey/field/carrier_signals.yaml. "answered" is a call that was answered and is over.
CallWord = Literal[
    "queued", "ringing", "in_progress", "answered", "busy", "no_answer", "cancelled", "rejected", "blocked", "off",
    "unassigned", "suspended", "failed", "refused_by_carrier",
]  # fmt: skip
TextWord = Literal[
    "queued", "sent", "delivered", "unreachable", "blocked", "filtered", "opted_out", "unassigned", "landline",
    "congested", "cancelled", "expired", "failed", "refused_by_carrier",
]  # fmt: skip

CLIENT: Final = "client:"
"""What stands before the name of a browser that is called instead of a number."""

RANK: dict[str, int] = {"queued": 1, "ringing": 2, "sent": 2, "in_progress": 3, "delivered": 4}
FINAL_RANK = 9  # every other word: nothing comes after it


def rank(word: str) -> int:
    """How far along a word is; a carrier's later message never moves anything back to a lower rank."""
    return RANK.get(word, FINAL_RANK)


def is_final(word: str) -> bool:
    """Nothing more will happen to this call or text by itself. A delivered text may still be answered: not final."""
    return rank(word) == FINAL_RANK


@dataclass(frozen=True)
class Accepted:
    """The carrier took it and will tell us under this id."""

    sid: str


@dataclass(frozen=True)
class Refused:
    """The carrier definitely did not take it. `word` is the outcome, as if it had tried."""

    word: CallWord | TextWord
    error_code: int | None
    opted_out: bool = False  # the carrier itself blocks this person for us (Twilio 21610)


@dataclass(frozen=True)
class Throttled:
    """Not taken, come back later; costs no attempt."""

    retry_after_s: float


@dataclass(frozen=True)
class Unknown:
    """No answer, or one that does not say whether it was carried out. Never try again without asking."""

    why: str


Placed = Accepted | Refused | Throttled | Unknown


class CarrierAway(Exception):
    """The carrier did not answer a question, or not as it should. Whoever asked puts the question off: it may last."""


@dataclass(frozen=True)
class Progress:
    """What the carrier says of a call or text at one moment. `number` is canonical; `error_code` the carrier's own; `body` the
    text's, "" where it is not told."""

    sid: str
    number: str
    word: CallWord | TextWord
    error_code: int | None
    started_at: datetime | None
    body: str = ""


class Caller(Protocol):
    """Rings people by their number, and an operator's browser by its name (`CLIENT`). `answer_url` is asked what to say;
    `status_url` is told how it goes. `detection`: whether the carrier is to find out if a machine answers, before the first
    word or beside it; then it tells `machine_url`. `caller`: our number that it comes from; None: the first. `longest_s`: after
    how many seconds it is ended; None: as any call to a resident."""

    async def call(
        self,
        number: str,
        *,
        answer_url: str,
        status_url: str,
        detection: Detection = "none",
        machine_url: str = "",
        caller: str | None = None,
        longest_s: int | None = None,
    ) -> Placed: ...

    async def look_up_call(self, sid: str) -> Progress | None: ...

    async def calls_since(self, since: datetime) -> list[Progress]: ...

    async def cancel_call(self, sid: str) -> bool:
        """Have a call back that lies in the carrier's queue, or end it. What became of it, the carrier tells as ever.
        False: it was not heard, ask again."""
        ...

    async def end_call(self, sid: str) -> None:
        """End a call, in whatever state it is."""
        ...

    async def recording(self, sid: str) -> bytes | None:
        """The sound, MP3 or WAV; None: the carrier has it no more, or not yet. Raises CarrierAway."""
        ...

    async def delete_recording(self, sid: str) -> bool:
        """True: the carrier has it no more. False: nobody knows, ask again."""
        ...


class Texter(Protocol):
    """Texts people."""

    async def text(
        self, number: str, body: str, *, status_url: str, valid_s: int, caller: str | None = None
    ) -> Placed:
        """`valid_s`: not sent within so many seconds, it is never to be sent: a window may close meanwhile."""
        ...

    async def look_up_text(self, sid: str) -> Progress | None: ...

    async def texts_since(self, since: datetime) -> list[Progress]: ...

    async def cancel_text(self, sid: str) -> bool:
        """Have a text back that has not been sent. What became of it, the carrier tells as ever. False: it was not heard,
        ask again."""
        ...


class Carrier(Caller, Texter, Protocol):
    """A carrier that does both."""

    async def inbound_texts_since(self, since: datetime) -> "list[InboundText]": ...

    async def close(self) -> None: ...


@dataclass(frozen=True)
class InboundText:
    """A text to us, as the carrier lists it: for those whose webhook was lost on the way."""

    sid: str
    number: str
    body: str
