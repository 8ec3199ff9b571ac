"""The carrier's own book of what happened: every call, every key, every text, as the twin's control API
tells it.

Numbers stand in clear here, as they do with the carrier. They leave this module only as a vault's token.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

Delivered = Literal["yes", "no", "unknown"]
Row = TypeVar("Row")


class LedgerMalformed(ValueError):
    """The twin's answer is no ledger that this program can read; the message says which row and what is
    wrong.
    """


@dataclass(frozen=True)
class LedgerKey:
    """What was posted to an action in a machine's call: keys, words that were recognised, a recording; `said` is "" for
    silence.

    `url_path` is the path it was posted to (no scheme, no host). `meant` is the word for the answer that
    the resident had in mind, None for silence and for what is no answer; `slip`: another key was hit than
    meant, or the words were misheard. `kind`: answer, words (an answer spoken), unsure, wrong, again, person, never,
    silence, begin, open, distress or minor.
    """

    n: int
    url_path: str
    said: str
    prompt: str
    meant: str | None
    delivered: Delivered
    requests: int
    at: datetime | None
    slip: bool
    kind: str = ""


@dataclass(frozen=True)
class LedgerSpoken:
    """One exchange at the operator's desk: what the operator said, what was heard, and the word for the
    answer in mind.
    """

    prompt: str
    heard: str | None
    meant: str | None


@dataclass(frozen=True)
class LedgerCall:
    """One call that was created: by the API (`kind` api, `key` = its sid), from the operator's desk phone, or by a resident
    who rang the centre (inbound).
    """

    key: str
    kind: Literal["api", "desk", "inbound"]
    reference: str
    to: str
    from_: str
    status: str
    created_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    rang: int
    said: tuple[str, ...]
    keys: tuple[LedgerKey, ...]
    spoken: tuple[LedgerSpoken, ...] = ()

    @property
    def resident(self) -> str:
        """The number at the other end."""
        return self.from_ if self.kind == "inbound" else self.to


@dataclass(frozen=True)
class LedgerText:
    """One text. `direction` is the centre's: "out" was sent by the centre, "in" was sent by a resident.

    `delivered`: for "in", whether the webhook reached the centre and its response came back.
    """

    sid: str
    direction: Literal["out", "in"]
    to: str
    from_: str
    body: str
    status: str
    at: datetime
    meant: tuple[str, ...]
    kind: str
    delivered: Delivered
    requests: int
    slip: bool


@dataclass(frozen=True)
class LedgerOptOut:
    """A resident asked not to be contacted: in the words or keys `said`, in the call or text `via` (its sid
    or id).
    """

    number: str
    at: datetime
    said: str
    via: str


@dataclass(frozen=True)
class Ledger:
    """The whole book. `calls` are those that went out."""

    calls: tuple[LedgerCall, ...]
    texts: tuple[LedgerText, ...]
    opt_outs: tuple[LedgerOptOut, ...]
    inbound_calls: tuple[LedgerCall, ...] = ()

    @property
    def calls_both_ways(self) -> tuple[LedgerCall, ...]:
        return self.calls + self.inbound_calls

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Ledger:
        """The book from the answer of GET /twin/ledger. Raises LedgerMalformed for another shape."""
        return cls(
            _rows(body, "calls", _call),
            _rows(body, "texts", _text),
            _rows(body, "opt_outs", _opt_out),
            _rows({"inbound_calls": (), **body}, "inbound_calls", _call),
        )


def _rows(body: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any]], Row]) -> tuple[Row, ...]:
    read_so_far: list[Row] = []
    try:
        for row in body[name]:
            read_so_far.append(read(row))
    except (KeyError, ValueError, TypeError) as error:
        place = f"{name}[{len(read_so_far)}]"
        raise LedgerMalformed(
            f"the twin's ledger, {place}: {type(error).__name__} {error}; compare it with GET /twin/ledger"
        ) from error
    return tuple(read_so_far)


def _call(row: Mapping[str, Any]) -> LedgerCall:
    return LedgerCall(
        key=row["sid"] if row.get("sid") else row["id"],
        kind=row["kind"],
        reference=row.get("reference") or "",
        to=row["to"],
        from_=row["from_"],
        status=row["status"],
        created_at=_required(row["created_at"]),
        answered_at=moment(row.get("answered_at")),
        ended_at=moment(row.get("ended_at")),
        rang=row["rang"],
        said=tuple(row["said"]),
        keys=(*map(_key, row["keys"]), *map(_recording, row.get("recordings", ()))),
        spoken=tuple(LedgerSpoken(one["said"], one["heard"], one["meant"]) for one in row.get("spoken", ())),
    )


def _key(row: Mapping[str, Any]) -> LedgerKey:
    return LedgerKey(
        n=row["n"],
        url_path=row.get("url_path") or "",
        said=row.get("speech") or row.get("digits") or "",
        prompt=row.get("prompt") or "",
        meant=row.get("meant"),
        delivered=row["delivered"],
        requests=row.get("requests", 1),
        at=moment(row.get("at")),
        slip=bool(row.get("slip")),
        kind=row.get("kind") or "",
    )


def _recording(row: Mapping[str, Any]) -> LedgerKey:
    """A recording as the service stores it: its id and its seconds; "" where nobody spoke."""
    return LedgerKey(
        n=row["n"],
        url_path=row.get("url_path") or "",
        said=f"{row['sid']} {row['seconds']}s" if row.get("sid") else "",
        prompt=row.get("prompt") or "",
        meant=None,
        delivered=row["delivered"],
        requests=row.get("requests", 1),
        at=moment(row.get("at")),
        slip=False,
        kind=row.get("kind") or "",
    )


def _text(row: Mapping[str, Any]) -> LedgerText:
    return LedgerText(
        sid=row["sid"],
        direction=row["direction"],
        to=row["to"],
        from_=row["from_"],
        body=row["body"],
        status=row["status"],
        at=_required(row["at"]),
        meant=tuple(row.get("meant") or ()),
        kind=row.get("kind") or "",
        delivered=row["delivered"],
        requests=row.get("requests", 1),
        slip=bool(row.get("slip")),
    )


def _opt_out(row: Mapping[str, Any]) -> LedgerOptOut:
    return LedgerOptOut(
        number=row["number"], at=_required(row["at"]), said=row["said"], via=row.get("via") or ""
    )


def moment(value: Any) -> datetime | None:
    """A moment of the wire (ISO 8601 with its zone, or seconds since the epoch) in UTC; None stays None.

    Raises ValueError for a moment without a zone: nobody could say when that was.
    """
    if value is None or value == "":
        return None
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    parsed = datetime.fromisoformat(value)
    if parsed.tzinfo is None:
        raise ValueError(f"the ledger's moment {value!r} has no time zone; the twin must say UTC")
    return parsed.astimezone(UTC)


def _required(value: Any) -> datetime:
    parsed = moment(value)
    if parsed is None:
        raise ValueError("a row of the ledger has no moment where one is required")
    return parsed
