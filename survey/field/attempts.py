"""The retry rule: from what was tried to what is tried next, or to the end (settled.md §5). Policy is
attempts.yaml.

The answer depends on the arguments alone. It lies inside a window of calling_hours.yaml, strictly after
`now`, never past a cap. Whoever acts on it late looks again whether a window is open
(`calling_hours.window_at`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Literal

from survey.field.attempt_policy import AttemptPolicy, Caps, attempt_policy
from survey.field.calling_hours import CallingHours, DayPart, Purpose, Slot, local_day, slots
from survey.field.dispositions import disposition, final_code

Mode = Literal["voice", "text", "operator"]
StopReason = Literal[
    "finished", "attempts_used", "texts_used", "faults_used", "still_suspended", "no_other_mode",
    "wave_over", "never_open",
]  # fmt: skip

_SECOND = timedelta(seconds=1)
_HORIZON = timedelta(days=60)
"""How far ahead a slot is sought; only a policy that never opens reaches it."""
_NEEDS_PERSON = ("by_person", "other_person")
_STEP = 0.6180339887498949
"""The golden ratio's fraction: one person's tries fall at well spread places of their slots, not always at
the same.
"""


@dataclass(frozen=True)
class Tried:
    """One attempt of a unit: what came of it, when and how. `appointment` is the moment that was agreed, if
    one was; `number_left`: it was made on a number that has been given up since for another of the person's.
    """

    code: str
    at: datetime
    mode: Mode
    day_part: DayPart
    appointment: datetime | None = None
    number_left: bool = False


@dataclass(frozen=True)
class Try:
    """Try again at `at` (UTC) by `mode`."""

    at: datetime
    mode: Mode


@dataclass(frozen=True)
class Stop:
    """Nothing more is tried; the unit ends with `final_code`."""

    final_code: str
    reason: StopReason


@dataclass(frozen=True)
class _Case:
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
    counted: tuple[Tried, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "counted", tuple(tried for tried in self.history if disposition(tried.code).counts)
        )

    @property
    def caps(self) -> Caps:
        return self.policy.purposes[self.purpose]

    def rule(self, tried: Tried) -> str:
        if tried.number_left:
            return "again"
        rule = self.caps.rules.get(tried.code, disposition(tried.code).retry)
        return "stop" if rule == "by_call" and tried.mode != "text" else rule


def mode_plan(modes: Sequence[Mode], *, voice_first: bool) -> tuple[Mode, ...]:
    """The order of modes for one person. `voice_first`: 60 or over, or a landline; then no text is sent
    before a call.
    """
    plan = tuple(mode for mode in modes if mode != "text") if voice_first else tuple(modes)
    return plan or ("operator",)


def next_step(
    purpose: Purpose,
    plan: Sequence[Mode],
    history: Sequence[Tried],
    now: datetime,
    tz: str,
    wave_ends: datetime | None,
    *,
    prn: float = 0.0,
    others: Sequence[datetime] = (),
    policy: AttemptPolicy | None = None,
    hours: CallingHours | None = None,
    delays: Mapping[Mode, float] | None = None,
) -> Try | Stop:
    """What comes next for a unit whose attempts so far are `history`, oldest first (empty: the first
    attempt).

    `plan`: the modes in their order; the last is repeated. `others`: when the same person was tried for
    anything else; they count in the cap over all kinds. `prn` in [0, 1): the person's permanent random
    number, which spreads people inside a slot. `delays`: hours that must lie between the last attempt by another
    mode and the first by this one.
    """
    case = _Case(
        purpose,
        tuple(plan),
        tuple(history),
        now,
        tz,
        wave_ends,
        prn,
        tuple(others),
        policy or attempt_policy(),
        hours,
        delays or {},
    )
    reason = _why_stop(case)
    if reason:
        return _stop(case, reason)
    mode = _next_mode(case)
    if isinstance(mode, Stop):
        return mode
    at = _moment(case, mode)
    return Try(at, mode) if at else _stop(case, "wave_over" if wave_ends else "never_open")


def _stop(case: _Case, reason: StopReason) -> Stop:
    return Stop(final_code([tried.code for tried in case.history]), reason)


def _why_stop(case: _Case) -> StopReason | None:
    if any(case.rule(tried) == "stop" for tried in case.history):
        return "finished"
    if len(case.counted) >= case.caps.at_most:
        return "attempts_used"
    if sum(case.rule(tried) == "convert" for tried in case.history) > case.policy.conversion.at_most:
        return "finished"
    if _newest_run(case, "after_fault") >= case.policy.fault.at_most:
        return "faults_used"
    if (
        sum(case.rule(tried) == "after_suspension" for tried in case.history)
        >= case.policy.suspensions_at_most
    ):
        return "still_suspended"
    return None


def _newest_run(case: _Case, rule: str) -> int:
    return sum(1 for _ in takewhile(lambda tried: case.rule(tried) == rule, reversed(case.history)))


def _next_mode(case: _Case) -> Mode | Stop:
    """The mode of the next attempt, or the end where the plan has none left."""
    last = case.history[-1] if case.history else None
    if last and any(case.rule(tried) in _NEEDS_PERSON for tried in case.history):
        in_vain = case.rule(last) in _NEEDS_PERSON and last.mode == "operator"
        return _stop(case, "no_other_mode") if in_vain else "operator"
    if last and case.rule(last) == "at_appointment" and last.mode == "operator":
        return "operator"
    if any(case.rule(tried) == "convert" for tried in case.history):
        return "operator"  # a person asks once more, never a machine or a text
    mode = case.plan[min(len(case.counted), len(case.plan) - 1)]
    lost = any(case.rule(tried) == "by_call" for tried in case.history)
    if mode != "text" or not (lost or _texts_used(case)):
        return mode
    other = next((other for other in case.plan if other != "text"), None)
    return other or _stop(case, "no_other_mode" if lost else "texts_used")


def _texts_used(case: _Case) -> bool:
    return sum(tried.mode == "text" for tried in case.counted) >= case.caps.texts_at_most


def _moment(case: _Case, mode: Mode) -> datetime | None:
    """When; None if the wave ends before."""
    last = case.history[-1] if case.history else None
    earliest = max(
        case.now + _SECOND, _earliest_by_rule(case), _room_in_all_kinds(case), _earliest_by(case, mode)
    )
    agreed = last.appointment if last and case.rule(last) == "at_appointment" else None
    if agreed:
        slot = next(_usable(case, max(earliest, agreed)), None)
        return slot.opens if slot else None
    slot = _choose(case, mode, earliest)
    return _spread(case, slot) if slot else None


def _earliest_by_rule(case: _Case) -> datetime:
    """The pause that the last disposition asks for, and the one that always lies between two attempts unless
    the person asked to be contacted.
    """
    if not case.history:
        return case.now
    last, policy = case.history[-1], case.policy
    rule = case.rule(last)
    if rule == "by_person" or (rule == "at_appointment" and last.appointment):
        return case.now
    pauses = {
        "after_fault": policy.fault.pause(_newest_run(case, "after_fault")),
        "after_suspension": timedelta(days=policy.suspension_days),
        "after_text": timedelta(hours=policy.text_wait_hours),
        "convert": timedelta(days=policy.conversion.after_days),
    }
    apart = timedelta(hours=case.caps.hours_apart)
    return max([last.at + pauses.get(rule, timedelta(0)), *(tried.at + apart for tried in case.counted)])


def _earliest_by(case: _Case, mode: Mode) -> datetime:
    """The campaign's own pause before it changes to this mode."""
    last = case.history[-1] if case.history else None
    if last is None or last.mode == mode or mode not in case.delays:
        return case.now
    return last.at + timedelta(hours=case.delays[mode])


def _room_in_all_kinds(case: _Case) -> datetime:
    """When the cap over all kinds lets another attempt through."""
    cap = case.policy.any_kind
    moments = sorted((*(tried.at for tried in case.counted), *case.others))
    if len(moments) < cap.at_most:
        return case.now
    return moments[-cap.at_most] + timedelta(days=cap.in_days)


def _usable(case: _Case, earliest: datetime) -> Iterator[Slot]:
    """Slots from `earliest` on that are inside the wave, long enough to start in, and on a day that is not
    used up.
    """
    margin = timedelta(seconds=case.policy.last_start_before_close_s)
    least = timedelta(seconds=case.policy.least_slot_s)
    for slot in slots(earliest, case.tz, case.purpose, case.hours):
        if slot.opens >= (case.wave_ends or earliest + _HORIZON):
            return
        closes = min(slot.closes, case.wave_ends or slot.closes) - margin
        if closes - slot.opens >= least and _on_day(case, slot) < case.caps.a_day:
            yield Slot(slot.day, slot.part, slot.opens, closes)


def _on_day(case: _Case, slot: Slot) -> int:
    return sum(local_day(tried.at, case.tz) == slot.day for tried in case.counted)


def _choose(case: _Case, mode: Mode, earliest: datetime) -> Slot | None:
    """The first day that has room; on it the part of the day that was tried least, so that tries spread over
    parts.
    """
    open_slots = _spreading(case, _usable(case, earliest)) if mode != "text" else _usable(case, earliest)
    first = next(open_slots, None)
    if first is None or mode == "text":
        return first
    same_day = [first, *takewhile(lambda slot: slot.day == first.day, open_slots)]
    return min(same_day, key=lambda slot: (_calls_in(case, slot.part), slot.opens))


def _spreading(case: _Case, open_slots: Iterator[Slot]) -> Iterator[Slot]:
    """Where no attempt may be lost any more to reach the wanted days and parts of the day, only slots that
    add one.
    """
    calls = [tried for tried in case.counted if tried.mode != "text"]
    days = {local_day(tried.at, case.tz) for tried in calls}
    parts = {tried.day_part for tried in calls}
    left = case.caps.at_most - len(case.counted)
    new_day = case.caps.days - len(days) >= left
    new_part = case.caps.day_parts - len(parts) >= left
    return (
        slot
        for slot in open_slots
        if not (new_day and slot.day in days) and not (new_part and slot.part in parts)
    )


def _calls_in(case: _Case, part: DayPart) -> int:
    return sum(tried.day_part == part for tried in case.counted if tried.mode != "text")


def _spread(case: _Case, slot: Slot) -> datetime:
    """The person's own place inside the slot, on a whole second."""
    share = (case.prn + _STEP * len(case.history)) % 1.0
    length = (slot.closes - slot.opens) // _SECOND
    moment = (slot.opens + min(int(share * length), length - 1) * _SECOND).replace(microsecond=0)
    return moment if moment >= slot.opens else moment + _SECOND
