"""DOOR. Calls to people whom an operator takes when they answer: as many as there are operators for, one operator for each who
answers, and a sentence for whoever finds nobody free. Never silence."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from survey.call_turns import GOODBYE
from survey.channels.base import Caller, CarrierAway, is_final
from survey.claiming import lang_of
from survey.concluding import SOFT_REFUSALS, conclude
from survey.dispatch_policy import dispatch_policy
from survey.field.opt_outs import CLOSING
from survey.ground import Ground
from survey.questionnaire.wording import Lang
from survey.store import attempts, interviews, linked_calls, linked_operators, people
from survey.store.attempts import Attempt

NOBODY_FREE: Final = {
    "zh": "您好,这里是{centre}社情民意调查中心。给您打电话的调查员暂时都在通话中,打扰您了,非常抱歉。"
    "如不愿再接到调查电话,请发短信T到本号码。再见。",
    "en": "Hello, this is the public opinion survey centre of {centre}. None of our interviewers is free at this moment; we are"
    " sorry to have troubled you. If you want no more survey calls, text T to this number. Goodbye.",
}
BROKE_OFF: Final = {
    "zh": "非常抱歉,调查员的线路中断了。再见。",
    "en": "We are sorry: the interviewer's line broke off. Goodbye.",
}
ABANDONED: Final = "abandoned"


@dataclass(frozen=True)
class LinkedReply:
    """What a person who answered gets: the operator's `room`, and `say` when that is closed; or `say` alone."""

    room: str | None
    say: str
    lang: Lang


async def picked_up(ground: Ground, ref: str, sid: str) -> LinkedReply | None:
    """The person answered. The same request again gets the same reply. None: no such call is ours."""
    async with ground.pool.acquire() as conn, conn.transaction():
        found = await attempts.lock_attempt(conn, ref)
        if found is None or not found[0].linked:
            return None
        attempt, is_open = found
        lang = lang_of((await interviews.of_contact(conn, attempt.contact_id))[0].lang)
        if attempt.sid not in (None, sid):
            return LinkedReply(None, GOODBYE[lang], lang)
        if attempt.operator is not None:
            room = await linked_operators.room_of(conn, attempt.id)
            return LinkedReply(room, BROKE_OFF[lang], lang)
        if not is_open:
            return await _ended_before(conn, attempt, lang)
        return await _answered(ground, conn, attempt, sid, lang)


async def _ended_before(conn: Any, attempt: Attempt, lang: Lang) -> LinkedReply:
    if await attempts.ended_as(conn, attempt.id) == ABANDONED:
        return await _nobody_free(conn, attempt, lang)
    return LinkedReply(None, GOODBYE[lang], lang)


async def _answered(ground: Ground, conn: Any, attempt: Attempt, sid: str, lang: Lang) -> LinkedReply:
    now = ground.clock.now()
    await attempts.progress(conn, attempt.id, sid, "in_progress", None, "answered", now)
    said_no = (await people.opt_outs(conn, [attempt.person_id])).get(attempt.person_id, set())
    if said_no & CLOSING[attempt.purpose, "operator"]:
        await conclude(ground, conn, attempt, "unknown_eligibility", real=ground.real_now())
        return LinkedReply(None, GOODBYE[lang], lang)
    taken = await linked_operators.take_ready(conn, attempt.id, now, SOFT_REFUSALS)
    if taken is None:
        await conclude(ground, conn, attempt, ABANDONED, real=ground.real_now())
        return await _nobody_free(conn, attempt, lang)
    operator, room = taken
    check_at = now + timedelta(seconds=dispatch_policy().check_call_after_s)
    await linked_calls.taken(conn, attempt.id, operator, check_at)
    return LinkedReply(room, BROKE_OFF[lang], lang)


async def _nobody_free(conn: Any, attempt: Attempt, lang: Lang) -> LinkedReply:
    (interview, *_) = await interviews.of_contact(conn, attempt.contact_id)
    names = await interviews.centre_facts(conn, interview.unit_id, lang)
    said = NOBODY_FREE[lang].format(centre=names["centre"])
    return LinkedReply(None, said, lang)


async def line_over(ground: Ground, conn: Any, attempt: Attempt, sid: str, word: str) -> bool:
    """The person's line is over. True: that is all that follows from it now, because an operator still keys the rest, or has done
    so. The attempt must be locked."""
    now = ground.clock.now()
    if not await linked_calls.line_over(conn, attempt.id, sid, now):
        return attempt.status == "ended"
    if attempt.status == "ended":
        await linked_operators.free(conn, attempt.id, now)
        return True
    if attempt.operator is None:
        return False
    await attempts.progress(conn, attempt.id, sid, word, None, "", now)
    await linked_operators.wrap_up(conn, attempt.id, now)
    await attempts.check_later(conn, [attempt.id], now + timedelta(seconds=dispatch_policy().wrap_up_s))
    return True


def code_of(attempt: Attempt, word: str) -> str | None:
    """Who answered and was taken by nobody was abandoned, though our sentence may not have reached them. None: as of any call."""
    return ABANDONED if attempt.linked and attempt.operator is None and word == "answered" else None


async def end_lines(ground: Ground, carrier: Caller) -> int:
    """End lines whose attempt an operator has closed. How many the carrier was asked to end. What became of them it tells as
    ever; should that be lost, it is asked."""
    now = ground.clock.now()
    async with ground.pool.acquire() as conn:
        again = now + timedelta(seconds=dispatch_policy().ask_again_after_s)
        lines = await linked_calls.lines_to_end(conn, now, again)
    for ref, sid in lines:
        await carrier.end_call(sid)
        try:
            said = await carrier.look_up_call(sid)
        except CarrierAway:
            continue
        if said is None or is_final(said.word):
            async with ground.pool.acquire() as conn, conn.transaction():
                held = await attempts.lock_attempt(conn, ref)
                assert held is not None  # attempts are never deleted
                await line_over(ground, conn, held[0], sid, "answered")
    return len(lines)
