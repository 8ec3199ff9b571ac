"""When the next attempt is made: the pauses that are owed, the slots that are open, and a person's own place in one."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from survey.field.attempt_case import Case, Mode
from survey.field.calling_hours import DayPart, Slot, local_day, parts_open, slots, window_at

_SECOND = timedelta(seconds=1)
_HORIZON = timedelta(days=60)
"""How far ahead a slot is sought; only a policy that never opens reaches it."""
_STEP = 0.6180339887498949
"""The golden ratio's fraction: one person's tries fall at well spread places of their slots, not always at
the same.
"""


def moment(case: Case, mode: Mode) -> datetime | None:
    """When; None if the wave ends before."""
    earliest = max(
        case.now + _SECOND, _earliest_by_rule(case), _room_in_all_kinds(case), _earliest_by(case, mode)
    )
    if case.promised:
        slot = next(_usable(case, max(earliest, case.promised)), None)
        return slot.opens if slot else None
    slot = _choose(case, mode, earliest)
    return _spread(case, slot) if slot else None


def _earliest_by_rule(case: Case) -> datetime:
    """The pause that the last disposition asks for, and the one that always lies between two attempts unless
    the person asked to be contacted.
    """
    if not case.history:
        return case.now
    last, policy = case.history[-1], case.policy
    pauses = {
        "after_fault": policy.fault.pause(case.newest_run("after_fault")),
        "after_suspension": timedelta(days=policy.suspension_days),
        "after_abandoned": timedelta(hours=policy.abandoned_hours),
        "after_text": timedelta(hours=policy.text_wait_hours),
        "convert": timedelta(days=policy.conversion.after_days),
    }
    earliest = last.at + pauses.get(case.rule(last), timedelta(0))
    if case.asked_for == "by_person" or case.promised:
        return earliest
    apart = timedelta(hours=case.caps.hours_apart)
    return max([earliest, *(tried.at + apart for tried in case.spoken)])


def _earliest_by(case: Case, mode: Mode) -> datetime:
    """The campaign's own pause before it changes to this mode; whoever asked to be contacted is not made to wait."""
    last = case.history[-1] if case.history else None
    if last is None or last.mode == mode or mode not in case.delays or case.asked_for:
        return case.now
    return last.at + timedelta(hours=case.delays[mode])


def _room_in_all_kinds(case: Case) -> datetime:
    """When the cap over all kinds lets another attempt through."""
    cap = case.policy.any_kind
    moments = sorted((*(tried.at for tried in case.counted), *case.others))
    if len(moments) < cap.at_most:
        return case.now
    return moments[-cap.at_most] + timedelta(days=cap.in_days)


def _usable(case: Case, earliest: datetime) -> Iterator[Slot]:
    """Slots from `earliest` on that are inside the wave, long enough to start in, and on a day that is not
    used up.
    """
    margin = timedelta(seconds=case.policy.last_start_before_close_s)
    least = _SECOND if case.promised else timedelta(seconds=case.policy.least_slot_s)
    for slot in slots(earliest, case.tz, case.purpose, case.hours, case.own):
        if slot.opens >= (case.wave_ends or earliest + _HORIZON):
            return
        ends = _window_end(case, slot) if case.promised else slot.closes
        closes = min(ends, case.wave_ends or ends) - margin
        if closes - slot.opens >= least and _on_day(case, slot) < case.caps.a_day:
            yield Slot(slot.day, slot.part, slot.opens, closes)


def _window_end(case: Case, slot: Slot) -> datetime:
    """When the phone must stop ringing; a part of the day that ends before is no reason to keep a promise later."""
    window = window_at(slot.opens, case.tz, case.purpose, case.hours, case.own)
    return window.closes if window is not None else slot.closes


def _on_day(case: Case, slot: Slot) -> int:
    return sum(local_day(tried.at, case.tz) == slot.day for tried in case.counted)


def _choose(case: Case, mode: Mode, earliest: datetime) -> Slot | None:
    """The first day that has room; on it the part of the day that was tried least, so that tries spread over
    parts.
    """
    open_slots = _spreading(case, _usable(case, earliest)) if mode != "text" else _usable(case, earliest)
    first = next(open_slots, None)
    if first is None or mode == "text":
        return first
    same_day = [first, *takewhile(lambda slot: slot.day == first.day, open_slots)]
    return min(same_day, key=lambda slot: (_calls_in(case, slot.part), slot.opens))


def _spreading(case: Case, open_slots: Iterator[Slot]) -> Iterator[Slot]:
    """Where no attempt may be lost any more to reach the wanted days and parts of the day, only slots that
    add one.
    """
    calls = [tried for tried in case.counted if tried.mode != "text"]
    days = {local_day(tried.at, case.tz) for tried in calls}
    parts = {tried.day_part for tried in calls}
    left = case.caps.at_most - len(case.counted)
    new_day = case.caps.days - len(days) >= left
    new_part = min(case.caps.day_parts, len(parts_open(case.hours, case.own))) - len(parts) >= left
    return (
        slot
        for slot in open_slots
        if not (new_day and slot.day in days) and not (new_part and slot.part in parts)
    )


def _calls_in(case: Case, part: DayPart) -> int:
    return sum(tried.day_part == part for tried in case.counted if tried.mode != "text")


def _spread(case: Case, slot: Slot) -> datetime:
    """The person's own place inside the slot, on a whole second."""
    share = (case.prn + _STEP * len(case.history)) % 1.0
    length = (slot.closes - slot.opens) // _SECOND
    moment = (slot.opens + min(int(share * length), length - 1) * _SECOND).replace(microsecond=0)
    return moment if moment >= slot.opens else moment + _SECOND
