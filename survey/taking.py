"""What every mode does with an input, once it is known whose dialogue it belongs to: step, and write all that follows from it.

One input may do anything (`take`); many that only move their dialogues on are written together (`take_moves`). Both step by the
same function and write by the same statement. Used by the doors `interviewing`, `operating` and `filling`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from survey.answer_seats import decides_a_cell, seated
from survey.claiming import lang_of, seed_of
from survey.concluding import save_step
from survey.dialogue.effects import (
    Answered,
    CallAt,
    Effect,
    Flagged,
    Forget,
    Handover,
    OptOut,
    Told,
    WrongPerson,
)
from survey.dialogue.engine import start
from survey.dialogue.inputs import Input
from survey.dialogue.remembered import Stepped, step_stored
from survey.dialogue.state import State
from survey.dialogue.turn import Turn
from survey.ground import Ground
from survey.handing import Raised, raise_
from survey.moment_facts import moment_facts
from survey.opening_facts import opening_facts
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.segments import segments
from survey.store import answers, attempts, inputs, interviews, people
from survey.store.inputs import NewInput, NewStep, TakenTwice
from survey.store.interviews import Interview

Render = Callable[[Turn, bool], str]
"""The reply to a turn, as it is stored; True: the conversation is over with it."""


class Arrival(NamedTuple):
    """One input as it reached us: what it was, where it came from, and when in real time."""

    channel: str
    said: str
    real: datetime
    call_sid: str | None = None
    step: int | None = None
    message_sid: str | None = None


class Taken(NamedTuple):
    """What one input did: the reply that was stored, what to say now, and whether the conversation is over."""

    reply: str
    turn: Turn
    over: bool


class Put(NamedTuple):
    """An input put to the dialogue that is being held with a person."""

    interview: Interview
    given: Input
    arrival: Arrival
    person_id: int
    render: Render


def current(held: Sequence[Interview]) -> Interview | None:
    """The dialogue that is being held."""
    return next((i for i in held if i.status == "open"), None)


async def begin(ground: Ground, conn: Any, interview: Interview, staff: str | None = None) -> Turn:
    """Start the dialogue that is next in a contact and store its first state."""
    questionnaire = await ground.instruments.get(conn, interview.questionnaire_id)
    from_unit = await interviews.beginning(conn, interview.id)
    facts = await opening_facts(conn, questionnaire, interview, from_unit, interview.lang, ground.clock.now())
    if staff is not None:
        facts["staff_no"] = staff
    if interview.position > 0:
        facts["follows"] = "1"
    state, turn = start(
        questionnaire,
        mode=interview.mode,  # type: ignore[arg-type]
        lang=lang_of(interview.lang),
        seed=seed_of(from_unit.seed, from_unit.prn),
        facts=facts,
        begun=State.from_json(from_unit.begun) if from_unit.begun is not None else None,
    )
    await interviews.save(
        conn, interview.id, state.to_json(), "open", ground.clock.now(), ended=False, told_text=None
    )
    return turn


async def take(
    ground: Ground,
    conn: Any,
    put: Put,
    *,
    attempt_id: int | None,
    staff: str | None = None,
    reopened: Turn | None = None,
) -> Taken:
    """Step one dialogue; write the input, its reply, answers and effects. Raises TakenTwice.
    `reopened`: the dialogue has just come over from another mode and opens with this; what was said answers nothing."""
    interview, now = put.interview, ground.clock.now()
    questionnaire = await ground.instruments.get(conn, interview.questionnaire_id)
    if reopened is not None:
        assert interview.state is not None
        moved = Stepped(State.from_json(interview.state), reopened, interview.state)
    else:
        moved = await seated(conn, questionnaire, interview, _moved(questionnaire, put, now), now)
    state, turn, _ = moved
    opening = await _next_one(ground, conn, interview, state, turn, staff)
    shown = turn if opening is None else _with_opening(turn, opening)
    over = turn.status != "open" and opening is None
    reply = put.render(shown, over)
    (input_id,) = await inputs.keep(conn, [_step(put, moved, reply, now)])
    if input_id is None:
        raise TakenTwice(TakenTwice.__doc__)
    await _do(ground, conn, turn.effects, interview, put.person_id, attempt_id, put.arrival.channel)
    if turn.status != "open":
        await save_step(ground, conn, interview, state, turn.status, put.arrival.real)
    return Taken(reply, shown, over)


async def take_moves(ground: Ground, conn: Any, puts: Sequence[Put]) -> list[Taken | None]:
    """Step dialogues, and write those that go on with answers and flags alone, all together. None: more follows from this one, it
    needs a seat in a quota, or it is the second to the same dialogue; nothing of it is written, and it is to be taken alone."""
    now = ground.clock.now()
    found: list[Taken | None] = [None] * len(puts)
    steps: dict[int, NewStep] = {}
    seen: set[int] = set()
    for place, put in enumerate(puts):
        questionnaire = await ground.instruments.get(conn, put.interview.questionnaire_id)
        moved = _moved(questionnaire, put, now)
        turn = moved.turn
        alone = decides_a_cell(put.interview, turn.effects)
        if put.interview.id not in seen and _only_goes_on(turn) and not alone:
            reply = put.render(turn, False)
            steps[place] = _step(put, moved, reply, now)
            found[place] = Taken(reply, turn, False)
        seen.add(put.interview.id)
    for place, input_id in zip(steps, await inputs.keep(conn, list(steps.values())), strict=True):
        if (
            input_id is None
        ):  # stored a moment ago, under another number: alone, it gets the reply of the first
            found[place] = None
    return found


def _only_goes_on(turn: Turn) -> bool:
    return turn.status == "open" and all(
        isinstance(effect, Answered | Flagged | Told) for effect in turn.effects
    )


def _moved(questionnaire: Questionnaire, put: Put, now: datetime) -> Stepped:
    """Where the input leads, and what that shows. Writes nothing."""
    interview = put.interview
    assert interview.state is not None
    own, lang = interview.own_hours, lang_of(interview.lang)
    facts = moment_facts(now, interview.tz, interview.purpose, lang, own)
    return step_stored(questionnaire, interview.state, put.given, facts)


def _step(put: Put, moved: Stepped, reply: str, now: datetime) -> NewStep:
    """What of a step is always written, and first: the input, its reply, what it answered, where the dialogue goes on from."""
    arrival, interview = put.arrival, put.interview
    state, turn, stored = moved
    return NewStep(
        NewInput(
            put.person_id,
            interview.contact_id,
            interview.id,
            arrival.channel,
            arrival.call_sid,
            arrival.step,
            arrival.message_sid,
            arrival.said,
            turn.reaction,
            reply,
            now,
            arrival.real,
        ),
        interview.id,
        stored if turn.status == "open" else None,
        state.told_text,
        [effect.flag for effect in turn.effects if isinstance(effect, Flagged)],
        segments(reply) if reply and arrival.channel == "text" else 0,
        [(e.question_id, e.code, e.text, e.recording) for e in turn.effects if isinstance(e, Answered)],
    )


async def _next_one(
    ground: Ground, conn: Any, interview: Interview, state: State, turn: Turn, staff: str | None
) -> Turn | None:
    """The opening of the dialogue that follows in this contact. None: this one goes on, or the conversation is over, as it is
    after a stop, a silence, a wish for a person."""
    if turn.status == "open" or state.ended != "finished" or turn.reaction in ("opted_out", "handover"):
        return None
    held = await interviews.of_contact(conn, interview.contact_id)
    following = next((one for one in held if one.position > interview.position), None)
    if following is None:
        return None
    await interviews.set_mode(conn, following.id, interview.mode)
    return await begin(ground, conn, following._replace(mode=interview.mode), staff)


def _with_opening(turn: Turn, opening: Turn) -> Turn:
    return turn._replace(prompts=opening.prompts, expects=opening.expects, fields=opening.fields)


async def write_input(
    ground: Ground,
    conn: Any,
    arrival: Arrival,
    effect: str,
    reply: str,
    person_id: int | None,
    contact_id: int | None,
    interview_id: int | None,
) -> int:
    """Store an input that moves no dialogue, once. Raises TakenTwice."""
    return await inputs.insert(
        conn,
        NewInput(
            person_id,
            contact_id,
            interview_id,
            arrival.channel,
            arrival.call_sid,
            arrival.step,
            arrival.message_sid,
            arrival.said,
            effect,
            reply,
            ground.clock.now(),
            arrival.real,
        ),
    )


async def _do(
    ground: Ground,
    conn: Any,
    effects: Sequence[Effect],
    interview: Interview,
    person_id: int,
    attempt_id: int | None,
    channel: str,
) -> None:
    """What follows from a step beside the answers and flags, which are written with it."""
    now = ground.clock.now()
    for effect in effects:
        if isinstance(effect, OptOut):
            await people.opt_out(conn, person_id, effect.scope, now, channel, attempt_id)
        elif isinstance(effect, WrongPerson):
            await people.unlink(conn, person_id, now)
        elif isinstance(effect, Forget):
            await answers.forget(conn, interview.id, now, "minor")
        elif isinstance(effect, Handover):
            raised = Raised(
                person_id, interview.id, effect.reason, effect.urgent, effect.words, effect.recording
            )
            await raise_(ground, conn, raised)
        elif isinstance(effect, CallAt):
            moment = datetime.fromisoformat(effect.moment).replace(tzinfo=ZoneInfo(interview.tz))
            if attempt_id is not None:
                await attempts.agree(conn, attempt_id, moment)
            await raise_(ground, conn, Raised(person_id, interview.id, "call_at", due_at=moment))
