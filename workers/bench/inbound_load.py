"""The carrier's side of `minyi bench inbound`: a process that posts answers over loopback and checks every reply.

`python -m workers.bench.inbound_load` reads one order a line and writes one count a line, both JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import cast

import uvloop

from workers.bench.inbound_requests import replies, requests

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"Content-Length: "


@dataclass(frozen=True)
class Order:
    """Residents `first` and following, `threads` of them, answer at `port` over so many connections for `seconds` at the most.
    `replies`: what each of their texts must get."""

    port: int
    connections: int
    seconds: float
    first: int
    threads: int
    replies: Sequence[str]


@dataclass
class Count:
    """`served`: requests that were answered as they should; `answers`: those of them that were no repetition; `seconds` by the
    monotonic clock; `wrong`: the first reply that was another."""

    served: int = 0
    answers: int = 0
    seconds: float = 0.0
    wrong: str | None = None
    last: float = field(default=0.0, repr=False)


class Residents:
    """Whose turn it is: each connection takes the next resident, and stays with them until their last text."""

    def __init__(self, order: Order) -> None:
        threads = range(order.first, order.first + order.threads)
        self.waiting = deque((requests(n), replies(order.replies, n)) for n in threads)
        self.count = Count()
        self.until = 0.0


class Connection(asyncio.Protocol):
    """One request at a time; the next one follows the reply."""

    def __init__(self, residents: Residents) -> None:
        self._residents = residents
        self._buffer = b""
        self._left: list[tuple[bytes, bytes]] = []
        self._asked = b""
        self._expected = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def go(self) -> None:
        """Post what comes next, if there is time and anybody left."""
        residents = self._residents
        if not self._left and residents.waiting:
            posts, expected = residents.waiting.popleft()
            self._left = list(zip(posts, expected, strict=True))[::-1]
        if not self._left or time.monotonic() >= residents.until:
            self._transport.close()
            return
        asked, self._expected = self._left.pop()
        residents.count.answers += asked is not self._asked
        self._asked = asked
        self._transport.write(asked)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(END_OF_HEAD)
        if end < 0:
            return
        start = self._buffer.index(LENGTH) + len(LENGTH)
        length = int(self._buffer[start : self._buffer.index(b"\r\n", start)])
        body = self._buffer[end + len(END_OF_HEAD) :]
        if len(body) < length:
            return
        head, self._buffer = self._buffer[:end], b""
        self._answered(head, body)

    def _answered(self, head: bytes, body: bytes) -> None:
        count = self._residents.count
        if body != self._expected or not head.startswith(b"HTTP/1.1 200 "):
            count.wrong = count.wrong or f"{head.splitlines()[0].decode()}: {body.decode(errors='replace')}"
            self._transport.close()
            return
        count.served += 1
        count.last = time.monotonic()
        self.go()

    def connection_lost(self, error: Exception | None) -> None:
        if error is not None:
            count = self._residents.count
            count.wrong = count.wrong or f"the connection was lost: {error}"
        if not self.done.done():
            self.done.set_result(None)


async def answer(order: Order) -> Count:
    """Carry out one order."""
    residents = Residents(order)
    loop = asyncio.get_running_loop()
    connections = [
        (await loop.create_connection(lambda: Connection(residents), "127.0.0.1", order.port))[1]
        for _ in range(order.connections)
    ]
    begun = time.monotonic()
    residents.until = begun + order.seconds
    for one in connections:
        one.go()
    await asyncio.gather(*(one.done for one in connections))
    residents.count.seconds = residents.count.last - begun
    return residents.count


def main() -> None:
    for line in sys.stdin:
        count = uvloop.run(answer(Order(**json.loads(line))))
        sys.stdout.write(json.dumps(asdict(count)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
