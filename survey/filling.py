"""DOOR. The respondent's web form: the page that is to be shown, and a page that was sent.

Looking changes nothing: links are fetched by previews and scanners too. A page carries the number of inputs that its thread
had when it was made; sent again, or after the thread went on, it is an old one, stores nothing, and the current page is shown.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from survey.concluding import conclude
from survey.dialogue.inputs import Correct, Form, Input, Never, to_line
from survey.dialogue.moves import waiting_for
from survey.dialogue.normalise import LONGEST
from survey.dialogue.state import State
from survey.dialogue.turn import Turn
from survey.dialogue.web import BUTTON
from survey.form_traces import written
from survey.ground import Ground
from survey.moving import asked, in_mode
from survey.questionnaire.model import Questionnaire
from survey.store import attempts, form_links, interviews
from survey.store.form_links import FormLink
from survey.store.interviews import Interview
from survey.taking import Arrival, Put, current, take

BUTTONS: Final = frozenset({"again", "person"})
STOP: Final = "stop"
TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")


class UnknownLink(Exception):
    """No thread has this link. It is complete only as it stands in the text."""


class ExpiredLink(Exception):
    """The thread of this link is over, and its time to look at it again has passed."""


@dataclass(frozen=True)
class Sheet:
    """What a page shows. `turn`: the questions with their faults, or the last words; `written`: what stood in the fields
    when they were sent and not taken; `step` names the next page to be sent."""

    questionnaire: Questionnaire
    state: State
    turn: Turn
    over: bool
    written: Mapping[str, str]
    step: int
    centre_zh: str
    centre_en: str


@dataclass(frozen=True)
class Sent:
    """A page as it came in. `values`: each field's values by its name; `button`: again, person or stop; `back`: the
    question to go back to; `missing`: by question, the missing code that was chosen beside an empty field."""

    step: int
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    button: str = ""
    back: str = ""


# -- showing --------------------------------------------------------------------------------------------------------


async def look(ground: Ground, token: str) -> Sheet:
    """The page as it stands. Raises UnknownLink, ExpiredLink."""
    async with ground.pool.acquire() as conn, conn.transaction(readonly=True):
        link = await _valid(ground, conn, token)
        held = await interviews.of_contact(conn, link.contact_id)
        interview = current(held) if link.closed_at is None else None
        step = await form_links.step_of(conn, link.contact_id)
        if interview is None:
            return await _last_words(ground, conn, link, held, step)
        if interview.mode == "web":
            return await _as_it_was_shown(ground, conn, link, interview, step)
        moved, turn = await in_mode(ground, conn, interview, "web")
        if turn.status != "open":  # nothing to ask on a page; the thread goes on by text
            turn = turn._replace(prompts=())
        return await _sheet(ground, conn, link, moved, turn, {}, step)


async def _valid(ground: Ground, conn: Any, token: str, *, lock: bool = False) -> FormLink:
    link = None
    if TOKEN.fullmatch(token):  # anything else is no question for the database
        if lock:
            await form_links.lock_thread(conn, token)
        link = await form_links.find(conn, token)
    if link is None:
        raise UnknownLink(UnknownLink.__doc__)
    if link.expires_at <= ground.clock.now():
        raise ExpiredLink(ExpiredLink.__doc__)
    return link


async def _as_it_was_shown(
    ground: Ground, conn: Any, link: FormLink, interview: Interview, step: int
) -> Sheet:
    """After a page was sent: what it got as its reply."""
    last = await form_links.last_page(conn, link.contact_id)
    assert last is not None  # the form took over with a page
    return await _sheet(ground, conn, link, interview, Turn.from_json(last.reply), written(last.said), step)


async def _last_words(
    ground: Ground, conn: Any, link: FormLink, held: Sequence[Interview], step: int
) -> Sheet:
    """The thread is over: what its last page got as its reply, or nothing where it ended by text or by itself."""
    last = await form_links.last_page(conn, link.contact_id)
    interview = [one for one in held if one.state is not None][-1]
    state = State.from_json(interview.state or "")
    turn = Turn((), None, "ended", (), state.status)
    if last is not None and interview.mode == "web":
        reply = Turn.from_json(last.reply)
        turn = turn if reply.fields else reply
    return await _sheet(ground, conn, link, interview, turn, {}, step, over=True)


async def _sheet(
    ground: Ground,
    conn: Any,
    link: FormLink,
    interview: Interview,
    turn: Turn,
    filled: Mapping[str, str],
    step: int,
    *,
    over: bool = False,
) -> Sheet:
    questionnaire = await ground.instruments.get(conn, interview.questionnaire_id)
    state = State.from_json(interview.state or "")
    over = over or state.status != "open"
    return Sheet(questionnaire, state, turn, over, filled, step, link.centre_zh, link.centre_en)


# -- taking ---------------------------------------------------------------------------------------------------------


async def fill(ground: Ground, token: str, sent: Sent, real: datetime) -> bool:
    """Take a page that was sent, once; an old one changes nothing. True: the conversation ended with it.

    Raises UnknownLink, ExpiredLink.
    """
    async with ground.pool.acquire() as conn, conn.transaction():
        link = await _valid(ground, conn, token, lock=True)
        if link.closed_at is not None or sent.step != await form_links.step_of(conn, link.contact_id):
            return False
        held = await interviews.of_contact(conn, link.contact_id)
        interview = await _on_the_web(ground, conn, link, held)
        state = State.from_json(interview.state or "")
        if state.status != "open":
            return False
        questionnaire = await ground.instruments.get(conn, interview.questionnaire_id)
        given = _given(questionnaire, state, sent)
        attempt = await attempts.attempt_of(conn, link.contact_id)
        arrival = Arrival("web", to_line(given), real, call_sid=f"web:{token}", step=sent.step)
        put = Put(interview, given, arrival, link.person_id, lambda turn, _: without_answers(turn).to_json())
        taken = await take(ground, conn, put, attempt_id=attempt.id)
        if taken.over:
            await conclude(ground, conn, attempt, "text_no_reply", real=real)
        return taken.over


async def _on_the_web(ground: Ground, conn: Any, link: FormLink, held: Sequence[Interview]) -> Interview:
    """The dialogue that is being held, taken over from the text thread where it is there."""
    interview = current(held)
    assert interview is not None  # a thread whose dialogues are all over is closed in the same write
    if interview.mode == "web":
        return interview
    questionnaire = await ground.instruments.get(conn, interview.questionnaire_id)
    left = State.from_json(interview.state or "")
    moved, turn = await in_mode(ground, conn, interview, "web")
    if turn.status == "open":
        await form_links.take_over(conn, link.token, asked(questionnaire, left))
        await interviews.set_mode(conn, interview.id, "web")
    return moved


def _given(questionnaire: Questionnaire, state: State, sent: Sent) -> Input:
    """The page as an input: what its questions were answered, or the button that was pressed."""
    if sent.button == STOP:
        return Never()
    if sent.back:
        return Correct(sent.back if sent.back in questionnaire.by_id else "")
    if sent.button == "person":
        return Form({BUTTON: "person"})
    _, items = waiting_for(questionnaire, state)
    values = {item.id: _value(item.kind, sent, item.id) for item in items}
    return Form({BUTTON: sent.button, **values} if sent.button in BUTTONS else values)


def _value(kind: str, sent: Sent, question_id: str) -> str:
    """Several codes parted by blanks. A number beside "I can't say" is both, which the question then refuses; words stand
    for themselves."""
    filled = [one.replace("\r\n", "\n").strip()[:LONGEST] for one in sent.values.get(question_id, ())]
    filled = [one for one in filled if one]
    if missing := sent.missing.get(question_id):
        filled += [missing[:LONGEST]] if kind != "text" or not filled else []
    return " ".join(filled)


def without_answers(turn: Turn) -> Turn:
    """The page that comes next, as it is kept: without what was answered, which stands in one place and can be deleted
    there."""
    return turn._replace(effects=(), fields=tuple(replace(one, value="") for one in turn.fields))
