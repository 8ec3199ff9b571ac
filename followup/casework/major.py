"""The ladder of a major incident report: who has been told by now, and when the next are (domain.md §3.8). Pure.

The ladder counts rungs from the moment of raising: the first is told at once, each next when the minutes of the
one before are over without an acknowledgement. After the last, all of them are told again each time its
minutes are over. A rung is climbed once; who comes late climbs all that are due in one go.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, PositiveInt

from survey.policies import packaged

State = Literal["raised", "sent", "acked", "following", "final", "false_alarm"]
Form = Literal["first", "follow", "final", "false_alarm"]

DIAL_FIRST = "紧急情况请先拨打 110/119/120 · dial 110/119/120 now"
"""The first words that anybody sees who raises a report, before anything else is done."""
CLIMBING: tuple[State, ...] = ("raised", "sent")
OPEN: tuple[State, ...] = (*CLIMBING, "acked", "following")
CLOSED: tuple[State, ...] = ("final", "false_alarm")


class Word(BaseModel):
    """A name in both languages; `needed`: a report without it is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    zh: str
    en: str
    needed: bool = False


class Rung(BaseModel):
    """One level of the ladder: who is told, and the minutes within which they must acknowledge."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    level: PositiveInt
    zh: str
    en: str
    minutes: PositiveInt
    to: tuple[str, ...]


class MajorPolicy(BaseModel):
    """The body of policy `major`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    classes: dict[str, Word]
    facts: dict[str, Word]
    ladder: tuple[Rung, ...]
    channel: str


@dataclass(frozen=True)
class Climb:
    """What a look brings: the rung that is reached, levels told for the first time, levels told again."""

    rung: int
    first: tuple[int, ...]
    again: tuple[int, ...]


@cache
def major_policy() -> MajorPolicy:
    """The packaged policy."""
    return MajorPolicy.model_validate(packaged("followup.casework", "major").body)


def rung_at(raised_at: datetime, now: datetime) -> int:
    """How many rungs have come due by `now`, from 1; beyond the last level they are rounds of telling again."""
    rung, moment = 0, raised_at
    while moment <= now:
        rung += 1
        moment += _wait(rung)
    return rung


def climb(raised_at: datetime, climbed: int, now: datetime) -> Climb | None:
    """What is to be sent at `now`, if `climbed` rungs were; None if nothing is."""
    rung, top = rung_at(raised_at, now), len(major_policy().ladder)
    if rung <= climbed:
        return None
    told = min(climbed, top)
    return Climb(rung, tuple(range(told + 1, min(rung, top) + 1)), tuple(range(1, told + 1)))


def next_climb(raised_at: datetime, climbed: int) -> datetime:
    """When the next rung is due."""
    return raised_at + sum((_wait(rung) for rung in range(1, climbed + 1)), timedelta(0))


def _wait(rung: int) -> timedelta:
    ladder = major_policy().ladder
    return timedelta(minutes=ladder[min(rung, len(ladder)) - 1].minutes)
