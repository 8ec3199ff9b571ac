"""One operator of `minyi bench desk`: a browser on the desk's own pages, a telephone at the twin, and a book of what was keyed.

Whoever sits here does what a person does whose page did not come: they load it again, and go on from what it shows.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any, Final

import aiohttp

from survey.desk_keys import LATER
from workers.bench.desk_screen import Screen, read_screen
from workers.bench.tick_reference import SQL
from workers.rehearsal.operators import BUTTONS, OUTCOMES
from workers.rehearsal.twin_control import DeskReply, TwinControl, TwinRefused

TIMEOUT: Final = aiohttp.ClientTimeout(total=30)
AGAIN_S: Final = 0.2
GONE: Final = (aiohttp.ClientError, ConnectionError, TimeoutError)
"""The service is away, or the line to it."""


class DeskRefused(Exception):
    """The desk did something that no operator can go on from; the message says what."""


@dataclass
class Book:
    """What operators saw and keyed. `given`: to whom each person was given; `shown`: whose number was shown; `outcomes`: how each
    call came out; `inputs`: what was sent at each step of a conversation; `hung_up`: which conversations were ended; `next_ms`,
    `page_ms`, `bare_ms`: how long each took."""

    given: dict[str, set[str]] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    outcomes: dict[str, str] = field(default_factory=dict)
    inputs: dict[tuple[str, int], str] = field(default_factory=dict)
    hung_up: set[str] = field(default_factory=set)
    next_ms: list[float] = field(default_factory=list)
    page_ms: list[float] = field(default_factory=list)
    bare_ms: list[float] = field(default_factory=list)
    interrupted: int = 0
    away_s: float = 0.0


@dataclass
class Seat:
    """`pause_s`: how long the operator takes for a stroke, on average."""

    name: str
    password: str
    url: str
    twin: TwinControl
    pool: Any
    book: Book
    pause_s: float
    dice: Random
    session: aiohttp.ClientSession
    _call: str = ""
    _heard: dict[str, str] = field(default_factory=dict)
    _said: dict[tuple[str, int], DeskReply | None] = field(default_factory=dict)

    async def sign_in(self) -> None:
        """Through the form. Raises DeskRefused."""
        async with self.session.get(f"{self.url}/sign-in", timeout=TIMEOUT) as reply:
            token = (await reply.text()).partition('name="form_token" value="')[2].partition('"')[0]
        fields = {"name": self.name, "password": self.password, "form_token": token}
        status, _ = await self._post("/sign-in", fields)
        if status != 303:
            raise DeskRefused(f"{self.name} could not sign in: {status}")

    async def work(self, until: float) -> None:
        """One person after the other until that moment of the monotonic clock; whoever is in hand then is brought to an end."""
        screen = await self._look()
        while time.monotonic() < until or screen.place not in ("off", "idle"):
            await asyncio.sleep(self.dice.uniform(0.5, 1.5) * self.pause_s)
            try:
                screen = await self._go_on(screen)
            except GONE:
                screen = await self._come_back()

    async def _go_on(self, screen: Screen) -> Screen:
        if screen.place == "off":
            return await self._press(screen, "ready")
        if screen.place == "idle":
            return await self._next(screen)
        if screen.place == "dial":
            self.book.shown.add(screen.ref)
            return await self._press(screen, f"{screen.ref}/number")
        if screen.place == "outcome":
            return await self._outcome(screen)
        if screen.place == "talk":
            return await self._talk(screen)
        await self._put_down()
        self.book.hung_up.add(screen.ref)
        return await self._press(screen, f"{screen.ref}/hang-up")

    # -- the strokes ----------------------------------------------------------------------------------------------------

    async def _next(self, screen: Screen) -> Screen:
        """The next person, and in turns with it the bare claim."""
        await self._bare()
        began = time.perf_counter()
        status, _ = await self._post("/desk/next", {"form_token": screen.token})
        taken = time.perf_counter()
        if status != 303:
            raise DeskRefused(f"next: {status}")
        shown = await self._look()
        if shown.place == "dial":
            self.book.next_ms.append(1000 * (taken - began))
            self.book.page_ms.append(1000 * (time.perf_counter() - began))
        return shown

    async def _bare(self) -> None:
        began = time.perf_counter()
        async with self.pool.acquire() as conn:
            row = await conn.fetchrow(SQL["claim"], datetime.now(UTC), 1)
        assert row is not None
        self.book.bare_ms.append(1000 * (time.perf_counter() - began))

    async def _outcome(self, screen: Screen) -> Screen:
        """Dial what is shown, once, and key how it came out. A number that was shown on a page that never came cannot be dialled
        any more: line trouble."""
        ref = screen.ref
        if screen.number:
            self._heard[ref] = await self._dial(screen.number, ref)
        came_out = self._heard.get(ref, "failed")
        self.book.outcomes[ref] = came_out
        return await self._press(screen, f"{ref}/outcome", value=came_out)

    async def _talk(self, screen: Screen) -> Screen:
        """Read out what is asked, and key what is said."""
        place = screen.ref, screen.step
        if place not in self._said:  # a page that is loaded anew is not read out anew
            self._said[place] = await self._ask(screen.aloud)
        said = self._said[place]
        if said is not None and said.heard is not None:
            form, fields = keyed(screen, said)
            self.book.inputs[place] = fields.get("value") or fields.get("words") or LATER
            shown = await self._press(screen, f"{screen.ref}/{form}", step=str(screen.step), **fields)
            if not said.hung_up or shown.place != "talk":
                return shown
            screen = shown
        self.book.hung_up.add(screen.ref)
        return await self._press(screen, f"{screen.ref}/hang-up")

    # -- the telephone --------------------------------------------------------------------------------------------------

    async def _dial(self, number: str, ref: str) -> str:
        call = await self.twin.desk_call(number, ref)
        self._call = call.id
        outcome = "rejected" if call.outcome == "blocked" else OUTCOMES.get(call.outcome, call.outcome)
        if outcome != "answered":
            await self._put_down()
        return outcome

    async def _ask(self, words: str) -> DeskReply | None:
        """None: they have rung off."""
        try:
            return await self.twin.desk_say(self._call, words)
        except TwinRefused:
            return None

    async def _put_down(self) -> None:
        await self.twin.desk_hangup(self._call)

    # -- the browser ----------------------------------------------------------------------------------------------------

    async def _press(self, screen: Screen, form: str, **fields: str) -> Screen:
        """Send a form of this screen; what is shown then."""
        status, body = await self._post(f"/desk/{form}", {"form_token": screen.token, **fields})
        if status == 200:
            return self._read(body)
        if status != 303:
            raise DeskRefused(f"{form.rpartition('/')[2]}: {status}")
        return await self._look()

    async def _post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        headers = {"Origin": self.url}
        async with self.session.post(
            self.url + path, data=fields, headers=headers, allow_redirects=False, timeout=TIMEOUT
        ) as reply:
            return reply.status, await reply.text()

    async def _look(self) -> Screen:
        async with self.session.get(f"{self.url}/desk", allow_redirects=False, timeout=TIMEOUT) as reply:
            body = await reply.text()
            if reply.status != 200:
                raise DeskRefused(f"the desk: {reply.status}")
        return self._read(body)

    def _read(self, body: str) -> Screen:
        screen = read_screen(body)
        if screen.ref:
            self.book.given.setdefault(screen.ref, set()).add(self.name)
        return screen

    async def _come_back(self) -> Screen:
        """Load the desk until it is there again."""
        self.book.interrupted += 1
        since = time.monotonic()
        while True:
            await asyncio.sleep(AGAIN_S)
            try:
                shown = await self._look()
            except GONE:
                continue
            self.book.away_s = max(self.book.away_s, time.monotonic() - since)
            return shown


def keyed(screen: Screen, said: DeskReply) -> tuple[str, dict[str, str]]:
    """What a good operator keys on hearing this: the form that is sent, and its fields."""
    if said.kind in BUTTONS:
        button = BUTTONS[said.kind]
        return ("later", {"when": ""}) if button == LATER else ("say", {"value": button})
    if screen.opened:
        return "say", {"words": said.heard or ""}
    meant = next((value for label, value in screen.options if label == said.meant), "dk")
    return "say", {"value": meant}
