"""The back door of the carrier twin: what a rehearsal tells the town, the operator's desk phone, and the
ledger.

The service itself never comes here; it meets the twin on the carrier's own wire alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import aiohttp

from workers.agreement.ledger import Ledger

TOKEN_HEADER = "X-Twin-Token"


class TwinRefused(Exception):
    """The twin answered a control request with an error; the message says which request and what the twin
    said.
    """

    def __init__(self, method: str, path: str, status: int, said: str) -> None:
        super().__init__(f"the twin refused {method} {path} with HTTP {status}: {said[:500]}")
        self.status = status


@dataclass(frozen=True)
class Matter:
    """How a resident's case really went in one round: told by the units' actors before the callback."""

    number: str
    matter: str
    round: int
    worked_on: bool
    contacted: bool


@dataclass(frozen=True)
class Truth:
    """The planted share of these people that feels safe, of `n` people who live behind the numbers."""

    safe: float
    n: int


@dataclass(frozen=True)
class DeskCall:
    """A hand-dialled call: `outcome` answered, machine, busy, no_answer, unassigned, off, suspended,
    rejected, blocked or trouble, known after `after_s` seconds of the clock, which the caller sleeps.
    """

    id: str
    outcome: str
    after_s: float


@dataclass(frozen=True)
class DeskReply:
    """What came back when the operator had spoken. `kind`: answer, open, unsure, listens, puzzled, refusal,
    appointment, never, machine or gone. `takes_s`: seconds of the clock that this took, slept by
    the caller.
    """

    heard: str | None
    meant: str | None
    kind: str
    hung_up: bool
    takes_s: float


@dataclass(frozen=True)
class TwinErrors:
    """`errors`: what Twilio's debugger would show, as "code message"; `puzzled`: prompts that asked
    something which no resident could make out. No numbers in either.
    """

    errors: tuple[str, ...]
    puzzled: tuple[str, ...]


@dataclass(frozen=True)
class TwinHealth:
    """Whether the twin is up."""

    ok: bool


class TwinControl:
    """Client of the control API under `/twin/` of the twin at `base_url`. The session belongs to the caller.

    Every method raises TwinRefused for an HTTP error and aiohttp's errors when the twin cannot be reached.
    """

    def __init__(self, base_url: str, token: str, session: aiohttp.ClientSession) -> None:
        self._base_url = base_url.rstrip("/")
        self._headers = {TOKEN_HEADER: token}
        self._session = session

    async def matters(self, matters: Sequence[Matter | Mapping[str, Any]]) -> None:
        """Tell residents what really happened to their cases."""
        if matters:
            rows = [asdict(matter) if isinstance(matter, Matter) else dict(matter) for matter in matters]
            await self._ask("POST", "/twin/matters", rows)

    async def residents(self, planted: Sequence[Mapping[str, Any]]) -> None:
        """Plant residents: each a mapping with `number` and the traits that are to differ (temper, opinions
        …).
        """
        if planted:
            await self._ask("POST", "/twin/residents", [dict(one) for one in planted])

    async def truth(self, numbers: Sequence[str]) -> Truth:
        """What these people really feel, all together."""
        body = await self._ask("POST", "/twin/truth", {"numbers": list(numbers)})
        return Truth(safe=float(body["safe"]), n=int(body["n"]))

    async def desk_call(self, to: str, reference: str) -> DeskCall:
        """Dial by hand; `reference` is the attempt's ref."""
        body = await self._ask("POST", "/twin/desk/calls", {"to": to, "reference": reference})
        return DeskCall(str(body["id"]), body["outcome"], float(body["after_s"]))

    async def desk_say(self, call_id: str, text: str) -> DeskReply:
        """Say something into the desk phone and hear what comes back."""
        body = await self._ask("POST", f"/twin/desk/calls/{call_id}/say", {"text": text})
        return DeskReply(
            body["heard"], body["meant"], body["kind"], bool(body["hung_up"]), float(body["takes_s"])
        )

    async def desk_hangup(self, call_id: str) -> None:
        """Put the desk phone down; harmless when the call is over."""
        await self._ask("POST", f"/twin/desk/calls/{call_id}/hangup", None)

    async def outage(self, minutes: float, kind: str) -> None:
        """The carrier's REST is out of order from now on, for so many virtual minutes: 5xx, hang or refuse."""
        await self._ask("POST", "/twin/outage", {"minutes": minutes, "kind": kind})

    async def ledger(self) -> Ledger:
        """The carrier's whole book so far. Raises LedgerMalformed when it is of another shape."""
        return Ledger.from_json(await self._ask("GET", "/twin/ledger", None))

    async def raw_ledger(self) -> dict[str, Any]:
        """The same as the twin wrote it, for a checker that reads nothing as the first one does."""
        body: dict[str, Any] = await self._ask("GET", "/twin/ledger", None)
        return body

    async def errors(self) -> TwinErrors:
        """What the twin could not play or deliver, and what residents could not make out."""
        body = await self._ask("GET", "/twin/errors", None)
        return TwinErrors(
            errors=tuple(f"{row['code']} {row['message']}" for row in body["errors"]),
            puzzled=tuple(str(row["prompt"]) for row in body["puzzled"]),
        )

    async def health(self) -> TwinHealth:
        body = await self._ask("GET", "/twin/health", None)
        return TwinHealth(ok=body.get("status") == "ok")

    async def _ask(self, method: str, path: str, body: Any) -> Any:
        url = self._base_url + path
        async with self._session.request(method, url, json=body, headers=self._headers) as response:
            if response.status >= 400:
                raise TwinRefused(method, path, response.status, await response.text())
            return await response.json() if response.content_type == "application/json" else {}
