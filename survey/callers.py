"""Who rings or texts us, and what we last had to do with them: what an inbound call and the question who called are told."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from survey.dialogue.inbound import Caller, who_called
from survey.field.opt_outs import CLOSING
from survey.ground import Ground
from survey.moment_facts import spoken_moment
from survey.store import due_units, inbound_calls, people
from survey.store.inbound_calls import LastContact


async def caller_of(
    ground: Ground, conn: Any, person_id: int | None, centre: str | None
) -> tuple[Caller, LastContact | None]:
    """Who rings or texts, as far as we know, and our last contact with them. `centre`: whose number they reached, if known."""
    now = ground.clock.now()
    last = await inbound_calls.last_contact(conn, person_id) if person_id is not None else None
    if person_id is None or last is None:
        name = (await inbound_calls.centre(conn, centre))[0] if centre is not None else ""
        return Caller(name, "zh"), None
    lang = "en" if last.lang == "en" else "zh"
    zone = ZoneInfo(last.tz)
    said = (await people.opt_outs(conn, [person_id])).get(person_id, set())
    waits = await due_units.may_be_held(conn, person_id)
    return (
        Caller(
            centre=last.centre_zh if lang == "zh" else last.centre_en,
            lang=lang,
            purpose=last.purpose,
            title=title_of(last, lang),
            when=_when(last.opened_at.astimezone(zone), now.astimezone(zone), lang),
            can_answer=waits is not None and not said & CLOSING[waits, "voice"],
        ),
        last,
    )


def title_of(last: LastContact, lang: str) -> str:
    """What the questionnaire of this contact is called in `lang`, or in the language that it has."""
    title = last.title.get(lang) or next(iter(last.title.values()))
    return title if isinstance(title, str) else str(next(iter(title.values())))


def _when(moment: datetime, now: datetime, lang: str) -> str:
    """A moment of the past as people say it."""
    if (now.date() - moment.date()).days == 0:
        return spoken_moment(moment, now, lang)
    if lang == "zh":
        return f"{moment.month}月{moment.day}日"
    return f"on {moment.day} {moment:%B}"


async def who_called_text(ground: Ground, conn: Any, person_id: int | None) -> str:
    """The reply to a text that asks who called (核实)."""
    caller, _ = await caller_of(ground, conn, person_id, None)
    return who_called(caller)
