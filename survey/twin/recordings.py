"""What was recorded in a call and what was played into it, as the ledger keeps it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .webhooks import Answer, Delivered


@dataclass(slots=True)
class Transcript:
    """What the carrier's transcription made of a recording; `at` is when it was due, also when it got lost."""

    sid: str
    status: str
    text: str
    at: datetime
    delivered: Delivered = "no"
    requests: int = 0

    def came_to(self, answer: Answer) -> None:
        self.delivered, self.requests = answer.delivered, answer.requests


@dataclass(slots=True)
class Recording:
    """One <Record>. `sid` is None where nobody spoke and there is no recording; what was posted then, without any
    digits, is the redirect that follows, if one does.

    `words` is what was said, None for a key or silence alone; `meant` the word for the answer in it, or the words
    themselves where they are the answer. `ended_by`: silence, limit, hangup or the key. `at` is when it ended."""

    sid: str | None
    call_sid: str
    n: int
    url_path: str
    prompt: str
    kind: str
    words: str | None
    meant: str | None
    ended_by: str
    seconds: int
    started_at: datetime
    at: datetime
    delivered: Delivered = "no"
    requests: int = 0
    ready_at: datetime | None = None
    deleted: bool = False
    transcript: Transcript | None = None

    @property
    def digits(self) -> str:
        """As Twilio posts the way it ended: the key, hangup, or nothing; nothing too where there is no recording."""
        return "" if self.sid is None or self.ended_by in ("silence", "limit") else self.ended_by

    def came_to(self, answer: Answer) -> None:
        self.delivered, self.requests = answer.delivered, answer.requests

    def as_json(self) -> dict[str, Any]:
        return {
            "sid": self.sid,
            "n": self.n,
            "url_path": self.url_path,
            "prompt": self.prompt,
            "kind": self.kind,
            "words": self.words,
            "meant": self.meant,
            "ended_by": self.ended_by,
            "digits": self.digits,
            "seconds": self.seconds,
            "at": self.at.isoformat(),
            "delivered": self.delivered,
            "requests": self.requests,
            "transcript": None if self.transcript is None else _transcript(self.transcript),
        }


def _transcript(transcript: Transcript) -> dict[str, Any]:
    return {
        "sid": transcript.sid,
        "status": transcript.status,
        "text": transcript.text,
        "at": transcript.at.isoformat(),
        "delivered": transcript.delivered,
        "requests": transcript.requests,
    }


@dataclass(frozen=True, slots=True)
class Played:
    """A file that was fetched and played; `text` is what it says, None when that was not told."""

    url_path: str
    seconds: float
    text: str | None

    def as_json(self) -> dict[str, Any]:
        return {"url_path": self.url_path, "seconds": self.seconds, "text": self.text}
