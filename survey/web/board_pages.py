"""The live board on a page: `/board` whole, `/board/live` as a stream of events for its script.

All who watch are shown one snapshot: whoever finds it old reads it anew, the others are given what was read. A stream ends after
some minutes, so that the browser comes again and its session is looked at. Without script the page loads itself again.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import monotonic
from typing import Final

from aiohttp import web
from markupsafe import Markup

from survey.access.roles import Permission
from survey.access.signed_in import SignedIn
from survey.board import Board, MatterSource, read_board
from survey.ground import Ground
from survey.web.gate import HOME, Gate, address
from survey.web.shell import lang_of, page, rendered
from survey.web.terms import ATTEMPT_STATES, MODES, OPERATOR_STATES, words

BOARD: Final = "/board"
CAMPAIGNS: Final = "/campaigns"
FRESH_S: Final = 2.0
"""Real seconds for which a snapshot is shown: the pace of a screen, no rule of the house."""
STREAM_S: Final = 300.0
CODES: Final = 12
"""Rows of the table of codes; the rest is summed."""


class Snapshot:
    """The board of one moment, rendered once for each language and set of permissions."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self._parts: dict[tuple[str, frozenset[Permission]], Markup] = {}

    def part(self, request: web.Request, may: frozenset[Permission]) -> Markup:
        """The changing part of the page, for these eyes."""
        key = lang_of(request), may
        if key not in self._parts:
            self._parts[key] = rendered("survey.web", "board_now.html", _values(self.board, request, may))
        return self._parts[key]


class BoardPages:
    """`/board`, for whoever may see the day in the centre's area. `sources`: what layers above add."""

    def __init__(
        self,
        ground: Ground,
        centre_code: str,
        gate: Gate,
        sources: Sequence[MatterSource] = (),
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._ground = ground
        self._centre = centre_code
        self._gate = gate
        self._sources = sources
        self._seconds = seconds
        self._reading = asyncio.Lock()
        self._closing = asyncio.Event()
        self._snapshot: Snapshot | None = None
        self._read_at = 0.0

    def routes(self) -> list[web.RouteDef]:
        """The page and its stream. Time does not stand still for a stream: it is open for as long as somebody watches."""
        stream = self._gate.open_in(self._centre, "day.read", self._stream, quiet=True)
        stream.outlasts_its_request = True  # type: ignore[attr-defined]
        return [
            web.get(BOARD, self._gate.open_in(self._centre, "day.read", self._page)),
            web.get(f"{BOARD}/live", stream, allow_head=False),
        ]

    async def close(self, _: web.Application) -> None:
        """End every stream: the process is about to."""
        self._closing.set()

    async def latest(self) -> Snapshot:
        """What all who watch are shown, read anew where it is old."""
        async with self._reading:
            if self._snapshot is None or self._seconds() - self._read_at >= FRESH_S:
                self._read_at = self._seconds()
                with self._ground.clock.activity():
                    async with self._ground.pool.acquire() as conn:
                        now = self._ground.clock.now()
                        self._snapshot = Snapshot(await read_board(conn, now, self._centre, self._sources))
            return self._snapshot

    async def _page(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        snapshot = await self.latest()
        values = {
            "who": who,
            "board": snapshot.board,
            "part": snapshot.part(request, await self._permitted(who)),
            "home": address(request, HOME),
            "again": address(request, BOARD),
            "stream": address(request, f"{BOARD}/live"),
        }
        return page(request, "survey.web", "board.html", values)

    async def _stream(self, request: web.Request, who: SignedIn) -> web.StreamResponse:
        may, until = await self._permitted(who), self._seconds() + STREAM_S
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream; charset=utf-8",
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",
                "X-Content-Type-Options": "nosniff",
            }
        )
        await response.prepare(request)
        shown: Snapshot | None = None
        with suppress(ConnectionResetError):
            while self._seconds() < until and not self._closing.is_set():
                snapshot = await self.latest()
                if snapshot is not shown:
                    shown = snapshot
                    await response.write(_event(snapshot.part(request, may)))
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), FRESH_S)
        return response

    async def _permitted(self, who: SignedIn) -> frozenset[Permission]:
        area = await self._gate.area_of(self._centre)
        return frozenset(one for one in who.permissions if who.may(one, area))


def _event(part: str) -> bytes:
    lines = "".join(f"data: {line}\n" for line in part.splitlines())
    return f"retry: 1000\nevent: board\n{lines}\n".encode()


def _values(board: Board, request: web.Request, may: frozenset[Permission]) -> dict[str, object]:
    return {
        "board": board,
        "may": may,
        "codes": board.codes[:CODES],
        "others": sum(one.attempts for one in board.codes[CODES:]),
        "mode": lambda code: words(MODES, code),
        "state": lambda code: (
            words(OPERATOR_STATES, code) if code in OPERATOR_STATES else words(ATTEMPT_STATES, code)
        ),
        "to": lambda path: address(request, path),
        "campaigns": CAMPAIGNS,
        "runs": "campaigns.manage" in may,
    }
