"""The ladder of urging, U1 to U5 (domain.md §4.3): which levels a case has come to, why, and when the next is due.

Pure. Each level is urged once in a round against a party; which were is an argument. Working days are working
time after the last moment of the clock, seven hours each, and what falls outside office hours waits for them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from pydantic import BaseModel, ConfigDict, PositiveInt

from followup.casework.colours import Colour, Word, colour, grounds, next_change
from followup.casework.step_clocks import Party, Running
from followup.casework.working_time import WorkingTime
from survey.policies import packaged

Level = str
"""U1, U2, U3, U4 or U5."""
Receiver = str
"""liaison, leader, office or director."""


class UrgingLevel(BaseModel):
    """One level: what brings it, what it is called, which words it is told in."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    zh: str
    en: str
    template: str
    from_colour: Colour | None = None
    overdue_working_days: PositiveInt | None = None
    failed_callbacks: PositiveInt | None = None
    false_closing: bool = False
    numbered: bool = False


class UrgingPolicy(BaseModel):
    """The body of policy `urging`: levels in their order, and whom each party's levels are told to."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    levels: dict[Level, UrgingLevel]
    copy_template: str
    own_template: str
    why: dict[str, Word]
    parties: dict[Party, dict[Level, tuple[Receiver, ...]]]


@dataclass(frozen=True)
class Failures:
    """What speaks against the unit beside time: callbacks that failed so far; a false closing in this round."""

    callbacks: int = 0
    false_closing: bool = False


@dataclass(frozen=True)
class Urge:
    """A level that is due. `why`: yellow, red, overdue, failed_callbacks or false_closing; `since`: from when."""

    level: Level
    why: str
    since: datetime


@cache
def urging_policy() -> UrgingPolicy:
    """The packaged policy."""
    return UrgingPolicy.model_validate(packaged("followup.casework", "urging").body)


def due_urges(
    clock: Running, failures: Failures, urged: Collection[Level], now: datetime, office: WorkingTime
) -> list[Urge]:
    """The levels to urge at `now`, lowest first, without those in `urged`; none while the office is closed."""
    if office.office_moment(now) != now:
        return []
    reached: dict[Level, Urge] = {}
    for urge in _moments(clock, failures, now, office):
        if urge.level not in urged and urge.since <= now:
            reached.setdefault(urge.level, urge)
    return [reached[level] for level in sorted(reached)]


def next_urge(
    clock: Running, failures: Failures, urged: Collection[Level], now: datetime, office: WorkingTime
) -> datetime | None:
    """The first moment of office hours at or after `now` at which a level is due; None if none ever is.

    A colour that changes later counts when it has changed: look again at `next_change` too.
    """
    coming = [
        office.office_moment(max(urge.since, now))
        for urge in _moments(clock, failures, now, office)
        if urge.level not in urged
    ]
    return min(coming, default=None)


def receivers(party: Party, level: Level) -> tuple[Receiver, ...]:
    """Who is told of this level when this party is late."""
    return urging_policy().parties[party][level]


def _moments(clock: Running, failures: Failures, now: datetime, office: WorkingTime) -> Iterator[Urge]:
    """Each ground of each level, with the moment from which on it holds."""
    if clock.kept:
        return
    levels: Mapping[Level, UrgingLevel] = urging_policy().levels
    for name, level in levels.items():
        if level.from_colour is not None:
            yield from _by_colour(name, clock, now, office)
        if level.overdue_working_days is not None:
            wait = level.overdue_working_days * office.day
            yield Urge(name, "overdue", office.add(clock.due, wait))
        if clock.party != "unit":
            continue
        if level.failed_callbacks is not None and failures.callbacks >= level.failed_callbacks:
            yield Urge(name, "failed_callbacks", clock.since)
        if level.false_closing and failures.false_closing:
            yield Urge(name, "false_closing", clock.since)


def _by_colour(name: Level, clock: Running, now: datetime, office: WorkingTime) -> Iterator[Urge]:
    """A unit is reminded as soon as its case is not green; the office and the centre once they are late.

    A round that began yellow says nothing against the centre, whose own step may be in good time.
    """
    if clock.party != "unit":
        yield Urge(name, "overdue", clock.due + _A_MOMENT)
        return
    shown = colour(clock.progress, now, office)
    if shown in ("yellow", "red"):
        since = min(ground.since for ground in grounds(clock.progress, now, office))
        yield Urge(name, shown, max(since, clock.since))
    elif (change := next_change(clock.progress, now, office)) is not None:
        yield Urge(name, "yellow", change)


_A_MOMENT = datetime.resolution
