"""How a contact ends, for the doors of dialogues and of dialling: the attempt ends, each unit it covered gets its code, and is
done or waits for the next attempt. One write, by whoever is first; everybody after finds nothing to do."""

from datetime import datetime, timedelta
from typing import Any

from survey.dialogue.disposition import disposition as dialogue_disposition
from survey.dialogue.engine import step
from survey.dialogue.inputs import Hangup
from survey.dialogue.state import State
from survey.dispatch_policy import dispatch_policy
from survey.field.attempt_policy import attempt_policy
from survey.field.attempts import Mode, Stop, Tried, mode_plan, next_step
from survey.field.dispositions import disposition, dispositions, final_code, standing_code
from survey.ground import Ground
from survey.handing import called
from survey.store import (
    attempts,
    budgets,
    contacts,
    due_units,
    interviews,
    linked_calls,
    linked_operators,
    past_attempts,
    people,
    quotas,
    units,
)
from survey.store.attempts import Attempt
from survey.store.due_units import DueUnit
from survey.store.interviews import Interview
from survey.store.past_attempts import PastAttempt
from survey.store.units import Change, Later
from survey.tariff import tariff

MODES: dict[str, Mode] = {"voice": "voice", "text": "text", "operator": "operator"}
SOFT_REFUSALS = tuple(code for code, row in dispositions().items() if row.refusal == "soft")
SAYS_NOTHING = ("text_no_reply", "unknown_eligibility")  # there the carrier's word tells more
NOTIFIED = "notified"  # a text that announces a call asks nothing, so no reply is owed to it
TELLING = (
    "complete",
    "partial",
    "wrong_person",
)  # what a dialogue must have come to for its result to travel up


async def conclude(
    ground: Ground, conn: Any, attempt: Attempt, code: str, *, real: datetime | None = None
) -> bool:
    """End `attempt` and its contact. `code` is what the carrier's word came to, for units whose dialogue says nothing better.

    Returns False where somebody was first. `real` is when the news arrived, in real time.
    """
    now = ground.clock.now()
    held = await interviews.of_contact(conn, attempt.contact_id)
    covered = await due_units.covered(conn, attempt.contact_id)
    if code in ("text_no_reply", "text_no_receipt") and any(unit.is_notice for unit in covered):
        code = NOTIFIED
    outcomes = {i.unit_id: await _outcome(ground, conn, i, code, real) for i in held}
    first = outcomes[held[0].unit_id] if held else code
    if not await attempts.end_attempt(conn, attempt.id, first, disposition(first).counts, now):
        return False
    if attempt.linked:
        later = now + timedelta(seconds=dispatch_policy().check_call_after_s)
        await linked_calls.end_line(conn, attempt.id, now, later)
        await linked_operators.free(conn, attempt.id, now)
    if attempt.mode == "operator" and attempt.operator and disposition(first).contacted:
        await called(ground, conn, attempt.person_id, attempt.operator)
    await quotas.gate(conn, [unit.campaign_id for unit in covered if unit.has_seats or unit.has_budget])
    await _settle_cost(conn, attempt, now)
    await interviews.set_outcomes(conn, [(i.id, outcomes[i.unit_id]) for i in held])
    await contacts.close_contact(conn, attempt.contact_id, now)
    await settle_units(conn, covered, now, attempt_id=attempt.id, why="contact ended", real=real)
    return True


async def _settle_cost(conn: Any, attempt: Attempt, now: datetime) -> None:
    """A call is billed by its length, which is known now; what was booked for it at the most is given back."""
    if attempt.mode != "voice":
        return
    answered = await attempts.answered_at(conn, attempt.id)
    seconds = (now - answered).total_seconds() if answered is not None else 0.0
    await budgets.settle(conn, attempt.id, tariff().call_money(seconds))


async def _outcome(ground: Ground, conn: Any, interview: Interview, code: str, real: datetime | None) -> str:
    """This contact's code for one unit; a dialogue still open is told that the person is gone."""
    if interview.state is None:
        return code if code != "complete" else "unknown_eligibility"
    state = State.from_json(interview.state)
    if state.status == "open":
        questionnaire = await ground.instruments.get(conn, interview.questionnaire_id)
        state, turn = step(questionnaire, state, Hangup())
        await save_step(ground, conn, interview, state, turn.status, real)
    if code == "machine":
        return code  # whatever was answered in earlier contacts, nobody was there in this one
    said = dialogue_disposition(state, state.mode)
    return code if said is None or said in SAYS_NOTHING else said


async def save_step(
    ground: Ground, conn: Any, interview: Interview, state: State, status: str, real: datetime | None
) -> None:
    """Store a dialogue's step; a result worth telling goes into the outbox in the same write."""
    now = ground.clock.now()
    ended = status != "open"
    await interviews.save(
        conn, interview.id, state.to_json(), status, now, ended=ended, told_text=state.told_text
    )
    if ended and status in TELLING:
        topic = "interview_finished"
        await interviews.announce(conn, topic, interview.unit_id, interview.id, interview.purpose, now, real)


async def settle_units(
    conn: Any,
    covered: list[DueUnit],
    now: datetime,
    *,
    attempt_id: int | None,
    why: str,
    real: datetime | None,
) -> None:
    """Each unit is done, or waits for its next attempt."""
    await _change_dead_numbers(conn, covered, now)
    past = await past_attempts.history(conn, [u.id for u in covered])
    recent = await past_attempts.recent_of(conn, [u.person_id for u in covered], now - ledger_period())
    for unit in covered:
        tried = past.get(unit.id, [])
        step_on = decide_next(unit, tried, recent.get(unit.person_id, []), now)
        if isinstance(step_on, Stop):
            await finish(
                conn, unit, step_on.final_code, now, attempt_id=attempt_id, why=step_on.reason, tried=tried
            )
            continue
        change = Change(unit.id, "in_contact", "waiting", why, attempt_id, standing_code(codes_of(tried)))
        await units.to_waiting(conn, [Later(change, step_on.at, step_on.mode, step_on.promised)], now)


async def _change_dead_numbers(conn: Any, covered: list[DueUnit], now: datetime) -> None:
    """Where the contact has just shown that the number is dead or somebody else's, the person's next one takes its place."""
    past = await past_attempts.history(conn, [u.id for u in covered])
    dead = {unit.person_id for unit in covered if (tried := past.get(unit.id)) and _is_dead(unit, tried[-1])}
    for person in sorted(dead):
        await people.next_number(conn, person, now)


def _is_dead(unit: DueUnit, last: PastAttempt) -> bool:
    """A result that "not this person" was told is settled by whoever put the case in; they seek another number."""
    told_elsewhere = unit.purpose == "case" and last.code in TELLING
    return disposition(last.code).next_number and not last.number_left and not told_elsewhere


def codes_of(tried: list[PastAttempt]) -> list[str]:
    """The codes that speak for the unit, oldest first. That a number is dead which was given up since says nothing of them."""
    return [past.code for past in tried if not _is_left(past)]


def _is_left(past: PastAttempt) -> bool:
    return past.number_left and disposition(past.code).next_number


def decide_next(unit: DueUnit, tried: list[PastAttempt], recent: list[datetime], now: datetime) -> Any:
    """The retry rule for one unit (survey.field.attempts): Try or Stop. In a closed campaign nobody is tried again."""
    if unit.campaign_status == "closed":
        return Stop(final_code(codes_of(tried)), "wave_over")
    own = {past.at for past in tried}
    return next_step(
        "case" if unit.purpose == "case" else "survey",
        plan_for(unit.modes, unit.birth_year, unit.landline, now),
        [_tried(p) for p in tried],
        now,
        unit.tz,
        unit.closes_at,
        prn=unit.prn,
        others=[at for at in recent if at not in own],
        delays={mode_of(mode): hours for mode, hours in unit.mode_delays.items()},
        converts=unit.converts,
        own=unit.own_hours,
    )


def _tried(past: PastAttempt) -> Tried:
    return Tried(
        past.code,
        past.at,
        mode_of(past.mode),
        past.day_part,  # type: ignore[arg-type]  # the column holds the policy's own words
        past.appointment_at,
        number_left=_is_left(past),
        inbound=past.inbound,
    )


def plan_for(modes: list[str], birth_year: int | None, landline: bool, now: datetime) -> tuple[Mode, ...]:
    """The order of modes for one person."""
    old = birth_year is not None and now.year - birth_year >= dispatch_policy().voice_first_age
    return mode_plan([mode_of(m) for m in modes], voice_first=old or landline)


def mode_of(word: str) -> Mode:
    """A stored word as a mode. Raises ValueError."""
    mode = MODES.get(word)
    if mode is not None:
        return mode
    raise ValueError(f"mode {word!r} is none of voice, text, operator")


async def finish(
    conn: Any,
    unit: DueUnit,
    code: str,
    now: datetime,
    *,
    attempt_id: int | None,
    why: str,
    tried: list[PastAttempt],
    left: str = "in_contact",
) -> None:
    """The unit is done. Whoever put it in learns so, even where no dialogue had a result."""
    if not await units.to_done(conn, Change(unit.id, left, "done", why, attempt_id, code), now):
        return
    if code not in TELLING or attempt_id is None:  # no dialogue of this contact has told it
        spoken = tried[-1].interview_id if tried else None
        await interviews.announce(conn, "unit_finished", unit.id, spoken, unit.purpose, now, None)


def ledger_period() -> timedelta:
    """How far back the ledger of contacts over all purposes reaches."""
    return timedelta(days=attempt_policy().any_kind.in_days)


def thread_end(kind: str, now: datetime) -> datetime:
    """Until when a text invitation waits for replies. `kind`: its purpose, or seated where it holds a quota's seat."""
    return now + timedelta(hours=dispatch_policy().thread_hours[kind])
