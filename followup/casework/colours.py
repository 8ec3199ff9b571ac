"""The colour of an unfinished case: red, yellow, green; none once it is closed (domain.md §4.2). A pure
function of now.

Each ground for a colour has a first moment. Colours are read from the grounds, and so is the next moment at
which a colour can change: nobody has to look again before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from followup.casework.working_time import WorkingTime, working_time
from survey.policies import packaged

Colour = Literal["red", "yellow", "green"]

_JUST_AFTER = timedelta(microseconds=1)
"""A limit is kept up to and at its last moment; the database counts in microseconds."""
_ALWAYS = datetime.min.replace(tzinfo=UTC)


class Word(BaseModel):
    """A name in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    zh: str
    en: str


class ColourPolicy(BaseModel):
    """The body of policy `colours`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    red_sign_overdue_working_days: float
    red_from_round: int
    yellow_from_round: int
    yellow_remaining_working_days: float
    yellow_remaining_share: float
    colours: dict[Colour, Word]
    grounds: dict[str, Word]


@dataclass(frozen=True)
class Progress:
    """What the colour depends on.

    `handle_by`: until when the result is due; None while no unit works on one. `allowed`: working time granted
    for the round (limits.Due). `sign_by`: until when a short step must be taken, the signature or a step of
    the centre's own; `signed_at`: when it was.
    """

    handle_by: datetime | None
    allowed: timedelta
    sign_by: datetime | None
    signed_at: datetime | None = None
    round: int = 1
    extended: bool = False
    open: bool = True


@dataclass(frozen=True)
class Ground:
    """Why a case is yellow or red, and from when on; the words of `key` stand in the policy."""

    colour: Colour
    key: str
    since: datetime


@cache
def colour_policy() -> ColourPolicy:
    """The packaged policy."""
    return ColourPolicy.model_validate(packaged("followup.casework", "colours").body)


def colour(case: Progress, now: datetime, office: WorkingTime | None = None) -> Colour | None:
    """The colour at `now`; None for a case that is closed."""
    if not case.open:
        return None
    shown = {ground.colour for ground in grounds(case, now, office)}
    return "red" if "red" in shown else "yellow" if "yellow" in shown else "green"


def grounds(case: Progress, now: datetime, office: WorkingTime | None = None) -> list[Ground]:
    """What makes the case yellow or red at `now`, red first."""
    return [ground for ground in _grounds(case, office or working_time()) if ground.since <= now]


def next_change(case: Progress, now: datetime, office: WorkingTime | None = None) -> datetime | None:
    """The next moment after `now` at which the colour can change by itself; None if it never does."""
    if not case.open or colour(case, now, office) == "red":
        return None
    coming = [ground.since for ground in _grounds(case, office or working_time()) if ground.since > now]
    return min(coming, default=None)


def history(
    case: Progress, since: datetime, now: datetime, office: WorkingTime | None = None
) -> list[tuple[datetime, Colour | None]]:
    """The colours from `since` to `now`, each with its first moment; who looks late misses none of them."""
    shown = [(since, colour(case, since, office))]
    moment = next_change(case, since, office)
    while moment is not None and moment <= now:
        here = colour(case, moment, office)
        if here != shown[-1][1]:
            shown.append((moment, here))
        moment = next_change(case, moment, office)
    return shown


def _grounds(case: Progress, office: WorkingTime) -> Iterator[Ground]:
    """Every ground that has or will have a moment, red first."""
    policy = colour_policy()
    if case.handle_by is not None:
        yield Ground("red", "overdue", case.handle_by + _JUST_AFTER)
    unsigned = case.sign_by if case.signed_at is None else None
    if unsigned is not None:
        patience = policy.red_sign_overdue_working_days * office.day
        yield Ground("red", "step_long_overdue", office.passed(unsigned, patience) + _JUST_AFTER)
    if case.round >= policy.red_from_round:
        yield Ground("red", "last_round", _ALWAYS)
    if unsigned is not None:
        yield Ground("yellow", "step_overdue", unsigned + _JUST_AFTER)
    if policy.yellow_from_round <= case.round < policy.red_from_round:
        yield Ground("yellow", "again", _ALWAYS)
    if case.extended:
        yield Ground("yellow", "extended", _ALWAYS)
    if case.handle_by is not None:
        yield Ground("yellow", "running_out", office.with_left(case.handle_by, _watched(case, office)))


def _watched(case: Progress, office: WorkingTime) -> timedelta:
    """The working time before the limit from which on a case is yellow."""
    policy = colour_policy()
    return max(
        policy.yellow_remaining_working_days * office.day, policy.yellow_remaining_share * case.allowed
    )
