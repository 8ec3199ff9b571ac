"""`minyi operator`: the operator's queue in a terminal, over the door that the operator's screen uses.

Exit codes: 0 left when asked or when the input ended; 3 could not start.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import datetime
from getpass import getpass
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from survey import linked_operators, operating, queueing
from survey.desk_keys import Lang
from survey.dialogue.inputs import Input
from survey.ground import Ground
from survey.linked_operators import NoTelephone
from survey.operating import Reply, Task
from survey.queueing import Queue
from survey.sampling.numbers import NumberPlan, to_dial
from survey.sampling.refusals import FieldRefused
from survey.settings import load_settings
from survey.store import campaigns
from workers.commands.exits import refused
from workers.commands.operator_shift import InputEnded, Shift
from workers.commands.operator_view import View
from workers.commands.running import plain_refusals
from workers.runtime import open_ground

T = TypeVar("T")
LOOKS_EVERY_S = 0.3
"""Real seconds between two looks whether somebody was connected."""


def operator(
    name: Annotated[
        str, typer.Option("--name", help="Your staff number; residents are told it, and it is on record.")
    ],
    lang: Annotated[Lang, typer.Option(help="Language of the screen; the script has the resident's.")] = "zh",
    reason: Annotated[
        str, typer.Option(help="Why numbers are shown to you; kept with each of them.")
    ] = "手工拨打",
    linked: Annotated[
        bool,
        typer.Option(
            "--linked", help="Your telephone is called once, and whoever answers is connected to it."
        ),
    ] = False,
) -> None:
    """Work the operator queue (调查员): the next person, the number to dial, the script, how it came out, the next.

    Everything is asked line by line, so it works with a screen reader and with piped input.
    """
    settings = load_settings()
    with plain_refusals("minyi operator"), asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            ground = runner.run(stack.enter_async_context(open_ground(settings, "operator", pool_size=2)))
            desk = DoorDesk(ground, runner, name, reason)
            zone = desk.time_zone(settings.centre)
            if zone is None:
                raise refused(
                    "minyi operator",
                    f"there is no centre {settings.centre} here. Choose one with MINYI_CENTRE.",
                )
            if linked:
                _go_on_duty(desk, settings.number_plan)
            Shift(desk, View(Console(), lang, ZoneInfo(zone)), _read_line, linked=linked).work()
            if linked:
                desk.leave()
        finally:
            runner.run(stack.aclose())


def _go_on_duty(desk: DoorDesk, plan: NumberPlan) -> None:
    """The number of their telephone is asked for once, and never shown; it is kept sealed."""
    try:
        desk.go_on_duty(None)
    except NoTelephone:
        try:
            desk.go_on_duty(to_dial(getpass("您的电话号码 / your telephone number: "), plan))
        except (FieldRefused, EOFError):
            raise refused("minyi operator", "that is no number that can be dialled.") from None


def _read_line() -> str:
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        raise InputEnded from None
    if not line:
        raise InputEnded
    return line


class DoorDesk:
    """`survey.operating` for one operator; nothing runs while the operator thinks."""

    def __init__(self, ground: Ground, runner: asyncio.Runner, staff: str, reason: str) -> None:
        self._ground = ground
        self._runner = runner
        self._staff = staff
        self._reason = reason

    def time_zone(self, centre: str) -> str | None:
        """IANA name of the centre's zone; None where there is no such centre."""
        return self._do(self._time_zone(centre))

    async def _time_zone(self, centre: str) -> str | None:
        async with self._ground.pool.acquire() as conn:
            return await campaigns.time_zone(conn, centre)

    def now(self) -> datetime:
        return self._ground.clock.now()

    def next_task(self) -> Task | None:
        return self._do(operating.next_task(self._ground, self._staff))

    def go_on_duty(self, number: str | None) -> str:
        return self._do(linked_operators.go_on_duty(self._ground, self._staff, number))

    def leave(self) -> None:
        self._do(linked_operators.leave(self._ground, self._staff))

    def wait_for_person(self) -> Task | None:
        try:
            return self._do(self._wait_for_person())
        except KeyboardInterrupt:
            raise InputEnded from None

    async def _wait_for_person(self) -> Task | None:
        while (task := await operating.task_in_hand(self._ground, self._staff)) is None:
            if await linked_operators.state_of(self._ground, self._staff) == "off":
                return None
            await asyncio.sleep(LOOKS_EVERY_S)
        return task

    def idle(self) -> tuple[Queue, ...]:
        return self._do(queueing.why_nobody(self._ground, self._staff))

    def show_number(self, ref: str) -> str:
        return self._do(operating.show_number(self._ground, ref, self._staff, self._reason))

    def answered(self, ref: str) -> Reply:
        return self._do(operating.answered(self._ground, ref, self._staff))

    def say(self, ref: str, given: Input) -> Reply:
        return self._do(operating.say(self._ground, ref, self._staff, given))

    def later(self, ref: str, moment: datetime | None, heard: str) -> Reply:
        return self._do(operating.later(self._ground, ref, self._staff, moment, heard=heard))

    def hang_up(self, ref: str) -> None:
        self._do(operating.hang_up(self._ground, ref))

    def unanswered(self, ref: str, outcome: str) -> None:
        self._do(operating.unanswered(self._ground, ref, outcome))

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)
