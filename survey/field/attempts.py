"""The retry rule: from what was tried to what is tried next, or to the end (settled.md §5). Policy is
attempts.yaml.

The answer depends on the arguments alone. It lies inside a window of calling_hours.yaml and of the campaign, strictly after
`now`, never past a cap. Whoever acts on it late looks again whether a window is open
(`calling_hours.window_at`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from survey.field.attempt_case import Case, Mode, Stop, StopReason, Tried, Try
from survey.field.attempt_moment import moment
from survey.field.attempt_policy import AttemptPolicy, attempt_policy
from survey.field.calling_hours import CallingHours, Purpose
from survey.field.dispositions import disposition, final_code
from survey.field.own_hours import OwnHours

__all__ = ["Mode", "Stop", "StopReason", "Tried", "Try", "is_last", "mode_plan", "next_step"]

_NEEDS_PERSON = ("by_person", "other_person")


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
    converts: bool = True,
    own: OwnHours | None = None,
) -> Try | Stop:
    """What comes next for a unit whose attempts so far are `history`, oldest first (empty: the first
    attempt).

    `plan`: the modes in their order; the last is repeated. `others`: when the same person was tried for
    anything else; they count in the cap over all kinds. `prn` in [0, 1): the person's permanent random
    number, which spreads people inside a slot. `delays`: hours that must lie between the last attempt by another
    mode and the first by this one. `converts`: who refused softly is asked once more. `own`: the campaign's own
    calling hours.
    """
    case = Case(
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
        converts,
        own,
    )
    reason = _why_stop(case)
    if reason:
        return _stop(case, reason)
    mode = _next_mode(case)
    if isinstance(mode, Stop):
        return mode
    at = moment(case, mode)
    return Try(at, mode, case.promised) if at else _stop(case, "wave_over" if wave_ends else "never_open")


def is_last(purpose: Purpose, tried: Sequence[str]) -> bool:
    """Whether the attempt under way uses up the cap. `tried`: the codes of those before; calls that came in are none."""
    counted = sum(disposition(code).counts for code in tried)
    return counted + 1 >= attempt_policy().purposes[purpose].at_most


def _stop(case: Case, reason: StopReason) -> Stop:
    return Stop(final_code([tried.code for tried in case.history if not tried.number_left]), reason)


def _why_stop(case: Case) -> StopReason | None:
    if any(case.rule(tried) == "stop" for tried in case.history):
        return "finished"
    if len(case.counted) >= case.caps.at_most:
        return "attempts_used"
    if sum(case.rule(tried) == "convert" for tried in case.history) > case.policy.conversion.at_most:
        return "finished"
    if case.newest_run("after_fault") >= case.policy.fault.at_most:
        return "faults_used"
    if (
        sum(case.rule(tried) == "after_suspension" for tried in case.history)
        >= case.policy.suspensions_at_most
    ):
        return "still_suspended"
    return None


def _next_mode(case: Case) -> Mode | Stop:
    """The mode of the next attempt, or the end where the plan has none left."""
    last = case.history[-1] if case.history else None
    if last and any(case.rule(tried) in _NEEDS_PERSON for tried in case.history):
        in_vain = case.rule(last) in _NEEDS_PERSON and last.mode == "operator"
        return _stop(case, "no_other_mode") if in_vain else "operator"
    if case.asked_for == "at_appointment" and case.spoken[-1].mode == "operator":
        return "operator"
    if any(case.rule(tried) == "convert" for tried in case.history):
        return "operator"  # a person asks once more, never a machine or a text
    mode = case.plan[min(len(case.counted), len(case.plan) - 1)]
    lost = any(case.rule(tried) == "by_call" for tried in case.history)
    if mode != "text" or not (lost or _texts_used(case)):
        return mode
    other = next((other for other in case.plan if other != "text"), None)
    return other or _stop(case, "no_other_mode" if lost else "texts_used")


def _texts_used(case: Case) -> bool:
    return sum(tried.mode == "text" for tried in case.counted) >= case.caps.texts_at_most
