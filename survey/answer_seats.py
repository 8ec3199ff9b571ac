"""Seats in quotas whose cells are known by an answer (survey.sampling.quotas): taken in the transaction of that answer, before
anything of it is written. A corrected answer moves its seat; the end of the contact fills it or gives it back, like every other.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from survey.dialogue.effects import Answered, CallAt, Effect
from survey.dialogue.endings import MAY_COUNT
from survey.dialogue.engine import step
from survey.dialogue.inputs import NoSeat
from survey.dialogue.remembered import Stepped
from survey.dialogue.state import State
from survey.dialogue.turn import Turn
from survey.questionnaire.model import Questionnaire
from survey.sampling.quotas import answer_quotas
from survey.store import quotas
from survey.store.interviews import Interview
from survey.store.quotas import Seat


def decides_a_cell(interview: Interview, effects: Sequence[Effect]) -> bool:
    """Whether a step answers a question by which a quota of its campaign goes."""
    if not interview.answer_quotas:
        return False
    answered = {effect.question_id for effect in effects if isinstance(effect, Answered)}
    return any(answered & quota.questions for quota in answer_quotas(interview.answer_quotas))


async def seated(
    conn: Any, questionnaire: Questionnaire, interview: Interview, moved: Stepped, now: datetime
) -> Stepped:
    """The step as it stands where there is a seat for what it answers, or none is needed; otherwise the end of the dialogue."""
    state, turn, _ = moved
    if not decides_a_cell(interview, turn.effects) or turn.status not in MAY_COUNT:
        return moved
    if await _take_seats(conn, interview, state, now):
        return moved
    state, goodbye = step(questionnaire, state, NoSeat())
    return Stepped(state, _turned_away(turn, goodbye), state.to_json())


def _turned_away(turn: Turn, goodbye: Turn) -> Turn:
    """Words to somebody in danger stand; all others give way to the goodbye. Nobody is called at another time."""
    if turn.reaction == "handover":
        return turn._replace(status=goodbye.status)
    return goodbye._replace(effects=tuple(one for one in turn.effects if not isinstance(one, CallAt)))


async def _take_seats(conn: Any, interview: Interview, state: State, now: datetime) -> bool:
    """A seat in every cell that is known by now; False: one of them has none left. Seats taken meanwhile go back at the end."""
    codes = {question: answer.code for question, answer in state.answers.items()}
    known = {quota.name: quota.cell_of(codes) for quota in answer_quotas(interview.answer_quotas)}
    has = await quotas.seats_of(conn, interview.unit_id)
    wanted = {
        name: cell for name, cell in sorted(known.items()) if cell is not None and has.cells.get(name) != cell
    }
    if not wanted:
        return True
    await quotas.gate(conn, [has.campaign_id])
    for name, cell in wanted.items():
        if not await quotas.take(conn, Seat(interview.unit_id, has.campaign_id, name, cell), now):
            return False
    await quotas.remember(conn, interview.unit_id, wanted)
    return True
