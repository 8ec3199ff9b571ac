"""Texts that come while no thread with their sender is open. "Never again" is heard at any time; the rest a person reads.

Used by the door `interviewing` alone.
"""

from typing import Any

from survey.callers import who_called_text
from survey.dialogue.alarm import alarm
from survey.dialogue.meaning import AsksHelp, Stop
from survey.dialogue.normalise import normalised
from survey.dialogue.reserved import reserved
from survey.ground import Ground
from survey.handing import Raised, raise_
from survey.questionnaire.segments import segments
from survey.store import contacts, interviews, people, tellings
from survey.store.contacts import Contact
from survey.taking import Arrival, write_input


async def outside(ground: Ground, conn: Any, person_id: int | None, arrival: Arrival) -> str:
    """Store it, and do what has to be done at once. `person_id` None: nobody whom we know. The reply, "" for none."""
    if person_id is None:
        reply = await who_called_text(ground, conn, None) if _asks_who(arrival.said) else ""
        return await _to_person(ground, conn, arrival, "unknown_sender", None, None, reply)
    last = await contacts.last_text_contact_of(conn, person_id)
    told_at = await tellings.last_told(conn, person_id)
    to_a_notice = told_at is not None and (last is None or told_at > last.opened_at)  # of a case of theirs
    purpose = "case" if to_a_notice else last.purpose if last else "survey"
    meaning = reserved(arrival.said, open_question=False, case=purpose == "case")
    if isinstance(meaning, Stop):
        return await _stopped(ground, conn, person_id, last, purpose, meaning.everything, arrival)
    danger = alarm(normalised(arrival.said))
    if danger is not None:
        await raise_(ground, conn, Raised(person_id, None, f"distress_{danger}", True, arrival.said))
    announced = last is not None and await interviews.is_notice(conn, last.id)
    effect = "to_notice" if announced else "too_late" if last else "no_open_contact"
    if _asks_who(arrival.said):
        reply = await who_called_text(ground, conn, person_id)
    else:
        reply = await _late_reply(conn, last, announced)
    return await _to_person(ground, conn, arrival, effect, person_id, last.id if last else None, reply)


def _asks_who(body: str) -> bool:
    """Whether a text asks who we are (核实, 你们是谁, ?): whoever it comes from is told who called, when and why."""
    return isinstance(reserved(body, open_question=False, case=False), AsksHelp)


async def _stopped(
    ground: Ground,
    conn: Any,
    person_id: int,
    last: Contact | None,
    purpose: str,
    everything: bool,
    arrival: Arrival,
) -> str:
    scope = "all" if everything else ("case_text" if purpose == "case" else "survey")
    await people.opt_out(conn, person_id, scope, ground.clock.now(), "text", None)
    signature = await interviews.signature_of(conn, last.id if last else None)
    announced = purpose == "survey" and last is not None and await interviews.is_notice(conn, last.id)
    reply = (
        f"{signature}已为您退订,不会再为调查给您打电话。"
        if announced
        else f"{signature}已为您退订,今后不再发送。"
    )
    input_id = await write_input(
        ground, conn, arrival, "opted_out", reply, person_id, last.id if last else None, None
    )
    await _keep_reply(ground, conn, last.id if last else None, input_id, reply)
    return reply


async def _late_reply(conn: Any, last: Contact | None, announced: bool) -> str:
    """`announced`: the last text only said that we would call; nothing of it is over."""
    if last is None:
        return ""
    signature = await interviews.signature_of(conn, last.id)
    if announced:
        return f"{signature}谢谢您的回复,您的短信会由工作人员阅读。"
    return f"{signature}谢谢您的回复。这次调查已经结束,您的短信会由工作人员阅读。"


async def _to_person(
    ground: Ground,
    conn: Any,
    arrival: Arrival,
    effect: str,
    person_id: int | None,
    contact_id: int | None,
    reply: str,
) -> str:
    input_id = await write_input(ground, conn, arrival, effect, reply, person_id, contact_id, None)
    await interviews.to_inbox(conn, input_id, effect)
    await _keep_reply(ground, conn, contact_id, input_id, reply)
    return reply


async def _keep_reply(ground: Ground, conn: Any, contact_id: int | None, input_id: int, reply: str) -> None:
    if reply:
        await interviews.sent_text(conn, contact_id, input_id, reply, segments(reply), ground.clock.now())
