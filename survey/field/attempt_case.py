"""One decision of the retry rule: its arguments, its two answers, and what every rule asks of a unit's history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Literal

from survey.field.attempt_policy import AttemptPolicy, Caps
from survey.field.calling_hours import CallingHours, DayPart, Purpose
from survey.field.dispositions import disposition
from survey.field.own_hours import OwnHours

Mode = Literal["voice", "text", "operator"]
StopReason = Literal[
    "finished", "attempts_used", "texts_used", "faults_used", "still_suspended", "no_other_mode",
    "wave_over", "never_open",
]  # fmt: skip

_ASKED_FOR = ("by_person", "at_appointment")


@dataclass(frozen=True)
class Tried:
    """One attempt of a unit: what came of it, when and how. `appointment` is the moment that was agreed, if
    one was; `number_left`: it found a number dead that has been given up since for another of the person's;
    `inbound`: the person rang us, which costs none of our attempts.
    """

    code: str
    at: datetime
    mode: Mode
    day_part: DayPart
    appointment: datetime | None = None
    number_left: bool = False
    inbound: bool = False


@dataclass(frozen=True)
class Try:
    """Try again at `at` (UTC) by `mode`; `promised`: to keep the appointment that was agreed for that moment."""

    at: datetime
    mode: Mode
    promised: datetime | None = None


@dataclass(frozen=True)
class Stop:
    """Nothing more is tried; the unit ends with `final_code`."""

    final_code: str
    reason: StopReason


@dataclass(frozen=True)
class Case:
    """The arguments of one decision, and the counts that every rule needs."""

    purpose: Purpose
    plan: tuple[Mode, ...]
    history: tuple[Tried, ...]
    now: datetime
    tz: str
    wave_ends: datetime | None
    prn: float
    others: tuple[datetime, ...]
    policy: AttemptPolicy
    hours: CallingHours | None
    delays: Mapping[Mode, float]
    converts: bool
    own: OwnHours | None
    spoken: tuple[Tried, ...] = field(init=False)
    """All but our own and the carrier's faults."""
    counted: tuple[Tried, ...] = field(init=False)
    """Of these, our own attempts: those that are capped."""

    def __post_init__(self) -> None:
        spoken = tuple(tried for tried in self.history if disposition(tried.code).counts)
        object.__setattr__(self, "spoken", spoken)
        object.__setattr__(self, "counted", tuple(tried for tried in spoken if not tried.inbound))

    @property
    def caps(self) -> Caps:
        return self.policy.purposes[self.purpose]

    def rule(self, tried: Tried) -> str:
        if tried.number_left:
            return "again"
        rule = self.caps.rules.get(tried.code, disposition(tried.code).retry)
        if rule == "convert" and not self.converts:
            return "stop"
        return "stop" if rule == "by_call" and tried.mode != "text" else rule

    @property
    def asked_for(self) -> str:
        """The rule of the last attempt, if in it the person asked to be contacted; otherwise ''. A fault of ours
        since then takes nothing from it."""
        rule = self.rule(self.spoken[-1]) if self.spoken else ""
        return rule if rule in _ASKED_FOR else ""

    @property
    def promised(self) -> datetime | None:
        """The appointment that stands."""
        return self.spoken[-1].appointment if self.asked_for == "at_appointment" else None

    def newest_run(self, rule: str) -> int:
        """How many attempts in a row, up to the last, follow this rule."""
        return sum(1 for _ in takewhile(lambda tried: self.rule(tried) == rule, reversed(self.history)))
