"""The carrier's own record: every call, every key with what was meant by it, every text, every opt-out."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from .recordings import Played, Recording
from .segments import segments
from .webhooks import Answer, Delivered


@dataclass(slots=True)
class KeyPress:
    """A key webhook: `digits` "" is silence posted to the action. `at` is when it was pressed.

    Who spoke instead has `speech`, as it was understood and posted, with its `confidence`."""

    n: int
    url_path: str
    digits: str
    prompt: str
    meant: str | None
    at: datetime
    kind: str
    slip: bool
    delivered: Delivered = "no"
    requests: int = 0
    speech: str | None = None
    confidence: float | None = None

    def came_to(self, answer: Answer) -> None:
        self.delivered, self.requests = answer.delivered, answer.requests


@dataclass(slots=True)
class Call:
    """A call, by the API, from the operator's own telephone (`kind` desk), or of a resident who rings the centre (inbound).

    `answered_by` is the truth, `detected` what the carrier made of it after `detected_ms`. `rang_from`: when the resident's
    telephone began to ring, if it did. `blocked`: a network stopped it because of the number it came from."""

    sid: str
    kind: Literal["api", "desk", "inbound"]
    to: str
    from_: str
    created_at: datetime
    nth: int
    status: str = "queued"
    reference: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    ended_at: datetime | None = None
    updated_at: datetime | None = None
    rang: int = 0
    said: list[str] = field(default_factory=list)
    keys: list[KeyPress] = field(default_factory=list)
    recordings: list[Recording] = field(default_factory=list)
    played: list[Played] = field(default_factory=list)
    spoken: list[dict[str, Any]] = field(default_factory=list)
    hung_up_by: str | None = None
    sip: int | None = None
    error_code: int | None = None
    account: str = ""
    left_queue_at: datetime | None = None
    rang_from: datetime | None = None
    detected: str | None = None
    detected_ms: int | None = None
    blocked: bool = False

    @property
    def who(self) -> tuple[object, ...]:
        """By what chance knows this call: the resident, and which of their calls it is."""
        if self.kind == "inbound":
            return (self.from_, "inbound", self.nth)
        return (self.to, self.nth)

    @property
    def rang_until(self) -> datetime | None:
        """When that telephone stopped ringing; None while it rings, or where it did not."""
        return None if self.rang_from is None else self.answered_at or self.ended_at

    @property
    def queued_ms(self) -> int:
        """How long it waited at the carrier."""
        if self.left_queue_at is None:
            return 0
        return round((self.left_queue_at - self.created_at).total_seconds() * 1000)

    @property
    def resident(self) -> str:
        """The number of the resident in it, at whichever end."""
        return self.from_ if self.kind == "inbound" else self.to

    @property
    def seconds(self) -> int:
        """How long was spoken."""
        if self.answered_at is None or self.ended_at is None:
            return 0
        return int((self.ended_at - self.answered_at).total_seconds())


@dataclass(slots=True)
class Text:
    """A text; `direction` as the centre sees it. `meant` and `kind` are the resident's, for texts that come in.

    `expires_at`: until when it may wait at the carrier; `left_queue_at`: when it did so no more; `blocked`: a network stopped
    it because of the number it came from."""

    sid: str
    direction: Literal["out", "in"]
    to: str
    from_: str
    body: str
    at: datetime
    status: str
    meant: tuple[str, ...] | None = None
    kind: str | None = None
    slip: bool = False
    delivered: Delivered = "no"
    requests: int = 0
    sent_at: datetime | None = None
    updated_at: datetime | None = None
    error_code: int | None = None
    reply: bool = False
    status_callback: str | None = None
    send_at: datetime | None = None
    service_sid: str | None = None
    account: str = ""
    expires_at: datetime | None = None
    left_queue_at: datetime | None = None
    delivered_at: datetime | None = None
    blocked: bool = False

    def came_to(self, answer: Answer) -> None:
        """A repeated webhook adds its requests; once delivered it stays so."""
        self.requests += answer.requests
        if self.delivered != "yes":
            self.delivered = answer.delivered


@dataclass(slots=True)
class Ledger:
    """Everything that happened, in memory, in the order in which it happened."""

    calls: dict[str, Call] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)
    opt_outs: list[dict[str, Any]] = field(default_factory=list)
    after_opt_out: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    puzzled: list[dict[str, Any]] = field(default_factory=list)

    def opt_out(self, number: str, at: datetime, said: str, via: str) -> None:
        self.opt_outs.append({"number": number, "at": at, "said": said, "via": via})

    def contacted_after(self, number: str, at: datetime, sid: str, since: datetime) -> None:
        """Somebody who had said never again is contacted again: a fact, judged elsewhere."""
        self.after_opt_out.append({"number": number, "at": at, "sid": sid, "opted_out_at": since})

    def error(self, at: datetime, sid: str, code: int, message: str) -> None:
        """Something that Twilio's debugger would show."""
        self.errors.append({"at": at, "sid": sid, "code": code, "message": message})

    def not_understood(self, at: datetime, number: str, prompt: str) -> None:
        """A prompt that asked something which no resident could make out."""
        self.puzzled.append({"at": at, "number": number, "prompt": prompt})

    def as_json(self) -> dict[str, Any]:
        return {
            "calls": [_call(call) for call in self.calls.values() if call.kind != "inbound"],
            "inbound_calls": [_call(call) for call in self.calls.values() if call.kind == "inbound"],
            "texts": [_text(text) for text in self.texts.values()],
            "opt_outs": [_dated(row) for row in self.opt_outs],
            "after_opt_out": [_dated(row) for row in self.after_opt_out],
        }

    def errors_as_json(self) -> dict[str, Any]:
        return {
            "errors": [_dated(row) for row in self.errors],
            "puzzled": [_dated(row) for row in self.puzzled],
        }


def _call(call: Call) -> dict[str, Any]:
    return {
        "id" if call.kind == "desk" else "sid": call.sid,
        "kind": call.kind,
        "reference": call.reference,
        "to": call.to,
        "from_": call.from_,
        "status": call.status,
        "account": call.account,
        "created_at": _iso(call.created_at),
        "left_queue_at": _iso(call.left_queue_at),
        "rang_from": _iso(call.rang_from),
        "rang_until": _iso(call.rang_until),
        "answered_at": _iso(call.answered_at),
        "answered_by": call.answered_by,
        "detected": call.detected,
        "ended_at": _iso(call.ended_at),
        "hung_up_by": call.hung_up_by,
        "sip": call.sip,
        "blocked": call.blocked,
        "rang": call.rang,
        "said": call.said,
        "keys": [_key(key) for key in call.keys],
        "recordings": [recording.as_json() for recording in call.recordings],
        "played": [played.as_json() for played in call.played],
        "spoken": call.spoken,
    }


def _key(key: KeyPress) -> dict[str, Any]:
    return {
        "n": key.n,
        "url_path": key.url_path,
        "digits": key.digits,
        "speech": key.speech,
        "confidence": key.confidence,
        "prompt": key.prompt,
        "meant": key.meant,
        "kind": key.kind,
        "delivered": key.delivered,
        "requests": key.requests,
        "at": _iso(key.at),
        "slip": key.slip,
    }


def _text(text: Text) -> dict[str, Any]:
    return {
        "sid": text.sid,
        "direction": text.direction,
        "to": text.to,
        "from_": text.from_,
        "body": text.body,
        "status": text.status,
        "at": _iso(text.at),
        "meant": list(text.meant) if text.meant is not None else None,
        "kind": text.kind,
        "delivered": text.delivered,
        "requests": text.requests,
        "slip": text.slip,
        "error_code": text.error_code,
        "account": text.account,
        "segments": segments(text.body),
        "expires_at": _iso(text.expires_at),
        "left_queue_at": _iso(text.left_queue_at),
        "sent_at": _iso(text.sent_at),
        "delivered_at": _iso(text.delivered_at),
        "blocked": text.blocked,
    }


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _iso(value) if isinstance(value, datetime) else value for name, value in row.items()}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
