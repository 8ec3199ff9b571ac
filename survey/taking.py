"""What every mode does with one input, once it is known whose dialogue it belongs to: step, and write all that follows from it.

Used by the door `interviewing` alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

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
    WrongPerson,
)
from survey.dialogue.engine import start, step
from survey.dialogue.inputs import Input
from survey.dialogue.state import State
from survey.dialogue.turn import Turn
from survey.ground import Ground
from survey.handing import Raised, raise_
from survey.moment_facts import moment_facts
from survey.opening_facts import opening_facts
from survey.store import answers, contacts, interviews, people
from survey.store.interviews import Interview, NewInput


@dataclass(frozen=True)
class Arrival:
    """One input as it reached us: what it was, where it came from, and when in real time."""

    channel: str
    said: str
    real: datetime
    call_sid: str | None = None
    step: int | None = None
    message_sid: str | None = None


@dataclass(frozen=True)
class Taken:
    """What one input did: the reaction, what to say now, and whether the conversation goes on."""

    input_id: int
    turn: Turn
    over: bool


def current(held: Sequence[Interview]) -> Interview | None:
    """The dialogue that is being held."""
    return next((i for i in held if i.status == "open"), None)


async def begin(ground: Ground, conn: Any, interview: Interview, staff: str | None = None) -> Turn:
    """Start the dialogue that is next in a contact and store its first state."""
    questionnaire = await ground.instruments.get(conn, interview.questionnaire_id)
    facts = await opening_facts(conn, questionnaire, interview, interview.lang, ground.clock.now())
    if staff is not None:
        facts["staff_no"] = staff
    if interview.position > 0:
        facts["follows"] = "1"
    state, turn = start(
        questionnaire,
        mode=interview.mode,  # type: ignore[arg-type]
        lang=lang_of(interview.lang),
        seed=seed_of(interview.seed, interview.prn),
        facts=facts,
        begun=State.from_json(interview.begun) if interview.begun is not None else None,
    )
    await interviews.save(
        conn, interview.id, state.to_json(), "open", ground.clock.now(), ended=False, told_text=None
    )
    return turn


async def take(
    ground: Ground,
    conn: Any,
    held: Sequence[Interview],
    interview: Interview,
    given: Input,
    arrival: Arrival,
    *,
    person_id: int,
    attempt_id: int | None,
    render: Any,
    staff: str | None = None,
    reopened: Turn | None = None,
) -> Taken:
    """Step one dialogue; write the input, its reply, answers and effects. `render(turn, over)` is the reply to store.
    `reopened`: the dialogue has just come over from another mode and opens with this; what was said answers nothing."""
    assert interview.state is not None
    questionnaire = await ground.instruments.get(conn, interview.questionnaire_id)
    state = State.from_json(interview.state)
    facts = moment_facts(ground.clock.now(), interview.tz, interview.purpose, state.lang)
    state, turn = (
        (state, reopened) if reopened is not None else step(questionnaire, state, given, facts=facts)
    )
    ended = turn.status != "open"
    following = next((i for i in held if i.position > interview.position), None)
    goes_on = (  # never after a stop, a silence, a wish for a person
        state.ended == "finished" and following is not None and turn.reaction not in ("opted_out", "handover")
    )
    shown = turn
    if goes_on:
        assert following is not None
        await interviews.set_mode(conn, following.id, interview.mode)
        opening = await begin(ground, conn, replace(following, mode=interview.mode), staff)
        shown = turn._replace(prompts=opening.prompts, expects=opening.expects, fields=opening.fields)
    over = ended and not goes_on
    input_id = await write_input(
        ground,
        conn,
        arrival,
        turn.reaction,
        render(shown, over),
        person_id,
        interview.contact_id,
        interview.id,
    )
    await _do(ground, conn, turn.effects, interview, input_id, person_id, attempt_id, arrival.channel)
    await save_step(ground, conn, interview, state, turn.status, arrival.real)
    return Taken(input_id, shown, over)


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
    """Store one input, once. Raises TakenTwice."""
    return await interviews.insert_input(
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
    input_id: int,
    person_id: int,
    attempt_id: int | None,
    channel: str,
) -> None:
    now = ground.clock.now()
    given = [(e.question_id, e.code, e.text, e.recording) for e in effects if isinstance(e, Answered)]
    if given:
        await answers.keep(conn, interview.id, input_id, now, given)
    for effect in effects:
        if isinstance(effect, OptOut):
            await people.opt_out(conn, person_id, effect.scope, now, channel, attempt_id)
        elif isinstance(effect, WrongPerson):
            await people.unlink(conn, person_id, now)
        elif isinstance(effect, Flagged):
            await interviews.raise_flag(conn, interview.id, effect.flag)
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
                await contacts.agree(conn, attempt_id, moment)
            await raise_(ground, conn, Raised(person_id, interview.id, "call_at", due_at=moment))
