"""The keeper of a rehearsal's virtual time (settled.md §7).

Time stands still while any registered process is at work, owes something that is already due, or is down; otherwise it jumps to
the earliest moment that anybody waits for, rounded up to a grain of `grain_s` virtual seconds. `speed` is only a ceiling:
virtual seconds per real second.
"""

import asyncio
import contextlib
import json
import math
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

OWED_PAUSE_S = 0.02  # real seconds before asking again about something that is due and not yet done


@dataclass
class Participant:
    """One registered process as the keeper last heard of it."""

    name: str
    writer: asyncio.StreamWriter | None = None
    step: int = -1
    count: int = -1
    idle: bool = False
    confirmed: dict[str, Any] | None = None
    joined: int = 0
    due: float | None = None


@dataclass
class Timekeeper:
    """Serves one virtual clock to the processes named in `expected`; further ones may join (a second operator, a page)."""

    start: datetime
    expected: frozenset[str]
    grain_s: float = 5.0
    speed: float | None = None
    _participants: dict[str, Participant] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None
    _step: int = 0
    _round: int = 0
    jumps: int = 0

    def __post_init__(self) -> None:
        self._now = math.ceil(self.start.timestamp() / self.grain_s) * self.grain_s
        for name in self.expected:
            self._participants[name] = Participant(name)

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self._now, UTC)

    async def serve(self) -> str:
        """Open the clock's port on loopback; returns the address to hand to the processes."""
        self._server = await asyncio.start_server(self._welcome, "127.0.0.1", 0)
        return f"tcp://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for participant in self._participants.values():
            if participant.writer is not None:
                participant.writer.close()

    async def run(self) -> None:
        """Move time on for ever; cancel to stop."""
        while True:
            await self._quiet()
            if not await self._agree():
                continue
            due = min((p.due for p in self._participants.values() if p.due is not None), default=None)
            if due is None or due <= self._now:
                await self._wait(OWED_PAUSE_S)
            else:
                await self._jump(math.ceil(due / self.grain_s) * self.grain_s)

    def holding(self) -> list[str]:
        """Who keeps time from moving on, in words: for a person who wonders why nothing happens."""
        words = []
        for participant in self._participants.values():
            if participant.writer is None:
                words.append(f"{participant.name}: not there")
            elif not self._is_idle(participant):
                words.append(f"{participant.name}: at work")
            elif participant.due is not None and participant.due <= self._now:
                words.append(f"{participant.name}: owes something that is due")
        return words

    # -- one step ------------------------------------------------------------------------------------------------

    def _is_idle(self, participant: Participant) -> bool:
        return participant.writer is not None and participant.idle and participant.step == self._step

    async def _quiet(self) -> None:
        while not all(map(self._is_idle, self._participants.values())):
            await self._wait(None)

    async def _agree(self) -> bool:
        """Ask everybody once more what they wait for. False where somebody turns out to have worked meanwhile.

        What counts is the number of activities each had begun before anybody was asked: if nobody's has changed when they
        answer, then at the moment of asking nothing was under way anywhere.
        """
        self._round += 1
        asked = {p.name: (p, p.count) for p in self._participants.values()}
        for participant, _ in asked.values():
            participant.confirmed = None
            self._send(participant, {"confirm": self._round})
        while any(p.confirmed is None or p.confirmed["confirm"] != self._round for p, _ in asked.values()):
            if any(p.writer is None for p, _ in asked.values()):
                return False
            await self._wait(None)
        for participant, before in asked.values():
            reply = participant.confirmed
            assert reply is not None
            participant.due = reply["due"]
            if not reply["idle"] or reply["count"] != before:
                return False
        return self._participants.keys() == asked.keys() and all(
            map(self._is_idle, self._participants.values())
        )

    async def _jump(self, to: float) -> None:
        if self.speed is not None:
            await asyncio.sleep(max(0.0, (to - self._now) / self.speed - (time.monotonic() - self._since)))
        self._since = time.monotonic()
        self._now = to
        self._step += 1
        self.jumps += 1
        for participant in self._participants.values():
            participant.idle = False
            self._tell_time(participant)

    _since: float = field(default_factory=time.monotonic)

    # -- the wire ------------------------------------------------------------------------------------------------

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        participant: Participant | None = None
        try:
            while line := await reader.readline():
                message = json.loads(line)
                if "hello" in message:
                    participant = self._join(message["hello"], writer)
                elif participant is not None and not self._hear(participant, message):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            if participant is not None and participant.writer is writer:
                participant.writer = None
                participant.idle = False
            self._changed.set()
            with contextlib.suppress(ConnectionError):
                writer.close()

    def _join(self, name: str, writer: asyncio.StreamWriter) -> Participant:
        participant = self._participants.setdefault(name, Participant(name))
        participant.writer = writer
        participant.idle = False
        participant.count = -1
        participant.joined += 1
        self._tell_time(participant)
        return participant

    def _hear(self, participant: Participant, message: dict[str, Any]) -> bool:
        if "bye" in message:
            self._participants.pop(participant.name, None)
            return False
        if "confirm" in message:
            participant.confirmed = message
            participant.idle = (
                participant.idle and message["idle"]
            )  # one at work says so when it has finished
        else:
            participant.idle = True
            participant.count = message["idle"]
            participant.step = message["step"]
        self._changed.set()
        return True

    def _tell_time(self, participant: Participant) -> None:
        self._send(participant, {"now": self._now, "step": self._step})

    def _send(self, participant: Participant, message: dict[str, object]) -> None:
        if participant.writer is not None and not participant.writer.is_closing():
            participant.writer.write(json.dumps(message).encode() + b"\n")

    async def _wait(self, timeout_s: float | None) -> None:
        self._changed.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._changed.wait()
